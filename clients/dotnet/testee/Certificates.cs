using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading.Tasks;
using Tdam.Client;

namespace Tdam.Testee
{
    /// <summary>Steps about certificates and reports.</summary>
    internal sealed partial class Steps
    {
        private static async Task<object> EnrollAsync(JsonElement step)
        {
            using (var enrollment = new Enrollment(step.Options(), step.Needed("code")))
            {
                await enrollment.EnrollAsync(step.Needed("certificate"), step.Needed("key"), Kind(step), step.Text("password"));
            }
            using (var certificate = new X509Certificate2(step.Needed("certificate")))
            {
                return new Dictionary<string, object> { ["serial"] = certificate.SerialNumber.ToLowerInvariant() };
            }
        }

        private static async Task<object> EnrollKeyStoreAsync(JsonElement step)
        {
            using (var enrollment = new Enrollment(step.Options(), step.Needed("code")))
            {
                await enrollment.EnrollKeyStoreAsync(step.Needed("pkcs12"));
                return Nothing();
            }
        }

        private async Task<object> RenewAsync(JsonElement step)
        {
            var options = new RenewOptions { KeyKind = Kind(step) };
            if (step.Text("protection") == "compatible") { options.Protection = KeyStoreProtection.Compatible; }
            Renewal renewal = await Of(step).Client.RenewAsync(options);
            return new Dictionary<string, object> { ["serial"] = renewal.Serial, ["certificate_until"] = renewal.CertificateUntil };
        }

        private async Task<object> ReportAsync(JsonElement step)
        {
            ReportPages pages = await Of(step).Client.RequestReportAsync(step.Body(), step.Language());
            string folder = step.Text("save_to") ?? Path.Combine(Path.GetTempPath(), "tdam-testee-" + Guid.NewGuid().ToString("N"));
            var balances = new BalanceChain();
            try
            {
                var sums = new List<string>();
                foreach (string file in await pages.SaveAllAsync(folder, balances)) { sums.Add(Step.Sha256(File.ReadAllBytes(file))); }
                return new Dictionary<string, object> { ["pages"] = sums.Count, ["sha256"] = sums, ["balances_chain"] = balances.Holds };
            }
            finally
            {
                if (step.Text("save_to") == null) { Directory.Delete(folder, true); }
            }
        }

        private static KeyKind Kind(JsonElement step)
        {
            switch (step.Text("key_kind"))
            {
                case null:
                case "p256": return KeyKind.P256;
                case "p384": return KeyKind.P384;
                case "rsa2048": return KeyKind.Rsa2048;
                case "rsa3072": return KeyKind.Rsa3072;
                default: throw new UnsupportedException("the library makes no keys of the kind " + step.Text("key_kind"));
            }
        }
    }
}
