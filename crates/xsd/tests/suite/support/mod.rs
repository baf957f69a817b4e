//! The official schemas and sample messages, where they are at hand; verdicts, ours and libxml2's.
//!
//! The repository contains none of this. Tests look in the folder that `TDAM_REFERENCE` names, else in
//! `../shared/reference` beside the repository.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use xsd::{Bounds, Event, Finding, Model, Schema, Selection, Validator};

/// The reference folder; `None`, said in a line, if there is none.
pub fn reference() -> Option<PathBuf> {
    let folder = match std::env::var_os("TDAM_REFERENCE") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference"),
    };
    if folder.join("xsd").is_dir() {
        return Some(folder);
    }
    println!("skipped: no reference folder (TDAM_REFERENCE)");
    None
}

/// Whether xmllint can be run; says so if not.
pub fn has_xmllint() -> bool {
    let found = Command::new("xmllint").arg("--version").output().is_ok();
    if !found {
        println!("skipped: no xmllint");
    }
    found
}

/// The official schemas: message type, file, model.
pub fn official_models(reference: &Path) -> Vec<(String, PathBuf, Model)> {
    let mut models: Vec<_> = std::fs::read_dir(reference.join("xsd"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "xsd"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let model =
                xsd::model::read_xsd(&std::fs::read(&path).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, path, model)
        })
        .collect();
    models.sort_by(|a, b| a.0.cmp(&b.0));
    models
}

/// Sample files of one message type.
pub fn samples(reference: &Path, message_type: &str) -> Vec<PathBuf> {
    let Ok(folder) = std::fs::read_dir(reference.join("samples").join(message_type)) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "xml"));
    files.sort();
    files
}

/// What we say of a document.
#[allow(dead_code, reason = "a failing assertion shows it")]
#[derive(Debug)]
pub enum Verdict {
    Valid,
    Invalid(Vec<Finding>),
    Refused(xsd::ReadError),
}

impl Verdict {
    pub fn is_valid(&self) -> bool {
        matches!(self, Verdict::Valid)
    }
}

/// Our verdict.
pub fn judge(schema: &Schema, document: &[u8]) -> Verdict {
    judge_from(schema, document)
}

/// Our verdict on what a reader gives.
pub fn judge_from(schema: &Schema, document: impl std::io::Read) -> Verdict {
    let nothing = Selection::nothing(schema);
    let mut validator = Validator::new(schema, &nothing, document, Bounds::default());
    match validator.next() {
        Ok(Event::End) => {}
        Ok(event) => panic!("nothing was selected: {event:?}"),
        Err(error) => return Verdict::Refused(error),
    }
    let findings = validator.findings();
    if findings.is_empty() { Verdict::Valid } else { Verdict::Invalid(findings.as_slice().to_vec()) }
}

/// Which of these files in a folder libxml2 accepts. (All comparisons with the official schemas: `cargo xtask equivalence`.)
pub fn valid_for_libxml2(folder: &Path, xsd: &str, files: &[String]) -> HashSet<String> {
    let mut xmllint = Command::new("xmllint");
    xmllint.current_dir(folder).args(["--noout", "--nonet", "--schema", xsd]).args(files);
    let said = xmllint.output().unwrap().stderr;
    let said = String::from_utf8_lossy(&said);
    said.lines().filter_map(|line| line.strip_suffix(" validates")).map(str::to_owned).collect()
}
