//! What the steps of execution and settlement share: each is one transaction over a lot as it is now, a pure decision, and
//! what it changes.

use std::collections::{BTreeSet, HashSet};

use jiff::civil::Date;
use ledger::{AccountId, Book};
use payments::{Lot, Refusal, Step};
use store::{StoreError, Writing};

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

/// The book of some lots: their debtors with the use of their limits, and other accounts.
pub(crate) fn book_of(writing: &mut dyn Writing, lots: &[Lot], others: &[AccountId]) -> Result<Book, Failure> {
    let accounts: BTreeSet<AccountId> = lots.iter().map(|lot| lot.debtor).chain(others.iter().copied()).collect();
    let mut dates: BTreeSet<Date> = lots.iter().map(|lot| lot.execution_date).collect();
    dates.insert(writing.business_day()?);
    let accounts: Vec<AccountId> = accounts.into_iter().collect();
    let dates: Vec<Date> = dates.into_iter().collect();
    Ok(writing.book(&accounts, &dates)?)
}

/// Writes what a decision changed, but for the book.
pub(crate) fn apply(writing: &mut dyn Writing, step: &Step) -> Result<(), StoreError> {
    writing.update_lot(&step.lot)?;
    if let Some(journal) = &step.journal {
        writing.append_entries(journal)?;
    }
    writing.insert_refusals(&step.refusals)?;
    writing.append_events(&step.events)
}

/// Payments of a lot that were refused, within a page: a message may have a hundred thousand of them.
struct Refused {
    lot: u32,
    single: HashSet<u32>,
    ranges: Vec<Refusal>,
}

impl Refused {
    fn between(reading: &mut dyn Writing, lot: &Lot, first: u32, last: u32) -> Result<Refused, StoreError> {
        let refusals = reading.refusals_between(lot.id.message, first, last)?;
        let (single, ranges): (Vec<Refusal>, _) =
            refusals.into_iter().partition(|refusal| refusal.first == refusal.last);
        let single = single.into_iter().map(|refusal| refusal.first).collect();
        Ok(Refused { lot: lot.id.number, single, ranges })
    }

    fn contains(&self, ordinal: u32) -> bool {
        self.single.contains(&ordinal) || self.ranges.iter().any(|refusal| refusal.covers(ordinal, Some(self.lot)))
    }
}

/// The payments of a lot that come next, without those refused on admission.
pub(crate) fn next_due(reading: &mut dyn Writing, lot: &Lot, limit: u32) -> Result<Vec<Due>, Failure> {
    let number = Some(lot.id.number);
    let mut from = lot.executed_below.max(lot.first);
    let mut due = Vec::new();
    // A page may hold nothing but refused payments.
    while due.is_empty() && from <= lot.last {
        let mut next = from;
        reading.payments(lot.id.message, number, from, limit, &mut |payment| {
            next = payment.ordinal + 1;
            if payment.ordinal <= lot.last {
                due.push(Due {
                    ordinal: payment.ordinal,
                    minor: payment.minor,
                    creditor: payment.creditor,
                    record: payment.record.to_vec(),
                });
            }
            Ok(())
        })?;
        if next == from {
            break;
        }
        let refused = Refused::between(reading, lot, from, next - 1)?;
        due.retain(|payment: &Due| !refused.contains(payment.ordinal));
        from = next;
    }
    if due.is_empty() {
        // What is open of a lot are payments that follow; a lot without them would have ended.
        return Err(Failure::unexpected(format_args!("{} has no payments left, but is not at its end", lot.id)));
    }
    Ok(due)
}
