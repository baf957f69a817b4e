using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Tdam.Client.Tests
{
    /// <summary>Keys, requests and key stores, held against OpenSSL and the framework.</summary>
    internal static class KeyTests
    {
        private static readonly KeyKind[] Kinds = { KeyKind.P256, KeyKind.P384, KeyKind.Rsa2048, KeyKind.Rsa3072 };

        [Test]
        private static void OpenSslVerifiesTheRequestOfEveryKindOfKey()
        {
            InFolder(folder =>
            {
                foreach (KeyKind kind in Kinds)
                {
                    PrivateKey key = PrivateKey.Make(kind);
                    File.WriteAllText(folder + "/request.pem", CertificateRequestWriter.Write(key, "/O=Novads \\/ A/CN=Grāmatvedība, 1"));
                    string shown = OpenSsl(folder, "req -in request.pem -verify -noout -subject -nameopt utf8,sep_comma_plus");
                    Demand.True(shown.Contains("O=Novads / A") && shown.Contains("CN=Grāmatvedība, 1"), kind + ": " + shown);
                    Demand.True(CertificateRequestWriter.IsFor(File.ReadAllBytes(folder + "/request.pem"), key), kind + " is not its own");
                    Demand.True(!CertificateRequestWriter.IsFor(File.ReadAllBytes(folder + "/request.pem"), PrivateKey.Make(KeyKind.P256)), "another's");
                }
            });
        }

        [Test]
        private static void EveryFormOfAKeyThatOpenSslWritesIsReadAndMatchesItsCertificate()
        {
            InFolder(folder =>
            {
                foreach (string kind in new[] { "ec -pkeyopt ec_paramgen_curve:P-256", "ec -pkeyopt ec_paramgen_curve:P-384", "rsa:2048" })
                {
                    OpenSsl(folder, "req -x509 -newkey " + kind + " -nodes -subj /CN=test -days 2 -keyout pkcs8.pem -out certificate.pem");
                    string old = kind.StartsWith("ec", StringComparison.Ordinal) ? "ec" : "rsa -traditional";
                    OpenSsl(folder, old + " -in pkcs8.pem -out old.pem");
                    OpenSsl(folder, "pkcs8 -topk8 -v2 aes-256-cbc -passout pass:geheim -in pkcs8.pem -out encrypted.pem");
                    byte[] certificate = File.ReadAllBytes(folder + "/certificate.pem");
                    foreach (string form in new[] { "pkcs8.pem", "old.pem", "encrypted.pem" })
                    {
                        Identity identity = Identity.FromPem(certificate, File.ReadAllBytes(folder + "/" + form), form == "encrypted.pem" ? "geheim" : null);
                        using (LoadedIdentity loaded = identity.Load(X509KeyStorageFlags.DefaultKeySet))
                        {
                            Demand.True(loaded.Certificate.HasPrivateKey, kind + " " + form);
                            Demand.Equal(64, loaded.Fingerprint.Length);
                        }
                    }
                }
            });
        }

        [Test]
        private static void OurEncryptedKeyIsReadByOpenSslAndByUs()
        {
            InFolder(folder =>
            {
                PrivateKey key = PrivateKey.Make(KeyKind.P256);
                File.WriteAllText(folder + "/key.pem", key.WritePem("pa ss-ā"));
                OpenSsl(folder, "pkey -in key.pem -passin 'pass:pa ss-ā' -noout");
                Demand.Bytes(key.Pkcs8(), PrivateKey.Read(File.ReadAllBytes(folder + "/key.pem"), "pa ss-ā").Pkcs8());
                Demand.Throws<FormatException>(() => PrivateKey.Read(File.ReadAllBytes(folder + "/key.pem"), null), "password");
                Demand.Throws<FormatException>(() => PrivateKey.Read(File.ReadAllBytes(folder + "/key.pem"), "wrong"));
            });
        }

        [Test]
        private static void KeyStoresOfBothProtectionsAreReadByOpenSslAndByTheFramework()
        {
            InFolder(folder =>
            {
                foreach (string kind in new[] { "ec -pkeyopt ec_paramgen_curve:P-256", "rsa:2048" })
                foreach (KeyStoreProtection protection in new[] { KeyStoreProtection.Modern, KeyStoreProtection.Compatible })
                {
                    OpenSsl(folder, "req -x509 -newkey " + kind + " -nodes -subj /CN=test -days 2 -keyout key.pem -out certificate.pem");
                    List<byte[]> chain = LoadedIdentity.ReadChain(File.ReadAllBytes(folder + "/certificate.pem"), "test");
                    PrivateKey key = PrivateKey.Read(File.ReadAllBytes(folder + "/key.pem"), null);
                    File.WriteAllBytes(folder + "/store.p12", KeyStoreWriter.Write(key, chain, "geheim", PasswordEncryption.Of(protection)));
                    string shown = OpenSsl(folder, "pkcs12 -in store.p12 -passin pass:geheim -nodes -info 2>&1");
                    Demand.True(shown.Contains(protection == KeyStoreProtection.Modern ? "AES-256-CBC" : "3-KeyTripleDES"), shown);
                    using (var read = new X509Certificate2(folder + "/store.p12", "geheim"))
                    {
                        Demand.True(read.HasPrivateKey, protection.ToString());
                        Demand.Bytes(chain[0], read.RawData);
                    }
                    TdamException wrong = Demand.Throws<TdamException>(
                        () => Identity.FromPkcs12File(folder + "/store.p12", "wrong").Load(X509KeyStorageFlags.DefaultKeySet), "password is wrong");
                    Demand.Equal(ErrorKind.Configuration, wrong.Kind);
                    Demand.True(!wrong.Message.Contains("geheim"), "it tells the password");
                }
            });
        }

        [Test]
        private static void AKeyOfAnotherCertificateIsRefusedWithWhatToDo()
        {
            InFolder(folder =>
            {
                OpenSsl(folder, "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=a -keyout a-key.pem -out a.pem");
                OpenSsl(folder, "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=b -keyout b-key.pem -out b.pem");
                TdamException error = Demand.Throws<TdamException>(
                    () => Identity.FromPemFiles(folder + "/a.pem", folder + "/b-key.pem").Load(X509KeyStorageFlags.DefaultKeySet), "openssl x509");
                Demand.Equal(ErrorKind.Configuration, error.Kind);
                Demand.Throws<TdamException>(
                    () => Identity.FromPemFiles(folder + "/a-key.pem", folder + "/a-key.pem").Load(X509KeyStorageFlags.DefaultKeySet), "no certificate");
                Demand.Throws<TdamException>(
                    () => Identity.FromPemFiles(folder + "/none.pem", folder + "/a-key.pem").Load(X509KeyStorageFlags.DefaultKeySet), "none.pem");
            });
        }

        [Test]
        private static void ARenewalThatBrokeOffBetweenItsTwoRenamesIsEnded()
        {
            InFolder(folder =>
            {
                foreach (bool isKeyRenamed in new[] { false, true })
                {
                    OpenSsl(folder, "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=old -keyout key.pem -out certificate.pem");
                    OpenSsl(folder, "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=new -keyout key.pem.next -out certificate.pem.next");
                    if (isKeyRenamed) { SecretFile.Move(folder + "/key.pem.next", folder + "/key.pem"); }
                    using (LoadedIdentity loaded =
                        Identity.FromPemFiles(folder + "/certificate.pem", folder + "/key.pem").Load(X509KeyStorageFlags.DefaultKeySet))
                    {
                        Demand.Equal("CN=new", loaded.Certificate.Subject);
                    }
                    Demand.Equal(2, Directory.GetFiles(folder).Length, "files left");
                    foreach (string file in Directory.GetFiles(folder)) { File.Delete(file); }
                }
            });
        }

        [Test]
        private static void SecretFilesAreTheUsersAlone()
        {
            InFolder(folder =>
            {
                SecretFile.Write(folder + "/key.pem", new byte[] { 1, 2, 3 });
                SecretFile.Write(folder + "/key.pem", new byte[] { 4 });
                Demand.Bytes(new byte[] { 4 }, File.ReadAllBytes(folder + "/key.pem"));
                Demand.Equal("600\n", Run("stat -c %a " + folder + "/key.pem"));
                Demand.Equal(1, Directory.GetFiles(folder).Length, "files left");
            });
        }

        [Test]
        private static void DerivesByPbkdf2LikeTheFramework()
        {
            byte[] password = Encoding.UTF8.GetBytes("password");
            byte[] salt = Encoding.UTF8.GetBytes("salt of some bytes");
            using (var theirs = new Rfc2898DeriveBytes(password, salt, 17, HashAlgorithmName.SHA256))
            {
                Demand.Bytes(theirs.GetBytes(70), PasswordEncryption.Pbkdf2(password, salt, 17, 70));
            }
        }

        [Test]
        private static void DerElementsAreWrittenAsTheStandardSays()
        {
            Demand.Bytes(new byte[] { 2, 1, 0 }, Der.Integer(0));
            Demand.Bytes(new byte[] { 2, 2, 0, 128 }, Der.Integer(128));
            Demand.Bytes(new byte[] { 6, 6, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D }, Der.Oid("1.2.840.113549"));
            Demand.Bytes(new byte[] { 4, 0x81, 0x80 }, Part(Der.OctetString(new byte[128]), 3));
            Demand.Bytes(new byte[] { 4, 0x82, 0x01, 0x00 }, Part(Der.OctetString(new byte[256]), 4));
            foreach (string oid in new[] { "1.2.840.10045.3.1.7", "2.5.4.3", "2.16.840.1.101.3.4.1.42", "1.3.132.0.34" })
            {
                Demand.Equal(oid, new DerReader(Der.Oid(oid)).Oid());
            }
            Demand.Throws<FormatException>(() => new DerReader(new byte[] { 0x30, 0x05, 1 }).Enter(Der.SequenceTag));
            Demand.Throws<FormatException>(() => new DerReader(new byte[] { 0x30, 0x84, 255, 255, 255, 255 }).Enter(Der.SequenceTag));
        }

        internal static string OpenSsl(string folder, string arguments) => Run("cd '" + folder + "' && openssl " + arguments);

        internal static void InFolder(Action<string> test)
        {
            string folder = Path.Combine(Path.GetTempPath(), "tdam-tests-" + Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(folder);
            try
            {
                test(folder);
            }
            finally
            {
                Directory.Delete(folder, true);
            }
        }

        private static byte[] Part(byte[] whole, int length)
        {
            var part = new byte[length];
            Buffer.BlockCopy(whole, 0, part, 0, length);
            return part;
        }

        private static string Run(string command)
        {
            var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(command);
            // The library's runtime brings its own OpenSSL; the command is to use the machine's.
            start.Environment.Remove("LD_LIBRARY_PATH");
            using (Process process = Process.Start(start))
            {
                process.StandardInput.Close();
                System.Threading.Tasks.Task<string> errors = process.StandardError.ReadToEndAsync();
                string output = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                if (process.ExitCode != 0) { throw new InvalidDataException(command + ": " + output + errors.Result); }
                return output;
            }
        }
    }
}
