//! `tdam audit verify`: whether an export is the chain that checkpoints confirm.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use audit::{AuditPublicKey, Checkpoint, FaultKind, Findings};
use serde_json::json;

use crate::terminal::{Exit, Failure, Terminal};

/// Longest line of a file of checkpoints, in bytes.
const CHECKPOINT_BYTES_MAX: u64 = 64 << 10;
/// So many checkpoints are read: those of thirty years at intervals of a quarter of an hour.
const CHECKPOINTS_MAX: usize = 1 << 20;

/// What is verified, and by what.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// The export (`tdam audit export`)
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The public audit key: 64 hexadecimal digits, or a file with them (`pki/audit.pub`)
    #[arg(long, value_name = "PUBLIC")]
    key: String,
    /// Checkpoints that somebody kept elsewhere (`tdam audit checkpoints --json`, or those of a backup); may be given several times
    #[arg(long, value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
    /// Print the findings as a JSON object
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let key = public_key(&arguments.key)?;
    let mut checkpoints = Vec::new();
    for path in &arguments.checkpoints {
        read_checkpoints(path, &mut checkpoints)?;
    }
    let file = File::open(&arguments.file).map_err(Failure::input(&arguments.file))?;
    let findings = audit::verify(BufReader::new(file), &checkpoints, &key).map_err(Failure::input(&arguments.file))?;
    if arguments.json {
        terminal.json(&as_json(&findings));
    } else {
        show(&findings, terminal);
    }
    Ok(if findings.is_sound() { Exit::Done } else { Exit::Refused })
}

fn public_key(text: &str) -> Result<AuditPublicKey, Failure> {
    if let Ok(key) = AuditPublicKey::read(text) {
        return Ok(key);
    }
    let path = Path::new(text);
    let file = File::open(path).map_err(Failure::input(path))?;
    let mut digits = String::new();
    file.take(CHECKPOINT_BYTES_MAX).read_to_string(&mut digits).map_err(Failure::input(path))?;
    AuditPublicKey::read(digits.trim()).map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))
}

fn read_checkpoints(path: &Path, checkpoints: &mut Vec<Checkpoint>) -> Result<(), Failure> {
    let mut file = BufReader::new(File::open(path).map_err(Failure::input(path))?);
    let mut number = 0_u64;
    loop {
        let mut line = String::new();
        let read = (&mut file).take(CHECKPOINT_BYTES_MAX).read_line(&mut line).map_err(Failure::input(path))?;
        if read == 0 {
            return Ok(());
        }
        number += 1;
        if line.trim().is_empty() {
            continue;
        }
        let wrong =
            |error: &dyn std::fmt::Display| Failure::Usage(format!("{}: line {number}: {error}", path.display()));
        if checkpoints.len() == CHECKPOINTS_MAX {
            return Err(wrong(&format_args!("more than {CHECKPOINTS_MAX} checkpoints are not read")));
        }
        checkpoints.push(Checkpoint::from_json(line.trim_end()).map_err(|error| wrong(&error))?);
    }
}

fn show(findings: &Findings, terminal: &Terminal) {
    for fault in &findings.faults {
        terminal.line(format_args!("Line {}: {}", fault.sequence, said(&fault.kind)));
    }
    let Findings { lines, checkpoints, confirmed, .. } = findings;
    if !findings.is_sound() {
        terminal.line(format_args!("The chain is not sound. {lines} lines verify before the first break."));
        return;
    }
    terminal.line(format_args!(
        "Lines that verify: {lines}. Checkpoints: {checkpoints}; they confirm lines 1 to {confirmed}."
    ));
    if *checkpoints == 0 {
        terminal.note(
            "without checkpoints, nobody can tell a chain that was rewritten as a whole, or cut, from the true one",
        );
    } else if confirmed < lines {
        let behind = lines - confirmed;
        terminal
            .note(format_args!("the last {behind} lines are bound by their hashes alone: no checkpoint covers them"));
    }
}

fn said(kind: &FaultKind) -> String {
    match kind {
        FaultKind::NotReadable(why) => format!("{why}."),
        FaultKind::OutOfOrder { found } => {
            format!("line {found} stands here: lines were dropped, moved or inserted.")
        }
        FaultKind::Changed => {
            "its hash is not that of its content and of the line before: one of them was changed.".to_owned()
        }
        FaultKind::Rewritten => "a checkpoint states another hash: the chain was rewritten after it.".to_owned(),
        FaultKind::TailMissing => {
            "a checkpoint knows it, and the export ends before: the end of the chain is missing.".to_owned()
        }
        FaultKind::NotSigned => "its checkpoint is not signed by the given key.".to_owned(),
        FaultKind::OfAnotherExchange { exchange } => {
            format!("its checkpoint is of the exchange {exchange}, unlike the others.")
        }
    }
}

fn as_json(findings: &Findings) -> serde_json::Value {
    let faults = findings.faults.iter().map(|fault| json!({ "line": fault.sequence, "what": said(&fault.kind) }));
    json!({
        "sound": findings.is_sound(),
        "lines": findings.lines,
        "checkpoints": findings.checkpoints,
        "confirmed": findings.confirmed,
        "faults": faults.collect::<Vec<_>>(),
    })
}
