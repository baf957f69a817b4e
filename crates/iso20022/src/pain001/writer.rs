//! Writes a pain.001: for clients, for generators of test data, and for tests.

use std::io::Write;

use super::{CreditTransfer, GroupHeader, PaymentInformation, RequestedAmount};
use crate::common::{Agent, RegulatoryDetail};
use crate::dialect::Dialect;
use crate::message_type::Kind;
use crate::write::values::{country, uetr};
use crate::write::{Elements, Limits, NOTHING, WriteError, Xml, tag};
use crate::{DateTime, MessageType};

/// `ChargeBearerType1Code`.
const CHARGE_BEARERS: [&str; 4] = ["DEBT", "CRED", "SHAR", "SLEV"];
/// `PaymentMethod3Code`.
const PAYMENT_METHODS: [&str; 3] = ["CHK", "TRF", "TRA"];
/// `RegulatoryReportingType1Code`.
const REPORTING_INDICATORS: [&str; 3] = ["CRED", "DEBT", "BOTH"];
/// `RgltryRptg` blocks of one payment.
const REGULATORY_BLOCKS_MAX: usize = 10;

const HEADER: &str = "GrpHdr";
const BLOCK: &str = "the head of PmtInf";
const TRANSFER: &str = "CdtTrfTxInf";

/// A pain.001 being written: header, then blocks, each with at least one payment.
///
/// The writer ignores positions and ordinals of the values. The caller gives counts and sums, since a header comes
/// before the items that it counts. A value that the schema would refuse is an error where a correction would change
/// the meaning; elsewhere the writer cuts it (names, free text). A failed call leaves the output as it was.
#[derive(Debug)]
pub struct Writer<W: Write> {
    xml: Xml<W>,
}

impl<W: Write> Writer<W> {
    /// Begins a message of this type.
    ///
    /// # Panics
    /// When the type is no pain.001: that is the caller's mistake, not its data's.
    #[must_use]
    pub fn new(message_type: MessageType, output: W) -> Writer<W> {
        assert!(message_type.kind() == Kind::CreditTransferInitiation, "{message_type} is no pain.001");
        Writer { xml: Xml::begin(message_type, "CstmrCdtTrfInitn", output) }
    }

    /// Writes `GrpHdr`; first.
    ///
    /// # Errors
    /// When called twice, or a value breaks the schema.
    pub fn group_header(&mut self, header: &GroupHeader<'_>) -> Result<(), WriteError> {
        self.xml.part(HEADER, &[NOTHING], |w| {
            w.markup("\n<GrpHdr>");
            w.identifier(tag!("MsgId"), header.message_id)?;
            DateTime::parse(header.creation_date_time)
                .map_err(|_| WriteError::value("CreDtTm", header.creation_date_time))?;
            w.text(tag!("CreDtTm"), header.creation_date_time);
            w.count_if(tag!("NbOfTxs"), Some(header.number_of_transactions))?;
            w.sum_if(tag!("CtrlSum"), header.control_sum)?;
            w.party(tag!("InitgPty"), &header.initiating_party)?;
            w.markup("</GrpHdr>");
            Ok(())
        })
    }

    /// Begins a `PmtInf` block and ends the one before.
    ///
    /// # Errors
    /// When there is no header yet, the block before has no payment, or a value breaks the schema.
    pub fn payment_information(&mut self, block: &PaymentInformation<'_>) -> Result<(), WriteError> {
        let ends_another = self.xml.last() == TRANSFER;
        self.xml.part(BLOCK, &[HEADER, TRANSFER], |w| {
            w.markup(if ends_another { "\n</PmtInf>\n<PmtInf>" } else { "\n<PmtInf>" });
            w.identifier(tag!("PmtInfId"), block.payment_information_id)?;
            w.listed(tag!("PmtMtd"), block.payment_method, &PAYMENT_METHODS)?;
            w.boolean_if(tag!("BtchBookg"), block.batch_booking);
            w.count_if(tag!("NbOfTxs"), block.number_of_transactions)?;
            w.sum_if(tag!("CtrlSum"), block.control_sum)?;
            w.payment_type(&block.payment_type)?;
            let day = block.requested_execution_date.ok_or(WriteError::Missing { element: "ReqdExctnDt" })?;
            w.date_choice(tag!("ReqdExctnDt"), day)?;
            w.party(tag!("Dbtr"), &block.debtor)?;
            w.account(tag!("DbtrAcct"), &block.debtor_account)?;
            w.agent(tag!("DbtrAgt"), &provided(&block.debtor_agent, w.dialect))?;
            w.party_if(tag!("UltmtDbtr"), block.ultimate_debtor.as_ref())?;
            w.listed_if(tag!("ChrgBr"), block.charge_bearer, &CHARGE_BEARERS)?;
            w.account_if(tag!("ChrgsAcct"), block.charges_account.as_ref())
        })
    }

    /// Writes a payment of the block begun last.
    ///
    /// # Errors
    /// When there is no block, or a value breaks the schema.
    pub fn credit_transfer(&mut self, payment: &CreditTransfer<'_>) -> Result<(), WriteError> {
        self.xml.part(TRANSFER, &[BLOCK, TRANSFER], |w| write_transfer(w, payment))
    }

    /// Ends the message, flushes and gives the output back.
    ///
    /// # Errors
    /// When the last block has no payment, or the output fails.
    pub fn finish(self) -> Result<W, WriteError> {
        self.xml.finish(&[TRANSFER], &["\n</PmtInf></CstmrCdtTrfInitn>"])
    }
}

/// The schema wants `DbtrAgt` even from who does not know it; `NOTPROVIDED` is the way of the SEPA guidelines to say so.
fn provided<'r>(agent: &Agent<'r>, dialect: Dialect) -> Agent<'r> {
    let agent = Agent { lei: agent.lei.filter(|_| dialect.newer), ..*agent };
    if agent == Agent::default() { Agent { other: Some("NOTPROVIDED"), ..agent } } else { agent }
}

fn write_transfer(w: &mut Elements<'_>, payment: &CreditTransfer<'_>) -> Result<(), WriteError> {
    w.markup("\n<CdtTrfTxInf><PmtId>");
    w.identifier_if(tag!("InstrId"), payment.instruction_id)?;
    w.identifier(tag!("EndToEndId"), payment.end_to_end_id)?;
    if let Some(text) = payment.uetr.filter(|_| w.dialect.newer) {
        w.text(tag!("UETR"), uetr(text)?);
    }
    w.markup("</PmtId>");
    w.payment_type(&payment.payment_type)?;
    w.within(tag!("Amt"), |w| match payment.amount {
        Some(RequestedAmount::Instructed(amount)) => w.amount(tag!("InstdAmt"), amount),
        Some(RequestedAmount::Equivalent { amount, currency_of_transfer }) => w.within(tag!("EqvtAmt"), |w| {
            w.amount(tag!("Amt", "EqvtAmt/Amt"), amount)?;
            w.currency(tag!("CcyOfTrf"), currency_of_transfer)
        }),
        None => Err(WriteError::Missing { element: "Amt" }),
    })?;
    w.listed_if(tag!("ChrgBr"), payment.charge_bearer, &CHARGE_BEARERS)?;
    w.party_if(tag!("UltmtDbtr"), payment.ultimate_debtor.as_ref())?;
    w.agent_if(tag!("CdtrAgt"), payment.creditor_agent.as_ref())?;
    w.party_if(tag!("Cdtr"), payment.creditor.as_ref())?;
    w.account_if(tag!("CdtrAcct"), payment.creditor_account.as_ref())?;
    w.party_if(tag!("UltmtCdtr"), payment.ultimate_creditor.as_ref())?;
    w.code_within_if(tag!("Purp"), payment.purpose)?;
    regulatory_reporting(w, payment.regulatory_reporting)?;
    w.remittance(&payment.remittance)?;
    w.markup("</CdtTrfTxInf>");
    Ok(())
}

/// Details of one indicator that follow each other share a block.
fn regulatory_reporting(w: &mut Elements<'_>, details: &[RegulatoryDetail<'_>]) -> Result<(), WriteError> {
    for (block, group) in details.chunk_by(|one, next| one.indicator == next.indicator).enumerate() {
        if block == REGULATORY_BLOCKS_MAX {
            return Err(WriteError::value("RgltryRptg", "more than ten blocks"));
        }
        w.within(tag!("RgltryRptg"), |w| {
            w.listed_if(
                tag!("DbtCdtRptgInd"),
                group.first().and_then(|detail| detail.indicator),
                &REPORTING_INDICATORS,
            )?;
            group.iter().try_for_each(|detail| regulatory_detail(w, detail))
        })?;
    }
    Ok(())
}

fn regulatory_detail(w: &mut Elements<'_>, detail: &RegulatoryDetail<'_>) -> Result<(), WriteError> {
    w.within(tag!("Dtls"), |w| {
        w.identifier_if(tag!("Tp", "RgltryRptg/Dtls/Tp"), detail.kind)?;
        if let Some(code) = detail.country {
            w.text(tag!("Ctry"), country(code)?);
        }
        if let Some(code) = detail.code {
            w.bounded(tag!("Cd", "RgltryRptg/Dtls/Cd"), code, Limits::REGULATORY_CODE)?;
        }
        w.amount_if(tag!("Amt", "RgltryRptg/Dtls/Amt"), detail.amount)
    })
}
