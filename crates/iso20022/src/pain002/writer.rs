//! Writes a pain.002, part by part, in the schema's order of calls.

use std::io::Write;

use super::{
    GroupHeader, OriginalGroup, OriginalPaymentInformation, OriginalTransaction, Status, StatusReason,
    TransactionStatus, TransactionsPerStatus,
};
use crate::message_type::Kind;
use crate::write::values::uetr;
use crate::write::{Elements, Limits, NOTHING, Tag, WriteError, Xml, tag};
use crate::{DateTime, MessageType};

/// Statuses that .03 allows for a payment; groups and blocks may be `RCVD` and `PART` too.
const TRANSACTION_STATUSES_V03: [&str; 7] = ["ACTC", "RJCT", "PDNG", "ACCP", "ACSP", "ACSC", "ACWC"];
const GROUP_STATUSES_V03: [&str; 9] = ["ACTC", "RCVD", "PART", "RJCT", "PDNG", "ACCP", "ACSP", "ACSC", "ACWC"];

const HEADER: &str = "GrpHdr";
const ORIGINAL_GROUP: &str = "OrgnlGrpInfAndSts";
const BLOCK: &str = "OrgnlPmtInfAndSts";
const TRANSACTION: &str = "TxInfAndSts";

/// A pain.002 being written: header, original group, then blocks with their payments.
///
/// The writer checks every value against the schema. A value that the schema would refuse is an error where a
/// correction would change the meaning (identifiers, amounts, codes); elsewhere the writer cuts it or leaves it out
/// (names, free text). A failed call leaves the output as it was, so the caller may continue without that part.
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
}

impl<W: Write> Writer<W> {
    /// Begins a report of this type.
    ///
    /// # Panics
    /// When the type is no pain.002: that is the caller's mistake, not its data's.
    #[must_use]
    pub fn new(message_type: MessageType, output: W) -> Writer<W> {
        assert!(message_type.kind() == Kind::PaymentStatusReport, "{message_type} is no pain.002");
        Writer { xml: Xml::begin(message_type, "CstmrPmtStsRpt", output) }
    }

    /// Writes `GrpHdr`; first.
    ///
    /// # Errors
    /// When called twice, or a value breaks the schema.
    pub fn group_header(&mut self, header: &GroupHeader<'_>) -> Result<(), WriteError> {
        self.xml.part(HEADER, &[NOTHING], |w| {
            w.markup("\n<GrpHdr>");
            w.identifier(tag!("MsgId"), header.message_id)?;
            w.created(header.creation_date_time)?;
            w.party_if(tag!("InitgPty"), header.initiating_party.as_ref())?;
            w.agent_if(tag!("FwdgAgt"), header.forwarding_agent.as_ref())?;
            w.agent_if(tag!("DbtrAgt"), header.debtor_agent.as_ref())?;
            w.markup("</GrpHdr>");
            Ok(())
        })
    }

    /// Writes `OrgnlGrpInfAndSts`; once, after the header.
    ///
    /// # Errors
    /// When it is not its turn, or a value breaks the schema.
    pub fn original_group(&mut self, group: &OriginalGroup<'_>) -> Result<(), WriteError> {
        self.xml.part(ORIGINAL_GROUP, &[HEADER], |w| {
            w.markup("\n<OrgnlGrpInfAndSts>");
            w.identifier(tag!("OrgnlMsgId"), group.message_id)?;
            w.identifier(tag!("OrgnlMsgNmId"), group.message_name)?;
            // An echo in the client's own form; an unreadable value is no reason to give no answer.
            if let Some(text) = group.creation_date_time.filter(|text| DateTime::parse(text).is_ok()) {
                w.text(tag!("OrgnlCreDtTm"), text);
            }
            w.count_if(tag!("OrgnlNbOfTxs"), group.number_of_transactions)?;
            w.sum_if(tag!("OrgnlCtrlSum"), group.control_sum)?;
            status_if(w, tag!("GrpSts"), group.status, &GROUP_STATUSES_V03)?;
            reasons(w, group.reasons)?;
            per_status(w, group.transactions_per_status)?;
            w.markup("</OrgnlGrpInfAndSts>");
            Ok(())
        })
    }

    /// Begins an `OrgnlPmtInfAndSts` block and ends the one before.
    ///
    /// # Errors
    /// When there is no original group yet, or a value breaks the schema.
    pub fn payment_information(&mut self, block: &OriginalPaymentInformation<'_>) -> Result<(), WriteError> {
        let ends_another = self.xml.last() != ORIGINAL_GROUP;
        self.xml.part(BLOCK, &[ORIGINAL_GROUP, BLOCK, TRANSACTION], |w| {
            w.markup(if ends_another { "</OrgnlPmtInfAndSts>\n<OrgnlPmtInfAndSts>" } else { "\n<OrgnlPmtInfAndSts>" });
            w.identifier(tag!("OrgnlPmtInfId"), block.payment_information_id)?;
            w.count_if(tag!("OrgnlNbOfTxs"), block.number_of_transactions)?;
            w.sum_if(tag!("OrgnlCtrlSum"), block.control_sum)?;
            status_if(w, tag!("PmtInfSts"), block.status, &GROUP_STATUSES_V03)?;
            reasons(w, block.reasons)?;
            per_status(w, block.transactions_per_status)
        })
    }

    /// Writes a `TxInfAndSts` of the block begun last.
    ///
    /// # Errors
    /// When there is no block, or a value breaks the schema.
    pub fn transaction(&mut self, transaction: &TransactionStatus<'_>) -> Result<(), WriteError> {
        self.xml.part(TRANSACTION, &[BLOCK, TRANSACTION], |w| {
            w.markup("\n<TxInfAndSts>");
            w.identifier_if(tag!("StsId"), transaction.status_id)?;
            w.identifier_if(tag!("OrgnlInstrId"), transaction.instruction_id)?;
            w.identifier_if(tag!("OrgnlEndToEndId"), transaction.end_to_end_id)?;
            if let Some(text) = transaction.uetr.filter(|_| w.dialect.newer) {
                w.text(tag!("OrgnlUETR"), uetr(text)?);
            }
            status_if(w, tag!("TxSts"), transaction.status, &TRANSACTION_STATUSES_V03)?;
            reasons(w, transaction.reasons)?;
            w.date_time_if(tag!("AccptncDtTm"), transaction.acceptance_date_time)?;
            w.identifier_if(tag!("AcctSvcrRef"), transaction.account_servicer_reference)?;
            if let Some(original) = &transaction.original {
                original_transaction(w, original)?;
            }
            w.markup("</TxInfAndSts>");
            Ok(())
        })
    }

    /// Ends the report, flushes and gives the output back.
    ///
    /// # Errors
    /// When there is no original group yet, or the output fails.
    pub fn finish(self) -> Result<W, WriteError> {
        let block = if self.xml.last() == ORIGINAL_GROUP { "" } else { "</OrgnlPmtInfAndSts>" };
        self.xml.finish(&[ORIGINAL_GROUP, BLOCK, TRANSACTION], &[block, "</CstmrPmtStsRpt>"])
    }
}

/// A status, which .03 lists in the schema.
fn status_if(w: &mut Elements<'_>, tag: Tag, status: Option<Status>, v03: &[&str]) -> Result<(), WriteError> {
    match status {
        None => Ok(()),
        Some(status) if w.dialect.newer => w.code(tag, status.code()),
        Some(status) => w.listed(tag, status.code(), v03),
    }
}

fn reasons(w: &mut Elements<'_>, reasons: &[StatusReason<'_>]) -> Result<(), WriteError> {
    for reason in reasons {
        w.within(tag!("StsRsnInf"), |w| {
            if reason.originator_name.is_some_and(|name| !name.is_empty()) {
                w.within(tag!("Orgtr"), |w| {
                    w.prose_if(tag!("Nm"), reason.originator_name, Limits::NAME);
                    Ok(())
                })?;
            }
            w.reason(reason.reason, reason.additional_information)
        })?;
    }
    Ok(())
}

fn per_status(w: &mut Elements<'_>, totals: &[TransactionsPerStatus]) -> Result<(), WriteError> {
    for total in totals {
        w.within(tag!("NbOfTxsPerSts"), |w| {
            w.count_if(tag!("DtldNbOfTxs"), Some(total.number_of_transactions))?;
            status_if(w, tag!("DtldSts"), Some(total.status), &TRANSACTION_STATUSES_V03)?;
            w.sum_if(tag!("DtldCtrlSum"), total.control_sum)
        })?;
    }
    Ok(())
}

fn original_transaction(w: &mut Elements<'_>, original: &OriginalTransaction<'_>) -> Result<(), WriteError> {
    w.within(tag!("OrgnlTxRef"), |w| {
        if let Some(amount) = original.instructed_amount {
            w.within(tag!("Amt"), |w| w.amount(tag!("InstdAmt"), amount))?;
        }
        if let Some(day) = original.requested_execution_date {
            w.date_choice(tag!("ReqdExctnDt"), day)?;
        }
        w.remittance(&original.remittance)?;
        named_party(w, tag!("Dbtr"), original.debtor_name)?;
        w.account_if(tag!("DbtrAcct"), original.debtor_account.as_ref())?;
        w.agent_if(tag!("CdtrAgt"), original.creditor_agent.as_ref())?;
        named_party(w, tag!("Cdtr"), original.creditor_name)?;
        w.account_if(tag!("CdtrAcct"), original.creditor_account.as_ref())
    })
}

fn named_party(w: &mut Elements<'_>, tag: Tag, name: Option<&str>) -> Result<(), WriteError> {
    if name.is_none_or(str::is_empty) {
        return Ok(());
    }
    w.within(tag, |w| {
        w.within_if_newer(tag!("Pty"), |w| {
            w.prose_if(tag!("Nm"), name, Limits::NAME);
            Ok(())
        })
    })
}
