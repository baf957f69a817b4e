//! The exchange's requests to a settlement system. A file-based system can answer them: pacs.008 one way, pacs.002 and
//! pacs.004 the other.
//!
//! | step | durable where | a process that ends after it |
//! |---|---|---|
//! | the lot becomes `Dispatched` | store | the next one hands it over |
//! | [`SettlementSystem::hand_over`] | settlement system | the next one hands it over again; the id is the same, and nothing is paid twice |
//! | an answer arrives | settlement system, until it is confirmed | the next one finds it |
//! | [`SettlementSystem::read`] | nowhere | the next one reads it again |
//! | the answer is booked | store | the next one reads it again, finds it booked and books nothing |
//! | [`SettlementSystem::confirm`] | settlement system | |
//!
//! So answers may come in any order, in any pieces and more than once. An answer about a payment that was never handed
//! over, or one that contradicts a final answer, books nothing: its list stays unconfirmed, the alarm stays as long as
//! the system has the list, and the audit chain has the answer, once for each process that reads the list.
//!
//! An answer is about one payment. Where another bank answers for a whole file (`GrpSts` of a pacs.002), the system, which
//! has the file, gives an answer for each of its payments, in lists of at most
//! [`ANSWERS_IN_A_LIST_MAX`](crate::bounds::ANSWERS_IN_A_LIST_MAX): the exchange takes a longer list for unreadable.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use money::Money;
use payments::{LotId, MessageId, PaymentRecord};

/// A system that settles payments to other banks.
///
/// Its calls may block for as long as a file takes to be written, not for as long as another bank takes to answer. They may
/// come from several threads, and in PostgreSQL from several nodes.
pub trait SettlementSystem: Send + Sync {
    /// Takes a lot over. `Ok` means that the system has it durably, whole, and settles each of its payments once.
    ///
    /// The exchange may hand the same lot over again: after a restart, or from another node. Its id, its payments and
    /// their order are the same then, and the system does nothing.
    ///
    /// # Errors
    /// When the system has not got it. Nothing of it counts then, and the exchange tries again. So it does when `payments`
    /// ends with an error.
    fn hand_over(&self, lot: &OutgoingLot, payments: &mut dyn OutgoingPayments) -> Result<(), SettlementError>;

    /// The ids of lists of answers that are not confirmed, in an order of the system's own, after the given one; at most
    /// `limit`.
    ///
    /// # Errors
    /// When the system cannot be asked.
    fn waiting(&self, after: Option<&AnswerListId>, limit: usize) -> Result<Vec<AnswerListId>, SettlementError>;

    /// The answers of a list that is not confirmed. The same list has the same answers at every reading; one that
    /// another node has confirmed meanwhile has none.
    ///
    /// # Errors
    /// [`SettlementError::Unreadable`] when a person has to look at the list; other lists go on. Any other error means that the
    /// system is away.
    fn read(&self, list: &AnswerListId) -> Result<Vec<SettlementAnswer>, SettlementError>;

    /// All answers of a list are booked: the exchange needs it no more. Confirming twice is fine.
    ///
    /// # Errors
    /// When the system did not note it. The exchange tries again.
    fn confirm(&self, list: &AnswerListId) -> Result<(), SettlementError>;
}

/// A lot as it goes to the settlement system: payments of one account for one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingLot {
    /// Its id: the same whenever the lot is handed over.
    pub id: LotId,
    /// When the exchange decided to hand it over, by the security clock: the same on every repetition.
    pub decided_at: Timestamp,
    /// The business day of that decision.
    pub business_day: Date,
    /// The account that is debited.
    pub debtor_iban: String,
    /// Its owner's name.
    pub debtor_name: String,
    /// How many payments it has.
    pub payments: u32,
    /// What they add up to.
    pub total: Money,
}

/// A payment of a lot.
#[derive(Clone, Copy, Debug)]
pub struct OutgoingPayment<'a> {
    /// Its id: answers name it.
    pub reference: PaymentReference,
    /// The amount.
    pub amount: Money,
    /// Payee, references, remittance.
    pub details: &'a PaymentRecord<'a>,
}

/// The payments of a lot, one after another: a lot may have a million, so no side has to keep them all.
pub trait OutgoingPayments {
    /// Gives each payment to `take`, in file order.
    ///
    /// # Errors
    /// What `take` returns; [`SettlementError::Interrupted`] when the payments cannot be read to their end.
    fn each(
        &mut self,
        take: &mut dyn FnMut(&OutgoingPayment<'_>) -> Result<(), SettlementError>,
    ) -> Result<(), SettlementError>;
}

/// The name of a payment between the exchange and the settlement system: `7-0-3` is the fourth payment of message 7, in
/// its lot 0. It fits into `TxId` (`Max35Text`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaymentReference {
    /// Its lot.
    pub lot: LotId,
    /// Its place in the message, from 0.
    pub ordinal: u32,
}

/// A list of answers, as the settlement system calls it: a file's name, say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnswerListId(pub String);

/// An answer for one payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementAnswer {
    /// Which payment it is about, as the other side wrote it. One that is no [`PaymentReference`] is about something
    /// unknown.
    pub payment: String,
    /// Its result.
    pub outcome: SettlementOutcome,
}

/// The result of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettlementOutcome {
    /// It has not settled yet, and will have another answer.
    Delayed,
    /// It settled. Final, but for a return.
    Settled,
    /// It did not, and will not. Final.
    Rejected(ReasonCode),
    /// It settled, and its money came back. Comes beside [`SettlementOutcome::Settled`], before or after it.
    Returned(ReasonCode),
}

/// An ISO 20022 reason code: four capital letters or digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReasonCode([u8; 4]);

impl ReasonCode {
    /// "Reason has not been specified by agent": for a bank that names none.
    pub const NOT_SPECIFIED: ReasonCode = ReasonCode(*b"MS03");

    /// The code that a text is; `None` when it is none.
    #[must_use]
    pub fn new(text: &str) -> Option<ReasonCode> {
        let code: [u8; 4] = text.as_bytes().try_into().ok()?;
        let is_code = code.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        is_code.then_some(ReasonCode(code))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Invariant: ASCII, by the constructor.
        std::str::from_utf8(&self.0).expect("a reason code is ASCII")
    }
}

/// Why the settlement system did not do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettlementError {
    /// It cannot be reached, or has no room: later it may.
    Unavailable(String),
    /// A list of answers is unreadable, and only people can find out its meaning.
    Unreadable(String),
    /// The payments of a lot that was being handed over could not be read to their end.
    Interrupted,
}

impl fmt::Display for SettlementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettlementError::Unavailable(why) => write!(f, "the settlement system is not available: {why}"),
            SettlementError::Unreadable(why) => write!(f, "answers of the settlement system cannot be read: {why}"),
            SettlementError::Interrupted => f.write_str("the payments of a lot could not be read to their end"),
        }
    }
}

impl std::error::Error for SettlementError {}

impl fmt::Display for PaymentReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.lot.message.0, self.lot.number, self.ordinal)
    }
}

/// No payment has this reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoReference;

impl FromStr for PaymentReference {
    type Err = NoReference;

    /// Only as it is written: `7-0-3`, not `07-0-3`. So each payment has one reference.
    fn from_str(text: &str) -> Result<PaymentReference, NoReference> {
        let mut parts = text.split('-');
        let mut next = || parts.next().ok_or(NoReference);
        let (message, number, ordinal) = (next()?, next()?, next()?);
        let reference = PaymentReference {
            lot: LotId {
                message: MessageId(message.parse().map_err(|_| NoReference)?),
                number: number.parse().map_err(|_| NoReference)?,
            },
            ordinal: ordinal.parse().map_err(|_| NoReference)?,
        };
        if reference.to_string() == text { Ok(reference) } else { Err(NoReference) }
    }
}

impl fmt::Display for AnswerListId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReasonCode({self})")
    }
}

impl fmt::Display for SettlementOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettlementOutcome::Delayed => f.write_str("delayed"),
            SettlementOutcome::Settled => f.write_str("settled"),
            SettlementOutcome::Rejected(reason) => write!(f, "rejected ({reason})"),
            SettlementOutcome::Returned(reason) => write!(f, "returned ({reason})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_back_and_written_in_one_way_only() {
        let lot = LotId { message: MessageId(7), number: 0 };
        let reference = PaymentReference { lot, ordinal: 3 };
        assert_eq!((reference.to_string().as_str(), "7-0-3".parse()), ("7-0-3", Ok(reference)));
        for text in
            ["", "7", "7-0", "7-0-3-1", "07-0-3", "7-0-03", "+7-0-3", "7-0--3", " 7-0-3", "7-0-x", "7-0-4294967296"]
        {
            assert_eq!(text.parse::<PaymentReference>(), Err(NoReference), "{text}");
        }
    }

    #[test]
    fn a_reason_code_is_four_capitals_or_digits() {
        assert_eq!(ReasonCode::new("AC04").map(|code| code.to_string()).as_deref(), Some("AC04"));
        for text in ["", "AC4", "AC044", "ac04", "AČ0", "AC 4"] {
            assert_eq!(ReasonCode::new(text), None, "{text}");
        }
    }
}
