//! Works through a lot's payments in file order, a chunk at a time; execution and settlement share it.
//!
//! A lot remembers only its position. So the payments of a step are those that follow in file order, without gaps; the
//! lot's accepted totals prove it at the end.

use ledger::{Book, BookError, Entry, Journal};
use rulebook::{Code, Route};

use crate::bounds::STEP_PAYMENTS_MAX;
use crate::decision::event;
use crate::{DecisionError, Event, Lot, Occasion, Refusal, RefusalStage, Stage, Step};

/// A lot on its way through one step.
pub(crate) struct Progress {
    before: Lot,
    lot: Lot,
    refusal_stage: RefusalStage,
    entries: Vec<Entry>,
    refusals: Vec<Refusal>,
}

impl Progress {
    pub(crate) fn new(
        lot: &Lot,
        stage: Stage,
        route: Route,
        refusal_stage: RefusalStage,
        payments: usize,
    ) -> Result<Progress, DecisionError> {
        if lot.stage != stage {
            return Err(DecisionError::WrongStage { lot: lot.id, stage: lot.stage });
        }
        if lot.route != route {
            return Err(DecisionError::WrongRoute { lot: lot.id, route: lot.route });
        }
        if payments == 0 {
            return Err(DecisionError::NoPayments);
        }
        if payments > STEP_PAYMENTS_MAX {
            return Err(DecisionError::TooManyPayments { given: payments, allowed: STEP_PAYMENTS_MAX });
        }
        Ok(Progress {
            before: lot.clone(),
            lot: lot.clone(),
            refusal_stage,
            entries: Vec::with_capacity(payments * 2),
            refusals: Vec::new(),
        })
    }

    /// Moves to the next payment.
    pub(crate) fn advance(&mut self, ordinal: u32, minor: i64) -> Result<(), DecisionError> {
        if ordinal < self.before.executed_below {
            return Err(DecisionError::AlreadyExecuted { ordinal, executed_below: self.before.executed_below });
        }
        if ordinal < self.lot.first || ordinal > self.lot.last {
            return Err(DecisionError::NotInLot { ordinal });
        }
        if ordinal < self.lot.executed_below {
            return Err(DecisionError::NotInFileOrder { ordinal });
        }
        if minor <= 0 {
            return Err(DecisionError::AmountNotPositive { ordinal });
        }
        if self.lot.open_count() == 0 || minor > self.lot.open_minor() {
            return Err(DecisionError::TotalsDiffer { lot: self.lot.id });
        }
        self.lot.executed_below = ordinal + 1;
        Ok(())
    }

    /// The payment is booked: with these entries, and others that the caller adds for several at once.
    pub(crate) fn booked(&mut self, minor: i64, entries: impl IntoIterator<Item = Entry>) {
        self.lot.booked += minor;
        self.lot.booked_count += 1;
        self.entries.extend(entries);
    }

    /// The payment is refused for good.
    pub(crate) fn refused(&mut self, ordinal: u32, minor: i64, line: u32, code: String, detail: String) {
        self.lot.refused += minor;
        self.lot.refused_count += 1;
        self.refusals.push(Refusal {
            message: self.lot.id.message,
            first: ordinal,
            last: ordinal,
            lot: Some(self.lot.id.number),
            count: 1,
            code,
            detail,
            line,
            stage: self.refusal_stage,
        });
    }

    /// Minor units booked by this step.
    pub(crate) fn booked_now(&self) -> i64 {
        self.lot.booked - self.before.booked
    }

    pub(crate) fn entry(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// Books the step, gives back hold and limit of what was refused, and completes the lot if this was its end.
    pub(crate) fn finish(mut self, book: &mut Book, occasion: Occasion<'_>) -> Result<Step, DecisionError> {
        let id = self.lot.id;
        let ended = self.lot.open_count() == 0;
        if ended != (self.lot.open_minor() == 0) || (!ended && self.lot.executed_below > self.lot.last) {
            return Err(DecisionError::TotalsDiffer { lot: id });
        }
        let payer = self.lot.debtor;
        let currency = book.account(payer).ok_or(BookError::UnknownAccount(payer))?.currency;
        let (booked, refused) = (self.booked_now(), self.lot.refused - self.before.refused);
        let journal =
            Journal { booking_date: book.business_day, value_date: book.business_day, currency, entries: self.entries };
        let debited: i128 = journal.entries.iter().filter(|e| e.account == payer).map(|e| i128::from(e.minor)).sum();
        assert_eq!(debited, -i128::from(booked), "{id}: the payer is debited what the lot counts as booked");
        if book.used_on(payer, self.lot.execution_date) < refused {
            return Err(BookError::FreedBeyondUse(payer).into());
        }
        book.book_from_hold(&journal, payer, booked + refused)?;
        book.free_limit(payer, self.lot.execution_date, refused)?;
        let mut events: Vec<Event> = Vec::new();
        if ended {
            self.lot.stage = if self.lot.booked_count > 0 { Stage::Completed } else { Stage::Refused };
            events.push(event(&self.lot, None, book.business_day, occasion));
        }
        let journal = (!journal.entries.is_empty()).then_some(journal);
        Ok(Step { was: self.before.position(), lot: self.lot, journal, refusals: self.refusals, events })
    }
}

/// Why a payee of ours cannot be credited; `None` when it can.
pub(crate) fn cannot_receive(payee: Option<&ledger::Account>, payer: &ledger::Account) -> Option<Code> {
    use ledger::AccountState::{Blocked, Closed, Open};
    // Why an account takes nothing is its holder's affair, so a payer does not learn it.
    let Some(payee) = payee else { return Some(Code::CreditorAccountUnknown) };
    match payee.state {
        // Its two entries could not be distinguished, and it moves no money.
        _ if payee.id == payer.id => Some(Code::CreditorIsDebtor),
        Closed | Blocked => Some(Code::CreditorAccountNotReachable),
        Open if payee.currency != payer.currency => Some(Code::CurrencyNotAllowed),
        Open => None,
    }
}
