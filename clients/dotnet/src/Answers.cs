using System;
using System.Collections.Generic;

namespace Tdam.Client
{
    /// <summary>Am I connected, as whom, and for how long.</summary>
    /// <example><code>
    /// Heartbeat heartbeat = await client.HeartbeatAsync();
    /// if (heartbeat.CertificateDaysLeft &lt; 30) { await client.RenewAsync(); }
    /// </code></example>
    public sealed class Heartbeat
    {
        internal Heartbeat(Json json)
        {
            Json caller = json["caller"];
            Time = json.Text("time");
            BusinessDay = json.Text("business_day");
            Client = caller.Text("client");
            OnlineUser = caller.Text("online_user");
            AccessMode = caller.Text("access_mode");
            CertificateUntil = caller.Text("certificate_not_after");
            CertificateDaysLeft = caller.Number("certificate_days_left") ?? 0;
            RegistrationUntil = caller.Text("registration_valid_until");
            RegistrationDaysLeft = caller.Number("registration_days_left") ?? 0;
        }

        /// <summary>The exchange's clock (RFC 3339).</summary>
        public string Time { get; }

        /// <summary>The business day (<c>YYYY-MM-DD</c>, Europe/Riga).</summary>
        public string BusinessDay { get; }

        /// <summary>The institution.</summary>
        public string Client { get; }

        /// <summary>The online user: one information system of the institution.</summary>
        public string OnlineUser { get; }

        /// <summary><c>view</c> or <c>manage</c>.</summary>
        public string AccessMode { get; }

        /// <summary>When the certificate in use ends (RFC 3339).</summary>
        public string CertificateUntil { get; }

        /// <summary>Days until then; 0 on the day itself.</summary>
        public long CertificateDaysLeft { get; }

        /// <summary>Last day of the registration (<c>YYYY-MM-DD</c>).</summary>
        public string RegistrationUntil { get; }

        /// <summary>Days until then; 0 on the day itself.</summary>
        public long RegistrationDaysLeft { get; }
    }

    /// <summary>An account that the online user may see. Amounts are decimals as ISO 20022 writes them: <c>-12.50</c>.</summary>
    /// <example><code>Console.WriteLine(account.Iban + ": " + account.Available);</code></example>
    public sealed class Account
    {
        internal Account(Json json)
        {
            Iban = json.Text("iban");
            Currency = json.Text("currency");
            Owner = json.Text("owner");
            Kind = json.Text("kind");
            State = json.Text("state");
            Booked = json.Text("booked_balance");
            Held = json.Text("held");
            Available = json.Text("available");
            PaymentLimit = json.TextOrNull("payment_limit");
            DayLimit = json.TextOrNull("day_limit");
            MayDebit = json.Flag("may_debit");
        }

        /// <summary>IBAN, compact.</summary>
        public string Iban { get; }

        /// <summary>ISO 4217.</summary>
        public string Currency { get; }

        /// <summary>The owner as statements show it.</summary>
        public string Owner { get; }

        /// <summary>What it is for: <c>budget_expenditure</c> and others.</summary>
        public string Kind { get; }

        /// <summary><c>open</c>, <c>blocked</c>, <c>closed</c>.</summary>
        public string State { get; }

        /// <summary>What is booked.</summary>
        public string Booked { get; }

        /// <summary>What is held for payments that are due.</summary>
        public string Held { get; }

        /// <summary>What can be spent now.</summary>
        public string Available { get; }

        /// <summary>The most that one payment may be; null without such a limit.</summary>
        public string PaymentLimit { get; }

        /// <summary>The most that the payments of one execution date may be; null without such a limit.</summary>
        public string DayLimit { get; }

        /// <summary>Whether this online user may pay from it.</summary>
        public bool MayDebit { get; }
    }

    /// <summary>What is left of the quotas. Each node of an exchange counts for itself.</summary>
    /// <example><code>Console.WriteLine((await client.QuotasAsync()).OnlineUser.Bytes?.Left);</code></example>
    public sealed class Quotas
    {
        internal Quotas(Json json)
        {
            OnlineUser = new QuotaHolder(json["online_user"]);
            Address = new QuotaHolder(json["address"]);
        }

        /// <summary>Of the online user that asks.</summary>
        public QuotaHolder OnlineUser { get; }

        /// <summary>Of the address that the question comes from; all who share it share the quota.</summary>
        public QuotaHolder Address { get; }
    }

    /// <summary>What one holder has left.</summary>
    /// <example><code>Console.WriteLine(quotas.Address.Name);</code></example>
    public sealed class QuotaHolder
    {
        internal QuotaHolder(Json json)
        {
            Name = json.Text("name");
            Requests = json["requests"].IsObject ? new QuotaLeft(json["requests"]) : null;
            Bytes = json["bytes"].IsObject ? new QuotaLeft(json["bytes"]) : null;
        }

        /// <summary>The online user's name; the address, or the network of an IPv6 address.</summary>
        public string Name { get; }

        /// <summary>Of requests; null without a quota.</summary>
        public QuotaLeft Requests { get; }

        /// <summary>Of bytes of bodies, as they are sent; null without a quota.</summary>
        public QuotaLeft Bytes { get; }
    }

    /// <summary>What is left of one quota.</summary>
    /// <example><code>Console.WriteLine(left.Left + " of " + left.Burst);</code></example>
    public sealed class QuotaLeft
    {
        internal QuotaLeft(Json json)
        {
            Left = json.Number("left") ?? 0;
            ReserveLeft = json.Number("reserve_left");
            Burst = json.Number("burst") ?? 0;
            PerSecond = json.Number("per_second") ?? 0;
            FullIn = json.Seconds("full_in_seconds") ?? TimeSpan.Zero;
        }

        /// <summary>How much may be used now.</summary>
        public long Left { get; }

        /// <summary>How many more heartbeats, statuses and answers of submissions the reserve allows; null for bytes.</summary>
        public long? ReserveLeft { get; }

        /// <summary>How much there is when all of it is there.</summary>
        public long Burst { get; }

        /// <summary>How much comes back each second.</summary>
        public long PerSecond { get; }

        /// <summary>After so much time all of it is there, if nobody uses any.</summary>
        public TimeSpan FullIn { get; }
    }

    /// <summary>One error of the catalogue.</summary>
    /// <example><code>Console.WriteLine(entry.Code + " " + entry.Titles["en"] + " " + entry.Remedies["en"]);</code></example>
    public sealed class CatalogueEntry
    {
        internal CatalogueEntry(Json json)
        {
            Code = json.Text("code");
            IsoReason = json.Text("iso_reason");
            IsRetryable = json.Flag("retryable");
            Source = json.Text("source");
            Titles = TitlesOf(json);
            Explanations = TextsOf(json, "explanation");
            Remedies = TextsOf(json, "remedy");
        }

        /// <summary>The code: <c>TDAM-3101</c>. Its meaning never changes.</summary>
        public string Code { get; }

        /// <summary>The ISO 20022 reason code that a pain.002 has for it; empty where there is none.</summary>
        public string IsoReason { get; }

        /// <summary>Whether the same request may succeed later.</summary>
        public bool IsRetryable { get; }

        /// <summary>Where the rule comes from.</summary>
        public string Source { get; }

        /// <summary>A few words that name it, by language: <c>lv</c>, <c>en</c>.</summary>
        public IReadOnlyDictionary<string, string> Titles { get; }

        /// <summary>What the rule is, by language.</summary>
        public IReadOnlyDictionary<string, string> Explanations { get; }

        /// <summary>What to do, by language.</summary>
        public IReadOnlyDictionary<string, string> Remedies { get; }

        internal static IReadOnlyDictionary<string, string> TitlesOf(Json json) => TextsOf(json, "title");

        private static IReadOnlyDictionary<string, string> TextsOf(Json json, string member)
        {
            var texts = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (KeyValuePair<string, Json> language in json["texts"].Members) { texts[language.Key] = language.Value.Text(member); }
            return texts;
        }
    }

    /// <summary>How the exchange judges a signature. It keeps nothing of the request.</summary>
    /// <example><code>Console.WriteLine(check.Accepted ? "accepted" : check.SignatureBase);</code></example>
    public sealed class SignatureCheck
    {
        internal SignatureCheck(Json json)
        {
            Accepted = json.Flag("accepted");
            Required = json.Flag("required");
            Code = json.TextOrNull("code");
            Text = json.TextOrNull("text");
            Steps = json.List("steps", one => new SignatureStep(one));
            SignatureBase = json.TextOrNull("signature_base");
            ContentDigest = json.Text("content_digest");
            KeyId = json.Text("keyid");
            Algorithms = json.List("algorithms", one => one.AsText);
            ServerTime = json.Number("server_time") ?? 0;
        }

        /// <summary>Whether a submission that is signed so is taken as signed.</summary>
        public bool Accepted { get; }

        /// <summary>Whether what the online user submits has to be signed.</summary>
        public bool Required { get; }

        /// <summary>The code that a submission signed so is refused with; null when it is accepted.</summary>
        public string Code { get; }

        /// <summary>What the code means; null when it is accepted.</summary>
        public string Text { get; }

        /// <summary>The steps that could be taken, in their order.</summary>
        public IReadOnlyList<SignatureStep> Steps { get; }

        /// <summary>What the exchange takes for signed; null when a signature or a component is missing.</summary>
        public string SignatureBase { get; }

        /// <summary><c>Content-Digest</c> of the body that arrived.</summary>
        public string ContentDigest { get; }

        /// <summary>The fingerprint of the certificate in use.</summary>
        public string KeyId { get; }

        /// <summary>Algorithms that its key signs by, the usual one first.</summary>
        public IReadOnlyList<string> Algorithms { get; }

        /// <summary>The exchange's time in seconds since 1970, as <c>created</c> counts.</summary>
        public long ServerTime { get; }
    }

    /// <summary>A step of the judgement.</summary>
    /// <example><code>Console.WriteLine(step.Step + " " + step.Passed + " " + step.Detail);</code></example>
    public sealed class SignatureStep
    {
        internal SignatureStep(Json json)
        {
            Step = json.Text("step");
            Passed = json.Flag("passed");
            Detail = json.Text("detail");
        }

        /// <summary><c>encoding</c>, <c>fields</c>, <c>key</c>, <c>covered</c>, <c>time</c>, <c>algorithm</c>, <c>base</c>, <c>signature</c> or <c>digest</c>.</summary>
        public string Step { get; }

        /// <summary>Whether the request passed it.</summary>
        public bool Passed { get; }

        /// <summary>What the exchange found.</summary>
        public string Detail { get; }
    }
}
