//! `tdam evidence`: takes the evidence of a signed submission out of an exchange, and verifies it anywhere.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;
use signatures::digest::Sha256Sum;

use super::configuration::ConfigurationFile;
use super::runtime::service;
use crate::acts::{self, ActOutcome};
use crate::evidence::{EvidenceFile, FORMAT, Finding, verify};
use crate::terminal::{Exit, Failure, Terminal};

const READ_BYTES: usize = 64 << 10;
/// Longest file of evidence that is read, in bytes: a revocation list may name many certificates.
const EVIDENCE_BYTES_MAX: u64 = 64 << 20;
/// Longest file of authorities that is read, in bytes.
const AUTHORITIES_BYTES_MAX: u64 = 1 << 20;

/// Evidence of signed submissions: take it out of the exchange, and verify it without the exchange.
#[derive(Args, Debug)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand, Debug, Clone)]
enum Act {
    /// Print the evidence of a signed submission, as JSON. The audit notes who read it
    Export {
        /// The number of the submission, or the MsgId of its message
        #[arg(value_name = "SUBMISSION|MSG_ID")]
        of: String,
        /// What is given is a MsgId, although it is a number
        #[arg(long)]
        msg_id: bool,
        #[command(flatten)]
        config: ConfigurationFile,
    },
    /// Verify evidence as of the moment of its request: signature, body, certificate, revocation. Asks no exchange
    Verify {
        /// A file that `tdam evidence export` printed
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The body that was signed, to compare it
        #[arg(long, value_name = "FILE")]
        body: Option<PathBuf>,
        /// The authorities that you trust (PEM); those in the evidence prove nothing by themselves
        #[arg(long, value_name = "FILE")]
        authority: PathBuf,
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
    },
}

impl Arguments {
    pub(super) fn wants_json(&self) -> bool {
        matches!(self.act, Act::Verify { json: true, .. })
    }
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    match arguments.act {
        Act::Export { of, msg_id, config } => export(&of, msg_id, &config, terminal),
        Act::Verify { file, body, authority, json } => verified(&file, body.as_deref(), &authority, json, terminal),
    }
}

fn export(of: &str, is_msg_id: bool, config: &ConfigurationFile, terminal: &Terminal) -> Result<Exit, Failure> {
    let configuration = config.read()?;
    let act = match of.parse() {
        Ok(submission) if !is_msg_id => acts::Act::EvidenceOfSubmission(submission),
        _ => acts::Act::EvidenceOfMessage(of.to_owned()),
    };
    service(async {
        let ActOutcome::Evidence(file) = acts::act(&configuration, &act).await? else {
            return Err(Failure::Other("the service answered something else".to_owned()));
        };
        terminal.line(serde_json::to_string_pretty(&file).map_err(Failure::service)?);
        Ok(Exit::Done)
    })
}

fn verified(
    file: &Path,
    body: Option<&Path>,
    authority: &Path,
    as_json: bool,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let evidence = read(file)?;
    let authorities = authorities(authority)?;
    let body = body.map(sha256_of).transpose()?;
    let findings = verify(&evidence, body.as_ref(), &authorities);
    let holds = findings.iter().all(|finding| finding.holds != Some(false));
    if as_json {
        terminal.json(&json!({ "holds": holds, "submission": evidence.submission, "findings": findings }));
    } else {
        let message = evidence.message_id.as_deref().unwrap_or("-");
        terminal.line(format_args!(
            "submission {} ({message}) of {}, {}, received {}",
            evidence.submission, evidence.online_user, evidence.client, evidence.received_at
        ));
        for Finding { look, holds, detail } in &findings {
            let word = match holds {
                Some(true) => "holds",
                Some(false) => "FAILS",
                None => "not compared",
            };
            terminal.line(format_args!("  {look:<12} {word:<13} {detail}"));
        }
    }
    Ok(if holds { Exit::Done } else { Exit::Refused })
}

fn read(path: &Path) -> Result<EvidenceFile, Failure> {
    let wrong = |why: &dyn std::fmt::Display| Failure::Usage(format!("{}: no evidence: {why}", path.display()));
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(Failure::input(path))?;
    file.take(EVIDENCE_BYTES_MAX).read_to_end(&mut bytes).map_err(Failure::input(path))?;
    let evidence: EvidenceFile = serde_json::from_slice(&bytes).map_err(|error| wrong(&error))?;
    let format = &evidence.format;
    if format == FORMAT { Ok(evidence) } else { Err(wrong(&format_args!("the format is {format:?}"))) }
}

fn authorities(path: &Path) -> Result<Vec<Vec<u8>>, Failure> {
    let wrong = |why: &dyn std::fmt::Display| Failure::Usage(format!("{}: {why}", path.display()));
    let mut text = String::new();
    let file = File::open(path).map_err(Failure::input(path))?;
    file.take(AUTHORITIES_BYTES_MAX).read_to_string(&mut text).map_err(Failure::input(path))?;
    pki::certificates_der(&text).map_err(|error| wrong(&error))
}

fn sha256_of(path: &Path) -> Result<[u8; 32], Failure> {
    let mut file = File::open(path).map_err(Failure::input(path))?;
    let (mut sum, mut buffer) = (Sha256Sum::default(), vec![0; READ_BYTES]);
    loop {
        match file.read(&mut buffer).map_err(Failure::input(path))? {
            0 => return Ok(sum.end()),
            read => sum.add(buffer.get(..read).unwrap_or_default()),
        }
    }
}
