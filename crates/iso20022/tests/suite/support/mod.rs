//! Code that the tests share: random values, and the official schemas as oracle where they are available.

pub mod values;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use iso20022::{MessageType, camt, camt060, pain001, pain002};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// The folder with the official schemas and public samples; `None`, said in one line, where it is not at hand.
pub fn reference() -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/reference"));
    let folder = std::env::var_os("TDAM_REFERENCE").map_or_else(beside, PathBuf::from);
    if folder.join("xsd").is_dir() {
        return Some(folder);
    }
    println!("skipped: no reference folder (TDAM_REFERENCE)");
    None
}

/// What libxml2 says with the official schema: `Ok` if it accepts, else its words. `None` where it cannot be asked.
pub fn official_verdict(message_type: MessageType, xml: &[u8]) -> Option<Result<(), String>> {
    let schema = reference()?.join("xsd").join(format!("{message_type}.xsd"));
    let spawned = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .arg(schema)
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = spawned else {
        println!("skipped: no xmllint");
        return None;
    };
    let mut input = child.stdin.take().unwrap();
    let xml = xml.to_vec();
    // From a thread: a document with many errors would fill the pipe of the answer first.
    let feeder = std::thread::spawn(move || input.write_all(&xml));
    let output = child.wait_with_output().unwrap();
    let _ = feeder.join();
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(if output.status.success() { Ok(()) } else { Err(words) })
}

/// Asserts that libxml2 accepts a document, where it can be asked.
pub fn assert_officially_valid(message_type: MessageType, xml: &[u8]) {
    if let Some(Err(words)) = official_verdict(message_type, xml) {
        panic!("{words}\n{}", String::from_utf8_lossy(xml));
    }
}

/// Values of a strategy, the same ones in every run.
pub fn samples<S: Strategy>(strategy: S, count: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// Our verdict: the findings in words after reading to the end, or why reading ended.
pub fn our_verdict(message_type: MessageType, xml: &[u8]) -> Result<Vec<String>, xsd::ReadError> {
    let bounds = xsd::Bounds::default();
    macro_rules! read_with {
        ($module:ident) => {{
            let mut reader = $module::Reader::new(message_type, xml, bounds);
            while reader.next()?.is_some() {}
            Ok(reader.findings().iter().map(ToString::to_string).collect())
        }};
    }
    match message_type {
        MessageType::Pain001V03 | MessageType::Pain001V09 => read_with!(pain001),
        MessageType::Pain002V03 | MessageType::Pain002V10 => read_with!(pain002),
        MessageType::Camt060V03 | MessageType::Camt060V05 => read_with!(camt060),
        _ => read_with!(camt),
    }
}

/// Asserts that we accept a document.
pub fn assert_valid(message_type: MessageType, xml: &[u8]) {
    let findings = our_verdict(message_type, xml).unwrap();
    assert!(findings.is_empty(), "{findings:#?}\n{}", String::from_utf8_lossy(xml));
}
