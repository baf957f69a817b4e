using System;
using System.Collections.Generic;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tdam.Client
{
    /// <summary>
    /// Decides whether a server is the exchange: its certificate leads to one of the given authorities, is valid now, is for servers,
    /// and names the host. What the machine trusts otherwise does not count.
    /// </summary>
    /// <remarks>
    /// The target framework has no trust store of its own for a chain, so the platform builds the chain with unknown roots allowed,
    /// and this class then demands that the chain ends in a given authority, byte for byte, and that every other status is clean.
    /// </remarks>
    internal sealed class ServerTrust
    {
        private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

        /// <summary>What may be wrong with a chain that ends in an authority that only we trust.</summary>
        private const X509ChainStatusFlags Expected = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

        private readonly List<byte[]> authorities;

        internal ServerTrust(byte[] authorityPem, string name)
        {
            authorities = LoadedIdentity.ReadChain(authorityPem, name);
            foreach (byte[] authority in authorities)
            {
                using (LoadedIdentity.ReadCertificate(authority, name)) { }
            }
        }

        /// <summary>Why the server is not trusted; null when it is.</summary>
        internal string Refuse(X509Certificate2 server, X509Chain sent, SslPolicyErrors errors)
        {
            if (server == null || (errors & SslPolicyErrors.RemoteCertificateNotAvailable) != 0) { return "it shows no certificate"; }
            var own = new List<X509Certificate2>();
            try
            {
                using (var chain = new X509Chain())
                {
                    chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                    chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
                    chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
                    foreach (byte[] authority in authorities)
                    {
                        var certificate = new X509Certificate2(authority);
                        own.Add(certificate);
                        chain.ChainPolicy.ExtraStore.Add(certificate);
                    }
                    if (sent != null)
                    {
                        foreach (X509ChainElement element in sent.ChainElements) { chain.ChainPolicy.ExtraStore.Add(element.Certificate); }
                    }
                    chain.Build(server);
                    string reason = Judge(chain);
                    if (reason != null) { return reason; }
                }
            }
            finally
            {
                own.ForEach(certificate => certificate.Dispose());
            }
            return (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0
                ? null
                : "its certificate is for another host name; use the address that the certificate names";
        }

        private string Judge(X509Chain chain)
        {
            X509ChainStatusFlags found = X509ChainStatusFlags.NoError;
            int anchor = -1;
            for (int i = 0; i < chain.ChainElements.Count && anchor < 0; i++)
            {
                X509ChainElement element = chain.ChainElements[i];
                if (i > 0 && IsAuthority(element.Certificate)) { anchor = i; }
                foreach (X509ChainStatus status in element.ChainElementStatus) { found |= status.Status; }
            }
            // Some faults stand with the chain alone, not with an element.
            foreach (X509ChainStatus status in chain.ChainStatus)
            {
                if (anchor == chain.ChainElements.Count - 1) { found |= status.Status; }
            }
            if (anchor < 0 || (found & X509ChainStatusFlags.NotSignatureValid) != 0)
            {
                return "its certificate is not signed by the given certificate authority; check the address and the authority's PEM file, "
                    + "and whether a proxy in between opens TLS";
            }
            if ((found & X509ChainStatusFlags.NotTimeValid) != 0)
            {
                return "its certificate is not valid today; check this machine's clock (it says "
                    + DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture)
                    + " UTC), or tell the operator";
            }
            X509ChainStatusFlags rest = found & ~Expected;
            return rest == X509ChainStatusFlags.NoError ? null : "its certificate cannot be trusted (" + rest + "); tell the operator";
        }

        private bool IsAuthority(X509Certificate2 certificate) => authorities.Exists(one => PrivateKey.Same(one, certificate.RawData));
    }
}
