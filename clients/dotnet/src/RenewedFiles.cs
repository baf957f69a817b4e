using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace Tdam.Client
{
    /// <summary>
    /// The files of an identity while it is renewed. The old pair stays in its place until the new one has worked; then the new files
    /// take its place by renaming.
    /// </summary>
    /// <remarks>
    /// <code>
    /// KEY.next            the new key, written before the exchange is asked: a crash loses no certificate
    /// CERT.next-request   its request; the same request gets the same certificate again
    /// CERT.next           the new certificate, written after it has worked
    /// </code>
    /// Two files cannot be renamed in one step. The key goes first; a client that finds a key that fits CERT.next and not CERT renames the
    /// certificate too (<see cref="Finish"/>). A PKCS#12 file, or a PEM file with both, is one rename.
    /// </remarks>
    internal sealed class RenewedFiles
    {
        private const string WhatToDo =
            "A renewal puts new files in the place of certificate and key: let this program's user write there, and renew again. Nothing was "
            + "changed, and the exchange was not asked";

        private readonly Identity identity;

        internal RenewedFiles(Identity identity)
        {
            this.identity = identity;
        }

        private bool IsOneFile => identity.IsPkcs12 || identity.KeyPath == identity.CertificatePath;

        private string NextKey => IsOneFile ? identity.CertificatePath + ".next-key" : NextOf(identity.KeyPath);

        private string NextRequest => identity.CertificatePath + ".next-request";

        private string NextCertificate => NextOf(identity.CertificatePath);

        /// <summary>The key of a renewal that was broken off, with its request; null where there is none.</summary>
        internal PrivateKey Pending(out string request)
        {
            request = null;
            if (!File.Exists(NextKey) || !File.Exists(NextRequest)) { return null; }
            try
            {
                PrivateKey key = PrivateKey.Read(Identity.ReadFile(NextKey, "next private key"), identity.Password);
                byte[] file = Identity.ReadFile(NextRequest, "next request");
                if (!CertificateRequestWriter.IsFor(file, key)) { return null; }
                request = Encoding.UTF8.GetString(file);
                return key;
            }
            catch (FormatException)
            {
                return null;
            }
        }

        /// <summary>Keeps key and request before they are used.</summary>
        internal void Prepare(PrivateKey key, string request)
        {
            Saving(() =>
            {
                SecretFile.Write(NextKey, Encoding.ASCII.GetBytes(key.WritePem(identity.Password)));
                SecretFile.Write(NextRequest, Encoding.ASCII.GetBytes(request));
            });
        }

        /// <summary>The exchange gives no certificate for them.</summary>
        internal void Forget()
        {
            SecretFile.Delete(NextKey);
            SecretFile.Delete(NextRequest);
        }

        /// <summary>
        /// Finds out whether the files can be replaced, before the exchange is asked: it gives out no third certificate while two are
        /// valid.
        /// </summary>
        internal void CheckReplaceable()
        {
            foreach (string path in IsOneFile ? new[] { identity.CertificatePath } : new[] { identity.KeyPath, identity.CertificatePath })
            {
                // On Unix a key that nobody may write is replaced by renaming all the same; on Windows it is not.
                if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows) && (File.GetAttributes(path) & FileAttributes.ReadOnly) != 0)
                {
                    throw TdamException.Configuration("the certificate cannot be renewed: " + path + " is read-only. " + WhatToDo);
                }
                string folder = Path.GetDirectoryName(Path.GetFullPath(path));
                try
                {
                    using (SecretFile.CreateTemporary(folder, out string trial)) { SecretFile.Delete(trial); }
                }
                catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
                {
                    throw TdamException.Configuration("the certificate cannot be renewed: " + error.Message + ". " + WhatToDo, error);
                }
            }
        }

        /// <summary>Puts the new pair, which has worked, in the place of the old one.</summary>
        internal void Replace(PrivateKey key, string chainPem, KeyStoreProtection protection)
        {
            Saving(() =>
            {
                if (identity.IsPkcs12)
                {
                    List<byte[]> chain = LoadedIdentity.ReadChain(Encoding.UTF8.GetBytes(chainPem), "the answer");
                    SecretFile.Write(identity.CertificatePath, KeyStoreWriter.Write(key, chain, identity.Password, PasswordEncryption.Of(protection)));
                    SecretFile.Delete(NextKey);
                }
                else if (IsOneFile)
                {
                    SecretFile.Write(identity.CertificatePath, Encoding.UTF8.GetBytes(chainPem + key.WritePem(identity.Password)));
                    SecretFile.Delete(NextKey);
                }
                else
                {
                    SecretFile.Write(NextCertificate, Encoding.UTF8.GetBytes(chainPem));
                    SecretFile.Move(NextKey, identity.KeyPath);
                    SecretFile.Move(NextCertificate, identity.CertificatePath);
                }
                SecretFile.Delete(NextRequest);
            });
        }

        /// <summary>Ends the renaming that a crash broke off. Without a certificate that has worked there is nothing to end.</summary>
        internal static void Finish(Identity identity)
        {
            string next = NextOf(identity.CertificatePath);
            if (!File.Exists(next) || identity.KeyPath == identity.CertificatePath) { return; }
            if (Fits(next, NextOf(identity.KeyPath), identity.Password)) { SecretFile.Move(NextOf(identity.KeyPath), identity.KeyPath); }
            if (Fits(next, identity.KeyPath, identity.Password)) { SecretFile.Move(next, identity.CertificatePath); }
        }

        private static bool Fits(string certificatePath, string keyPath, string password)
        {
            if (!File.Exists(keyPath)) { return false; }
            try
            {
                PrivateKey key = PrivateKey.Read(Identity.ReadFile(keyPath, "private key"), password);
                List<byte[]> chain = LoadedIdentity.ReadChain(Identity.ReadFile(certificatePath, "certificate"), certificatePath);
                using (var certificate = LoadedIdentity.ReadCertificate(chain[0], certificatePath))
                {
                    key.Complete(certificate);
                    return key.IsOf(certificate);
                }
            }
            catch (Exception error) when (error is FormatException || error is TdamException)
            {
                // What is unreadable does not fit; loading the identity says what is wrong with it.
                return false;
            }
        }

        private static string NextOf(string path) => path + ".next";

        internal static void Saving(Action save)
        {
            try
            {
                save();
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException)
            {
                throw TdamException.Configuration(
                    "key and certificate cannot be stored: " + error.Message + " Let this program's user write in that folder, and try again", error);
            }
        }
    }
}
