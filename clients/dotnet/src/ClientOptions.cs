using System;
using System.Collections.Generic;
using System.Security.Authentication;

namespace Tdam.Client
{
    /// <summary>In which language texts come.</summary>
    /// <example><code>var options = new SubmitOptions { Language = Language.Latvian };</code></example>
    public enum Language
    {
        /// <summary>As the exchange chooses: English.</summary>
        Default,

        /// <summary>English.</summary>
        English,

        /// <summary>Latvian.</summary>
        Latvian,
    }

    /// <summary>Where the keys of identities are kept on Windows, whose TLS uses no key that exists only in memory.</summary>
    /// <example><code>options.WindowsKeys = WindowsKeys.Machine; // a service whose user has no profile</code></example>
    public enum WindowsKeys
    {
        /// <summary>In the profile of the program's user.</summary>
        User,

        /// <summary>In the machine's store; for services without a profile. The program needs the right to it.</summary>
        Machine,
    }

    /// <summary>Settings of a <see cref="TdamClient"/>. A client takes them over when it is made; later changes have no effect on it.</summary>
    /// <example><code>
    /// var options = new ClientOptions
    /// {
    ///     Url = "https://127.0.0.1:8443",
    ///     AuthorityPath = "ca.pem",
    /// };
    /// options.Identities.Add(Identity.FromPemFiles("certificate.pem", "key.pem"));
    /// using (var client = new TdamClient(options))
    /// {
    ///     Heartbeat heartbeat = await client.HeartbeatAsync();
    ///     Console.WriteLine(heartbeat.OnlineUser);
    /// }
    /// </code></example>
    public sealed class ClientOptions
    {
        /// <summary>Address of the exchange: <c>https://host[:port]</c>.</summary>
        public string Url { get; set; }

        /// <summary>PEM file of the authority that issued the server's certificate. No other authority is trusted.</summary>
        public string AuthorityPath { get; set; }

        /// <summary>The same as bytes; it goes before <see cref="AuthorityPath"/>.</summary>
        public byte[] Authority { get; set; }

        /// <summary>Certificates with keys. The client uses the newest that is valid.</summary>
        public IList<Identity> Identities { get; private set; } = new List<Identity>();

        /// <summary>Whether submissions are signed with the key of the identity (RFC 9421). The exchange demands it of some online users.</summary>
        public bool SignSubmissions { get; set; }

        /// <summary>How long making a connection may take, TLS handshake included.</summary>
        public TimeSpan ConnectTimeout { get; set; } = Bounds.ConnectTimeout;

        /// <summary>How long nothing may move in either direction. What the exchange was asked to wait is added to it.</summary>
        public TimeSpan IdleTimeout { get; set; } = Bounds.IdleTimeout;

        /// <summary>How long a call may take in all, pauses and retries included.</summary>
        public TimeSpan CallTimeout { get; set; } = Bounds.CallTimeout;

        /// <summary>Attempts of one call, the first included; 1 for no retries.</summary>
        public int AttemptsMax { get; set; } = Bounds.AttemptsMax;

        /// <summary>Pause before the second attempt; it doubles from then on.</summary>
        public TimeSpan FirstPause { get; set; } = Bounds.FirstPause;

        /// <summary>Longest pause, also when the exchange asks for a longer one.</summary>
        public TimeSpan PauseMax { get; set; } = Bounds.PauseMax;

        /// <summary>Longest answer that is held in memory, in bytes.</summary>
        public long AnswerBytesMax { get; set; } = Bounds.AnswerBytesMax;

        /// <summary>Whether answers may come compressed (gzip).</summary>
        public bool Compression { get; set; } = true;

        /// <summary>TLS versions; <see cref="SslProtocols.None"/>, the platform's choice, is right unless a device in between demands another.</summary>
        public SslProtocols TlsVersions { get; set; } = SslProtocols.None;

        /// <summary>Where Windows keeps the keys. Other systems have no such choice.</summary>
        public WindowsKeys WindowsKeys { get; set; } = WindowsKeys.User;

        /// <summary>Name and version of the accounting system, for the operator's log; it stands before the library's own.</summary>
        public string UserAgent { get; set; }

        /// <summary>Told once of each thing that the exchange warns of: a certificate or a registration that ends soon. What it throws is traced and has no effect.</summary>
        public Action<ExchangeWarning> OnWarning { get; set; }

        /// <summary>Told of attempts, pauses and outcomes; never of keys, passwords or contents of messages. What it throws has no effect.</summary>
        public Action<LogEntry> OnLog { get; set; }

        internal ClientOptions Copy()
        {
            var copy = (ClientOptions)MemberwiseClone();
            copy.Identities = new List<Identity>(Identities);
            return copy;
        }
    }

    /// <summary>What the client does, for a log.</summary>
    /// <example><code>options.OnLog = entry => Console.Error.WriteLine(entry);</code></example>
    public sealed class LogEntry
    {
        internal LogEntry(string what, string text)
        {
            Time = DateTime.UtcNow;
            What = what;
            Text = text;
        }

        /// <summary>When (UTC).</summary>
        public DateTime Time { get; }

        /// <summary><c>attempt</c>, <c>answer</c>, <c>failure</c>, <c>pause</c>, <c>identity</c> or <c>renewal</c>.</summary>
        public string What { get; }

        /// <summary>One line in words.</summary>
        public string Text { get; }

        /// <summary>Time, kind and text in one line.</summary>
        /// <returns>The line.</returns>
        public override string ToString() =>
            Time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture) + " " + What + " " + Text;
    }
}
