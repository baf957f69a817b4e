using System;
using System.Collections.Generic;
using System.Text;

namespace Tdam.Client
{
    /// <summary>The blocks of a PEM text (RFC 7468).</summary>
    internal static class Pem
    {
        internal const string Certificate = "CERTIFICATE";
        internal const string CertificateRequest = "CERTIFICATE REQUEST";
        internal const string PrivateKey = "PRIVATE KEY";
        internal const string EncryptedPrivateKey = "ENCRYPTED PRIVATE KEY";

        private const int LineChars = 64;

        /// <summary>All blocks with their labels, in order. Text around them is passed over.</summary>
        internal static List<KeyValuePair<string, byte[]>> Read(byte[] file)
        {
            var blocks = new List<KeyValuePair<string, byte[]>>();
            string label = null;
            var content = new StringBuilder();
            foreach (string raw in Encoding.UTF8.GetString(file).Split(new[] { '\n' }))
            {
                string line = raw.Trim();
                if (label == null)
                {
                    if (line.StartsWith("-----BEGIN ", StringComparison.Ordinal) && line.EndsWith("-----", StringComparison.Ordinal))
                    {
                        label = line.Substring(11, Math.Max(0, line.Length - 16));
                        content.Clear();
                    }
                }
                else if (line == "-----END " + label + "-----")
                {
                    blocks.Add(new KeyValuePair<string, byte[]>(label, Convert.FromBase64String(content.ToString())));
                    label = null;
                }
                else
                {
                    // A colon stands only in the header of a key that OpenSSL encrypted in the way of before PKCS#8.
                    if (line.StartsWith("Proc-Type:", StringComparison.Ordinal)) { throw new FormatException(OldEncryption); }
                    content.Append(line);
                }
            }
            if (label != null) { throw new FormatException("the block `" + label + "` has no end"); }
            return blocks;
        }

        /// <summary>The contents of the blocks with this label.</summary>
        internal static List<byte[]> Read(byte[] file, string label)
        {
            var found = new List<byte[]>();
            foreach (KeyValuePair<string, byte[]> block in Read(file))
            {
                if (block.Key == label) { found.Add(block.Value); }
            }
            return found;
        }

        internal static string Write(string label, byte[] content)
        {
            var text = new StringBuilder("-----BEGIN ").Append(label).Append("-----\n");
            string base64 = Convert.ToBase64String(content);
            for (int i = 0; i < base64.Length; i += LineChars)
            {
                text.Append(base64, i, Math.Min(LineChars, base64.Length - i)).Append('\n');
            }
            return text.Append("-----END ").Append(label).Append("-----\n").ToString();
        }

        internal const string OldEncryption =
            "the key is encrypted in an outdated way; write it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -in key.pem -out new-key.pem";
    }
}
