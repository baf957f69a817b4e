using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Threading;

namespace Tdam.Client
{
    /// <summary>One request. The client may repeat any of them with the same bytes.</summary>
    internal sealed class Call
    {
        /// <summary>Messages are XML; problems are easier read as JSON.</summary>
        internal const string Message = "application/xml, application/problem+json";
        internal const string Overview = "application/json, application/problem+json";
        internal const string PemChain = "application/pem-certificate-chain, application/problem+json";

        internal Call(HttpMethod method, string target, string accept)
        {
            Method = method;
            Target = target;
            Accept = accept;
        }

        internal HttpMethod Method { get; }

        internal string Target { get; }

        internal string Accept { get; }

        internal Body.Source Body { get; set; }

        internal string ContentType { get; set; } = "application/xml; charset=utf-8";

        internal Language Language { get; set; }

        internal string RequestId { get; set; }

        internal TimeSpan? Wait { get; set; }

        /// <summary>Whether it is signed, where the client signs.</summary>
        internal bool IsSubmission { get; set; }

        /// <summary>The answer is read into memory as part of the call, so a connection lost in the middle of it is a reason to repeat too.</summary>
        internal bool IsHeld { get; set; } = true;

        /// <summary>What stands for a certificate: the code of an enrolment.</summary>
        internal string Bearer { get; set; }

        /// <summary>Whether the answer to a lost attempt can be asked for again; a key store is given out once.</summary>
        internal bool IsOnce { get; set; }
    }

    /// <summary>The answer to a call. Its taker disposes of it.</summary>
    internal sealed class Reply : IDisposable
    {
        internal Reply(HttpResponseMessage response, byte[] held)
        {
            Response = response;
            Held = held;
        }

        internal HttpResponseMessage Response { get; }

        /// <summary>The body, of a call whose answer is not held.</summary>
        internal BodyReader Stream { get; set; }

        /// <summary>The body, of a call whose answer is held.</summary>
        internal byte[] Held { get; }

        internal HttpStatusCode Status => Response.StatusCode;

        internal string RequestId => Header("X-Request-Id");

        internal string MessageType => Header("X-Message-Type");

        internal bool IsJson => MediaType(Response) == "application/json";

        internal string Location => Response.Headers.TryGetValues("Location", out IEnumerable<string> values) ? First(values) : null;

        internal TimeSpan? RetryAfter => RetryAfterOf(Response);

        internal string Header(string name)
        {
            return Response.Headers.TryGetValues(name, out IEnumerable<string> values)
                || Response.Content.Headers.TryGetValues(name, out values)
                ? First(values)
                : null;
        }

        public void Dispose()
        {
            if (Stream != null) { Stream.Dispose(); } else { Response.Dispose(); }
        }

        internal static string MediaType(HttpResponseMessage response) =>
            response.Content?.Headers.ContentType?.MediaType?.ToLowerInvariant() ?? "";

        /// <summary>In seconds; the exchange does not use the form with a date.</summary>
        internal static TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;

        /// <summary>The target of the first link with this relation (RFC 8288).</summary>
        internal static string LinkTarget(string field, string relation)
        {
            foreach (string one in (field ?? "").Split(new[] { ',' }))
            {
                string link = one.Trim();
                int end = link.IndexOf('>');
                if (end < 0 || link[0] != '<') { continue; }
                foreach (string parameter in link.Substring(end + 1).Split(new[] { ';' }))
                {
                    string[] pair = parameter.Trim().Split(new[] { '=' });
                    if (pair.Length == 2 && pair[0].Trim().ToLowerInvariant() == "rel" && pair[1].Trim().Trim(new[] { '"' }) == relation)
                    {
                        return link.Substring(1, end - 1);
                    }
                }
            }
            return null;
        }

        private static string First(IEnumerable<string> values)
        {
            foreach (string value in values) { return value; }
            return null;
        }
    }

    /// <summary>Texts that a request carries.</summary>
    internal static class RequestText
    {
        internal static string Of(Language language) => language == Language.Latvian ? "lv" : language == Language.English ? "en" : null;

        internal static void CheckId(string id)
        {
            if (id == null) { return; }
            bool isSane = id.Length >= 1 && id.Length <= Bounds.RequestIdCharsMax;
            foreach (char letter in id)
            {
                isSane &= (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z')
                    || "-_.:".IndexOf(letter) >= 0;
            }
            if (!isSane)
            {
                throw TdamException.Configuration(string.Format(
                    CultureInfo.InvariantCulture,
                    "the request id `{0}` cannot be sent: 1 to {1} of A-Z a-z 0-9 - _ . :",
                    Uri.EscapeDataString(id),
                    Bounds.RequestIdCharsMax));
            }
        }
    }
}
