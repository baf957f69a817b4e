//! Evidence of signed submissions: kept with them, taken out by an operator, and verified without the exchange.
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::{Sandbox, program};

const AUTHORITY: &str = "tdam-sandbox/pki/ca.pem";

/// Exports the evidence of the only submission.
fn exported(sandbox: &Sandbox, of: &str) -> Value {
    let (exit, said) = sandbox.say(&["evidence", "export", of, "--config", "tdam-sandbox/tdam.toml"]);
    assert_eq!(exit, 0, "{said}");
    serde_json::from_str(&said).unwrap()
}

fn written(sandbox: &Sandbox, name: &str, evidence: &Value) -> PathBuf {
    let path = sandbox.path(name);
    fs::write(&path, serde_json::to_vec(evidence).unwrap()).unwrap();
    path
}

/// What does not hold, by its look; and all that was said.
fn failing(sandbox: &Sandbox, evidence: &Value, more: &[&str]) -> (Vec<String>, Value) {
    let path = written(sandbox, "judged.json", evidence);
    let output = program()
        .args(["evidence", "verify", "--json", "--authority"])
        .arg(sandbox.path(AUTHORITY))
        .arg(path)
        .args(more)
        .current_dir(sandbox.path("."))
        .output()
        .unwrap();
    let said: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let findings = said["findings"].as_array().unwrap();
    let failing: Vec<String> = findings
        .iter()
        .filter(|finding| finding["holds"] == Value::Bool(false))
        .map(|finding| finding["look"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(output.status.code(), Some(i32::from(!failing.is_empty())), "{said:#}");
    (failing, said)
}

#[test]
fn evidence_is_verified_without_the_exchange_and_each_change_of_it_is_found() {
    let sandbox = Sandbox::start();
    sandbox.generate("payments.xml", &["--transactions", "3"]);
    sandbox.generate("other.xml", &["--transactions", "2", "--seed", "9"]);
    let (exit, sent) = sandbox.run(["send", "--sign", "payments.xml"]);
    assert_eq!(exit, 0, "{sent:#}");
    let message_id = sent["files"][0]["overview"]["message_id"].as_str().unwrap().to_owned();
    let evidence = exported(&sandbox, &message_id);
    assert_eq!(evidence["message_id"], Value::String(message_id));
    assert_eq!(exported(&sandbox, &evidence["submission"].to_string()), evidence, "by its number too");

    // No exchange is needed from here on.
    let folder = sandbox.into_folder();
    let sandbox = Sandbox::serve(folder);
    let (none, said) = failing(&sandbox, &evidence, &["--body", "payments.xml"]);
    assert_eq!(none, Vec::<String>::new(), "{said:#}");
    let (none, said) = failing(&sandbox, &evidence, &[]);
    assert_eq!((none, &said["findings"][1]["holds"]), (Vec::new(), &Value::Null), "{said:#}");
    let names = (&said["findings"][3]["look"], &said["findings"][3]["holds"]);
    assert_eq!(names, (&Value::from("names"), &Value::Null), "no signature covers them: {said:#}");
    let certificate = said["findings"][2]["detail"].as_str().unwrap();
    assert!(certificate.contains("urn:tdam:online-user:1,"), "{certificate}");

    assert_eq!(failing(&sandbox, &evidence, &["--body", "other.xml"]).0, ["body"]);
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut changed = evidence.clone();
        change(&mut changed);
        failing(&sandbox, &changed, &["--body", "payments.xml"]).0
    };
    assert_eq!(changed(&|evidence| evidence["request"]["target"] = "/v1/payments?mode=test".into()), ["signature"]);
    assert_eq!(changed(&|evidence| evidence["request"]["authority"] = "elsewhere.example".into()), ["signature"]);
    assert_eq!(changed(&|evidence| evidence["request"]["method"] = "PUT".into()), ["signature"]);
    let of_other = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
    assert_eq!(changed(&|evidence| evidence["request"]["content_digest"] = of_other.into()), ["signature", "body"]);
    assert_eq!(changed(&|evidence| evidence["body_sha256"] = "00".repeat(32).into()), ["body"]);
    // The moment is bound to the one that the sender signed.
    assert_eq!(
        changed(&|evidence| evidence["received_at"] = "2027-06-01T08:00:00Z".into()),
        ["signature", "certificate"]
    );
    let viewer = fs::read_to_string(sandbox.path("tdam-sandbox/users/daugava-reports/certificate.pem"));
    let another = viewer.unwrap_or_else(|error| panic!("{error}: {:?}", users(&sandbox)));
    assert_eq!(changed(&|evidence| evidence["certificate"] = another.clone().into()), ["signature"]);
    let persons = fs::read_to_string(sandbox.path("tdam-sandbox/operators/anna/certificate.pem")).unwrap();
    let of_person = changed(&|evidence| evidence["certificate"] = persons.clone().into());
    assert_eq!(of_person, ["signature", "certificate"], "a person submits nothing");
    assert_eq!(changed(&|evidence| drop(evidence.as_object_mut().unwrap().remove("revocation_list"))), ["certificate"]);

    let stranger = Sandbox::start();
    fs::copy(stranger.path(AUTHORITY), sandbox.path(AUTHORITY)).unwrap();
    let (untrusted, said) = failing(&sandbox, &evidence, &["--body", "payments.xml"]);
    assert_eq!(untrusted, ["certificate"], "{said:#}");
    assert!(said.to_string().contains("no authority that is trusted"), "{said:#}");
}

fn users(sandbox: &Sandbox) -> Vec<String> {
    let folder = fs::read_dir(sandbox.path("tdam-sandbox/users")).unwrap();
    folder.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn an_unsigned_submission_has_none_and_every_reading_is_audited() {
    let sandbox = Sandbox::start();
    sandbox.generate("unsigned.xml", &["--transactions", "2"]);
    sandbox.generate("signed.xml", &["--transactions", "2", "--seed", "9"]);
    assert_eq!(sandbox.run(["send", "unsigned.xml"]).0, 0);
    assert_eq!(sandbox.run(["send", "--sign", "signed.xml"]).0, 0);
    let export = |of: &str| sandbox.say(&["evidence", "export", of, "--config", "tdam-sandbox/tdam.toml"]);
    let (exit, said) = export("1");
    assert!(exit == 2 && said.contains("submission 1 was not signed"), "{exit}: {said}");
    let (exit, said) = export("NO-SUCH-MESSAGE");
    assert!(exit == 2 && said.contains("no message has the MsgId"), "{exit}: {said}");
    assert_eq!(export("2").0, 0);
    let lines = lines(&sandbox);
    let readings: Vec<&String> = lines.iter().filter(|line| line.contains("evidence.read")).collect();
    assert!(
        matches!(readings[..], [line] if line.contains("operator uid") && line.contains("submission 2 ")),
        "{readings:?}"
    );
}

/// The audit chain, once the sandbox has stopped.
fn lines(sandbox: &Sandbox) -> Vec<String> {
    let connection = rusqlite::Connection::open(sandbox.path("tdam-sandbox/data/tdam.sqlite")).unwrap();
    let mut statement =
        connection.prepare("SELECT actor || ' ' || action || ' ' || detail FROM audit ORDER BY sequence").unwrap();
    let lines = statement.query_map([], |row| row.get(0)).unwrap();
    lines.collect::<Result<_, _>>().unwrap()
}
