//! The values of a pain.002, independent of its generation. The writer takes them and the reader returns them.

use std::fmt;

use jiff::civil;
use money::Decimal;

use crate::DateTime;
use crate::common::{Account, Agent, Amount, CodeOrProprietary, Party, Remittance};

/// A status of a group, a payment information block or a payment: up to four letters of the external code list.
///
/// .03 allows the first ten of the constants (not `CANC`), and `RCVD` and `PART` for groups and blocks only; .10 takes any code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Status([u8; 4]);

impl Status {
    /// Authentication and syntactical and semantical validation are successful.
    pub const ACTC: Status = Status(*b"ACTC");
    /// Received; nothing is said about the contents yet.
    pub const RCVD: Status = Status(*b"RCVD");
    /// A number of transactions have been accepted, another number not.
    pub const PART: Status = Status(*b"PART");
    /// Refused.
    pub const RJCT: Status = Status(*b"RJCT");
    /// Pending: further checks or signatures are awaited.
    pub const PDNG: Status = Status(*b"PDNG");
    /// The customer profile was checked too.
    pub const ACCP: Status = Status(*b"ACCP");
    /// Accepted for execution.
    pub const ACSP: Status = Status(*b"ACSP");
    /// Settled on the debtor's account.
    pub const ACSC: Status = Status(*b"ACSC");
    /// Accepted with a change (of the date, say).
    pub const ACWC: Status = Status(*b"ACWC");
    /// Cancelled (.10 only).
    pub const CANC: Status = Status(*b"CANC");

    /// Reads a code of one to four capital letters or digits.
    #[must_use]
    pub fn new(code: &str) -> Option<Status> {
        let bytes = code.as_bytes();
        if bytes.is_empty() || bytes.len() > 4 || !bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
            return None;
        }
        let mut padded = [b' '; 4];
        padded[..bytes.len()].copy_from_slice(bytes);
        Some(Status(padded))
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        // Only ASCII gets in.
        std::str::from_utf8(&self.0).unwrap_or("").trim_end()
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// `GrpHdr` of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupHeader<'a> {
    /// `MsgId` of the report itself.
    pub message_id: &'a str,
    /// `CreDtTm` of the report; `None` only when a reader found no readable one.
    pub creation_date_time: Option<DateTime>,
    /// `InitgPty`.
    pub initiating_party: Option<Party<'a>>,
    /// `FwdgAgt`.
    pub forwarding_agent: Option<Agent<'a>>,
    /// `DbtrAgt`.
    pub debtor_agent: Option<Agent<'a>>,
}

/// `StsRsnInf`: the reason of a status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusReason<'a> {
    /// `Orgtr/Nm`: who says so.
    pub originator_name: Option<&'a str>,
    /// `Rsn`.
    pub reason: Option<CodeOrProprietary<'a>>,
    /// `AddtlInf`, in order. The writer breaks longer texts into lines of 105 characters.
    pub additional_information: &'a [&'a str],
}

/// `NbOfTxsPerSts`: how many payments have a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransactionsPerStatus {
    /// `DtldNbOfTxs`.
    pub number_of_transactions: u64,
    /// `DtldSts`.
    pub status: Status,
    /// `DtldCtrlSum`.
    pub control_sum: Option<Decimal>,
}

/// `OrgnlGrpInfAndSts`: which message is reported on, and its status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OriginalGroup<'a> {
    /// `OrgnlMsgId`.
    pub message_id: &'a str,
    /// `OrgnlMsgNmId`: `pain.001.001.09`.
    pub message_name: &'a str,
    /// `OrgnlCreDtTm` as the original wrote it. The writer leaves it out if it is no date and time.
    pub creation_date_time: Option<&'a str>,
    /// `OrgnlNbOfTxs`.
    pub number_of_transactions: Option<u64>,
    /// `OrgnlCtrlSum`.
    pub control_sum: Option<Decimal>,
    /// `GrpSts`.
    pub status: Option<Status>,
    /// `StsRsnInf`, in order.
    pub reasons: &'a [StatusReason<'a>],
    /// `NbOfTxsPerSts`.
    pub transactions_per_status: &'a [TransactionsPerStatus],
}

/// `OrgnlPmtInfAndSts` up to its payments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OriginalPaymentInformation<'a> {
    /// `OrgnlPmtInfId`.
    pub payment_information_id: &'a str,
    /// `OrgnlNbOfTxs`.
    pub number_of_transactions: Option<u64>,
    /// `OrgnlCtrlSum`.
    pub control_sum: Option<Decimal>,
    /// `PmtInfSts`.
    pub status: Option<Status>,
    /// `StsRsnInf`, in order.
    pub reasons: &'a [StatusReason<'a>],
    /// `NbOfTxsPerSts`.
    pub transactions_per_status: &'a [TransactionsPerStatus],
}

/// `TxInfAndSts`: one payment and its status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TransactionStatus<'a> {
    /// `StsId`.
    pub status_id: Option<&'a str>,
    /// `OrgnlInstrId`.
    pub instruction_id: Option<&'a str>,
    /// `OrgnlEndToEndId`.
    pub end_to_end_id: Option<&'a str>,
    /// `OrgnlUETR`; .10 only, the .03 writer leaves it out.
    pub uetr: Option<&'a str>,
    /// `TxSts`.
    pub status: Option<Status>,
    /// `StsRsnInf`, in order.
    pub reasons: &'a [StatusReason<'a>],
    /// `AccptncDtTm`.
    pub acceptance_date_time: Option<DateTime>,
    /// `AcctSvcrRef`.
    pub account_servicer_reference: Option<&'a str>,
    /// `OrgnlTxRef`.
    pub original: Option<OriginalTransaction<'a>>,
}

/// `OrgnlTxRef`: values by which a person recognises the payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OriginalTransaction<'a> {
    /// `Amt/InstdAmt`.
    pub instructed_amount: Option<Amount>,
    /// `ReqdExctnDt`.
    pub requested_execution_date: Option<civil::Date>,
    /// `RmtInf`.
    pub remittance: Remittance<'a>,
    /// `Dbtr/Nm` (.03) or `Dbtr/Pty/Nm` (.10).
    pub debtor_name: Option<&'a str>,
    /// `DbtrAcct`.
    pub debtor_account: Option<Account<'a>>,
    /// `CdtrAgt`.
    pub creditor_agent: Option<Agent<'a>>,
    /// `Cdtr/Nm` (.03) or `Cdtr/Pty/Nm` (.10).
    pub creditor_name: Option<&'a str>,
    /// `CdtrAcct`.
    pub creditor_account: Option<Account<'a>>,
}
