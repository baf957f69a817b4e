using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Tdam.Client
{
    /// <summary>
    /// Gets the first certificate with an enrolment code. The address is that of the enrolment listener, not the one for payments.
    /// </summary>
    /// <example><code>
    /// var options = new ClientOptions { Url = "https://127.0.0.1:8444", AuthorityPath = "ca.pem" };
    /// using (var enrollment = new Enrollment(options, code))
    /// {
    ///     Identity identity = await enrollment.EnrollAsync("certificate.pem", "key.pem");
    /// }
    /// </code></example>
    public sealed class Enrollment : IDisposable
    {
        private readonly CallRunner runner;
        private readonly string code;

        /// <summary>Takes address, authority and code. Identities in the options are not used.</summary>
        /// <param name="options">The settings; <see cref="ClientOptions.Url"/> is the enrolment listener.</param>
        /// <param name="code">The code that the contact person got.</param>
        /// <example><code>var enrollment = new Enrollment(options, code);</code></example>
        public Enrollment(ClientOptions options, string code)
        {
            if (options == null) { throw new ArgumentNullException(nameof(options)); }
            this.code = CheckedCode(code);
            ClientOptions own = options.Copy();
            own.Identities.Clear();
            runner = new CallRunner(own);
        }

        /// <summary>What the code opens: for whom, in which way, and until when.</summary>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The rules.</returns>
        /// <example><code>EnrollmentRules rules = await enrollment.RulesAsync();</code></example>
        public async Task<EnrollmentRules> RulesAsync(CancellationToken cancellation = default(CancellationToken))
        {
            var call = new Call(HttpMethod.Get, "/v1/enrollment", Call.Overview) { Bearer = code };
            return new EnrollmentRules(await TdamClient.JsonAsync(runner, call, cancellation).ConfigureAwait(false));
        }

        /// <summary>
        /// Makes a key and its request, gets the certificate, and writes both as PEM; only this program's user may read the key. When
        /// it breaks off, call it again with the same files: it goes on with the same key and gets the same certificate.
        /// </summary>
        /// <param name="certificatePath">Where the certificate with its chain is to be; nothing may be there yet.</param>
        /// <param name="keyPath">Where the key is to be; nothing may be there yet.</param>
        /// <param name="kind">The kind of the key.</param>
        /// <param name="keyPassword">Encrypts the key file; null for a key without a password.</param>
        /// <param name="cancellation">Ends the call.</param>
        /// <returns>The identity, for <see cref="ClientOptions.Identities"/>.</returns>
        /// <exception cref="TdamException">
        /// <see cref="ErrorKind.Refused"/>: the code is wrong, used up or ended, or opens a key store.
        /// </exception>
        /// <example><code>Identity identity = await enrollment.EnrollAsync("certificate.pem", "key.pem");</code></example>
        public async Task<Identity> EnrollAsync(
            string certificatePath,
            string keyPath,
            KeyKind kind = KeyKind.P256,
            string keyPassword = null,
            CancellationToken cancellation = default(CancellationToken))
        {
            Identity identity = Identity.FromPemFiles(certificatePath, keyPath, keyPassword);
            RefuseExisting(certificatePath);
            string requestPath = certificatePath + ".request";
            PrivateKey key = Pending(identity, requestPath, out string request);
            if (key == null)
            {
                RefuseExisting(keyPath);
                EnrollmentRules rules = await RulesAsync(cancellation).ConfigureAwait(false);
                key = PrivateKey.Make(kind);
                request = CertificateRequestWriter.Write(key, rules.Subject);
                RenewedFiles.Saving(() =>
                {
                    SecretFile.Write(keyPath, Encoding.ASCII.GetBytes(key.WritePem(keyPassword)));
                    SecretFile.Write(requestPath, Encoding.ASCII.GetBytes(request));
                });
            }
            byte[] chain = await SendAsync("/v1/enrollment", Encoding.ASCII.GetBytes(request), Call.PemChain, false, cancellation).ConfigureAwait(false);
            List<byte[]> certificates = LoadedIdentity.ReadChain(chain, "the exchange's answer");
            LoadedIdentity.OfKey(identity, certificates, key, runner.Connections.Storage).Dispose();
            RenewedFiles.Saving(() =>
            {
                SecretFile.Write(certificatePath, chain);
                SecretFile.Delete(requestPath);
            });
            return identity;
        }

        /// <summary>
        /// Picks up a PKCS#12 file, where the code opens one: the exchange makes the key, gives the file out once and keeps no copy.
        /// The password of the file is the code without its hyphens.
        /// </summary>
        /// <param name="path">Where the file is to be; nothing may be there yet.</param>
        /// <param name="cancellation">Ends the call. If the answer is lost, the code is used up: ask for a new one.</param>
        /// <returns>The identity, for <see cref="ClientOptions.Identities"/>.</returns>
        /// <exception cref="TdamException">As <see cref="EnrollAsync"/>. A lost answer is not asked for again, since the file is given out once.</exception>
        /// <example><code>Identity identity = await enrollment.EnrollKeyStoreAsync("certificate.p12");</code></example>
        public async Task<Identity> EnrollKeyStoreAsync(string path, CancellationToken cancellation = default(CancellationToken))
        {
            string password = code.Replace("-", "");
            Identity identity = Identity.FromPkcs12File(path, password);
            RefuseExisting(path);
            // The file is given out once, so its place is made sure of first.
            FileStream file = null;
            string temporary = null;
            RenewedFiles.Saving(() => file = SecretFile.CreateTemporary(Path.GetDirectoryName(Path.GetFullPath(path)), out temporary));
            try
            {
                using (file)
                {
                    byte[] store = await SendAsync("/v1/enrollment/key-store", new byte[0], "application/x-pkcs12, application/problem+json", true, cancellation)
                        .ConfigureAwait(false);
                    RenewedFiles.Saving(() =>
                    {
                        file.Write(store, 0, store.Length);
                        file.Flush(true);
                    });
                }
                RenewedFiles.Saving(() => SecretFile.Move(temporary, path));
            }
            catch
            {
                SecretFile.Delete(temporary);
                throw;
            }
            identity.Load(runner.Connections.Storage).Dispose();
            return identity;
        }

        /// <summary>Closes the connections.</summary>
        public void Dispose() => runner.Dispose();

        private async Task<byte[]> SendAsync(string target, byte[] content, string accept, bool isOnce, CancellationToken cancellation)
        {
            using (Body.Source source = await Body.FromBytes(content).PrepareAsync(cancellation).ConfigureAwait(false))
            {
                var call = new Call(HttpMethod.Post, target, accept) { Body = source, ContentType = "application/pkcs10", Bearer = code, IsOnce = isOnce };
                using (Reply reply = await runner.RunAsync(call, cancellation).ConfigureAwait(false)) { return reply.Held; }
            }
        }

        /// <summary>The key of an enrolment that broke off, with its request; null where there is none.</summary>
        private static PrivateKey Pending(Identity identity, string requestPath, out string request)
        {
            request = null;
            if (!File.Exists(identity.KeyPath) || !File.Exists(requestPath)) { return null; }
            try
            {
                PrivateKey key = PrivateKey.Read(Identity.ReadFile(identity.KeyPath, "private key"), identity.Password);
                byte[] file = Identity.ReadFile(requestPath, "request");
                if (!CertificateRequestWriter.IsFor(file, key)) { return null; }
                request = Encoding.UTF8.GetString(file);
                return key;
            }
            catch (FormatException error)
            {
                throw TdamException.Configuration(identity.KeyPath + " cannot be used: " + error.Message, error);
            }
        }

        private static void RefuseExisting(string path)
        {
            if (File.Exists(path))
            {
                throw TdamException.Configuration(path + " is there already, and an enrolment would write over it; move it away, or name another file");
            }
        }

        private static string CheckedCode(string code)
        {
            string trimmed = (code ?? "").Trim();
            foreach (char letter in trimmed)
            {
                if (letter <= ' ' || letter > '~') { throw TdamException.Configuration("the enrolment code has characters that no code has; copy it anew"); }
            }
            if (trimmed.Length == 0) { throw TdamException.Configuration("no enrolment code: give the one that the contact person got"); }
            return trimmed;
        }
    }
}
