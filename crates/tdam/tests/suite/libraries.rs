//! `tdam libraries`, and a service that gives libraries out: from a folder to a signature that OpenSSL verifies.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::service::said;
use crate::support::{free_port, program};

const ARCHIVE: &str = "tdam-client-java-1.0.0.zip";

/// An installation with a folder of libraries.
struct House {
    folder: tempfile::TempDir,
}

impl House {
    fn new() -> House {
        let folder = tempfile::tempdir().unwrap();
        let world = folder.path().join("world");
        let mut init = program();
        let [address, plain] = [free_port(), free_port()].map(|port| format!("127.0.0.1:{port}"));
        init.args(["init", "--address", &address, "--plain-address", &plain, "--dir"]).arg(&world);
        assert_eq!(said(init.output().unwrap()).0, 0);
        let house = House { folder };
        let configuration = fs::read_to_string(house.configuration()).unwrap();
        assert!(
            configuration.contains("key = \"pki/publication.key\"")
                && configuration.contains("key = \"pki/audit.key\"")
        );
        fs::write(house.configuration(), configuration.replace("\nfolder = \"\"", "\nfolder = \"libraries\"")).unwrap();
        fs::create_dir(house.libraries()).unwrap();
        fs::write(house.libraries().join(ARCHIVE), b"an archive").unwrap();
        fs::write(house.libraries().join("secret.txt"), b"not listed").unwrap();
        house.list(&[entry("java", ARCHIVE, b"an archive")]);
        house
    }

    fn configuration(&self) -> PathBuf {
        self.folder.path().join("world/tdam.toml")
    }

    fn libraries(&self) -> PathBuf {
        self.folder.path().join("world/libraries")
    }

    fn list(&self, entries: &[Value]) {
        fs::write(self.libraries().join("libraries.json"), json!({ "libraries": entries }).to_string()).unwrap();
    }

    /// Exit code and what it said.
    fn run(&self, arguments: &[&str]) -> (i32, String) {
        said(program().arg("libraries").args(arguments).arg("--config").arg(self.configuration()).output().unwrap())
    }
}

fn entry(language: &str, file: &str, bytes: &[u8]) -> Value {
    let sha256: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let release = json!({ "version": "1.0.0", "date": "2026-11-30", "interface": ["v1"], "changes": ["First."] });
    json!({
        "language": language, "name": "tdam-client", "requires": "Java 11", "file": file, "bytes": bytes.len(), "sha256": sha256,
        "releases": [release],
    })
}

fn verifies(key: &Path, archive: &Path, signature: &Path) -> bool {
    let mut openssl = Command::new("openssl");
    openssl.args(["pkeyutl", "-verify", "-pubin", "-rawin", "-inkey"]).arg(key).arg("-in").arg(archive);
    openssl.arg("-sigfile").arg(signature).output().unwrap().status.success()
}

#[test]
fn what_is_exported_is_verified_by_openssl_and_a_changed_archive_is_not() {
    let house = House::new();
    let (exit, list) = house.run(&["list"]);
    assert!(exit == 0 && list.contains("java") && list.contains("1.0.0") && list.contains("v1"), "{list}");
    let (_, list) = house.run(&["list", "--json"]);
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["libraries"][0]["href"], "/v1/libraries/java");

    let out = house.folder.path().join("out");
    assert_eq!(house.run(&["export", "--to", out.to_str().unwrap()]).0, 0);
    let mut names: Vec<_> =
        fs::read_dir(&out).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["SHA256SUMS", "publication.pem", ARCHIVE, &format!("{ARCHIVE}.sig")]);
    let public = house.folder.path().join("world/pki/publication.pem");
    assert_eq!(fs::read(out.join("publication.pem")).unwrap(), fs::read(&public).unwrap());
    let (archive, signature) = (out.join(ARCHIVE), out.join(format!("{ARCHIVE}.sig")));
    assert!(verifies(&public, &archive, &signature));
    fs::write(&archive, b"an Archive").unwrap();
    assert!(!verifies(&public, &archive, &signature));
    // What is there stays as it is.
    assert_ne!(house.run(&["export", "--to", out.to_str().unwrap()]).0, 0);
}

#[test]
fn what_is_not_as_the_list_says_is_refused_and_named() {
    let house = House::new();
    let good = entry("java", ARCHIVE, b"an archive");
    let with = |member: &str, value: Value| {
        let mut entry = good.clone();
        entry[member] = value;
        vec![entry]
    };
    fs::write(house.libraries().join("large.zip"), vec![0; 33 << 20]).unwrap();
    std::os::unix::fs::symlink(house.configuration(), house.libraries().join("link.zip")).unwrap();
    let configuration = fs::read(house.configuration()).unwrap();
    for (entries, because) in [
        (vec![entry("java", ARCHIVE, b"another archive")], "differs"),
        (with("bytes", json!(9)), "differs"),
        (vec![entry("java", "gone.zip", b"")], "gone.zip"),
        (vec![entry("java", "../tdam.toml", &configuration)], "no name of an archive"),
        (vec![entry("java", ".hidden", b"")], "no name of an archive"),
        (vec![entry("java", "link.zip", &configuration)], "link.zip is no file"),
        (vec![entry("java", "large.zip", &vec![0; 33 << 20])], "longer than"),
        (with("language", json!("../java")), "names no language"),
        (with("language", json!("")), "names no language"),
        (vec![good.clone(), good.clone()], "two archives"),
        (with("releases", json!([])), "no release"),
        (with("secret", json!(true)), "unknown field"),
        ((0..17).map(|number| entry(&format!("l{number}"), ARCHIVE, b"an archive")).collect(), "more than 16"),
    ] {
        house.list(&entries);
        let (exit, said) = house.run(&["list"]);
        assert!(exit == 2 && said.contains(because), "{because}: {exit} {said}");
    }
    house.list(&[good]);
    let configuration = fs::read_to_string(house.configuration()).unwrap();
    fs::write(house.configuration(), configuration.replace("pki/publication.key", "")).unwrap();
    let (exit, said) = house.run(&["list"]);
    assert!(exit == 2 && said.contains("publication.key"), "{said}");
}

#[test]
fn an_encrypted_key_signs_too() {
    let house = House::new();
    let key = house.folder.path().join("world/pki/next.key");
    let mut new_key = program();
    new_key.args(["libraries", "new-key", "--passphrase-from", "env:PHRASE", "--to"]).arg(&key);
    assert_eq!(said(new_key.env("PHRASE", "a long enough passphrase").output().unwrap()).0, 0);
    assert!(fs::read_to_string(&key).unwrap().starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    let configuration = fs::read_to_string(house.configuration()).unwrap();
    let (before, publication) = configuration.split_once("[publication]").unwrap();
    let publication = publication.replacen("pki/publication.key", "pki/next.key", 1).replacen(
        "passphrase_from = \"\"",
        "passphrase_from = \"env:PHRASE\"",
        1,
    );
    fs::write(house.configuration(), format!("{before}[publication]{publication}")).unwrap();
    let run = |phrase: &str| {
        let mut list = program();
        list.args(["libraries", "list", "--json", "--config"]).arg(house.configuration()).env("PHRASE", phrase);
        said(list.output().unwrap())
    };
    let (exit, list) = run("a long enough passphrase");
    let list: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(exit, 0);
    assert_eq!(list["publication_key"], fs::read_to_string(key.with_extension("pem")).unwrap());
    assert_eq!(run("another long passphrase").0, 2);
}
