//! Family of row H8: a clock that jumps, and an operator who mistypes a date.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::failed::Failed;
use super::outcome::Outcome;
use super::server::{Installation, Start, health, said};
use super::testbed::Testbed;
use super::victim::Victim;

/// Where Debian puts libraries of each architecture, and libfaketime in such a folder.
const LIBRARIES: &str = "/usr/lib";
const LIBRARY: &str = "faketime/libfaketime.so.1";
/// How long the clock stays wrong: the service checks the calendar every 20 s.
const WRONG_FOR: Duration = Duration::from_secs(23);
/// How soon health must say so.
const TOLD_WITHIN: Duration = Duration::from_secs(5);

/// A start whose clock differs from the machine's by a file's value; `None` where libfaketime is not installed.
pub(super) fn with_clock(file: &Path) -> Option<Start> {
    let folders = fs::read_dir(LIBRARIES).ok()?.filter_map(Result::ok);
    let library = folders.map(|folder| folder.path().join(LIBRARY)).find(|library| library.exists())?;
    let variables = [
        ("LD_PRELOAD", library.to_string_lossy().into_owned()),
        ("FAKETIME_TIMESTAMP_FILE", file.to_string_lossy().into_owned()),
        ("FAKETIME_NO_CACHE", "1".to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ("DONT_FAKE_MONOTONIC", "1".to_owned()),
    ];
    Some(Start { environment: variables.map(|(name, value)| (name.to_owned(), value)).to_vec(), ..Start::default() })
}

/// The business day, as the program shows it.
pub(super) fn business_day(installation: &Installation) -> Result<String, Failed> {
    Ok(said(&installation.operator(&["day"])?))
}

/// H8: the clock of a running server is 395 days ahead for a while.
pub(super) fn jump_while_serving(testbed: &Testbed) -> Result<Outcome, Failed> {
    let installation = testbed.install(&[])?;
    let clock = installation.folder.root().with_file_name("clock");
    fs::write(&clock, "+0d")?;
    let mut outcome =
        testbed.outcome("the clock of a running server is 395 days ahead", format!("for {} s", WRONG_FOR.as_secs()));
    let Some(start) = with_clock(&clock) else {
        outcome.skipped("the business day stays", "libfaketime is not installed (Debian: libfaketime)");
        return Ok(outcome);
    };
    let mut server = installation.serve(&start)?;
    let before = business_day(&installation)?;
    fs::write(&clock, "+395d")?;
    std::thread::sleep(TOLD_WITHIN);
    let answer = health(installation.plain);
    std::thread::sleep(WRONG_FOR.saturating_sub(TOLD_WITHIN));
    fs::write(&clock, "+0d")?;
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
    let clock = installation.folder.root().with_file_name("clock");
    let mut outcome =
        testbed.outcome("a start with the clock 395 days ahead, one 30 days behind, and a date mistyped", "one each");
    // It has served with the right clock before.
    let server = installation.serve(&Start::default())?;
    std::thread::sleep(super::testbed::SETTLING);
    server.stop()?;
    for (name, offset) in [("ahead", "+395d"), ("behind", "-30d")] {
        fs::write(&clock, offset)?;
        let Some(start) = with_clock(&clock) else {
            outcome.skipped(
                format!("the business day stays ({name})"),
                "libfaketime is not installed (Debian: libfaketime)",
            );
            continue;
        };
        // Certificates are not valid yet behind their first day; whether it starts at all is its own affair.
        let before = business_day(&installation)?;
        let mut server = installation.spawn(&start)?;
        let ended = server.ends_within(TOLD_WITHIN)?;
        let text = match (ended, health(installation.plain)) {
            (Some(how), _) => format!("refused: {how}"),
            (None, Some((status, text))) => format!("{status} {text}"),
            (None, None) => "no answer".to_owned(),
        };
        let says_so = ended.is_some() || text.contains("clock");
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
