//! Kills the server between any two steps of a group of decisions, and of lots that are executed and settled together.
//!
//! Many small messages arrive at the same time, and a layer below the server (`shim.c`) ends it at a call that a seed
//! chooses: before or after a write of the log, its sync, bytes to or from the database, the bytes of an answer. So a kill
//! falls before a group is read, between its decisions and what it writes, before, in and after its commit, and between the
//! answers of its members. The same for the rounds that execute and settle what was accepted: there calls count once all
//! messages have their answers.
//!
//! After each kill the invariants hold in the data, and every answer that a client has got is kept. `TDAM_GROUP_ROUNDS` and
//! `TDAM_CRASH_SEED` are optional; `TDAM_CRASH_STORE` as in `main.rs`.

use std::collections::BTreeMap;
use std::fmt;

use crate::chance::Chance;
use crate::orders::{self, Message};
use crate::remains::{self, Remains};
use crate::server::{Place, Server};
use crate::shim::Shim;
use crate::traffic::{self, Users};
use crate::{from_environment, ledger, seed_of_the_moment};

/// Lives of the server that end by a kill, unless the environment says otherwise.
const ROUNDS: u32 = 8;
/// A kill comes at one of the first so many calls, each order of magnitude equally likely.
const CALLS_MAX: f64 = 60.0;
/// Steps of a group by the calls that they make, with SQLite: the log is written and synced, the members get their answers.
const STEPS_OF_SQLITE: [&str; 3] = ["w", "s", "a"];
/// With PostgreSQL: statements leave, their results come, the members get their answers.
const STEPS_OF_POSTGRESQL: [&str; 3] = ["d", "r", "a"];

/// What is under way when calls begin to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Work {
    Decisions,
    /// Lots that are executed and settled.
    Lots,
}

/// What the kills hit.
#[derive(Debug, Default)]
struct Seen {
    /// Rounds by what was under way and by the steps at which the kill came.
    kills: BTreeMap<(Work, &'static str), u32>,
    /// Several messages were sent and not decided; several were decided and not answered.
    before_the_commit: u32,
    after_the_commit: u32,
    /// Several lots had steps to go.
    lots_under_way: u32,
    outlived: u32,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn groups_and_lots_survive_a_kill_between_any_two_steps() {
    let rounds: u32 = from_environment("TDAM_GROUP_ROUNDS").unwrap_or(ROUNDS);
    let seed: u64 = from_environment("TDAM_CRASH_SEED").unwrap_or_else(seed_of_the_moment);
    println!("TDAM_CRASH_SEED={seed} TDAM_GROUP_ROUNDS={rounds}");
    let mut chance = Chance::new(seed);
    let mut place = Place::make(seed).await;
    let opening = place.balances();
    let mut messages: Vec<Message> = Vec::new();
    let mut seen = Seen::default();

    for round in 1..=rounds {
        place.round = round;
        messages.extend(orders::of_groups(round, place.day, &mut chance));
        let kill = Kill::of_round(round, &place, &mut chance);
        let shim = Shim::that_kills(&place, kill.steps, kill.number, kill.when);
        let server = Server::start_under(&place, &shim).unwrap_or_else(|why| panic!("{why}"));
        let users = Users::connect(&place, server.url());
        for client in users.clients() {
            // The connections are there when the messages come.
            client.heartbeat().await.unwrap();
        }
        if kill.work == Work::Decisions {
            shim.arm();
        }
        traffic::send_groups_until_answered_or_ended(&mut messages, &users, &server, &mut chance).await;
        if kill.work == Work::Lots {
            shim.arm();
        }
        let was_killed = server.ends_before(async || remains::all_lots_are_ended(&place).await).await;
        if was_killed {
            server.assert_killed();
        } else {
            assert_eq!(shim.failed(), None, "the server outlived the kill");
            server.stop();
        }
        let remains = Remains::of(&place).await;
        let at = shim.failed().unwrap_or_else(|| "outlived".to_owned());
        remains.assert_sound();
        let (kept, lost) = remains.assert_answers_are_kept(&messages);
        println!(
            "round {round}: {kill}: {at}; {lost} messages not decided, {kept} decided and not answered; {remains}"
        );
        seen.add(&kill, was_killed, (kept, lost), &remains);
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

/// Where the server is killed.
struct Kill {
    work: Work,
    steps: &'static str,
    number: u64,
    when: &'static str,
}

impl Kill {
    /// Of six rounds four are about decisions; each step has its turn.
    fn of_round(round: u32, place: &Place, chance: &mut Chance) -> Kill {
        let all = if place.is_in_a_server() { STEPS_OF_POSTGRESQL } else { STEPS_OF_SQLITE };
        let work = if round.is_multiple_of(3) { Work::Lots } else { Work::Decisions };
        // Of lots nobody gets an answer.
        let steps = match work {
            Work::Decisions => all[chance.below(3)],
            Work::Lots => all[chance.below(2)],
        };
        let part = f64::from(u32::try_from(chance.below(1001)).unwrap()) / 1000.0;
        let when = if chance.half() { "before" } else { "after" };
        Kill { work, steps, number: CALLS_MAX.powf(part) as u64, when }
    }
}

impl fmt::Display for Kill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, killed {} call {} of {:?}", self.work, self.when, self.number, self.steps)
    }
}

impl Seen {
    fn add(&mut self, kill: &Kill, was_killed: bool, (kept, lost): (usize, usize), remains: &Remains) {
        if !was_killed {
            self.outlived += 1;
            return;
        }
        *self.kills.entry((kill.work, kill.steps)).or_default() += 1;
        match kill.work {
            Work::Decisions => {
                self.before_the_commit += u32::from(lost > 1);
                self.after_the_commit += u32::from(kept > 1);
            }
            Work::Lots => self.lots_under_way += u32::from(remains.unfinished_lots > 1),
        }
    }

    /// A short run has two rounds of lots, and a seed may let the server outlive both; only a long one has each kind for certain.
    fn assert_telling(&self, rounds: u32) {
        assert!(self.outlived < rounds, "the server outlived each kill: {self:?}");
        assert!(self.before_the_commit > 0, "no kill while several messages were not decided: {self:?}");
        if rounds >= 4 * ROUNDS {
            assert!(self.outlived * 2 <= rounds, "the server outlived most kills: {self:?}");
            assert!(self.lots_under_way > 0, "no kill while several lots had steps to go: {self:?}");
            assert!(self.after_the_commit > 0, "no kill between a group's commit and its answers: {self:?}");
        }
    }
}
