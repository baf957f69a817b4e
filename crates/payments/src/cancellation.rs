//! Cancellation: a client takes accepted payments back before they are executed.
//!
//! A payment can be cancelled until it is booked or its lot is handed to the settlement system; from then on only a recall
//! helps, which asks the payee. A cancelled payment is refused for good, by [`Code::CancelledByClient`]: its hold is
//! released, and its date's limit given back. The lot stays in its stage while payments of it are open.

use ledger::{Book, BookError};
use rulebook::Code;

use crate::bounds::STEP_PAYMENTS_MAX;
use crate::decision::event;
use crate::{DecisionError, Lot, Occasion, Refusal, RefusalStage, Stage, Step};

/// A payment to be cancelled, which is neither booked nor refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CancellationItem {
    /// Its place in the message, from 0.
    pub ordinal: u32,
    /// Minor units.
    pub minor: i64,
    /// Line of the file where it begins; 0 when unknown.
    pub line: u32,
}

/// Cancels all payments of a lot that are open, in one row however many they are. The lot ends.
///
/// The book needs the payer, with the use of its limit on the lot's execution date. The payer's state does not matter.
///
/// # Errors
/// When the lot cannot be cancelled any more ([`Lot::can_be_cancelled`]); the book is unchanged then.
pub fn cancel_lot(lot: &Lot, book: &mut Book, occasion: Occasion<'_>) -> Result<Step, DecisionError> {
    check_stage(lot)?;
    Step::refuse_rest(lot, Code::CancelledByClient, RefusalStage::Execution, book, occasion)
}

/// Cancels single payments of a lot, in file order, at most [`STEP_PAYMENTS_MAX`] of them; a row each. The lot ends when
/// none is open afterwards.
///
/// The caller makes sure that none of them is refused. The book is that of [`cancel_lot`].
///
/// # Errors
/// As [`cancel_lot`]; and when one is executed or not in the lot, or all are more than what is open.
pub fn cancel_payments(
    lot: &Lot,
    items: &[CancellationItem],
    book: &mut Book,
    occasion: Occasion<'_>,
) -> Result<Step, DecisionError> {
    check_stage(lot)?;
    let minor = open_sum(lot, items)?;
    let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
    let totals_differ = DecisionError::TotalsDiffer { lot: lot.id };
    let left = lot.open_count().checked_sub(count).ok_or(totals_differ.clone())?;
    if (left == 0) != (minor == lot.open_minor()) {
        return Err(totals_differ);
    }
    if book.used_on(lot.debtor, lot.execution_date) < minor {
        return Err(BookError::FreedBeyondUse(lot.debtor).into());
    }
    if lot.stage == Stage::Held {
        book.release(lot.debtor, minor)?;
    }
    book.free_limit(lot.debtor, lot.execution_date, minor)?;
    let mut cancelled = Lot { refused: lot.refused + minor, refused_count: lot.refused_count + count, ..lot.clone() };
    let mut events = Vec::new();
    if left == 0 {
        cancelled.stage = if lot.booked_count > 0 { Stage::Completed } else { Stage::Refused };
        cancelled.executed_below = lot.last.saturating_add(1);
        events.push(event(&cancelled, Some(Code::CancelledByClient), book.business_day, occasion));
    }
    let refusals = items.iter().map(|item| refusal(lot, item)).collect();
    Ok(Step { was: lot.position(), lot: cancelled, journal: None, refusals, events })
}

fn check_stage(lot: &Lot) -> Result<(), DecisionError> {
    if lot.can_be_cancelled() { Ok(()) } else { Err(DecisionError::WrongStage { lot: lot.id, stage: lot.stage }) }
}

/// What the items add up to, when they are open payments of the lot in file order.
fn open_sum(lot: &Lot, items: &[CancellationItem]) -> Result<i64, DecisionError> {
    if items.is_empty() {
        return Err(DecisionError::NoPayments);
    }
    if items.len() > STEP_PAYMENTS_MAX {
        return Err(DecisionError::TooManyPayments { given: items.len(), allowed: STEP_PAYMENTS_MAX });
    }
    let (mut sum, mut next) = (0_i64, lot.first);
    for &CancellationItem { ordinal, minor, .. } in items {
        if ordinal < lot.executed_below {
            return Err(DecisionError::AlreadyExecuted { ordinal, executed_below: lot.executed_below });
        }
        if ordinal < lot.first || ordinal > lot.last {
            return Err(DecisionError::NotInLot { ordinal });
        }
        if ordinal < next {
            return Err(DecisionError::NotInFileOrder { ordinal });
        }
        if minor <= 0 {
            return Err(DecisionError::AmountNotPositive { ordinal });
        }
        if minor > lot.open_minor() - sum {
            return Err(DecisionError::TotalsDiffer { lot: lot.id });
        }
        // Cannot overflow: what is open covers it.
        sum += minor;
        next = ordinal.saturating_add(1);
    }
    Ok(sum)
}

fn refusal(lot: &Lot, item: &CancellationItem) -> Refusal {
    Refusal {
        message: lot.id.message,
        first: item.ordinal,
        last: item.ordinal,
        lot: Some(lot.id.number),
        count: 1,
        code: Code::CancelledByClient.id().to_owned(),
        detail: String::new(),
        line: item.line,
        stage: RefusalStage::Execution,
    }
}
