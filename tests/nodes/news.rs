//! A process executes work that another wrote because of a notification, without polling.

use std::sync::Arc;
use std::time::{Duration, Instant};

use exchange::{Exchange, Presented, Settings, SubmitOptions, Submitted, SystemClock};
use jiff::civil::{Date, time};
use payments::Stage;
use store::{Fingerprint, Store};
use tdam::serving::Serving;

use crate::node::House;
use crate::{PATIENCE, PAUSE, cluster, message};

/// The node's polling interval: longer than the test.
const SELDOM: Duration = Duration::from_secs(3600);

/// How many lots wait to be carried out.
async fn waiting(store: &Store) -> usize {
    let read = store.read(|reading| {
        let mut lots = 0;
        for stage in [Stage::Scheduled, Stage::AwaitingFunds, Stage::Held] {
            lots += reading.lots_in_stage(stage, Date::MAX, None, 1_000)?.len();
        }
        Ok::<_, store::StoreError>(lots)
    });
    read.await.unwrap()
}

async fn nothing_waits(store: &Store, what: &str) {
    let until = Instant::now() + PATIENCE;
    while waiting(store).await > 0 {
        assert!(Instant::now() < until, "{what}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Takes a message in, without executing anything.
async fn take(house: &House, exchange: &Exchange, xml: &[u8]) {
    let presented = Presented { fingerprint: Fingerprint(house.fingerprint()), address: [127, 0, 0, 1].into() };
    let caller = exchange.authorise(&presented, "news").await.unwrap();
    let mut intake = exchange.intake(&caller).unwrap();
    intake.append(xml).unwrap();
    let options = SubmitOptions { wait: PATIENCE, ..SubmitOptions::default() };
    let submitted = exchange.submit(&caller, intake.finish().unwrap(), options).await.unwrap();
    assert!(matches!(submitted, Submitted::Answer { .. }), "{submitted:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_others_write_is_carried_out_at_once() {
    let Some(cluster) = cluster::Cluster::start(false) else { return };
    let house = House::make(&cluster).await;
    let configuration = house.configuration();
    // Before every cut-off, whatever the time of the machine: later the payments would be tomorrow's.
    let business_time = Some(time(10, 0, 0, 0));
    let settings =
        Settings { business_time, tick: SELDOM, tick_with_news: SELDOM, ..configuration.exchange_settings() };
    let node = Serving::start(&configuration, settings.clone()).await.unwrap();
    let store = house.store().await;
    // Another process, as far as the database can see, whose background work does not run.
    let taker = Exchange::new(store.clone(), settings, Arc::new(SystemClock));
    nothing_waits(&store, "a new house has nothing to do").await;

    take(&house, &taker, &message("NEWS-TODAY", 20, 301, house.day)).await;
    nothing_waits(&store, "the node was not told of the message").await;

    let tomorrow = house.next_day();
    take(&house, &taker, &message("NEWS-TOMORROW", 20, 302, tomorrow)).await;
    assert!(waiting(&store).await > 0, "not due yet");
    house.move_day(tomorrow);
    nothing_waits(&store, "the node was not told of the business day").await;
    node.stop().await;
    assert_eq!(house.check(), "");
}
