//! Dispatched lots are settled as the settlement system answers.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use ledger::{AccountId, Book};
use payments::{
    Incoming, Lot, LotId, Occasion, PaymentId, PaymentRecord, Rejection, SettlementItem, Stage, return_payment, settle,
};
use store::{AuditLine, HousePurpose, IncomingCredit, Writing};

use crate::background::chore::{Chore, Doing, Round};
use crate::execution::step::{Due, apply, book_of, next_due};
use crate::failure::damaged;
use crate::settlement::simulator::Verdict;
use crate::{Exchange, Failure};

/// Who answers for payments to other banks, in events.
const SETTLEMENT: &str = "settlement";

#[derive(Default)]
pub(crate) struct Settle {
    /// Dispatched lots of which the simulator was asked to delay one.
    delayed: HashMap<LotId, bool>,
}

impl Chore for Settle {
    fn name(&self) -> &'static str {
        "settle"
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, round: &'a mut Round) -> Doing<'a> {
        Box::pin(exchange.settle_dispatched(round, &mut self.delayed))
    }
}

impl Exchange {
    async fn settle_dispatched(&self, round: &mut Round, delayed: &mut HashMap<LotId, bool>) -> Result<bool, Failure> {
        let mut more = false;
        let mut dispatched = self.lots(Stage::Dispatched).await?;
        round.waits_for_the_clock |= !dispatched.is_empty();
        if delayed.len() > dispatched.len() {
            let there: HashSet<LotId> = dispatched.iter().map(|lot| lot.id).collect();
            delayed.retain(|lot, _| there.contains(lot));
        }
        dispatched.retain(|lot| !round.leaves_alone(lot.id, self.now()));
        let mut answered = Vec::new();
        for lot in dispatched {
            match self.has_answer(&lot, delayed).await {
                Ok(true) => answered.push(lot),
                not => more |= round.unless_failed(&lot, not, self.now()),
            }
            self.inner.progress.step();
        }
        for lots in Exchange::to_settle(answered, round) {
            let (lots, begun) = self.begin_lots(lots, round).await;
            for lot in lots {
                let done = self.settle_chunk(&lot).await;
                more |= round.unless_failed(&lot, done, self.now());
                self.inner.progress.step();
            }
            self.end_lots(begun).await;
        }
        Ok(more)
    }

    /// Whether the settlement system has answered for a lot by now.
    async fn has_answer(&self, lot: &Lot, delayed_before: &mut HashMap<LotId, bool>) -> Result<bool, Failure> {
        let (id, now) = (lot.id, self.now());
        let event = self.inner.store.read(move |reading| reading.last_event(id).map_err(Failure::from)).await?;
        let dispatched_at = event.map_or(Timestamp::MIN, |event| event.at);
        if !self.inner.settlement.has_answered(dispatched_at, false, now) {
            return Ok(false);
        }
        let delayed = match delayed_before.get(&id) {
            Some(delayed) => *delayed,
            None => self.is_delayed(lot).await?,
        };
        delayed_before.insert(id, delayed);
        Ok(self.inner.settlement.has_answered(dispatched_at, delayed, now))
    }

    /// Books the settlement system's answer for the next payments of a lot.
    async fn settle_chunk(&self, lot: &Lot) -> Result<bool, Failure> {
        let (id, now, exchange) = (lot.id, self.now(), self.clone());
        self.inner.store.write_behind(move |writing| exchange.settle_now(writing, id, now)).await?;
        Ok(true)
    }

    /// Whether one of a lot's payments asks the simulator for a delay.
    async fn is_delayed(&self, lot: &Lot) -> Result<bool, Failure> {
        let (exchange, lot) = (self.clone(), lot.clone());
        self.inner
            .store
            .read(move |reading| {
                let mut delayed = false;
                reading.payments(lot.id.message, Some(lot.id.number), lot.first, u32::MAX, &mut |payment| {
                    let record = PaymentRecord::decode(payment.record).map_err(|error| damaged(&error))?;
                    delayed |= exchange.inner.settlement.verdict(record.remittance) == Verdict::SettledLater;
                    Ok(())
                })?;
                Ok(delayed)
            })
            .await
    }

    /// Returns whether the lot has come to its end.
    fn settle_now(&self, writing: &mut dyn Writing, id: LotId, now: Timestamp) -> Result<bool, Failure> {
        let Some(lot) = writing.lot(id)?.filter(|lot| lot.stage == Stage::Dispatched) else { return Ok(true) };
        let due = next_due(writing, &lot, self.inner.settings.execute_chunk_payments)?;
        let house = writing.house_account(HousePurpose::Settlement)?;
        let mut book = book_of(writing, std::slice::from_ref(&lot), &[house])?;
        let mut items = Vec::with_capacity(due.len());
        let (mut rejected, mut returned) = (Vec::new(), Vec::new());
        for payment in &due {
            let record = PaymentRecord::decode(&payment.record).map_err(|error| damaged(&error))?;
            items.push(SettlementItem { ordinal: payment.ordinal, minor: payment.minor, line: record.line });
            match self.inner.settlement.verdict(record.remittance) {
                Verdict::Settled | Verdict::SettledLater => {}
                Verdict::Rejected { code, detail } => rejected.push((payment.ordinal, code, detail)),
                Verdict::Returned { reason } => returned.push((payment, record, reason)),
            }
        }
        let rejections: Vec<Rejection<'_>> = rejected
            .iter()
            .map(|(ordinal, code, detail)| Rejection { ordinal: *ordinal, code: code.id(), detail })
            .collect();
        let occasion = Occasion { at: now, actor: SETTLEMENT };
        let step = settle(&lot, &items, &rejections, house, &mut book, occasion)?;
        apply(writing, &step)?;
        for (payment, record, reason) in returned {
            let returned = Returned { payment, record: &record, reason: &reason };
            give_back(writing, &step.lot, &returned, house, &mut book, now)?;
        }
        writing.save_book(&book)?;
        Ok(step.lot.stage != Stage::Dispatched)
    }
}

/// Books the next payments of internal lots, so many at most.

/// A settled payment that came back.
struct Returned<'a> {
    payment: &'a Due,
    record: &'a PaymentRecord<'a>,
    /// Why: a code of ISO 20022.
    reason: &'a str,
}

/// Books the money of a settled payment that came back.
fn give_back(
    writing: &mut dyn Writing,
    lot: &Lot,
    returned: &Returned<'_>,
    house: AccountId,
    book: &mut Book,
    now: Timestamp,
) -> Result<(), Failure> {
    let Returned { payment, record, reason } = *returned;
    if book.open_account(lot.debtor).is_err() {
        // The money stays with the house until somebody decides; the line is what they decide on.
        let id = PaymentId { message: lot.id.message, ordinal: payment.ordinal };
        tracing::warn!(payment = %id, "a return waits: the account does not take part in payments");
        let detail = format!("{id} account {} minor units {} reason {reason}", lot.debtor.0, payment.minor);
        let action = "return.waits".to_owned();
        return Ok(writing.append_audit(&AuditLine { at: now, actor: SETTLEMENT.to_owned(), action, detail })?);
    }
    // The rest is known of the payment itself.
    let mut known = Vec::new();
    PaymentRecord { return_reason: reason, ..PaymentRecord::default() }.encode_into(&mut known);
    let id = writing.insert_incoming(&IncomingCredit {
        record: known,
        account: lot.debtor,
        minor: payment.minor,
        debtor_name: record.creditor_name.to_owned(),
        debtor_iban: record.creditor_iban.to_owned(),
        end_to_end_id: record.end_to_end_id.to_owned(),
        remittance: record.remittance.to_owned(),
        returned: Some(PaymentId { message: lot.id.message, ordinal: payment.ordinal }),
        arrived_at: now,
    })?;
    let incoming = Incoming { id, account: lot.debtor, minor: payment.minor };
    let journal = return_payment(lot, payment.ordinal, &incoming, house, book)?;
    Ok(writing.append_entries(&journal)?)
}
