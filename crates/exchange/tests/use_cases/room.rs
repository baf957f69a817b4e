//! When room is scarce: refusals, and work that continues. On both stores.

use exchange::{Alarm, Failure, Mode, RoomSettings, Settings, Submitted, Watermark};
use rulebook::Code;

use super::support::messages::{File, payment};
use super::support::*;

/// As if nothing were free.
const ALL: Watermark = Watermark { bytes: u64::MAX, percent: 100 };
const NOTHING: Watermark = Watermark { bytes: 0, percent: 0 };

/// A node for which the whole disk, or more than the whole database, is wanted free.
fn short_of_room(treasury: &TestExchange, first: Watermark, second: Watermark) -> TestExchange {
    let room = RoomSettings {
        first,
        second,
        client_share_percent: 0,
        database_bytes_max: Some(1 << 50),
        ..treasury.settings.room
    };
    treasury.node_with(treasury.clock.clone(), Settings { room, ..treasury.settings.clone() })
}

fn refusal(submitted: Result<Submitted, Failure>) -> String {
    let failure = submitted.unwrap_err();
    assert_eq!(failure.code, Code::NoRoom);
    assert!(failure.is_temporary() && failure.retry_after.is_some());
    failure.detail
}

/// Without news, and so without the background work of several nodes.
fn new(message_id: &str) -> String {
    File::new(message_id, vec![payment("A", 1_00, ESTONIAN)]).xml()
}

/// A body that is kept apart: padded, as it was received.
fn padded(message_id: &str) -> String {
    format!("{}{}", new(message_id), " ".repeat(300_000))
}

async fn with_a_message(place: Place) -> (TestExchange, String, String) {
    let treasury = TestExchange::with_small_chunks_at(place).await;
    let known = padded("KNOWN");
    let answer = treasury.answer(&known).await;
    treasury.carry_out().await;
    (treasury, known, answer)
}

fn places() -> impl Iterator<Item = Place> {
    [Some(Place::folder()), Place::database()].into_iter().flatten()
}

#[tokio::test]
async fn at_the_second_watermark_everything_new_is_refused_and_all_else_goes_on() {
    for place in places() {
        let (ample, known, answer) = with_a_message(place).await;
        let full = short_of_room(&ample, ALL, ALL);
        full.exchange.look_at_the_room().await.unwrap();
        assert!(full.exchange.health().stands(Alarm::NoRoom));
        for xml in [new("NEW"), padded("NEW")] {
            assert_eq!(refusal(full.submit(Role::Manager, &xml).await), "room.second_watermark");
            let tried = full.submit_with(Role::Manager, &xml, Mode::Test, std::time::Duration::ZERO).await;
            assert_eq!(refusal(tried), "room.second_watermark");
        }
        assert_eq!(answered(full.submit(Role::Manager, &known).await), (answer, true));
        assert_eq!(group_status(&full.status("KNOWN").await), "ACSC");
        let order = messages::report_request("camt.052.001.08", &ministry_account(), TODAY, TODAY);
        let (caller, received) = full.receive(Role::Manager, order.as_bytes()).await.unwrap();
        assert_eq!(full.exchange.order_reports(&caller, received).await.unwrap().len(), 1);
        full.revoke(Role::OtherManager).await;
        full.exchange.operator().set_account_state(&ministry_account(), exchange::AccountState::Blocked).await.unwrap();
        full.check_invariants().await;

        // Room again: the exchange holds nothing against any client.
        let again = short_of_room(&ample, NOTHING, NOTHING);
        again.exchange.look_at_the_room().await.unwrap();
        assert!(!again.exchange.health().stands(Alarm::NoRoom));
        answered(again.submit(Role::Neighbour, &new("NEW")).await);
    }
}

#[tokio::test]
async fn at_the_first_watermark_those_above_their_share_are_refused() {
    for place in places() {
        let (ample, known, answer) = with_a_message(place).await;
        let (client, bytes) = ample.exchange.operator().room().await.unwrap().1.remove(0);
        assert_eq!((client.id, bytes), (ample.ministry, known.len() as u64));
        let scarce = short_of_room(&ample, ALL, NOTHING);
        scarce.exchange.look_at_the_room().await.unwrap();
        assert!(scarce.exchange.health().stands(Alarm::LittleRoom));
        for role in [Role::Manager, Role::OtherManager] {
            assert_eq!(refusal(scarce.submit(role, &new("NEW")).await), "room.client_share_percent");
        }
        assert_eq!(answered(scarce.submit(Role::Manager, &known).await), (answer, true));
        answered(scarce.submit(Role::Neighbour, &new("NEW")).await);
    }
}
