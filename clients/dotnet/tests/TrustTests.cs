using System.IO;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Tdam.Client.Tests
{
    /// <summary>Which servers are the exchange, with certificates that OpenSSL makes.</summary>
    internal static class TrustTests
    {
        private const SslPolicyErrors Unknown = SslPolicyErrors.RemoteCertificateChainErrors;

        [Test]
        private static void OnlyAServerOfTheGivenAuthorityIsTheExchange()
        {
            KeyTests.InFolder(folder =>
            {
                // Two authorities of one name, as those of two environments may be.
                Authority(folder, "ours");
                Authority(folder, "theirs");
                Server(folder, "server", "ours", "serverAuth", 5);
                Demand.Equal(null, Judge(folder, "ours", "server", Unknown));
                Demand.True(Judge(folder, "theirs", "server", Unknown).Contains("not signed by the given certificate authority"), "theirs");
                // What the machine trusts does not count: the platform found no fault.
                Demand.True(Judge(folder, "theirs", "server", SslPolicyErrors.None).Contains("not signed"), "trusted by the machine");
                Demand.True(Judge(folder, "server", "server", Unknown).Contains("not signed"), "a server's certificate is no authority");
                Demand.True(Judge(folder, "ours", "ours", Unknown).Contains("not signed"), "an authority is no server");
                File.WriteAllText(folder + "/both.pem", File.ReadAllText(folder + "/theirs.pem") + File.ReadAllText(folder + "/ours.pem"));
                Demand.Equal(null, Judge(folder, "both", "server", Unknown));
                Demand.True(
                    Judge(folder, "ours", "server", Unknown | SslPolicyErrors.RemoteCertificateNameMismatch).Contains("another host name"), "name");
            });
        }

        [Test]
        private static void AServersCertificateMustBeValidAndForServers()
        {
            KeyTests.InFolder(folder =>
            {
                Authority(folder, "ours");
                Server(folder, "client", "ours", "clientAuth", 5);
                Demand.True(Judge(folder, "ours", "client", Unknown).Contains("cannot be trusted"), "for clients");
                Server(folder, "ended", "ours", "serverAuth", -1);
                Demand.True(Judge(folder, "ours", "ended", Unknown).Contains("clock"), "ended");
            });
        }

        [Test]
        private static void AnIntermediateAuthorityThatIsGivenMakesTheChain()
        {
            KeyTests.InFolder(folder =>
            {
                Authority(folder, "root");
                Issue(folder, "issuing", "root", "basicConstraints=critical,CA:true\\nkeyUsage=keyCertSign", 5);
                Server(folder, "server", "issuing", "serverAuth", 5);
                Demand.True(Judge(folder, "root", "server", Unknown).Contains("not signed"), "the intermediate one is missing");
                File.WriteAllText(folder + "/bundle.pem", File.ReadAllText(folder + "/root.pem") + File.ReadAllText(folder + "/issuing.pem"));
                Demand.Equal(null, Judge(folder, "bundle", "server", Unknown));
                Demand.Equal(null, Judge(folder, "issuing", "server", Unknown));
            });
        }

        private static string Judge(string folder, string authority, string server, SslPolicyErrors errors)
        {
            var trust = new ServerTrust(File.ReadAllBytes(folder + "/" + authority + ".pem"), authority);
            using (var certificate = new X509Certificate2(folder + "/" + server + ".pem")) { return trust.Refuse(certificate, null, errors); }
        }

        private static void Authority(string folder, string name) =>
            KeyTests.OpenSsl(folder, "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Root -days 9 -keyout " + name + ".key -out " + name + ".pem");

        private static void Server(string folder, string name, string issuer, string usage, int days) =>
            Issue(folder, name, issuer, "subjectAltName=IP:127.0.0.1\\nextendedKeyUsage=" + usage, days);

        private static void Issue(string folder, string name, string issuer, string extensions, int days)
        {
            KeyTests.OpenSsl(folder, "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name + " -keyout " + name + ".key -out request.pem");
            KeyTests.OpenSsl(
                folder,
                "x509 -req -in request.pem -CA " + issuer + ".pem -CAkey " + issuer + ".key -days " + days + " -out " + name + ".pem -extfile - <<EOF\n"
                + extensions.Replace("\\n", "\n") + "\nEOF");
        }
    }
}
