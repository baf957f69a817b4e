using System;
using System.Collections.Generic;
using System.Globalization;

namespace Tdam.Client
{
    /// <summary>Why a call failed. The same eight kinds exist in the libraries of all languages.</summary>
    /// <example><code>if (error.Kind == ErrorKind.Unavailable) { /* send the same file later */ }</code></example>
    public enum ErrorKind
    {
        /// <summary>The client was set up with something unusable: address, authority, certificate, key, password.</summary>
        Configuration,

        /// <summary>The file or stream to be sent cannot be read.</summary>
        Input,

        /// <summary>No connection, or it was lost.</summary>
        Connection,

        /// <summary>One side does not trust or accept the other's certificate.</summary>
        Tls,

        /// <summary>Nothing came within the time allowed. Sending the same bytes again is safe.</summary>
        Timeout,

        /// <summary>The exchange says no; <see cref="TdamException.Problem"/> says why.</summary>
        Refused,

        /// <summary>The exchange says "not now" (429, 502, 503, 504). Later the same call may succeed.</summary>
        Unavailable,

        /// <summary>The answer is not what this library understands.</summary>
        Unexpected,
    }

    /// <summary>The only exception of this library but those of a cancelled token. Its text says what happened and what to do.</summary>
    /// <example><code>
    /// try
    /// {
    ///     await client.HeartbeatAsync();
    /// }
    /// catch (TdamException error) when (error.Kind == ErrorKind.Refused)
    /// {
    ///     Console.WriteLine(error.Problem.Code + ": " + error.Problem.Remedy);
    /// }
    /// </code></example>
    public sealed class TdamException : Exception
    {
        internal TdamException(ErrorKind kind, string message, Exception cause = null, Problem problem = null)
            : base(message, cause)
        {
            Kind = kind;
            Problem = problem;
            Attempts = 1;
        }

        /// <summary>What went wrong, to decide by.</summary>
        public ErrorKind Kind { get; }

        /// <summary>What the exchange sent with a refusal, or with "not now"; otherwise null.</summary>
        public Problem Problem { get; }

        /// <summary>How many attempts the client made before it gave up.</summary>
        public int Attempts { get; internal set; }

        /// <summary>
        /// The exchange does not accept the caller: certificate missing, revoked or ended, address not registered, no right to it.
        /// </summary>
        public bool IsUnauthorised
        {
            get
            {
                if (Kind == ErrorKind.Tls) { return ClientCertificateRefused; }
                return Kind == ErrorKind.Refused && Problem != null && (Problem.Status == 401 || Problem.Status == 403);
            }
        }

        /// <summary>The text for people: what happened, what to do, and after how many attempts the client gave up.</summary>
        public override string Message => Attempts > 1
            ? base.Message + string.Format(CultureInfo.InvariantCulture, " (after {0} attempts)", Attempts)
            : base.Message;

        internal bool ClientCertificateRefused { get; set; }

        /// <summary>A limit of the whole call passed, so the call is not repeated.</summary>
        internal bool IsFinal { get; set; }

        /// <summary>The exchange works on this message already; a reason to ask again.</summary>
        internal bool IsBeingProcessed => Kind == ErrorKind.Refused && Problem.Status == 409 && Problem.Code == Problem.BeingProcessed;

        /// <summary>Whether another attempt with the same bytes makes sense.</summary>
        internal bool IsRepeatable => !IsFinal
            && (Kind == ErrorKind.Connection || Kind == ErrorKind.Timeout || Kind == ErrorKind.Unavailable || IsBeingProcessed);

        internal static TdamException Configuration(string message, Exception cause = null) =>
            new TdamException(ErrorKind.Configuration, message, cause);

        internal static TdamException Unexpected(string message, Exception cause = null) =>
            new TdamException(ErrorKind.Unexpected, message, cause);

        internal static TdamException Input(string what, Exception cause) =>
            new TdamException(ErrorKind.Input, what + " cannot be read: " + cause.Message, cause);

        internal static TdamException Timeout(string doing, TimeSpan after) => new TdamException(
            ErrorKind.Timeout,
            string.Format(
                CultureInfo.InvariantCulture,
                "nothing came within {0:0.###} s while {1}; the outcome is not known, and sending the same bytes again is safe",
                after.TotalSeconds,
                doing));

        /// <summary>A refusal by its status; "not now" differs from "no".</summary>
        internal static TdamException Refused(Problem problem)
        {
            switch (problem.Status)
            {
                case 429:
                case 502:
                case 503:
                case 504:
                    return new TdamException(
                        ErrorKind.Unavailable, "the exchange cannot answer now: " + problem.Sentence(), null, problem);
                default:
                    return new TdamException(ErrorKind.Refused, "refused: " + problem.Sentence(), null, problem);
            }
        }
    }

    /// <summary>What the exchange says with a refusal (problem details, RFC 9457).</summary>
    /// <example><code>
    /// foreach (Finding finding in error.Problem.Findings)
    /// {
    ///     Console.WriteLine("line " + finding.Line + ": " + finding.Message);
    /// }
    /// </code></example>
    public sealed class Problem
    {
        internal const string BeingProcessed = "TDAM-5009";

        /// <summary>The signature is not valid; a wrong clock is one of the reasons.</summary>
        private const string SignatureInvalid = "TDAM-1011";

        /// <summary>How far this machine's clock is from the exchange's before it is named, in seconds.</summary>
        private const double ClockSecondsMax = 60;

        private readonly TimeSpan clockAhead;

        internal Problem(int status, string reason, Json json, string requestId, TimeSpan? retryAfter, TimeSpan clockAhead = default(TimeSpan))
        {
            this.clockAhead = clockAhead;
            Status = status;
            Code = json.Text("code");
            Title = json.Text("title");
            if (Title.Length == 0) { Title = string.IsNullOrEmpty(reason) ? "no reason given" : reason; }
            Detail = json.Text("detail");
            Remedy = json.Text("remedy");
            RequestId = json.Text("request_id");
            if (RequestId.Length == 0) { RequestId = requestId ?? ""; }
            IsoReason = json.Text("iso_reason");
            Documentation = json.Text("documentation");
            RetryAfter = json.Seconds("retry_after_seconds") ?? retryAfter;
            FindingsTotal = json.Number("findings_total") ?? 0;
            Findings = json.List("findings", one => new Finding(one));
            Titles = CatalogueEntry.TitlesOf(json);
            Support = json["support"].IsObject ? new Support(json["support"]) : null;
        }

        /// <summary>The HTTP status.</summary>
        public int Status { get; }

        /// <summary>The code of the catalogue, to decide by: <c>TDAM-2109</c>. Empty when the answer was not the exchange's own.</summary>
        public string Code { get; }

        /// <summary>What is wrong in general, in the language asked for.</summary>
        public string Title { get; }

        /// <summary>What is wrong in this request.</summary>
        public string Detail { get; }

        /// <summary>What to do.</summary>
        public string Remedy { get; }

        /// <summary>By what the operator finds the request.</summary>
        public string RequestId { get; }

        /// <summary>The ISO 20022 reason code of the same meaning; empty where there is none.</summary>
        public string IsoReason { get; }

        /// <summary>Where the catalogue explains the code, readable without a certificate.</summary>
        public string Documentation { get; }

        /// <summary>When a repetition may succeed; null when the exchange does not say.</summary>
        public TimeSpan? RetryAfter { get; }

        /// <summary>The faults with their places, up to a bound.</summary>
        public IReadOnlyList<Finding> Findings { get; }

        /// <summary>How many faults there are in all.</summary>
        public long FindingsTotal { get; }

        /// <summary>The title in each language, by its code: <c>lv</c>, <c>en</c>.</summary>
        public IReadOnlyDictionary<string, string> Titles { get; }

        /// <summary>Where people find help; null where the exchange does not say.</summary>
        public Support Support { get; }

        internal string Sentence()
        {
            if (Code.Length == 0) { return string.Format(CultureInfo.InvariantCulture, "HTTP {0} {1}", Status, Title); }
            string text = Code + " " + (Detail.Length > 0 ? Detail : Title);
            if (Remedy.Length > 0) { text += " " + Remedy; }
            if (Code == SignatureInvalid && Math.Abs(clockAhead.TotalSeconds) > ClockSecondsMax)
            {
                text += string.Format(
                    CultureInfo.InvariantCulture,
                    " This machine's clock is {0:0} s {1} the exchange's: set it right.",
                    Math.Abs(clockAhead.TotalSeconds),
                    clockAhead > TimeSpan.Zero ? "ahead of" : "behind");
            }
            if (RequestId.Length > 0) { text += " [request " + RequestId + "]"; }
            return text;
        }
    }

    /// <summary>One fault in what was sent.</summary>
    /// <example><code>Console.WriteLine(finding.Path + ": " + finding.Message);</code></example>
    public sealed class Finding
    {
        internal Finding(Json json)
        {
            Code = json.Text("code");
            Message = json.Text("message");
            Path = json.Text("path");
            Line = json.Number("line");
            Column = json.Number("column");
            Rule = json.Text("rule");
            Value = json.Text("value");
        }

        /// <summary>The code of the catalogue.</summary>
        public string Code { get; }

        /// <summary>What is wrong.</summary>
        public string Message { get; }

        /// <summary>The element concerned.</summary>
        public string Path { get; }

        /// <summary>Its line in the file; null where it has none.</summary>
        public long? Line { get; }

        /// <summary>Its column in the line; null where it has none.</summary>
        public long? Column { get; }

        /// <summary>The rule that it breaks.</summary>
        public string Rule { get; }

        /// <summary>What was found there.</summary>
        public string Value { get; }
    }

    /// <summary>Where people find help.</summary>
    /// <example><code>Console.WriteLine(error.Problem.Support?.Email);</code></example>
    public sealed class Support
    {
        internal Support(Json json)
        {
            Name = json.Text("name");
            Email = json.Text("email");
            Phone = json.Text("phone");
            Page = json.Text("page");
        }

        /// <summary>Who helps.</summary>
        public string Name { get; }

        /// <summary>The e-mail address; empty where there is none.</summary>
        public string Email { get; }

        /// <summary>The telephone number; empty where there is none.</summary>
        public string Phone { get; }

        /// <summary>A page; empty where there is none.</summary>
        public string Page { get; }
    }
}
