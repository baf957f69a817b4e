//! Lets one writing call of the server fail at a random moment, while clients send payments.
//!
//! After the failure the process either ends with a message, or continues and proves by its work that it can: it
//! answers every request. It never gives two different answers to one message, the invariants hold in the data it
//! leaves, and the next life, without failures, finds every answer. The exchange's own files fail, so this concerns
//! SQLite and bodies; PostgreSQL handles failures of its files itself (it ends all sessions and recovers), which
//! `store/tests/postgres/outages.rs` tests.
//!
//! Runs when `TDAM_FAULT_ROUNDS` is set; `TDAM_CRASH_SEED` is optional.

use crate::chance::Chance;
use crate::orders::{self, Message};
use crate::remains::{self, Remains};
use crate::server::{Place, Server};
use crate::shim::Shim;
use crate::traffic::{self, Users};
use crate::{from_environment, ledger, seed_of_the_moment};

/// What came of the failures.
#[derive(Debug, Default)]
struct Seen {
    never_failed: u32,
    did_not_start: u32,
    ended_itself: u32,
    went_on: u32,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_answered_survives_a_failed_write() {
    if std::env::var("TDAM_CRASH_STORE").is_ok_and(|store| store != "sqlite") {
        return println!("skipped: the files are the database server's");
    }
    let Some(rounds) = from_environment::<u32>("TDAM_FAULT_ROUNDS") else {
        return println!("skipped: TDAM_FAULT_ROUNDS says in how many lives of the server a call fails");
    };
    let seed: u64 = from_environment("TDAM_CRASH_SEED").unwrap_or_else(seed_of_the_moment);
    println!("TDAM_CRASH_SEED={seed} TDAM_FAULT_ROUNDS={rounds}");
    let mut chance = Chance::new(seed);
    let mut place = Place::make(seed).await;
    let opening = place.balances();
    let mut messages: Vec<Message> = Vec::new();
    let mut seen = Seen::default();

    for round in 1..=rounds {
        place.round = round;
        messages.extend(orders::of_round(round, place.day, &mut chance));
        let shim = Shim::of_round(&place, &mut chance);
        let what = match Server::start_under(&place, &shim) {
            Err(why) => {
                assert!(shim.failed().is_some(), "the server did not start, and nothing failed: {why}");
                seen.did_not_start += 1;
                "the server did not start"
            }
            Ok(server) => {
                let users = Users::connect(&place, server.url());
                let ended = traffic::send_until_answered_or_ended(&mut messages, &users, &server, &mut chance).await;
                let failed = shim.failed().is_some();
                if ended || server.is_healthy_or_ends() {
                    assert!(failed, "the server ended by itself, and nothing failed");
                    server.assert_ended_with_a_reason();
                    seen.ended_itself += 1;
                    "the server ended itself"
                } else {
                    server.stop_somehow();
                    if failed {
                        seen.went_on += 1
                    } else {
                        seen.never_failed += 1
                    }
                    "the server went on"
                }
            }
        };
        let remains = Remains::of(&place).await;
        let failed = shim.failed().unwrap_or_else(|| "nothing failed".to_owned());
        println!("round {round}: {shim}: {failed}; {what}; {remains}");
        remains.assert_sound();
    }

    place.round = rounds + 1;
    let server = Server::start(&place);
    let users = Users::connect(&place, server.url());
    traffic::send_until_answered(&mut messages, &users, &mut chance).await;
    traffic::send_once_more(&messages, &users).await;
    let statuses = ledger::final_statuses(&messages, &users).await;
    let expected = ledger::balances_after(opening, &messages, &statuses);
    ledger::assert_accounts_show(&expected, &users).await;
    remains::wait_until_all_are_ended(&place).await;
    server.stop();
    assert_eq!(place.balances(), expected.balances, "balances of the database against those of the statuses");
    assert_eq!(place.check(), "", "`tdam operator check`");
    Remains::of(&place).await.assert_nothing_left_over();
    println!("{} payments booked, {} refused; {seen:?}", expected.booked, expected.refused);
    assert!(seen.never_failed < rounds, "nothing failed in any round: {seen:?}");
}
