//! Family of row H8: a clock that jumps, and an operator who mistypes a date.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitStatus};
use std::time::Duration;

use super::failed::Failed;
use super::outcome::Outcome;
use super::server::{Installation, Server, Start, health, said};
use super::testbed::Testbed;
use super::victim::Victim;

const SECONDS_A_DAY: i64 = 24 * 3600;
/// How long the clock stays wrong: the service checks the calendar every 20 s.
const WRONG_FOR: Duration = Duration::from_secs(23);
/// How soon health must say so.
const TOLD_WITHIN: Duration = Duration::from_secs(5);

/// The machine's wall clock as a program sees it: wrong by the days that a file holds.
pub(crate) struct Clock {
    file: PathBuf,
    library: PathBuf,
}

impl Clock {
    /// A right one, beside the installation.
    pub(crate) fn beside(installation: &Installation) -> Result<Clock, Failed> {
        let root = installation.folder.root();
        let clock = Clock { file: root.with_file_name("clock"), library: root.with_file_name("clock.so") };
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src/attack/clock.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&clock.library).arg(source);
        if !compiler.status()?.success() {
            return Err("clock.c does not compile".into());
        }
        clock.wrong_by(0)?;
        Ok(clock)
    }

    /// From now on it is wrong by so many days.
    pub(crate) fn wrong_by(&self, days: i64) -> Result<(), Failed> {
        // A program that reads it meanwhile sees one of the two.
        let next = self.file.with_extension("next");
        fs::write(&next, (days * SECONDS_A_DAY).to_string())?;
        Ok(fs::rename(next, &self.file)?)
    }

    /// A start of a program that sees this clock.
    pub(crate) fn start(&self) -> Start {
        let variables = [("LD_PRELOAD", &self.library), ("TDAM_CLOCK_FILE", &self.file)];
        let environment = variables.map(|(name, path)| (name.to_owned(), path.to_string_lossy().into_owned()));
        Start { environment: environment.to_vec(), ..Start::default() }
    }
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
    let clock = Clock::beside(&installation)?;
    let mut outcome =
        testbed.outcome("the clock of a running server is 395 days ahead", format!("for {} s", WRONG_FOR.as_secs()));
    let mut server = installation.serve(&clock.start())?;
    let before = business_day(&installation)?;
    clock.wrong_by(395)?;
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
    let clock = Clock::beside(&installation)?;
    let mut outcome =
        testbed.outcome("a start with the clock 395 days ahead, one 30 days behind, and a date mistyped", "one each");
    // It has served with the right clock before.
    let server = installation.serve(&Start::default())?;
    std::thread::sleep(super::testbed::SETTLING);
    server.stop()?;
    for (name, days) in [("ahead", 395), ("behind", -30)] {
        clock.wrong_by(days)?;
        // Certificates are not valid yet behind their first day; whether it starts at all is its own affair.
        let before = business_day(&installation)?;
        let mut server = installation.spawn(&clock.start())?;
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
