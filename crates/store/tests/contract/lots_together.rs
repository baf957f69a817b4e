//! Calls for many lots at once give and do what calls for one lot each do.

use jiff::ToSpan;
use ledger::EntrySource;
use payments::{Event, Lot, LotId, MessageId, Refusal, RefusalStage, Stage};
use store::{AccountDay, EntryRange, LotRange, PaymentRow, Store, StoreError};

use crate::support::*;

/// Draws (SplitMix64).
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        u32::try_from((mixed ^ (mixed >> 31)) % bound).unwrap()
    }
}

fn event(lot: LotId, stage: Stage, second: i64) -> Event {
    Event { lot, stage, at: at(second), business_day: MONDAY, actor: "executor".to_owned(), reason: None }
}

pub fn many_lots_are_found_as_each_is(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let messages = [1, 2].map(|number| treasury.receive(&store, number));
    let lots: Vec<Lot> = messages
        .iter()
        .flat_map(|message| (0..3).map(|number| treasury.lot(*message, number, number * 10, number * 10 + 9)))
        .collect();
    let stored = lots.clone();
    write(&store, move |tx| {
        tx.insert_lots(&stored)?;
        tx.append_events(&stored.iter().map(|lot| event(lot.id, Stage::Scheduled, 1)).collect::<Vec<_>>())?;
        // The last of the second lot of each message is another one, and one lot has none at all.
        tx.append_events(&messages.map(|message| event(LotId { message, number: 1 }, Stage::Held, 2)))
    });
    let unknown = LotId { message: messages[1], number: 7 };
    let asked = [lots[4].id, unknown, lots[0].id, lots[1].id, lots[4].id];
    let one_by_one = |ids: [LotId; 3]| read(&store, |it| ids.into_iter().map(|id| it.lot(id)).collect());
    let expected: Vec<Option<Lot>> = one_by_one([lots[0].id, lots[1].id, lots[4].id]);
    let expected: Vec<Lot> = expected.into_iter().flatten().collect();
    assert_eq!(read(&store, |snapshot| snapshot.lots(&asked)), expected);
    assert_eq!(write(&store, move |tx| tx.lots(&asked)), expected, "and in a transaction, which locks them");
    assert_eq!(read(&store, |snapshot| snapshot.lots(&[])), []);
    let newest = read(&store, |snapshot| snapshot.last_events(&asked));
    let stages: Vec<(LotId, Stage)> = newest.iter().map(|event| (event.lot, event.stage)).collect();
    assert_eq!(stages, [(lots[0].id, Stage::Scheduled), (lots[1].id, Stage::Held), (lots[4].id, Stage::Held)]);
    assert_eq!(read(&store, |snapshot| snapshot.last_events(&[unknown])), []);
}

/// More than is read in one page.
const PAYMENTS: u32 = 5_000;

fn stage(store: &Store, treasury: Treasury, message: MessageId, lots: u32) {
    write(store, move |tx| {
        tx.stage_blocks(message, treasury.client, &[treasury.block(message, 0, 0, PAYMENTS)])?;
        let payment = |ordinal: u32| PaymentRow {
            ordinal,
            block: 0,
            lot: (ordinal % 7 != 6).then_some(ordinal % lots),
            minor: 100 + i64::from(ordinal),
            creditor: None,
            record: b"record",
        };
        tx.stage_payments(message, &(0..PAYMENTS).map(payment).collect::<Vec<_>>())
    });
}

pub fn ranges_are_read_as_each_is(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let mut draws = Draws(12);
    let messages = [(1, 1), (2, 3), (3, 50)].map(|(number, lots)| (treasury.receive(&store, number), lots));
    for (message, lots) in messages {
        stage(&store, treasury, message, lots);
        let mut refusals = Vec::new();
        for _ in 0..60 {
            let first = draws.below(u64::from(PAYMENTS));
            let last = if draws.below(3) == 0 { first + draws.below(300) } else { first };
            let lot = (draws.below(2) == 0).then(|| draws.below(u64::from(lots)));
            let (code, detail, stage) = ("TDAM-2101".to_owned(), String::new(), RefusalStage::Execution);
            refusals.push(Refusal { message, first, last, lot, count: 1, code, detail, line: 1, stage });
        }
        write(&store, move |tx| tx.insert_refusals(&refusals));
    }
    for _ in 0..20 {
        let mut ranges: Vec<LotRange> = Vec::new();
        for (message, lots) in messages {
            for number in 0..lots {
                if draws.below(4) == 0 {
                    continue;
                }
                let first = draws.below(u64::from(PAYMENTS));
                let limit = if draws.below(2) == 0 { draws.below(5) } else { PAYMENTS };
                let last = first + draws.below(u64::from(PAYMENTS));
                ranges.push(LotRange { lot: LotId { message, number }, first, last, limit });
            }
        }
        ranges.sort_by_key(|range| (range.limit, range.lot));
        let (mut together, mut alone) = (Vec::new(), Vec::new());
        read(&store, |snapshot| {
            snapshot.payments_in(&ranges, &mut |lot, payment| {
                assert_eq!(payment.record, b"record");
                together.push((lot, payment.ordinal, payment.minor));
                Ok(())
            })
        });
        let mut refused = Vec::new();
        read(&store, |snapshot| {
            for range in &ranges {
                let LotId { message, number } = range.lot;
                snapshot.payments(message, Some(number), range.first, range.limit, &mut |payment| {
                    if payment.ordinal <= range.last {
                        alone.push((range.lot, payment.ordinal, payment.minor));
                    }
                    Ok(())
                })?;
                let found = snapshot.refusals_between(message, range.first, range.last)?;
                refused.extend(found.into_iter().map(|refusal| (range.lot, refusal)));
            }
            Ok(())
        });
        assert_eq!(together, alone, "{ranges:?}");
        assert_eq!(read(&store, |snapshot| snapshot.refusals_in(&ranges)), refused, "{ranges:?}");
    }
}

pub fn lots_are_written_together_or_none_is(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let message = treasury.receive(&store, 1);
    let lots = [0, 1, 2].map(|number| treasury.lot(message, number, number, number));
    let moved = |stage| lots.clone().map(|lot| Lot { stage, executed_below: lot.first + 1, ..lot });
    let update = |lots: Vec<Lot>| store.write_blocking(move |tx| tx.update_lots(&lots.iter().collect::<Vec<&Lot>>()));
    let stored = lots.clone();
    write(&store, move |tx| tx.insert_lots(&stored));
    assert_eq!(update(moved(Stage::Held).to_vec()), Ok(()));
    assert_eq!(read(&store, |snapshot| snapshot.lots_of(message)), moved(Stage::Held));
    assert_eq!(update(Vec::new()), Ok(()));

    let [first, second, third] = moved(Stage::Dispatched);
    let back = Lot { stage: Stage::Scheduled, ..second.clone() };
    assert!(matches!(update(vec![first.clone(), back, third.clone()]), Err(StoreError::Refused(_))));
    let unknown = Lot { id: LotId { message, number: 9 }, ..second };
    assert!(matches!(update(vec![first, third, unknown]), Err(StoreError::Missing(_))));
    assert_eq!(read(&store, |snapshot| snapshot.lots_of(message)), moved(Stage::Held), "nothing of either happened");
}

pub fn journals_are_booked_together_as_one_after_another(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let tuesday = MONDAY.checked_add(1.day()).unwrap();
    let journals = [
        transfer(treasury.settlement, treasury.payer, 1, EntrySource::Opening, tuesday),
        transfer(treasury.payer, treasury.payee, 2, EntrySource::Opening, MONDAY),
        transfer(treasury.settlement, treasury.payer, 4, EntrySource::Opening, MONDAY),
    ];
    let booked = journals.clone();
    write(&store, move |tx| tx.append_journals(&booked.iter().collect::<Vec<_>>()));
    write(&store, move |tx| tx.append_entries(&journals[1]));
    let of_payer = EntryRange {
        account: treasury.payer,
        from: MONDAY,
        to: tuesday,
        last_sequence: i64::MAX,
        after: None,
        credits_only: None,
        limit: 100,
    };
    let mut entries = Vec::new();
    read(&store, |snapshot| {
        snapshot.entries(&of_payer, &mut |entry| {
            entries.push((entry.booking_date, entry.sequence, entry.minor));
            Ok(())
        })
    });
    assert_eq!(entries, [(MONDAY, 3, -2), (MONDAY, 6, 4), (MONDAY, 7, -2), (tuesday, 2, 1)]);
    let days = read(&store, |snapshot| snapshot.account_days(treasury.payer, MONDAY, tuesday));
    let day =
        |date, credit, credit_count, debit, debit_count| AccountDay { date, credit, credit_count, debit, debit_count };
    assert_eq!(days, [day(MONDAY, 4, 1, 4, 2), day(tuesday, 1, 1, 0, 0)]);
    assert_eq!(read(&store, |snapshot| snapshot.last_sequence()), 8);
}
