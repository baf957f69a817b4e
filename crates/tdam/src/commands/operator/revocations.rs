//! `tdam operator revocations`: what a restored store must know before it serves anybody.
//!
//! Sources are files that somebody has outside the store: revocation lists as published, exports of the audit chain, fingerprints on paper.
//! A source can only take rights away, so a forged one costs service and gives nobody rights. A wrong one would leave rights that were
//! taken away, and an operator who believes otherwise. So a revocation list counts only with the signature of an authority that the
//! configuration names, an export only when it goes on where the copy ends, and a file that says nothing is refused.

mod export;
mod fingerprint;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use exchange::{LaterRevocation, LaterRights, Operator, RevokedCertificateName, Settling, TakenAway};
use jiff::Timestamp;
use store::{RestoreMark, StoreError};

use crate::commands::opened::open;
use crate::configuration::Configuration;
use crate::terminal::{Exit, Failure, Terminal};

/// Longest file of revocations that is read.
const FILE_BYTES_MAX: u64 = 1 << 30;
/// Begins a revocation list in PEM (RFC 7468).
const PEM_BEGIN: &str = "-----BEGIN X509 CRL-----";
/// Lines of an export that the command names.
const LINES_NAMED_MAX: usize = 50;

/// What to do about it.
#[derive(Subcommand, Debug, Clone)]
pub(in crate::commands) enum Act {
    /// Bring in what was revoked, suspended, blocked and ended after the copy, and let the store serve
    Bring {
        /// Revocation lists (DER or PEM), exports of the audit chain, or files with a fingerprint on each line
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        grounds: Grounds,
    },
    /// State that nothing was revoked after the copy, and let the store serve
    None {
        #[command(flatten)]
        grounds: Grounds,
    },
    /// Mark a PostgreSQL database as restored that its own tools have restored; `tdam restore` marks by itself
    Restored {
        /// The moment of the copy, such as 2026-11-30T08:00:00Z
        #[arg(long, value_name = "TIME")]
        as_of: Timestamp,
    },
}

/// Who answers for it. The audit chain keeps both.
#[derive(Args, Debug, Clone)]
pub(in crate::commands) struct Grounds {
    /// Your name
    #[arg(long, value_name = "NAME", value_parser = said)]
    by: String,
    /// Why you are sure that nothing is missing
    #[arg(long, value_name = "TEXT", value_parser = said)]
    reason: String,
}

fn said(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("say it".to_owned()) } else { Ok(text.trim().to_owned()) }
}

pub(super) async fn run(configuration: &Configuration, act: Option<Act>, terminal: &Terminal) -> Result<Exit, Failure> {
    let (store, operator) = open(configuration).await?;
    let mark = operator.unsettled_restore().await.map_err(Failure::service)?;
    let (files, grounds) = match act {
        None => return show(mark, terminal),
        Some(Act::Restored { as_of }) => {
            let is_new = operator.mark_restored(as_of).await.map_err(Failure::service)?;
            terminal.line(if is_new { "Marked: it serves nobody yet." } else { "It is marked already." });
            return Ok(Exit::Done);
        }
        Some(Act::Bring { files, grounds }) => (files, grounds),
        Some(Act::None { grounds }) => (Vec::new(), grounds),
    };
    let Some(mark) = mark else {
        return Err(Failure::Usage("no restore waits here: the store serves as it is".to_owned()));
    };
    // No service begins while the store is between not knowing and knowing.
    let _lock = match configuration.store.is_a_server() {
        true => None,
        false => Some(store.lock_for_serving().map_err(|error| match error {
            StoreError::Serving(_) => {
                Failure::Unavailable("another command or a service works on it: try again".to_owned())
            }
            error => Failure::service(error),
        })?),
    };
    let (mut revocations, mut rights) = (Vec::new(), None);
    for path in &files {
        match read(path, configuration, mark)? {
            Source::Revocations(found) => revocations.extend(found),
            Source::Export(text) => {
                let found = export::read(&text, &operator, mark).await?;
                let found = found.map_err(|why| Failure::Usage(format!("{}: {why}", path.display())))?;
                revocations.extend(found.revocations);
                if rights.replace(found.rights).is_some() {
                    return Err(Failure::Usage("one export of the audit chain is enough: bring the newest".to_owned()));
                }
            }
        }
    }
    let Grounds { by, reason } = grounds;
    let names: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    let source = if names.is_empty() { "nowhere".to_owned() } else { names.join(", ") };
    settle(&operator, &revocations, rights, Settling { by, why: reason, source }, terminal).await
}

fn show(mark: Option<RestoreMark>, terminal: &Terminal) -> Result<Exit, Failure> {
    let Some(mark) = mark else {
        terminal.line("No restore waits here.");
        return Ok(Exit::Done);
    };
    terminal.line(format_args!("Restored {:.0} from a copy of {:.0}. It serves nobody yet.", mark.at, mark.as_of));
    Ok(Exit::Refused)
}

async fn settle(
    operator: &Operator,
    revocations: &[LaterRevocation],
    rights: Option<LaterRights>,
    settling: Settling,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let by_hand: Option<Vec<i64>> = rights.as_ref().map(|rights| rights.by_hand().collect());
    let rights = rights.unwrap_or_default();
    let Some(brought) = operator.settle_restore(revocations, rights, settling).await.map_err(Failure::service)? else {
        return Err(Failure::Usage("somebody else has settled it".to_owned()));
    };
    terminal.line(format_args!(
        "Certificates revoked now: {}, before: {}, unknown here: {}. Enrolment codes withdrawn: {}; make new ones.",
        brought.revoked, brought.known, brought.unknown, brought.codes
    ));
    let TakenAway { suspended, signing, accounts, persons, grants, limits } = brought.taken_away;
    match by_hand {
        None => terminal.line(
            "The store may serve. Suspensions, blocked accounts, withdrawn accounts and ended persons from after the copy are not in it: do them again. \
             An export of the audit chain would have brought them.",
        ),
        Some(lines) => {
            terminal.line(format_args!(
                "Taken away again: online users suspended: {suspended}, that have to sign: {signing}; accounts blocked or closed: \
                 {accounts}; persons ended or with fewer roles: {persons}; online users with fewer accounts: {grants}; accounts \
                 with lower limits: {limits}."
            ));
            if !lines.is_empty() {
                let numbers: Vec<String> = lines.iter().take(LINES_NAMED_MAX).map(i64::to_string).collect();
                let more = lines.len().saturating_sub(LINES_NAMED_MAX);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                terminal.line(format_args!(
                    "Modes, networks, limits of days and signature cards may be narrower than in the copy. Look at these lines of the export, \
                     and do them again: {}{more}.",
                    numbers.join(", ")
                ));
            }
            terminal.line("The store may serve.");
        }
    }
    Ok(Exit::Done)
}

/// What a file brings.
enum Source {
    Revocations(Vec<LaterRevocation>),
    /// The text of an export of the audit chain.
    Export(String),
}

/// What a file brings, whatever kind it is of.
fn read(path: &Path, configuration: &Configuration, mark: RestoreMark) -> Result<Source, Failure> {
    let wrong = |why: &dyn std::fmt::Display| Failure::Usage(format!("{}: {why}", path.display()));
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(Failure::input(path))?;
    let read = file.take(FILE_BYTES_MAX).read_to_end(&mut bytes).map_err(Failure::input(path))?;
    if read as u64 == FILE_BYTES_MAX {
        return Err(wrong(&"it is longer than any list of revocations"));
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            return of_list(error.as_bytes(), configuration, mark).map(Source::Revocations).map_err(|why| wrong(&why));
        }
    };
    if text.contains(PEM_BEGIN) {
        let der = pki::revocation_list_der(&text).map_err(|error| wrong(&error))?;
        return of_list(&der, configuration, mark).map(Source::Revocations).map_err(|why| wrong(&why));
    }
    if text.starts_with('{') {
        return Ok(Source::Export(text));
    }
    let mut found = Vec::new();
    for (number, line) in (1_usize..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        found.push(fingerprint::revoked(line).map_err(|why| wrong(&format_args!("line {number}: {why}")))?);
    }
    if found.is_empty() {
        return Err(wrong(&"it says nothing; `tdam operator revocations none` states that nothing was revoked"));
    }
    Ok(Source::Revocations(found))
}

/// A revocation list that one of the configured authorities has signed, after the copy was made.
fn of_list(der: &[u8], configuration: &Configuration, mark: RestoreMark) -> Result<Vec<LaterRevocation>, String> {
    let trusted = &configuration.tls.client_authority;
    let pem = std::fs::read_to_string(trusted).map_err(|error| format!("{}: {error}", trusted.display()))?;
    let authorities = pki::certificates_der(&pem).map_err(|error| format!("{}: {error}", trusted.display()))?;
    let known = authorities.iter().find_map(|authority| pki::describe_revocation_list(der, authority).ok());
    let list = known.ok_or_else(|| format!("it is no revocation list of an authority in {}", trusted.display()))?;
    // A list counts in whole seconds.
    if list.this_update.as_second() < mark.as_of.as_second() {
        return Err(format!(
            "this revocation list is of {:.0}, older than the copy: it says nothing of the time since",
            list.this_update
        ));
    }
    let revoked = list.revoked.into_iter().map(|one| LaterRevocation {
        certificate: RevokedCertificateName::Serial(one.serial),
        at: Some(one.at),
        reason: one.reason,
    });
    Ok(revoked.collect())
}
