//! Carrying out what was accepted: lots fall due, internal ones are booked, SEPA ones are handed over and settled.
//! Each step is one transaction: the lot as it is now, a pure decision, and what it changes.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{AccountId, Book};
use payments::{
    ExecutionItem, Incoming, Lot, LotId, Occasion, PaymentId, PaymentRecord, Refusal, Rejection, SettlementItem, Stage,
    Step, dispatch, execute_internal, fall_due, return_payment, settle,
};
use rulebook::Route;
use rulebook::catalogue::Code;
use store::{AuditLine, HousePurpose, IncomingCredit, Reading, StoreError, Writing};

use crate::background::round::{Memory, lots_in_stage};
use crate::failure::damaged;
use crate::settlement::simulator::Verdict;
use crate::{Exchange, Failure};

/// Who carries out payments, in events.
const EXECUTOR: &str = "executor";
/// Who answers for payments to other banks, in events.
const SETTLEMENT: &str = "settlement";

/// A payment of a lot that is to be carried out.
struct Due {
    ordinal: u32,
    minor: i64,
    creditor: Option<AccountId>,
    record: Vec<u8>,
}

impl Exchange {
    /// Holds what has fallen due, lets wait what is not covered. Returns whether anything changed.
    pub(crate) async fn let_fall_due(&self) -> Result<bool, Failure> {
        let now = self.now();
        let exchange = self.clone();
        let ready = self.inner.store.read(move |reading| exchange.ready_lots(reading, now)).await?;
        if ready.is_empty() {
            return Ok(false);
        }
        let exchange = self.clone();
        self.inner
            .store
            .write_behind(move |writing| {
                let mut lots = Vec::with_capacity(ready.len());
                let mut since = HashMap::new();
                for id in &ready {
                    if let Some(lot) = writing.lot(*id)? {
                        since.insert(lot.id, waiting_since(writing, &lot)?);
                        lots.push(lot);
                    }
                }
                let mut book = book_of(writing, &lots, &[])?;
                let day = book.business_day;
                let occasion = Occasion { at: now, actor: EXECUTOR };
                let passed = |route| exchange.cut_off_passed(route, day, now);
                let since = |lot: &Lot| since.get(&lot.id).copied().unwrap_or(lot.execution_date);
                let steps = fall_due(&lots, &mut book, passed, since, occasion)?;
                for step in &steps {
                    apply(writing, step)?;
                }
                writing.save_book(&book)?;
                Ok(!steps.is_empty())
            })
            .await
    }

    /// Lots of which [`fall_due`] would change something: looked for in a snapshot, so that waiting costs no commit.
    fn ready_lots(&self, reading: &mut dyn Reading, now: Timestamp) -> Result<Vec<LotId>, Failure> {
        let day = reading.business_day()?;
        let scheduled = lots_in_stage(reading, Stage::Scheduled, day)?;
        let mut ready: Vec<LotId> = scheduled.iter().map(|lot| lot.id).collect();
        let waiting = lots_in_stage(reading, Stage::AwaitingFunds, day)?;
        let debtors: Vec<AccountId> =
            waiting.iter().map(|lot| lot.debtor).collect::<BTreeSet<_>>().into_iter().collect();
        let accounts = if debtors.is_empty() { Vec::new() } else { reading.accounts(&debtors)? };
        for lot in waiting {
            let account = accounts.iter().find(|account| account.ledger.id == lot.debtor);
            let covered = account.and_then(|account| account.ledger.available()).is_none_or(|left| left >= lot.total);
            let closed = account.is_none_or(|account| account.ledger.state != ledger::AccountState::Open);
            let late = waiting_since(reading, &lot)? < day || self.cut_off_passed(lot.route, day, now);
            if covered || closed || late {
                ready.push(lot.id);
            }
        }
        Ok(ready)
    }

    /// Carries out held lots of one route in one transaction: books the next payments of internal ones, up to a bound of
    /// payments, and hands SEPA ones over to the settlement system. Returns whether there was something to do.
    pub(crate) async fn carry_out(&self, route: Route, ids: Vec<LotId>) -> Result<bool, Failure> {
        let (now, limit) = (self.now(), self.inner.settings.execute_chunk_payments);
        self.inner
            .store
            .write_behind(move |writing| {
                let occasion = Occasion { at: now, actor: EXECUTOR };
                match route {
                    Route::Internal => execute_now(writing, &ids, limit, occasion),
                    Route::Sepa => dispatch_now(writing, &ids, occasion),
                }
            })
            .await
    }

    /// Whether the settlement system has answered for a lot by now.
    pub(crate) async fn has_answer(&self, lot: &Lot, memory: &mut Memory) -> Result<bool, Failure> {
        let (id, now) = (lot.id, self.now());
        let event = self.inner.store.read(move |reading| reading.last_event(id).map_err(Failure::from)).await?;
        let dispatched_at = event.map_or(Timestamp::MIN, |event| event.at);
        if !self.inner.settlement.has_answered(dispatched_at, false, now) {
            return Ok(false);
        }
        let delayed = match memory.delayed.get(&id) {
            Some(delayed) => *delayed,
            None => self.is_delayed(lot).await?,
        };
        memory.delayed.insert(id, delayed);
        Ok(self.inner.settlement.has_answered(dispatched_at, delayed, now))
    }

    /// Books the settlement system's answer for the next payments of a lot.
    pub(crate) async fn settle_chunk(&self, lot: &Lot) -> Result<bool, Failure> {
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
fn execute_now(writing: &mut dyn Writing, ids: &[LotId], limit: u32, occasion: Occasion<'_>) -> Result<bool, Failure> {
    let (mut lots, mut payments, mut room) = (Vec::new(), Vec::new(), limit);
    for lot in held(writing, ids)? {
        if room == 0 {
            break;
        }
        let due = next_due(writing, &lot, room)?;
        room = room.saturating_sub(u32::try_from(due.len()).unwrap_or(u32::MAX));
        lots.push(lot);
        payments.push(due);
    }
    if lots.is_empty() {
        return Ok(false);
    }
    let creditors: Vec<AccountId> = payments.iter().flatten().filter_map(|payment| payment.creditor).collect();
    let mut book = book_of(writing, &lots, &creditors)?;
    for (lot, due) in lots.iter().zip(&payments) {
        let items = due.iter().map(|payment| ExecutionItem {
            ordinal: payment.ordinal,
            minor: payment.minor,
            creditor: payment.creditor,
            line: PaymentRecord::decode(&payment.record).map_or(0, |record| record.line),
        });
        let items: Vec<ExecutionItem> = items.collect();
        apply(writing, &execute_internal(lot, &items, &mut book, occasion)?)?;
    }
    writing.save_book(&book)?;
    Ok(true)
}

/// Hands SEPA lots over to the settlement system.
fn dispatch_now(writing: &mut dyn Writing, ids: &[LotId], occasion: Occasion<'_>) -> Result<bool, Failure> {
    let lots = held(writing, ids)?;
    if lots.is_empty() {
        return Ok(false);
    }
    let mut book = book_of(writing, &lots, &[])?;
    for lot in &lots {
        apply(writing, &dispatch(lot, &mut book, occasion)?)?;
    }
    writing.save_book(&book)?;
    Ok(true)
}

/// Those of these lots that are still held; from here on they stand still.
fn held(writing: &mut dyn Writing, ids: &[LotId]) -> Result<Vec<Lot>, StoreError> {
    let mut held = Vec::with_capacity(ids.len());
    for id in ids {
        held.extend(writing.lot(*id)?.filter(|lot| lot.stage == Stage::Held));
    }
    Ok(held)
}

/// The business day on which a lot began to wait for funds; its execution date, where that is not over yet or it does
/// not wait.
fn waiting_since<R: Reading + ?Sized>(reading: &mut R, lot: &Lot) -> Result<Date, StoreError> {
    if lot.stage != Stage::AwaitingFunds || lot.execution_date >= reading.business_day()? {
        return Ok(lot.execution_date);
    }
    Ok(reading.last_event(lot.id)?.map_or(lot.execution_date, |event| event.business_day))
}

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

/// The book of some lots: their debtors with the use of their limits, and other accounts.
fn book_of(writing: &mut dyn Writing, lots: &[Lot], others: &[AccountId]) -> Result<Book, Failure> {
    let accounts: BTreeSet<AccountId> = lots.iter().map(|lot| lot.debtor).chain(others.iter().copied()).collect();
    let mut dates: BTreeSet<Date> = lots.iter().map(|lot| lot.execution_date).collect();
    dates.insert(writing.business_day()?);
    let accounts: Vec<AccountId> = accounts.into_iter().collect();
    let dates: Vec<Date> = dates.into_iter().collect();
    Ok(writing.book(&accounts, &dates)?)
}

/// Writes what a decision changed, but for the book.
fn apply(writing: &mut dyn Writing, step: &Step) -> Result<(), StoreError> {
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
fn next_due(reading: &mut dyn Writing, lot: &Lot, limit: u32) -> Result<Vec<Due>, Failure> {
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
        tracing::error!(lot = %lot.id, "a lot has no payments left, but is not at its end");
        return Err(Failure::new(Code::InternalError));
    }
    Ok(due)
}
