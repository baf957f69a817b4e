using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace Tdam.Client
{
    public sealed partial class TdamClient
    {
        /// <summary>Asks for reports with a camt.060.</summary>
        /// <param name="camt060">The request; it may ask for several reports.</param>
        /// <param name="language">Language of the texts of a refusal.</param>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The pages of all reports, one after the other.</returns>
        /// <exception cref="TdamException">
        /// <see cref="ErrorKind.Refused"/>: the request is not valid, or asks for an account that the online user may not see.
        /// </exception>
        /// <example><code>
        /// ReportPages pages = await client.RequestReportAsync(Body.FromFile("camt060.xml"));
        /// for (ReportPage page = await pages.NextAsync(); page != null; page = await pages.NextAsync())
        /// {
        ///     using (page) { await page.SaveAsync("page-" + page.Number + ".xml"); }
        /// }
        /// </code></example>
        public async Task<ReportPages> RequestReportAsync(
            Body camt060, Language language = Language.Default, CancellationToken cancellation = default(CancellationToken))
        {
            using (Body.Source source = await Checked(camt060).PrepareAsync(cancellation).ConfigureAwait(false))
            {
                var call = new Call(HttpMethod.Post, "/v1/reports", Call.Message)
                {
                    Body = source, Language = language, Wait = Bounds.Wait, IsHeld = false,
                };
                Reply reply = await runner.RunAsync(call, cancellation).ConfigureAwait(false);
                if (reply.IsJson) { return new ReportPages(this, null, await LocationsAsync(reply, cancellation).ConfigureAwait(false)); }
                if (reply.Status == HttpStatusCode.Accepted)
                {
                    using (reply)
                    {
                        string location = reply.Location ?? throw TdamException.Unexpected(
                            "the report is being made, but the exchange did not say where it will be; ask for it again");
                        return new ReportPages(this, null, new[] { location });
                    }
                }
                string own = reply.Header("Content-Location") ?? Reply.LinkTarget(reply.Header("Link"), "first");
                return new ReportPages(this, new ReportPage(this, reply, own), new string[0]);
            }
        }

        /// <summary>One page of a report that was made before. A page can be read again at any time.</summary>
        /// <param name="location">As <see cref="ReportPage.Location"/> gave it.</param>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The page, to be disposed of.</returns>
        /// <example><code>using (ReportPage page = await client.ReportPageAsync("/v1/reports/1?page=1")) { await page.SaveAsync("1.xml"); }</code></example>
        public async Task<ReportPage> ReportPageAsync(string location, CancellationToken cancellation = default(CancellationToken))
        {
            if (location == null) { throw new ArgumentNullException(nameof(location)); }
            return new ReportPage(this, await ReportReplyAsync(location, cancellation).ConfigureAwait(false), location);
        }

        internal CallRunner Runner => runner;

        /// <summary>Asks until the page is made.</summary>
        internal async Task<Reply> ReportReplyAsync(string location, CancellationToken cancellation)
        {
            TimeSpan deadline = Monotonic.Now + runner.Options.CallTimeout;
            while (true)
            {
                var call = new Call(HttpMethod.Get, location, Call.Message) { Wait = Bounds.Wait, IsHeld = false };
                Reply reply = await runner.RunAsync(call, cancellation).ConfigureAwait(false);
                if (reply.Status != HttpStatusCode.Accepted) { return reply; }
                TimeSpan pause = Between(reply.RetryAfter ?? Bounds.PollPause, Bounds.FirstPause, Bounds.PauseMax);
                reply.Dispose();
                if (Monotonic.Now + pause >= deadline) { throw TdamException.Timeout("waiting for a report to be made", runner.Options.CallTimeout); }
                await Task.Delay(pause, cancellation).ConfigureAwait(false);
            }
        }

        private static async Task<IReadOnlyList<string>> LocationsAsync(Reply reply, CancellationToken cancellation)
        {
            using (reply)
            {
                Json list = ReadJson(await reply.Stream.ReadAllAsync(Bounds.AnswerBytesMax, cancellation).ConfigureAwait(false));
                return list.List("reports", one => one.Text("location"));
            }
        }
    }
}
