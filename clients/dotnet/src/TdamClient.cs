using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace Tdam.Client
{
    /// <summary>
    /// A connection to the exchange. Make one and use it for as long as the program runs, from any number of threads: it keeps
    /// connections open, and a new one costs more than a small submission.
    /// </summary>
    /// <example><code>
    /// var options = new ClientOptions { Url = "https://127.0.0.1:8443", AuthorityPath = "ca.pem" };
    /// options.Identities.Add(Identity.FromPemFiles("certificate.pem", "key.pem"));
    /// using (var client = new TdamClient(options))
    /// {
    ///     Submission submission = await client.SubmitAndWaitAsync(Body.FromFile("payments.xml"), TimeSpan.FromMinutes(10));
    ///     Console.WriteLine(submission.Answer.GroupStatus);
    /// }
    /// </code></example>
    public sealed partial class TdamClient : IDisposable
    {
        /// <summary>Version of this library.</summary>
        public const string Version = "0.1.0";

        internal const string Product = "tdam-client-dotnet/" + Version;

        private readonly CallRunner runner;
        private readonly SemaphoreSlim renewing = new SemaphoreSlim(1, 1);

        /// <summary>Makes a client and reads its files. No connection is opened yet.</summary>
        /// <param name="options">The settings.</param>
        /// <exception cref="TdamException">
        /// <see cref="ErrorKind.Configuration"/>: the address is not <c>https</c>, a file is missing, a password is wrong, or a key does
        /// not belong to its certificate.
        /// </exception>
        /// <example><code>var client = new TdamClient(options);</code></example>
        public TdamClient(ClientOptions options)
        {
            if (options == null) { throw new ArgumentNullException(nameof(options)); }
            runner = new CallRunner(options.Copy());
        }

        /// <summary>
        /// Reads certificates, keys and authority from their files again. Calls that run keep their connection; later ones use the new
        /// files. If a file cannot be used, the client goes on with what it has, and the exception says why.
        /// </summary>
        /// <example><code>client.Reload(); // after somebody has put a new certificate in place</code></example>
        public void Reload()
        {
            runner.Connections.Reload();
            runner.Log("identity", "certificates, keys and authority were read again");
        }

        /// <summary>Am I connected, as whom, and until when? Ask daily, and warn your people early.</summary>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>What the exchange says.</returns>
        /// <example><code>
        /// Heartbeat heartbeat = await client.HeartbeatAsync();
        /// Console.WriteLine(heartbeat.OnlineUser + ": " + heartbeat.CertificateDaysLeft + " days left");
        /// </code></example>
        public async Task<Heartbeat> HeartbeatAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return new Heartbeat(await JsonAsync(new Call(HttpMethod.Get, "/v1/heartbeat", Call.Overview), cancellation).ConfigureAwait(false));
        }

        /// <summary>The accounts that the online user may see, with their balances now.</summary>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The accounts.</returns>
        /// <example><code>
        /// foreach (Account account in (await client.AccountsAsync()))
        /// {
        ///     Console.WriteLine(account.Iban + " " + account.Available + " " + account.Currency);
        /// }
        /// </code></example>
        public async Task<IReadOnlyList<Account>> AccountsAsync(CancellationToken cancellation = default(CancellationToken))
        {
            Json json = await JsonAsync(new Call(HttpMethod.Get, "/v1/accounts", Call.Overview), cancellation).ConfigureAwait(false);
            return json.List("accounts", one => new Account(one));
        }

        /// <summary>What is left of the quotas of the online user and of the address. Asking takes nothing from them.</summary>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The quotas on the node that answers.</returns>
        /// <remarks>Other calls need not ask first: one that a quota refuses waits as long as the exchange says, and is made again.</remarks>
        /// <example><code>
        /// Quotas quotas = await client.QuotasAsync();
        /// Console.WriteLine(quotas.OnlineUser.Requests?.Left);
        /// </code></example>
        public async Task<Quotas> QuotasAsync(CancellationToken cancellation = default(CancellationToken))
        {
            return new Quotas(await JsonAsync(new Call(HttpMethod.Get, "/v1/quotas", Call.Overview), cancellation).ConfigureAwait(false));
        }

        /// <summary>The catalogue of errors, in both languages.</summary>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>All entries.</returns>
        /// <example><code>
        /// foreach (CatalogueEntry entry in await client.ErrorsAsync())
        /// {
        ///     Console.WriteLine(entry.Code + " " + entry.Titles["lv"]);
        /// }
        /// </code></example>
        public async Task<IReadOnlyList<CatalogueEntry>> ErrorsAsync(CancellationToken cancellation = default(CancellationToken))
        {
            Json json = await JsonAsync(new Call(HttpMethod.Get, "/v1/errors", Call.Overview), cancellation).ConfigureAwait(false);
            return json.List("errors", one => new CatalogueEntry(one));
        }

        /// <summary>
        /// Is my signature right? The exchange says step by step how it judges the signature over this body, and what it takes for
        /// signed. It executes nothing and keeps nothing.
        /// </summary>
        /// <param name="body">Up to 1 MiB.</param>
        /// <param name="language">Language of the texts.</param>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The judgement; a wrong signature is no exception.</returns>
        /// <example><code>
        /// SignatureCheck check = await client.CheckSignatureAsync(Body.FromFile("payments.xml"));
        /// foreach (SignatureStep step in check.Steps)
        /// {
        ///     Console.WriteLine(step.Step + ": " + (step.Passed ? "passed" : step.Detail));
        /// }
        /// </code></example>
        public async Task<SignatureCheck> CheckSignatureAsync(
            Body body, Language language = Language.Default, CancellationToken cancellation = default(CancellationToken))
        {
            using (Body.Source source = await Checked(body).PrepareAsync(cancellation).ConfigureAwait(false))
            {
                var call = new Call(HttpMethod.Post, "/v1/signature-check", Call.Overview) { Body = source, IsSubmission = true, Language = language };
                return new SignatureCheck(await JsonAsync(call, cancellation).ConfigureAwait(false));
            }
        }

        /// <summary>Closes the connections, each when its last call has ended.</summary>
        public void Dispose()
        {
            runner.Dispose();
        }

        private static Body Checked(Body body) => body ?? throw new ArgumentNullException(nameof(body));

        private Task<Json> JsonAsync(Call call, CancellationToken cancellation) => JsonAsync(runner, call, cancellation);

        internal static async Task<Json> JsonAsync(CallRunner runner, Call call, CancellationToken cancellation)
        {
            using (Reply reply = await runner.RunAsync(call, cancellation).ConfigureAwait(false))
            {
                return ReadJson(reply.Held);
            }
        }

        internal static Json ReadJson(byte[] answer)
        {
            Json json;
            try
            {
                json = Json.Parse(answer);
            }
            catch (FormatException error)
            {
                throw TdamException.Unexpected(
                    "the answer is not what this library expects (" + error.Message + "); is the address that of an exchange?", error);
            }
            if (!json.IsObject) { throw TdamException.Unexpected("the answer is no JSON object; is the address that of an exchange?"); }
            return json;
        }
    }
}
