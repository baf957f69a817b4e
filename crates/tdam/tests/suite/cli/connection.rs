//! Ways to name the exchange: options, connection files, the sandbox of the folder.

use std::fs;

use super::{messages, run, tdam};

#[test]
fn without_an_exchange_it_says_how_to_name_one() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(tdam(["status", "A"]).current_dir(folder.path()));
    assert_eq!(ran.exit, 2);
    assert!(ran.err.contains("--profile") && ran.err.contains("tdam sandbox"), "{}", ran.err);
}

#[test]
fn a_connection_file_with_an_unknown_key_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("connection.toml"), "url = \"https://localhost:1\"\nkay = \"key.pem\"\n").unwrap();
    let ran = run(tdam(["status", "A", "--profile"]).arg(folder.path()));
    assert_eq!(ran.exit, 2);
    assert!(ran.err.contains("kay") && ran.err.contains("connection.toml"), "{}", ran.err);
}

#[test]
fn the_sandbox_of_the_folder_is_found_by_itself_and_files_are_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("tdam-sandbox/users/daugava-accounting");
    fs::create_dir_all(&profile).unwrap();
    fs::write(profile.join("connection.toml"), "url = \"https://localhost:1\"\nca = \"../absent.pem\"\n").unwrap();
    let ran = run(tdam(["status", "A"]).current_dir(folder.path()));
    assert_eq!(ran.exit, 2);
    assert!(ran.err.contains("daugava-accounting/../absent.pem"), "{}", ran.err);
}

/// The exchange cannot say it when there is no connection to it.
#[test]
fn who_cannot_connect_is_told_where_help_is() {
    let folder = tempfile::tempdir().unwrap();
    let authority = pki::CertificateAuthority::create(
        &pki::Subject::new("Test authority"),
        pki::Validity::of_days(jiff::Timestamp::now(), 1),
    );
    fs::write(folder.path().join("ca.pem"), authority.unwrap().certificate_pem()).unwrap();
    // A port that was free a moment ago, without a listener.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let file = format!("url = \"https://127.0.0.1:{port}\"\nca = \"ca.pem\"\nsupport = \"Help, help@example.org\"\n");
    fs::write(folder.path().join("connection.toml"), file).unwrap();
    let call = |more: &[&str]| run(tdam(["status", "A", "--attempts", "1", "--profile"]).arg(folder.path()).args(more));
    for (language, label) in [("en", "help:"), ("lv", "palīdzība:")] {
        let ran = call(&["--language", language]);
        assert_eq!(ran.exit, 3, "{}", ran.err);
        assert!(ran.err.contains(&format!("{label} Help, help@example.org")), "{}", ran.err);
    }
    let value: serde_json::Value = serde_json::from_str(&call(&["--json"]).out).unwrap();
    assert_eq!(value["support"], "Help, help@example.org");
    // A person who mistyped an option needs no help of the house.
    let ran = run(tdam(["status", "A", "--cert", "x.pem", "--profile"]).arg(folder.path()));
    assert!(!ran.err.contains("help@example.org"), "{}", ran.err);
}

#[test]
fn an_unsafe_address_is_refused() {
    let authority = messages().join("good.xml");
    let ran = run(tdam(["status", "A", "--url", "http://localhost:1", "--ca"]).arg(authority));
    assert_eq!(ran.exit, 2);
    assert!(ran.err.contains("https://"), "{}", ran.err);
}

#[test]
fn failures_are_json_where_json_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let ran = run(tdam(["status", "A", "--json"]).current_dir(folder.path()));
    let value: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.exit, value["exit_code"].as_i64()), (2, Some(2)));
    assert!(ran.err.is_empty());
}
