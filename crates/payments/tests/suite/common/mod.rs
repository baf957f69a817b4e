//! A small treasury for the tests: two customers, the house, and short notations for messages.
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{Account, AccountId, AccountRole, AccountState, Book, Limits};
use money::Currency;
use payments::{
    Acceptance, Admission, AdmissionRequest, Lot, LotId, MessageId, NewLot, NewPayment, Occasion, Stage, admit,
};
use rulebook::Route;

pub(crate) const TODAY: Date = Date::constant(2026, 11, 23);
pub(crate) const TOMORROW: Date = Date::constant(2026, 11, 24);
pub(crate) const PAYER: AccountId = AccountId(1);
pub(crate) const PAYEE: AccountId = AccountId(2);
pub(crate) const OTHER: AccountId = AccountId(3);
pub(crate) const HOUSE: AccountId = AccountId(9);
pub(crate) const MESSAGE: MessageId = MessageId(77);

pub(crate) const BY: Occasion<'static> = Occasion { at: Timestamp::UNIX_EPOCH, actor: "executor" };

pub(crate) fn account(id: AccountId, balance: i64) -> Account {
    Account {
        id,
        currency: Currency::EUR,
        role: if id == HOUSE { AccountRole::House } else { AccountRole::Customer },
        state: AccountState::Open,
        balance,
        held: 0,
        limits: Limits::default(),
    }
}

pub(crate) fn limited(id: AccountId, balance: i64, per_payment: Option<i64>, per_day: Option<i64>) -> Account {
    Account { limits: Limits { per_payment, per_day }, ..account(id, balance) }
}

pub(crate) fn in_state(id: AccountId, balance: i64, state: AccountState) -> Account {
    Account { state, ..account(id, balance) }
}

/// The same accounts with the payer replaced.
pub(crate) fn book_with(payer: Account) -> Book {
    Book::new(TODAY, vec![payer, account(PAYEE, 0), account(OTHER, 0), account(HOUSE, 0)], Vec::new())
}

/// The book with one account in another state, everything else as it is.
pub(crate) fn with_state(book: &Book, id: AccountId, state: AccountState) -> Book {
    let change =
        |account: &Account| if account.id == id { Account { state, ..account.clone() } } else { account.clone() };
    Book::new(book.business_day, book.accounts().map(change).collect(), book.daily_use().collect())
}

/// The book on another business day.
pub(crate) fn on(book: &Book, day: Date) -> Book {
    Book::new(day, book.accounts().cloned().collect(), book.daily_use().collect())
}

pub(crate) fn draft(debtor: AccountId, route: Route, execution_date: Date) -> NewLot {
    NewLot { block: 0, debtor, route, execution_date }
}

/// Payments in file order, as (lot, minor).
pub(crate) fn payments(of: &[(u32, i64)]) -> Vec<NewPayment> {
    (0..).zip(of).map(|(ordinal, &(lot, minor))| NewPayment { ordinal, lot, minor, line: 10 + ordinal }).collect()
}

pub(crate) fn send(acceptance: Acceptance, lots: &[NewLot], payments: &[NewPayment], book: &mut Book) -> Admission {
    let request = AdmissionRequest { message: MESSAGE, acceptance, lots, payments, occasion: BY };
    admit(&request, book).unwrap()
}

/// A lot of payments of these amounts, accepted and held in the book.
pub(crate) fn held(route: Route, minors: &[i64], book: &mut Book) -> Lot {
    let payments = payments(&minors.iter().map(|&minor| (0, minor)).collect::<Vec<_>>());
    let mut admission = send(Acceptance::AllOrNothing, &[draft(PAYER, route, TODAY)], &payments, book);
    assert_eq!(admission.refusals, []);
    let lot = admission.lots.remove(0);
    assert_eq!(lot.stage, Stage::Held);
    lot
}

/// Refusals as (first, last, count, code).
pub(crate) fn refused(refusals: &[payments::Refusal]) -> Vec<(u32, u32, u32, &str)> {
    refusals.iter().map(|it| (it.first, it.last, it.count, it.code.as_str())).collect()
}

pub(crate) fn lot_id(number: u32) -> LotId {
    LotId { message: MESSAGE, number }
}

pub(crate) fn balance(book: &Book, id: AccountId) -> (i64, i64) {
    let account = book.account(id).unwrap();
    (account.balance, account.held)
}
