//! `tdam operator revocations`: what a restored store must know before it serves anybody.
//!
//! Sources are files that somebody has outside the store: revocation lists as published, exports of the audit chain, fingerprints on paper.
//! A source can only revoke, so a forged one costs service and gives nobody rights; a revocation list counts only with the signature of an
//! authority that the configuration names.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use audit::line_from_json;
use clap::{Args, Subcommand};
use exchange::{LaterRevocation, Operator, RevocationReason, RevokedCertificateName, Settling};
use jiff::Timestamp;
use store::{Fingerprint, RestoreMark, StoreError};

use crate::acts;
use crate::commands::opened::open;
use crate::configuration::Configuration;
use crate::terminal::{Exit, Failure, Terminal};

/// Longest file of revocations that is read.
const FILE_BYTES_MAX: u64 = 1 << 30;
/// Begins a revocation list in PEM (RFC 7468).
const PEM_BEGIN: &str = "-----BEGIN X509 CRL-----";

/// What to do about it.
#[derive(Subcommand, Debug, Clone)]
pub(in crate::commands) enum Act {
    /// Bring in revocations from after the copy, and let the store serve
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
    let mut revocations = Vec::new();
    for path in &files {
        revocations.extend(read(path, configuration, mark)?);
    }
    let Grounds { by, reason } = grounds;
    let names: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    let source = if names.is_empty() { "nowhere".to_owned() } else { names.join(", ") };
    settle(&operator, &revocations, Settling { by, why: reason, source }, terminal).await
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
    settling: Settling,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let Some(brought) = operator.settle_restore(revocations, settling).await.map_err(Failure::service)? else {
        return Err(Failure::Usage("somebody else has settled it".to_owned()));
    };
    terminal.line(format_args!(
        "Certificates revoked now: {}, before: {}, unknown here: {}. Enrolment codes withdrawn: {}; make new ones.",
        brought.revoked, brought.known, brought.unknown, brought.codes
    ));
    terminal.line("The store may serve. Suspensions, blocked accounts and ended persons from after the copy are not in it: do them again.");
    Ok(Exit::Done)
}

/// The revocations of a file, whatever kind it is of.
fn read(path: &Path, configuration: &Configuration, mark: RestoreMark) -> Result<Vec<LaterRevocation>, Failure> {
    let wrong = |why: &dyn std::fmt::Display| Failure::Usage(format!("{}: {why}", path.display()));
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(Failure::input(path))?;
    let read = file.take(FILE_BYTES_MAX).read_to_end(&mut bytes).map_err(Failure::input(path))?;
    if read as u64 == FILE_BYTES_MAX {
        return Err(wrong(&"it is longer than any list of revocations"));
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return of_list(error.as_bytes(), configuration, mark).map_err(|why| wrong(&why)),
    };
    if text.contains(PEM_BEGIN) {
        let der = pki::revocation_list_der(&text).map_err(|error| wrong(&error))?;
        return of_list(&der, configuration, mark).map_err(|why| wrong(&why));
    }
    let mut found = Vec::new();
    for (number, line) in (1_usize..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let of_line = if line.starts_with('{') { of_audit_line(line) } else { of_fingerprint(line).map(Some) };
        found.extend(of_line.map_err(|why| wrong(&format_args!("line {number}: {why}")))?);
    }
    Ok(found)
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

/// A line of an export of the audit chain; `None` when it revokes nothing.
fn of_audit_line(line: &str) -> Result<Option<LaterRevocation>, String> {
    let line = line_from_json(line).map_err(|error| error.to_string())?.line;
    if line.action != "certificate.revoked" && line.action != "person.certificate-revoked" {
        return Ok(None);
    }
    let mut words = line.detail.split(' ');
    let mut found = of_fingerprint(words.next().unwrap_or_default())?;
    found.at = Some(line.at);
    let name = (words.next() == Some("reason")).then(|| words.next()).flatten();
    if let Some(reason) = RevocationReason::ALL.into_iter().find(|reason| Some(reason.name()) == name) {
        found.reason = reason;
    }
    Ok(Some(found))
}

fn of_fingerprint(text: &str) -> Result<LaterRevocation, String> {
    let digits = acts::fingerprint_of(text.trim());
    let fingerprint = digits.ok_or_else(|| format!("{text:?} is no fingerprint of 64 hexadecimal digits"))?;
    let certificate = RevokedCertificateName::Fingerprint(Fingerprint(fingerprint));
    Ok(LaterRevocation { certificate, at: None, reason: RevocationReason::Unspecified })
}
