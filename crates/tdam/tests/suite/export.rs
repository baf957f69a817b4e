//! The export of one client beside a working server: it agrees with the store, and holds no other client's data.
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::support::{self, DAY, Sandbox};
use iso20022::camt::{Item, Reader};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

const CLIENT: &str = "Daugavas novada pašvaldība";
const OWN: [&str; 3] = ["LV68TREL1000000001001", "LV41TREL1000000001002", "LV14TREL1000000001003"];
/// Of another client that the client pays to.
const PAID: &str = "LV42TREL2000000002001";
/// An account of the same client that gets no payments.
const NEVER_PAID: &str = "LV15TREL2000000002002";
/// Ends a test that hangs; it measures nothing.
const WATCHDOG_SECONDS: u64 = 300;

/// Sends a message and waits until it is settled; its `MsgId`.
fn settle(sandbox: &Sandbox, name: &str, profile: &str, arguments: &[&str]) -> String {
    let id = sandbox.generate(name, arguments)["message_id"].as_str().unwrap().to_owned();
    send_until_settled(sandbox, name, profile, &id);
    id
}

fn send_until_settled(sandbox: &Sandbox, name: &str, profile: &str, id: &str) {
    let profile = sandbox.path("tdam-sandbox/users").join(profile);
    let profile = profile.to_str().unwrap();
    let (exit, sent) = sandbox.run(["send", name, "--profile", profile]);
    assert_eq!(exit, 0, "{sent:#}");
    let begun = Instant::now();
    loop {
        let (_, status) = sandbox.run(["status", id, "--profile", profile]);
        if status["status"] == "ACSC" {
            return;
        }
        assert!(begun.elapsed().as_secs() < WATCHDOG_SECONDS, "not settled: {status:#}");
    }
}

fn lines(path: PathBuf) -> Vec<Value> {
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Rows by column; the tests' texts need no quotes but those around a whole field.
fn rows(path: PathBuf) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.split("\r\n").filter(|line| !line.is_empty());
    let columns = fields(lines.next().unwrap());
    lines.map(|line| columns.iter().cloned().zip(fields(line)).collect()).collect()
}

fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => fields.last_mut().unwrap().push(other),
        }
    }
    fields
}

fn cents(amount: &str) -> i128 {
    let (whole, cents) = amount.split_once('.').unwrap();
    assert_eq!(cents.len(), 2, "{amount}");
    format!("{whole}{cents}").parse().unwrap()
}

fn files_below(folder: &Path) -> BTreeSet<String> {
    let (mut files, mut open) = (BTreeSet::new(), vec![folder.to_owned()]);
    while let Some(here) = open.pop() {
        for entry in fs::read_dir(here).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                files.insert(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    files
}

struct Exported {
    _folder: tempfile::TempDir,
    place: PathBuf,
    manifest: Value,
}

fn export(sandbox: &Sandbox, client: &str) -> Exported {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("export");
    let (exit, said) = sandbox.operate(&["export", client, "--to", place.to_str().unwrap()]);
    assert_eq!(exit, 0, "{said}");
    let manifest = serde_json::from_slice(&fs::read(place.join("manifest.json")).unwrap()).unwrap();
    Exported { _folder: folder, place, manifest }
}

#[test]
fn an_export_adds_up_holds_what_was_sent_and_received_and_nothing_of_others() {
    let sandbox = Sandbox::start();
    let small =
        settle(&sandbox, "small.xml", "daugava-accounting", &["--transactions", "5", "--creditor-account", PAID]);
    let large = settle(
        &sandbox,
        "large.xml",
        "daugava-accounting",
        &["--transactions", "300", "--creditor-account", PAID, "--seed", "7"],
    );
    let theirs =
        ["--transactions", "3", "--debtor-account", PAID, "--creditor-account", "LV16TREL3000000003001", "--seed", "9"];
    let foreign = settle(&sandbox, "theirs.xml", "vidzeme-accounting", &theirs);
    let (exit, said) = sandbox.say(&[
        "sandbox",
        "credit",
        "--account",
        OWN[0],
        "--amount",
        "12.34",
        "--end-to-end-id",
        "FROM-OUTSIDE-1",
    ]);
    assert_eq!(exit, 0, "{said}");

    let exported = export(&sandbox, CLIENT);
    let (place, totals) = (&exported.place, &exported.manifest["totals"]);
    assert_listed_with_their_hashes(&exported);

    // What was sent and answered, byte for byte.
    let messages = lines(place.join("messages.jsonl"));
    let ids: BTreeSet<&str> = messages.iter().map(|message| message["message_id"].as_str().unwrap()).collect();
    assert_eq!(ids, BTreeSet::from([small.as_str(), large.as_str()]));
    for message in &messages {
        let folder = place.join(message["folder"].as_str().unwrap());
        let sent = if message["message_id"] == small.as_str() { "small.xml" } else { "large.xml" };
        assert_eq!(fs::read(folder.join("message.xml")).unwrap(), fs::read(sandbox.path(sent)).unwrap());
        let user = sandbox.path("tdam-sandbox/users/daugava-accounting");
        let (exit, said) = sandbox.say(&["send", sent, "--output", "again.xml", "--profile", user.to_str().unwrap()]);
        assert_eq!(exit, 0, "{said}");
        assert_eq!(fs::read(folder.join("answer.xml")).unwrap(), fs::read(sandbox.path("again.xml")).unwrap());
        assert_eq!(message["status"], "ACSC");
    }
    let payments = lines(place.join("payments.jsonl"));
    assert_eq!((payments.len(), &totals["payments"]), (305, &Value::from(305)));
    assert!(payments.iter().all(|payment| payment["status"] == "ACSC"));

    assert_accounts_add_up(&exported);
    let reported: BTreeSet<String> =
        lines(place.join("online-users.jsonl")).iter().map(|user| user["name"].as_str().unwrap().to_owned()).collect();
    assert_eq!(reported, BTreeSet::from(["Daugava grāmatvedība".to_owned(), "Daugava pārskati".to_owned()]));
    let audit = lines(place.join("audit.jsonl"));
    assert!(audit.iter().any(|line| line["action"] == "payments.accepted"));
    assert!(audit.iter().any(|line| line["action"] == "credit.arrived"));

    // Nothing of others, beyond the other side of a payment.
    for file in files_below(place) {
        let text = fs::read(place.join(&file)).unwrap();
        let text = String::from_utf8_lossy(&text);
        for secret in [NEVER_PAID, &foreign, "Vidzeme grāmatvedība", "PRIVATE KEY"] {
            assert!(!text.contains(secret), "{secret} in {file}");
        }
        let tells_of_payments = ["messages/", "entries/", "statements/", "payments.jsonl"];
        if text.contains(PAID) {
            assert!(tells_of_payments.iter().any(|part| file.starts_with(part)), "{PAID} in {file}");
        }
    }
    let other = export(&sandbox, "90000000002");
    for file in files_below(&other.place) {
        let text = fs::read(other.place.join(&file)).unwrap();
        let text = String::from_utf8_lossy(&text);
        // They were paid by the client, and learn its name, account and end-to-end ids: not how it numbers its files.
        for id in [&small, &large] {
            // As an element, a CSV field or a JSON text: the end-to-end ids begin with it.
            let forms = [format!(">{id}<"), format!(",{id},"), format!("\"{id}\"")];
            assert!(!forms.iter().any(|form| text.contains(form)), "{id} in {file}");
        }
        for secret in [OWN[1], OWN[2], "Daugava grāmatvedība"] {
            assert!(!text.contains(secret), "{secret} in {file}");
        }
    }
}

/// A house of another name: newly written files of the export have the configured name, old answers stay as they are.
#[test]
fn an_export_names_the_house_as_it_is_configured() {
    let sandbox = Sandbox::start();
    settle(&sandbox, "small.xml", "daugava-accounting", &["--transactions", "2"]);
    let folder = sandbox.into_folder();
    let configuration = folder.path().join("tdam-sandbox/tdam.toml");
    let mut text = fs::read_to_string(&configuration).unwrap();
    for (usual, other) in [
        ("bic = \"TRELLV22\"", "bic = \"LACBLV2X\""),
        ("name_lv = \"Valsts kase\"", "name_lv = \"Latvijas Banka\""),
        ("name_en = \"State Treasury\"", "name_en = \"Bank of Latvia\""),
    ] {
        assert!(text.contains(usual), "{usual}");
        text = text.replace(usual, other);
    }
    fs::write(&configuration, text).unwrap();
    let place = folder.path().join("export");
    let mut operator = support::program();
    operator.args(["operator", "export", CLIENT, "--to"]).arg(&place).arg("--config").arg(&configuration);
    let ran = operator.output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let read = |file: &str| fs::read_to_string(place.join(file)).unwrap();
    let (mut anew, mut as_given) = (0, 0);
    for file in files_below(&place) {
        if file.ends_with("answer.xml") {
            assert!(read(&file).contains("Valsts kase"), "{file}");
            as_given += 1;
        } else if file.ends_with("status.xml") || file.starts_with("statements/") {
            let text = read(&file);
            assert!(text.contains("<BICFI>LACBLV2X<") && text.contains("<Nm>Latvijas Banka<"), "{file}: {text}");
            assert!(!text.contains("<Nm>Valsts kase<"), "{file}: {text}");
            anew += 1;
        }
    }
    assert_eq!((anew, as_given), (OWN.len() + 1, 1));
    assert!(read("README.md").contains("Latvijas Banka") && read("README.md").contains("Bank of Latvia"));
}

fn assert_listed_with_their_hashes(exported: &Exported) {
    let mut listed = BTreeSet::from(["manifest.json".to_owned()]);
    for file in exported.manifest["files"].as_array().unwrap() {
        let path = file["path"].as_str().unwrap();
        let bytes = fs::read(exported.place.join(path)).unwrap();
        assert_eq!(file["bytes"], bytes.len(), "{path}");
        let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(file["sha256"], hash.as_str(), "{path}");
        assert!(listed.insert(path.to_owned()), "{path} twice");
    }
    assert_eq!(files_below(&exported.place), listed);
    let readme = fs::read_to_string(exported.place.join("README.md")).unwrap();
    assert!(readme.contains(CLIENT) && !readme.contains('{'), "{readme}");
}

/// Balances, entries and statements say the same, each read with its own means.
fn assert_accounts_add_up(exported: &Exported) {
    let place = &exported.place;
    let accounts = rows(place.join("accounts.csv"));
    let ibans: BTreeSet<&str> = accounts.iter().map(|account| account["iban"].as_str()).collect();
    assert_eq!(ibans, BTreeSet::from(OWN));
    let mut entries_in_all = 0;
    for account in &accounts {
        let iban = &account["iban"];
        let entries = rows(place.join(format!("entries/{iban}.csv")));
        let sum: i128 = entries.iter().map(|entry| cents(&entry["amount"])).sum();
        assert_eq!(sum, cents(&account["balance"]), "entries of {iban}");
        entries_in_all += entries.len();
        let told: BTreeSet<&str> = entries.iter().map(|entry| entry["reference"].as_str()).collect();
        assert_eq!(told.len(), entries.len(), "references of {iban}");
        let mut stated = BTreeSet::new();
        for file in files_below(&place.join("statements")).iter().filter(|file| file.starts_with(iban.as_str())) {
            let xml = fs::read(place.join("statements").join(file)).unwrap();
            let mut reader = Reader::new("camt.052.001.08".parse().unwrap(), xml.as_slice(), xsd::Bounds::default());
            while let Some(item) = reader.next().unwrap() {
                if let Item::Entry(entry) = item {
                    assert!(stated.insert(entry.account_servicer_reference.unwrap().to_owned()));
                }
            }
            assert!(reader.findings().is_empty(), "{file}: {:?}", reader.findings());
        }
        assert_eq!(stated, told.iter().map(|reference| (*reference).to_owned()).collect(), "statements of {iban}");
    }
    assert_eq!(exported.manifest["totals"]["entries"], entries_in_all);
    let first = rows(place.join(format!("entries/{}.csv", OWN[0])));
    let credit = first.iter().find(|entry| entry["end_to_end_id"] == "FROM-OUTSIDE-1").unwrap();
    assert_eq!((credit["amount"].as_str(), credit["booking_date"].as_str()), ("12.34", DAY));
}

/// Refusals with all their parts, of messages refused as a whole too; entries with what came back and for whom.
#[test]
fn an_export_tells_why_payments_were_refused_and_why_money_came_back() {
    let sandbox = Sandbox::start();
    // The first client's messages are accepted in part, the second one's as a whole.
    for (file, profile, from, seed) in
        [("part.xml", "daugava-accounting", OWN[0], "1"), ("whole.xml", "vidzeme-accounting", PAID, "2")]
    {
        let made = ["--transactions", "20", "--flaws", "3", "--debtor-account", from, "--seed", seed];
        sandbox.generate(file, &made);
        let profile = sandbox.path("tdam-sandbox/users").join(profile);
        let (exit, sent) = sandbox.run(["send", file, "--profile", profile.to_str().unwrap()]);
        assert_eq!(exit, 1, "{sent:#}");
        let told = sent["files"][0]["overview"]["refused"].as_array().unwrap().clone();
        let client = if from == PAID { "90000000002" } else { CLIENT };
        let exported = export(&sandbox, client);
        let payments = lines(exported.place.join("payments.jsonl"));
        assert_eq!(exported.manifest["totals"]["payments"], payments.len());
        let refused: Vec<&Value> = payments.iter().filter(|payment| payment["status"] == "RJCT").collect();
        assert_eq!(refused.len(), told.len(), "{refused:#?}");
        let with_values = refused.iter().filter(|payment| !payment["detail"].as_str().unwrap().is_empty());
        assert!(with_values.count() > 0, "{refused:#?}");
        for (payment, told) in refused.iter().zip(&told) {
            assert_eq!(payment["end_to_end_id"], told["end_to_end_id"]);
            let reasons = payment["reasons"].as_array().unwrap();
            assert_eq!(reasons.len(), 1 + told["further_reasons"].as_array().map_or(0, Vec::len), "{payment:#}");
            for part in ["code", "iso_reason", "text"] {
                assert_eq!(reasons[0][part], told["reason"][part], "{part}");
            }
            assert_eq!((&payment["reason"], &payment["detail"]), (&reasons[0]["code"], &reasons[0]["value"]));
        }
    }
    let arguments = [
        "sandbox",
        "credit",
        "--account",
        OWN[0],
        "--amount",
        "5.00",
        "--end-to-end-id",
        "BACK",
        "--return-reason",
        "AC04",
    ];
    let (exit, said) = sandbox.say(&arguments);
    assert_eq!(exit, 0, "{said}");
    let exported = export(&sandbox, CLIENT);
    let entries = rows(exported.place.join(format!("entries/{}.csv", OWN[0])));
    let credit = entries.iter().find(|entry| entry["end_to_end_id"] == "BACK").unwrap();
    assert_eq!(credit["return_reason"], "AC04");
    let columns = ["instruction_id", "ultimate_debtor_name", "ultimate_creditor_name"];
    assert!(columns.iter().all(|column| entries.iter().all(|entry| entry.contains_key(*column))));
    assert!(entries.iter().any(|entry| !entry["instruction_id"].is_empty()), "{entries:#?}");
}

/// The documents paid, the reference, and whom it was paid for: in the payment, and in the entry of each side.
#[test]
fn an_export_shows_structured_remittance_and_ultimate_parties() {
    let sandbox = Sandbox::start();
    let made = ["--transactions", "2", "--debtor-account", OWN[0], "--creditor-account", PAID];
    let id = sandbox.generate("invoice.xml", &made)["message_id"].as_str().unwrap().to_owned();
    let message = fs::read_to_string(sandbox.path("invoice.xml")).unwrap();
    // The last payment is internal, and may have a text beside the rest.
    let (before, payment) = message.split_at(message.rfind("<CdtTrfTxInf>").unwrap());
    let mut payment = payment.to_owned();
    for (behind, more) in [
        (
            "</Amt>",
            "<UltmtDbtr><Nm>Daugavas skola</Nm><Id><OrgId><LEI>529900T8BM49AURSDO55</LEI>\
             <Othr><Id>90000000017</Id></Othr></OrgId></Id></UltmtDbtr>",
        ),
        (
            "</CdtrAcct>",
            "<UltmtCdtr><Nm>Anna Ozola</Nm><Id><PrvtId><Othr><Id>010190-12345</Id></Othr></PrvtId></Id></UltmtCdtr>",
        ),
        (
            "</Ustrd>",
            "<Strd><RfrdDocInf><Nb>R-17/2026</Nb></RfrdDocInf><RfrdDocInf><Nb>R-18/2026</Nb></RfrdDocInf>\
             <CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>ISO</Issr></Tp><Ref>RF18539007547034</Ref>\
             </CdtrRefInf><AddtlRmtInf>Par telpu nomu</AddtlRmtInf><AddtlRmtInf>2. korpuss</AddtlRmtInf></Strd>",
        ),
    ] {
        assert!(payment.contains(behind), "{payment}");
        payment = payment.replacen(behind, &format!("{behind}{more}"), 1);
    }
    fs::write(sandbox.path("invoice.xml"), format!("{before}{payment}")).unwrap();
    send_until_settled(&sandbox, "invoice.xml", "daugava-accounting", &id);
    let credit = [
        ["sandbox", "credit"],
        ["--account", OWN[1]],
        ["--amount", "7.00"],
        ["--end-to-end-id", "RENT-1"],
        ["--creditor-reference", "NOMA 17"],
        ["--reference-type", "RENT"],
        ["--reference-issuer", "Daugava"],
        ["--ultimate-debtor-name", "SIA Nomnieks"],
        ["--ultimate-debtor-id", "40000000018"],
    ];
    let (exit, said) = sandbox.say(credit.as_flattened());
    assert_eq!(exit, 0, "{said}");

    let exported = export(&sandbox, CLIENT);
    let payments = lines(exported.place.join("payments.jsonl"));
    let payment = payments.iter().find(|payment| payment["creditor_iban"] == PAID).unwrap();
    let expected = serde_json::json!({
        "creditor_reference": "RF18539007547034",
        "reference_type": "SCOR",
        "reference_issuer": "ISO",
        "document_numbers": ["R-17/2026", "R-18/2026"],
        "additional_remittance": ["Par telpu nomu", "2. korpuss"],
        "ultimate_debtor_name": "Daugavas skola",
        "ultimate_debtor_id": "90000000017\n529900T8BM49AURSDO55",
        "ultimate_creditor_name": "Anna Ozola",
        "ultimate_creditor_id": "010190-12345",
    });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&payment[key], value, "{key}: {payment:#}");
    }
    // In a field of CSV each number and line stands on a line of its own.
    let in_field = |value: &Value| match value {
        Value::Array(lines) => lines.iter().map(|line| line.as_str().unwrap()).collect::<Vec<_>>().join("\n"),
        text => text.as_str().unwrap().to_owned(),
    };
    let payees = export(&sandbox, "90000000002");
    for (place, account) in [(&exported.place, OWN[0]), (&payees.place, PAID)] {
        let entries = rows(place.join(format!("entries/{account}.csv")));
        let entry = entries.iter().find(|entry| entry["end_to_end_id"] == payment["end_to_end_id"]).unwrap();
        for (column, value) in expected.as_object().unwrap() {
            assert_eq!(entry[column], in_field(value), "{account} {column}");
        }
    }
    let entries = rows(exported.place.join(format!("entries/{}.csv", OWN[1])));
    let credit = entries.iter().find(|entry| entry["end_to_end_id"] == "RENT-1").unwrap();
    for (column, value) in [
        ("creditor_reference", "NOMA 17"),
        ("reference_type", "RENT"),
        ("reference_issuer", "Daugava"),
        ("document_numbers", ""),
        ("additional_remittance", ""),
        ("ultimate_debtor_name", "SIA Nomnieks"),
        ("ultimate_debtor_id", "40000000018"),
        ("ultimate_creditor_id", ""),
    ] {
        assert_eq!(credit[column], value, "{column}");
    }
}

#[test]
fn an_unknown_client_and_a_taken_place_are_wrong_usage() {
    let sandbox = Sandbox::start();
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("export");
    let (exit, said) = sandbox.operate(&["export", "Nobody", "--to", place.to_str().unwrap()]);
    assert_eq!((exit, place.exists()), (2, false), "{said}");
    assert!(said.contains("no client has the number, registration number or name \"Nobody\""), "{said}");
    let (exit, said) = sandbox.operate(&["export", CLIENT, "--to", folder.path().to_str().unwrap()]);
    assert_eq!(exit, 2, "{said}");
}
