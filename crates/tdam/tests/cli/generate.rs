//! `tdam generate`: valid, decided by its settings, wrong only where it is asked to be.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use iso20022::MessageType;
use serde_json::Value;
use tdam::generate::{DEBTOR_ACCOUNT, Flaw, PAYEE_ACCOUNTS, PaymentBatch};

use crate::{run, tdam};

const DATE: &str = "2026-11-24";

fn batch(transactions: u32, seed: u64) -> PaymentBatch {
    PaymentBatch::new(transactions, seed, DATE.parse().unwrap())
}

fn xml(batch: &PaymentBatch) -> Vec<u8> {
    let mut xml = Vec::new();
    batch.write(&mut xml).unwrap();
    xml
}

fn validate(path: &Path) -> (i32, Value) {
    let ran = run(tdam(["validate", "--json", "--date", DATE]).arg(path));
    let mut value: Value = serde_json::from_str(&ran.out).unwrap();
    (ran.exit, value["files"][0].take())
}

/// Whatever the seed and the number, both generations are in order.
#[test]
fn what_is_generated_is_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.xml");
    for (message_type, seed, transactions) in (0..24).map(|case| {
        let message_type = if case % 2 == 0 { MessageType::Pain001V09 } else { MessageType::Pain001V03 };
        (message_type, case * 7_919, [1, 2, 3, 5, 40, 997][case as usize % 6])
    }) {
        let mut batch = batch(transactions, seed);
        batch.message_type = message_type;
        fs::write(&path, xml(&batch)).unwrap();
        let (exit, file) = validate(&path);
        assert_eq!(exit, 0, "{message_type}, seed {seed}, {transactions} payments: {file:#}");
        assert_eq!(file["payments"], transactions);
    }
}

#[test]
fn the_same_settings_make_the_same_bytes_and_others_make_others() {
    assert_eq!(xml(&batch(300, 5)), xml(&batch(300, 5)));
    assert_ne!(xml(&batch(300, 5)), xml(&batch(300, 6)));
    // By which every user of one version gets the same file as every other.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.xml");
    let arguments = ["generate", "pain.001.001.09", "--transactions", "300", "--seed", "5", "--date", DATE, "-o"];
    let ran = run(tdam(arguments).arg(&path));
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert_eq!(fs::read(&path).unwrap(), xml(&batch(300, 5)));
}

#[test]
fn each_flaw_is_found_where_it_was_made() {
    let mut batch = batch(400, 11);
    batch.flaws = Flaw::ALL.to_vec();
    let mut xml = Vec::new();
    let summary = batch.write(&mut xml).unwrap();
    assert_eq!(summary.flawed.len(), Flaw::ALL.len());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flawed.xml");
    fs::write(&path, &xml).unwrap();
    let (exit, file) = validate(&path);
    assert_eq!(exit, 1);
    let found: Vec<_> = file["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["end_to_end_id"].as_str().unwrap(), finding["code"].as_str().unwrap()))
        .collect();
    let made: Vec<_> =
        summary.flawed.iter().map(|flawed| (flawed.end_to_end_id.as_str(), flawed.flaw.code().id())).collect();
    assert_eq!(found, made, "{file:#}");
}

#[test]
fn references_are_unique() {
    let text = String::from_utf8(xml(&batch(2_000, 3))).unwrap();
    for element in ["<EndToEndId>", "<InstrId>", "<UETR>", "<Ustrd>"] {
        let mut values: Vec<_> = text.split(element).skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
        let all = values.len();
        values.sort_unstable();
        values.dedup();
        assert_eq!((all, values.len()), (2_000, 2_000), "{element}");
    }
}

#[test]
fn accounts_can_be_named() {
    let arguments = [
        "generate",
        "pain.001.001.03",
        "--transactions",
        "50",
        "--date",
        DATE,
        "--debtor-account",
        "LV07TREL5180453053000",
        "--creditor-account",
        "LV33TREL1060000300000=21399",
    ];
    let ran = run(&mut tdam(arguments));
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert!(ran.out.contains("LV07TREL5180453053000") && ran.out.contains("LV33TREL1060000300000"));
    assert!(!ran.out.contains(DEBTOR_ACCOUNT) && !ran.out.contains(PAYEE_ACCOUNTS[0].0));
    let ran = run(&mut tdam(["generate", "pain.001.001.03", "--debtor-account", "LV91TREL1060000100000"]));
    assert_eq!(ran.exit, 2, "an IBAN with wrong check digits is no account");
}

#[test]
fn an_output_that_cannot_be_written_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(tdam(["generate", "pain.001.001.09", "-o"]).arg(folder.path().join("absent/payments.xml")));
    assert_eq!(ran.exit, 5, "{}", ran.err);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn report_requests_are_in_order() {
    let folder = tempfile::tempdir().unwrap();
    for message_type in ["camt.060.001.03", "camt.060.001.05"] {
        let path = folder.path().join(message_type);
        let ran = run(tdam(["generate", message_type, "--report", "camt.053", "--date", DATE, "-o"]).arg(&path));
        assert_eq!(ran.exit, 0, "{}", ran.err);
        let ran = run(tdam(["validate", "--schema-only"]).arg(&path));
        assert_eq!(ran.exit, 0, "{}", ran.out);
    }
}

/// The official schemas, where they are: `TDAM_REFERENCE`, or `../shared/reference` beside the repository.
fn official_schemas() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference");
    let folder = std::env::var_os("TDAM_REFERENCE").map_or_else(beside, PathBuf::from).join("xsd");
    folder.is_dir().then_some(folder)
}

#[test]
fn libxml2_with_the_official_schemas_agrees() {
    let Some(schemas) = official_schemas() else {
        println!("not checked against the official schemas: TDAM_REFERENCE names no folder that has them");
        return;
    };
    if Command::new("xmllint").arg("--version").output().is_err() {
        println!("not checked against the official schemas: xmllint is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for message_type in ["pain.001.001.03", "pain.001.001.09", "camt.060.001.03", "camt.060.001.05"] {
        let path = folder.path().join(message_type);
        let ran = run(tdam(["generate", message_type, "--transactions", "500", "--flaws", "5", "-o"]).arg(&path));
        assert_eq!(ran.exit, 0, "{}", ran.err);
        let schema = schemas.join(format!("{message_type}.xsd"));
        let judged = Command::new("xmllint").args(["--noout", "--schema"]).arg(schema).arg(&path).output().unwrap();
        assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    }
}
