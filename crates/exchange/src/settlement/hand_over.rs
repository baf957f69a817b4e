//! Hands dispatched lots over to the settlement system.
//!
//! The store does not record a handover: a process hands each dispatched lot over once, the next process does it again,
//! and the system recognises the lot by its id.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use ledger::AccountId;
use money::{Currency, Money};
use payments::{Event, Lot, LotId, PaymentRecord, Refusal, RefusalStage, Stage};
use store::{LotRange, Reading, StoreError, TreasuryAccount};

use super::port::{
    OutgoingLot, OutgoingPayment, OutgoingPayments, PaymentReference, SettlementError, SettlementSystem,
};
use crate::bounds::{HANDED_OVER_AT_A_TIME, REFUSED_PASSED_OVER};
use crate::execution::step::{Page, page_of, pages_of};
use crate::failure::damaged;
use crate::{Exchange, Failure};

/// What came of a handover: the settlement system has the lot, or has not got it; or the lot could not be read.
pub(crate) type HandedOver = Result<Result<(), SettlementError>, Failure>;

impl Exchange {
    /// Hands dispatched lots over, one after another, until the settlement system does not take one. Returns those that it
    /// came to. A lot that another node has settled meanwhile is dispatched no more.
    pub(crate) async fn hand_over(&self, ids: Vec<LotId>) -> Result<Vec<(LotId, HandedOver)>, Failure> {
        let system = Arc::clone(&self.inner.settlement.system);
        self.inner.store.read_long(move |reading| hand_over_all(reading, &ids, &*system)).await
    }
}

/// For any number of small lots the store is asked five times, and about each one again of which something is refused.
fn hand_over_all(
    reading: &mut dyn Reading,
    ids: &[LotId],
    system: &dyn SettlementSystem,
) -> Result<Vec<(LotId, HandedOver)>, Failure> {
    let mut lots = reading.lots(ids)?;
    lots.retain(|lot| lot.stage == Stage::Dispatched);
    let debtors: BTreeSet<AccountId> = lots.iter().map(|lot| lot.debtor).collect();
    let accounts = reading.accounts(&debtors.into_iter().collect::<Vec<_>>())?;
    let accounts: HashMap<AccountId, TreasuryAccount> =
        accounts.into_iter().map(|account| (account.ledger.id, account)).collect();
    let events = reading.last_events(&lots.iter().map(|lot| lot.id).collect::<Vec<_>>())?;
    let events: HashMap<LotId, Event> = events.into_iter().map(|event| (event.lot, event)).collect();
    let ranges = lots.iter().map(|lot| {
        let limit = lot.count.saturating_add(REFUSED_PASSED_OVER).min(HANDED_OVER_AT_A_TIME);
        (lot, LotRange { lot: lot.id, first: lot.first, last: lot.last, limit })
    });
    let pages = pages_of(reading, &ranges.collect::<Vec<_>>(), before_dispatch)?;
    let dispatched: HashSet<LotId> = lots.iter().map(|lot| lot.id).collect();
    let mut all: Vec<(LotId, HandedOver)> =
        ids.iter().filter(|id| !dispatched.contains(id)).map(|id| (*id, Ok(Ok(())))).collect();
    for (lot, page) in lots.iter().zip(pages) {
        let outgoing = still_accepted(reading, lot).and_then(|accepted| {
            Ok((accepted, outgoing(lot, accepted, accounts.get(&lot.debtor), events.get(&lot.id))?))
        });
        let handed_over = match outgoing {
            Ok((accepted, outgoing)) => {
                let currency = outgoing.total.currency();
                let mut payments = PaymentsOfLot { reading, lot, accepted, first: Some(page), currency, failure: None };
                let handed_over = system.hand_over(&outgoing, &mut payments);
                payments.failure.map_or(Ok(handed_over), Err)
            }
            Err(error) => Err(error.into()),
        };
        let is_away = matches!(handed_over, Ok(Err(_)));
        all.push((lot.id, handed_over));
        if is_away {
            break;
        }
    }
    Ok(all)
}

/// Number and sum of the payments that the lot had when it was dispatched: those that were accepted, without those that the
/// client had cancelled by then. The same at every repetition, so the rejections since do not count.
fn still_accepted(reading: &mut dyn Reading, lot: &Lot) -> Result<(u32, i64), StoreError> {
    if lot.refused_count == 0 {
        return Ok((lot.count, lot.total));
    }
    let (count, total) = sum_of(reading, lot, |_| true)?;
    let (all, sum) = (lot.count.saturating_sub(lot.refused_count), lot.total.saturating_sub(lot.refused));
    if (count, total) != (all, sum) {
        let what =
            format!("{} holds {all} payments of {sum} that are not refused, and {count} of {total} are stored", lot.id);
        return Err(StoreError::Corrupt(what));
    }
    sum_of(reading, lot, before_dispatch)
}

/// Number and sum of a lot's payments without those that some refusals cover.
fn sum_of(
    reading: &mut dyn Reading,
    lot: &Lot,
    counts: impl Fn(&Refusal) -> bool + Copy,
) -> Result<(u32, i64), StoreError> {
    let (mut count, mut total, mut from) = (0_u32, 0_i64, Some(lot.first));
    while let Some(begin) = from {
        let Page { due, next } = page_of(reading, lot, begin, HANDED_OVER_AT_A_TIME, counts)?;
        for payment in due {
            (count, total) = (count.saturating_add(1), total.saturating_add(payment.minor));
        }
        from = next;
    }
    Ok((count, total))
}

fn outgoing(
    lot: &Lot,
    (payments, total): (u32, i64),
    account: Option<&TreasuryAccount>,
    event: Option<&Event>,
) -> Result<OutgoingLot, StoreError> {
    let account = account.ok_or_else(|| missing(lot, "the account that it debits"))?;
    let event = event.filter(|event| event.stage == Stage::Dispatched);
    let event = event.ok_or_else(|| missing(lot, "the event of its dispatch"))?;
    Ok(OutgoingLot {
        id: lot.id,
        decided_at: event.at,
        business_day: event.business_day,
        debtor_iban: account.iban.clone(),
        debtor_name: account.owner_name.clone(),
        payments,
        total: Money::new(total, account.ledger.currency),
    })
}

/// Whether a refusal keeps a payment from being handed over.
fn before_dispatch(refusal: &Refusal) -> bool {
    refusal.stage != RefusalStage::Settlement
}

fn missing(lot: &Lot, what: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("{} is dispatched, and {what} is not there", lot.id))
}

/// The stored payments of a lot: all that it was dispatched with, with any later result.
struct PaymentsOfLot<'r> {
    reading: &'r mut dyn Reading,
    lot: &'r Lot,
    /// How many there are, and what they add up to.
    accepted: (u32, i64),
    /// The first page, which has been read already; none after it was given.
    first: Option<Page>,
    currency: Currency,
    /// Why they could not be read to their end.
    failure: Option<Failure>,
}

impl OutgoingPayments for PaymentsOfLot<'_> {
    fn each(
        &mut self,
        take: &mut dyn FnMut(&OutgoingPayment<'_>) -> Result<(), SettlementError>,
    ) -> Result<(), SettlementError> {
        let lot = self.lot;
        let (mut count, mut total, mut from) = (0_u32, 0_i64, Some(lot.first));
        while let Some(begin) = from {
            let Page { due, next } = match self.first.take() {
                Some(page) => page,
                None => page_of(self.reading, lot, begin, HANDED_OVER_AT_A_TIME, before_dispatch)
                    .map_err(|error| self.interrupted(error))?,
            };
            for payment in due {
                let details =
                    PaymentRecord::decode(&payment.record).map_err(|error| self.interrupted(damaged(&error)))?;
                (count, total) = (count.saturating_add(1), total.saturating_add(payment.minor));
                let reference = PaymentReference { lot: lot.id, ordinal: payment.ordinal };
                let amount = Money::new(payment.minor, self.currency);
                take(&OutgoingPayment { reference, amount, details: &details })?;
            }
            from = next;
        }
        if (count, total) == self.accepted {
            return Ok(());
        }
        let (all, sum) = self.accepted;
        let what = format!("{} holds {all} payments of {sum}, and {count} of {total} are stored", lot.id);
        Err(self.interrupted(StoreError::Corrupt(what)))
    }
}

impl PaymentsOfLot<'_> {
    fn interrupted(&mut self, error: StoreError) -> SettlementError {
        self.failure = Some(error.into());
        SettlementError::Interrupted
    }
}
