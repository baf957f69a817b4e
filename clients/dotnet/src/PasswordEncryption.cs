using System;
using System.Security.Cryptography;
using System.Text;

namespace Tdam.Client
{
    /// <summary>How a PKCS#12 file is encrypted.</summary>
    /// <example><code>var options = new RenewOptions { Protection = KeyStoreProtection.Compatible };</code></example>
    public enum KeyStoreProtection
    {
        /// <summary>AES-256 and SHA-256, as OpenSSL 3, Java 17 and Windows from Windows 10 1709 on read it.</summary>
        Modern,

        /// <summary>Triple DES and SHA-1, for programs that read nothing newer.</summary>
        Compatible,
    }

    /// <summary>
    /// Encryption by a password: PBES2 with AES-256 (RFC 8018), or that of PKCS#12 with triple DES (RFC 7292, appendix B and C).
    /// Reading knows PBES2 alone, since it is for keys in PEM; key stores are read by the platform.
    /// </summary>
    internal sealed class PasswordEncryption
    {
        internal static readonly PasswordEncryption Modern = new PasswordEncryption(true);
        internal static readonly PasswordEncryption Compatible = new PasswordEncryption(false);

        private const string Pbes2Oid = "1.2.840.113549.1.5.13";
        private const string Pbkdf2Oid = "1.2.840.113549.1.5.12";
        private const string HmacSha256Oid = "1.2.840.113549.2.9";
        private const string Aes256Oid = "2.16.840.1.101.3.4.1.42";
        private const string Aes128Oid = "2.16.840.1.101.3.4.1.2";
        private const string TripleDesOid = "1.2.840.113549.1.12.1.3";
        private const string Sha256Oid = "2.16.840.1.101.3.4.2.1";
        private const string Sha1Oid = "1.3.14.3.2.26";

        private const int Iterations = 10000;
        private const int IterationsMax = 10000000;
        private const int SaltBytes = 16;

        /// <summary>What a derived value is for (RFC 7292, appendix B.3).</summary>
        private const byte ForKey = 1;
        private const byte ForVector = 2;
        private const byte ForMac = 3;

        private readonly bool isModern;

        private PasswordEncryption(bool isModern)
        {
            this.isModern = isModern;
        }

        internal static PasswordEncryption Of(KeyStoreProtection protection) =>
            protection == KeyStoreProtection.Modern ? Modern : Compatible;

        /// <summary>The algorithm with its parameters, and what it made of the content: two elements' contents.</summary>
        internal byte[] Encrypt(byte[] content, string password, out byte[] algorithm)
        {
            byte[] salt = Random(SaltBytes);
            if (!isModern)
            {
                algorithm = Der.Sequence(Der.Oid(TripleDesOid), Der.Sequence(Der.OctetString(salt), Der.Integer(Iterations)));
                byte[] secret = Pkcs12Password(password);
                using (TripleDES cipher = TripleDES.Create())
                {
                    cipher.Key = Derive(secret, salt, ForKey, 24, false);
                    cipher.IV = Derive(secret, salt, ForVector, 8, false);
                    return Through(cipher.CreateEncryptor(), content);
                }
            }
            byte[] vector = Random(16);
            algorithm = Der.Sequence(
                Der.Oid(Pbes2Oid),
                Der.Sequence(
                    Der.Sequence(
                        Der.Oid(Pbkdf2Oid),
                        Der.Sequence(Der.OctetString(salt), Der.Integer(Iterations), Der.Sequence(Der.Oid(HmacSha256Oid), Der.Null()))),
                    Der.Sequence(Der.Oid(Aes256Oid), Der.OctetString(vector))));
            using (Aes cipher = Aes.Create())
            {
                cipher.Key = Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Iterations, 32);
                cipher.IV = vector;
                return Through(cipher.CreateEncryptor(), content);
            }
        }

        /// <summary><c>EncryptedPrivateKeyInfo</c> of PKCS#8.</summary>
        internal byte[] EncryptedPkcs8(byte[] pkcs8, string password)
        {
            byte[] encrypted = Encrypt(pkcs8, password, out byte[] algorithm);
            return Der.Sequence(algorithm, Der.OctetString(encrypted));
        }

        /// <summary><c>MacData</c> of PKCS#12 over the content.</summary>
        internal byte[] Mac(byte[] content, string password)
        {
            byte[] salt = Random(SaltBytes);
            byte[] key = Derive(Pkcs12Password(password), salt, ForMac, isModern ? 32 : 20, isModern);
            using (HMAC mac = isModern ? new HMACSHA256(key) : (HMAC)new HMACSHA1(key))
            {
                byte[] algorithm = Der.Sequence(Der.Oid(isModern ? Sha256Oid : Sha1Oid), Der.Null());
                return Der.Sequence(
                    Der.Sequence(algorithm, Der.OctetString(mac.ComputeHash(content))), Der.OctetString(salt), Der.Integer(Iterations));
            }
        }

        internal static byte[] Decrypt(byte[] encryptedPkcs8, string password)
        {
            DerReader whole = new DerReader(encryptedPkcs8).Enter(Der.SequenceTag);
            DerReader algorithm = whole.Enter(Der.SequenceTag);
            if (algorithm.Oid() != Pbes2Oid) { throw new FormatException(Pem.OldEncryption); }
            DerReader parameters = algorithm.Enter(Der.SequenceTag);
            DerReader derivation = parameters.Enter(Der.SequenceTag);
            if (derivation.Oid() != Pbkdf2Oid) { throw new FormatException(Pem.OldEncryption); }
            DerReader pbkdf2 = derivation.Enter(Der.SequenceTag);
            byte[] salt = pbkdf2.Content(Der.OctetStringTag);
            int iterations = pbkdf2.SmallInteger();
            if (pbkdf2.IsNext(Der.IntegerTag)) { pbkdf2.SmallInteger(); }
            bool isSha256 = pbkdf2.IsNext(Der.SequenceTag) && pbkdf2.Enter(Der.SequenceTag).Oid() == HmacSha256Oid;
            DerReader encryption = parameters.Enter(Der.SequenceTag);
            string kind = encryption.Oid();
            if (!isSha256 || iterations > IterationsMax || (kind != Aes256Oid && kind != Aes128Oid)) { throw new FormatException(Pem.OldEncryption); }
            using (Aes cipher = Aes.Create())
            {
                cipher.Key = Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, kind == Aes256Oid ? 32 : 16);
                cipher.IV = encryption.Content(Der.OctetStringTag);
                try
                {
                    return Through(cipher.CreateDecryptor(), whole.Content(Der.OctetStringTag));
                }
                catch (CryptographicException)
                {
                    throw new FormatException("the password does not open the key");
                }
            }
        }

        internal static byte[] Random(int bytes)
        {
            var random = new byte[bytes];
            using (RandomNumberGenerator generator = RandomNumberGenerator.Create()) { generator.GetBytes(random); }
            return random;
        }

        /// <summary>PBKDF2 with HMAC-SHA-256 (RFC 8018, 5.2); the framework's own knows SHA-1 alone in this target.</summary>
        internal static byte[] Pbkdf2(byte[] password, byte[] salt, int iterations, int bytes)
        {
            var derived = new byte[bytes];
            using (var mac = new HMACSHA256(password))
            {
                for (int begin = 0, block = 1; begin < bytes; begin += 32, block++)
                {
                    var first = new byte[salt.Length + 4];
                    Buffer.BlockCopy(salt, 0, first, 0, salt.Length);
                    first[salt.Length + 3] = (byte)block;
                    byte[] sum = mac.ComputeHash(first);
                    byte[] last = sum;
                    for (int i = 1; i < iterations; i++)
                    {
                        last = mac.ComputeHash(last);
                        sum = Xor(sum, last);
                    }
                    Buffer.BlockCopy(sum, 0, derived, begin, Math.Min(32, bytes - begin));
                }
            }
            return derived;
        }

        /// <summary>The derivation of PKCS#12 (RFC 7292, appendix B.2); names of its variables are those of the standard.</summary>
        private static byte[] Derive(byte[] password, byte[] salt, byte purpose, int bytes, bool isSha256)
        {
            const int v = 64;
            byte[] saltPart = Repeated(salt, v);
            byte[] passwordPart = Repeated(password, v);
            var i = new byte[saltPart.Length + passwordPart.Length];
            Buffer.BlockCopy(saltPart, 0, i, 0, saltPart.Length);
            Buffer.BlockCopy(passwordPart, 0, i, saltPart.Length, passwordPart.Length);
            var derived = new byte[bytes];
            using (HashAlgorithm hash = isSha256 ? SHA256.Create() : (HashAlgorithm)SHA1.Create())
            {
                for (int begin = 0; begin < bytes;)
                {
                    var input = new byte[v + i.Length];
                    for (int j = 0; j < v; j++) { input[j] = purpose; }
                    Buffer.BlockCopy(i, 0, input, v, i.Length);
                    byte[] a = hash.ComputeHash(input);
                    for (int round = 1; round < Iterations; round++) { a = hash.ComputeHash(a); }
                    int taken = Math.Min(a.Length, bytes - begin);
                    Buffer.BlockCopy(a, 0, derived, begin, taken);
                    begin += taken;
                    byte[] b = new byte[v];
                    for (int j = 0; j < v; j++) { b[j] = a[j % a.Length]; }
                    for (int block = 0; block < i.Length; block += v) { AddOneAnd(i, block, b); }
                }
            }
            return derived;
        }

        /// <summary>The block at this place and <c>b</c> and one, as numbers, without what overflows.</summary>
        private static void AddOneAnd(byte[] i, int block, byte[] b)
        {
            int carry = 1;
            for (int j = b.Length - 1; j >= 0; j--)
            {
                carry += i[block + j] + b[j];
                i[block + j] = (byte)carry;
                carry >>= 8;
            }
        }

        private static byte[] Repeated(byte[] what, int unit)
        {
            var repeated = new byte[(what.Length + unit - 1) / unit * unit];
            for (int i = 0; i < repeated.Length; i++) { repeated[i] = what[i % what.Length]; }
            return repeated;
        }

        /// <summary>Two-byte units, the higher byte first, with a zero at the end.</summary>
        private static byte[] Pkcs12Password(string password) => Encoding.BigEndianUnicode.GetBytes(password + "\0");

        private static byte[] Through(ICryptoTransform transform, byte[] content)
        {
            using (transform) { return transform.TransformFinalBlock(content, 0, content.Length); }
        }

        private static byte[] Xor(byte[] one, byte[] other)
        {
            var both = new byte[one.Length];
            for (int i = 0; i < one.Length; i++) { both[i] = (byte)(one[i] ^ other[i]); }
            return both;
        }
    }
}
