//! Money that comes back: the exchange books it to the payer's account once, however often the settlement system announces it.
//!
//! An account that takes no part in payments gets nothing. The return waits with the house, in a row of its own, until the
//! account is open again, and then a chore books it; or until the operator notes that he has paid the money by hand. The row
//! ends once, whichever comes first.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use ledger::{AccountId, Book};
use payments::{Incoming, Lot, LotId, PaymentId, PaymentRecord, return_payment};
use store::{AuditLine, HousePurpose, IncomingCredit, NewWaitingReturn, Reading, ReturnState, StoreError, Writing};
use tokio::time::Instant;

use super::answered::SETTLEMENT;
use super::port::{PaymentReference, ReasonCode};
use crate::background::chore::{Chore, Doing, Round};
use crate::bounds::{RETURNS_BOOKED_AT_A_TIME, RETURNS_LOOKED_EVERY};
use crate::execution::step::{Due, book_of};
use crate::failure::damaged;
use crate::{Exchange, Failure};

/// A settled payment whose money came back.
#[derive(Clone, Copy)]
pub(super) struct Return<'r> {
    pub(super) lot: &'r Lot,
    pub(super) payment: &'r Due,
    pub(super) reason: ReasonCode,
}

impl Return<'_> {
    fn id(&self) -> PaymentId {
        PaymentId { message: self.lot.id.message, ordinal: self.payment.ordinal }
    }
}

/// Books the returns of settled payments of lots, or lets them wait. Known ones stay as they are.
pub(super) fn book_returns(
    writing: &mut dyn Writing,
    returns: &[(PaymentReference, ReasonCode)],
    now: Timestamp,
) -> Result<(), Failure> {
    let references: Vec<PaymentReference> = returns.iter().map(|(reference, _)| *reference).collect();
    let LotReturns { lots, payments, house, mut book } = load(writing, &references)?;
    let returns: Vec<Return<'_>> = returns
        .iter()
        .zip(&payments)
        .map(|((reference, reason), payment)| Return { lot: &lots[&reference.lot], payment, reason: *reason })
        .collect();
    give_back(writing, &returns, (house, &mut book), now)?;
    Ok(writing.save_book(&book)?)
}

/// The same for payments whose lots and book the caller has loaded, and saves.
pub(super) fn give_back(
    writing: &mut dyn Writing,
    returns: &[Return<'_>],
    (house, book): (AccountId, &mut Book),
    now: Timestamp,
) -> Result<(), Failure> {
    if returns.is_empty() {
        return Ok(());
    }
    let known = writing.returns_of(&returns.iter().map(Return::id).collect::<Vec<PaymentId>>())?;
    for returned in returns {
        let (id, Return { lot, payment, reason }) = (returned.id(), *returned);
        if let Some(state) = known.get(&id) {
            tracing::info!(payment = %id, ?state, "the settlement system announces a return once more");
        } else if book.open_account(lot.debtor).is_ok() {
            book_return(writing, lot, payment, reason.as_str(), (house, &mut *book), now)?;
        } else {
            tracing::warn!(payment = %id, "a return waits: the account does not take part in payments");
            let (account, reason) = (lot.debtor, reason.as_str().to_owned());
            let line = line("return.waits", lot, payment, &reason, now);
            if writing.insert_waiting_return(&NewWaitingReturn { payment: id, account, reason, arrived_at: now })? {
                writing.append_audit(&line)?;
            }
        }
    }
    Ok(())
}

/// Books returns of a lot that waited, unless the account does not take part in payments after all. Returns how many.
fn book_waiting(
    writing: &mut dyn Writing,
    id: LotId,
    returns: &[(u32, String)],
    now: Timestamp,
) -> Result<usize, Failure> {
    let references = returns.iter().map(|(ordinal, _)| PaymentReference { lot: id, ordinal: *ordinal });
    let LotReturns { lots, payments, house, mut book } = load(writing, &references.collect::<Vec<_>>())?;
    let Some(lot) = lots.get(&id) else { return Ok(0) };
    if book.open_account(lot.debtor).is_err() {
        return Ok(0);
    }
    let mut booked = 0;
    for (payment, (_, reason)) in payments.iter().zip(returns) {
        let returned = PaymentId { message: id.message, ordinal: payment.ordinal };
        if writing.end_waiting_return(returned, ReturnState::BookedBack)? {
            book_return(writing, lot, payment, reason, (house, &mut book), now)?;
            writing.append_audit(&line("return.booked", lot, payment, reason, now))?;
            booked += 1;
        }
    }
    writing.save_book(&book)?;
    Ok(booked)
}

/// Lots, some of their payments in the order in which they were asked for, and the book in which their money comes back.
struct LotReturns {
    lots: HashMap<LotId, Lot>,
    payments: Vec<Due>,
    house: AccountId,
    book: Book,
}

fn load(writing: &mut dyn Writing, references: &[PaymentReference]) -> Result<LotReturns, Failure> {
    let lots = writing.lots(&references.iter().map(|reference| reference.lot).collect::<Vec<_>>())?;
    let id_of = |reference: &PaymentReference| PaymentId { message: reference.lot.message, ordinal: reference.ordinal };
    let mut payments = HashMap::new();
    writing.payments_of(&references.iter().map(id_of).collect::<Vec<_>>(), &mut |id, payment| {
        payments.insert(id, Due::of(&payment));
        Ok(())
    })?;
    let house = writing.house_account(HousePurpose::Settlement)?;
    let book = book_of(writing, &lots, &[house])?;
    let lots: HashMap<LotId, Lot> = lots.into_iter().map(|lot| (lot.id, lot)).collect();
    let of_reference = |reference: &PaymentReference| {
        let payment = payments.remove(&id_of(reference)).filter(|_| lots.contains_key(&reference.lot));
        payment.ok_or_else(|| StoreError::Corrupt(format!("payment {reference} is gone, and it came back")))
    };
    let payments = references.iter().map(of_reference).collect::<Result<Vec<Due>, StoreError>>()?;
    Ok(LotReturns { lots, payments, house, book })
}

/// Books the money of a payment that came back. A node of an earlier version may have done so.
fn book_return(
    writing: &mut dyn Writing,
    lot: &Lot,
    payment: &Due,
    reason: &str,
    (house, book): (AccountId, &mut Book),
    now: Timestamp,
) -> Result<(), Failure> {
    let id = PaymentId { message: lot.id.message, ordinal: payment.ordinal };
    let record = PaymentRecord::decode(&payment.record).map_err(|error| damaged(&error))?;
    // The rest is known of the payment itself.
    let mut known = Vec::new();
    PaymentRecord { return_reason: reason, ..PaymentRecord::default() }.encode_into(&mut known);
    let inserted = writing.insert_incoming(&IncomingCredit {
        record: Some(known),
        account: lot.debtor,
        minor: payment.minor,
        debtor_name: record.creditor_name.to_owned(),
        debtor_iban: record.creditor_iban.to_owned(),
        end_to_end_id: record.end_to_end_id.to_owned(),
        remittance: record.remittance.to_owned(),
        returned: Some(id),
        arrived_at: now,
    });
    let credit = match inserted {
        Ok(credit) => credit,
        Err(StoreError::Conflict(_)) => {
            tracing::info!(payment = %id, "the money of a payment came back once more and is booked back already");
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    let incoming = Incoming { id: credit, account: lot.debtor, minor: payment.minor };
    let journal = return_payment(lot, payment.ordinal, &incoming, house, book)?;
    Ok(writing.append_entries(&journal)?)
}

fn line(action: &str, lot: &Lot, payment: &Due, reason: &str, now: Timestamp) -> AuditLine {
    let id = PaymentId { message: lot.id.message, ordinal: payment.ordinal };
    let detail = format!("{id} account {} minor units {} reason {reason}", lot.debtor.0, payment.minor);
    AuditLine { at: now, actor: SETTLEMENT.to_owned(), action: action.to_owned(), detail }
}

/// Books returns that waited for an account, once it is open again.
#[derive(Default)]
pub(crate) struct BookReturns {
    looked: Option<Instant>,
}

impl Chore for BookReturns {
    fn name(&self) -> &'static str {
        "book returns"
    }

    fn is_wanted(&self, _: &Round) -> bool {
        self.looked.is_none_or(|looked| looked.elapsed() >= RETURNS_LOOKED_EVERY)
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, round: &'a mut Round) -> Doing<'a> {
        Box::pin(async {
            let more = exchange.book_returns(round).await?;
            self.looked = (!more).then(Instant::now);
            Ok(more)
        })
    }
}

impl Exchange {
    /// Books some returns, a transaction for each lot. Returns whether it booked any, so that there may be more.
    async fn book_returns(&self, round: &mut Round) -> Result<bool, Failure> {
        let read = |reading: &mut dyn Reading| Ok::<_, Failure>(reading.bookable_returns(RETURNS_BOOKED_AT_A_TIME)?);
        let mut lots: BTreeMap<LotId, Vec<(u32, String)>> = BTreeMap::new();
        for waiting in self.inner.store.read(read).await? {
            lots.entry(waiting.lot()).or_default().push((waiting.payment.ordinal, waiting.reason));
        }
        let (mut more, now) = (false, self.now());
        for (lot, returns) in lots {
            if !round.leaves_alone(lot, now) {
                let book = move |writing: &mut dyn Writing| book_waiting(writing, lot, &returns, now);
                let booked = self.inner.store.write_behind(book).await;
                more |= round.unless_failed(lot, booked.map(|booked| booked > 0), now);
            }
        }
        Ok(more)
    }
}
