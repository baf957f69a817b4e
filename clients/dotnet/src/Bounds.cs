using System;

namespace Tdam.Client
{
    /// <summary>
    /// Limits on waiting, memory and connections. <see cref="ClientOptions"/> has a setting for those that a user may change; none
    /// can be switched off.
    /// </summary>
    /// <example><code>options.CallTimeout = Bounds.CallTimeout;</code></example>
    public static class Bounds
    {
        /// <summary>How long a connection may take to be made, TLS handshake included.</summary>
        public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

        /// <summary>How long nothing may happen in either direction.</summary>
        public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(60);

        /// <summary>How long one call may take in all, pauses and retries included.</summary>
        public static readonly TimeSpan CallTimeout = TimeSpan.FromMinutes(30);

        /// <summary>How long the exchange is asked to wait for an answer before it gives a receipt (<c>Prefer: wait</c>).</summary>
        public static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

        /// <summary>Attempts of one call, the first included.</summary>
        public const int AttemptsMax = 5;

        /// <summary>Pause before the second attempt; it doubles from then on.</summary>
        public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

        /// <summary>Longest pause between two attempts, also when the exchange asks for a longer one.</summary>
        public static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

        /// <summary>Pause between two questions for an answer when the exchange names none.</summary>
        public static readonly TimeSpan PollPause = TimeSpan.FromSeconds(1);

        /// <summary>Longest answer that is held in memory, in bytes. A document that is read as a stream has no such limit.</summary>
        public const long AnswerBytesMax = 512L << 20;

        /// <summary>Longest message that the exchange takes, in bytes (2 GiB); a stream is read no further.</summary>
        public const long MessageBytesMax = 2L << 30;

        /// <summary>Connections that a client opens at most.</summary>
        public const int ConnectionsMax = 256;

        /// <summary>Most pages of one order of reports that are followed.</summary>
        public const int PagesMax = 100000;

        /// <summary>Longest request id, in characters.</summary>
        public const int RequestIdCharsMax = 64;

        /// <summary>Warnings that are read of one answer, and that a client remembers.</summary>
        public const int WarningsMax = 16;

        /// <summary>Longest problem document that is read, in bytes.</summary>
        internal const long ProblemBytesMax = 1 << 20;

        /// <summary>Longest certificate, key or key-store file that is read, in bytes.</summary>
        internal const long KeyFileBytesMax = 1 << 20;

        /// <summary>Bytes handed to the connection at a time.</summary>
        internal const int ChunkBytes = 64 << 10;

        /// <summary>Body from which on the client lets the exchange refuse it before it is sent, in bytes.</summary>
        internal const long ExpectContinueBytes = 1 << 20;

        /// <summary>Depth to which JSON may nest.</summary>
        internal const int JsonDepthMax = 64;

        /// <summary>The longest that a connection of the platform's pool may rest before it is used again.</summary>
        internal static readonly TimeSpan PoolIdle = TimeSpan.FromMinutes(2);
    }
}
