using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Tdam.Client
{
    /// <summary>The fields of a signed request.</summary>
    /// <example><code>SignedFields fields = signer.Sign("POST", new Uri("https://127.0.0.1:8443/v1/payments"), message);</code></example>
    public sealed class SignedFields
    {
        internal SignedFields(string contentDigest, string signatureInput, string signature)
        {
            ContentDigest = contentDigest;
            SignatureInput = signatureInput;
            Signature = signature;
        }

        /// <summary><c>Content-Digest</c> (RFC 9530).</summary>
        public string ContentDigest { get; }

        /// <summary><c>Signature-Input</c> (RFC 9421).</summary>
        public string SignatureInput { get; }

        /// <summary><c>Signature</c> (RFC 9421).</summary>
        public string Signature { get; }
    }

    /// <summary>
    /// Signs requests with the key of a certificate (HTTP Message Signatures, RFC 9421). A client signs by itself when
    /// <see cref="ClientOptions.SignSubmissions"/> is set; this is for HTTP libraries of your own.
    /// </summary>
    /// <example><code>
    /// var signer = new RequestSigner(certificateWithKey);
    /// SignedFields fields = signer.Sign("POST", new Uri("https://127.0.0.1:8443/v1/payments"), message);
    /// </code></example>
    public sealed class RequestSigner
    {
        private const string Label = "sig1";
        private static readonly DateTime Epoch = new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        private readonly X509Certificate2 certificate;
        private readonly string fingerprint;

        /// <summary>Takes a certificate with its private key.</summary>
        /// <param name="certificate">The certificate; it stays the caller's.</param>
        /// <example><code>var signer = new RequestSigner(new X509Certificate2("certificate.p12", "sandbox"));</code></example>
        public RequestSigner(X509Certificate2 certificate)
        {
            this.certificate = certificate ?? throw new ArgumentNullException(nameof(certificate));
            if (!certificate.HasPrivateKey) { throw TdamException.Configuration("a certificate without its private key cannot sign"); }
            using (SHA256 sha256 = SHA256.Create())
            {
                fingerprint = BitConverter.ToString(sha256.ComputeHash(certificate.RawData)).Replace("-", "").ToLowerInvariant();
            }
        }

        /// <summary>Signs a request as it is about to be sent.</summary>
        /// <param name="method">The method, in capitals.</param>
        /// <param name="target">The whole address with its query.</param>
        /// <param name="body">The bytes as they are sent; a signed request has no <c>Content-Encoding</c>.</param>
        /// <returns>The three fields to send with it.</returns>
        /// <example><code>SignedFields fields = signer.Sign("POST", target, message);</code></example>
        public SignedFields Sign(string method, Uri target, byte[] body)
        {
            using (SHA256 sha256 = SHA256.Create())
            {
                return SignDigest(method, target, sha256.ComputeHash(body ?? throw new ArgumentNullException(nameof(body))), DateTime.UtcNow);
            }
        }

        internal SignedFields SignDigest(string method, Uri target, byte[] sha256, DateTime now)
        {
            string digest = "sha-256=:" + Convert.ToBase64String(sha256) + ":";
            string authority = target.IsDefaultPort ? target.IdnHost : target.IdnHost + ":" + target.Port.ToString(CultureInfo.InvariantCulture);
            authority = authority.ToLowerInvariant();
            using (ECDsa ecdsa = certificate.GetECDsaPrivateKey())
            using (RSA rsa = ecdsa == null ? certificate.GetRSAPrivateKey() : null)
            {
                string algorithm = ecdsa == null ? "rsa-pss-sha512" : ecdsa.KeySize == 384 ? "ecdsa-p384-sha384" : "ecdsa-p256-sha256";
                string input = string.Format(
                    CultureInfo.InvariantCulture,
                    "(\"@method\" \"@authority\" \"@target-uri\" \"content-digest\");created={0};keyid=\"{1}\";alg=\"{2}\"",
                    (long)(now - Epoch).TotalSeconds,
                    fingerprint,
                    algorithm);
                byte[] signed = Encoding.ASCII.GetBytes(
                    "\"@method\": " + method + "\n\"@authority\": " + authority + "\n\"@target-uri\": https://" + authority + target.PathAndQuery
                    + "\n\"content-digest\": " + digest + "\n\"@signature-params\": " + input);
                byte[] signature = Signature(ecdsa, rsa, signed);
                return new SignedFields(digest, Label + "=" + input, Label + "=:" + Convert.ToBase64String(signature) + ":");
            }
        }

        private static byte[] Signature(ECDsa ecdsa, RSA rsa, byte[] signed)
        {
            try
            {
                if (ecdsa != null) { return ecdsa.SignData(signed, ecdsa.KeySize == 384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256); }
                if (rsa != null) { return rsa.SignData(signed, HashAlgorithmName.SHA512, RSASignaturePadding.Pss); }
            }
            catch (CryptographicException error)
            {
                throw TdamException.Configuration("the key does not sign: " + error.Message + " Use a key of P-256", error);
            }
            throw TdamException.Configuration("a key of this kind does not sign; use one of P-256, P-384 or RSA");
        }
    }
}
