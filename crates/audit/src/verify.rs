//! Verifies an export of the whole chain, against checkpoints that somebody kept.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read as _};

use crate::chain::{AUDIT_CHAIN_START, ChainedAuditLine, audit_hash};
use crate::checkpoint::Checkpoint;
use crate::export::{LINE_BYTES_MAX, LineError, line_from_json, line_to_json};
use crate::key::AuditPublicKey;

/// So many faults are listed; the first one says where to look, and behind a break nothing can be said anyway.
const FAULTS_MAX: usize = 20;

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Lines that follow each other from the first one on, each with the right hash.
    pub lines: i64,
    /// Checkpoints that agree with them.
    pub checkpoints: usize,
    /// The last line that a checkpoint confirms; 0 when none does. Lines after it are bound to each other by their hashes
    /// alone.
    pub confirmed: i64,
    /// What is wrong, in the order of lines. Empty: nothing.
    pub faults: Vec<Fault>,
}

/// Something is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Position of the line.
    pub sequence: i64,
    /// What.
    pub kind: FaultKind,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The text is no line as the exchange writes it, for this reason.
    NotReadable(String),
    /// Another line stands where this one should: lines were dropped, moved or inserted.
    OutOfOrder {
        /// The position that the line found there states.
        found: i64,
    },
    /// Its hash is not that of its text and of the hash before: it was changed, or something before it was.
    Changed,
    /// A checkpoint states another hash for it: the chain was rewritten.
    Rewritten,
    /// A checkpoint knows it, and the export ends before: the tail is missing.
    TailMissing,
    /// A checkpoint for it is not signed by the expected key.
    NotSigned,
    /// A checkpoint for it is of the chain of another exchange.
    OfAnotherExchange {
        /// Whose it is.
        exchange: String,
    },
}

/// Goes through an export, and compares it with checkpoints signed by `key`. The exchange is that of the first checkpoint
/// whose signature counts; memory does not grow with the lines.
///
/// # Errors
/// When the export cannot be read from where it lies.
pub fn verify(mut export: impl BufRead, checkpoints: &[Checkpoint], key: &AuditPublicKey) -> io::Result<Findings> {
    let mut findings = Findings::default();
    let mut expected = counting(checkpoints, key, &mut findings);
    let mut previous = AUDIT_CHAIN_START;
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let sequence = findings.lines + 1;
        let read = (&mut export).take(LINE_BYTES_MAX as u64).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            break;
        }
        let line = match exact(&bytes) {
            Ok(line) => line,
            Err(error) => {
                findings.note(sequence, FaultKind::NotReadable(error.to_string()));
                return Ok(findings);
            }
        };
        if let Err(kind) = check(&line, sequence, &previous) {
            // Behind a break no hash says anything.
            findings.note(sequence, kind);
            return Ok(findings);
        }
        for checkpoint in expected.remove(&sequence).unwrap_or_default() {
            if checkpoint.hash == line.hash {
                findings.checkpoints += 1;
                findings.confirmed = sequence;
            } else {
                findings.note(sequence, FaultKind::Rewritten);
            }
        }
        previous = line.hash;
        findings.lines = sequence;
    }
    for sequence in expected.into_keys() {
        findings.note(sequence, FaultKind::TailMissing);
    }
    Ok(findings)
}

/// The checkpoints that count, by line.
fn counting<'c>(
    checkpoints: &'c [Checkpoint],
    key: &AuditPublicKey,
    findings: &mut Findings,
) -> BTreeMap<i64, Vec<&'c Checkpoint>> {
    let mut exchange = None;
    let mut by_line: BTreeMap<i64, Vec<&Checkpoint>> = BTreeMap::new();
    for checkpoint in checkpoints {
        if checkpoint.key != *key || !checkpoint.is_signed() {
            findings.note(checkpoint.sequence, FaultKind::NotSigned);
            continue;
        }
        let of = exchange.get_or_insert(&checkpoint.exchange);
        if **of != checkpoint.exchange {
            let exchange = checkpoint.exchange.clone();
            findings.note(checkpoint.sequence, FaultKind::OfAnotherExchange { exchange });
            continue;
        }
        by_line.entry(checkpoint.sequence).or_default().push(checkpoint);
    }
    by_line
}

/// The line of an export, if it is byte for byte as the exchange writes it: JSON has several texts for the same values.
fn exact(bytes: &[u8]) -> Result<ChainedAuditLine, LineError> {
    let text = bytes.strip_suffix(b"\n").and_then(|text| str::from_utf8(text).ok()).ok_or(LineError::Cut)?;
    let line = line_from_json(text)?;
    if line_to_json(&line) == text { Ok(line) } else { Err(LineError::Form) }
}

fn check(line: &ChainedAuditLine, sequence: i64, previous: &[u8; 32]) -> Result<(), FaultKind> {
    if line.sequence != sequence {
        return Err(FaultKind::OutOfOrder { found: line.sequence });
    }
    if line.hash != audit_hash(previous, sequence, &line.line) {
        return Err(FaultKind::Changed);
    }
    Ok(())
}

impl Findings {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    fn note(&mut self, sequence: i64, kind: FaultKind) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(Fault { sequence, kind });
        }
    }
}
