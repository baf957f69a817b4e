//! Writes a pain.002, part by part.

use std::io::Write;

use super::{
    GroupHeader, OriginalGroup, OriginalPaymentInformation, OriginalTransaction, Status, StatusReason,
    TransactionStatus, TransactionsPerStatus,
};
use crate::MessageType;
use crate::common::CodeOrProprietary;
use crate::dialect::Dialect;
use crate::write::values::{self, code, date, date_time, identifier, prose};
use crate::write::xml::push;
use crate::write::{self, Limits, WriteError, Xml, leaf};
use crate::{DateTime, write::amount_element};

/// Statuses that .03 allows for a payment; groups and blocks may be `RCVD` and `PART` too.
const TRANSACTION_STATUSES_V03: [Status; 7] =
    [Status::ACTC, Status::RJCT, Status::PDNG, Status::ACCP, Status::ACSP, Status::ACSC, Status::ACWC];

/// What was written last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    Nothing,
    GroupHeader,
    OriginalGroup,
    Block,
    Transaction,
}

impl Last {
    fn name(self) -> &'static str {
        match self {
            Last::Nothing => "the beginning",
            Last::GroupHeader => "GrpHdr",
            Last::OriginalGroup => "OrgnlGrpInfAndSts",
            Last::Block => "OrgnlPmtInfAndSts",
            Last::Transaction => "TxInfAndSts",
        }
    }
}

/// A pain.002 being written: header, original group, then blocks with their payments.
///
/// Every value is checked against the schema: what it would refuse is an error where mending would change the meaning
/// (identifiers, amounts, codes), and is cut or left out where it would not (names, free text). A failed call leaves the
/// output as it was, so the caller may go on without that part.
///
/// ```
/// use iso20022::MessageType;
/// use iso20022::pain002::{GroupHeader, OriginalGroup, Status, Writer};
///
/// let mut report = Writer::new(MessageType::Pain002V10, Vec::new());
/// report.group_header(&GroupHeader {
///     message_id: "TK-20261123-1",
///     creation_date_time: "2026-11-23T10:00:00+02:00".parse().ok(),
///     ..GroupHeader::default()
/// })?;
/// report.original_group(&OriginalGroup {
///     message_id: "MSG-1",
///     message_name: "pain.001.001.09",
///     status: Some(Status::ACTC),
///     ..OriginalGroup::default()
/// })?;
/// let xml = report.finish()?;
/// assert!(xml.ends_with(b"</CstmrPmtStsRpt></Document>\n"));
/// # Ok::<(), iso20022::WriteError>(())
/// ```
#[derive(Debug)]
pub struct Writer<W: Write> {
    xml: Xml<W>,
    dialect: Dialect,
    last: Last,
}

impl<W: Write> Writer<W> {
    /// Begins a report of this type.
    ///
    /// # Panics
    /// When the type is no pain.002: that is the caller's mistake, not its data's.
    #[must_use]
    pub fn new(message_type: MessageType, output: W) -> Writer<W> {
        assert!(
            matches!(message_type, MessageType::Pain002V03 | MessageType::Pain002V10),
            "{message_type} is no payment status report"
        );
        let mut xml = Xml::begin(message_type, output);
        push(&mut xml.buffer, "<CstmrPmtStsRpt>");
        Writer { xml, dialect: Dialect::of(message_type), last: Last::Nothing }
    }

    /// Writes `GrpHdr`; first.
    ///
    /// # Errors
    /// When called twice, or a value breaks the schema.
    pub fn group_header(&mut self, header: &GroupHeader<'_>) -> Result<(), WriteError> {
        self.expect("GrpHdr", &[Last::Nothing])?;
        let dialect = self.dialect;
        self.xml.part(|out| {
            push(out, "\n<GrpHdr>");
            leaf!(out, "MsgId", identifier("MsgId", header.message_id)?);
            let created = header.creation_date_time.ok_or(WriteError::Missing { element: "CreDtTm" })?;
            push(out, "<CreDtTm>");
            date_time(out, "CreDtTm", created)?;
            push(out, "</CreDtTm>");
            if let Some(party) = &header.initiating_party {
                push(out, "<InitgPty>");
                write::party(out, dialect, party)?;
                push(out, "</InitgPty>");
            }
            if let Some(agent) = &header.forwarding_agent {
                push(out, "<FwdgAgt>");
                write::agent(out, dialect, agent)?;
                push(out, "</FwdgAgt>");
            }
            if let Some(agent) = &header.debtor_agent {
                push(out, "<DbtrAgt>");
                write::agent(out, dialect, agent)?;
                push(out, "</DbtrAgt>");
            }
            push(out, "</GrpHdr>");
            Ok(())
        })?;
        self.last = Last::GroupHeader;
        Ok(())
    }

    /// Writes `OrgnlGrpInfAndSts`; once, after the header.
    ///
    /// # Errors
    /// When it is not its turn, or a value breaks the schema.
    pub fn original_group(&mut self, group: &OriginalGroup<'_>) -> Result<(), WriteError> {
        self.expect("OrgnlGrpInfAndSts", &[Last::GroupHeader])?;
        let dialect = self.dialect;
        self.xml.part(|out| {
            push(out, "\n<OrgnlGrpInfAndSts>");
            leaf!(out, "OrgnlMsgId", identifier("OrgnlMsgId", group.message_id)?);
            leaf!(out, "OrgnlMsgNmId", identifier("OrgnlMsgNmId", group.message_name)?);
            // An echo: how it was written is the client's, and what is not readable is no reason to give no answer.
            if let Some(text) = group.creation_date_time.filter(|text| DateTime::parse(text).is_ok()) {
                leaf!(out, "OrgnlCreDtTm", text);
            }
            original_totals(out, group.number_of_transactions, group.control_sum)?;
            if let Some(status) = group.status {
                leaf!(out, "GrpSts", group_status(dialect, "GrpSts", &status)?);
            }
            reasons(out, group.reasons)?;
            per_status(out, dialect, group.transactions_per_status)?;
            push(out, "</OrgnlGrpInfAndSts>");
            Ok(())
        })?;
        self.last = Last::OriginalGroup;
        Ok(())
    }

    /// Begins an `OrgnlPmtInfAndSts` block and ends the one before.
    ///
    /// # Errors
    /// When there is no original group yet, or a value breaks the schema.
    pub fn payment_information(&mut self, block: &OriginalPaymentInformation<'_>) -> Result<(), WriteError> {
        self.expect("OrgnlPmtInfAndSts", &[Last::OriginalGroup, Last::Block, Last::Transaction])?;
        let (dialect, last) = (self.dialect, self.last);
        self.xml.part(|out| {
            if last != Last::OriginalGroup {
                push(out, "</OrgnlPmtInfAndSts>");
            }
            push(out, "\n<OrgnlPmtInfAndSts>");
            leaf!(out, "OrgnlPmtInfId", identifier("OrgnlPmtInfId", block.payment_information_id)?);
            original_totals(out, block.number_of_transactions, block.control_sum)?;
            if let Some(status) = block.status {
                leaf!(out, "PmtInfSts", group_status(dialect, "PmtInfSts", &status)?);
            }
            reasons(out, block.reasons)?;
            per_status(out, dialect, block.transactions_per_status)
        })?;
        self.last = Last::Block;
        Ok(())
    }

    /// Writes a `TxInfAndSts` of the block begun last.
    ///
    /// # Errors
    /// When there is no block, or a value breaks the schema.
    pub fn transaction(&mut self, transaction: &TransactionStatus<'_>) -> Result<(), WriteError> {
        self.expect("TxInfAndSts", &[Last::Block, Last::Transaction])?;
        let dialect = self.dialect;
        self.xml.part(|out| {
            push(out, "\n<TxInfAndSts>");
            if let Some(id) = transaction.status_id {
                leaf!(out, "StsId", identifier("StsId", id)?);
            }
            if let Some(id) = transaction.instruction_id {
                leaf!(out, "OrgnlInstrId", identifier("OrgnlInstrId", id)?);
            }
            if let Some(id) = transaction.end_to_end_id {
                leaf!(out, "OrgnlEndToEndId", identifier("OrgnlEndToEndId", id)?);
            }
            if let Some(uetr) = transaction.uetr.filter(|_| dialect.newer) {
                leaf!(out, "OrgnlUETR", values::uetr(uetr)?);
            }
            if let Some(status) = transaction.status {
                leaf!(out, "TxSts", transaction_status(dialect, "TxSts", &status)?);
            }
            reasons(out, transaction.reasons)?;
            if let Some(accepted) = transaction.acceptance_date_time {
                push(out, "<AccptncDtTm>");
                date_time(out, "AccptncDtTm", accepted)?;
                push(out, "</AccptncDtTm>");
            }
            if let Some(reference) = transaction.account_servicer_reference {
                leaf!(out, "AcctSvcrRef", identifier("AcctSvcrRef", reference)?);
            }
            if let Some(original) = &transaction.original {
                original_transaction(out, dialect, original)?;
            }
            push(out, "</TxInfAndSts>");
            Ok(())
        })?;
        self.last = Last::Transaction;
        Ok(())
    }

    /// Ends the report, flushes and gives the output back.
    ///
    /// # Errors
    /// When there is no original group yet, or the output fails.
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.expect("the end", &[Last::OriginalGroup, Last::Block, Last::Transaction])?;
        if self.last != Last::OriginalGroup {
            push(&mut self.xml.buffer, "</OrgnlPmtInfAndSts>");
        }
        push(&mut self.xml.buffer, "</CstmrPmtStsRpt>");
        self.xml.finish()
    }

    fn expect(&self, part: &'static str, after: &[Last]) -> Result<(), WriteError> {
        if after.contains(&self.last) {
            return Ok(());
        }
        Err(WriteError::OutOfOrder { part, after: self.last.name() })
    }
}

fn original_totals(
    out: &mut Vec<u8>,
    number: Option<u64>,
    control_sum: Option<money::Decimal>,
) -> Result<(), WriteError> {
    if let Some(number) = number {
        push(out, "<OrgnlNbOfTxs>");
        values::count(out, "OrgnlNbOfTxs", number)?;
        push(out, "</OrgnlNbOfTxs>");
    }
    if let Some(sum) = control_sum {
        push(out, "<OrgnlCtrlSum>");
        values::number(out, "OrgnlCtrlSum", sum)?;
        push(out, "</OrgnlCtrlSum>");
    }
    Ok(())
}

fn group_status<'s>(dialect: Dialect, element: &'static str, status: &'s Status) -> Result<&'s str, WriteError> {
    if matches!(*status, Status::RCVD | Status::PART) {
        return Ok(status.code());
    }
    transaction_status(dialect, element, status)
}

fn transaction_status<'s>(dialect: Dialect, element: &'static str, status: &'s Status) -> Result<&'s str, WriteError> {
    if dialect.newer || TRANSACTION_STATUSES_V03.contains(status) {
        return Ok(status.code());
    }
    Err(WriteError::value(element, status.code()))
}

fn reasons(out: &mut Vec<u8>, reasons: &[StatusReason<'_>]) -> Result<(), WriteError> {
    for reason in reasons {
        push(out, "<StsRsnInf>");
        if let Some(name) = prose(reason.originator_name, Limits::NAME) {
            push(out, "<Orgtr>");
            leaf!(out, "Nm", name);
            push(out, "</Orgtr>");
        }
        match reason.reason {
            Some(CodeOrProprietary::Code(text)) => {
                push(out, "<Rsn>");
                leaf!(out, "Cd", code("StsRsnInf/Rsn/Cd", text)?);
                push(out, "</Rsn>");
            }
            Some(CodeOrProprietary::Proprietary(text)) => {
                push(out, "<Rsn>");
                leaf!(out, "Prtry", identifier("StsRsnInf/Rsn/Prtry", text)?);
                push(out, "</Rsn>");
            }
            None => {}
        }
        for text in reason.additional_information {
            for line in Lines(text) {
                leaf!(out, "AddtlInf", line);
            }
        }
        push(out, "</StsRsnInf>");
    }
    Ok(())
}

/// A text in lines of at most 105 characters, broken at blanks where there are any.
struct Lines<'a>(&'a str);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.0;
        if rest.is_empty() {
            return None;
        }
        let head = write::cut(rest, Limits::REASON_LINE);
        if head.len() == rest.len() {
            self.0 = "";
            return Some(rest);
        }
        // A blank at the very beginning would make an empty line.
        let at = head.rfind(' ').filter(|at| *at > 0);
        let (line, next) = match at {
            Some(at) => (&rest[..at], &rest[at + 1..]),
            None => rest.split_at(head.len()),
        };
        self.0 = next;
        Some(line)
    }
}

fn per_status(out: &mut Vec<u8>, dialect: Dialect, totals: &[TransactionsPerStatus]) -> Result<(), WriteError> {
    for total in totals {
        push(out, "<NbOfTxsPerSts><DtldNbOfTxs>");
        values::count(out, "DtldNbOfTxs", total.number_of_transactions)?;
        push(out, "</DtldNbOfTxs>");
        leaf!(out, "DtldSts", transaction_status(dialect, "DtldSts", &total.status)?);
        if let Some(sum) = total.control_sum {
            push(out, "<DtldCtrlSum>");
            values::number(out, "DtldCtrlSum", sum)?;
            push(out, "</DtldCtrlSum>");
        }
        push(out, "</NbOfTxsPerSts>");
    }
    Ok(())
}

fn original_transaction(
    out: &mut Vec<u8>,
    dialect: Dialect,
    original: &OriginalTransaction<'_>,
) -> Result<(), WriteError> {
    push(out, "<OrgnlTxRef>");
    if let Some(amount) = original.instructed_amount {
        push(out, "<Amt>");
        amount_element(out, "InstdAmt", "<InstdAmt Ccy=\"", amount, "</InstdAmt>")?;
        push(out, "</Amt>");
    }
    if let Some(day) = original.requested_execution_date {
        push(out, if dialect.newer { "<ReqdExctnDt><Dt>" } else { "<ReqdExctnDt>" });
        date(out, "ReqdExctnDt", day)?;
        push(out, if dialect.newer { "</Dt></ReqdExctnDt>" } else { "</ReqdExctnDt>" });
    }
    write::remittance(out, &original.remittance)?;
    if let Some(name) = prose(original.debtor_name, Limits::NAME) {
        push(out, if dialect.newer { "<Dbtr><Pty>" } else { "<Dbtr>" });
        leaf!(out, "Nm", name);
        push(out, if dialect.newer { "</Pty></Dbtr>" } else { "</Dbtr>" });
    }
    if let Some(account) = &original.debtor_account {
        push(out, "<DbtrAcct>");
        write::account(out, account)?;
        push(out, "</DbtrAcct>");
    }
    if let Some(agent) = &original.creditor_agent {
        push(out, "<CdtrAgt>");
        write::agent(out, dialect, agent)?;
        push(out, "</CdtrAgt>");
    }
    if let Some(name) = prose(original.creditor_name, Limits::NAME) {
        push(out, if dialect.newer { "<Cdtr><Pty>" } else { "<Cdtr>" });
        leaf!(out, "Nm", name);
        push(out, if dialect.newer { "</Pty></Cdtr>" } else { "</Cdtr>" });
    }
    if let Some(account) = &original.creditor_account {
        push(out, "<CdtrAcct>");
        write::account(out, account)?;
        push(out, "</CdtrAcct>");
    }
    push(out, "</OrgnlTxRef>");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn a_long_text_is_broken_at_blanks_and_loses_nothing_else() {
        let text = "konta atlikums nav pietiekams ".repeat(9);
        let lines: Vec<&str> = Lines(&text).collect();
        assert!(lines.len() > 1 && lines.iter().all(|line| line.chars().count() <= 105 && !line.is_empty()));
        assert_eq!(lines.join(" "), text);
        let unbroken = "ā".repeat(250);
        assert_eq!(Lines(&unbroken).map(|line| line.chars().count()).collect::<Vec<_>>(), [105, 105, 40]);
    }
}
