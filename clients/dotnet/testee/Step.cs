using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Text.Json;
using Tdam.Client;

namespace Tdam.Testee
{
    /// <summary>Reads the members of steps.</summary>
    internal static class Step
    {
        internal static string Text(this JsonElement step, string name) =>
            step.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        internal static string Needed(this JsonElement step, string name) =>
            step.Text(name) ?? throw new ArgumentException("the step lacks `" + name + "`");

        internal static bool Flag(this JsonElement step, string name) =>
            step.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

        internal static long? Number(this JsonElement step, string name) =>
            step.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : (long?)null;

        internal static TimeSpan? Milliseconds(this JsonElement step, string name) =>
            step.Number(name) is long number ? TimeSpan.FromMilliseconds(number) : (TimeSpan?)null;

        internal static Body Body(this JsonElement step)
        {
            JsonElement body = step.GetProperty("body");
            if (body.Text("file") is string file) { return Client.Body.FromFile(file); }
            if (body.Text("bytes") is string bytes) { return Client.Body.FromBytes(File.ReadAllBytes(bytes)); }
            if (body.Text("stream") is string stream) { return Client.Body.FromStream(new OneWayStream(File.OpenRead(stream))); }
            throw new ArgumentException("the body has neither `file` nor `bytes` nor `stream`");
        }

        internal static Language Language(this JsonElement step)
        {
            switch (step.Text("language"))
            {
                case "lv": return Client.Language.Latvian;
                case "en": return Client.Language.English;
                default: return Client.Language.Default;
            }
        }

        internal static ClientOptions Options(this JsonElement step)
        {
            bool asBytes = step.Text("from") == "bytes";
            var options = new ClientOptions { Url = step.Text("url"), SignSubmissions = step.Flag("sign") };
            if (asBytes) { options.Authority = File.ReadAllBytes(step.Needed("authority")); } else { options.AuthorityPath = step.Text("authority"); }
            if (step.TryGetProperty("identities", out JsonElement identities))
            {
                foreach (JsonElement one in identities.EnumerateArray()) { options.Identities.Add(Identity(one, asBytes)); }
            }
            if (step.TryGetProperty("options", out JsonElement given)) { Apply(options, given); }
            return options;
        }

        internal static string Sha256(byte[] bytes)
        {
            using (SHA256 sha256 = SHA256.Create())
            {
                return BitConverter.ToString(sha256.ComputeHash(bytes)).Replace("-", "").ToLowerInvariant();
            }
        }

        private static Identity Identity(JsonElement one, bool asBytes)
        {
            if (one.Text("pkcs12") is string keyStore)
            {
                return asBytes
                    ? Client.Identity.FromPkcs12(File.ReadAllBytes(keyStore), one.Text("password"))
                    : Client.Identity.FromPkcs12File(keyStore, one.Text("password"));
            }
            string certificate = one.Needed("certificate");
            string key = one.Needed("key");
            return asBytes
                ? Client.Identity.FromPem(File.ReadAllBytes(certificate), File.ReadAllBytes(key), one.Text("password"))
                : Client.Identity.FromPemFiles(certificate, key, one.Text("password"));
        }

        private static void Apply(ClientOptions options, JsonElement given)
        {
            options.ConnectTimeout = given.Milliseconds("connect_timeout_ms") ?? options.ConnectTimeout;
            options.IdleTimeout = given.Milliseconds("idle_timeout_ms") ?? options.IdleTimeout;
            options.CallTimeout = given.Milliseconds("call_timeout_ms") ?? options.CallTimeout;
            options.AttemptsMax = (int)(given.Number("attempts_max") ?? options.AttemptsMax);
            options.FirstPause = given.Milliseconds("first_pause_ms") ?? options.FirstPause;
            options.PauseMax = given.Milliseconds("pause_max_ms") ?? options.PauseMax;
            options.UserAgent = given.Text("user_agent");
            if (given.TryGetProperty("compression", out JsonElement compression)) { options.Compression = compression.GetBoolean(); }
            if (given.Text("tls_max") == "1.2") { options.TlsVersions = System.Security.Authentication.SslProtocols.Tls12; }
        }
    }

    /// <summary>A stream that cannot be rewound, and does not know its length.</summary>
    internal sealed class OneWayStream : Stream
    {
        private readonly Stream inner;

        internal OneWayStream(Stream inner)
        {
            this.inner = inner;
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
