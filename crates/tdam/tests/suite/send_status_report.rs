//! The client side of the program against the real exchange: a sandbox in a process of its own, over mutual TLS.
use std::fs;
use std::path::Path;

use crate::support::{DAY, Sandbox};
use serde_json::Value;

const BUDGET_ACCOUNT: &str = "LV68TREL1000000001001";
const ANOTHER_CLIENTS_ACCOUNT: &str = "LV42TREL2000000002001";

#[test]
fn a_file_is_sent_answered_recognised_and_reported() {
    let sandbox = Sandbox::start();
    let made = sandbox.generate("payments.xml", &["--transactions", "60", "--flaws", "3"]);

    let (exit, sent) = sandbox.run(["send", "payments.xml", "--output", "first.xml"]);
    assert_eq!(exit, 1, "{sent:#}");
    let overview = &sent["files"][0]["overview"];
    assert_eq!((overview["status"].as_str(), overview["refused_total"].as_u64()), (Some("PART"), Some(3)));
    let text = fs::read_to_string(sandbox.path("payments.xml")).unwrap();
    for (refused, flawed) in overview["refused"].as_array().unwrap().iter().zip(made["flawed"].as_array().unwrap()) {
        assert_eq!(
            (&refused["end_to_end_id"], &refused["reason"]["code"]),
            (&flawed["end_to_end_id"], &flawed["code"])
        );
        let line = text.lines().nth(refused["line"].as_u64().unwrap() as usize - 1).unwrap();
        assert!(line.contains(&format!(">{}<", flawed["end_to_end_id"].as_str().unwrap())), "{line}");
    }

    // A generated report of the same payments has the same flawed ones.
    let arguments = ["--transactions", "60", "--flaws", "3", "--date", DAY, "--output", "drawn.xml"];
    let (exit, _) = sandbox.run([&["generate", "pain.002.001.10"][..], &arguments].concat());
    assert_eq!(exit, 0);
    let (first, drawn) = (payments_of(&sandbox.path("first.xml")), payments_of(&sandbox.path("drawn.xml")));
    assert_eq!(first.len(), 3);
    for payment in &first {
        assert!(drawn.contains(payment), "{payment} is not in {drawn:#?}");
    }

    let (exit, again) = sandbox.run(["send", "payments.xml", "--output", "again.xml"]);
    assert_eq!((exit, &again["files"][0]["repeated"]), (1, &Value::Bool(true)));
    assert_eq!(fs::read(sandbox.path("first.xml")).unwrap(), fs::read(sandbox.path("again.xml")).unwrap());

    // The pain.002 is English; the program says its reasons in Latvian, with the same values as the exchange.
    let id = made["message_id"].as_str().unwrap();
    let (_, sent) = sandbox.run(["send", "payments.xml", "--language", "lv"]);
    let (_, told) = sandbox.run(["status", id, "--language", "lv"]);
    let texts = |overview: &Value| -> Vec<String> {
        let refused = overview["refused"].as_array().unwrap().iter();
        refused.map(|refused| refused["reason"]["text"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(texts(&sent["files"][0]["overview"]), texts(&told));
    assert_eq!(texts(&told).len(), 3, "{told:#}");

    let (exit, status) = sandbox.run(["status", made["message_id"].as_str().unwrap(), "--output", "status.xml"]);
    assert_eq!((exit, status["refused_total"].as_u64()), (1, Some(3)), "{status:#}");
    assert!(fs::read_to_string(sandbox.path("status.xml")).unwrap().contains("pain.002.001.10"));

    for (kind, older) in [("camt.052", false), ("camt.052", true), ("camt.054", false)] {
        let mut arguments =
            vec!["report", "--account", BUDGET_ACCOUNT, "--from", DAY, "--type", kind, "--output", "report.xml"];
        arguments.extend(older.then_some("--older"));
        let (exit, report) = sandbox.run(arguments);
        assert_eq!(exit, 0, "{report:#}");
        let report = &report["reports"][0];
        assert_eq!(report["account"], BUDGET_ACCOUNT);
        let version = if older { "02" } else { "08" };
        assert_eq!(report["message_type"], format!("{kind}.001.{version}"));
        let expected = if kind == "camt.052" { Value::Bool(true) } else { Value::Null };
        assert_eq!(report["adds_up"], expected, "{report:#}");
        assert!(report["entries_total"].as_u64().unwrap() > 0, "{report:#}");
    }
}

/// A Saturday's payments go on Monday; the notice is no refusal, but people read it.
#[test]
fn people_read_on_which_day_their_payments_are_executed() {
    let sandbox = Sandbox::start();
    let arguments = ["--date", "2026-11-28", "--transactions", "2", "--output", "saturday.xml"];
    let (exit, made) = sandbox.run([&["generate", "pain.001.001.09"][..], &arguments].concat());
    assert_eq!(exit, 0, "{made:#}");
    let id = made["message_id"].as_str().unwrap();
    for asked in [["send", "saturday.xml"], ["status", id]] {
        for language in ["lv", "en"] {
            let (exit, said) = sandbox.say(&[&asked[..], &["--language", language]].concat());
            assert_eq!(exit, 0, "{said}");
            assert!(said.contains("TDAM-4025") && said.contains("2026-11-30"), "{language}: {said}");
        }
    }
    let (_, sent) = sandbox.run(["send", "saturday.xml"]);
    let block = &sent["files"][0]["overview"]["blocks"][0];
    assert_eq!(
        (&block["notices"][0]["code"], &block["reason"]),
        (&Value::from("TDAM-4025"), &Value::Null),
        "{block:#}"
    );
}

/// The payments that a status report names, without the exchange's own numbers.
fn payments_of(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let payments = text.split("</StsId>").skip(1);
    payments.map(|rest| rest.split_once("</TxInfAndSts>").unwrap().0.to_owned()).collect()
}

#[test]
fn what_must_fail_says_why_and_with_which_exit_code() {
    let sandbox = Sandbox::start();
    sandbox.generate("payments.xml", &["--transactions", "4"]);
    let (exit, _) = sandbox.run(["send", "payments.xml"]);
    assert_eq!(exit, 0);
    let changed = fs::read_to_string(sandbox.path("payments.xml")).unwrap().replacen("rēķins", "nauda", 1);
    fs::write(sandbox.path("changed.xml"), changed.replacen("09:00:00", "09:00:01", 1)).unwrap();
    let authority = sandbox.path("tdam-sandbox/pki/ca.pem");
    let schema_errors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages/schema.xml");

    let stranger = ["status", "A", "--url", &sandbox.url, "--ca", authority.to_str().unwrap()];
    let cases: [(&[&str], i32, &str); 6] = [
        (&["send", "changed.xml"], 1, "TDAM-5001"),
        (&["send", schema_errors.to_str().unwrap()], 1, "TDAM-2199"),
        (&["send", "payments.xml", "--profile", "tdam-sandbox/users/daugava-reports"], 3, "TDAM-1009"),
        (&["report", "--account", ANOTHER_CLIENTS_ACCOUNT], 1, "TDAM-6007"),
        (&["status", "NEVER/SENT"], 1, "TDAM-9001"),
        (&stranger, 3, "TDAM-1001"),
    ];
    for (arguments, exit, code) in cases {
        let (ended, failure) = sandbox.run(arguments);
        assert_eq!((ended, failure["problem"]["code"].as_str()), (exit, Some(code)), "{arguments:?}: {failure:#}");
        assert_eq!(failure["exit_code"], exit);
    }
}

/// Small pages, so that few entries make several.
#[test]
fn a_report_of_several_pages_is_shown_as_one_with_totals_and_references() {
    const REFERENCE: &str = "RF18539007547034";
    let folder = Sandbox::start().into_folder();
    let configuration = folder.path().join("tdam-sandbox/tdam.toml");
    let text = fs::read_to_string(&configuration).unwrap();
    let small = text.replace("entries_per_page = 5000", "entries_per_page = 2");
    assert_ne!(small, text);
    fs::write(&configuration, small).unwrap();
    let sandbox = Sandbox::serve(folder);
    let credit = ["sandbox", "credit", "--account", BUDGET_ACCOUNT, "--amount", "10.00"];
    let purposes: [&[&str]; 5] = [
        &["--creditor-reference", REFERENCE, "--reference-type", "SCOR"],
        &["--remittance", "Telpu noma"],
        &["--remittance", "Ziedojums"],
        &["--return-reason", "AC04", "--remittance", "Atpakaļ"],
        &["--remittance", "Cits"],
    ];
    for purpose in purposes {
        let (exit, said) = sandbox.say(&[&credit[..], purpose].concat());
        assert_eq!(exit, 0, "{said}");
    }
    let ask = ["report", "--account", BUDGET_ACCOUNT, "--from", DAY];
    let (exit, report) = sandbox.run(ask);
    assert_eq!((exit, report["reports"].as_array().unwrap().len()), (0, 1), "{report:#}");
    let whole = &report["reports"][0];
    assert_eq!((whole["pages"].as_u64(), whole["entries_total"].as_u64()), (Some(3), Some(5)), "{whole:#}");
    assert_eq!((whole["credits"].as_str(), whole["credits_count"].as_u64()), (Some("50.00"), Some(5)));
    assert_eq!((whole["debits"].as_str(), whole["debits_count"].as_u64()), (Some("0.00"), Some(0)));
    assert_eq!((&whole["opening"]["type"], &whole["adds_up"]), (&"OPBD".into(), &Value::Bool(true)));
    assert_eq!(whole["entries"][0]["creditor_references"][0], REFERENCE);

    let (exit, shown) = sandbox.say(&ask);
    assert_eq!(exit, 0, "{shown}");
    let facts: Vec<&str> = shown.split_whitespace().collect();
    for fact in [["Pages", "3"], ["Entries", "5"], ["entries:", "5"], ["entries:", "0"]] {
        assert!(facts.windows(2).any(|pair| pair == fact), "{fact:?}: {shown}");
    }
    for purpose in [REFERENCE, "Telpu noma", "Ziedojums", "returned AC04: Atpakaļ", "each page begins where"] {
        assert!(shown.contains(purpose), "{purpose}: {shown}");
    }
    assert_eq!(shown.matches("Opening balance").count(), 1, "{shown}");

    let (exit, short) = sandbox.say(&[&ask[..], &["--entries", "2"]].concat());
    assert!(exit == 0 && short.contains("3 more entries (all of them: --entries N, --output FILE)"), "{short}");
}

/// What `send --wait 0` advises to ask with works at once and later.
#[test]
fn a_file_that_nobody_waited_for_is_asked_about_by_what_send_says() {
    let sandbox = Sandbox::start();
    let made = sandbox.generate("large.xml", &["--transactions", "4000"]);
    let (exit, sent) = sandbox.run(["send", "large.xml", "--wait", "0"]);
    assert_eq!((exit, &sent["files"][0]["outcome"]), (0, &"in_progress".into()), "{sent:#}");
    let submission = sent["files"][0]["submission"].to_string();
    let message_id = made["message_id"].as_str().unwrap();
    loop {
        // By either name, judged or not, it is found.
        for asked in [&["status", "--submission", &submission][..], &["status", message_id]] {
            let (exit, status) = sandbox.run(asked);
            assert_eq!((exit, status["message_id"].as_str()), (0, Some(message_id)), "{asked:?}: {status:#}");
            assert_eq!(status["number_of_transactions"], 4000);
        }
        let (_, status) = sandbox.run(["status", message_id]);
        if status["status"] != "RCVD" {
            break;
        }
    }
    let (exit, failure) = sandbox.run(["status", "--submission", "999999"]);
    assert_eq!((exit, &failure["problem"]["code"]), (1, &"TDAM-9001".into()), "{failure:#}");
}
