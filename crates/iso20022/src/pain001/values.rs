//! The values of a pain.001, independent of its generation.

use jiff::civil;
use money::Decimal;

use crate::DateTime;
use crate::common::{Account, Agent, Amount, Party, PaymentType, Position, RegulatoryDetail, Remittance};

/// `GrpHdr`: once for each message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupHeader<'a> {
    /// Where `GrpHdr` begins.
    pub position: Position,
    /// `MsgId`, 1 to 35 characters.
    pub message_id: &'a str,
    /// `CreDtTm` as written.
    pub creation_date_time: &'a str,
    /// `NbOfTxs`.
    pub number_of_transactions: u64,
    /// `CtrlSum`.
    pub control_sum: Option<Decimal>,
    /// `InitgPty`.
    pub initiating_party: Party<'a>,
}

/// The head of a `PmtInf` block: all that stands before its first `CdtTrfTxInf`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaymentInformation<'a> {
    /// Where `PmtInf` begins.
    pub position: Position,
    /// Which block of the message this is, from 0.
    pub block: u32,
    /// `PmtInfId`.
    pub payment_information_id: &'a str,
    /// `PmtMtd`: `TRF`, `CHK` or `TRA`.
    pub payment_method: &'a str,
    /// `BtchBookg`.
    pub batch_booking: Option<bool>,
    /// `NbOfTxs`.
    pub number_of_transactions: Option<u64>,
    /// `CtrlSum`.
    pub control_sum: Option<Decimal>,
    /// `PmtTpInf`.
    pub payment_type: PaymentType<'a>,
    /// `ReqdExctnDt` (a date in .03; `Dt`, or the date of `DtTm` as written, in .09).
    pub requested_execution_date: Option<civil::Date>,
    /// `ReqdExctnDt/DtTm`. Writers write the date.
    pub requested_execution_date_time: Option<DateTime>,
    /// The date as it was written, where its year is beyond those that can be counted: then the dates above are the nearest that
    /// can be. Writers do not write it.
    pub execution_date_beyond_years: Option<&'a str>,
    /// `Dbtr`.
    pub debtor: Party<'a>,
    /// `DbtrAcct`.
    pub debtor_account: Account<'a>,
    /// `DbtrAgt`.
    pub debtor_agent: Agent<'a>,
    /// `UltmtDbtr` at this level (guideline 2.23); `None` where the element says nothing.
    pub ultimate_debtor: Option<Party<'a>>,
    /// `ChrgBr`.
    pub charge_bearer: Option<&'a str>,
    /// `ChrgsAcct`: where charges are taken from, if not from the debtor's account.
    pub charges_account: Option<Account<'a>>,
}

/// `Amt`: the amount to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestedAmount<'a> {
    /// `InstdAmt`.
    Instructed(Amount),
    /// `EqvtAmt`: an amount of the debtor's currency to be sent in another.
    Equivalent {
        /// `Amt`.
        amount: Amount,
        /// `CcyOfTrf`.
        currency_of_transfer: &'a str,
    },
}

/// `CdtTrfTxInf`: one payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CreditTransfer<'a> {
    /// Where `CdtTrfTxInf` begins.
    pub position: Position,
    /// Which block of the message it stands in, from 0.
    pub block: u32,
    /// Which payment of the whole message it is, from 0, in file order.
    pub ordinal: u32,
    /// `PmtId/InstrId`.
    pub instruction_id: Option<&'a str>,
    /// `PmtId/EndToEndId`.
    pub end_to_end_id: &'a str,
    /// `PmtId/UETR` (.09).
    pub uetr: Option<&'a str>,
    /// `PmtTpInf`.
    pub payment_type: PaymentType<'a>,
    /// `Amt`; `None` only when the schema already refused it.
    pub amount: Option<RequestedAmount<'a>>,
    /// `ChrgBr`.
    pub charge_bearer: Option<&'a str>,
    /// `UltmtDbtr` at this level (guideline 2.70); takes precedence over the block's. `None` where the element has no
    /// content; empty where it has only content that the reader ignores.
    pub ultimate_debtor: Option<Party<'a>>,
    /// `CdtrAgt`.
    pub creditor_agent: Option<Agent<'a>>,
    /// `Cdtr`.
    pub creditor: Option<Party<'a>>,
    /// `CdtrAcct`.
    pub creditor_account: Option<Account<'a>>,
    /// `UltmtCdtr`, in the same way.
    pub ultimate_creditor: Option<Party<'a>>,
    /// `Purp/Cd`.
    pub purpose: Option<&'a str>,
    /// `RgltryRptg/Dtls` of all blocks, in order.
    pub regulatory_reporting: &'a [RegulatoryDetail<'a>],
    /// `RmtInf`.
    pub remittance: Remittance<'a>,
}
