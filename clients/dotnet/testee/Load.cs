using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Tdam.Client;

namespace Tdam.Testee
{
    /// <summary>Many messages over many connections, with a renewal in their midst where the step asks for one.</summary>
    internal sealed partial class Steps
    {
        private async Task<object> LoadAsync(JsonElement step)
        {
            TdamClient client = Of(step).Client;
            var files = new ConcurrentQueue<string>(Directory.GetFiles(step.Needed("folder")));
            int sent = files.Count;
            var answers = new ConcurrentDictionary<string, string>();
            var failed = new ConcurrentDictionary<string, object>();
            long renewAfter = step.Number("renew_after") ?? -1;
            int answered = 0;
            Task renewal = null;
            TimeSpan timeout = step.Milliseconds("timeout_ms") ?? Bounds.CallTimeout;

            async Task Work()
            {
                while (files.TryDequeue(out string file))
                {
                    string name = Path.GetFileName(file);
                    try
                    {
                        Submission submission = await client.SubmitAndWaitAsync(Body.FromFile(file), timeout);
                        answers[name] = Step.Sha256(submission.Answer.Xml);
                    }
                    catch (TdamException error)
                    {
                        failed[name] = ErrorAnswer.Of(error);
                    }
                    if (Interlocked.Increment(ref answered) == renewAfter) { renewal = RenewBesideAsync(client, step); }
                }
            }

            var workers = new List<Task>();
            for (long i = 0; i < (step.Number("connections") ?? 1); i++) { workers.Add(Task.Run(Work)); }
            await Task.WhenAll(workers);
            if (renewal != null) { await renewal; }
            return new Dictionary<string, object> { ["sent"] = sent, ["answers"] = answers, ["failed"] = failed };
        }

        private static async Task RenewBesideAsync(TdamClient client, JsonElement step)
        {
            await client.RenewAsync();
            if (step.Text("renewed_file") is string path) { File.WriteAllBytes(path, new byte[0]); }
        }
    }
}
