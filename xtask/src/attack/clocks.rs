//! Family of row H8: a clock that jumps, and an operator who mistypes a date.

use std::process::ExitStatus;
use std::time::Duration;

use super::failed::Failed;
use super::outcome::Outcome;
use super::server::{Installation, Server, Start, health, said};
use super::testbed::Testbed;
use super::victim::Victim;
use crate::wrong_clock::WrongClock;

pub(super) const A_DAY: i64 = 24 * 3600;
/// How long the clock stays wrong: the service checks the calendar every 20 s.
const WRONG_FOR: Duration = Duration::from_secs(23);
/// How soon health must say so.
const TOLD_WITHIN: Duration = Duration::from_secs(5);

/// A clock of the installation's folder, right as yet.
pub(super) fn beside(installation: &Installation) -> Result<WrongClock, Failed> {
    let root = installation.folder.root();
    WrongClock::make(root.parent().ok_or("the installation has no folder around it")?)
}

/// A start of the program that sees a clock.
pub(super) fn start_with(clock: &WrongClock) -> Start {
    Start { environment: clock.environment().to_vec(), ..Start::default() }
}

/// Whether a program that ended has refused to go on: it said why, and no signal ended it.
pub(super) fn refused(server: &Server, ended: ExitStatus) -> bool {
    ended.code().is_some_and(|code| code > 0) && server.log().contains("clock")
}

/// The business day, as the program shows it.
pub(super) fn business_day(installation: &Installation) -> Result<String, Failed> {
    Ok(said(&installation.operator(&["day"])?))
}

/// H8: the clock of a running server is 395 days ahead for a while.
pub(super) fn jump_while_serving(testbed: &Testbed) -> Result<Outcome, Failed> {
    let installation = testbed.install(&[])?;
    let clock = beside(&installation)?;
    let mut outcome =
        testbed.outcome("the clock of a running server is 395 days ahead", format!("for {} s", WRONG_FOR.as_secs()));
    let mut server = installation.serve(&start_with(&clock))?;
    let before = business_day(&installation)?;
    clock.wrong_by(395 * A_DAY)?;
    std::thread::sleep(TOLD_WITHIN);
    let answer = health(installation.plain);
    std::thread::sleep(WRONG_FOR.saturating_sub(TOLD_WITHIN));
    clock.wrong_by(0)?;
    let after = business_day(&installation)?;
    outcome.bound("the business day stays", format!("{before} → {after}"), before == after);
    let text = answer.map_or("no answer".to_owned(), |(status, text)| format!("{status} {text}"));
    outcome.bound("health says so within 5 s", text.clone(), text.contains("clock") || text.starts_with("503"));
    // The clock is right again.
    let victim = Victim::begin(&installation)?;
    std::thread::sleep(super::testbed::SETTLING);
    let watched = victim.end()?;
    outcome.victim(&watched);
    outcome.process(&mut server);
    Ok(outcome)
}

/// Its sibling: the machine starts with a wrong clock.
pub(super) fn start_with_a_wrong_clock(testbed: &Testbed) -> Result<Outcome, Failed> {
    let installation = testbed.install(&[])?;
    let clock = beside(&installation)?;
    let mut outcome =
        testbed.outcome("a start with the clock 395 days ahead, one 30 days behind, and a date mistyped", "one each");
    // It has served with the right clock before.
    let server = installation.serve(&Start::default())?;
    std::thread::sleep(super::testbed::SETTLING);
    server.stop()?;
    for (name, days) in [("ahead", 395), ("behind", -30)] {
        clock.wrong_by(days * A_DAY)?;
        // Certificates are not valid yet behind their first day; whether it starts at all is its own affair.
        let before = business_day(&installation)?;
        let mut server = installation.spawn(&start_with(&clock))?;
        let ended = server.ends_within(TOLD_WITHIN)?;
        let text = match (ended, health(installation.plain)) {
            (Some(how), _) => format!("refused: {how}"),
            (None, Some((status, text))) => format!("{status} {text}"),
            (None, None) => "no answer".to_owned(),
        };
        let says_so = ended.map_or_else(|| text.contains("clock"), |ended| refused(&server, ended));
        outcome.bound(format!("it says so ({name})"), text, says_so);
        server.signal("-TERM").ok();
        server.ends_within(Duration::from_secs(20))?;
        let after = business_day(&installation)?;
        outcome.bound(format!("the business day stays ({name})"), format!("{before} → {after}"), before == after);
    }
    for day in ["9999-12-31", "2031-01-02"] {
        let before = business_day(&installation)?;
        let output = installation.operator(&["day", day])?;
        let after = business_day(&installation)?;
        outcome.bound(
            format!("`operator day {day}` asks again"),
            said(&output),
            !output.status.success() && before == after,
        );
    }
    Ok(outcome)
}
