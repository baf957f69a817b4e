//! News: they wake waiters after changes that may matter to them.

use std::time::Duration;

use payments::{Event, LotId, Stage};
use store::{IncomingCredit, News, Reach, Store, StoreError, Writing};

use crate::support::*;

/// Ends a test that hangs because news never come; it measures nothing.
const PATIENCE: Duration = Duration::from_secs(300);

fn wait(future: impl Future<Output = ()>) -> bool {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(PATIENCE, future).await }).is_ok()
}

/// News that come already.
fn hearing(store: &Store) -> News {
    let mut news = store.news();
    while news.reach() == Reach::Nobody {
        assert!(wait(news.changed()), "nobody listens");
    }
    news
}

/// Something that others may wait for.
type Change = (&'static str, Box<dyn FnMut(&mut dyn Writing) -> Result<(), StoreError> + Send>);

fn changes(treasury: Treasury, store: &Store) -> Vec<Change> {
    let [became, refused, discarded] = [1, 2, 3].map(|number| treasury.receive(store, number));
    let message = treasury.message(became, "MSG-1", 1);
    let lot = treasury.lot(became, 0, 0, 3);
    let event = Event {
        lot: LotId { message: became, number: 0 },
        stage: Stage::Held,
        at: at(1),
        business_day: MONDAY,
        actor: "executor".to_owned(),
        reason: None,
    };
    let credit = IncomingCredit {
        account: treasury.payer,
        minor: 1,
        debtor_name: "Jānis Bērziņš".to_owned(),
        debtor_iban: "EE382200221020145685".to_owned(),
        end_to_end_id: "IN-1".to_owned(),
        remittance: "Nodoklis".to_owned(),
        record: None,
        returned: None,
        arrived_at: at(2),
    };
    vec![
        ("the business day", Box::new(|tx| tx.set_business_day(MONDAY))),
        (
            "an account",
            Box::new(move |tx| {
                let account = tx.accounts(&[treasury.payee])?.remove(0);
                tx.update_account(&account.ledger)
            }),
        ),
        ("a credit", Box::new(move |tx| tx.insert_incoming(&credit).map(drop))),
        ("a message", Box::new(move |tx| tx.insert_message(&message))),
        ("an activation", Box::new(move |tx| tx.activate(became, treasury.client))),
        ("a new lot", Box::new(move |tx| tx.insert_lots(std::slice::from_ref(&lot)))),
        ("an event of a lot", Box::new(move |tx| tx.append_events(std::slice::from_ref(&event)))),
        ("a submission refused", Box::new(move |tx| tx.refuse_submission(refused, b"why"))),
        ("a submission discarded", Box::new(move |tx| tx.discard_submission(discarded).map(drop))),
    ]
}

pub fn what_others_wait_for_is_told(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let changes = changes(treasury, &store);
    for (what, change) in changes {
        let mut news = hearing(&store);
        write(&store, change);
        assert!(wait(news.changed()), "{what}");
    }
}

/// Many waiting at once, each in its own time.
pub fn everybody_who_waits_is_told(open: Open<'_>) {
    let store = open();
    Treasury::found(&store);
    let mut waiting: Vec<News> = (0..8).map(|_| hearing(&store)).collect();
    write(&store, |tx| tx.set_business_day(MONDAY));
    for news in &mut waiting {
        assert!(wait(news.changed()));
    }
}

/// News keep nothing open, and a store that is closed has none.
pub fn news_outlive_their_store_in_silence(open: Open<'_>) {
    let store = open();
    Treasury::found(&store);
    let mut news = hearing(&store);
    drop(store);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    // Word of the last change may still be there, once.
    let silent = runtime.block_on(async {
        let one_after_another = async {
            loop {
                news.changed().await;
            }
        };
        tokio::time::timeout(Duration::from_millis(50), one_after_another).await
    });
    assert!(silent.is_err());
    let again = open();
    assert_eq!(read(&again, |snapshot| snapshot.business_day()), MONDAY);
}
