//! Lots, their stages and events, refusals.

use jiff::ToSpan;
use payments::{Event, Lot, LotId, MessageId, Refusal, RefusalStage, Stage};
use store::StoreError;

use crate::support::*;

fn event(lot: LotId, stage: Stage, second: i64, reason: Option<&str>) -> Event {
    Event {
        lot,
        stage,
        at: at(second),
        business_day: MONDAY,
        actor: "executor".to_owned(),
        reason: reason.map(str::to_owned),
    }
}

pub fn lots_and_events_read_back(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let message = treasury.receive(&store, 1);
    let lots = [treasury.lot(message, 0, 0, 4), treasury.lot(message, 1, 5, 9)];
    let events = [0, 1, 0].map(|number| event(LotId { message, number }, Stage::Scheduled, i64::from(number), None));
    let refused = event(lots[0].id, Stage::Refused, 9, Some("TDAM-4004"));
    let (to_store, of_lots, last) = (lots.clone(), events.clone(), refused.clone());
    write(&store, move |tx| {
        tx.insert_lots(&to_store)?;
        tx.append_events(&of_lots)?;
        tx.append_events(std::slice::from_ref(&last))
    });
    let (all, second, story, newest, none) = read(&store, |snapshot| {
        Ok((
            snapshot.lots_of(message)?,
            snapshot.lot(lots[1].id)?,
            snapshot.events_of(message)?,
            snapshot.last_event(lots[0].id)?,
            snapshot.lot(LotId { message, number: 2 })?,
        ))
    });
    assert_eq!(all, lots);
    assert_eq!(second.as_ref(), Some(&lots[1]));
    assert_eq!(story, [&events[..], std::slice::from_ref(&refused)].concat());
    assert_eq!(newest, Some(refused));
    assert_eq!(none, None);
}

pub fn due_lots_come_page_by_page(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let tuesday = MONDAY.checked_add(1.day()).unwrap();
    let messages = [1, 2].map(|number| treasury.receive(&store, number));
    write(&store, move |tx| {
        for message in messages {
            let mut lots: Vec<Lot> =
                (0..4).map(|number| treasury.lot(message, number, number * 10, number * 10 + 9)).collect();
            lots[1].execution_date = tuesday;
            lots[2].stage = Stage::Held;
            tx.insert_lots(&lots)?;
        }
        Ok(())
    });
    let after = |lot: &(MessageId, u32)| Lot { execution_date: MONDAY, ..treasury.lot(lot.0, lot.1, 0, 9) };
    let page = |date, lot: Option<(MessageId, u32)>, limit| {
        let after = lot.as_ref().map(after);
        let lots = read(&store, |it| it.lots_in_stage(Stage::Scheduled, date, after.as_ref(), limit));
        lots.into_iter().map(|lot| (lot.id.message, lot.id.number)).collect::<Vec<_>>()
    };
    let [first, second] = messages;
    assert_eq!(page(MONDAY, None, 10), [(first, 0), (first, 3), (second, 0), (second, 3)]);
    let by_date = [(first, 0), (first, 3), (second, 0), (second, 3), (first, 1), (second, 1)];
    assert_eq!(page(tuesday, None, 10), by_date);
    assert_eq!(page(MONDAY, None, 1), [(first, 0)]);
    assert_eq!(page(MONDAY, Some((first, 0)), 2), [(first, 3), (second, 0)]);
    assert_eq!(page(MONDAY, Some((second, 3)), 2), []);
    assert_eq!(page(tuesday, Some((second, 3)), 2), [(first, 1), (second, 1)]);
    let all = [Stage::Scheduled, Stage::AwaitingFunds, Stage::Held, Stage::Dispatched];
    let stages = |date| {
        let mut found = read(&store, |snapshot| snapshot.stages_with_lots(&all, date));
        found.sort();
        found
    };
    assert_eq!(stages(MONDAY), [Stage::Scheduled, Stage::Held]);
    assert_eq!(stages(MONDAY.checked_sub(1.day()).unwrap()), []);
    assert_eq!(read(&store, |snapshot| snapshot.stages_with_lots(&[Stage::Held], tuesday)), [Stage::Held]);
}

pub fn a_lot_never_goes_back(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let message = treasury.receive(&store, 1);
    let lot = treasury.lot(message, 0, 0, 4);
    let update = |lot: Lot| store.write_blocking(move |tx| tx.update_lot(&lot));
    assert!(matches!(update(lot.clone()), Err(StoreError::Missing(_))));
    let new = lot.clone();
    write(&store, move |tx| tx.insert_lots(std::slice::from_ref(&new)));
    let held = Lot { stage: Stage::Held, executed_below: 3, booked: 300, booked_count: 3, ..lot.clone() };
    assert_eq!(update(held.clone()), Ok(()));
    assert!(matches!(update(lot), Err(StoreError::Refused(_))));
    assert_eq!(read(&store, |snapshot| snapshot.lot(held.id)), Some(held));
}

pub fn refusals_come_in_file_order(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let message = treasury.receive(&store, 1);
    let refusal = |message: MessageId, first, last, lot| Refusal {
        message,
        first,
        last,
        lot,
        count: last - first + 1,
        code: "TDAM-2101".to_owned(),
        detail: "LV91TREL1060000100000".to_owned(),
        line: 70 + first,
        stage: RefusalStage::Admission,
    };
    write(&store, move |tx| {
        tx.insert_refusals(&[refusal(message, 50, 90, Some(1)), refusal(message, 3, 3, None)])?;
        tx.insert_refusals(&[refusal(message, 7, 7, Some(0))])
    });
    let found = read(&store, |snapshot| snapshot.refusals_of(message));
    let expected = [(3, 3, None), (7, 7, Some(0)), (50, 90, Some(1))];
    assert_eq!(found, expected.map(|(first, last, lot)| refusal(message, first, last, lot)));
    let between = |first, last| {
        let found = read(&store, |snapshot| snapshot.refusals_between(message, first, last));
        found.into_iter().map(|refusal| refusal.first).collect::<Vec<_>>()
    };
    assert_eq!(between(0, u32::MAX), [3, 7, 50]);
    assert_eq!(between(4, 7), [7]);
    assert_eq!(between(7, 50), [7, 50]);
    assert_eq!((between(60, 70), between(90, 95)), (vec![50], vec![50]));
    assert_eq!((between(8, 49), between(91, 95)), (vec![], vec![]));
}
