using System;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace Tdam.Client
{
    /// <summary>
    /// The body of an answer as a stream that ends in this library's errors: a timeout when no byte comes for the idle time, a lost
    /// connection when the answer breaks off.
    /// </summary>
    internal sealed class BodyReader : Stream
    {
        private readonly HttpResponseMessage response;
        private readonly CallRunner runner;
        private readonly Transport transport;
        private Stream inner;
        private bool isClosed;

        internal BodyReader(HttpResponseMessage response, CallRunner runner, Transport transport)
        {
            this.response = response;
            this.runner = runner;
            this.transport = transport;
        }

        internal Action OnClosed { get; set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        internal async Task<byte[]> ReadAllAsync(long bytesMax, CancellationToken cancellation)
        {
            long length = response.Content.Headers.ContentLength ?? Bounds.ChunkBytes;
            var all = new MemoryStream((int)Math.Min(length, Bounds.ChunkBytes));
            var piece = new byte[Math.Min(length + 1, Bounds.ChunkBytes)];
            while (true)
            {
                int read = await ReadAsync(piece, 0, piece.Length, cancellation).ConfigureAwait(false);
                if (read == 0) { return all.ToArray(); }
                if (all.Length + read > bytesMax)
                {
                    throw TdamException.Unexpected("the answer is longer than the " + bytesMax + " bytes that are held in memory; raise AnswerBytesMax, or read it as a stream");
                }
                all.Write(piece, 0, read);
            }
        }

        public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            using (CancellationTokenSource abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
            {
                try
                {
                    if (inner == null) { inner = await response.Content.ReadAsStreamAsync().ConfigureAwait(false); }
                    Task<int> reading = inner.ReadAsync(buffer, offset, count, abort.Token);
                    if (!await Activity.IsDoneWithinAsync(reading, runner.Options.IdleTimeout).ConfigureAwait(false))
                    {
                        abort.Cancel();
                        Activity.Forget(reading);
                        response.Dispose();
                        transport.SeenDead();
                        throw TdamException.Timeout("reading the answer", runner.Options.IdleTimeout);
                    }
                    return await reading.ConfigureAwait(false);
                }
                catch (Exception error) when (CallRunner.IsTransport(error, cancellationToken))
                {
                    transport.SeenDead();
                    throw TransportErrors.Of(runner.Connections.Url.GetLeftPart(UriPartial.Authority), error, null);
                }
            }
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            ReadAsync(buffer, offset, count, CancellationToken.None).ConfigureAwait(false).GetAwaiter().GetResult();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing && !isClosed)
            {
                isClosed = true;
                response.Dispose();
                OnClosed?.Invoke();
            }
            base.Dispose(disposing);
        }
    }
}
