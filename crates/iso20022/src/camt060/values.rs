//! The values of a camt.060, independent of its generation.

use jiff::civil;

use crate::DateTime;
use crate::common::{Account, Agent, Amount, CodeOrProprietary, CreditDebit, Party, Position};

/// `GrpHdr`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupHeader<'a> {
    /// Where `GrpHdr` begins.
    pub position: Position,
    /// `MsgId`.
    pub message_id: &'a str,
    /// `CreDtTm`; `None` only when a reader found no readable one.
    pub creation_date_time: Option<DateTime>,
    /// `MsgSndr/Pty`.
    pub sender: Option<Party<'a>>,
}

/// `RptgReq`: one requested report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportingRequest<'a> {
    /// Where `RptgReq` begins.
    pub position: Position,
    /// Which request of the message it is, from 0.
    pub ordinal: u32,
    /// `Id`.
    pub id: Option<&'a str>,
    /// `ReqdMsgNmId`: `camt.053.001.02`.
    pub requested_message_name: &'a str,
    /// `Acct`.
    pub account: Option<Account<'a>>,
    /// `AcctOwnr/Pty`; mandatory in the schema (see the tolerance of [`crate::camt060::Reader`]).
    pub account_owner: Option<Party<'a>>,
    /// `AcctSvcr`.
    pub account_servicer: Option<Agent<'a>>,
    /// `RptgPrd`.
    pub period: Option<ReportingPeriod<'a>>,
    /// `RptgSeq` (.05).
    pub sequence: Option<ReportingSequence<'a>>,
    /// `ReqdTxTp`.
    pub transaction_type: Option<RequestedTransactionType<'a>>,
    /// `ReqdBalTp/CdOrPrtry`, in order.
    pub balance_types: &'a [CodeOrProprietary<'a>],
}

/// `RptgPrd`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportingPeriod<'a> {
    /// `FrToDt/FrDt`, inclusive.
    pub from_date: Option<civil::Date>,
    /// `FrToDt/ToDt`, inclusive.
    pub to_date: Option<civil::Date>,
    /// `FrToTm/FrTm`, inclusive.
    pub from_time: Option<civil::Time>,
    /// `FrToTm/ToTm`, exclusive.
    pub to_time: Option<civil::Time>,
    /// `Tp`: `ALLL`, `CHNG` or `MODF`.
    pub query_type: Option<&'a str>,
    /// `FrDt` as it was written (where there is none, `ToDt`), if its year is beyond those that can be counted: then the date above
    /// is the nearest that can be. Writers do not write it.
    pub beyond_years: Option<&'a str>,
}

/// `RptgSeq`: which reports of a sequence are wanted. Of repeated choices the first is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportingSequence<'a> {
    /// `FrSeq`: from this one on.
    From(&'a str),
    /// `ToSeq`: up to this one.
    To(&'a str),
    /// `FrToSeq`.
    FromTo(&'a str, &'a str),
    /// `EQSeq`: this one.
    Equal(&'a str),
    /// `NEQSeq`: all but this one.
    NotEqual(&'a str),
}

/// `ReqdTxTp`: which entries are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestedTransactionType<'a> {
    /// `Sts`: `BOOK`, `PDNG`, `INFO` (.05: `Sts/Cd`).
    pub status: Option<&'a str>,
    /// `CdtDbtInd`: credits or debits.
    pub credit_debit: Option<CreditDebit>,
    /// `FlrLmt`: entries below are not wanted.
    pub floor_limits: &'a [FloorLimit],
}

/// `FlrLmt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FloorLimit {
    /// `Amt`.
    pub amount: Amount,
    /// `CdtDbtInd`: the direction it is for; `None` is `BOTH`.
    pub credit_debit: Option<CreditDebit>,
}
