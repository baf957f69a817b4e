using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tdam.Client
{
    /// <summary>
    /// A certificate with its private key: as PEM or PKCS#12, from files or bytes. A client takes several and uses the newest that
    /// is valid, so that the old and the new one overlap; one of several whose certificate file is not there yet is passed over.
    /// </summary>
    /// <example><code>
    /// options.Identities.Add(Identity.FromPemFiles("certificate.pem", "key.pem"));
    /// options.Identities.Add(Identity.FromPkcs12File("certificate.p12", "sandbox"));
    /// </code></example>
    public sealed class Identity
    {
        private readonly byte[] certificateBytes;
        private readonly byte[] keyBytes;

        private Identity(string certificatePath, string keyPath, byte[] certificateBytes, byte[] keyBytes, bool isPkcs12, string password)
        {
            CertificatePath = certificatePath;
            KeyPath = keyPath;
            this.certificateBytes = certificateBytes;
            this.keyBytes = keyBytes;
            IsPkcs12 = isPkcs12;
            Password = password;
        }

        internal string CertificatePath { get; }

        internal string KeyPath { get; }

        internal bool IsPkcs12 { get; }

        internal string Password { get; }

        internal bool IsFromFiles => CertificatePath != null;

        internal bool IsMissing => IsFromFiles && !File.Exists(CertificatePath);

        /// <summary>How error texts call it.</summary>
        internal string Name => CertificatePath ?? (IsPkcs12 ? "the given PKCS#12 bytes" : "the given certificate");

        /// <summary>A certificate, followed by its chain if it has one, and its key, in two PEM files.</summary>
        /// <param name="certificatePath">The certificate; the first one in the file is the key's own.</param>
        /// <param name="keyPath">The key: PKCS#8, also encrypted, SEC 1 or PKCS#1.</param>
        /// <param name="keyPassword">The password of an encrypted key; null for a key without one.</param>
        /// <returns>The identity. The files are read when a client is made with it.</returns>
        /// <example><code>Identity identity = Identity.FromPemFiles("certificate.pem", "key.pem");</code></example>
        public static Identity FromPemFiles(string certificatePath, string keyPath, string keyPassword = null)
        {
            return new Identity(Required(certificatePath, nameof(certificatePath)), Required(keyPath, nameof(keyPath)), null, null, false, keyPassword);
        }

        /// <summary>The same from bytes.</summary>
        /// <param name="certificate">The content of a PEM file with the certificate.</param>
        /// <param name="key">The content of a PEM file with the key.</param>
        /// <param name="keyPassword">The password of an encrypted key; null for a key without one.</param>
        /// <returns>The identity.</returns>
        /// <example><code>
        /// Identity identity = Identity.FromPem(File.ReadAllBytes("certificate.pem"), File.ReadAllBytes("key.pem"));
        /// </code></example>
        public static Identity FromPem(byte[] certificate, byte[] key, string keyPassword = null)
        {
            return new Identity(null, null, Required(certificate, nameof(certificate)), Required(key, nameof(key)), false, keyPassword);
        }

        /// <summary>A PKCS#12 file (<c>.p12</c>, <c>.pfx</c>) with certificate, chain and key.</summary>
        /// <param name="path">The file.</param>
        /// <param name="password">Its password.</param>
        /// <returns>The identity. The file is read when a client is made with it.</returns>
        /// <example><code>Identity identity = Identity.FromPkcs12File("certificate.p12", "sandbox");</code></example>
        public static Identity FromPkcs12File(string path, string password)
        {
            return new Identity(Required(path, nameof(path)), null, null, null, true, password ?? "");
        }

        /// <summary>The same from bytes.</summary>
        /// <param name="keyStore">The content of a PKCS#12 file.</param>
        /// <param name="password">Its password.</param>
        /// <returns>The identity.</returns>
        /// <example><code>Identity identity = Identity.FromPkcs12(File.ReadAllBytes("certificate.p12"), "sandbox");</code></example>
        public static Identity FromPkcs12(byte[] keyStore, string password)
        {
            return new Identity(null, null, Required(keyStore, nameof(keyStore)), null, true, password ?? "");
        }

        internal LoadedIdentity Load(X509KeyStorageFlags storage)
        {
            if (IsFromFiles && !IsPkcs12) { RenewedFiles.Finish(this); }
            byte[] certificate = certificateBytes ?? ReadFile(CertificatePath, "certificate");
            if (IsPkcs12) { return LoadedIdentity.OfPkcs12(this, certificate, Password, storage); }
            byte[] key = keyBytes ?? ReadFile(KeyPath, "private key");
            return LoadedIdentity.OfPem(this, certificate, key, storage);
        }

        internal static byte[] ReadFile(string path, string what)
        {
            try
            {
                if (new FileInfo(path).Length > Bounds.KeyFileBytesMax)
                {
                    throw TdamException.Configuration(path + " is too large to be a " + what + "; give the right file");
                }
                return File.ReadAllBytes(path);
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException || error is ArgumentException)
            {
                throw TdamException.Configuration(
                    "the " + what + " cannot be read: " + error.Message + " Give the path of the file, and let this program's user read it", error);
            }
        }

        private static T Required<T>(T value, string name) where T : class => value ?? throw new ArgumentNullException(name);
    }

    /// <summary>An identity in the form that the platform's TLS takes, with the parts that renewal and signing need.</summary>
    internal sealed class LoadedIdentity : IDisposable
    {
        private LoadedIdentity(Identity source, X509Certificate2 certificate)
        {
            Source = source;
            Certificate = certificate;
            using (SHA256 sha256 = SHA256.Create())
            {
                Fingerprint = BitConverter.ToString(sha256.ComputeHash(certificate.RawData)).Replace("-", "").ToLowerInvariant();
            }
        }

        internal Identity Source { get; }

        internal X509Certificate2 Certificate { get; }

        /// <summary>SHA-256 of the certificate in lower-case hexadecimal digits: the <c>keyid</c> of its signatures.</summary>
        internal string Fingerprint { get; }

        internal static LoadedIdentity OfPem(Identity source, byte[] certificateFile, byte[] keyFile, X509KeyStorageFlags storage)
        {
            List<byte[]> chain = ReadChain(certificateFile, source.Name);
            PrivateKey key;
            string keyName = source.KeyPath ?? "the given private key";
            try
            {
                key = PrivateKey.Read(keyFile, source.Password);
            }
            catch (FormatException error)
            {
                throw TdamException.Configuration(keyName + " cannot be used: " + error.Message, error);
            }
            return OfKey(source, chain, key, storage);
        }

        internal static LoadedIdentity OfKey(Identity source, IReadOnlyList<byte[]> chain, PrivateKey key, X509KeyStorageFlags storage)
        {
            bool fits;
            using (X509Certificate2 own = ReadCertificate(chain[0], source.Name))
            {
                try
                {
                    key.Complete(own);
                    fits = key.IsOf(own);
                }
                catch (FormatException)
                {
                    fits = false;
                }
            }
            if (!fits)
            {
                throw TdamException.Configuration(
                    "the private key " + (source.KeyPath ?? "given") + " is not that of the first certificate in " + source.Name
                    + ". Give the two files that were made together, your own certificate first, then its issuers. "
                    + "These print the same for a pair: `openssl x509 -in certificate.pem -noout -pubkey` and `openssl pkey -in key.pem -pubout`");
            }
            // Every platform takes a key together with its certificate by PKCS#12; the password lives as long as this call.
            string password = Convert.ToBase64String(PasswordEncryption.Random(24));
            byte[] keyStore = KeyStoreWriter.Write(key, chain, password, ReadByPlatform);
            return OfPkcs12(source, keyStore, password, storage);
        }

        /// <summary>Older Windows reads triple DES alone; a Linux machine that is held to FIPS reads AES alone.</summary>
        private static PasswordEncryption ReadByPlatform =>
            RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? PasswordEncryption.Modern : PasswordEncryption.Compatible;

        internal static LoadedIdentity OfPkcs12(Identity source, byte[] keyStore, string password, X509KeyStorageFlags storage)
        {
            var all = new X509Certificate2Collection();
            try
            {
                all.Import(keyStore, password, storage);
            }
            catch (CryptographicException error)
            {
                bool isPkcs12 = keyStore.Length > 0 && keyStore[0] == Der.SequenceTag;
                string reason = isPkcs12
                    ? " does not open. Most likely its password is wrong; after an enrolment the password is the code without its hyphens. If "
                        + "`openssl pkcs12 -info -noout -in FILE` opens it with this password, the platform does not read its encryption: export it anew"
                    : " is no PKCS#12 file";
                throw TdamException.Configuration(source.Name + reason + " (" + error.Message + ")", error);
            }
            X509Certificate2 own = null;
            foreach (X509Certificate2 one in all)
            {
                if (own == null && one.HasPrivateKey) { own = one; } else { one.Dispose(); }
            }
            if (own == null) { throw TdamException.Configuration(source.Name + " holds no private key; export it again together with its key"); }
            return new LoadedIdentity(source, own);
        }

        internal bool IsValidAt(DateTime now) => Certificate.NotBefore <= now && now <= Certificate.NotAfter;

        public void Dispose() => Certificate.Dispose();

        internal static List<byte[]> ReadChain(byte[] pem, string name)
        {
            List<byte[]> chain;
            try
            {
                chain = Pem.Read(pem, Pem.Certificate);
            }
            catch (FormatException error)
            {
                throw TdamException.Configuration(name + " is no PEM file: " + error.Message, error);
            }
            if (chain.Count == 0)
            {
                throw TdamException.Configuration(
                    name + " holds no certificate (`-----BEGIN CERTIFICATE-----`); DER is turned into PEM by `openssl x509 -inform DER -in FILE`");
            }
            return chain;
        }

        internal static X509Certificate2 ReadCertificate(byte[] der, string name)
        {
            try
            {
                return new X509Certificate2(der);
            }
            catch (CryptographicException error)
            {
                throw TdamException.Configuration(name + " holds an unreadable certificate: " + error.Message, error);
            }
        }
    }
}
