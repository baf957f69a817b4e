//! Families of rows P1 to P10: several nodes over one PostgreSQL database.

use std::thread;
use std::time::{Duration, Instant};

use super::attackers::{Attackers, Kind, Order};
use super::failed::Failed;
use super::outcome::Outcome;
use super::server::{Installation, Server, Start, health, shown};
use super::testbed::Testbed;
use super::victim::Victim;
use super::{clocks, database, readers};

/// How often the process is killed in the middle of the same message.
const KILLS_MAX: u32 = 8;
/// Payments of the message that is worked on long enough to be killed.
const LONG_WORK_PAYMENTS: u32 = 60_000;
/// How long the message is worked on before the process is killed.
const WORKED_ON: Duration = Duration::from_millis(200);
/// How long the work may take to begin again.
const WORK_AGAIN_TIME_MAX: Duration = Duration::from_secs(25);
/// How long a frozen node may hold others up; the limit of the database and one retry.
const HELD_UP_MAX: Duration = Duration::from_secs(5);
/// How long health may take to be well again.
const RECOVERY_TIME_MAX: Duration = Duration::from_secs(20);
/// Longer than anything waits for a lock here; it is ended before.
const LOCKED_SECONDS: u32 = 60;
/// How soon health must say that payments cannot be taken.
const TOLD_WITHIN: Duration = Duration::from_secs(8);

/// C1, P1: no message ends the process more than a bounded number of times: the scenario kills it in the middle of one
/// message.
pub(super) fn poison(testbed: &Testbed) -> Result<Outcome, Failed> {
    let installation = testbed.install(&[])?;
    let database = testbed.cluster.as_ref().zip(testbed.schema.as_deref());
    let mut outcome = testbed.outcome("the process is killed whenever it works on one message", String::new());
    let mut server = installation.serve(&Start::default())?;
    let sender = thread::spawn({
        let installation = installation.clone();
        move || {
            let _ = readers::send_large(&installation, "POISON", LONG_WORK_PAYMENTS);
        }
    });
    let mut kills = 0;
    let mut killed_in = None;
    let begun = Instant::now();
    loop {
        // A node waits for the lease of the one that is gone.
        let until = Instant::now() + WORK_AGAIN_TIME_MAX;
        let attempt = loop {
            let attempt = database::attempts(&installation, database)?;
            if says_set_aside(&installation) || Instant::now() > until {
                break None;
            }
            if attempt.is_some() && attempt > killed_in {
                break attempt;
            }
            thread::sleep(Duration::from_millis(20));
        };
        if attempt.is_none() || kills == KILLS_MAX {
            break;
        }
        thread::sleep(WORKED_ON);
        server.signal("-KILL")?;
        server.ends_within(Duration::from_secs(10))?;
        kills += 1;
        killed_in = attempt;
        server = installation.serve(&Start::default())?;
    }
    let _ = sender.join();
    outcome.rate = format!("{kills} kills in {} s", begun.elapsed().as_secs());
    if kills < 2 {
        outcome.skipped("it is set aside after a few ends", "the message was answered before it could be killed");
        return Ok(outcome);
    }
    let list = super::server::said(&installation.operator(&["set-aside", "list"])?);
    let number = set_aside_number(&installation)?;
    outcome.bound(
        "it is set aside after a few ends, and listed",
        format!("after {kills} kills: {list}"),
        number.is_some() && kills < KILLS_MAX,
    );
    outcome.bound("health names it, and is ready", shown(&installation), says_set_aside(&installation));
    let answer = readers::send_large(&installation, "POISON", LONG_WORK_PAYMENTS);
    let answer = answer.map_or_else(|error| error.to_string(), |()| "answered".to_owned());
    outcome.bound("its client learns it", answer.clone(), answer.contains("TDAM-9010"));
    let victim = Victim::begin(&installation)?;
    thread::sleep(super::testbed::SETTLING);
    let watched = victim.end()?;
    outcome.victim(&watched);
    outcome.process(&mut server);
    if let Some(number) = number {
        let refused = installation.operator(&["set-aside", "refuse", &number])?;
        let until = Instant::now() + TOLD_WITHIN;
        while says_set_aside(&installation) && Instant::now() < until {
            thread::sleep(Duration::from_millis(100));
        }
        outcome.bound(
            "the operator refuses it, and health names it no longer",
            format!("{} {}", super::server::said(&refused), shown(&installation)),
            refused.status.success() && !says_set_aside(&installation),
        );
        let checked = installation.operator(&["check"])?;
        outcome.bound("the check finds nothing", super::server::said(&checked), checked.status.success());
    }
    Ok(outcome)
}

/// Whether health, which is ready, names work that is set aside.
fn says_set_aside(installation: &Installation) -> bool {
    health(installation.plain).is_some_and(|(status, text)| status == 200 && text.contains("\"set_aside\""))
}

/// The number of the attackers' submission in the operator's list.
fn set_aside_number(installation: &Installation) -> Result<Option<String>, Failed> {
    let output = installation.operator(&["set-aside", "list"])?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find(|line| line.contains("Daugav"));
    Ok(line.and_then(|line| line.split_whitespace().next()).map(str::to_owned))
}

/// Two nodes of an installation in PostgreSQL.
struct Pair {
    first: Installation,
    second: Installation,
}

fn pair(testbed: &Testbed) -> Result<Pair, Failed> {
    let first = testbed.install(&[])?;
    let second = first.node("second")?;
    Ok(Pair { first, second })
}

/// P2: a node stands still in the middle of its work, a few times.
pub(super) fn frozen_node(testbed: &Testbed) -> Result<Outcome, Failed> {
    let Pair { first, second } = pair(testbed)?;
    let rounds = if testbed.is_long { 10 } else { 2 };
    let frozen = first.serve(&Start::default())?;
    let mut living = second.serve(&Start::default())?;
    let order = Order { kind: Kind::Payments, user: "attacker-manage", count: 32, about: "" };
    let attackers = Attackers::begin(&first, &order)?;
    // A large message is under way too.
    let large = thread::spawn({
        let first = first.clone();
        move || readers::send_large(&first, "LARGE-FROZEN", LONG_WORK_PAYMENTS).is_ok()
    });
    thread::sleep(Duration::from_millis(700));
    let victim = Victim::begin(&second)?;
    for _ in 0..rounds {
        thread::sleep(Duration::from_millis(900));
        frozen.signal("-STOP")?;
        thread::sleep(Duration::from_secs(4));
        frozen.signal("-CONT")?;
    }
    let watched = victim.end()?;
    let rate = attackers.end()?;
    let _ = large.join();
    let mut outcome = testbed.outcome(format!("a node under load stands still {rounds} times for 4 s"), rate);
    outcome.process(&mut living);
    outcome.victim(&watched);
    let slowest = watched.percentile(100);
    outcome.bound(
        format!("a frozen node holds others up for 3 s at most (measured: ≤ {} s)", HELD_UP_MAX.as_secs()),
        format!("{} ms", slowest.as_millis()),
        slowest <= HELD_UP_MAX,
    );
    outcome.repeated("answers are the same when asked again", &second, &watched);
    Ok(outcome)
}

/// P4: the clock of one node is two days ahead.
pub(super) fn clock_of_one_node(testbed: &Testbed) -> Result<Outcome, Failed> {
    let Pair { first, second } = pair(testbed)?;
    let mut outcome = testbed.outcome("one node's clock is two days ahead", "from its start");
    let clock = clocks::beside(&first)?;
    clock.wrong_by(2 * clocks::A_DAY)?;
    let _first = first.serve(&Start::default())?;
    let before = clocks::business_day(&first)?;
    let mut other = second.spawn(&clocks::start_with(&clock))?;
    let ended = other.ends_within(Duration::from_secs(6))?;
    let text = ended.map_or_else(|| shown(&second), |how| format!("refused: {how}"));
    outcome.bound(
        "the node is refused, or its health says so",
        text.clone(),
        ended.map_or_else(|| text.contains("clock"), |ended| clocks::refused(&other, ended)),
    );
    let after = clocks::business_day(&first)?;
    outcome.bound("the business day stays", format!("{before} → {after}"), before == after);
    Ok(outcome)
}

/// P7: nodes with different settings, one after the other.
pub(super) fn different_settings(testbed: &Testbed) -> Result<Outcome, Failed> {
    let Pair { first, .. } = pair(testbed)?;
    let _first = first.serve(&Start::default())?;
    let changes = [
        ("bic = \"TRELLV22\"", "bic = \"TRELLV2X\""),
        ("body_bytes_max = 2147483648", "body_bytes_max = 1048576"),
        ("automatic = true", "automatic = false"),
        ("node_lease_seconds = 15", "node_lease_seconds = 1"),
    ];
    let mut outcome = testbed.outcome("a node with other settings joins", format!("{} settings", changes.len()));
    for (number, (from, to)) in changes.iter().enumerate() {
        let node = first.node(&format!("other-{number}"))?;
        node.configure(from, to)?;
        let mut server = node.spawn(&Start::default())?;
        let ended = server.ends_within(Duration::from_secs(5))?;
        let how = ended.map_or("serves".to_owned(), |how| how.to_string());
        outcome.bound(
            format!("{to}: it refuses to start"),
            format!("{how}: {}", server.last_lines()),
            ended.is_some_and(|how| !how.success()),
        );
    }
    Ok(outcome)
}

/// P10: locks, a read-only database.
pub(super) fn locks(testbed: &Testbed) -> Result<Outcome, Failed> {
    let cluster = testbed.cluster.ok_or("this attack needs PostgreSQL")?;
    let installation = testbed.install(&[])?;
    let schema = testbed.schema.as_deref().ok_or("no schema")?;
    let mut server = installation.serve(&Start::default())?;
    let mut outcome = testbed.outcome("locks, and a database that takes no writes", "one each");
    let mut held = database::hold(&cluster, &database::lock_of_certificates(schema), LOCKED_SECONDS)?;
    thread::sleep(Duration::from_secs(1));
    let victim = Victim::begin(&installation)?;
    let text = until_not_ok(&installation);
    let seen = victim.end()?;
    database::end_all_of(&cluster, "pg_sleep");
    held.kill()?;
    held.wait()?;
    outcome.bound(
        "locked certificates: health says so, or nobody waits for them",
        format!("{} answered, {} not; {text}", seen.answered(), seen.missed().len()),
        text.starts_with("503") || (seen.answered() > 0 && seen.missed().is_empty()),
    );
    recovered(&installation)?;
    let mut held = database::hold(&cluster, &database::lock_of_the_tail(schema), LOCKED_SECONDS)?;
    thread::sleep(Duration::from_millis(500));
    let text = until_not_ok(&installation);
    outcome.bound("a locked tail row: health says so within 5 s", text.clone(), text.starts_with("503"));
    database::end_all_of(&cluster, "pg_sleep");
    held.kill()?;
    held.wait()?;
    recovered(&installation)?;
    database::writable(&cluster, false);
    let text = until_not_ok(&installation);
    outcome.bound("a read-only database: health says so within 5 s", text.clone(), text.starts_with("503"));
    database::writable(&cluster, true);
    recovered(&installation)?;
    let victim = Victim::begin(&installation)?;
    thread::sleep(super::testbed::SETTLING);
    let watched = victim.end()?;
    outcome.victim(&watched);
    outcome.healthy(&watched);
    outcome.process(&mut server);
    Ok(outcome)
}

/// Waits until health is well.
fn recovered(installation: &Installation) -> Result<(), Failed> {
    let until = Instant::now() + RECOVERY_TIME_MAX;
    while health(installation.plain).is_none_or(|(status, _)| status != 200) {
        if Instant::now() > until {
            return Err(format!("health does not become well: {}", shown(installation)).into());
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// What health says once it is not well, or at the end of the time.
fn until_not_ok(installation: &Installation) -> String {
    let until = Instant::now() + TOLD_WITHIN;
    loop {
        let text = shown(installation);
        if !text.starts_with("200") || Instant::now() > until {
            return text;
        }
        thread::sleep(Duration::from_millis(200));
    }
}

/// P5, M4: the scenario changes past data as the serving role could, and the operator checks.
pub(super) fn tampering(testbed: &Testbed) -> Result<Outcome, Failed> {
    let cluster = testbed.cluster.ok_or("this attack needs PostgreSQL")?;
    let installation = testbed.install(&[])?;
    let schema = testbed.schema.as_deref().ok_or("no schema")?;
    let certificate = installation.folder.user("attacker-revoked").join("certificate.pem");
    installation.operator(&["revoke", &certificate.to_string_lossy()])?;
    let server: Server = installation.serve(&Start::default())?;
    readers::send_large(&installation, "KEPT-1", 500)?;
    let victim = Victim::begin(&installation)?;
    thread::sleep(super::testbed::SETTLING);
    victim.end()?;
    server.stop()?;
    let sound = installation.operator(&["check", "--bodies"])?;
    let mut outcome =
        testbed.outcome("what is past is changed by the serving role", format!("{} changes", database::CHANGES.len()));
    outcome.bound("the check finds nothing before", super::server::said(&sound), sound.status.success());
    let dump = cluster.dump(schema)?;
    for change in database::CHANGES {
        let mut is_changed = false;
        let (holds, how) = match database::change(&cluster, schema, change) {
            Err(why) => (true, format!("not allowed: {}", why.lines().next().unwrap_or_default())),
            Ok(()) => {
                is_changed = true;
                let checked = installation.operator(&["check", "--bodies"])?;
                (!checked.status.success(), format!("changed; check: {}", super::server::said(&checked)))
            }
        };
        outcome.bound(format!("{} cannot be changed, or is found", change.what), how, holds);
        // The check would find this change after the next one too.
        if is_changed {
            cluster.restore(schema, &dump)?;
        }
    }
    Ok(outcome)
}
