using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Tdam.Client
{
    /// <summary>The pages of all reports that one camt.060 made, in order. Each page is a complete message.</summary>
    /// <example><code>
    /// ReportPages pages = await client.RequestReportAsync(Body.FromFile("camt060.xml"));
    /// var balances = new BalanceChain();
    /// IReadOnlyList&lt;string&gt; files = await pages.SaveAllAsync("report", balances);
    /// Console.WriteLine(files.Count + " pages, balances chain: " + balances.Holds);
    /// </code></example>
    public sealed class ReportPages
    {
        private readonly TdamClient client;
        private readonly LinkedList<string> waiting;
        private ReportPage first;
        private int pages;

        internal ReportPages(TdamClient client, ReportPage first, IEnumerable<string> locations)
        {
            this.client = client;
            this.first = first;
            waiting = new LinkedList<string>(locations);
            if (first?.NextLocation != null) { waiting.AddFirst(first.NextLocation); }
        }

        /// <summary>The next page. Dispose of each: it holds a connection.</summary>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The page; null after the last one.</returns>
        /// <example><code>ReportPage page = await pages.NextAsync();</code></example>
        public async Task<ReportPage> NextAsync(CancellationToken cancellation = default(CancellationToken))
        {
            if (++pages > Bounds.PagesMax)
            {
                throw TdamException.Unexpected("the report has more than " + Bounds.PagesMax.ToString(CultureInfo.InvariantCulture) + " pages; tell the operator");
            }
            if (first != null)
            {
                ReportPage page = first;
                first = null;
                return page;
            }
            if (waiting.Count == 0) { return null; }
            ReportPage next = await client.ReportPageAsync(waiting.First.Value, cancellation).ConfigureAwait(false);
            waiting.RemoveFirst();
            if (next.NextLocation != null) { waiting.AddFirst(next.NextLocation); }
            return next;
        }

        /// <summary>Writes all pages that are left into a folder, as <c>1.xml</c>, <c>2.xml</c> and so on.</summary>
        /// <param name="folder">The folder; it is made if it is not there.</param>
        /// <param name="balances">Checks the pages on the way; null for no check.</param>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The files in the order of the pages.</returns>
        /// <example><code>IReadOnlyList&lt;string&gt; files = await pages.SaveAllAsync("report");</code></example>
        public async Task<IReadOnlyList<string>> SaveAllAsync(
            string folder, BalanceChain balances = null, CancellationToken cancellation = default(CancellationToken))
        {
            Directory.CreateDirectory(folder);
            var files = new List<string>();
            for (ReportPage page = await NextAsync(cancellation).ConfigureAwait(false);
                page != null;
                page = await NextAsync(cancellation).ConfigureAwait(false))
            {
                using (page)
                {
                    string path = Path.Combine(folder, (files.Count + 1).ToString(CultureInfo.InvariantCulture) + ".xml");
                    await page.SaveAsync(path, cancellation).ConfigureAwait(false);
                    files.Add(path);
                    if (balances == null) { continue; }
                    using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read)) { balances.Add(file); }
                }
            }
            return files;
        }
    }

    /// <summary>A page of a report.</summary>
    /// <example><code>using (ReportPage page = await pages.NextAsync()) { byte[] xml = await page.ReadAsync(); }</code></example>
    public sealed class ReportPage : IDisposable
    {
        private readonly TdamClient client;
        private Reply reply;

        internal ReportPage(TdamClient client, Reply reply, string location)
        {
            this.client = client;
            this.reply = reply;
            Location = location;
            Number = NumberOf(location);
            NextLocation = Reply.LinkTarget(reply.Header("Link"), "next");
        }

        /// <summary>Which page of its report it is, from 1.</summary>
        public int Number { get; }

        /// <summary>Whether another page of the same report follows.</summary>
        public bool HasNext => NextLocation != null;

        /// <summary>Where it can be read again (<see cref="TdamClient.ReportPageAsync"/>); null where the exchange does not say.</summary>
        public string Location { get; }

        /// <summary>The type of the message: <c>camt.052.001.08</c>.</summary>
        public string MessageType => reply.MessageType;

        /// <summary>By what the operator finds the request.</summary>
        public string RequestId => reply.RequestId;

        /// <summary>The bytes as they come. When the connection is lost, reading throws, and the page can be asked for again by its location.</summary>
        public Stream Content => reply.Stream;

        internal string NextLocation { get; }

        /// <summary>Reads the page into memory. When the connection is lost, it asks for the page again.</summary>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The bytes.</returns>
        /// <example><code>byte[] xml = await page.ReadAsync();</code></example>
        public async Task<byte[]> ReadAsync(CancellationToken cancellation = default(CancellationToken))
        {
            byte[] read = null;
            await AgainAsync(
                async () => read = await reply.Stream.ReadAllAsync(client.Runner.Options.AnswerBytesMax, cancellation).ConfigureAwait(false),
                cancellation).ConfigureAwait(false);
            return read;
        }

        /// <summary>Writes the page to a file, over one that is there. When the connection is lost, it asks for the page again.</summary>
        /// <param name="path">The file.</param>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>Ends when the file is written.</returns>
        /// <example><code>await page.SaveAsync("1.xml");</code></example>
        public async Task SaveAsync(string path, CancellationToken cancellation = default(CancellationToken))
        {
            using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read))
            {
                await AgainAsync(
                    async () =>
                    {
                        file.SetLength(0);
                        await reply.Stream.CopyToAsync(file, Bounds.ChunkBytes, cancellation).ConfigureAwait(false);
                    },
                    cancellation).ConfigureAwait(false);
            }
        }

        /// <summary>Gives the connection back.</summary>
        public void Dispose() => reply.Dispose();

        private async Task AgainAsync(Func<Task> read, CancellationToken cancellation)
        {
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    await read().ConfigureAwait(false);
                    return;
                }
                catch (TdamException error) when (error.IsRepeatable && Location != null && attempt < client.Runner.Options.AttemptsMax)
                {
                    client.Runner.Log("failure", "reading " + Location + ": " + error.Message);
                }
                reply.Dispose();
                await client.Runner.PauseAsync(attempt, null, cancellation).ConfigureAwait(false);
                reply = await client.ReportReplyAsync(Location, cancellation).ConfigureAwait(false);
            }
        }

        private static int NumberOf(string location)
        {
            int query = (location ?? "").IndexOf('?');
            foreach (string pair in query < 0 ? new string[0] : location.Substring(query + 1).Split(new[] { '&' }))
            {
                if (pair.StartsWith("page=", StringComparison.Ordinal)
                    && int.TryParse(pair.Substring(5), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                {
                    return number;
                }
            }
            return 1;
        }
    }
}
