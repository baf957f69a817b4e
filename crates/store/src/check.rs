//! Checks a store: rules that no constraint can express, the invariants, and the audit chain. The same for every store;
//! each store has its own queries and the check of its own structure.

use std::io::{self, Read};

use payments::invariants::Facts;
use sha2::{Digest, Sha256};

use crate::bounds::BODY_READ_BYTES;
use crate::consistency_checks::{FAULTS, Fault};
use crate::{CheckReport, StoreError};

/// Asks all questions; `ask` asks one.
pub(crate) fn check_consistency(
    report: &mut CheckReport,
    mut ask: impl FnMut(&Fault) -> Result<i64, StoreError>,
) -> Result<(), StoreError> {
    for fault in FAULTS {
        let (text, count) = (fault.text, ask(fault));
        match report.readable(text, count)? {
            None | Some(0) => {}
            Some(count) => report.add(format!("{text}: {count}")),
        }
    }
    Ok(())
}

/// The invariants over sums.
pub(crate) fn report_violations(report: &mut CheckReport, facts: &Facts) {
    payments::invariants::check(facts).iter().for_each(|violation| report.add(violation.to_string()));
}

/// How far the audit chain verifies, and the first line that does not.
pub(crate) fn report_chain(report: &mut CheckReport, (verified, broken): (i64, Option<i64>)) {
    report.audit_lines = verified;
    if let Some(sequence) = broken {
        report.add(format!("j: the audit chain breaks at line {sequence}"));
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
