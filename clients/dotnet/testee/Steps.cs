using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading.Tasks;
using Tdam.Client;

namespace Tdam.Testee
{
    /// <summary>What a connected client has in this program.</summary>
    internal sealed class Connected
    {
        internal readonly ConcurrentQueue<ExchangeWarning> Warnings = new ConcurrentQueue<ExchangeWarning>();
        internal readonly ConcurrentQueue<string> Lines = new ConcurrentQueue<string>();

        internal TdamClient Client { get; set; }
    }

    /// <summary>Each step by its name.</summary>
    internal sealed partial class Steps
    {
        private readonly ConcurrentDictionary<string, Connected> clients = new ConcurrentDictionary<string, Connected>();

        internal async Task<object> RunAsync(JsonElement step)
        {
            switch (step.Needed("do"))
            {
                case "hello": return Hello();
                case "connect": return Connect(step);
                case "heartbeat": return await HeartbeatAsync(step);
                case "submit": return await SubmitAsync(step);
                case "wait_for_answer": return await WaitForAnswerAsync(step);
                case "status": return await StatusAsync(step);
                case "report": return await ReportAsync(step);
                case "enroll": return await EnrollAsync(step);
                case "enroll_key_store": return await EnrollKeyStoreAsync(step);
                case "renew": return await RenewAsync(step);
                case "load": return await LoadAsync(step);
                case "accounts": return await AccountsAsync(step);
                case "quotas": return await QuotasAsync(step);
                case "errors": return await ErrorsAsync(step);
                case "check_signature": return await CheckSignatureAsync(step);
                case "reload": return Reload(step);
                case "warnings": return Warnings(step);
                case "log": return new Dictionary<string, object> { ["lines"] = Of(step).Lines.ToArray() };
                case "memory": return Memory();
                case "close": return Close(step);
                default: throw new UnsupportedException("this testee knows no step `" + step.Text("do") + "`");
            }
        }

        private static object Hello()
        {
            return new Dictionary<string, object>
            {
                ["library"] = "tdam-dotnet",
                ["version"] = TdamClient.Version,
                ["runtime"] = RuntimeInformation.FrameworkDescription,
                ["protocol"] = 1,
            };
        }

        private object Connect(JsonElement step)
        {
            var connected = new Connected();
            ClientOptions options = step.Options();
            options.OnWarning = connected.Warnings.Enqueue;
            options.OnLog = entry => connected.Lines.Enqueue(entry.ToString());
            connected.Client = new TdamClient(options);
            if (clients.TryRemove(step.Needed("client"), out Connected before)) { before.Client.Dispose(); }
            clients[step.Needed("client")] = connected;
            return Nothing();
        }

        private async Task<object> HeartbeatAsync(JsonElement step)
        {
            Heartbeat heartbeat = await Of(step).Client.HeartbeatAsync();
            return new Dictionary<string, object>
            {
                ["online_user"] = heartbeat.OnlineUser,
                ["client"] = heartbeat.Client,
                ["business_day"] = heartbeat.BusinessDay,
                ["certificate_days_left"] = heartbeat.CertificateDaysLeft,
                ["certificate_until"] = heartbeat.CertificateUntil,
            };
        }

        private async Task<object> SubmitAsync(JsonElement step)
        {
            var options = new SubmitOptions { Test = step.Flag("test"), Language = step.Language(), RequestId = step.Text("request_id") };
            options.Wait = step.Milliseconds("wait_ms") ?? options.Wait;
            TdamClient client = Of(step).Client;
            Submission submission = step.Flag("complete")
                ? await client.SubmitAndWaitAsync(step.Body(), step.Milliseconds("timeout_ms") ?? Bounds.CallTimeout, options)
                : await client.SubmitAsync(step.Body(), options);
            return Outcome(step, submission);
        }

        private async Task<object> WaitForAnswerAsync(JsonElement step)
        {
            TimeSpan timeout = step.Milliseconds("timeout_ms") ?? Bounds.CallTimeout;
            return Outcome(step, await Of(step).Client.WaitForAnswerAsync(step.Needed("location"), timeout, step.Language()));
        }

        private static object Outcome(JsonElement step, Submission submission)
        {
            if (submission.InProgress != null)
            {
                return new Dictionary<string, object>
                {
                    ["outcome"] = "in_progress",
                    ["location"] = submission.InProgress.Location,
                    ["retry_after_ms"] = (long)submission.InProgress.RetryAfter.TotalMilliseconds,
                    ["request_id"] = submission.InProgress.RequestId,
                };
            }
            Answer answer = submission.Answer;
            if (step.Text("save_to") is string path) { File.WriteAllBytes(path, answer.Xml); }
            return new Dictionary<string, object>
            {
                ["outcome"] = "answer",
                ["repeated"] = answer.IsRepeated,
                ["message_type"] = answer.MessageType,
                ["sha256"] = Step.Sha256(answer.Xml),
                ["group_status"] = answer.GroupStatus,
                ["request_id"] = answer.RequestId,
            };
        }

        private async Task<object> StatusAsync(JsonElement step)
        {
            TdamClient client = Of(step).Client;
            if (step.Text("form") == "overview")
            {
                MessageOverview overview = await client.StatusOverviewAsync(step.Needed("msg_id"), step.Language());
                var refused = new List<object>();
                foreach (PaymentRefusal refusal in overview.Refused)
                {
                    refused.Add(new Dictionary<string, object>
                    {
                        ["end_to_end_id"] = refusal.EndToEndId, ["code"] = refusal.Reason?.Code, ["reason"] = refusal.Reason?.IsoReason,
                    });
                }
                return new Dictionary<string, object>
                {
                    ["msg_id"] = overview.MessageId, ["group_status"] = overview.Status, ["payments"] = overview.Payments, ["refused"] = refused,
                };
            }
            using (Document document = await client.StatusAsync(step.Needed("msg_id")))
            {
                byte[] xml = await document.ReadAsync();
                if (step.Text("save_to") is string path) { File.WriteAllBytes(path, xml); }
                return new Dictionary<string, object>
                {
                    ["message_type"] = document.MessageType, ["sha256"] = Step.Sha256(xml), ["group_status"] = Document.GroupStatusOf(xml),
                };
            }
        }

        private async Task<object> AccountsAsync(JsonElement step)
        {
            var accounts = new List<object>();
            foreach (Account account in await Of(step).Client.AccountsAsync())
            {
                accounts.Add(new Dictionary<string, object>
                {
                    ["iban"] = account.Iban, ["currency"] = account.Currency, ["booked"] = account.Booked, ["available"] = account.Available,
                });
            }
            return new Dictionary<string, object> { ["accounts"] = accounts };
        }

        private async Task<object> QuotasAsync(JsonElement step)
        {
            QuotaHolder quotas = (await Of(step).Client.QuotasAsync()).OnlineUser;
            return new Dictionary<string, object> { ["requests_left"] = quotas.Requests?.Left, ["bytes_left"] = quotas.Bytes?.Left };
        }

        private async Task<object> ErrorsAsync(JsonElement step)
        {
            IReadOnlyList<CatalogueEntry> entries = await Of(step).Client.ErrorsAsync();
            var answer = new Dictionary<string, object> { ["count"] = entries.Count };
            foreach (CatalogueEntry entry in entries)
            {
                if (entry.Code != step.Text("code")) { continue; }
                answer["code"] = entry.Code;
                answer["titles"] = entry.Titles;
            }
            return answer;
        }

        private async Task<object> CheckSignatureAsync(JsonElement step)
        {
            SignatureCheck check = await Of(step).Client.CheckSignatureAsync(step.Body(), step.Language());
            var steps = new List<object>();
            foreach (SignatureStep one in check.Steps) { steps.Add(new Dictionary<string, object> { ["step"] = one.Step, ["passed"] = one.Passed }); }
            return new Dictionary<string, object> { ["valid"] = check.Accepted, ["steps"] = steps };
        }

        private object Reload(JsonElement step)
        {
            Of(step).Client.Reload();
            return Nothing();
        }

        private object Warnings(JsonElement step)
        {
            var told = new List<object>();
            foreach (ExchangeWarning warning in Of(step).Warnings)
            {
                told.Add(new Dictionary<string, object> { ["code"] = warning.Code, ["what"] = warning.What, ["ends"] = warning.Ends });
            }
            return new Dictionary<string, object> { ["warnings"] = told };
        }

        /// <summary>From the system's account of this process, in kibibytes there.</summary>
        private static object Memory()
        {
            var memory = new Dictionary<string, object>();
            foreach (string line in File.ReadAllLines("/proc/self/status"))
            {
                string name = line.StartsWith("VmRSS:", StringComparison.Ordinal) ? "resident_bytes"
                    : line.StartsWith("VmHWM:", StringComparison.Ordinal) ? "peak_bytes" : null;
                if (name != null) { memory[name] = long.Parse(line.Split(':')[1].Replace("kB", "").Trim()) * 1024; }
            }
            return memory;
        }

        private object Close(JsonElement step)
        {
            if (clients.TryRemove(step.Needed("client"), out Connected connected)) { connected.Client.Dispose(); }
            return Nothing();
        }

        private Connected Of(JsonElement step) =>
            clients.TryGetValue(step.Needed("client"), out Connected connected)
                ? connected
                : throw new ArgumentException("no client `" + step.Text("client") + "` is connected");

        private static Dictionary<string, object> Nothing() => new Dictionary<string, object>();
    }
}
