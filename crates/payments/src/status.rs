//! Statuses, computed from lots and refusals for each request.
//!
//! A payment's status is its own final exception, else its lot's. Blocks and messages add up their payments: `PART`
//! where some are refused and some are not (only blocks and messages have it), else the least advanced status among
//! them. Statuses only move forward, because stages only move forward and refusals are final.

use std::collections::BTreeMap;

use money::{Currency, Decimal, Money};

use crate::{Lot, Refusal, Stage, Status};

/// What a block holds, refused payments included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockTotals {
    /// The block (`PmtInf`), from 0.
    pub block: u32,
    /// How many payments it has.
    pub count: u32,
    /// Their exact sum, as the file has it; `None` when unknown, and then the sum of refused payments is too.
    pub sum: Option<Decimal>,
    /// Currency of the debtor account: it gives the lots' minor units their decimals.
    pub currency: Currency,
}

/// Payments in one status (`NbOfTxsPerSts`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// `DtldNbOfTxs`.
    pub count: u64,
    /// `DtldCtrlSum`; `None` when it cannot be stated exactly.
    pub sum: Option<Decimal>,
}

/// Status of a block or a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The status of the whole.
    pub status: Status,
    /// Payments by status; statuses that no payment has are left out.
    pub per_status: BTreeMap<Status, Tally>,
}

/// Status of a message and its blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageSummary {
    /// The message (`OrgnlGrpInfAndSts`).
    pub group: Summary,
    /// Its blocks (`OrgnlPmtInfAndSts`), as they were given.
    pub blocks: Vec<(u32, Summary)>,
}

/// The status of one payment of a message: `lot` is the number of its lot, if it got into one (a lot of which nothing
/// was accepted does not exist). `None` when nothing has been decided about it.
///
/// `lots` and `refusals` are the message's, lots in ascending order.
#[must_use]
pub fn payment_status(ordinal: u32, lot: Option<u32>, lots: &[Lot], refusals: &[Refusal]) -> Option<Status> {
    if refusals.iter().any(|refusal| refusal.covers(ordinal, lot)) {
        return Some(Status::Rejected);
    }
    let place = lots.binary_search_by_key(&lot?, |lot| lot.id.number).ok()?;
    let lot = &lots[place];
    Some(if ordinal < lot.executed_below && is_executing(lot) { Status::Settled } else { open_status(lot) })
}

/// The refusal with the payment's reason: the narrowest that covers it.
#[must_use]
pub fn reason_of(ordinal: u32, lot: Option<u32>, refusals: &[Refusal]) -> Option<&Refusal> {
    let covering = refusals.iter().filter(|refusal| refusal.covers(ordinal, lot));
    covering.min_by_key(|refusal| (refusal.last - refusal.first, refusal.lot.is_none()))
}

/// Whether payments below [`Lot::executed_below`] have been executed (it says nothing in other stages).
fn is_executing(lot: &Lot) -> bool {
    matches!(lot.stage, Stage::Held | Stage::Dispatched | Stage::Completed)
}

/// The status of a lot's payments that are neither booked nor refused.
fn open_status(lot: &Lot) -> Status {
    match lot.stage {
        Stage::Scheduled | Stage::AwaitingFunds => Status::Accepted,
        Stage::Held if lot.executed_below <= lot.first => Status::Accepted,
        Stage::Held | Stage::Dispatched => Status::InProcess,
        Stage::Completed => Status::Settled,
        Stage::Refused => Status::Rejected,
    }
}

/// Status, counts and sums of a decided message and its blocks. What is in no lot counts as refused.
///
/// `None` when there are no payments, or the lots hold more than the blocks.
#[must_use]
pub fn summarise(blocks: &[BlockTotals], lots: &[Lot]) -> Option<MessageSummary> {
    let mut tallies: BTreeMap<u32, Tallies> = BTreeMap::new();
    let mut currencies = BTreeMap::new();
    for block in blocks {
        currencies.insert(block.block, block.currency);
        tallies.entry(block.block).or_default();
    }
    for lot in lots {
        let currency = *currencies.get(&lot.block)?;
        let tally = tallies.entry(lot.block).or_default();
        tally.add(Status::Settled, u64::from(lot.booked_count), exact(lot.booked, currency));
        tally.add(Status::Rejected, u64::from(lot.refused_count), exact(lot.refused, currency));
        tally.add(open_status(lot), u64::from(lot.open_count()), exact(lot.open_minor(), currency));
    }
    let mut group = Tallies::default();
    let mut summaries = Vec::with_capacity(blocks.len());
    for block in blocks {
        let mut tally = tallies.remove(&block.block)?;
        let refused = u64::from(block.count).checked_sub(tally.count())?;
        let sum = block.sum.and_then(|sum| sum.checked_add(negated(tally.sum()?)?));
        tally.add(Status::Rejected, refused, sum);
        group.merge(&tally);
        // A block without payments has the status of nothing: refused.
        summaries.push((block.block, tally.summary().unwrap_or_else(Summary::nothing)));
    }
    Some(MessageSummary { group: group.summary()?, blocks: summaries })
}

/// The status of a block or message whose payments stand so; `None` when it has none.
#[must_use]
pub fn status_of_all(per_status: &BTreeMap<Status, Tally>) -> Option<Status> {
    // Statuses are declared in the order of their advance, the refused ones last.
    let least = *per_status.keys().next()?;
    let partly = per_status.len() > 1 && per_status.contains_key(&Status::Rejected);
    Some(if partly { Status::Partial } else { least })
}

#[derive(Default)]
struct Tallies {
    per_status: BTreeMap<Status, Tally>,
}

impl Tallies {
    fn add(&mut self, status: Status, count: u64, sum: Option<Decimal>) {
        if count == 0 {
            return;
        }
        let tally = self.per_status.entry(status).or_insert(Tally { count: 0, sum: Some(Decimal::new(0, 0)) });
        tally.count += count;
        tally.sum = tally.sum.zip(sum).and_then(|(left, right)| left.checked_add(right));
    }

    fn merge(&mut self, other: &Tallies) {
        for (status, tally) in &other.per_status {
            self.add(*status, tally.count, tally.sum);
        }
    }

    fn count(&self) -> u64 {
        self.per_status.values().map(|tally| tally.count).sum()
    }

    fn sum(&self) -> Option<Decimal> {
        self.per_status.values().try_fold(Decimal::new(0, 0), |sum, tally| sum.checked_add(tally.sum?))
    }

    fn summary(self) -> Option<Summary> {
        let status = status_of_all(&self.per_status)?;
        Some(Summary { status, per_status: self.per_status })
    }
}

impl Summary {
    fn nothing() -> Summary {
        Summary { status: Status::Rejected, per_status: BTreeMap::new() }
    }
}

fn exact(minor: i64, currency: Currency) -> Option<Decimal> {
    Some(Money::new(minor, currency).to_decimal())
}

fn negated(sum: Decimal) -> Option<Decimal> {
    Some(Decimal::new(sum.units_at_scale(sum.scale())?.checked_neg()?, sum.scale()))
}
