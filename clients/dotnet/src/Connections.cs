using System;
using System.Collections.Generic;
using System.Security.Cryptography.X509Certificates;

namespace Tdam.Client
{
    /// <summary>The identities of a client with a transport for each, and which of them a call takes.</summary>
    internal sealed class Connections : IDisposable
    {
        private readonly ClientOptions options;
        private readonly object gate = new object();
        private ServerTrust trust;
        private List<Transport> transports;
        private bool isClosed;

        internal Connections(ClientOptions options)
        {
            this.options = options;
            Url = CheckedUrl(options.Url);
            Storage = options.WindowsKeys == WindowsKeys.Machine ? X509KeyStorageFlags.MachineKeySet : X509KeyStorageFlags.DefaultKeySet;
            transports = Make(out trust);
        }

        internal Uri Url { get; }

        internal X509KeyStorageFlags Storage { get; }

        /// <summary>The transport of the newest identity that is valid now; its user releases it.</summary>
        internal Transport Take()
        {
            lock (gate)
            {
                if (isClosed) { throw new ObjectDisposedException(nameof(TdamClient)); }
                Transport chosen = Choose(DateTime.Now);
                chosen.TryUse();
                return chosen;
            }
        }

        /// <summary>Whether calls of now may take it; not after its identity was replaced.</summary>
        internal bool IsInUse(Transport transport)
        {
            lock (gate) { return transports.Contains(transport); }
        }

        /// <summary>Reads all files again. When one cannot be used, everything stays as it is.</summary>
        internal void Reload()
        {
            List<Transport> made = Make(out ServerTrust madeTrust);
            List<Transport> old;
            lock (gate)
            {
                old = transports;
                transports = made;
                trust = madeTrust;
            }
            old.ForEach(transport => transport.Release());
        }

        /// <summary>A transport for an identity that is not in use yet; its user releases it.</summary>
        internal Transport MakeTrial(LoadedIdentity identity)
        {
            lock (gate) { return new Transport(trust, identity, options.TlsVersions, options.Compression); }
        }

        public void Dispose()
        {
            lock (gate)
            {
                if (isClosed) { return; }
                isClosed = true;
            }
            transports.ForEach(transport => transport.Release());
        }

        private Transport Choose(DateTime now)
        {
            Transport newest = null;
            foreach (Transport one in transports)
            {
                if (newest == null || IsBetter(one.Identity, newest.Identity, now)) { newest = one; }
            }
            return newest;
        }

        /// <summary>A valid one before one that is not; of equals the newer. With a wrong clock none may look valid: the exchange decides.</summary>
        private static bool IsBetter(LoadedIdentity one, LoadedIdentity other, DateTime now)
        {
            bool isValid = one.IsValidAt(now);
            if (isValid != other.IsValidAt(now)) { return isValid; }
            return one.Certificate.NotBefore > other.Certificate.NotBefore;
        }

        private List<Transport> Make(out ServerTrust madeTrust)
        {
            if (options.Authority == null && options.AuthorityPath == null)
            {
                throw TdamException.Configuration(
                    "no certificate authority: give the PEM certificate of the authority that issued the server's certificate (AuthorityPath)");
            }
            byte[] authority = options.Authority ?? Identity.ReadFile(options.AuthorityPath, "certificate authority");
            madeTrust = new ServerTrust(authority, options.AuthorityPath ?? "the given authority");
            var made = new List<Transport>();
            try
            {
                foreach (Identity identity in options.Identities)
                {
                    // The next of several may not be there yet; the last that is looked at must be, where no other was.
                    bool isLast = identity == options.Identities[options.Identities.Count - 1];
                    if (identity.IsMissing && !(isLast && made.Count == 0)) { continue; }
                    LoadedIdentity loaded = identity.Load(Storage);
                    made.Add(new Transport(madeTrust, loaded, options.TlsVersions, options.Compression));
                }
            }
            catch
            {
                made.ForEach(transport => transport.Release());
                throw;
            }
            // Without an identity a connection is still made; the exchange then refuses every call with a problem that says so.
            if (made.Count == 0) { made.Add(new Transport(madeTrust, null, options.TlsVersions, options.Compression)); }
            return made;
        }

        private static Uri CheckedUrl(string url)
        {
            if (string.IsNullOrWhiteSpace(url)) { throw TdamException.Configuration("no address: give the exchange's `https://host:port`"); }
            if (!Uri.TryCreate(url.Trim(), UriKind.Absolute, out Uri parsed))
            {
                throw TdamException.Configuration("`" + url + "` is no address: give `https://host:port`");
            }
            if (parsed.Scheme != "https")
            {
                throw TdamException.Configuration("`" + url + "` is not safe: the exchange is reached by `https://` only");
            }
            if (parsed.UserInfo.Length > 0 || parsed.PathAndQuery != "/" || parsed.Fragment.Length > 0)
            {
                throw TdamException.Configuration("`" + parsed.Host + "` is followed or preceded by more than a port: give `https://host:port`");
            }
            return parsed;
        }
    }
}
