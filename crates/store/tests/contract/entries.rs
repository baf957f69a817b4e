//! Entries: sequences, pages, days and their totals, causes.

use jiff::ToSpan;
use jiff::civil::Date;
use ledger::{AccountId, AccountState, Entry, EntryKind, EntrySource, Journal};
use money::Currency;
use payments::PaymentId;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::{
    AccountDay, EntryCause, EntryRange, IncomingCredit, NewWaitingReturn, PaymentRow, ReturnState, Store, StoreError,
    WaitingReturn,
};

use crate::support::*;

fn all_of(account: AccountId) -> EntryRange {
    EntryRange {
        account,
        from: MONDAY,
        to: MONDAY.checked_add(30.days()).unwrap(),
        last_sequence: i64::MAX,
        after: None,
        credits_only: None,
        limit: 1000,
    }
}

/// (sequence, date, amount)
fn list(store: &Store, range: EntryRange) -> Vec<(i64, Date, i64)> {
    let mut found = Vec::new();
    let given = read(store, |snapshot| {
        snapshot.entries(&range, &mut |entry| {
            found.push((entry.sequence, entry.booking_date, entry.minor));
            Ok(())
        })
    });
    assert_eq!(given as usize, found.len());
    found
}

fn book(store: &Store, from: AccountId, to: AccountId, minor: i64, on: Date) {
    write(store, move |tx| tx.append_entries(&transfer(from, to, minor, EntrySource::Opening, on)));
}

pub fn sequences_grow_without_gaps(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    assert_eq!(read(&store, |snapshot| snapshot.last_sequence()), 0);
    for minor in 1..=3 {
        book(&store, treasury.settlement, treasury.payer, minor, MONDAY);
    }
    assert_eq!(read(&store, |snapshot| snapshot.last_sequence()), 6);
    assert_eq!(list(&store, all_of(treasury.payer)), [(2, MONDAY, 1), (4, MONDAY, 2), (6, MONDAY, 3)]);
    assert_eq!(list(&store, all_of(treasury.settlement)), [(1, MONDAY, -1), (3, MONDAY, -2), (5, MONDAY, -3)]);
}

pub fn days_add_up(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let thursday = MONDAY.checked_add(3.days()).unwrap();
    book(&store, treasury.settlement, treasury.payer, 500, MONDAY);
    book(&store, treasury.settlement, treasury.payer, 250, MONDAY);
    book(&store, treasury.payer, treasury.payee, 100, MONDAY);
    book(&store, treasury.payer, treasury.payee, 40, thursday);
    let (days, before, none) = read(&store, |snapshot| {
        Ok((
            snapshot.account_days(treasury.payer, MONDAY, thursday)?,
            [
                snapshot.balance_before(treasury.payer, MONDAY)?,
                snapshot.balance_before(treasury.payer, thursday)?,
                snapshot.balance_before(treasury.payer, thursday.checked_add(1.day()).unwrap())?,
            ],
            snapshot.account_days(treasury.payer, MONDAY.checked_add(1.day()).unwrap(), MONDAY)?,
        ))
    });
    let monday = AccountDay { date: MONDAY, credit: 750, credit_count: 2, debit: 100, debit_count: 1 };
    let last = AccountDay { date: thursday, credit: 0, credit_count: 0, debit: 40, debit_count: 1 };
    assert_eq!(days, [monday, last]);
    assert_eq!(before, [0, 650, 610]);
    assert_eq!(none, []);
}

pub fn pages_cover_a_period_exactly_once(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    // Entries of later transactions may carry earlier days; the account's own order is (day, sequence).
    for (place, offset) in [4, 0, 2, 0, 4, 3, 0, 1, 2].into_iter().enumerate() {
        let on = MONDAY.checked_add(offset.days()).unwrap();
        let minor = place as i64 + 1;
        let (from, to) = (treasury.settlement, treasury.payer);
        let (from, to) = if place % 3 == 0 { (to, from) } else { (from, to) };
        book(&store, from, to, minor, on);
    }
    let everything = list(&store, all_of(treasury.payer));
    assert_eq!(everything.len(), 9);
    assert!(everything.is_sorted_by_key(|&(sequence, date, _)| (date, sequence)));

    let mut runner = TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
    let ranges = (0..6_i64, 0..6_i64, 0..20_i64, 1..5_u32, prop::option::of(any::<bool>()));
    runner
        .run(&ranges, |(from, to, last_sequence, limit, credits_only)| {
            let day = |offset: i64| MONDAY.checked_add(offset.days()).unwrap();
            let (from, to) = (day(from), day(to));
            let expected: Vec<_> = everything
                .iter()
                .copied()
                .filter(|&(sequence, date, minor)| {
                    from <= date
                        && date <= to
                        && sequence <= last_sequence
                        && credits_only.is_none_or(|credits| credits == (minor > 0))
                })
                .collect();
            let mut found: Vec<(i64, Date, i64)> = Vec::new();
            loop {
                let after = found.last().map(|&(sequence, date, _)| (date, sequence));
                let range = EntryRange { account: treasury.payer, from, to, last_sequence, after, credits_only, limit };
                let page = list(&store, range);
                prop_assert!(page.len() <= limit as usize);
                if page.is_empty() {
                    break;
                }
                found.extend(page);
            }
            prop_assert_eq!(found, expected);
            Ok(())
        })
        .unwrap();
}

pub fn causes_are_told(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let message = treasury.receive(&store, 1);
    let credit = IncomingCredit {
        account: treasury.payer,
        minor: 900,
        debtor_name: "Ārējs maksātājs".to_owned(),
        debtor_iban: "LV97HABA0012345678910".to_owned(),
        end_to_end_id: "E2E-9".to_owned(),
        remittance: "Nodeva".to_owned(),
        record: Some(b"known".to_vec()),
        returned: Some(PaymentId { message, ordinal: 1 }),
        arrived_at: at(50),
    };
    let incoming = credit.clone();
    write(&store, move |tx| {
        tx.stage_blocks(message, treasury.client, &[0, 1].map(|number| treasury.block(message, number, number, 1)))?;
        let row =
            |ordinal| PaymentRow { ordinal, block: ordinal, lot: Some(0), minor: 5, creditor: None, record: b"r" };
        tx.stage_payments(message, &[0, 1].map(row))?;
        tx.insert_message(&treasury.message(message, "MSG-1", 1))?;
        let id = tx.insert_incoming(&incoming)?;
        let payment = |ordinal| EntrySource::Payment { message: message.0, ordinal };
        let entry = |account, minor, source| Entry {
            account,
            minor,
            kind: EntryKind::SepaTransfer,
            source,
            counter_account: None,
        };
        tx.append_entries(&Journal {
            booking_date: MONDAY,
            value_date: MONDAY.checked_add(1.day()).unwrap(),
            currency: Currency::EUR,
            entries: vec![
                entry(treasury.payer, -5, payment(0)),
                entry(treasury.payer, -5, payment(1)),
                entry(treasury.payer, 900, EntrySource::Incoming { id }),
                entry(treasury.settlement, -890, EntrySource::Lot { message: message.0, lot: 7, first: 0 }),
            ],
        })
    });
    let mut told = Vec::new();
    read(&store, |snapshot| {
        snapshot.entries(&all_of(treasury.payer), &mut |entry| {
            assert_eq!(entry.value_date, MONDAY.checked_add(1.day()).unwrap());
            assert_eq!(entry.kind, EntryKind::SepaTransfer);
            told.push(match entry.cause {
                EntryCause::Payment { message_id, payment_information_id, debtor_name, debtor_iban, record } => {
                    assert_eq!((debtor_name, debtor_iban), ("Jelgavas pašvaldība", "LV10TREL0000000000001"));
                    assert_eq!((message_id, record), ("MSG-1", &b"r"[..]));
                    payment_information_id.to_owned()
                }
                EntryCause::Incoming { credit: found, original } => {
                    assert_eq!(found, &credit);
                    let original = original.unwrap();
                    assert_eq!((original.message_id, original.record), ("MSG-1", &b"r"[..]));
                    assert_eq!(original.payment_information_id, format!("PMT-{}-1", message.0));
                    "incoming".to_owned()
                }
                EntryCause::None => "none".to_owned(),
            });
            Ok(())
        })
    });
    assert_eq!(told, [format!("PMT-{}-0", message.0), format!("PMT-{}-1", message.0), "incoming".to_owned()]);
    read(&store, |snapshot| {
        snapshot.entries(&all_of(treasury.settlement), &mut |entry| {
            assert_eq!(entry.source, EntrySource::Lot { message: message.0, lot: 7, first: 0 });
            assert!(matches!(entry.cause, EntryCause::None));
            Ok(())
        })
    });
}

pub fn a_payment_comes_back_once(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let message = treasury.receive(&store, 1);
    let arrive = |returned: Option<PaymentId>| {
        let credit = IncomingCredit {
            account: treasury.payer,
            minor: 900,
            debtor_name: "Ārējs maksātājs".to_owned(),
            debtor_iban: "LV97HABA0012345678910".to_owned(),
            end_to_end_id: "E2E-9".to_owned(),
            remittance: "Nodeva".to_owned(),
            record: None,
            returned,
            arrived_at: at(50),
        };
        store.write_blocking(move |tx| tx.insert_incoming(&credit))
    };
    let payment = |ordinal| Some(PaymentId { message, ordinal });
    assert!(arrive(payment(1)).is_ok() && arrive(payment(2)).is_ok());
    assert!(matches!(arrive(payment(1)), Err(StoreError::Conflict(_))));
    // Other credits are as like each other as they want.
    assert!(arrive(None).is_ok() && arrive(None).is_ok());
}

pub fn a_return_waits_and_ends_once(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let message = treasury.receive(&store, 1);
    let payment = move |ordinal| PaymentId { message, ordinal };
    write(&store, move |tx| {
        tx.stage_blocks(message, treasury.client, &[treasury.block(message, 0, 0, 4)])?;
        tx.insert_lots(&[treasury.lot(message, 0, 0, 3)])?;
        let row = |ordinal| PaymentRow { ordinal, block: 0, lot: Some(0), minor: 5, creditor: None, record: b"r" };
        tx.stage_payments(message, &[0, 1, 2, 3].map(row))?;
        for ordinal in 0..3 {
            let (account, reason) = (treasury.payer, "AC04".to_owned());
            let waiting = NewWaitingReturn { payment: payment(ordinal), account, reason, arrived_at: at(60) };
            assert!(tx.insert_waiting_return(&waiting)?);
            assert!(!tx.insert_waiting_return(&waiting)?, "it waits already");
        }
        Ok(())
    });
    let waiting = read(&store, |snapshot| snapshot.waiting_returns(10));
    let of_first = WaitingReturn {
        payment: payment(0),
        lot: 0,
        iban: "LV10TREL0000000000001".to_owned(),
        minor: 5,
        currency: Currency::EUR,
        reason: "AC04".to_owned(),
        arrived_at: at(60),
    };
    assert_eq!((waiting.len(), &waiting[0]), (3, &of_first));
    assert_eq!(read(&store, |snapshot| snapshot.waiting_returns(2)).len(), 2);
    assert_eq!(read(&store, |snapshot| snapshot.bookable_returns(10)), waiting, "the account is open");
    let set_state = |state| {
        write(&store, move |tx| {
            let mut account = tx.accounts(&[treasury.payer])?.remove(0).ledger;
            account.state = state;
            tx.update_account(&account)
        });
    };
    set_state(AccountState::Blocked);
    assert_eq!(read(&store, |snapshot| snapshot.bookable_returns(10)), []);
    set_state(AccountState::Open);
    write(&store, move |tx| {
        assert!(tx.end_waiting_return(payment(1), ReturnState::PaidByHand)?);
        assert!(tx.end_waiting_return(payment(2), ReturnState::BookedBack)?);
        assert!(!tx.end_waiting_return(payment(2), ReturnState::PaidByHand)?, "it has ended");
        assert!(!tx.end_waiting_return(payment(3), ReturnState::PaidByHand)?, "it never waited");
        Ok(())
    });
    drop(store);
    let store = open();
    let states = read(&store, |snapshot| snapshot.returns_of(&[0, 1, 2, 3].map(payment)));
    let ended = [ReturnState::Waiting, ReturnState::PaidByHand, ReturnState::BookedBack];
    assert_eq!(states, (0..).map(payment).zip(ended).collect());
    assert_eq!(read(&store, |snapshot| snapshot.bookable_returns(10)).len(), 1);
    assert_eq!(read(&store, |snapshot| snapshot.gauges()).returns_waiting, 1);
}

pub fn an_unbalanced_journal_is_refused(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let result = store.write_blocking(move |tx| {
        let mut journal = transfer(treasury.settlement, treasury.payer, 100, EntrySource::Opening, MONDAY);
        journal.entries[0].minor = -99;
        tx.append_entries(&journal)
    });
    assert!(matches!(result, Err(StoreError::Refused(_))), "{result:?}");
    assert_eq!(read(&store, |snapshot| snapshot.last_sequence()), 0);
}

pub fn another_currency_is_refused(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let result = store.write_blocking(move |tx| {
        let journal = transfer(treasury.settlement, treasury.payer, 100, EntrySource::Opening, MONDAY);
        tx.append_entries(&Journal { currency: Currency::new("USD").unwrap(), ..journal })
    });
    assert!(matches!(result, Err(StoreError::Refused(_))), "{result:?}");
}
