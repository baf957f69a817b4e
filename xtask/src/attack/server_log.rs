//! Family of row P6: the database's own log.

use std::fs;
use std::path::PathBuf;
use std::thread;

use super::database;
use super::failed::Failed;
use super::outcome::Outcome;
use super::server::Start;
use super::testbed::Testbed;
use super::victim::{PAYEE, Victim};

/// P6: a database that logs every statement.
pub(super) fn payees_in_the_log(testbed: &Testbed) -> Result<Outcome, Failed> {
    let cluster = testbed.cluster.ok_or("this attack needs PostgreSQL")?;
    let installation = testbed.install(&[])?;
    let mut outcome = testbed.outcome("the database logs every statement", "for some payments");
    let set = |name: &str, value: &str| database::set(&cluster, name, value);
    set("log_min_messages", "'log'");
    set("log_min_duration_statement", "0");
    set("log_parameter_max_length", "-1");
    let server = installation.serve(&Start::default())?;
    let log = server.log();
    server.stop()?;
    let warned = log.lines().find(|line| line.contains("log_parameter_max_length")).unwrap_or_default();
    outcome.bound("a start says what is to be set", warned.chars().take(200).collect::<String>(), !warned.is_empty());
    set("log_parameter_max_length", "0");
    set("log_error_verbosity", "terse");
    let path = PathBuf::from(database::folder(&cluster)).with_file_name("server.log");
    let before = fs::read_to_string(&path)?.len();
    let server = installation.serve(&Start::default())?;
    let victim = Victim::begin(&installation)?;
    thread::sleep(super::testbed::SETTLING);
    let watched = victim.end()?;
    server.stop()?;
    let written = fs::read_to_string(&path)?.split_off(before);
    let lines = written.lines().filter(|line| line.contains(PAYEE)).count();
    database::reset(&cluster);
    outcome.bound(
        "set so, no payee's account is in its log",
        format!("{lines} lines of {}, {} payments", written.lines().count(), watched.answered()),
        lines == 0 && watched.answered() > 0 && written.lines().count() > 10,
    );
    Ok(outcome)
}
