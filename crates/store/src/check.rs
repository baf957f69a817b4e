//! Checking a store: what no constraint can say, the invariants, and the audit chain. The same for every store; how rows
//! are asked for, and what a store's own structure is, stands with each.

use std::io::{self, Read};

use payments::invariants::Facts;
use sha2::{Digest, Sha256};

use crate::bounds::BODY_READ_BYTES;
use crate::faults::{FAULTS, Fault, TAIL};
use crate::{CheckReport, StoreError};

/// Asks all questions. `tail` is the table that knows the newest sequence; `count` asks one.
pub(crate) fn tell_faults(
    report: &mut CheckReport,
    tail: &str,
    mut count: impl FnMut(&str) -> Result<i64, StoreError>,
) -> Result<(), StoreError> {
    for Fault { text, sql } in FAULTS {
        let count = count(&sql.replace(TAIL, tail));
        match report.readable(text, count)? {
            None | Some(0) => {}
            Some(count) => report.tell(format!("{text}: {count}")),
        }
    }
    Ok(())
}

impl CheckReport {
    /// What cannot be read is a finding, and the check goes on.
    pub(crate) fn readable<T>(&mut self, what: &str, read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(StoreError::Corrupt(text)) => {
                self.tell(format!("{what} cannot be read: {text}"));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// The invariants over sums.
pub(crate) fn tell_violations(report: &mut CheckReport, facts: &Facts) {
    payments::invariants::check(facts).iter().for_each(|violation| report.tell(violation.to_string()));
}

/// How far the audit chain verifies, and the first line that does not.
pub(crate) fn tell_chain(report: &mut CheckReport, (verified, broken): (i64, Option<i64>)) {
    report.audit_lines = verified;
    if let Some(sequence) = broken {
        report.tell(format!("j: the audit chain breaks at line {sequence}"));
    }
}

/// The hash of a body, read in bounded memory.
pub(crate) fn digest(from: &mut dyn Read) -> io::Result<[u8; 32]> {
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; BODY_READ_BYTES]);
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(hash.finalize().into()),
            read => hash.update(&buffer[..read]),
        }
    }
}
