//! The tests violate each invariant once on purpose, and the check finds it; it reports nothing for sound facts.
use crate::common::*;
use ledger::{Account, AccountId, DailyUse, Growth};
use money::Currency;
use payments::invariants::{DailyUseFact, DayFact, Facts, PaymentFact, VIOLATIONS_MAX, Violation, check};
use payments::{Lot, LotId, MessageId, PaymentId, Stage};
use rulebook::Route;

/// Three payments of 100, 200 and 50: one booked, one refused, one on hold.
fn lot() -> Lot {
    Lot {
        id: lot_id(0),
        block: 0,
        debtor: PAYER,
        route: Route::Sepa,
        execution_date: TODAY,
        first: 0,
        last: 2,
        count: 3,
        total: 350,
        limit_per_payment: Some(200),
        stage: Stage::Dispatched,
        executed_below: 2,
        booked: 100,
        booked_count: 1,
        refused: 200,
        refused_count: 1,
    }
}

fn payment(ordinal: u32) -> PaymentFact {
    let id = PaymentId { message: MESSAGE, ordinal };
    let (minor, debits, refused) = [(100, 1, false), (200, 0, true), (50, 0, false)][ordinal as usize];
    PaymentFact { id, lot: Some(0), minor, debits, debited: -minor * i64::from(debits), refused }
}

fn used(minor: i64, growth: Option<Growth>) -> DailyUse {
    DailyUse { minor, growth }
}

struct Rows {
    payer: Account,
    house: Account,
    lot: Lot,
    used: DailyUseFact,
    payments: Vec<PaymentFact>,
    days: Vec<DayFact>,
    entries: Vec<(AccountId, Currency, i64)>,
    quiescent: bool,
}

impl Rows {
    fn sound() -> Rows {
        let day = |account, date, opening, closing| DayFact { account, date, opening, closing };
        Rows {
            payer: Account { held: 50, ..account(PAYER, 900) },
            house: account(HOUSE, -900),
            lot: lot(),
            used: DailyUseFact { account: PAYER, date: TODAY, used: used(150, Some(Growth { to: 350, limit: 400 })) },
            payments: (0..3).map(payment).collect(),
            days: vec![day(PAYER, TODAY, 0, 900), day(PAYER, TOMORROW, 900, 900), day(HOUSE, TODAY, 0, -900)],
            entries: vec![
                (PAYER, Currency::EUR, 1_000),
                (HOUSE, Currency::EUR, -1_000),
                (PAYER, Currency::EUR, -100),
                (HOUSE, Currency::EUR, 100),
            ],
            quiescent: false,
        }
    }

    fn found(&self) -> Vec<String> {
        let mut facts = Facts::new();
        // Any order does: the rows that others refer to come last.
        self.payments.iter().for_each(|payment| facts.payment(*payment));
        self.days.iter().for_each(|day| facts.day(*day));
        facts.daily_use(self.used);
        facts.lot(&self.lot);
        for &(account, currency, minor) in &self.entries {
            facts.entries(account, currency, TODAY, i128::from(minor));
        }
        facts.account(&self.payer);
        facts.account(&self.house);
        if self.quiescent {
            facts.quiescent();
        }
        check(&facts).iter().map(ToString::to_string).collect()
    }
}

/// What is found after one change.
fn after(change: impl FnOnce(&mut Rows)) -> Vec<String> {
    let mut rows = Rows::sound();
    change(&mut rows);
    rows.found()
}

#[test]
fn sound_facts_are_not_complained_about() {
    assert_eq!(Rows::sound().found(), Vec::<String>::new());
    assert_eq!(after(|rows| rows.payments.clear()), Vec::<String>::new(), "payments may be left out altogether");
    assert_eq!(check(&Facts::new()), []);
}

#[test]
fn a_and_b_balances_and_entries() {
    assert_eq!(
        after(|rows| rows.payer.balance += 1),
        ["a: balances in EUR leave 1", "b: account 1 has balance 901, its entries add up to 900"]
    );
    let mut one_sided = after(|rows| rows.entries.push((HOUSE, Currency::EUR, 5)));
    one_sided.truncate(2);
    assert_eq!(one_sided, ["a: entries in EUR leave 5", "b: account 9 has balance -900, its entries add up to -895"]);
    let dollars = Currency::new("USD").unwrap();
    let other = after(|rows| rows.entries.extend([(PAYER, dollars, 5), (HOUSE, dollars, -5)]));
    assert_eq!(other[0], "b: account 1 has entries in USD, which is not its currency");
    let strange = after(|rows| rows.entries.extend([(OTHER, Currency::EUR, 5), (OTHER, Currency::EUR, -5)]));
    assert_eq!(strange, ["b: account 3 is named but does not exist"]);
}

#[test]
fn c_available_funds_and_limits() {
    let found = after(|rows| {
        rows.payer.held = 901;
        rows.lot.total += 851;
    });
    assert!(found.contains(&"c: account 1 has 900 of which 901 on hold".to_owned()), "{found:#?}");
    let found = after(|rows| rows.used.used = used(150, Some(Growth { to: 350, limit: 349 })));
    assert_eq!(found, ["c: account 1 was let use 350 of its limit 349 of 2026-11-23"], "whatever was refused since");
    let found = after(|rows| rows.lot.limit_per_payment = Some(99));
    assert_eq!(found, ["c: payment 0 of message 77 of 100 was accepted over the limit 99 of one payment"]);
}

/// What was accepted before limits were stored, and what another version of the program let grow since.
#[test]
fn c_a_limit_that_is_not_known_is_not_complained_about() {
    let grown_by_another = Some(Growth { to: 100, limit: 120 });
    for growth in [None, grown_by_another] {
        assert_eq!(after(|rows| rows.used.used = used(150, growth)), Vec::<String>::new());
    }
    assert_eq!(after(|rows| rows.lot.limit_per_payment = None), Vec::<String>::new());
}

#[test]
fn d_holds_and_uses_are_those_of_the_lots() {
    assert_eq!(after(|rows| rows.payer.held = 49), ["d: account 1 has 49 on hold, its lots need 50"]);
    let found = after(|rows| rows.used.used.minor = 140);
    assert_eq!(found, ["d: account 1 uses 140 of its limit of 2026-11-23, its lots take 150"]);
    let found = after(|rows| rows.used.date = TOMORROW);
    assert_eq!(found.len(), 2, "{found:#?}");
    let found = after(|rows| rows.lot.stage = Stage::Completed);
    assert!(found.contains(&"d: stage and sums of lot 0 of message 77 contradict each other".to_owned()), "{found:#?}");
}

#[test]
fn g_each_payment_ends_once() {
    let twice = after(|rows| (rows.payments[0].debits, rows.payments[0].debited) = (2, -200));
    assert_eq!(twice[0], "g: payment 0 of message 77 is booked twice");
    let both = after(|rows| rows.payments[0].refused = true);
    assert_eq!(both, ["g: payment 0 of message 77 is booked and refused"]);
    let other = after(|rows| rows.payments[0].debited = -99);
    assert_eq!(other[0], "g: payment 0 of message 77 of 100 is booked with -99");
    let forgotten = after(|rows| rows.payments[1].refused = false);
    assert_eq!(forgotten, ["g: lot 0 of message 77 counts 1 payments as open, 2 are neither booked nor refused"]);
    let homeless = after(|rows| rows.payments[2].lot = None);
    assert_eq!(homeless[1], "g: payment 2 of message 77 is neither booked nor refused and in no lot");
    let nowhere = after(|rows| rows.payments.push(PaymentFact { lot: Some(9), ..payment(2) }));
    assert_eq!(nowhere, ["g: payment 2 of message 77 is in lot 9, which does not exist"]);
    let unbooked = after(|rows| (rows.payments[0].debits, rows.payments[0].debited) = (0, 0));
    assert_eq!(unbooked[0], "g: lot 0 of message 77 counts 1 payments of 100 as booked, its payments show 0 of 0");
    let open = after(|rows| rows.quiescent = true);
    assert_eq!(open, ["g: lot 0 of message 77 is still Dispatched where all should be finished"]);
}

#[test]
fn h_days_add_up_and_continue() {
    let found = after(|rows| rows.days[0].opening = 1);
    assert_eq!(found, ["h: account 1 on 2026-11-23: opening 1 + entries 900 is not closing 900"]);
    let found = after(|rows| (rows.days[1].opening, rows.days[1].closing) = (800, 800));
    assert_eq!(found, ["h: account 1 opens 2026-11-24 with 800, the day before closed with 900"]);
}

#[test]
fn a_broken_database_does_not_fill_the_memory_with_complaints() {
    let mut facts = Facts::new();
    for ordinal in 0..2_000 {
        let id = PaymentId { message: MessageId(1), ordinal };
        facts.payment(PaymentFact { id, lot: None, minor: 1, debits: 2, debited: -2, refused: false });
        facts.lot(&Lot { id: LotId { message: MessageId(2), number: ordinal }, total: -1, ..lot() });
    }
    let found = check(&facts);
    assert_eq!(found.len(), VIOLATIONS_MAX);
    assert!(matches!(found[0], Violation::BookedTwice { .. }));
}
