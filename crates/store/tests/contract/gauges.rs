//! What monitoring reads of what waits in a store, and what ends.

use jiff::civil::date;
use payments::{Event, Stage};
use store::{StageGauge, Store};

use crate::support::*;

fn of_stage(store: &Store, stage: Stage) -> StageGauge {
    let gauges = read(store, |snapshot| snapshot.gauges());
    gauges.lots.into_iter().find(|gauge| gauge.stage == stage).unwrap()
}

pub fn lots_are_counted_by_stage_with_the_oldest(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let stages = [Stage::Scheduled, Stage::AwaitingFunds, Stage::Held, Stage::Dispatched];
    for stage in stages {
        assert_eq!(of_stage(&store, stage), StageGauge { stage, count: 0, since: None });
    }
    let messages = [1, 2].map(|number| treasury.receive(&store, number));
    write(&store, move |tx| {
        for (message, second) in messages.into_iter().zip([100, 50]) {
            let all = [&stages[..], &[Stage::Completed, Stage::Refused]].concat();
            for (number, stage) in (0..).zip(all) {
                let mut lot = treasury.lot(message, number, number, number);
                lot.stage = stage;
                tx.insert_lots(&[lot.clone()])?;
                // It was scheduled long before.
                for (stage, at) in [(Stage::Scheduled, at(1)), (stage, at(second + i64::from(number)))] {
                    let (actor, reason) = ("executor".to_owned(), None);
                    tx.append_events(&[Event { lot: lot.id, stage, at, business_day: MONDAY, actor, reason }])?;
                }
            }
        }
        Ok(())
    });
    let since = [None, Some(at(51)), Some(at(52)), Some(at(53))];
    for (stage, since) in stages.into_iter().zip(since) {
        assert_eq!(of_stage(&store, stage), StageGauge { stage, count: 2, since });
    }
    assert_eq!(
        read(&store, |snapshot| snapshot.gauges()).lots.len(),
        stages.len(),
        "what is at its end is not counted"
    );
}

pub fn what_waits_or_is_set_aside_is_counted(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let none = read(&store, |snapshot| snapshot.gauges());
    assert_eq!((none.unanswered, none.unanswered_since), (0, None));
    assert_eq!((none.set_aside_submissions, none.set_aside_work), (0, 0));

    let [first, second, third] = [3, 1, 2].map(|number| treasury.receive(&store, number));
    write(&store, move |tx| {
        tx.set_aside_submission(third, b"why")?;
        tx.insert_message(&treasury.message(first, "ANSWERED", 3))?;
        tx.count_work_attempt("lot 1 of message 2")?;
        tx.count_work_attempt("lot 2 of message 2")?;
        tx.set_aside_work("lot 2 of message 2", at(9))
    });
    let gauges = read(&store, |snapshot| snapshot.gauges());
    assert_eq!((gauges.unanswered, gauges.unanswered_since), (1, Some(at(1))), "{second:?} waits");
    assert_eq!((gauges.set_aside_submissions, gauges.set_aside_work), (1, 1));
}

pub fn the_day_and_what_ends_are_told(open: Open<'_>) {
    let store = open();
    assert_eq!(read(&store, |snapshot| snapshot.gauges()).business_day, None);
    let treasury = Treasury::found(&store);
    write(&store, move |tx| {
        let mut second = online_user(treasury.client);
        second.registration_valid_until = date(2027, 1, 31);
        let second = tx.insert_online_user(&second)?;
        for (user, byte, end) in [(treasury.user, 2, 300), (second, 3, 500), (second, 4, 400), (second, 5, 600)] {
            let mut certificate = certificate(user, byte);
            certificate.not_after = at(end);
            tx.insert_certificate(&certificate)?;
        }
        tx.revoke_certificate(&certificate(second, 5).fingerprint, at(1))
    });
    let mut gauges = read(&store, |snapshot| snapshot.gauges());
    gauges.certificates_end.sort_unstable();
    gauges.registrations_end.sort_unstable();
    assert_eq!(gauges.business_day, Some(MONDAY));
    assert_eq!(gauges.certificates_end, [at(500), at(1_000_000)], "of each user the last one that holds");
    assert_eq!(gauges.registrations_end, [date(2027, 1, 31), date(2029, 11, 22)]);
}

pub fn who_serves_is_counted(open: Open<'_>) {
    let store = open();
    Treasury::found(&store);
    let serving = store.lock_for_serving().unwrap();
    let nodes = read(&store, |snapshot| snapshot.gauges()).nodes;
    assert_eq!((nodes.held, nodes.expired), (1, 0));
    drop(serving);
}
