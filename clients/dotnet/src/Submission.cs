using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using System.Xml;

namespace Tdam.Client
{
    /// <summary>How a pain.001 is to be taken.</summary>
    /// <example><code>
    /// var options = new SubmitOptions { Wait = TimeSpan.FromSeconds(60), Language = Language.Latvian, RequestId = "run-1" };
    /// </code></example>
    public sealed class SubmitOptions
    {
        /// <summary>How long the exchange should wait for the answer before it gives a receipt.</summary>
        public TimeSpan Wait { get; set; } = Bounds.Wait;

        /// <summary>Only check: the answer is what the exchange would say, and nothing is executed or remembered.</summary>
        public bool Test { get; set; }

        /// <summary>Language of the texts of a refusal.</summary>
        public Language Language { get; set; }

        /// <summary>An identification of your own, by which both sides find the request in their logs.</summary>
        public string RequestId { get; set; }
    }

    /// <summary>What came back for a pain.001: exactly one of the two is there.</summary>
    /// <example><code>Console.WriteLine(submission.Answer?.GroupStatus ?? "still being checked");</code></example>
    public sealed class Submission
    {
        internal Submission(Answer answer, InProgress inProgress)
        {
            Answer = answer;
            InProgress = inProgress;
        }

        /// <summary>The answer, final; null while the exchange is checking the message.</summary>
        public Answer Answer { get; }

        /// <summary>The message is safely received and still being checked; null when the answer is there.</summary>
        public InProgress InProgress { get; }
    }

    /// <summary>The answer to a pain.001: a pain.002 of the same generation. The same bytes always get the same answer.</summary>
    /// <example><code>File.WriteAllBytes("answer.xml", submission.Answer.Xml);</code></example>
    public sealed class Answer
    {
        internal Answer(byte[] xml, string messageType, bool isRepeated, string requestId)
        {
            Xml = xml;
            MessageType = messageType;
            IsRepeated = isRepeated;
            RequestId = requestId;
            GroupStatus = GroupStatusOf(new MemoryStream(xml, false));
        }

        /// <summary>The pain.002.</summary>
        public byte[] Xml { get; }

        /// <summary>Its type: <c>pain.002.001.10</c>.</summary>
        public string MessageType { get; }

        /// <summary>Its <c>GrpSts</c>: ACCP, PART or RJCT; null where it has none.</summary>
        public string GroupStatus { get; }

        /// <summary>Whether these bytes were answered before, and this is that answer again.</summary>
        public bool IsRepeated { get; }

        /// <summary>By what the operator finds the request.</summary>
        public string RequestId { get; }

        /// <summary>The first <c>GrpSts</c> of a pain.002.</summary>
        internal static string GroupStatusOf(Stream xml)
        {
            try
            {
                using (XmlReader reader = XmlReader.Create(xml, SafeXml()))
                {
                    while (reader.Read())
                    {
                        if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "GrpSts") { return reader.ReadElementContentAsString(); }
                    }
                    return null;
                }
            }
            catch (XmlException error)
            {
                throw TdamException.Unexpected("the answer is no XML (" + error.Message + "); is the address that of an exchange?", error);
            }
        }

        /// <summary>No document type, no outside entity.</summary>
        internal static XmlReaderSettings SafeXml() =>
            new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreWhitespace = true };
    }

    /// <summary>A message that the exchange has received and not answered yet.</summary>
    /// <example><code>File.WriteAllText("location.txt", submission.InProgress.Location);</code></example>
    public sealed class InProgress
    {
        internal InProgress(string location, byte[] receipt, TimeSpan retryAfter, string requestId)
        {
            Location = location;
            Receipt = receipt;
            RetryAfter = retryAfter;
            RequestId = requestId;
        }

        /// <summary>Where the answer will be. Keep it, to ask after a restart.</summary>
        public string Location { get; }

        /// <summary>The receipt: a pain.002 with the group status RCVD.</summary>
        public byte[] Receipt { get; }

        /// <summary>When the exchange suggests to ask.</summary>
        public TimeSpan RetryAfter { get; }

        /// <summary>By what the operator finds the request.</summary>
        public string RequestId { get; }
    }

    /// <summary>A message of the exchange, read as a stream or into memory. Dispose of it: it holds a connection.</summary>
    /// <example><code>
    /// using (Document status = await client.StatusAsync("MSG-1"))
    /// {
    ///     byte[] xml = await status.ReadAsync();
    /// }
    /// </code></example>
    public sealed class Document : IDisposable
    {
        private readonly Reply reply;
        private readonly long bytesMax;

        internal Document(Reply reply, long bytesMax)
        {
            this.reply = reply;
            this.bytesMax = bytesMax;
        }

        /// <summary>The type of the message: <c>camt.052.001.08</c>.</summary>
        public string MessageType => reply.MessageType;

        /// <summary>By what the operator finds the request.</summary>
        public string RequestId => reply.RequestId;

        /// <summary>The bytes as they come. Reading them throws a <see cref="TdamException"/> when the connection is lost.</summary>
        public Stream Content => reply.Stream;

        /// <summary>Reads it all into memory, up to <see cref="ClientOptions.AnswerBytesMax"/>.</summary>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The bytes.</returns>
        /// <example><code>byte[] xml = await document.ReadAsync();</code></example>
        public Task<byte[]> ReadAsync(
            CancellationToken cancellation = default(CancellationToken)) =>
            reply.Stream.ReadAllAsync(bytesMax, cancellation);

        /// <summary>Writes it to a file, over one that is there.</summary>
        /// <param name="path">The file.</param>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>Ends when the file is written.</returns>
        /// <example><code>await document.SaveAsync("status.xml");</code></example>
        public async Task SaveAsync(
            string path, CancellationToken cancellation = default(CancellationToken))
        {
            using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read))
            {
                await reply.Stream.CopyToAsync(file, Bounds.ChunkBytes, cancellation).ConfigureAwait(false);
            }
        }

        /// <summary>The <c>GrpSts</c> of a pain.002; null where it has none.</summary>
        /// <param name="xml">The message.</param>
        /// <returns>The status.</returns>
        /// <example><code>string status = Document.GroupStatusOf(await document.ReadAsync());</code></example>
        public static string GroupStatusOf(byte[] xml) => Answer.GroupStatusOf(new MemoryStream(xml, false));

        /// <summary>Gives the connection back.</summary>
        public void Dispose() => reply.Dispose();
    }
}
