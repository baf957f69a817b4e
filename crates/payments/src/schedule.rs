//! Execution dates, missing funds, and the business day.
//!
//! A lot falls due on its execution date. If the account covers it, it gets its hold; if not, the whole lot waits for
//! funds until the cut-off of its route; then the decision refuses it (AM04). The decision takes lots in the order in
//! which their messages arrived, so none overtakes another.

use jiff::civil::Date;
use ledger::{Book, BookError};
use rulebook::{Code, Route};

use crate::decision::cannot_pay;
use crate::{DecisionError, Lot, Occasion, RefusalStage, Stage, Step};

/// Holds the funds of lots that have fallen due, lets uncovered lots wait, and refuses lots that waited beyond the
/// cut-off. Returns the steps of the lots that changed; skips lots that still wait, are not due or have been executed.
///
/// The book needs the lots' debtor accounts with the use of their limits on the lots' execution dates. `cut_off_passed`
/// says for each route whether its last moment of the business day is over. `waiting_since` gives the business day on
/// which a lot began to wait for funds; a lot that has waited since an earlier day is refused before the cut-off too. A
/// lot whose date passed unnoticed waits on the day on which this function first sees it.
///
/// # Errors
/// When a lot and the book do not fit together; the book is unchanged then.
pub fn fall_due(
    lots: &[Lot],
    book: &mut Book,
    cut_off_passed: impl Fn(Route) -> bool,
    waiting_since: impl Fn(&Lot) -> Date,
    occasion: Occasion<'_>,
) -> Result<Vec<Step>, DecisionError> {
    let mut due: Vec<&Lot> = lots
        .iter()
        .filter(|lot| matches!(lot.stage, Stage::Scheduled | Stage::AwaitingFunds))
        .filter(|lot| lot.execution_date <= book.business_day)
        .collect();
    due.sort_by_key(|lot| lot.id);
    let mut working = book.clone();
    let mut steps = Vec::new();
    for lot in due {
        let too_late =
            cut_off_passed(lot.route) || (lot.stage == Stage::AwaitingFunds && waiting_since(lot) < book.business_day);
        steps.extend(one_falls_due(lot, &mut working, too_late, occasion)?);
    }
    *book = working;
    Ok(steps)
}

fn one_falls_due(
    lot: &Lot,
    book: &mut Book,
    too_late: bool,
    occasion: Occasion<'_>,
) -> Result<Option<Step>, DecisionError> {
    let refuse =
        |code, book: &mut Book| Step::refuse_rest(lot, code, RefusalStage::Execution, book, occasion).map(Some);
    if let Some(code) = cannot_pay(lot.debtor, book) {
        return refuse(code, book);
    }
    // Waiting is over at the cut-off, also when money comes a moment later.
    if too_late && lot.stage == Stage::AwaitingFunds {
        return refuse(Code::FundsMissingAtCutOff, book);
    }
    let day = book.business_day;
    match book.hold(lot.debtor, lot.open_minor()) {
        Ok(()) => Ok(Some(Step::to_stage(lot, Stage::Held, None, day, occasion))),
        Err(BookError::InsufficientFunds(_)) if too_late => refuse(Code::FundsMissingAtCutOff, book),
        Err(BookError::InsufficientFunds(_)) if lot.stage == Stage::AwaitingFunds => Ok(None),
        Err(BookError::InsufficientFunds(_)) => {
            Ok(Some(Step::to_stage(lot, Stage::AwaitingFunds, Some(Code::WaitingForFunds), day, occasion)))
        }
        Err(error) => Err(error.into()),
    }
}

/// The next business day by the calendar: it never goes back. Payments that arrive on other days are booked on the
/// business day, which is the next one by then.
///
/// # Errors
/// When `requested` lies before `current`.
pub fn open_business_day(current: Date, requested: Date) -> Result<Date, DecisionError> {
    if requested < current { Err(DecisionError::DayGoesBack { current, requested }) } else { Ok(requested) }
}
