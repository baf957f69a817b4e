//! Payments that another system settles, and money that comes from it.
//!
//! The exchange hands a SEPA lot over and keeps its hold until the settlement system answers; it books only settled
//! payments. So a rejected payment never shows as an entry. Money that comes back later is a new credit, never a change
//! of status.

use ledger::{AccountId, AccountRole, Book, BookError, CreditId, Entry, EntryKind, EntrySource, Journal};
use rulebook::Route;

use crate::decision::cannot_pay;
use crate::progress::Progress;
use crate::{DecisionError, Lot, Occasion, RefusalStage, Stage, Step};

/// A payment that the settlement system has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettlementItem {
    /// Its place in the message, from 0.
    pub ordinal: u32,
    /// Minor units.
    pub minor: i64,
    /// Line of the file where it begins; 0 when unknown.
    pub line: u32,
}

/// A payment that the settlement system rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejection<'a> {
    /// The payment's place in the message, from 0.
    pub ordinal: u32,
    /// Catalogue code, `TDAM-7001`.
    pub code: &'a str,
    /// What the other side wrote, shortened; may be empty.
    pub detail: &'a str,
}

/// A credit from outside: another bank's payment, or the returned money of one of our payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// Its id in the store.
    pub id: CreditId,
    /// The account it is for.
    pub account: AccountId,
    /// Minor units, positive.
    pub minor: i64,
}

/// Hands a held SEPA lot to the settlement system. The hold stays, nothing is booked.
///
/// A payer that was blocked or closed after acceptance refuses the lot. The book needs the payer, with the use of
/// its limit on the lot's execution date.
///
/// # Errors
/// When the lot is not a held SEPA lot; the book is unchanged then.
pub fn dispatch(lot: &Lot, book: &mut Book, occasion: Occasion<'_>) -> Result<Step, DecisionError> {
    if lot.stage != Stage::Held {
        return Err(DecisionError::WrongStage { lot: lot.id, stage: lot.stage });
    }
    if lot.route != Route::Sepa {
        return Err(DecisionError::WrongRoute { lot: lot.id, route: lot.route });
    }
    match cannot_pay(lot.debtor, book) {
        Some(code) => Step::refuse_rest(lot, code, RefusalStage::Execution, book, occasion),
        None => Ok(Step::to_stage(lot, Stage::Dispatched, None, book.business_day, occasion)),
    }
}

/// Books the settlement system's answer for the next payments of a dispatched lot: `items` are those that follow
/// [`Lot::executed_below`] in file order, all settled but the `rejections` (ascending; those of later payments of
/// the lot may be among them already). An answer for later payments waits until the earlier ones have theirs.
///
/// `house` is the house's account at the settlement system; it gets one entry for the whole chunk. The payer's state
/// does not matter: what settled, settled.
///
/// # Errors
/// When the lot is not dispatched, or the items are not the ones that follow; the book is unchanged then.
pub fn settle(
    lot: &Lot,
    items: &[SettlementItem],
    rejections: &[Rejection<'_>],
    house: AccountId,
    book: &mut Book,
    occasion: Occasion<'_>,
) -> Result<Step, DecisionError> {
    let mut progress = Progress::new(lot, Stage::Dispatched, Route::Sepa, RefusalStage::Settlement, items.len())?;
    house_account(house, book)?;
    let end = items.last().map_or(0, |item| item.ordinal);
    let start = rejections.partition_point(|rejection| rejection.ordinal < lot.executed_below);
    let mut rejections = rejections[start..].iter().take_while(|rejection| rejection.ordinal <= end).peekable();
    let mut first = None;
    for item in items {
        progress.advance(item.ordinal, item.minor)?;
        let rejection = rejections.next_if(|rejection| rejection.ordinal <= item.ordinal);
        match rejection {
            Some(rejection) if rejection.ordinal == item.ordinal => {
                let (code, detail) = (rejection.code.to_owned(), rejection.detail.to_owned());
                progress.refused(item.ordinal, item.minor, item.line, code, detail);
            }
            Some(rejection) => return Err(DecisionError::RejectionUnknown { ordinal: rejection.ordinal }),
            None => {
                first.get_or_insert(item.ordinal);
                progress.booked(item.minor, [debit(lot, item)]);
            }
        }
    }
    if let Some(first) = first {
        progress.entry(Entry {
            account: house,
            minor: progress.booked_now(),
            kind: EntryKind::SepaTransfer,
            source: EntrySource::Lot { message: lot.id.message.0, lot: lot.id.number, first },
            counter_account: None,
        });
    }
    progress.finish(book, occasion)
}

/// Credits the money of a settled payment that came back: a new entry, which names the payment through the incoming
/// credit. The payment's status stays; what its day's limit was used for stays used.
///
/// The store, which knows the incoming credits, makes sure that a payment comes back at most once.
///
/// # Errors When the payment cannot have settled, or the account does not take part in payments any more (the money
/// then stays with the house until the operator decides); the book is unchanged then.
pub fn return_payment(
    lot: &Lot,
    ordinal: u32,
    incoming: &Incoming,
    house: AccountId,
    book: &mut Book,
) -> Result<Journal, DecisionError> {
    let may_have_settled = ordinal >= lot.first && ordinal < lot.executed_below && incoming.minor <= lot.booked;
    if lot.route != Route::Sepa || !may_have_settled {
        return Err(DecisionError::NotSettled { ordinal });
    }
    if incoming.account != lot.debtor {
        return Err(DecisionError::NotInLot { ordinal });
    }
    credit(incoming, EntryKind::Return, house, book)
}

/// Credits a payment from outside.
///
/// # Errors
/// When the account does not take part in payments; the book is unchanged then.
pub fn incoming_credit(incoming: &Incoming, house: AccountId, book: &mut Book) -> Result<Journal, DecisionError> {
    credit(incoming, EntryKind::SepaTransfer, house, book)
}

fn credit(incoming: &Incoming, kind: EntryKind, house: AccountId, book: &mut Book) -> Result<Journal, DecisionError> {
    house_account(house, book)?;
    let account = book.open_account(incoming.account)?;
    if incoming.minor <= 0 {
        return Err(BookError::NegativeAmount(incoming.account).into());
    }
    let source = EntrySource::Incoming { id: incoming.id };
    let side = |account, minor| Entry { account, minor, kind, source, counter_account: None };
    let journal = Journal {
        booking_date: book.business_day,
        value_date: book.business_day,
        currency: account.currency,
        entries: vec![side(house, -incoming.minor), side(incoming.account, incoming.minor)],
    };
    book.book(&journal)?;
    Ok(journal)
}

fn debit(lot: &Lot, item: &SettlementItem) -> Entry {
    Entry {
        account: lot.debtor,
        minor: -item.minor,
        kind: EntryKind::SepaTransfer,
        source: EntrySource::Payment { message: lot.id.message.0, ordinal: item.ordinal },
        counter_account: None,
    }
}

fn house_account(house: AccountId, book: &Book) -> Result<(), DecisionError> {
    match book.account(house) {
        Some(account) if account.role == AccountRole::House => Ok(()),
        Some(_) => Err(DecisionError::NotTheHouse(house)),
        None => Err(BookError::UnknownAccount(house).into()),
    }
}
