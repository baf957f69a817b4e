using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;

namespace Tdam.Client
{
    /// <summary>Makes calls: headers, attempts, pauses, time limits, and the meaning of the answer's status.</summary>
    internal sealed class CallRunner : IDisposable
    {
        private readonly ClientOptions options;
        private readonly Retries retries;
        private readonly WarningListener warnings;
        private readonly string userAgent;

        internal CallRunner(ClientOptions options)
        {
            this.options = options;
            Connections = new Connections(options);
            retries = new Retries(options.FirstPause, options.PauseMax);
            warnings = new WarningListener(options.OnWarning);
            userAgent = string.IsNullOrWhiteSpace(options.UserAgent) ? TdamClient.Product : options.UserAgent.Trim() + " " + TdamClient.Product;
        }

        internal Connections Connections { get; }

        internal ClientOptions Options => options;

        internal void Log(string what, string text)
        {
            if (options.OnLog != null) { Hooks.Tell(options.OnLog, new LogEntry(what, text)); }
        }

        /// <summary>Makes the call, again where that is safe and makes sense.</summary>
        internal async Task<Reply> RunAsync(Call call, CancellationToken cancellation, Transport trial = null)
        {
            RequestText.CheckId(call.RequestId);
            TimeSpan deadline = Monotonic.Now + options.CallTimeout;
            int waits = 0;
            for (int attempt = 1; ; attempt++)
            {
                TdamException error;
                Transport used = trial ?? Connections.Take();
                try
                {
                    return await BoundedAsync(call, deadline, cancellation, used).ConfigureAwait(false);
                }
                catch (TdamException failed)
                {
                    error = failed;
                }
                finally
                {
                    if (trial == null) { used.Release(); }
                }
                error.Attempts = attempt;
                Log("failure", call.Method + " " + call.Target + ", attempt " + attempt.ToString(CultureInfo.InvariantCulture) + ": " + error.Kind + ", " + error.Message);
                // While the exchange works on the message, asking again is no attempt at anything; the whole call's limit bounds it.
                if (error.IsBeingProcessed) { waits++; }
                // The identity was replaced while the call was on its way, and the old one is not accepted any more.
                bool isReplaced = trial == null && error.IsUnauthorised && !Connections.IsInUse(used);
                if ((!error.IsRepeatable && !isReplaced) || attempt - waits >= options.AttemptsMax || (call.IsOnce && error.Kind != ErrorKind.Unavailable))
                {
                    throw error;
                }
                TimeSpan pause = retries.PauseAfter(attempt, error.Problem?.RetryAfter);
                if (Monotonic.Now + pause >= deadline) { throw error; }
                await PauseAsync(pause, cancellation).ConfigureAwait(false);
            }
        }

        /// <summary>The pause after an attempt.</summary>
        internal Task PauseAsync(int attempt, TimeSpan? askedFor, CancellationToken cancellation) =>
            PauseAsync(retries.PauseAfter(attempt, askedFor), cancellation);

        public void Dispose() => Connections.Dispose();

        private async Task PauseAsync(TimeSpan pause, CancellationToken cancellation)
        {
            Log("pause", string.Format(CultureInfo.InvariantCulture, "{0:0} ms before the next attempt", pause.TotalMilliseconds));
            await Task.Delay(Activity.Rounded(pause), cancellation).ConfigureAwait(false);
        }

        /// <summary>One attempt within what is left of the call's time.</summary>
        private async Task<Reply> BoundedAsync(Call call, TimeSpan deadline, CancellationToken cancellation, Transport transport)
        {
            using (CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
            {
                bound.CancelAfter(Activity.Rounded(deadline - Monotonic.Now));
                try
                {
                    return await AttemptAsync(call, bound.Token, transport).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && bound.IsCancellationRequested)
                {
                    TdamException timeout = TdamException.Timeout("making the call", options.CallTimeout);
                    timeout.IsFinal = true;
                    throw timeout;
                }
            }
        }

        private async Task<Reply> AttemptAsync(Call call, CancellationToken cancellation, Transport transport)
        {
            HttpResponseMessage response = null;
            bool isKept = false;
            try
            {
                response = await SendAsync(call, transport, cancellation).ConfigureAwait(false);
                transport.SeenAlive();
                if (response.Headers.TryGetValues("X-Exchange-Warning", out IEnumerable<string> fields)) { warnings.Hear(fields); }
                var reader = new BodyReader(response, this, transport);
                if (!response.IsSuccessStatusCode) { throw await RefusalAsync(response, reader, cancellation).ConfigureAwait(false); }
                byte[] held = call.IsHeld ? await reader.ReadAllAsync(options.AnswerBytesMax, cancellation).ConfigureAwait(false) : null;
                var reply = new Reply(response, held) { Stream = call.IsHeld ? null : reader };
                isKept = true;
                if (!call.IsHeld)
                {
                    // The stream outlives this call, and with it the connection.
                    transport.TryUse();
                    reader.OnClosed = transport.Release;
                }
                return reply;
            }
            finally
            {
                if (!isKept) { response?.Dispose(); }
            }
        }

        private async Task<HttpResponseMessage> SendAsync(Call call, Transport transport, CancellationToken cancellation)
        {
            var activity = new Activity(transport);
            using (CancellationTokenSource abort = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
            using (HttpRequestMessage request = await RequestAsync(call, transport, activity, abort.Token).ConfigureAwait(false))
            {
                Log("attempt", call.Method + " " + call.Target);
                TimeSpan idle = options.IdleTimeout + (call.Wait ?? TimeSpan.Zero);
                try
                {
                    Task<HttpResponseMessage> sending = transport.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, abort.Token);
                    HttpResponseMessage response =
                        await activity.WatchAsync(sending, options.ConnectTimeout, idle, "waiting for the answer", abort.Cancel).ConfigureAwait(false);
                    Log("answer", ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture) + " " + call.Target + RequestIdOf(response));
                    return response;
                }
                catch (Exception error) when (IsTransport(error, cancellation))
                {
                    transport.SeenDead();
                    throw TransportErrors.Of(Connections.Url.GetLeftPart(UriPartial.Authority), error, transport.Refusal);
                }
            }
        }

        private async Task<HttpRequestMessage> RequestAsync(Call call, Transport transport, Activity activity, CancellationToken cancellation)
        {
            var target = new Uri(Connections.Url, call.Target);
            if (target.Authority != Connections.Url.Authority || target.Scheme != "https")
            {
                throw TdamException.Unexpected("the exchange names another host, `" + target.Host + "`; this library goes to the given address only");
            }
            var request = new HttpRequestMessage(call.Method, target);
            request.Headers.TryAddWithoutValidation("Accept", call.Accept);
            request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
            if (RequestText.Of(call.Language) is string language) { request.Headers.TryAddWithoutValidation("Accept-Language", language); }
            if (call.RequestId != null) { request.Headers.TryAddWithoutValidation("X-Request-Id", call.RequestId); }
            if (call.Wait is TimeSpan wait)
            {
                request.Headers.TryAddWithoutValidation("Prefer", string.Format(CultureInfo.InvariantCulture, "wait={0:0}", Math.Floor(wait.TotalSeconds)));
            }
            if (call.Bearer != null) { request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", call.Bearer); }
            request.Headers.ExpectContinue = call.Body != null && call.Body.Length >= Bounds.ExpectContinueBytes;
            if (call.Body == null) { return request; }
            if (options.SignSubmissions && call.IsSubmission) { await SignAsync(request, call, transport, cancellation).ConfigureAwait(false); }
            request.Content = new UploadContent(call.Body, activity, cancellation);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", call.ContentType);
            return request;
        }

        private static async Task SignAsync(HttpRequestMessage request, Call call, Transport transport, CancellationToken cancellation)
        {
            if (transport.Identity == null)
            {
                throw TdamException.Configuration("submissions are to be signed, and no certificate with a key is given; add one to Identities");
            }
            byte[] sha256 = await call.Body.Sha256Async(cancellation).ConfigureAwait(false);
            SignedFields fields = new RequestSigner(transport.Identity.Certificate).SignDigest(call.Method.Method, request.RequestUri, sha256, DateTime.UtcNow);
            request.Headers.TryAddWithoutValidation("Content-Digest", fields.ContentDigest);
            request.Headers.TryAddWithoutValidation("Signature-Input", fields.SignatureInput);
            request.Headers.TryAddWithoutValidation("Signature", fields.Signature);
        }

        private static async Task<TdamException> RefusalAsync(HttpResponseMessage response, BodyReader reader, CancellationToken cancellation)
        {
            int status = (int)response.StatusCode;
            if (status < 400)
            {
                return TdamException.Unexpected(
                    "the answer is HTTP " + status.ToString(CultureInfo.InvariantCulture) + ", and this library follows no redirect; is the address that of an exchange?");
            }
            Json problem = Json.Null;
            if (Reply.MediaType(response) == "application/problem+json" || Reply.MediaType(response) == "application/json")
            {
                try
                {
                    problem = Json.Parse(await reader.ReadAllAsync(Bounds.ProblemBytesMax, cancellation).ConfigureAwait(false));
                }
                catch (Exception error) when (error is FormatException || error is TdamException)
                {
                    // The status alone still says what kind of refusal it is.
                    problem = Json.Null;
                }
            }
            string id = response.Headers.TryGetValues("X-Request-Id", out IEnumerable<string> ids) ? string.Join("", ids) : null;
            TimeSpan clockAhead = response.Headers.Date is DateTimeOffset theirs ? DateTimeOffset.UtcNow - theirs : TimeSpan.Zero;
            return TdamException.Refused(new Problem(status, response.ReasonPhrase, problem, id, Reply.RetryAfterOf(response), clockAhead));
        }

        private static string RequestIdOf(HttpResponseMessage response) =>
            response.Headers.TryGetValues("X-Request-Id", out IEnumerable<string> ids) ? " [request " + string.Join("", ids) + "]" : "";

        /// <summary>Whether the platform failed; our own errors and a user's cancelling pass through.</summary>
        internal static bool IsTransport(Exception error, CancellationToken cancellation)
        {
            if (error is TdamException) { return false; }
            if (error is OperationCanceledException) { return !cancellation.IsCancellationRequested; }
            return error is HttpRequestException || error is IOException || error is WebException || error is ObjectDisposedException
                || error is InvalidDataException || error is System.Security.Authentication.AuthenticationException;
        }
    }
}
