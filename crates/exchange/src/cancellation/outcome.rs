//! How the payments that a cancellation names stand afterwards: the answer to the first request and to each repetition.

use std::collections::{BTreeSet, HashMap};

use payments::status::reason_of;
use payments::{Lot, Refusal};
use rulebook::catalogue::Code;
use store::{Block, Reading};

use super::named::{Named, NamedPayment};
use crate::bounds::NOT_CANCELLED_NAMED_MAX;
use crate::{Failure, RefusalReason};

/// How the payments stand that a cancellation named. `payments` = `cancelled` + `refused` + `not_cancelled`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancellationOutcome {
    /// `MsgId`.
    pub message_id: String,
    /// So many payments are named.
    pub payments: u64,
    /// So many of them are cancelled.
    pub cancelled: u64,
    /// So many of these an earlier request had cancelled.
    pub cancelled_before: u64,
    /// So many are refused for another reason.
    pub refused: u64,
    /// So many cannot be cancelled.
    pub not_cancelled: u64,
    /// Why, in file order, up to a bound.
    pub reasons: Vec<NotCancelled>,
}

/// Payments that cannot be cancelled, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCancelled {
    /// First payment, from 0 in file order.
    pub first: u32,
    /// Last payment.
    pub last: u32,
    /// So many of them are meant.
    pub count: u32,
    /// `PmtInfId` of their block.
    pub payment_information_id: String,
    /// `EndToEndId`, where one payment is named.
    pub end_to_end_id: Option<String>,
    /// Why.
    pub reason: RefusalReason,
}

impl CancellationOutcome {
    /// A request of which nothing is cancelled, now or before, is refused.
    pub(super) fn unless_nothing(self) -> Result<CancellationOutcome, Failure> {
        if self.cancelled > 0 {
            return Ok(self);
        }
        let is_too_late = |kept: &NotCancelled| kept.reason.code == Code::CancellationTooLate;
        Err(match self.reasons.into_iter().next() {
            Some(kept) if !is_too_late(&kept) => Failure::new(kept.reason.code).with_detail(kept.reason.value),
            _ => Failure::new(Code::CancellationTooLate),
        })
    }
}

/// The outcome now; `cancelled_now` were cancelled by this request.
pub(super) fn outcome(
    reading: &mut dyn Reading,
    message_id: &str,
    named: &Named,
    cancelled_now: u64,
) -> Result<CancellationOutcome, Failure> {
    let lots = if named.lots.is_empty() { Vec::new() } else { reading.lots(&named.lots)? };
    let (payments, cancelled, mut kept) = match &named.payment {
        Some(payment) => {
            let (cancelled, kept) = of_payment(reading, named, payment, lots.first())?;
            (1, cancelled, Vec::from_iter(kept))
        }
        None => {
            let refusals = if lots.iter().any(|lot| lot.refused_count > 0) {
                reading.refusals_of(named.message)?
            } else {
                Vec::new()
            };
            let (cancelled, kept) = of_lots(named, &lots, &refusals);
            (named.blocks.iter().map(|block| u64::from(block.count)).sum(), cancelled, kept)
        }
    };
    let not_cancelled: u64 = kept.iter().map(|kept| u64::from(kept.count)).sum();
    kept.sort_by_key(|kept| (kept.first, kept.last));
    kept.truncate(NOT_CANCELLED_NAMED_MAX);
    Ok(CancellationOutcome {
        message_id: message_id.to_owned(),
        payments,
        cancelled,
        cancelled_before: cancelled.saturating_sub(cancelled_now),
        refused: payments.saturating_sub(cancelled + not_cancelled),
        not_cancelled,
        reasons: kept,
    })
}

/// Whether the one payment is cancelled, and why not; neither when it is refused for another reason.
fn of_payment(
    reading: &mut dyn Reading,
    named: &Named,
    payment: &NamedPayment,
    lot: Option<&Lot>,
) -> Result<(u64, Option<NotCancelled>), Failure> {
    let Some(lot) = lot else { return Ok((0, None)) };
    let refusals = reading.refusals_between(named.message, payment.ordinal, payment.ordinal)?;
    if let Some(refusal) = reason_of(payment.ordinal, Some(lot.id.number), &refusals) {
        return Ok((u64::from(is_cancellation(refusal)), None));
    }
    let is_open = lot.can_be_cancelled() && payment.ordinal >= lot.executed_below;
    let kept = not_cancelled(named, lot, is_open);
    let (first, last) = (payment.ordinal, payment.ordinal);
    Ok((0, Some(NotCancelled { first, last, count: 1, end_to_end_id: Some(payment.end_to_end_id.clone()), ..kept })))
}

/// How many payments of these lots are cancelled, and what is not, by lot.
fn of_lots(named: &Named, lots: &[Lot], refusals: &[Refusal]) -> (u64, Vec<NotCancelled>) {
    let numbers: BTreeSet<u32> = lots.iter().map(|lot| lot.id.number).collect();
    let (mut cancelled, mut rests) = (0, HashMap::new());
    for refusal in refusals.iter().filter(|refusal| is_cancellation(refusal)) {
        let Some(lot) = refusal.lot.filter(|lot| numbers.contains(lot)) else { continue };
        cancelled += u64::from(refusal.count);
        if refusal.first < refusal.last {
            rests.insert(lot, refusal.first);
        }
    }
    let kept = lots.iter().filter_map(|lot| {
        let count = lot.booked_count + lot.open_count();
        let kept = not_cancelled(named, lot, lot.can_be_cancelled());
        // What follows was cancelled together.
        let last = rests.get(&lot.id.number).map_or(lot.last, |first| first.saturating_sub(1));
        (count > 0).then_some(NotCancelled { first: lot.first, last, count, ..kept })
    });
    (cancelled, kept.collect())
}

/// Of a lot that still could be cancelled only the right to do so is missing.
fn not_cancelled(named: &Named, lot: &Lot, is_open: bool) -> NotCancelled {
    // They are in order.
    let block = named.blocks.binary_search_by_key(&lot.block, |block| block.number).ok().map(|at| &named.blocks[at]);
    let of_block = |field: fn(&Block) -> &String| block.map(field).cloned().unwrap_or_default();
    let reason = if is_open {
        RefusalReason::new(Code::AccountNotGranted, of_block(|block| &block.debtor_iban), 0)
    } else {
        RefusalReason::new(Code::CancellationTooLate, "", 0)
    };
    NotCancelled {
        first: lot.first,
        last: lot.last,
        count: 0,
        payment_information_id: of_block(|block| &block.payment_information_id),
        end_to_end_id: None,
        reason,
    }
}

fn is_cancellation(refusal: &Refusal) -> bool {
    refusal.code == Code::CancelledByClient.id()
}
