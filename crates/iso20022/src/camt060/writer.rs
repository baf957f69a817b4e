//! Writes a camt.060: for clients and for tests.

use std::io::Write;

use super::{FloorLimit, GroupHeader, ReportingPeriod, ReportingRequest, ReportingSequence, RequestedTransactionType};
use crate::MessageType;
use crate::common::CreditDebit;
use crate::message_type::Kind;
use crate::write::values::{BALANCE_TYPES_OLDER, ENTRY_STATUSES_OLDER};
use crate::write::{Elements, NOTHING, WriteError, Xml, tag};

/// `QueryType3Code`.
const QUERY_TYPES: [&str; 3] = ["ALLL", "CHNG", "MODF"];

const HEADER: &str = "GrpHdr";
const REQUEST: &str = "RptgReq";

/// A camt.060 being written: header, then at least one request.
///
/// A value that the schema would refuse is an error; so is the lack of an element that [`super::Verdict`] tolerates,
/// since we write complete messages. A failed call leaves the output as it was.
#[derive(Debug)]
pub struct Writer<W: Write> {
    xml: Xml<W>,
}

impl<W: Write> Writer<W> {
    /// Begins a message of this type.
    ///
    /// # Panics
    /// When the type is no camt.060: that is the caller's mistake, not its data's.
    #[must_use]
    pub fn new(message_type: MessageType, output: W) -> Writer<W> {
        assert!(message_type.kind() == Kind::ReportingRequest, "{message_type} is no camt.060");
        Writer { xml: Xml::begin(message_type, "AcctRptgReq", output) }
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
            if let Some(party) = &header.sender {
                w.within(tag!("MsgSndr"), |w| w.party(tag!("Pty"), party))?;
            }
            w.markup("</GrpHdr>");
            Ok(())
        })
    }

    /// Writes a `RptgReq`.
    ///
    /// # Errors
    /// When there is no header yet, or a value breaks the schema or is missing.
    pub fn reporting_request(&mut self, request: &ReportingRequest<'_>) -> Result<(), WriteError> {
        self.xml.part(REQUEST, &[HEADER, REQUEST], |w| write_request(w, request))
    }

    /// Ends the message, flushes and gives the output back.
    ///
    /// # Errors
    /// When there is no request yet, or the output fails.
    pub fn finish(self) -> Result<W, WriteError> {
        self.xml.finish(&[REQUEST], &["</AcctRptgReq>"])
    }
}

fn write_request(w: &mut Elements<'_>, request: &ReportingRequest<'_>) -> Result<(), WriteError> {
    w.markup("\n<RptgReq>");
    w.identifier_if(tag!("Id", "RptgReq/Id"), request.id)?;
    w.identifier(tag!("ReqdMsgNmId"), request.requested_message_name)?;
    w.account_if(tag!("Acct"), request.account.as_ref())?;
    let owner = request.account_owner.as_ref().ok_or(WriteError::Missing { element: "AcctOwnr" })?;
    w.within(tag!("AcctOwnr"), |w| w.party(tag!("Pty"), owner))?;
    w.agent_if(tag!("AcctSvcr"), request.account_servicer.as_ref())?;
    if let Some(period) = &request.period {
        write_period(w, period)?;
    }
    if let Some(sequence) = request.sequence.filter(|_| w.dialect.newer) {
        write_sequence(w, sequence)?;
    }
    if let Some(wanted) = &request.transaction_type {
        write_transaction_type(w, wanted)?;
    }
    for balance_type in request.balance_types {
        w.within(tag!("ReqdBalTp"), |w| {
            w.choice_within(tag!("CdOrPrtry", "ReqdBalTp"), *balance_type, &BALANCE_TYPES_OLDER)
        })?;
    }
    w.markup("</RptgReq>");
    Ok(())
}

fn write_period(w: &mut Elements<'_>, period: &ReportingPeriod<'_>) -> Result<(), WriteError> {
    w.within(tag!("RptgPrd"), |w| {
        w.within(tag!("FrToDt"), |w| {
            w.date(tag!("FrDt"), period.from_date.ok_or(WriteError::Missing { element: "FrToDt/FrDt" })?)?;
            let Some(day) = period.to_date else { return Ok(()) };
            w.date(tag!("ToDt"), day)
        })?;
        if period.from_time.is_none() && (period.to_time.is_some() || !w.dialect.newer) {
            return Err(WriteError::Missing { element: "FrToTm/FrTm" });
        }
        if period.from_time.is_some() {
            w.within(tag!("FrToTm"), |w| {
                w.time_if(tag!("FrTm"), period.from_time)?;
                w.time_if(tag!("ToTm"), period.to_time)
            })?;
        }
        w.listed(tag!("Tp"), period.query_type.ok_or(WriteError::Missing { element: "RptgPrd/Tp" })?, &QUERY_TYPES)
    })
}

fn write_sequence(w: &mut Elements<'_>, sequence: ReportingSequence<'_>) -> Result<(), WriteError> {
    w.within(tag!("RptgSeq"), |w| match sequence {
        ReportingSequence::From(from) => w.identifier(tag!("FrSeq"), from),
        ReportingSequence::To(to) => w.identifier(tag!("ToSeq"), to),
        ReportingSequence::FromTo(from, to) => w.within(tag!("FrToSeq"), |w| {
            w.identifier(tag!("FrSeq"), from)?;
            w.identifier(tag!("ToSeq"), to)
        }),
        ReportingSequence::Equal(this) => w.identifier(tag!("EQSeq"), this),
        ReportingSequence::NotEqual(this) => w.identifier(tag!("NEQSeq"), this),
    })
}

fn write_transaction_type(w: &mut Elements<'_>, wanted: &RequestedTransactionType<'_>) -> Result<(), WriteError> {
    w.within(tag!("ReqdTxTp"), |w| {
        let status = wanted.status.ok_or(WriteError::Missing { element: "ReqdTxTp/Sts" })?;
        if w.dialect.newer {
            w.code_within_if(tag!("Sts"), Some(status))?;
        } else {
            w.listed(tag!("Sts"), status, &ENTRY_STATUSES_OLDER)?;
        }
        w.credit_debit(wanted.credit_debit.ok_or(WriteError::Missing { element: "ReqdTxTp/CdtDbtInd" })?);
        wanted.floor_limits.iter().try_for_each(|limit| write_floor_limit(w, limit))
    })
}

fn write_floor_limit(w: &mut Elements<'_>, limit: &FloorLimit) -> Result<(), WriteError> {
    w.within(tag!("FlrLmt"), |w| {
        w.amount(tag!("Amt", "FlrLmt/Amt"), limit.amount)?;
        let direction = match limit.credit_debit {
            Some(CreditDebit::Credit) => "CRED",
            Some(CreditDebit::Debit) => "DEBT",
            None => "BOTH",
        };
        w.text(tag!("CdtDbtInd"), direction);
        Ok(())
    })
}
