//! Types that all decisions share: their occasion, the step that they return, and the reason why one is impossible.
//!
//! A decision uses values that the caller loaded in one transaction, and the caller writes its [`Step`] in the same
//! transaction. A step states the lot's earlier stage ([`Step::was`]), so that a store can make sure that no other
//! transaction has moved the lot in between.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{AccountId, AccountState, Book, BookError, Journal};
use money::Money;
use rulebook::{Code, Route};

use crate::{Event, Lot, LotId, Position, Refusal, RefusalStage, Stage};

/// When, by the security clock, and on whose behalf a decision is taken. The business day is the book's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occasion<'a> {
    /// By the security clock.
    pub at: Timestamp,
    /// An online user, `executor`, `settlement`, an operator.
    pub actor: &'a str,
}

/// What a decision on a lot changes, beside the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where the lot stood; a lot that stands elsewhere by now must not be overwritten.
    pub was: Position,
    /// The lot as it stands now.
    pub lot: Lot,
    /// What is booked, in balance. Already applied to the book's balances.
    pub journal: Option<Journal>,
    /// Payments refused by this step.
    pub refusals: Vec<Refusal>,
    /// What happened to the lot.
    pub events: Vec<Event>,
}

/// Why a decision could not be taken. Each is a fault of the caller or a stale view of the lot, never a client's
/// mistake; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecisionError {
    /// A payment names a lot that the request does not have.
    NoSuchLot {
        /// The payment.
        ordinal: u32,
        /// The lot it names.
        lot: u32,
    },
    /// Payments are not in file order, or one comes twice.
    NotInFileOrder {
        /// The first payment out of order.
        ordinal: u32,
    },
    /// An amount is zero or negative.
    AmountNotPositive {
        /// The payment.
        ordinal: u32,
    },
    /// More payments than one decision takes.
    TooManyPayments {
        /// How many were given.
        given: usize,
        /// How many are allowed.
        allowed: usize,
    },
    /// There are no payments to decide on.
    NoPayments,
    /// The lot's stage does not allow this: another step was first.
    WrongStage {
        /// The lot.
        lot: LotId,
        /// Its stage.
        stage: Stage,
    },
    /// The lot is executed in another way.
    WrongRoute {
        /// The lot.
        lot: LotId,
        /// Its route.
        route: Route,
    },
    /// The payment has been executed before.
    AlreadyExecuted {
        /// The payment.
        ordinal: u32,
        /// All payments of the lot below this one have been.
        executed_below: u32,
    },
    /// The payment has not settled, so it cannot come back.
    NotSettled {
        /// The payment.
        ordinal: u32,
    },
    /// The payment lies outside the lot.
    NotInLot {
        /// The payment.
        ordinal: u32,
    },
    /// The payments given add up to more or less than was accepted into the lot.
    TotalsDiffer {
        /// The lot.
        lot: LotId,
    },
    /// The settlement system rejects a payment that is not among those it answers for.
    RejectionUnknown {
        /// The payment.
        ordinal: u32,
    },
    /// The other side of what settles must be an account of the house.
    NotTheHouse(AccountId),
    /// The business day never goes back.
    DayGoesBack {
        /// The business day.
        current: Date,
        /// What was asked for.
        requested: Date,
    },
    /// The ledger refused.
    Book(BookError),
}

impl fmt::Display for DecisionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecisionError::NoSuchLot { ordinal, lot } => write!(f, "payment {ordinal} names lot {lot}, which is none"),
            DecisionError::NotInFileOrder { ordinal } => write!(f, "payment {ordinal} is out of file order"),
            DecisionError::AmountNotPositive { ordinal } => write!(f, "payment {ordinal} has no positive amount"),
            DecisionError::TooManyPayments { given, allowed } => {
                write!(f, "{given} payments at once, {allowed} are allowed")
            }
            DecisionError::NoPayments => f.write_str("there are no payments to decide on"),
            DecisionError::WrongStage { lot, stage } => write!(f, "{lot} is {stage:?}"),
            DecisionError::WrongRoute { lot, route } => write!(f, "{lot} goes by {route:?}"),
            DecisionError::AlreadyExecuted { ordinal, executed_below } => {
                write!(f, "payment {ordinal} was executed before, as all below {executed_below}")
            }
            DecisionError::NotSettled { ordinal } => write!(f, "payment {ordinal} has not settled"),
            DecisionError::NotInLot { ordinal } => write!(f, "payment {ordinal} is not in the lot"),
            DecisionError::TotalsDiffer { lot } => write!(f, "the payments of {lot} are not those accepted into it"),
            DecisionError::RejectionUnknown { ordinal } => {
                write!(f, "payment {ordinal} is rejected but not in the lot")
            }
            DecisionError::NotTheHouse(AccountId(id)) => write!(f, "account {id} is not the house's"),
            DecisionError::DayGoesBack { current, requested } => {
                write!(f, "the business day is {current} and cannot become {requested}")
            }
            DecisionError::Book(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for DecisionError {}

impl From<BookError> for DecisionError {
    fn from(error: BookError) -> DecisionError {
        DecisionError::Book(error)
    }
}

impl Step {
    /// A step that only moves the lot to another stage.
    pub(crate) fn to_stage(lot: &Lot, stage: Stage, reason: Option<Code>, day: Date, occasion: Occasion<'_>) -> Step {
        let moved = Lot { stage, ..lot.clone() };
        let event = event(&moved, reason, day, occasion);
        Step { was: lot.position(), lot: moved, journal: None, refusals: Vec::new(), events: vec![event] }
    }

    /// Refuses all payments of a lot that have not been executed: gives back their hold and their day's limit.
    ///
    /// A lot of which something was booked is completed by that, any other one is refused as a whole.
    pub(crate) fn refuse_rest(
        lot: &Lot,
        code: Code,
        stage: RefusalStage,
        book: &mut Book,
        occasion: Occasion<'_>,
    ) -> Result<Step, DecisionError> {
        let (count, minor) = (lot.open_count(), lot.open_minor());
        if book.used_on(lot.debtor, lot.execution_date) < minor {
            return Err(BookError::FreedBeyondUse(lot.debtor).into());
        }
        book.release(lot.debtor, lot.open_hold())?;
        book.free_limit(lot.debtor, lot.execution_date, minor)?;
        let refused = Lot {
            stage: if lot.booked_count > 0 { Stage::Completed } else { Stage::Refused },
            executed_below: lot.last.saturating_add(1),
            refused: lot.refused + minor,
            refused_count: lot.refused_count + count,
            ..lot.clone()
        };
        let refusal = Refusal {
            message: lot.id.message,
            first: lot.first.max(lot.executed_below),
            last: lot.last,
            lot: Some(lot.id.number),
            count,
            code: code.id().to_owned(),
            detail: String::new(),
            line: 0,
            stage,
        };
        let event = event(&refused, Some(code), book.business_day, occasion);
        Ok(Step { was: lot.position(), lot: refused, journal: None, refusals: vec![refusal], events: vec![event] })
    }
}

/// The event of a lot having reached the stage it is in.
pub(crate) fn event(lot: &Lot, reason: Option<Code>, business_day: Date, occasion: Occasion<'_>) -> Event {
    Event {
        lot: lot.id,
        stage: lot.stage,
        at: occasion.at,
        business_day,
        actor: occasion.actor.to_owned(),
        reason: reason.map(|code| code.id().to_owned()),
    }
}

/// Why an account cannot pay, as the catalogue puts it; `None` when it can.
pub(crate) fn cannot_pay(id: AccountId, book: &Book) -> Option<Code> {
    match book.account(id).map(|account| account.state) {
        Some(AccountState::Open) => None,
        Some(AccountState::Blocked) => Some(Code::DebtorAccountBlocked),
        Some(AccountState::Closed) => Some(Code::DebtorAccountClosed),
        None => Some(Code::DebtorAccountUnknown),
    }
}

/// An amount as a refusal's detail shows it.
pub(crate) fn shown(minor: i64, currency: money::Currency) -> String {
    Money::new(minor, currency).to_string()
}
