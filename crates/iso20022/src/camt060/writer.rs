//! Writes a camt.060: for clients and for tests.

use std::io::Write;

use super::{FloorLimit, GroupHeader, ReportingPeriod, ReportingRequest, ReportingSequence, RequestedTransactionType};
use crate::MessageType;
use crate::common::{CodeOrProprietary, CreditDebit};
use crate::dialect::Dialect;
use crate::write::values::{code, date, date_time, identifier, listed, time};
use crate::write::xml::push;
use crate::write::{self, WriteError, Xml, amount_element, leaf};

/// `QueryType3Code`.
const QUERY_TYPES: [&str; 3] = ["ALLL", "CHNG", "MODF"];
/// `EntryStatus2Code`, which .03 lists in the schema.
const ENTRY_STATUSES_V03: [&str; 3] = ["BOOK", "PDNG", "INFO"];
/// `BalanceType12Code`, which .03 lists in the schema.
const BALANCE_TYPES_V03: [&str; 10] = ["XPCD", "OPAV", "ITAV", "CLAV", "FWAV", "CLBD", "ITBD", "OPBD", "PRCD", "INFO"];

/// A camt.060 being written: header, then at least one request.
///
/// What the schema would refuse is an error; so are the elements that [`super::Verdict`] tolerates when they are missing:
/// what we write is complete. A failed call leaves the output as it was.
#[derive(Debug)]
pub struct Writer<W: Write> {
    xml: Xml<W>,
    dialect: Dialect,
    last: &'static str,
}

const NOTHING: &str = "the beginning";
const GROUP_HEADER: &str = "GrpHdr";
const REQUEST: &str = "RptgReq";

impl<W: Write> Writer<W> {
    /// Begins a message of this type.
    ///
    /// # Panics
    /// When the type is no camt.060: that is the caller's mistake, not its data's.
    #[must_use]
    pub fn new(message_type: MessageType, output: W) -> Writer<W> {
        assert!(
            matches!(message_type, MessageType::Camt060V03 | MessageType::Camt060V05),
            "{message_type} is no account reporting request"
        );
        let mut xml = Xml::begin(message_type, output);
        push(&mut xml.buffer, "<AcctRptgReq>");
        Writer { xml, dialect: Dialect::of(message_type), last: NOTHING }
    }

    /// Writes `GrpHdr`; first.
    ///
    /// # Errors
    /// When called twice, or a value breaks the schema.
    pub fn group_header(&mut self, header: &GroupHeader<'_>) -> Result<(), WriteError> {
        self.expect("GrpHdr", &[NOTHING])?;
        let dialect = self.dialect;
        self.xml.part(|out| {
            push(out, "\n<GrpHdr>");
            leaf!(out, "MsgId", identifier("MsgId", header.message_id)?);
            push(out, "<CreDtTm>");
            let created = header.creation_date_time.ok_or(WriteError::Missing { element: "CreDtTm" })?;
            date_time(out, "CreDtTm", created)?;
            push(out, "</CreDtTm>");
            if let Some(party) = &header.sender {
                push(out, "<MsgSndr><Pty>");
                write::party(out, dialect, party)?;
                push(out, "</Pty></MsgSndr>");
            }
            push(out, "</GrpHdr>");
            Ok(())
        })?;
        self.last = GROUP_HEADER;
        Ok(())
    }

    /// Writes a `RptgReq`.
    ///
    /// # Errors
    /// When there is no header yet, or a value breaks the schema or is missing.
    pub fn reporting_request(&mut self, request: &ReportingRequest<'_>) -> Result<(), WriteError> {
        self.expect("RptgReq", &[GROUP_HEADER, REQUEST])?;
        let dialect = self.dialect;
        self.xml.part(|out| write_request(out, dialect, request))?;
        self.last = REQUEST;
        Ok(())
    }

    /// Ends the message, flushes and gives the output back.
    ///
    /// # Errors
    /// When there is no request yet, or the output fails.
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.expect("the end", &[REQUEST])?;
        push(&mut self.xml.buffer, "</AcctRptgReq>");
        self.xml.finish()
    }

    fn expect(&self, part: &'static str, after: &[&str]) -> Result<(), WriteError> {
        if after.contains(&self.last) {
            return Ok(());
        }
        Err(WriteError::OutOfOrder { part, after: self.last })
    }
}

fn write_request(out: &mut Vec<u8>, dialect: Dialect, request: &ReportingRequest<'_>) -> Result<(), WriteError> {
    push(out, "\n<RptgReq>");
    if let Some(id) = request.id {
        leaf!(out, "Id", identifier("RptgReq/Id", id)?);
    }
    leaf!(out, "ReqdMsgNmId", identifier("ReqdMsgNmId", request.requested_message_name)?);
    if let Some(account) = &request.account {
        push(out, "<Acct>");
        write::account(out, account)?;
        push(out, "</Acct>");
    }
    let owner = request.account_owner.as_ref().ok_or(WriteError::Missing { element: "AcctOwnr" })?;
    push(out, "<AcctOwnr><Pty>");
    write::party(out, dialect, owner)?;
    push(out, "</Pty></AcctOwnr>");
    if let Some(agent) = &request.account_servicer {
        push(out, "<AcctSvcr>");
        write::agent(out, dialect, agent)?;
        push(out, "</AcctSvcr>");
    }
    if let Some(period) = &request.period {
        write_period(out, dialect, period)?;
    }
    if let Some(sequence) = request.sequence.filter(|_| dialect.newer) {
        write_sequence(out, sequence)?;
    }
    if let Some(wanted) = &request.transaction_type {
        write_transaction_type(out, dialect, wanted)?;
    }
    for balance_type in request.balance_types {
        push(out, "<ReqdBalTp><CdOrPrtry>");
        match *balance_type {
            CodeOrProprietary::Code(text) if dialect.newer => leaf!(out, "Cd", code("ReqdBalTp/Cd", text)?),
            CodeOrProprietary::Code(text) => leaf!(out, "Cd", listed("ReqdBalTp/Cd", text, &BALANCE_TYPES_V03)?),
            CodeOrProprietary::Proprietary(text) => leaf!(out, "Prtry", identifier("ReqdBalTp/Prtry", text)?),
        }
        push(out, "</CdOrPrtry></ReqdBalTp>");
    }
    push(out, "</RptgReq>");
    Ok(())
}

fn write_period(out: &mut Vec<u8>, dialect: Dialect, period: &ReportingPeriod<'_>) -> Result<(), WriteError> {
    push(out, "<RptgPrd><FrToDt><FrDt>");
    date(out, "FrDt", period.from_date.ok_or(WriteError::Missing { element: "FrToDt/FrDt" })?)?;
    push(out, "</FrDt>");
    if let Some(day) = period.to_date {
        push(out, "<ToDt>");
        date(out, "ToDt", day)?;
        push(out, "</ToDt>");
    }
    push(out, "</FrToDt>");
    match (period.from_time, period.to_time) {
        (Some(from), to) => {
            push(out, "<FrToTm><FrTm>");
            time(out, from)?;
            push(out, "</FrTm>");
            if let Some(to) = to {
                push(out, "<ToTm>");
                time(out, to)?;
                push(out, "</ToTm>");
            }
            push(out, "</FrToTm>");
        }
        (None, None) if dialect.newer => {}
        (None, _) => return Err(WriteError::Missing { element: "FrToTm/FrTm" }),
    }
    let query_type = period.query_type.ok_or(WriteError::Missing { element: "RptgPrd/Tp" })?;
    leaf!(out, "Tp", listed("RptgPrd/Tp", query_type, &QUERY_TYPES)?);
    push(out, "</RptgPrd>");
    Ok(())
}

fn write_sequence(out: &mut Vec<u8>, sequence: ReportingSequence<'_>) -> Result<(), WriteError> {
    push(out, "<RptgSeq>");
    match sequence {
        ReportingSequence::From(from) => leaf!(out, "FrSeq", identifier("FrSeq", from)?),
        ReportingSequence::To(to) => leaf!(out, "ToSeq", identifier("ToSeq", to)?),
        ReportingSequence::FromTo(from, to) => {
            push(out, "<FrToSeq>");
            leaf!(out, "FrSeq", identifier("FrSeq", from)?);
            leaf!(out, "ToSeq", identifier("ToSeq", to)?);
            push(out, "</FrToSeq>");
        }
        ReportingSequence::Equal(this) => leaf!(out, "EQSeq", identifier("EQSeq", this)?),
        ReportingSequence::NotEqual(this) => leaf!(out, "NEQSeq", identifier("NEQSeq", this)?),
    }
    push(out, "</RptgSeq>");
    Ok(())
}

fn write_transaction_type(
    out: &mut Vec<u8>,
    dialect: Dialect,
    wanted: &RequestedTransactionType<'_>,
) -> Result<(), WriteError> {
    push(out, "<ReqdTxTp>");
    let status = wanted.status.ok_or(WriteError::Missing { element: "ReqdTxTp/Sts" })?;
    if dialect.newer {
        push(out, "<Sts>");
        leaf!(out, "Cd", code("ReqdTxTp/Sts/Cd", status)?);
        push(out, "</Sts>");
    } else {
        leaf!(out, "Sts", listed("ReqdTxTp/Sts", status, &ENTRY_STATUSES_V03)?);
    }
    let direction = wanted.credit_debit.ok_or(WriteError::Missing { element: "ReqdTxTp/CdtDbtInd" })?;
    leaf!(out, "CdtDbtInd", direction.code());
    for FloorLimit { amount, credit_debit } in wanted.floor_limits {
        push(out, "<FlrLmt>");
        amount_element(out, "FlrLmt/Amt", "<Amt Ccy=\"", *amount, "</Amt>")?;
        let direction = match credit_debit {
            Some(CreditDebit::Credit) => "CRED",
            Some(CreditDebit::Debit) => "DEBT",
            None => "BOTH",
        };
        leaf!(out, "CdtDbtInd", direction);
        push(out, "</FlrLmt>");
    }
    push(out, "</ReqdTxTp>");
    Ok(())
}
