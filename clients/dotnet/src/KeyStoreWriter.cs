using System.Collections.Generic;

namespace Tdam.Client
{
    /// <summary>
    /// Writes PKCS#12 (RFC 7292). It serves twice: it is the only form in which every platform takes a certificate with its key
    /// (Windows' TLS uses no key that exists only in memory), and it is the file that a renewal writes.
    /// </summary>
    internal static class KeyStoreWriter
    {
        private const string DataOid = "1.2.840.113549.1.7.1";
        private const string EncryptedDataOid = "1.2.840.113549.1.7.6";
        private const string KeyBagOid = "1.2.840.113549.1.12.10.1.2";
        private const string CertificateBagOid = "1.2.840.113549.1.12.10.1.3";
        private const string X509Oid = "1.2.840.113549.1.9.22.1";
        private const string LocalKeyOid = "1.2.840.113549.1.9.21";

        /// <summary>What key and certificate have in common; any value serves, and Windows writes this one.</summary>
        private static readonly byte[] Binding = { 1, 0, 0, 0 };

        /// <summary>The first certificate is the key's own.</summary>
        internal static byte[] Write(PrivateKey key, IReadOnlyList<byte[]> chain, string password, PasswordEncryption encryption)
        {
            byte[] attributes = Der.Set(Der.Sequence(Der.Oid(LocalKeyOid), Der.Set(Der.OctetString(Binding))));
            byte[] keyBag = Der.Sequence(
                Der.Oid(KeyBagOid), Der.Explicit(0, encryption.EncryptedPkcs8(key.Pkcs8(), password)), attributes);

            var bags = new byte[chain.Count][];
            for (int i = 0; i < bags.Length; i++)
            {
                byte[] certificate = Der.Explicit(0, Der.Sequence(Der.Oid(X509Oid), Der.Explicit(0, Der.OctetString(chain[i]))));
                bags[i] = i == 0
                    ? Der.Sequence(Der.Oid(CertificateBagOid), certificate, attributes)
                    : Der.Sequence(Der.Oid(CertificateBagOid), certificate);
            }
            byte[] encrypted = encryption.Encrypt(Der.Sequence(bags), password, out byte[] algorithm);
            byte[] certificates = Der.Sequence(
                Der.Oid(EncryptedDataOid),
                Der.Explicit(0, Der.Sequence(Der.Integer(0), Der.Sequence(Der.Oid(DataOid), algorithm, Der.Element(0x80, encrypted)))));

            byte[] safe = Der.Sequence(certificates, Data(Der.Sequence(keyBag)));
            return Der.Sequence(Der.Integer(3), Data(safe), encryption.Mac(safe, password));
        }

        private static byte[] Data(byte[] content) => Der.Sequence(Der.Oid(DataOid), Der.Explicit(0, Der.OctetString(content)));
    }
}
