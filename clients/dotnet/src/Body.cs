using System;
using System.IO;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;

namespace Tdam.Client
{
    /// <summary>
    /// A message to be sent. It can be read again for another attempt; that is what makes repeating safe. A file or a stream is sent
    /// in pieces, so its size does not matter to memory.
    /// </summary>
    /// <example><code>
    /// await client.SubmitAsync(Body.FromFile("payments.xml"));
    /// await client.SubmitAsync(Body.FromBytes(File.ReadAllBytes("payments.xml")));
    /// await client.SubmitAsync(Body.FromStream(File.OpenRead("payments.xml")));
    /// </code></example>
    public sealed class Body
    {
        private readonly byte[] bytes;
        private readonly string path;
        private readonly Stream stream;

        private Body(byte[] bytes, string path, Stream stream)
        {
            this.bytes = bytes;
            this.path = path;
            this.stream = stream;
        }

        /// <summary>A message in memory.</summary>
        /// <param name="message">The bytes, which must not change until the call returns.</param>
        /// <returns>The body.</returns>
        /// <example><code>Body body = Body.FromBytes(message);</code></example>
        public static Body FromBytes(byte[] message) => new Body(message ?? throw new ArgumentNullException(nameof(message)), null, null);

        /// <summary>A message in a file, which must not change until the call returns.</summary>
        /// <param name="path">The file.</param>
        /// <returns>The body.</returns>
        /// <example><code>Body body = Body.FromFile("payments.xml");</code></example>
        public static Body FromFile(string path) => new Body(null, path ?? throw new ArgumentNullException(nameof(path)), null);

        /// <summary>
        /// A message in a stream, from its position on. The library reads it to its end once, writes it to a temporary file that only
        /// this program's user may read, and deletes the file when the call returns. The stream stays open.
        /// </summary>
        /// <param name="stream">The stream.</param>
        /// <returns>The body, for one call.</returns>
        /// <example><code>Body body = Body.FromStream(incoming);</code></example>
        public static Body FromStream(Stream stream) => new Body(null, null, stream ?? throw new ArgumentNullException(nameof(stream)));

        /// <summary>The body in a form that can be read several times; its user disposes of it.</summary>
        internal async Task<Source> PrepareAsync(CancellationToken cancellation)
        {
            if (bytes != null) { return new Source(bytes, null, bytes.Length, false); }
            if (path != null) { return new Source(null, path, LengthOf(path), false); }
            string spooled = null;
            try
            {
                using (FileStream file = SecretFile.CreateTemporary(Path.GetTempPath(), out spooled))
                {
                    await SpoolAsync(file, cancellation).ConfigureAwait(false);
                    return new Source(null, spooled, file.Length, true);
                }
            }
            catch
            {
                if (spooled != null) { SecretFile.Delete(spooled); }
                throw;
            }
        }

        private async Task SpoolAsync(FileStream file, CancellationToken cancellation)
        {
            var piece = new byte[Bounds.ChunkBytes];
            long kept = 0;
            while (true)
            {
                int read;
                try
                {
                    read = await stream.ReadAsync(piece, 0, piece.Length, cancellation).ConfigureAwait(false);
                }
                catch (Exception error) when (IsReadFault(error))
                {
                    throw TdamException.Input("the stream", error);
                }
                if (read == 0) { return; }
                if ((kept += read) > Bounds.MessageBytesMax)
                {
                    throw new TdamException(
                        ErrorKind.Input, "the stream is longer than the 2 GiB that one message may have; send its payments in several messages");
                }
                try
                {
                    await file.WriteAsync(piece, 0, read, cancellation).ConfigureAwait(false);
                }
                catch (IOException error)
                {
                    throw new TdamException(
                        ErrorKind.Input,
                        "the stream cannot be kept in " + Path.GetTempPath() + ": " + error.Message + " Make room there, or give a file",
                        error);
                }
            }
        }

        private static long LengthOf(string path)
        {
            try
            {
                using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read)) { return file.Length; }
            }
            catch (Exception error) when (IsReadFault(error))
            {
                throw TdamException.Input(path, error);
            }
        }

        private static bool IsReadFault(Exception error) =>
            error is IOException || error is UnauthorizedAccessException || error is NotSupportedException || error is ObjectDisposedException;

        /// <summary>Bytes or a file, of known length.</summary>
        internal sealed class Source : IDisposable
        {
            private readonly byte[] bytes;
            private readonly string path;
            private readonly bool isTemporary;

            internal Source(byte[] bytes, string path, long length, bool isTemporary)
            {
                this.bytes = bytes;
                this.path = path;
                this.isTemporary = isTemporary;
                Length = length;
            }

            internal long Length { get; }

            internal Stream Open()
            {
                if (bytes != null) { return new MemoryStream(bytes, false); }
                try
                {
                    return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
                }
                catch (Exception error) when (IsReadFault(error))
                {
                    throw TdamException.Input(path, error);
                }
            }

            /// <summary>Writes it all; a fault in reading is told apart from one in writing.</summary>
            internal async Task CopyToAsync(Stream target, Action<int> moved, CancellationToken cancellation)
            {
                using (Stream source = Open())
                {
                    byte[] piece = Piece();
                    for (long left = Length; left > 0;)
                    {
                        int read = await ReadAsync(source, piece, cancellation).ConfigureAwait(false);
                        if (read == 0 || read > left)
                        {
                            throw new TdamException(ErrorKind.Input, (path ?? "the message") + " changed while it was sent; send a file that nobody writes to");
                        }
                        await target.WriteAsync(piece, 0, read, cancellation).ConfigureAwait(false);
                        left -= read;
                        moved(read);
                    }
                }
            }

            internal async Task<byte[]> Sha256Async(CancellationToken cancellation)
            {
                using (Stream source = Open())
                using (SHA256 sha256 = SHA256.Create())
                {
                    byte[] piece = Piece();
                    while (true)
                    {
                        int read = await ReadAsync(source, piece, cancellation).ConfigureAwait(false);
                        if (read == 0) { break; }
                        sha256.TransformBlock(piece, 0, read, null, 0);
                    }
                    sha256.TransformFinalBlock(piece, 0, 0);
                    return sha256.Hash;
                }
            }

            public void Dispose()
            {
                if (isTemporary) { SecretFile.Delete(path); }
            }

            /// <summary>A byte more than a small message, so that one that grew is noticed.</summary>
            private byte[] Piece() => new byte[Math.Min(Length + 1, Bounds.ChunkBytes)];

            private async Task<int> ReadAsync(Stream source, byte[] piece, CancellationToken cancellation)
            {
                try
                {
                    return await source.ReadAsync(piece, 0, piece.Length, cancellation).ConfigureAwait(false);
                }
                catch (Exception error) when (IsReadFault(error))
                {
                    throw TdamException.Input(path ?? "the message", error);
                }
            }
        }
    }
}
