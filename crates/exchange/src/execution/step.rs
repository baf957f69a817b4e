//! Code that the steps of execution and settlement share: the accounts of a decision, its changes, and its payments.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use ledger::{AccountId, Book, Journal};
use payments::{Lot, LotId, Refusal, Step};
use store::{LotRange, Reading, StoreError, StoredPayment, Writing};

use crate::Failure;
use crate::bounds::{REFUSED_PASSED_OVER, REFUSED_READ_AT_A_TIME};

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
    let dates: BTreeSet<Date> = lots.iter().map(|lot| lot.execution_date).collect();
    let accounts: Vec<AccountId> = accounts.into_iter().collect();
    let dates: Vec<Date> = dates.into_iter().collect();
    Ok(writing.book(&accounts, &dates)?)
}

/// Writes the changes of decisions on several lots, each on another one, except those of the book.
pub(crate) fn apply(writing: &mut dyn Writing, steps: Vec<Step>) -> Result<(), StoreError> {
    if steps.is_empty() {
        return Ok(());
    }
    let lots: Vec<&Lot> = steps.iter().map(|step| &step.lot).collect();
    writing.update_lots(&lots)?;
    let journals: Vec<&Journal> = steps.iter().filter_map(|step| step.journal.as_ref()).collect();
    if !journals.is_empty() {
        writing.append_journals(&journals)?;
    }
    let (mut refusals, mut events) = (Vec::new(), Vec::new());
    for step in steps {
        refusals.extend(step.refusals);
        events.extend(step.events);
    }
    writing.insert_refusals(&refusals)?;
    writing.append_events(&events)
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

/// Some payments of a lot, in file order.
#[derive(Default)]
pub(crate) struct Page {
    /// Without those that some refusals cover: it may be none.
    pub(crate) due: Vec<Due>,
    /// Where the next page begins, if there may be one.
    pub(crate) next: Option<u32>,
}

/// A page of each range, without the payments that some refusals cover. For any number of ranges the store is asked twice.
pub(crate) fn pages_of(
    reading: &mut dyn Reading,
    lots: &[(&Lot, LotRange)],
    counts: impl Fn(&Refusal) -> bool,
) -> Result<Vec<Page>, StoreError> {
    let places: HashMap<LotId, usize> = lots.iter().enumerate().map(|(place, (lot, _))| (lot.id, place)).collect();
    let mut read: Vec<Vec<Due>> = lots.iter().map(|_| Vec::new()).collect();
    let ranges: Vec<LotRange> = lots.iter().map(|(_, range)| *range).collect();
    reading.payments_in(&ranges, &mut |lot, payment| {
        read[places[&lot]].push(Due::of(&payment));
        Ok(())
    })?;
    let ends: Vec<Option<u32>> = read.iter().map(|due| due.last().map(|due| due.ordinal)).collect();
    let seen: Vec<LotRange> =
        ranges.iter().zip(&ends).filter_map(|(range, end)| end.map(|last| LotRange { last, ..*range })).collect();
    let mut refusals: Vec<Vec<Refusal>> = lots.iter().map(|_| Vec::new()).collect();
    for (lot, refusal) in reading.refusals_in(&seen)? {
        if counts(&refusal) {
            refusals[places[&lot]].push(refusal);
        }
    }
    let of_lots = lots.iter().zip(read).zip(refusals).zip(ends);
    Ok(of_lots
        .map(|((((lot, range), mut due), refusals), end)| {
            let refused = RefusedPayments::of(lot, refusals.into_iter());
            due.retain(|payment| !refused.contains(payment.ordinal));
            let next = end.map(|end| end.saturating_add(1)).filter(|next| *next <= range.last);
            Page { due, next }
        })
        .collect())
}

/// Payments of a lot from an ordinal on, without those that some refusals cover.
pub(crate) fn page_of(
    reading: &mut dyn Reading,
    lot: &Lot,
    from: u32,
    limit: u32,
    counts: impl Fn(&Refusal) -> bool,
) -> Result<Page, StoreError> {
    let range = LotRange { lot: lot.id, first: from, last: lot.last, limit };
    Ok(pages_of(reading, &[(lot, range)], counts)?.pop().unwrap_or_default())
}

/// Of each lot the payments that come next, without those that are refused: at least one, and at most so many.
pub(crate) fn next_due(reading: &mut dyn Reading, lots: &[(&Lot, u32)]) -> Result<Vec<Vec<Due>>, Failure> {
    let wanted = lots.iter().map(|(lot, limit)| {
        let first = lot.executed_below.max(lot.first);
        (*lot, LotRange { lot: lot.id, first, last: lot.last, limit: limit.saturating_add(REFUSED_PASSED_OVER) })
    });
    let wanted: Vec<(&Lot, LotRange)> = wanted.collect();
    let mut all = Vec::with_capacity(lots.len());
    for (mut page, (lot, limit)) in pages_of(reading, &wanted, |_| true)?.into_iter().zip(lots) {
        while page.due.is_empty() {
            // The open payments of a lot are those that follow; a lot without them would have ended.
            let from = page.next.ok_or_else(|| {
                Failure::unexpected(format_args!("{} has no payments left, but is not at its end", lot.id))
            })?;
            page = page_of(reading, lot, from, REFUSED_READ_AT_A_TIME, |_| true)?;
        }
        page.due.truncate(*limit as usize);
        all.push(page.due);
    }
    Ok(all)
}
