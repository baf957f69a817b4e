using System.Collections.Generic;

namespace Tdam.Client
{
    /// <summary>A message and where its payments stand now. Amounts are decimals as ISO 20022 writes them: <c>12.50</c>.</summary>
    /// <example><code>Console.WriteLine(overview.Status + ": " + overview.RefusedTotal + " of " + overview.Payments + " refused");</code></example>
    public sealed class MessageOverview
    {
        internal MessageOverview(Json json)
        {
            MessageId = json.Text("message_id");
            MessageType = json.Text("message_type");
            ConsumedAt = json.Text("consumed_at");
            Status = json.Text("status");
            Payments = json.Number("number_of_transactions") ?? 0;
            ControlSum = json.TextOrNull("control_sum");
            Counts = json.List("counts", one => new StatusCount(one));
            Reason = ReasonText.Of(json["reason"]);
            FurtherReasons = json.List("further_reasons", ReasonText.Of);
            Blocks = json.List("blocks", one => new BlockOverview(one));
            Refused = json.List("refused", one => new PaymentRefusal(one));
            RefusedTotal = json.Number("refused_total") ?? 0;
        }

        /// <summary><c>MsgId</c>.</summary>
        public string MessageId { get; }

        /// <summary><c>pain.001.001.09</c>.</summary>
        public string MessageType { get; }

        /// <summary>When the exchange took it over; of one that is not judged yet, when it received it (RFC 3339).</summary>
        public string ConsumedAt { get; }

        /// <summary>Status of the group: RCVD, RJCT, PART, PDNG, ACCP, ACSP or ACSC.</summary>
        public string Status { get; }

        /// <summary>How many payments the message holds, as it states.</summary>
        public long Payments { get; }

        /// <summary><c>CtrlSum</c> as stated; null where it has none.</summary>
        public string ControlSum { get; }

        /// <summary>How many payments are in which status.</summary>
        public IReadOnlyList<StatusCount> Counts { get; }

        /// <summary>Why the message is refused as a whole; null when it is not.</summary>
        public ReasonText Reason { get; }

        /// <summary>Further reasons, where there are several.</summary>
        public IReadOnlyList<ReasonText> FurtherReasons { get; }

        /// <summary>Its blocks (<c>PmtInf</c>), in order.</summary>
        public IReadOnlyList<BlockOverview> Blocks { get; }

        /// <summary>Refused payments with their reasons, in file order, up to a bound.</summary>
        public IReadOnlyList<PaymentRefusal> Refused { get; }

        /// <summary>How many payments are refused in all.</summary>
        public long RefusedTotal { get; }
    }

    /// <summary>How many payments are in a status.</summary>
    /// <example><code>Console.WriteLine(count.Count + " " + count.Status);</code></example>
    public sealed class StatusCount
    {
        internal StatusCount(Json json)
        {
            Status = json.Text("status");
            Count = json.Number("count") ?? 0;
            Total = json.TextOrNull("total");
            Currency = json.TextOrNull("currency");
        }

        /// <summary>The status.</summary>
        public string Status { get; }

        /// <summary>How many.</summary>
        public long Count { get; }

        /// <summary>Their exact sum; null where it is not known.</summary>
        public string Total { get; }

        /// <summary>ISO 4217; null where they have none in common.</summary>
        public string Currency { get; }
    }

    /// <summary>A block (<c>PmtInf</c>).</summary>
    /// <example><code>Console.WriteLine(block.PaymentInformationId + " " + block.Status);</code></example>
    public sealed class BlockOverview
    {
        internal BlockOverview(Json json)
        {
            PaymentInformationId = json.Text("payment_information_id");
            DebtorIban = json.TextOrNull("debtor_iban");
            Status = json.Text("status");
            Reason = ReasonText.Of(json["reason"]);
            FurtherReasons = json.List("further_reasons", ReasonText.Of);
            Notices = json.List("notices", ReasonText.Of);
            RequestedExecutionDate = json.TextOrNull("requested_execution_date");
            Counts = json.List("counts", one => new StatusCount(one));
        }

        /// <summary><c>PmtInfId</c>.</summary>
        public string PaymentInformationId { get; }

        /// <summary>IBAN of the account debited; null where the message is refused as a whole.</summary>
        public string DebtorIban { get; }

        /// <summary>Its status.</summary>
        public string Status { get; }

        /// <summary>Why the whole block is refused; null when it is not.</summary>
        public ReasonText Reason { get; }

        /// <summary>Further reasons, where there are several.</summary>
        public IReadOnlyList<ReasonText> FurtherReasons { get; }

        /// <summary>Which of its payments are executed on another day than requested.</summary>
        public IReadOnlyList<ReasonText> Notices { get; }

        /// <summary>The date asked for (<c>YYYY-MM-DD</c>).</summary>
        public string RequestedExecutionDate { get; }

        /// <summary>How many payments are in which status.</summary>
        public IReadOnlyList<StatusCount> Counts { get; }
    }

    /// <summary>A refused payment, or a range of payments refused for one reason.</summary>
    /// <example><code>Console.WriteLine(refusal.EndToEndId + ": " + refusal.Reason.Code + " " + refusal.Reason.Text);</code></example>
    public sealed class PaymentRefusal
    {
        internal PaymentRefusal(Json json)
        {
            First = json.Number("first") ?? 0;
            Last = json.Number("last") ?? 0;
            Count = json.Number("count") ?? 0;
            PaymentInformationId = json.TextOrNull("payment_information_id");
            EndToEndId = json.TextOrNull("end_to_end_id");
            Amount = json.TextOrNull("amount");
            Currency = json.TextOrNull("currency");
            CreditorName = json.TextOrNull("creditor_name");
            Line = json.Number("line");
            Stage = json.Text("stage");
            Reason = ReasonText.Of(json["reason"]);
            FurtherReasons = json.List("further_reasons", ReasonText.Of);
        }

        /// <summary>First payment, from 1 in file order.</summary>
        public long First { get; }

        /// <summary>Last payment.</summary>
        public long Last { get; }

        /// <summary>How many payments of the range are meant.</summary>
        public long Count { get; }

        /// <summary><c>PmtInfId</c> of its block.</summary>
        public string PaymentInformationId { get; }

        /// <summary><c>EndToEndId</c> of the (first) payment.</summary>
        public string EndToEndId { get; }

        /// <summary>Amount of the (first) payment.</summary>
        public string Amount { get; }

        /// <summary>ISO 4217.</summary>
        public string Currency { get; }

        /// <summary>Payee of the (first) payment.</summary>
        public string CreditorName { get; }

        /// <summary>Line of the file where the (first) payment begins.</summary>
        public long? Line { get; }

        /// <summary>When it was refused: <c>admission</c>, <c>execution</c>, <c>settlement</c>.</summary>
        public string Stage { get; }

        /// <summary>Why.</summary>
        public ReasonText Reason { get; }

        /// <summary>Further reasons, where there are several.</summary>
        public IReadOnlyList<ReasonText> FurtherReasons { get; }
    }

    /// <summary>Why something was refused.</summary>
    /// <example><code>Console.WriteLine(reason.Code + " " + reason.Text + " " + reason.Remedy);</code></example>
    public sealed class ReasonText
    {
        private ReasonText(Json json)
        {
            Code = json.Text("code");
            IsoReason = json.TextOrNull("iso_reason");
            Text = json.Text("text");
            Element = json.Text("element");
            Value = json.Text("value");
            Expected = json.Text("expected");
            Given = json.Text("given");
            Remedy = json.Text("remedy");
        }

        /// <summary>The code of the catalogue.</summary>
        public string Code { get; }

        /// <summary>The ISO 20022 reason code; null where there is none.</summary>
        public string IsoReason { get; }

        /// <summary>What is wrong, in the language asked for.</summary>
        public string Text { get; }

        /// <summary>The element concerned; empty where none is.</summary>
        public string Element { get; }

        /// <summary>What was found there; empty where nothing was.</summary>
        public string Value { get; }

        /// <summary>What was expected: a limit, a sum, a date; of characters, those that are not allowed.</summary>
        public string Expected { get; }

        /// <summary>How much was given, where the rule measures it.</summary>
        public string Given { get; }

        /// <summary>What to do.</summary>
        public string Remedy { get; }

        internal static ReasonText Of(Json json) => json.IsObject ? new ReasonText(json) : null;
    }
}
