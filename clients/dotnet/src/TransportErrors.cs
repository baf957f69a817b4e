using System;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Tdam.Client
{
    /// <summary>Turns the platform's nested exceptions into one that says what happened and what to do.</summary>
    internal static class TransportErrors
    {
        /// <summary>OpenSSL's names of alerts by which a server refuses a client's certificate.</summary>
        private static readonly string[] CertificateAlerts =
        {
            "unknown ca", "bad certificate", "certificate expired", "certificate revoked", "certificate unknown",
            "unsupported certificate", "access denied", "decrypt error",
        };

        /// <summary>What the platform says when the first bytes of the other side are no TLS.</summary>
        private const string NoTls = "unexpected packet format";

        private const string ClosedInHandshake = "closed the transport stream";

        internal static TdamException Of(string url, Exception error, string refusal)
        {
            string texts = "";
            bool isTls = false;
            Exception innermost = error;
            for (Exception one = error; one != null; one = one.InnerException)
            {
                if (one is TdamException own) { return own; }
                innermost = one;
                texts += one.Message + "\n";
                isTls |= one is AuthenticationException || one.GetType().Name.IndexOf("Ssl", StringComparison.Ordinal) >= 0;
            }
            texts = texts.ToLowerInvariant();
            // A server that goes away in the handshake is a lost connection, whatever class the platform gives it.
            bool isLost = innermost is SocketException || texts.Contains(ClosedInHandshake) || texts.Contains("unexpected eof");
            isTls |= texts.Contains(NoTls);
            if (refusal != null && isTls) { return Tls(url, refusal, error, false); }
            if (isTls && !isLost) { return OfTls(url, texts, innermost, error); }
            return new TdamException(ErrorKind.Connection, Lost(url, innermost, texts), error);
        }

        private static string Lost(string url, Exception innermost, string texts)
        {
            const string Advice = "; check the address and that the service runs, then send the same bytes again";
            if (texts.Contains(ClosedInHandshake))
            {
                return "no connection to " + url + ": the other side closed it during the TLS handshake" + Advice;
            }
            string what = innermost is SocketException ? "no connection to " : "the connection was lost to ";
            return what + url + ": " + innermost.Message.TrimEnd(new[] { '.' }) + Advice;
        }

        private static TdamException OfTls(string url, string texts, Exception innermost, Exception error)
        {
            foreach (string alert in CertificateAlerts)
            {
                if (texts.Contains("alert " + alert))
                {
                    return Tls(
                        url,
                        "it does not accept the client certificate (" + alert + "); check that it is the online user's, of this environment, "
                        + "not expired, not revoked",
                        error,
                        true);
                }
            }
            if (texts.Contains("wrong version number") || texts.Contains(NoTls))
            {
                return Tls(url, "it speaks no TLS there; use the port for clients, and https", error, false);
            }
            if (texts.Contains("alert certificate required") || texts.Contains("alert handshake failure"))
            {
                return Tls(url, "it asks for a client certificate and takes none that was given; set the online user's certificate and key", error, true);
            }
            if (texts.Contains("alert protocol version"))
            {
                return Tls(url, "both sides have no TLS version in common; leave TlsVersions at its default", error, false);
            }
            return Tls(url, innermost.Message + "; check the address, the authority's PEM file and the certificate", error, false);
        }

        private static TdamException Tls(string url, string what, Exception error, bool isClients)
        {
            return new TdamException(ErrorKind.Tls, "no secure connection to " + url + ": " + what, error) { ClientCertificateRefused = isClients };
        }
    }
}
