//! A certificate of another house's authority, from the application to evidence that is verified without the exchange.
use std::fs;

use jiff::{SignedDuration, Timestamp};
use pki::{CertificateAuthority, KeyInFile, Reason, Revoked, Subject, Validity};
use serde_json::Value;

use crate::support::service::said;
use crate::support::{Sandbox, program};

const PROFILE: &str = "tdam-sandbox/users/outside";

/// Runs the program in the sandbox's folder; exit code and all that it said.
fn run(sandbox: &Sandbox, arguments: &[&str]) -> (i32, String) {
    said(program().args(arguments).current_dir(sandbox.path(".")).output().unwrap())
}

/// An act on an application, by one of the two operators.
fn act(sandbox: &Sandbox, by: &str, arguments: &[&str]) -> Value {
    let of = format!("--as=tdam-sandbox/operators/{by}");
    let (exit, said) = run(sandbox, &[&["application"], arguments, &[&of, "--json"]].concat());
    assert_eq!(exit, 0, "{arguments:?}: {said}");
    serde_json::from_str(&said).unwrap_or(Value::Null)
}

#[test]
fn what_is_signed_with_a_certificate_of_another_house_is_verified_without_the_exchange() {
    let (now, validity) = (Timestamp::now(), Validity::of_days(Timestamp::now(), 30));
    let key = || Box::new(KeyInFile::generate().unwrap());
    let root = CertificateAuthority::create_root(&Subject::new("Qualified root"), validity, key()).unwrap();
    let authority = root.create_issuing(&Subject::new("Qualified authority"), validity, key()).unwrap();
    let issued = authority.issue_client(&Subject::new("Horizon"), validity).unwrap();
    let list = |revoked: &[Revoked]| {
        let der = authority.revocation_list(1, now, now + SignedDuration::from_hours(24), revoked).unwrap();
        pki::revocation_list_pem(&der)
    };

    // Configured while the sandbox stands still; a sandbox reads its file when it starts.
    let folder = Sandbox::start().into_stopped_folder();
    let place = |name: &str| folder.path().join("tdam-sandbox").join(name);
    fs::write(place("pki/outside-qca.pem"), authority.certificate_pem().to_owned() + root.certificate_pem()).unwrap();
    fs::write(place("pki/outside-qca.crl"), list(&[])).unwrap();
    let text = fs::read_to_string(place("tdam.toml")).unwrap();
    assert!(text.contains("\noutside = []"));
    fs::write(place("tdam.toml"), text.replace("\noutside = []", "\noutside = [\"pki/outside-qca.pem\"]")).unwrap();
    fs::create_dir(place("users/outside")).unwrap();
    let connection = fs::read_to_string(place("users/daugava-accounting/connection.toml")).unwrap();
    fs::write(place("users/outside/connection.toml"), connection).unwrap();
    fs::write(place("users/outside/certificate.pem"), &issued.certificate_pem).unwrap();
    fs::write(place("users/outside/key.pem"), issued.private_key_pem.as_deref().unwrap()).unwrap();
    fs::write(folder.path().join("root.pem"), root.certificate_pem()).unwrap();
    let sandbox = Sandbox::serve(folder);

    sandbox.generate("payments.xml", &["--transactions", "3"]);
    let send = ["send", "--sign", "--json", "--profile", PROFILE, "payments.xml"];
    let (_, said) = run(&sandbox, &send);
    assert!(said.contains("TDAM-1002"), "TLS trusts its authority, and nobody has let it in: {said}");

    let digits: String = issued.info.fingerprint.iter().map(|byte| format!("{byte:02x}")).collect();
    let form = format!("{{\"kind\": \"new-certificate\", \"online_user\": 1, \"enrolment\": \"outside:{digits}\"}}");
    fs::write(sandbox.path("form.json"), form).unwrap();
    fs::write(sandbox.path("form.edoc"), "signed").unwrap();
    let id = act(&sandbox, "anna", &["enter", "form.json"])["id"].to_string();
    act(&sandbox, "anna", &["attach", &id, "form.edoc"]);
    act(&sandbox, "anna", &["verify", &id, "--how", "eParakstītājs"]);
    act(&sandbox, "anna", &["submit", &id]);
    act(&sandbox, "anna", &["check", &id]);
    let digest = act(&sandbox, "janis", &["show", &id])["digest"].as_str().unwrap().to_owned();
    assert_eq!(act(&sandbox, "janis", &["approve", &id, "--digest", &digest])["state"], "in-force");
    let handed_in = format!("{PROFILE}/certificate.pem");
    act(&sandbox, "janis", &["certify", &id, &handed_in, "--output", "enrolled.pem"]);
    assert_eq!(fs::read_to_string(sandbox.path("enrolled.pem")).unwrap(), issued.certificate_pem);

    let (exit, sent) = sandbox.run(["send", "--sign", "--profile", PROFILE, "payments.xml"]);
    assert_eq!(exit, 0, "{sent:#}");
    let message = sent["files"][0]["overview"]["message_id"].as_str().unwrap();
    let (exit, evidence) = run(&sandbox, &["evidence", "export", message, "--config", "tdam-sandbox/tdam.toml"]);
    assert_eq!(exit, 0, "{evidence}");
    fs::write(sandbox.path("evidence.json"), evidence).unwrap();

    // Revoked by the list; the service reads its file again when it starts, at the latest.
    let folder = sandbox.into_stopped_folder();
    let at = Timestamp::now();
    let revoked = Revoked { serial: issued.info.serial.clone(), at, reason: Reason::KeyCompromise };
    let der = authority.revocation_list(2, at, at + SignedDuration::from_hours(24), &[revoked]).unwrap();
    fs::write(folder.path().join("tdam-sandbox/pki/outside-qca.crl"), der).unwrap();
    let sandbox = Sandbox::serve(folder);
    let (_, said) = run(&sandbox, &send);
    assert!(said.contains("TDAM-1003"), "{said}");

    // What was signed before holds, and the trust bundle has nothing of the other house.
    let verify = |authority: &str| {
        run(&sandbox, &["evidence", "verify", "evidence.json", "--body", "payments.xml", "--authority", authority])
    };
    let (exit, said) = verify("root.pem");
    assert!(exit == 0 && said.matches(" holds ").count() >= 3, "{exit} {said}");
    let (exit, said) = verify("tdam-sandbox/pki/ca.pem");
    assert_eq!(exit, 1, "the house did not issue it: {said}");
    let (exit, said) = run(&sandbox, &["operator", "check", "--config", "tdam-sandbox/tdam.toml"]);
    assert_eq!(exit, 0, "{said}");
}
