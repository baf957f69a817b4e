//! Hands dispatched lots over to the settlement system.
//!
//! The store does not record a handover: a process hands each dispatched lot over once, the next process does it again,
//! and the system recognises the lot by its id.

use std::sync::Arc;

use money::{Currency, Money};
use payments::{Lot, LotId, PaymentRecord, RefusalStage, Stage};
use store::{Reading, StoreError};

use super::port::{OutgoingLot, OutgoingPayment, OutgoingPayments, PaymentReference, SettlementError};
use crate::bounds::HANDED_OVER_AT_A_TIME;
use crate::execution::step::{Page, page_of};
use crate::failure::damaged;
use crate::{Exchange, Failure};

impl Exchange {
    /// Hands a dispatched lot over. One that another node has settled meanwhile is none any more.
    pub(crate) async fn hand_over(&self, id: LotId) -> Result<Result<(), SettlementError>, Failure> {
        let system = Arc::clone(&self.inner.settlement.system);
        self.inner
            .store
            .read_long(move |reading| {
                let Some(lot) = reading.lot(id)?.filter(|lot| lot.stage == Stage::Dispatched) else {
                    return Ok(Ok(()));
                };
                let outgoing = outgoing(reading, &lot)?;
                let currency = outgoing.total.currency();
                let mut payments = PaymentsOfLot { reading, lot: &lot, currency, failure: None };
                let handed_over = system.hand_over(&outgoing, &mut payments);
                payments.failure.map_or(Ok(handed_over), Err)
            })
            .await
    }
}

fn outgoing(reading: &mut dyn Reading, lot: &Lot) -> Result<OutgoingLot, Failure> {
    let account = reading.accounts(&[lot.debtor])?.into_iter().next();
    let account = account.ok_or_else(|| missing(lot, "the account that it debits"))?;
    let event = reading.last_event(lot.id)?.filter(|event| event.stage == Stage::Dispatched);
    let event = event.ok_or_else(|| missing(lot, "the event of its dispatch"))?;
    Ok(OutgoingLot {
        id: lot.id,
        decided_at: event.at,
        business_day: event.business_day,
        debtor_iban: account.iban,
        debtor_name: account.owner_name,
        payments: lot.count,
        total: Money::new(lot.total, account.ledger.currency),
    })
}

fn missing(lot: &Lot, what: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("{} is dispatched, and {what} is not there", lot.id))
}

/// The stored payments of a lot: all accepted ones, with any later result.
struct PaymentsOfLot<'r> {
    reading: &'r mut dyn Reading,
    lot: &'r Lot,
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
            let before_dispatch = |refusal: &payments::Refusal| refusal.stage != RefusalStage::Settlement;
            let page = page_of(self.reading, lot, begin, HANDED_OVER_AT_A_TIME, before_dispatch);
            let Page { due, next } = page.map_err(|error| self.interrupted(error))?;
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
        if (count, total) == (lot.count, lot.total) {
            return Ok(());
        }
        let what =
            format!("{} holds {} payments of {}, and {count} of {total} are stored", lot.id, lot.count, lot.total);
        Err(self.interrupted(StoreError::Corrupt(what)))
    }
}

impl PaymentsOfLot<'_> {
    fn interrupted(&mut self, error: StoreError) -> SettlementError {
        self.failure = Some(error.into());
        SettlementError::Interrupted
    }
}
