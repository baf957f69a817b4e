//! Code that the steps of execution and settlement share: the accounts of a decision, its changes, and its payments.

use std::collections::{BTreeSet, HashSet};

use jiff::civil::Date;
use ledger::{AccountId, Book};
use payments::{Lot, Refusal, Step};
use store::{Reading, StoreError, StoredPayment, Writing};

use crate::Failure;

/// Who carries out payments, in events.
pub(crate) const EXECUTOR: &str = "executor";

/// A payment of a lot that is to be carried out.
pub(crate) struct Due {
    pub(crate) ordinal: u32,
    pub(crate) minor: i64,
    pub(crate) creditor: Option<AccountId>,
    pub(crate) record: Vec<u8>,
}

impl Due {
    pub(crate) fn of(payment: &StoredPayment<'_>) -> Due {
        let StoredPayment { ordinal, minor, creditor, record, .. } = *payment;
        Due { ordinal, minor, creditor, record: record.to_vec() }
    }
}

/// The book of some lots: their debtors with the use of their limits, and other accounts.
pub(crate) fn book_of(writing: &mut dyn Writing, lots: &[Lot], others: &[AccountId]) -> Result<Book, Failure> {
    let accounts: BTreeSet<AccountId> = lots.iter().map(|lot| lot.debtor).chain(others.iter().copied()).collect();
    let mut dates: BTreeSet<Date> = lots.iter().map(|lot| lot.execution_date).collect();
    dates.insert(writing.business_day()?);
    let accounts: Vec<AccountId> = accounts.into_iter().collect();
    let dates: Vec<Date> = dates.into_iter().collect();
    Ok(writing.book(&accounts, &dates)?)
}

/// Writes the changes of a decision, except those of the book.
pub(crate) fn apply(writing: &mut dyn Writing, step: &Step) -> Result<(), StoreError> {
    writing.update_lot(&step.lot)?;
    if let Some(journal) = &step.journal {
        writing.append_entries(journal)?;
    }
    writing.insert_refusals(&step.refusals)?;
    writing.append_events(&step.events)
}

/// Payments of a lot that were refused, within a page: a message may have a hundred thousand of them.
struct RefusedPayments {
    lot: u32,
    single: HashSet<u32>,
    ranges: Vec<Refusal>,
}

impl RefusedPayments {
    fn of(lot: &Lot, refusals: impl Iterator<Item = Refusal>) -> RefusedPayments {
        let (single, ranges): (Vec<Refusal>, _) = refusals.partition(|refusal| refusal.first == refusal.last);
        let single = single.into_iter().map(|refusal| refusal.first).collect();
        RefusedPayments { lot: lot.id.number, single, ranges }
    }

    fn contains(&self, ordinal: u32) -> bool {
        self.single.contains(&ordinal) || self.ranges.iter().any(|refusal| refusal.covers(ordinal, Some(self.lot)))
    }
}

/// Payments of a lot from an ordinal on, without those that some refusals cover; and where the next page begins, if there may
/// be one. A page may hold nothing but refused payments.
pub(crate) fn page_of(
    reading: &mut dyn Reading,
    lot: &Lot,
    from: u32,
    limit: u32,
    counts: impl Fn(&Refusal) -> bool,
) -> Result<(Vec<Due>, Option<u32>), StoreError> {
    let (mut due, mut next) = (Vec::new(), from);
    reading.payments(lot.id.message, Some(lot.id.number), from, limit, &mut |payment| {
        next = payment.ordinal + 1;
        if payment.ordinal <= lot.last {
            due.push(Due::of(&payment));
        }
        Ok(())
    })?;
    if next == from {
        return Ok((due, None));
    }
    let refusals = reading.refusals_between(lot.id.message, from, next - 1)?;
    let refused = RefusedPayments::of(lot, refusals.into_iter().filter(counts));
    due.retain(|payment| !refused.contains(payment.ordinal));
    Ok((due, (next <= lot.last).then_some(next)))
}

/// The payments of a lot that come next, without those that are refused: at least one.
pub(crate) fn next_due(reading: &mut dyn Reading, lot: &Lot, limit: u32) -> Result<Vec<Due>, Failure> {
    let mut from = Some(lot.executed_below.max(lot.first)).filter(|from| *from <= lot.last);
    while let Some(begin) = from {
        let (due, next) = page_of(reading, lot, begin, limit, |_| true)?;
        if !due.is_empty() {
            return Ok(due);
        }
        from = next;
    }
    // The open payments of a lot are those that follow; a lot without them would have ended.
    Err(Failure::unexpected(format_args!("{} has no payments left, but is not at its end", lot.id)))
}
