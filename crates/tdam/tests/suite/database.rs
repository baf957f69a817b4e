//! A world whose data are in PostgreSQL, as those who run it see it.
//!
//! Each test returns at once where PostgreSQL is not installed.
use std::fs;
use std::path::Path;
use std::process::Output;

use crate::cluster::{self, Cluster};
use crate::support::{Sandbox, program};
use jiff::Timestamp;
use pki::{CertificateAuthority, Subject, Validity};
use tdam::configuration::Configuration;

/// Payments of a message whose body does not fit its row.
const LARGE: &str = "400";

fn authority() -> CertificateAuthority {
    let validity = Validity::of_days(Timestamp::now(), 2);
    CertificateAuthority::create(&Subject::new("authority of databases"), validity).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_new_world_is_told_the_owner_of_its_database_and_the_authority_of_its_certificate() {
    let ours = authority();
    let issued = ours.issue_server(&["localhost"], Validity::of_days(Timestamp::now(), 1)).unwrap();
    let key = issued.private_key_pem.as_ref().unwrap();
    let Some(cluster) = Cluster::start_with_tls(&issued.chain_pem, key) else { return };
    let folder = tempfile::tempdir().unwrap();
    let [trusted, strange] = ["trusted.pem", "strange.pem"].map(|name| folder.path().join(name));
    fs::write(&trusted, ours.certificate_pem()).unwrap();
    fs::write(&strange, authority().certificate_pem()).unwrap();
    let url = |role: &str| format!("postgresql://{role}@localhost:{}/postgres", cluster.port());
    let init = |place: &Path, authority: &Path| {
        let mut init = program();
        init.args(["init", "--store", &url("clerk"), "--store-owner", &url("owner"), "--store-schema", "treasury"]);
        init.arg("--store-authority").arg(authority).arg("--dir").arg(place).output().unwrap()
    };

    let refused = init(&folder.path().join("refused"), &strange);
    assert!(!refused.status.success() && said(&refused).contains("certificate"), "{}", said(&refused));
    assert!(!folder.path().join("refused").exists());

    let place = folder.path().join("made");
    let made = init(&place, &trusted);
    assert!(made.status.success(), "{}", said(&made));
    let store = Configuration::read(&place.join("tdam.toml")).unwrap().store;
    assert_eq!((store.url, store.owner_url, store.schema), (url("clerk"), url("owner"), "treasury".to_owned()));
    assert_eq!(cluster.run("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'treasury'"), "owner\n");

    // The world is whole: it may go to another machine, and needs neither the file that it was made with nor the owner.
    fs::remove_file(trusted).unwrap();
    let moved = folder.path().join("moved");
    fs::rename(&place, &moved).unwrap();
    let configuration = moved.join("tdam.toml");
    let text = fs::read_to_string(&configuration).unwrap();
    fs::write(&configuration, text.replace(&url("owner"), "")).unwrap();
    let checked = program().args(["operator", "check", "--config"]).arg(&configuration).output().unwrap();
    assert!(said(&checked).contains("All invariants hold"), "{}", said(&checked));
    assert!(text.contains("authority = \"pki/database-ca.pem\""), "{text}");
}

#[test]
fn owner_and_authority_are_a_databases() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("world");
    for arguments in [["--store-owner", "postgresql://owner@localhost/db"], ["--store-authority", "ca.pem"]] {
        let refused = program().arg("init").args(arguments).arg("--dir").arg(&place).output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        assert!(said(&refused).contains("--store <URL>"), "{}", said(&refused));
    }
    assert!(!place.exists());
}

#[test]
fn bodies_that_are_damaged_or_missing_are_found_when_they_are_read() {
    let Some(cluster) = cluster::shared() else { return };
    let schema = cluster.new_name();
    let mut sandbox = program();
    sandbox.env("TDAM_STORE", cluster.clerk_url()).env("TDAM_STORE_OWNER", cluster.url());
    sandbox.env("TDAM_STORE_SCHEMA", &schema);
    let sandbox = Sandbox::serve_by(sandbox, tempfile::tempdir().unwrap());
    for seed in ["1", "2", "3"] {
        sandbox.generate("payments.xml", &["--transactions", LARGE, "--seed", seed]);
        let (exit, sent) = sandbox.run(["send", "payments.xml"]);
        assert_eq!(exit, 0, "{sent:#}");
    }
    let world = sandbox.path("tdam-sandbox");
    let check = |arguments: &[&str]| program().arg("check").args(arguments).arg(&world).output().unwrap();
    let sound = check(&["--bodies"]);
    assert!(sound.status.success() && said(&sound).contains(" 3 bodies are what was received."), "{}", said(&sound));

    let chunks = format!("{schema}.body_chunk");
    let of = |id: u32| format!("WHERE body = (SELECT body_file FROM {schema}.submission WHERE id = {id})");
    cluster.run(&format!("DELETE FROM {chunks} {}", of(1)));
    cluster.run(&format!("UPDATE {chunks} SET bytes = overlay(bytes placing '\\x00' from 2000) {}", of(2)));
    let missing = "the body of submission 1 is missing";
    let damaged = "the body of submission 2 is not what was received";
    let read = check(&["--bodies"]);
    let lines: Vec<String> = said(&read).lines().map(str::to_owned).collect();
    assert_eq!((read.status.code(), &lines[..2]), (Some(1), &[missing.to_owned(), damaged.to_owned()][..]));
    let other = "bodies that do not say what is stored of their message: 2: ";
    assert!(lines.len() == 3 && lines[2].starts_with(other), "{lines:?}");
    let counted = check(&[]);
    assert_eq!((counted.status.code(), said(&counted).trim()), (Some(1), missing));
}
