using System;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace Tdam.Client
{
    public sealed partial class TdamClient
    {
        /// <summary>
        /// Sends a pain.001. After a lost connection, a timeout or "not now" the client sends the same bytes again, and the exchange
        /// executes them once.
        /// </summary>
        /// <param name="body">The message.</param>
        /// <param name="options">How it is to be taken; null for the defaults.</param>
        /// <param name="cancellation">Ends the call. Whether the exchange took the message is then not known; sending the same bytes again is safe.</param>
        /// <returns>The answer, or where it will be.</returns>
        /// <exception cref="TdamException">
        /// <see cref="ErrorKind.Refused"/>: the exchange did not take the message at all. A message that it took is never an exception,
        /// accepted or refused in its pain.002.
        /// </exception>
        /// <example><code>
        /// Submission submission = await client.SubmitAsync(Body.FromFile("payments.xml"));
        /// if (submission.Answer != null)
        /// {
        ///     Console.WriteLine(submission.Answer.GroupStatus);
        /// }
        /// else
        /// {
        ///     Console.WriteLine("ask later at " + submission.InProgress.Location);
        /// }
        /// </code></example>
        public async Task<Submission> SubmitAsync(
            Body body, SubmitOptions options = null, CancellationToken cancellation = default(CancellationToken))
        {
            options = options ?? new SubmitOptions();
            using (Body.Source source = await Checked(body).PrepareAsync(cancellation).ConfigureAwait(false))
            {
                var call = new Call(HttpMethod.Post, options.Test ? "/v1/payments?mode=test" : "/v1/payments", Call.Message)
                {
                    Body = source,
                    IsSubmission = true,
                    Language = options.Language,
                    RequestId = options.RequestId,
                    Wait = options.Wait,
                };
                return await SubmissionAsync(call, cancellation).ConfigureAwait(false);
            }
        }

        /// <summary>Sends a pain.001, and comes back when its answer is there.</summary>
        /// <param name="body">The message.</param>
        /// <param name="timeout">How long to wait for the answer of a message that the exchange has received.</param>
        /// <param name="options">How it is to be taken; null for the defaults.</param>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The answer.</returns>
        /// <exception cref="TdamException">As <see cref="SubmitAsync"/>; <see cref="ErrorKind.Timeout"/> when the answer is not there in time.</exception>
        /// <example><code>
        /// Submission submission = await client.SubmitAndWaitAsync(Body.FromFile("payments.xml"), TimeSpan.FromMinutes(10));
        /// File.WriteAllBytes("answer.xml", submission.Answer.Xml);
        /// </code></example>
        public async Task<Submission> SubmitAndWaitAsync(
            Body body, TimeSpan timeout, SubmitOptions options = null, CancellationToken cancellation = default(CancellationToken))
        {
            Submission submission = await SubmitAsync(body, options, cancellation).ConfigureAwait(false);
            if (submission.Answer != null) { return submission; }
            Language language = options == null ? Language.Default : options.Language;
            return await WaitForAnswerAsync(submission.InProgress.Location, timeout, language, cancellation).ConfigureAwait(false);
        }

        /// <summary>Comes back when the exchange has answered a message that it was still checking.</summary>
        /// <param name="location">Where the answer will be, as <see cref="InProgress.Location"/> gave it; keep it to ask after a restart.</param>
        /// <param name="timeout">How long to wait.</param>
        /// <param name="language">Language of the texts of a refusal.</param>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The answer.</returns>
        /// <exception cref="TdamException"><see cref="ErrorKind.Timeout"/>: there is no answer yet; asking again is safe.</exception>
        /// <example><code>
        /// Submission submission = await client.WaitForAnswerAsync("/v1/payments?submission=3", TimeSpan.FromMinutes(10));
        /// </code></example>
        public async Task<Submission> WaitForAnswerAsync(
            string location,
            TimeSpan timeout,
            Language language = Language.Default,
            CancellationToken cancellation = default(CancellationToken))
        {
            if (location == null) { throw new ArgumentNullException(nameof(location)); }
            TimeSpan deadline = Monotonic.Now + timeout;
            while (true)
            {
                TimeSpan left = deadline - Monotonic.Now;
                TimeSpan wait = left < TimeSpan.Zero ? TimeSpan.Zero : left < Bounds.Wait ? left : Bounds.Wait;
                var call = new Call(HttpMethod.Get, location, Call.Message) { Wait = wait, Language = language };
                Submission submission = await SubmissionAsync(call, cancellation).ConfigureAwait(false);
                if (submission.Answer != null) { return submission; }
                TimeSpan pause = Between(submission.InProgress.RetryAfter, Bounds.FirstPause, Bounds.PauseMax);
                if (Monotonic.Now + pause >= deadline) { throw TdamException.Timeout("waiting for the answer to a message that was received", timeout); }
                await Task.Delay(pause, cancellation).ConfigureAwait(false);
            }
        }

        /// <summary>The status of a message now, as pain.002 with its refused payments; RCVD while the exchange is checking it.</summary>
        /// <param name="messageId">The <c>MsgId</c>.</param>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The pain.002, to be disposed of.</returns>
        /// <exception cref="TdamException"><see cref="ErrorKind.Refused"/> with status 404: no such message was sent.</exception>
        /// <example><code>
        /// using (Document status = await client.StatusAsync("MSG-1"))
        /// {
        ///     await status.SaveAsync("status.xml");
        /// }
        /// </code></example>
        public async Task<Document> StatusAsync(string messageId, CancellationToken cancellation = default(CancellationToken))
        {
            Reply reply = await runner.RunAsync(new Call(HttpMethod.Get, StatusTarget(messageId), Call.Message) { IsHeld = false }, cancellation).ConfigureAwait(false);
            return new Document(reply, runner.Options.AnswerBytesMax);
        }

        /// <summary>The status of a message now, as typed values: counts, blocks, and the list of refused payments with their reasons.</summary>
        /// <param name="messageId">The <c>MsgId</c>.</param>
        /// <param name="language">Language of the reasons.</param>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The overview.</returns>
        /// <exception cref="TdamException">As <see cref="StatusAsync"/>.</exception>
        /// <example><code>
        /// MessageOverview overview = await client.StatusOverviewAsync("MSG-1", Language.Latvian);
        /// foreach (PaymentRefusal refusal in overview.Refused)
        /// {
        ///     Console.WriteLine("line " + refusal.Line + ": " + refusal.Reason.Text);
        /// }
        /// </code></example>
        public async Task<MessageOverview> StatusOverviewAsync(
            string messageId, Language language = Language.Default, CancellationToken cancellation = default(CancellationToken))
        {
            var call = new Call(HttpMethod.Get, StatusTarget(messageId), Call.Overview) { Language = language };
            return new MessageOverview(await JsonAsync(call, cancellation).ConfigureAwait(false));
        }

        private static string StatusTarget(string messageId) =>
            "/v1/payments?msg_id=" + Uri.EscapeDataString(messageId ?? throw new ArgumentNullException(nameof(messageId)));

        private async Task<Submission> SubmissionAsync(Call call, CancellationToken cancellation)
        {
            using (Reply reply = await runner.RunAsync(call, cancellation).ConfigureAwait(false))
            {
                if (reply.Status == HttpStatusCode.Accepted)
                {
                    if (reply.Location == null)
                    {
                        throw TdamException.Unexpected("the exchange received the message and did not say where its answer will be; send the same bytes again");
                    }
                    return new Submission(null, new InProgress(reply.Location, reply.Held, reply.RetryAfter ?? Bounds.PollPause, reply.RequestId));
                }
                if (reply.IsJson)
                {
                    throw TdamException.Unexpected("a pain.002 was expected and JSON came; is the address that of an exchange?");
                }
                bool repeated = reply.Header("X-Answer-Repeated") == "true";
                return new Submission(new Answer(reply.Held, reply.MessageType, repeated, reply.RequestId), null);
            }
        }

        internal static TimeSpan Between(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;
    }
}
