using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Tdam.Client.Tests
{
    /// <summary>What the library reads and writes as text: JSON, header fields, messages, settings.</summary>
    internal static class TextTests
    {
        [Test]
        private static void JsonIsReadWholeAndUnknownMembersDoNoHarm()
        {
            Json json = Json.Parse("\uFEFF {\"a\":\"x\\u0101\\n\\\"\",\"n\":-12,\"f\":1.5e3,\"t\":true,\"z\":null,\"l\":[1,{\"b\":\"2\"}],\"new\":{\"deep\":[[[]]]}} ");
            Demand.Equal("xā\n\"", json.Text("a"));
            Demand.Equal(-12L, json.Number("n"));
            Demand.Equal("1.5e3", json.Text("f"));
            Demand.True(json.Flag("t") && !json.Flag("z") && !json.Flag("missing"), "flags");
            Demand.Equal(null, json.TextOrNull("z"));
            Demand.Equal("2", json["l"].Items[1].Text("b"));
            Demand.Equal("", json["missing"]["deeper"].Text("still"));
            Demand.Equal(null, json.Number("a"));
            foreach (string bad in new[] { "", "{", "{\"a\"}", "[1,]", "{\"a\":1,}", "\"\t\"", "nul", "NaN", "{}x", "\"\\q\"", "\"\\u12\"", new string('[', 100000) })
            {
                Demand.Throws<FormatException>(() => Json.Parse(bad));
            }
        }

        [Test]
        private static void WarningsAreReadAndEachEndIsToldOnce()
        {
            var told = new List<string>();
            var listener = new WarningListener(warning => told.Add(warning.Code + " " + warning.What + " " + warning.DaysLeft + " " + warning.Ends));
            listener.Hear(new[] { "TDAM-1071;days=12;ends=\"2026-12-31\"" });
            listener.Hear(new[] { "TDAM-1071;days=11;ends=\"2026-12-31\", TDAM-1072;days=40;ends=\"2027-01-28\"" });
            listener.Hear(new[] { "A-1;new=1;days=soon;ends=\"\u001b[2J\", ;days=1, A B" });
            Demand.Equal("TDAM-1071 certificate 12 2026-12-31|TDAM-1072 registration 40 2027-01-28|A-1 other  ", string.Join("|", told));
            listener.Hear(new[] { string.Join(",", Enumerable.Range(0, 100).Select(i => "B-" + i)) });
            Demand.Equal(Bounds.WarningsMax, told.Count);
        }

        [Test]
        private static void LinksAreFoundByTheirRelation()
        {
            const string Field = "</v1/reports/7?page=1>; rel=\"prev\", </v1/reports/7?page=3>; rel=\"next\"";
            Demand.Equal("/v1/reports/7?page=3", Reply.LinkTarget(Field, "next"));
            Demand.Equal(null, Reply.LinkTarget(Field, "last"));
            Demand.Equal(null, Reply.LinkTarget(null, "next"));
            Demand.Equal(null, Reply.LinkTarget(",>;<", "next"));
        }

        [Test]
        private static void PausesDoubleUpToTheirBoundAndHeedTheExchange()
        {
            var retries = new Retries(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));
            for (int attempt = 1; attempt < 60; attempt++)
            {
                double least = Math.Min(100 * Math.Pow(2, attempt - 1), 2000);
                double pause = retries.PauseAfter(attempt, null).TotalMilliseconds;
                Demand.True(pause >= least && pause <= least * 1.25, "attempt " + attempt + ": " + pause);
            }
            Demand.True(retries.PauseAfter(1, TimeSpan.FromSeconds(1)) >= TimeSpan.FromSeconds(1), "asked for");
            Demand.True(retries.PauseAfter(1, TimeSpan.FromHours(1)) <= TimeSpan.FromSeconds(2.5), "no longer than the bound");
        }

        [Test]
        private static void RequestIdsThatCouldSpoilALogAreNotSent()
        {
            RequestText.CheckId("0b6f1e9e-7a53_4f0e.8d8c:8a2c");
            foreach (string bad in new[] { "", "a b", "a\u001b[2J", "ā", new string('a', 65) })
            {
                Demand.Equal(ErrorKind.Configuration, Demand.Throws<TdamException>(() => RequestText.CheckId(bad)).Kind);
            }
        }

        [Test]
        private static void SubjectsAreReadAsOpenSslWritesThem()
        {
            IReadOnlyList<KeyValuePair<string, string>> parts = CertificateRequestWriter.Parts(@"/O=A\/CN\=B\+C\\/CN=O'Brien\, x\=1");
            Demand.Equal(@"O:A/CN=B+C\|CN:O'Brien, x=1", string.Join("|", parts.Select(part => part.Key + ":" + part.Value)));
        }

        [Test]
        private static void AddressesThatAreNotSafeAreRefused()
        {
            foreach (string bad in new[] { null, "", "x", "http://a", "ftp://a", "https://u:p@a", "https://a/v1", "https://a?x=1" })
            {
                TdamException error = Demand.Throws<TdamException>(() => new TdamClient(new ClientOptions { Url = bad, Authority = new byte[0] }), "https://");
                Demand.Equal(ErrorKind.Configuration, error.Kind);
            }
            Demand.Throws<TdamException>(() => new TdamClient(new ClientOptions { Url = "https://a" }), "AuthorityPath");
            Demand.Throws<TdamException>(() => new TdamClient(new ClientOptions { Url = "https://a", AuthorityPath = "/none" }), "/none");
        }

        [Test]
        private static void AProblemIsOneSentenceWithWhatToDo()
        {
            Json json = Json.Parse("{\"code\":\"TDAM-9004\",\"title\":\"T\",\"detail\":\"D.\",\"remedy\":\"R.\",\"request_id\":\"7\",\"retry_after_seconds\":3,"
                + "\"texts\":{\"lv\":{\"title\":\"L\"},\"en\":{\"title\":\"E\"}},\"findings\":[{\"code\":\"C\",\"path\":\"/P\",\"line\":4}],\"findings_total\":9}");
            TdamException error = TdamException.Refused(new Problem(503, "x", json, null, null));
            Demand.Equal(ErrorKind.Unavailable, error.Kind);
            Demand.Equal("the exchange cannot answer now: TDAM-9004 D. R. [request 7]", error.Message);
            Demand.Equal(3.0, error.Problem.RetryAfter.Value.TotalSeconds);
            Demand.Equal("L", error.Problem.Titles["lv"]);
            Demand.Equal("/P", error.Problem.Findings[0].Path);
            error.Attempts = 5;
            Demand.True(error.Message.EndsWith("(after 5 attempts)", StringComparison.Ordinal), error.Message);
            TdamException clock = TdamException.Refused(new Problem(401, "x", Json.Parse("{\"code\":\"TDAM-1011\"}"), null, null, TimeSpan.FromMinutes(-10)));
            Demand.True(clock.Message.EndsWith("clock is 600 s behind the exchange's: set it right.", StringComparison.Ordinal), clock.Message);
            Demand.Equal("refused: HTTP 404 Not Found", TdamException.Refused(new Problem(404, "Not Found", Json.Null, null, null)).Message);
        }

        [Test]
        private static void BalancesThatDoNotChainAreFound()
        {
            var chain = new BalanceChain();
            chain.Add(Page("R", "100.00", "CRDT", "70.50", "CRDT", "29.50"));
            chain.Add(Page("R", "70.50", "CRDT", "10.00", "DBIT", "80.50"));
            Demand.True(chain.Holds, string.Join("; ", chain.Faults));
            chain.Add(Page("R", "10.00", "CRDT", "10.00", "CRDT", null));
            Demand.Equal(1, chain.Faults.Count);
            Demand.True(chain.Faults[0].StartsWith("page 3: it begins with 10.00, and the page before ended with -10.00", StringComparison.Ordinal), chain.Faults[0]);
            chain.Add(Page("OTHER", "1.00", "CRDT", "1.01", "CRDT", null));
            Demand.Equal(2, chain.Faults.Count);
            chain.Add(new MemoryStream(Encoding.UTF8.GetBytes("<Document><X><GrpHdr><MsgId>Z</MsgId></GrpHdr><Ntfctn/></X></Document>")));
            Demand.Equal(2, chain.Faults.Count);
            Demand.Equal(4, chain.PagesChecked);
            Demand.Throws<TdamException>(() => chain.Add(new MemoryStream(Encoding.UTF8.GetBytes("{}"))), "no account report");
            Demand.Throws<TdamException>(() => chain.Add(new MemoryStream(Encoding.UTF8.GetBytes("<!DOCTYPE a><a/>"))), "no account report");
        }

        [Test]
        private static void SignaturesVerifyOverTheBaseThatTheStandardDescribes()
        {
            KeyTests.InFolder(folder =>
            {
                foreach (string kind in new[] { "ec -pkeyopt ec_paramgen_curve:P-256", "ec -pkeyopt ec_paramgen_curve:P-384", "rsa:2048" })
                {
                    KeyTests.OpenSsl(folder, "req -x509 -newkey " + kind + " -nodes -subj /CN=test -keyout key.pem -out certificate.pem");
                    Identity identity = Identity.FromPemFiles(folder + "/certificate.pem", folder + "/key.pem");
                    using (LoadedIdentity loaded = identity.Load(X509KeyStorageFlags.DefaultKeySet))
                    {
                        var target = new Uri("https://Exchange.Example:8443/v1/payments?mode=test");
                        SignedFields fields = new RequestSigner(loaded.Certificate).Sign("POST", target, Encoding.UTF8.GetBytes("{\"hello\": \"world\"}"));
                        // RFC 9530, B.1, has this digest.
                        Demand.Equal("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:", fields.ContentDigest);
                        string signed = "\"@method\": POST\n\"@authority\": exchange.example:8443\n"
                            + "\"@target-uri\": https://exchange.example:8443/v1/payments?mode=test\n\"content-digest\": " + fields.ContentDigest
                            + "\n\"@signature-params\": " + fields.SignatureInput.Substring("sig1=".Length);
                        byte[] signature = Convert.FromBase64String(fields.Signature.Substring("sig1=:".Length).TrimEnd(':'));
                        Demand.True(Verifies(loaded.Certificate, Encoding.UTF8.GetBytes(signed), signature), kind);
                    }
                }
            });
        }

        [Test]
        private static void TheLibraryUsesNothingThatNetstandard20Lacks()
        {
            string assembly = typeof(TdamClient).Assembly.Location;
            Demand.Equal("netstandard 2.0.0.0", Members.References(assembly));
            string list = Path.Combine(Environment.GetEnvironmentVariable("TDAM_DOTNET_SOURCES") ?? "clients/dotnet", "tests/netstandard2.0-members.txt");
            var known = new HashSet<string>(File.ReadAllLines(list));
            string[] unknown = Members.UsedBy(assembly).Where(member => !known.Contains(member)).ToArray();
            Demand.Equal(0, unknown.Length, "look these up in the reference of netstandard2.0, then add them to the list: " + string.Join("; ", unknown));
        }

        [Test]
        private static void NoPublicTypeHidesWhatItIs()
        {
            foreach (Type type in typeof(TdamClient).Assembly.GetExportedTypes())
            {
                Demand.Equal("Tdam.Client", type.Namespace, type.Name);
                Demand.True(type.IsSealed || type.IsEnum, type.Name + " is open for deriving");
                Demand.True(type.GetFields(BindingFlags.Public | BindingFlags.Instance).Length == 0 || type.IsEnum, type.Name + " has public fields");
            }
        }

        private static bool Verifies(X509Certificate2 certificate, byte[] signed, byte[] signature)
        {
            using (ECDsa ecdsa = certificate.GetECDsaPublicKey())
            using (RSA rsa = certificate.GetRSAPublicKey())
            {
                return ecdsa != null
                    ? ecdsa.VerifyData(signed, signature, ecdsa.KeySize == 384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256)
                    : rsa.VerifyData(signed, signature, HashAlgorithmName.SHA512, RSASignaturePadding.Pss);
            }
        }

        private static Stream Page(string id, string first, string firstSign, string last, string lastSign, string debit)
        {
            string entry = debit == null ? "" : "<Ntry><Amt Ccy=\"EUR\">" + debit + "</Amt><CdtDbtInd>DBIT</CdtDbtInd>"
                + "<NtryDtls><TxDtls><Amt Ccy=\"EUR\">9999</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls></NtryDtls></Ntry>";
            string Balance(string amount, string sign) => "<Bal><Amt Ccy=\"EUR\">" + amount + "</Amt><CdtDbtInd>" + sign + "</CdtDbtInd></Bal>";
            return new MemoryStream(Encoding.UTF8.GetBytes(
                "<Document xmlns=\"urn:x\"><BkToCstmrAcctRpt><GrpHdr><MsgId>" + id + "</MsgId></GrpHdr><Rpt>" + Balance(first, firstSign)
                + Balance(last, lastSign) + entry + "</Rpt></BkToCstmrAcctRpt></Document>"));
        }
    }
}
