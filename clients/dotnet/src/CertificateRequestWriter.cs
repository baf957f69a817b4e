using System;
using System.Collections.Generic;
using System.Text;

namespace Tdam.Client
{
    /// <summary>Writes a certificate request (PKCS#10, RFC 2986). It proves possession of the key; the exchange takes nothing else from it.</summary>
    internal static class CertificateRequestWriter
    {
        private const string OrganisationOid = "2.5.4.10";
        private const string CommonNameOid = "2.5.4.3";

        /// <summary>The request in PEM, for a subject as OpenSSL takes it (<c>/O=…/CN=…</c>).</summary>
        internal static string Write(PrivateKey key, string subject)
        {
            byte[] content = Der.Sequence(Der.Integer(0), Name(subject), key.PublicKeyInfo(), Der.Element(0xA0));
            byte[][] signature = key.SignRequest(content);
            return Pem.Write(Pem.CertificateRequest, Der.Sequence(content, signature[0], signature[1]));
        }

        /// <summary>Whether a request is for this key; a file that is no request is not.</summary>
        internal static bool IsFor(byte[] request, PrivateKey key)
        {
            try
            {
                List<byte[]> blocks = Pem.Read(request, Pem.CertificateRequest);
                if (blocks.Count != 1) { return false; }
                DerReader content = new DerReader(blocks[0]).Enter(Der.SequenceTag).Enter(Der.SequenceTag);
                content.SmallInteger();
                content.Skip();
                return PrivateKey.Same(Der.Element(Der.SequenceTag, content.Content(Der.SequenceTag)), key.PublicKeyInfo());
            }
            catch (FormatException)
            {
                return false;
            }
        }

        private static byte[] Name(string subject)
        {
            var parts = new List<byte[]>();
            foreach (KeyValuePair<string, string> part in Parts(subject))
            {
                string oid = part.Key == "O" ? OrganisationOid : part.Key == "CN" ? CommonNameOid : null;
                // The exchange writes the certificate's name itself, so a part of another kind may stay away.
                if (oid != null) { parts.Add(Der.Set(Der.Sequence(Der.Oid(oid), Der.Utf8String(part.Value)))); }
            }
            return Der.Sequence(parts.ToArray());
        }

        /// <summary>Kinds and values of a subject; a backslash stands before a character that would separate.</summary>
        internal static IReadOnlyList<KeyValuePair<string, string>> Parts(string subject)
        {
            var parts = new List<KeyValuePair<string, string>>();
            string kind = null;
            var text = new StringBuilder();
            for (int i = 0; i <= subject.Length; i++)
            {
                if (i == subject.Length || subject[i] == '/')
                {
                    if (kind != null) { parts.Add(new KeyValuePair<string, string>(kind, text.ToString())); }
                    kind = null;
                    text.Clear();
                }
                else if (subject[i] == '=' && kind == null)
                {
                    kind = text.ToString();
                    text.Clear();
                }
                else
                {
                    if (subject[i] == '\\' && i + 1 < subject.Length) { i++; }
                    text.Append(subject[i]);
                }
            }
            return parts;
        }
    }
}
