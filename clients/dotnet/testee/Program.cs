using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

namespace Tdam.Testee
{
    /// <summary>
    /// The testee of conformance/PROTOCOL.md: a step a line in, an answer a line out. The steps of one client run one after the other,
    /// those of others beside them.
    /// </summary>
    internal static class Program
    {
        private static readonly object Output = new object();
        private static readonly Dictionary<string, Task> LastOf = new Dictionary<string, Task>();

        private static async Task<int> Main()
        {
            var steps = new Steps();
            var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
            var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
            while (await input.ReadLineAsync() is string line)
            {
                if (line.Trim().Length == 0) { continue; }
                JsonElement step = JsonDocument.Parse(line).RootElement;
                string client = step.TryGetProperty("client", out JsonElement name) ? name.GetString() : "";
                LastOf.TryGetValue(client, out Task before);
                LastOf[client] = RunAsync(steps, step, before, output);
            }
            await Task.WhenAll(LastOf.Values);
            return 0;
        }

        private static async Task RunAsync(Steps steps, JsonElement step, Task before, StreamWriter output)
        {
            if (before != null) { await before; }
            string answer = await Task.Run(() => AnswerAsync(steps, step));
            lock (Output) { output.WriteLine(answer); }
        }

        private static async Task<string> AnswerAsync(Steps steps, JsonElement step)
        {
            long id = step.GetProperty("id").GetInt64();
            var answer = new Dictionary<string, object> { ["id"] = id };
            try
            {
                answer["ok"] = await steps.RunAsync(step);
            }
            catch (Client.TdamException error)
            {
                Console.Error.WriteLine("step " + id + ": " + error);
                answer["error"] = ErrorAnswer.Of(error);
            }
            catch (UnsupportedException unsupported)
            {
                answer["unsupported"] = unsupported.Message;
            }
            catch (Exception error)
            {
                // Everything else is a fault of the library or of this program, and the suite is to see it.
                Console.Error.WriteLine("step " + id + ": " + error);
                answer["error"] = new Dictionary<string, object> { ["kind"] = "unhandled", ["message"] = error.GetType() + ": " + error.Message };
            }
            return JsonSerializer.Serialize(answer);
        }
    }

    /// <summary>A step that the library cannot do, and why.</summary>
    internal sealed class UnsupportedException : Exception
    {
        internal UnsupportedException(string why) : base(why)
        {
        }
    }
}
