//! How the exchange is named: options, connection files, the sandbox of the folder.

use std::fs;

use crate::{messages, run, tdam};

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
