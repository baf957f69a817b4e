//! `tdam send --check-signature`: shows how the exchange judges the signature of a request, step by step.

use std::path::{Path, PathBuf};

use client::{Body, Client, SignatureCheck};
use serde_json::json;

use super::runtime::in_runtime;
use super::standard_input::read_stdin;
use crate::terminal::{Exit, Failure, Style, Terminal};

pub(super) fn run(client: &Client, files: &[PathBuf], as_json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    in_runtime(async {
        let (mut exit, mut all) = (Exit::Done, Vec::new());
        for path in files {
            let body = if path == Path::new("-") { Body::bytes(read_stdin()?) } else { Body::file(path) };
            let check = client.check_signature(body, Some(terminal.client_language())).await?;
            if !check.accepted {
                exit = Exit::Refused;
            }
            if as_json {
                all.push(json!({ "file": path.display().to_string(), "check": check }));
            } else {
                print(path, &check, terminal);
            }
        }
        if as_json {
            terminal.json(&json!({ "files": all }));
        }
        Ok(exit)
    })?
}

fn print(path: &Path, check: &SignatureCheck, terminal: &Terminal) {
    terminal.line(terminal.paint(Style::Strong, path.display()));
    for step in &check.steps {
        let word = if step.passed { "ok" } else { "FAILS" };
        terminal.line(format_args!("  {:<10} {word:<6} {}", step.step, step.detail));
    }
    if let (Some(code), Some(text)) = (&check.code, &check.text) {
        terminal.line(format_args!("  {code} {text}"));
    }
    if let Some(base) = check.signature_base.as_deref().filter(|_| !check.accepted) {
        base.lines().for_each(|line| terminal.line(format_args!("  | {line}")));
    }
}
