using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Tdam.Client
{
    /// <summary>How a certificate is renewed.</summary>
    /// <example><code>Renewal renewal = await client.RenewAsync(new RenewOptions { KeyKind = KeyKind.P384 });</code></example>
    public sealed class RenewOptions
    {
        /// <summary>The kind of the new key.</summary>
        public KeyKind KeyKind { get; set; } = KeyKind.P256;

        /// <summary>How the new PKCS#12 file is encrypted, where the identity is one.</summary>
        public KeyStoreProtection Protection { get; set; } = KeyStoreProtection.Modern;
    }

    /// <summary>A certificate that was renewed and is in use.</summary>
    /// <example><code>Console.WriteLine("valid until " + renewal.CertificateUntil);</code></example>
    public sealed class Renewal
    {
        internal Renewal(string serial, string until)
        {
            Serial = serial;
            CertificateUntil = until;
        }

        /// <summary>The serial number in lower-case hexadecimal digits.</summary>
        public string Serial { get; }

        /// <summary>When the new certificate ends (RFC 3339).</summary>
        public string CertificateUntil { get; }
    }

    /// <summary>For whom the next certificate will be, and what its request must be like.</summary>
    /// <example><code>Console.WriteLine((await client.CertificateRulesAsync()).Subject);</code></example>
    public sealed class EnrollmentRules
    {
        internal EnrollmentRules(Json json)
        {
            Kind = json.Text("kind");
            Subject = json.Text("subject");
            Keys = json.List("keys", one => one.AsText);
            Signatures = json.List("signatures", one => one.AsText);
            OpenSsl = json.Text("openssl");
            RegistrationUntil = json.Text("registration_valid_until");
            CodeUntil = json.TextOrNull("code_valid_until");
            CodeTriesLeft = json.Number("code_tries_left");
        }

        /// <summary><c>request</c>: send a certificate request; <c>key_store</c>: pick up a PKCS#12 file.</summary>
        public string Kind { get; }

        /// <summary>The subject of the certificate, as OpenSSL takes it.</summary>
        public string Subject { get; }

        /// <summary>Keys that are accepted, in words.</summary>
        public IReadOnlyList<string> Keys { get; }

        /// <summary>Signatures of requests that are accepted, in words.</summary>
        public IReadOnlyList<string> Signatures { get; }

        /// <summary>The command that makes key and request.</summary>
        public string OpenSsl { get; }

        /// <summary>Last day of the registration (<c>YYYY-MM-DD</c>); no certificate ends later.</summary>
        public string RegistrationUntil { get; }

        /// <summary>Until when the code can be used (RFC 3339); null without a code.</summary>
        public string CodeUntil { get; }

        /// <summary>How many wrong codes are still borne; null without a code.</summary>
        public long? CodeTriesLeft { get; }
    }

    public sealed partial class TdamClient
    {
        private const string RequestType = "application/pkcs10";

        /// <summary>
        /// Renews the certificate in use: makes a new key and its request, gets the certificate, tries it with a heartbeat, and only
        /// then puts both in the place of the old files, by renaming. From then on calls use the new pair. The identity must be from
        /// files, which are the new ones afterwards. The old certificate stays valid until it ends or is revoked.
        /// </summary>
        /// <param name="options">Kind of the key; null for the defaults.</param>
        /// <param name="cancellation">Ends the call. A renewal that was broken off goes on with the next one.</param>
        /// <returns>The new certificate.</returns>
        /// <exception cref="TdamException">
        /// <see cref="ErrorKind.Configuration"/>: the files cannot be replaced, and nothing was asked for. <see cref="ErrorKind.Refused"/>
        /// with status 409: two certificates are valid already.
        /// </exception>
        /// <example><code>
        /// if ((await client.HeartbeatAsync()).CertificateDaysLeft &lt; 30)
        /// {
        ///     Renewal renewal = await client.RenewAsync();
        /// }
        /// </code></example>
        public async Task<Renewal> RenewAsync(RenewOptions options = null, CancellationToken cancellation = default(CancellationToken))
        {
            options = options ?? new RenewOptions();
            await renewing.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                Identity identity = SourceInUse();
                var files = new RenewedFiles(identity);
                files.CheckReplaceable();
                PrivateKey key = files.Pending(out string request);
                if (key == null)
                {
                    EnrollmentRules rules = await CertificateRulesAsync(cancellation).ConfigureAwait(false);
                    key = PrivateKey.Make(options.KeyKind);
                    request = CertificateRequestWriter.Write(key, rules.Subject);
                    files.Prepare(key, request);
                }
                string chain;
                try
                {
                    chain = await RenewCertificateAsync(Encoding.ASCII.GetBytes(request), cancellation).ConfigureAwait(false);
                }
                catch (TdamException error) when (error.Kind == ErrorKind.Refused)
                {
                    files.Forget();
                    throw;
                }
                Renewal renewal = await TryAsync(identity, key, chain, cancellation).ConfigureAwait(false);
                files.Replace(key, chain, options.Protection);
                runner.Connections.Reload();
                runner.Log("renewal", "certificate " + renewal.Serial + " is in use, valid until " + renewal.CertificateUntil);
                return renewal;
            }
            finally
            {
                renewing.Release();
            }
        }

        /// <summary>For whom the next certificate will be, and what its request must be like.</summary>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The rules.</returns>
        /// <example><code>EnrollmentRules rules = await client.CertificateRulesAsync();</code></example>
        public async Task<EnrollmentRules> CertificateRulesAsync(CancellationToken cancellation = default(CancellationToken))
        {
            var call = new Call(HttpMethod.Get, "/v1/certificates/enrollment", Call.Overview);
            return new EnrollmentRules(await JsonAsync(call, cancellation).ConfigureAwait(false));
        }

        /// <summary>
        /// The next certificate with its chain (PEM), for a request of your own; <see cref="RenewAsync"/> does all of it. The same
        /// request gets the same certificate again.
        /// </summary>
        /// <param name="request">PKCS#10, PEM or DER.</param>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The certificate, followed by its issuers.</returns>
        /// <example><code>string chain = await client.RenewCertificateAsync(File.ReadAllBytes("request.pem"));</code></example>
        public async Task<string> RenewCertificateAsync(byte[] request, CancellationToken cancellation = default(CancellationToken))
        {
            using (Body.Source source = await Body.FromBytes(request).PrepareAsync(cancellation).ConfigureAwait(false))
            {
                var call = new Call(HttpMethod.Post, "/v1/certificates", Call.PemChain) { Body = source, ContentType = RequestType };
                using (Reply reply = await runner.RunAsync(call, cancellation).ConfigureAwait(false))
                {
                    return Encoding.UTF8.GetString(reply.Held);
                }
            }
        }

        private Identity SourceInUse()
        {
            Transport transport = runner.Connections.Take();
            try
            {
                Identity identity = transport.Identity?.Source;
                if (identity == null || !identity.IsFromFiles)
                {
                    throw TdamException.Configuration(
                        "only an identity from files can be renewed, because its files are replaced; give it by FromPemFiles or FromPkcs12File, "
                        + "or make key and request yourself and call RenewCertificateAsync");
                }
                return identity;
            }
            finally
            {
                transport.Release();
            }
        }

        /// <summary>A heartbeat with the new pair. The old one is still in its place.</summary>
        private async Task<Renewal> TryAsync(Identity identity, PrivateKey key, string chainPem, CancellationToken cancellation)
        {
            List<byte[]> chain = LoadedIdentity.ReadChain(Encoding.UTF8.GetBytes(chainPem), "the exchange's answer");
            LoadedIdentity loaded = LoadedIdentity.OfKey(identity, chain, key, runner.Connections.Storage);
            string serial = loaded.Certificate.SerialNumber.ToLowerInvariant();
            Transport trial = runner.Connections.MakeTrial(loaded);
            try
            {
                var call = new Call(HttpMethod.Get, "/v1/heartbeat", Call.Overview);
                using (Reply reply = await runner.RunAsync(call, cancellation, trial).ConfigureAwait(false))
                {
                    return new Renewal(serial, new Heartbeat(ReadJson(reply.Held)).CertificateUntil);
                }
            }
            finally
            {
                trial.Release();
            }
        }
    }
}
