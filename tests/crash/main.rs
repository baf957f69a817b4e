//! Kills the real server at random moments while clients send payments, and checks that it lost nothing, doubled
//! nothing, and repeats its answers.
//!
//! A round is one life of the server: several online users send messages of all sizes at once, among them the same
//! bytes twice and other bytes under the same `MsgId`; at a moment that the seed chooses the process gets SIGKILL. The
//! test checks the database before the next life touches it. It sends unanswered messages again, or, with a receipt,
//! asks where the receipt says. At the end all must be as if nothing had happened.
//!
//! With `TDAM_CRASH_STORE=postgresql` the data are in a private PostgreSQL cluster instead of SQLite.
//!
//! `TDAM_CRASH_ROUNDS` (lives that end by a kill) and `TDAM_CRASH_SEED` are optional. The seed decides messages and
//! kills, not the operating system's scheduling of threads: its seed reproduces a failure often, not always, so the
//! test keeps its folder.
#![allow(clippy::unwrap_used, missing_docs)]

mod chance;
#[path = "../postgres/cluster.rs"]
mod cluster;
mod damage;
mod enrolment;
mod faults;
mod groups;
mod ledger;
mod orders;
mod remains;
mod server;
mod shim;
mod traffic;

use std::time::{SystemTime, UNIX_EPOCH};

use chance::Chance;
use orders::Message;
use remains::Remains;
use server::{Place, Server};
use traffic::{Kill, Users};

/// Lives of the server that end by a kill, unless the environment says otherwise.
const ROUNDS: u32 = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_answered_survives_every_kill() {
    let rounds: u32 = from_environment("TDAM_CRASH_ROUNDS").unwrap_or(ROUNDS);
    let seed: u64 = from_environment("TDAM_CRASH_SEED").unwrap_or_else(seed_of_the_moment);
    println!("TDAM_CRASH_SEED={seed} TDAM_CRASH_ROUNDS={rounds}");
    let mut chance = Chance::new(seed);
    let mut place = Place::make(seed).await;
    let opening = place.balances();
    let mut messages: Vec<Message> = Vec::new();
    let mut seen = Seen::default();

    for round in 1..=rounds {
        place.round = round;
        messages.extend(orders::of_round(round, place.day, &mut chance));
        let server = Server::start(&place);
        let users = Users::connect(&place, server.url());
        let kill = Kill::of_round(round, &mut chance);
        let unanswered = traffic::send_until_killed(&mut messages, &users, server, kill, &mut chance).await;
        let remains = Remains::of(&place).await;
        println!("round {round}: killed {kill}; {unanswered} submissions unanswered; {remains}");
        remains.assert_sound();
        seen.add(unanswered, &remains);
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
    assert!(expected.booked > 0 && expected.refused > 0, "the run proves little: {expected:?}");
    seen.assert_telling(rounds);
}

/// In how many rounds the kill landed where it is dangerous.
#[derive(Debug, Default)]
struct Seen {
    while_unanswered: u32,
    body_without_row: u32,
    between_row_and_activation: u32,
    in_the_middle_of_a_stage: u32,
    between_answer_and_settlement: u32,
    in_the_middle_of_a_lot: u32,
}

impl Seen {
    fn add(&mut self, unanswered: usize, remains: &Remains) {
        self.while_unanswered += u32::from(unanswered > 0);
        self.body_without_row += u32::from(remains.orphans > 0);
        self.between_row_and_activation += u32::from(remains.not_activated > 0);
        self.in_the_middle_of_a_stage += u32::from(remains.staged_payments > 0);
        self.between_answer_and_settlement += u32::from(remains.unfinished_lots > 0);
        self.in_the_middle_of_a_lot += u32::from(remains.begun_lots > 0);
    }

    /// Every four rounds have a kill of each kind, which must have hit its aim. The test only prints the others.
    fn assert_telling(&self, rounds: u32) {
        if rounds >= 4 {
            assert!(self.while_unanswered > 0, "no kill while a submission was unanswered: {self:?}");
            assert!(
                self.between_row_and_activation > 0,
                "no kill between a submission's row and its activation: {self:?}"
            );
            assert!(self.between_answer_and_settlement > 0, "no kill between answer and settlement: {self:?}");
        }
    }
}

fn from_environment<T: std::str::FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

fn seed_of_the_moment() -> u64 {
    u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}
