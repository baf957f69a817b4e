using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tdam.Client
{
    /// <summary>Kinds of keys that the exchange accepts and this library makes.</summary>
    /// <example><code>var options = new RenewOptions { KeyKind = KeyKind.P384 };</code></example>
    public enum KeyKind
    {
        /// <summary>ECDSA on the curve P-256; the usual choice.</summary>
        P256,

        /// <summary>ECDSA on the curve P-384.</summary>
        P384,

        /// <summary>RSA with 2048 bits.</summary>
        Rsa2048,

        /// <summary>RSA with 3072 bits.</summary>
        Rsa3072,
    }

    /// <summary>
    /// A private key out of a file, or a new one. The target framework reads neither PEM nor PKCS#8, so this class knows the three
    /// forms in which OpenSSL writes keys: PKCS#8 (also encrypted), SEC 1 for EC, and PKCS#1 for RSA.
    /// </summary>
    internal sealed class PrivateKey
    {
        private const string RsaOid = "1.2.840.113549.1.1.1";
        private const string EcOid = "1.2.840.10045.2.1";
        private const string P256Oid = "1.2.840.10045.3.1.7";
        private const string P384Oid = "1.3.132.0.34";

        /// <summary>PKCS#1 for RSA; for EC the private number.</summary>
        private readonly byte[] secret;
        private readonly string curve;
        private byte[] point;

        private PrivateKey(string curve, byte[] secret, byte[] point)
        {
            this.curve = curve;
            this.secret = secret;
            this.point = point;
        }

        internal bool IsEc => curve != null;

        internal int NumberBytes => curve == P384Oid ? 48 : 32;

        internal static PrivateKey Read(byte[] file, string password)
        {
            foreach (KeyValuePair<string, byte[]> block in Pem.Read(file))
            {
                switch (block.Key)
                {
                    case Pem.PrivateKey: return OfPkcs8(block.Value);
                    case Pem.EncryptedPrivateKey:
                        if (password == null) { throw new FormatException("the key is encrypted; give its password"); }
                        return OfPkcs8(PasswordEncryption.Decrypt(block.Value, password));
                    case "EC PRIVATE KEY": return OfSec1(new DerReader(block.Value).Enter(Der.SequenceTag), null);
                    case "RSA PRIVATE KEY": return new PrivateKey(null, block.Value, null);
                }
            }
            throw new FormatException("it holds no private key (`-----BEGIN PRIVATE KEY-----`)");
        }

        internal static PrivateKey Make(KeyKind kind)
        {
            if (kind == KeyKind.Rsa2048 || kind == KeyKind.Rsa3072)
            {
                int bits = kind == KeyKind.Rsa2048 ? 2048 : 3072;
                using (RSA rsa = RSA.Create())
                {
                    rsa.KeySize = bits;
                    RSAParameters made = rsa.ExportParameters(true);
                    if (made.Modulus.Length * 8 != bits)
                    {
                        throw TdamException.Configuration("this platform makes no RSA keys of that size; choose KeyKind.P256");
                    }
                    return new PrivateKey(null, Pkcs1(made), null);
                }
            }
            bool isLarge = kind == KeyKind.P384;
            using (ECDsa ecdsa = ECDsa.Create(isLarge ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256))
            {
                ECParameters made = ecdsa.ExportParameters(true);
                return new PrivateKey(isLarge ? P384Oid : P256Oid, made.D, Point(made.Q));
            }
        }

        /// <summary>An EC key without its public half takes it from its certificate.</summary>
        internal void Complete(X509Certificate2 certificate)
        {
            if (!IsEc || point != null) { return; }
            byte[] raw = certificate.PublicKey.EncodedKeyValue.RawData;
            if (raw.Length != 1 + 2 * NumberBytes || raw[0] != 4) { throw new FormatException("the key is not that of the certificate"); }
            point = raw;
        }

        /// <summary>Whether it is the key of the certificate, by the public half.</summary>
        internal bool IsOf(X509Certificate2 certificate)
        {
            bool certificateIsEc = certificate.PublicKey.Oid.Value == EcOid;
            if (certificateIsEc != IsEc) { return false; }
            byte[] theirs = certificate.PublicKey.EncodedKeyValue.RawData;
            return Same(IsEc ? point : PublicKeyBits(), theirs);
        }

        /// <summary>PKCS#8, unencrypted.</summary>
        internal byte[] Pkcs8()
        {
            byte[] inner = secret;
            if (IsEc)
            {
                byte[] key = Der.Sequence(Der.Integer(1), Der.OctetString(Padded(secret, NumberBytes)), Der.Explicit(1, Der.BitString(point)));
                inner = key;
            }
            return Der.Sequence(Der.Integer(0), Algorithm(), Der.OctetString(inner));
        }

        /// <summary>The public key as a certificate request has it.</summary>
        internal byte[] PublicKeyInfo() => Der.Sequence(Algorithm(), Der.BitString(PublicKeyBits()));

        /// <summary>The signature of a certificate request with its algorithm: two elements.</summary>
        internal byte[][] SignRequest(byte[] content)
        {
            if (IsEc)
            {
                bool isLarge = curve == P384Oid;
                using (ECDsa ecdsa = ECDsa.Create())
                {
                    ecdsa.ImportParameters(EcParameters());
                    byte[] numbers = ecdsa.SignData(content, isLarge ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256);
                    byte[] first = Part(numbers, 0, numbers.Length / 2);
                    byte[] second = Part(numbers, numbers.Length / 2, numbers.Length / 2);
                    byte[] signature = Der.Sequence(Der.Unsigned(first), Der.Unsigned(second));
                    string oid = isLarge ? "1.2.840.10045.4.3.3" : "1.2.840.10045.4.3.2";
                    return new[] { Der.Sequence(Der.Oid(oid)), Der.BitString(signature) };
                }
            }
            using (RSA rsa = RSA.Create())
            {
                rsa.ImportParameters(RsaParameters());
                byte[] signature = rsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                return new[] { Der.Sequence(Der.Oid("1.2.840.113549.1.1.11"), Der.Null()), Der.BitString(signature) };
            }
        }

        internal string WritePem(string password)
        {
            return password == null
                ? Pem.Write(Pem.PrivateKey, Pkcs8())
                : Pem.Write(Pem.EncryptedPrivateKey, PasswordEncryption.Modern.EncryptedPkcs8(Pkcs8(), password));
        }

        internal static bool Same(byte[] one, byte[] other)
        {
            if (one == null || other == null || one.Length != other.Length) { return false; }
            for (int i = 0; i < one.Length; i++)
            {
                if (one[i] != other[i]) { return false; }
            }
            return true;
        }

        private byte[] Algorithm() => IsEc ? Der.Sequence(Der.Oid(EcOid), Der.Oid(curve)) : Der.Sequence(Der.Oid(RsaOid), Der.Null());

        private byte[] PublicKeyBits()
        {
            if (IsEc) { return point; }
            RSAParameters rsa = RsaParameters();
            return Der.Sequence(Der.Unsigned(rsa.Modulus), Der.Unsigned(rsa.Exponent));
        }

        private static PrivateKey OfPkcs8(byte[] der)
        {
            DerReader content = new DerReader(der).Enter(Der.SequenceTag);
            content.SmallInteger();
            DerReader algorithm = content.Enter(Der.SequenceTag);
            string kind = algorithm.Oid();
            byte[] inner = null;
            switch (kind)
            {
                case RsaOid:
                    inner = content.Content(Der.OctetStringTag);
                    return new PrivateKey(null, inner, null);
                case EcOid:
                    if (!algorithm.IsNext(Der.OidTag)) { throw new FormatException("the key has a curve without a name; make one of P-256"); }
                    string named = algorithm.Oid();
                    inner = content.Content(Der.OctetStringTag);
                    return OfSec1(new DerReader(inner).Enter(Der.SequenceTag), named);
                default:
                    throw new FormatException("keys of the kind " + kind + " are not accepted; make one of P-256");
            }
        }

        private static PrivateKey OfSec1(DerReader content, string curve)
        {
            content.SmallInteger();
            byte[] number = content.Content(Der.OctetStringTag);
            byte[] point = null;
            if (content.IsNext(0xA0)) { curve = content.Enter(0xA0).Oid(); }
            if (content.IsNext(0xA1)) { point = content.Enter(0xA1).BitString(); }
            if (curve != P256Oid && curve != P384Oid) { throw new FormatException("keys of this curve are not accepted; make one of P-256"); }
            var key = new PrivateKey(curve, number, point);
            if (number.Length > key.NumberBytes || (point != null && (point.Length != 1 + 2 * key.NumberBytes || point[0] != 4)))
            {
                throw new FormatException("the EC key has parts of a wrong length");
            }
            return key;
        }

        private ECParameters EcParameters()
        {
            return new ECParameters
            {
                Curve = curve == P384Oid ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256,
                D = Padded(secret, NumberBytes),
                Q = new ECPoint { X = Part(point, 1, NumberBytes), Y = Part(point, 1 + NumberBytes, NumberBytes) },
            };
        }

        private RSAParameters RsaParameters()
        {
            DerReader content = new DerReader(secret).Enter(Der.SequenceTag);
            content.SmallInteger();
            byte[] modulus = content.Unsigned();
            int half = (modulus.Length + 1) / 2;
            return new RSAParameters
            {
                Modulus = modulus,
                Exponent = content.Unsigned(),
                D = Padded(content.Unsigned(), modulus.Length),
                P = Padded(content.Unsigned(), half),
                Q = Padded(content.Unsigned(), half),
                DP = Padded(content.Unsigned(), half),
                DQ = Padded(content.Unsigned(), half),
                InverseQ = Padded(content.Unsigned(), half),
            };
        }

        private static byte[] Pkcs1(RSAParameters rsa)
        {
            return Der.Sequence(
                Der.Integer(0),
                Der.Unsigned(rsa.Modulus),
                Der.Unsigned(rsa.Exponent),
                Der.Unsigned(rsa.D),
                Der.Unsigned(rsa.P),
                Der.Unsigned(rsa.Q),
                Der.Unsigned(rsa.DP),
                Der.Unsigned(rsa.DQ),
                Der.Unsigned(rsa.InverseQ));
        }

        private static byte[] Point(ECPoint point)
        {
            var bytes = new byte[1 + point.X.Length + point.Y.Length];
            bytes[0] = 4;
            Buffer.BlockCopy(point.X, 0, bytes, 1, point.X.Length);
            Buffer.BlockCopy(point.Y, 0, bytes, 1 + point.X.Length, point.Y.Length);
            return bytes;
        }

        private static byte[] Padded(byte[] number, int length)
        {
            if (number.Length > length) { throw new FormatException("the key has a number that is too large"); }
            var padded = new byte[length];
            Buffer.BlockCopy(number, 0, padded, length - number.Length, number.Length);
            return padded;
        }

        private static byte[] Part(byte[] whole, int begin, int length)
        {
            var part = new byte[length];
            Buffer.BlockCopy(whole, begin, part, 0, length);
            return part;
        }
    }
}
