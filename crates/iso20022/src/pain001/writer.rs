//! Writes a pain.001: for clients, for generators of test data, and for tests.

use std::io::Write;

use super::{CreditTransfer, GroupHeader, PaymentInformation, RequestedAmount};
use crate::common::{Agent, RegulatoryDetail};
use crate::dialect::Dialect;
use crate::write::values::{self, bounded, code, country, currency_code, date, identifier, listed};
use crate::write::xml::push;
use crate::write::{self, WriteError, Xml, amount_element, leaf};
use crate::{DateTime, MessageType};

/// `ChargeBearerType1Code`.
const CHARGE_BEARERS: [&str; 4] = ["DEBT", "CRED", "SHAR", "SLEV"];
/// `PaymentMethod3Code`.
const PAYMENT_METHODS: [&str; 3] = ["CHK", "TRF", "TRA"];
/// `RegulatoryReportingType1Code`.
const REPORTING_INDICATORS: [&str; 3] = ["CRED", "DEBT", "BOTH"];
/// `RgltryRptg` blocks of one payment.
const REGULATORY_BLOCKS_MAX: usize = 10;

/// What was written last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    Nothing,
    GroupHeader,
    Block,
    Transfer,
}

impl Last {
    fn name(self) -> &'static str {
        match self {
            Last::Nothing => "the beginning",
            Last::GroupHeader => "GrpHdr",
            Last::Block => "the head of PmtInf",
            Last::Transfer => "CdtTrfTxInf",
        }
    }
}

/// A pain.001 being written: header, then blocks, each with at least one payment.
///
/// Positions and ordinals of the values are not looked at. Counts and sums are the caller's: a header stands before what
/// it counts. What the schema would refuse is an error where mending would change the meaning, and is cut where it would
/// not (names, free text). A failed call leaves the output as it was.
#[derive(Debug)]
pub struct Writer<W: Write> {
    xml: Xml<W>,
    dialect: Dialect,
    last: Last,
}

impl<W: Write> Writer<W> {
    /// Begins a message of this type.
    ///
    /// # Panics
    /// When the type is no pain.001: that is the caller's mistake, not its data's.
    #[must_use]
    pub fn new(message_type: MessageType, output: W) -> Writer<W> {
        assert!(
            matches!(message_type, MessageType::Pain001V03 | MessageType::Pain001V09),
            "{message_type} is no credit transfer initiation"
        );
        let mut xml = Xml::begin(message_type, output);
        push(&mut xml.buffer, "<CstmrCdtTrfInitn>");
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
            DateTime::parse(header.creation_date_time)
                .map_err(|_| WriteError::value("CreDtTm", header.creation_date_time))?;
            leaf!(out, "CreDtTm", header.creation_date_time);
            number_of_transactions(out, header.number_of_transactions)?;
            control_sum(out, header.control_sum)?;
            push(out, "<InitgPty>");
            write::party(out, dialect, &header.initiating_party)?;
            push(out, "</InitgPty></GrpHdr>");
            Ok(())
        })?;
        self.last = Last::GroupHeader;
        Ok(())
    }

    /// Begins a `PmtInf` block and ends the one before.
    ///
    /// # Errors
    /// When there is no header yet, the block before has no payment, or a value breaks the schema.
    pub fn payment_information(&mut self, block: &PaymentInformation<'_>) -> Result<(), WriteError> {
        self.expect("PmtInf", &[Last::GroupHeader, Last::Transfer])?;
        let (dialect, last) = (self.dialect, self.last);
        self.xml.part(|out| {
            push(out, if last == Last::Transfer { "\n</PmtInf>\n<PmtInf>" } else { "\n<PmtInf>" });
            leaf!(out, "PmtInfId", identifier("PmtInfId", block.payment_information_id)?);
            leaf!(out, "PmtMtd", listed("PmtMtd", block.payment_method, &PAYMENT_METHODS)?);
            if let Some(batch_booking) = block.batch_booking {
                push(out, "<BtchBookg>");
                values::boolean(out, batch_booking);
                push(out, "</BtchBookg>");
            }
            if let Some(number) = block.number_of_transactions {
                number_of_transactions(out, number)?;
            }
            control_sum(out, block.control_sum)?;
            write::payment_type(out, &block.payment_type)?;
            let day = block.requested_execution_date.ok_or(WriteError::Missing { element: "ReqdExctnDt" })?;
            push(out, if dialect.newer { "<ReqdExctnDt><Dt>" } else { "<ReqdExctnDt>" });
            date(out, "ReqdExctnDt", day)?;
            push(out, if dialect.newer { "</Dt></ReqdExctnDt>" } else { "</ReqdExctnDt>" });
            push(out, "<Dbtr>");
            write::party(out, dialect, &block.debtor)?;
            push(out, "</Dbtr><DbtrAcct>");
            write::account(out, &block.debtor_account)?;
            push(out, "</DbtrAcct><DbtrAgt>");
            debtor_agent(out, dialect, &block.debtor_agent)?;
            push(out, "</DbtrAgt>");
            if let Some(party) = &block.ultimate_debtor {
                push(out, "<UltmtDbtr>");
                write::party(out, dialect, party)?;
                push(out, "</UltmtDbtr>");
            }
            charge_bearer(out, block.charge_bearer)
        })?;
        self.last = Last::Block;
        Ok(())
    }

    /// Writes a payment of the block begun last.
    ///
    /// # Errors
    /// When there is no block, or a value breaks the schema.
    pub fn credit_transfer(&mut self, payment: &CreditTransfer<'_>) -> Result<(), WriteError> {
        self.expect("CdtTrfTxInf", &[Last::Block, Last::Transfer])?;
        let dialect = self.dialect;
        self.xml.part(|out| write_transfer(out, dialect, payment))?;
        self.last = Last::Transfer;
        Ok(())
    }

    /// Ends the message, flushes and gives the output back.
    ///
    /// # Errors
    /// When the last block has no payment, or the output fails.
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.expect("the end", &[Last::Transfer])?;
        push(&mut self.xml.buffer, "\n</PmtInf></CstmrCdtTrfInitn>");
        self.xml.finish()
    }

    fn expect(&self, part: &'static str, after: &[Last]) -> Result<(), WriteError> {
        if after.contains(&self.last) {
            return Ok(());
        }
        Err(WriteError::OutOfOrder { part, after: self.last.name() })
    }
}

fn number_of_transactions(out: &mut Vec<u8>, number: u64) -> Result<(), WriteError> {
    push(out, "<NbOfTxs>");
    values::count(out, "NbOfTxs", number)?;
    push(out, "</NbOfTxs>");
    Ok(())
}

fn control_sum(out: &mut Vec<u8>, sum: Option<money::Decimal>) -> Result<(), WriteError> {
    if let Some(sum) = sum {
        push(out, "<CtrlSum>");
        values::number(out, "CtrlSum", sum)?;
        push(out, "</CtrlSum>");
    }
    Ok(())
}

fn charge_bearer(out: &mut Vec<u8>, bearer: Option<&str>) -> Result<(), WriteError> {
    if let Some(bearer) = bearer {
        leaf!(out, "ChrgBr", listed("ChrgBr", bearer, &CHARGE_BEARERS)?);
    }
    Ok(())
}

/// The schema wants `DbtrAgt` even from who does not know it; `NOTPROVIDED` is the way of the SEPA guidelines to say so.
fn debtor_agent(out: &mut Vec<u8>, dialect: Dialect, agent: &Agent<'_>) -> Result<(), WriteError> {
    if *agent == Agent::default() {
        push(out, "<FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId>");
        return Ok(());
    }
    write::agent(out, dialect, agent)
}

fn write_transfer(out: &mut Vec<u8>, dialect: Dialect, payment: &CreditTransfer<'_>) -> Result<(), WriteError> {
    push(out, "\n<CdtTrfTxInf><PmtId>");
    if let Some(id) = payment.instruction_id {
        leaf!(out, "InstrId", identifier("InstrId", id)?);
    }
    leaf!(out, "EndToEndId", identifier("EndToEndId", payment.end_to_end_id)?);
    if let Some(uetr) = payment.uetr.filter(|_| dialect.newer) {
        leaf!(out, "UETR", values::uetr(uetr)?);
    }
    push(out, "</PmtId>");
    write::payment_type(out, &payment.payment_type)?;
    push(out, "<Amt>");
    match payment.amount {
        Some(RequestedAmount::Instructed(amount)) => {
            amount_element(out, "InstdAmt", "<InstdAmt Ccy=\"", amount, "</InstdAmt>")?;
        }
        Some(RequestedAmount::Equivalent { amount, currency_of_transfer }) => {
            amount_element(out, "EqvtAmt/Amt", "<EqvtAmt><Amt Ccy=\"", amount, "</Amt>")?;
            leaf!(out, "CcyOfTrf", currency_code("CcyOfTrf", currency_of_transfer)?);
            push(out, "</EqvtAmt>");
        }
        None => return Err(WriteError::Missing { element: "Amt" }),
    }
    push(out, "</Amt>");
    charge_bearer(out, payment.charge_bearer)?;
    if let Some(party) = &payment.ultimate_debtor {
        push(out, "<UltmtDbtr>");
        write::party(out, dialect, party)?;
        push(out, "</UltmtDbtr>");
    }
    if let Some(agent) = &payment.creditor_agent {
        push(out, "<CdtrAgt>");
        write::agent(out, dialect, agent)?;
        push(out, "</CdtrAgt>");
    }
    if let Some(party) = &payment.creditor {
        push(out, "<Cdtr>");
        write::party(out, dialect, party)?;
        push(out, "</Cdtr>");
    }
    if let Some(account) = &payment.creditor_account {
        push(out, "<CdtrAcct>");
        write::account(out, account)?;
        push(out, "</CdtrAcct>");
    }
    if let Some(party) = &payment.ultimate_creditor {
        push(out, "<UltmtCdtr>");
        write::party(out, dialect, party)?;
        push(out, "</UltmtCdtr>");
    }
    if let Some(purpose) = payment.purpose {
        push(out, "<Purp>");
        leaf!(out, "Cd", code("Purp/Cd", purpose)?);
        push(out, "</Purp>");
    }
    regulatory_reporting(out, payment.regulatory_reporting)?;
    write::remittance(out, &payment.remittance)?;
    push(out, "</CdtTrfTxInf>");
    Ok(())
}

/// Details of one indicator that follow each other share a block.
fn regulatory_reporting(out: &mut Vec<u8>, details: &[RegulatoryDetail<'_>]) -> Result<(), WriteError> {
    for (block, group) in details.chunk_by(|one, next| one.indicator == next.indicator).enumerate() {
        if block == REGULATORY_BLOCKS_MAX {
            return Err(WriteError::value("RgltryRptg", "more than ten blocks"));
        }
        push(out, "<RgltryRptg>");
        if let Some(indicator) = group.first().and_then(|detail| detail.indicator) {
            leaf!(out, "DbtCdtRptgInd", listed("DbtCdtRptgInd", indicator, &REPORTING_INDICATORS)?);
        }
        for detail in group {
            regulatory_detail(out, detail)?;
        }
        push(out, "</RgltryRptg>");
    }
    Ok(())
}

fn regulatory_detail(out: &mut Vec<u8>, detail: &RegulatoryDetail<'_>) -> Result<(), WriteError> {
    push(out, "<Dtls>");
    if let Some(kind) = detail.kind {
        leaf!(out, "Tp", identifier("RgltryRptg/Dtls/Tp", kind)?);
    }
    if let Some(text) = detail.country {
        leaf!(out, "Ctry", country(text)?);
    }
    if let Some(text) = detail.code {
        leaf!(out, "Cd", bounded("RgltryRptg/Dtls/Cd", text, 10)?);
    }
    if let Some(amount) = detail.amount {
        amount_element(out, "RgltryRptg/Dtls/Amt", "<Amt Ccy=\"", amount, "</Amt>")?;
    }
    push(out, "</Dtls>");
    Ok(())
}
