using System;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;

namespace Tdam.Client
{
    /// <summary>
    /// The platform's HTTP client for one identity, set up so that it goes to the given exchange and nowhere else: no proxy of the
    /// machine, no redirect, no cookie. It closes its connections when nobody uses it any more.
    /// </summary>
    internal sealed class Transport
    {
        private readonly HttpClient http;
        private readonly ServerTrust trust;
        private readonly object gate = new object();
        private int users = 1;
        private long lastAliveTicks;

        internal Transport(ServerTrust trust, LoadedIdentity identity, SslProtocols protocols, bool compression)
        {
            this.trust = trust;
            Identity = identity;
            var handler = new HttpClientHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                UseCookies = false,
                UseDefaultCredentials = false,
                PreAuthenticate = false,
                AutomaticDecompression = compression ? DecompressionMethods.GZip : DecompressionMethods.None,
                ClientCertificateOptions = ClientCertificateOption.Manual,
                CheckCertificateRevocationList = false,
                MaxConnectionsPerServer = Bounds.ConnectionsMax,
                SslProtocols = protocols,
                ServerCertificateCustomValidationCallback = Validate,
            };
            if (identity != null) { handler.ClientCertificates.Add(identity.Certificate); }
            http = new HttpClient(handler, true) { Timeout = Timeout.InfiniteTimeSpan };
        }

        internal LoadedIdentity Identity { get; }

        internal HttpClient Http => http;

        /// <summary>Why the server was not trusted the last time; null when it was.</summary>
        internal string Refusal { get; private set; }

        /// <summary>
        /// Whether the pool may hold a connection: then a request need not make one, and the limit for connecting does not apply to it.
        /// The target framework tells nobody of connections, so the transport remembers when it last saw one alive.
        /// </summary>
        internal bool MayReuse
        {
            get
            {
                long alive = Interlocked.Read(ref lastAliveTicks);
                return alive != 0 && Monotonic.Ticks - alive < Bounds.PoolIdle.Ticks;
            }
        }

        internal void SeenAlive() => Interlocked.Exchange(ref lastAliveTicks, Monotonic.Ticks);

        internal void SeenDead() => Interlocked.Exchange(ref lastAliveTicks, 0);

        internal bool TryUse()
        {
            lock (gate)
            {
                if (users == 0) { return false; }
                users++;
                return true;
            }
        }

        /// <summary>The last one to release it closes the connections.</summary>
        internal void Release()
        {
            lock (gate)
            {
                if (--users > 0) { return; }
            }
            http.Dispose();
            Identity?.Dispose();
        }

        private bool Validate(HttpRequestMessage request, X509Certificate2 server, X509Chain chain, SslPolicyErrors errors)
        {
            Refusal = trust.Refuse(server, chain, errors);
            if (Refusal == null) { SeenAlive(); }
            return Refusal == null;
        }
    }
}
