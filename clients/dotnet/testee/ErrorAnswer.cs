using System.Collections.Generic;
using Tdam.Client;

namespace Tdam.Testee
{
    /// <summary>An error of the library as the protocol writes it.</summary>
    internal static class ErrorAnswer
    {
        internal static Dictionary<string, object> Of(TdamException error)
        {
            var answer = new Dictionary<string, object>
            {
                ["kind"] = error.Kind.ToString().ToLowerInvariant(),
                ["attempts"] = error.Attempts,
                ["message"] = error.Message,
            };
            if (error.IsUnauthorised) { answer["unauthorised"] = true; }
            Problem problem = error.Problem;
            if (problem == null) { return answer; }
            answer["status"] = problem.Status;
            answer["title"] = problem.Title;
            if (problem.Code.Length > 0) { answer["code"] = problem.Code; }
            if (problem.Titles.Count > 0) { answer["titles"] = problem.Titles; }
            if (problem.RequestId.Length > 0) { answer["request_id"] = problem.RequestId; }
            if (problem.RetryAfter.HasValue) { answer["retry_after_ms"] = (long)problem.RetryAfter.Value.TotalMilliseconds; }
            var findings = new List<object>();
            foreach (Finding finding in problem.Findings)
            {
                findings.Add(new Dictionary<string, object> { ["code"] = finding.Code, ["path"] = finding.Path, ["line"] = finding.Line });
            }
            if (findings.Count > 0) { answer["findings"] = findings; }
            return answer;
        }
    }
}
