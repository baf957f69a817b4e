//! The key store of each online user: its file mode, its password, and its content.
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::support::{Sandbox, program};
use tdam::installation::Folder;

/// Each user's password; the files are as they must be.
fn passwords(world: &Path) -> Vec<String> {
    let users = Folder::new(world).users();
    assert!(users.len() > 1, "{users:?}");
    let password = |user: &Path| {
        for file in ["key.pem", "certificate.p12", "certificate.p12.password"] {
            let mode = fs::metadata(user.join(file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file} of {}", user.display());
        }
        let password = fs::read_to_string(user.join("certificate.p12.password")).unwrap().trim_end().to_owned();
        assert_opens(user, &password);
        password
    };
    users.iter().map(|user| password(user)).collect()
}

/// OpenSSL takes the same certificate out of it as stands beside it, and the key of that certificate.
fn assert_opens(user: &Path, password: &str) {
    let password_argument = format!("pass:{password}");
    let openssl = |arguments: &[&str]| {
        let ran = Command::new("openssl").args(arguments).current_dir(user).output();
        ran.ok().map(|ran| (ran.status.success(), String::from_utf8(ran.stdout).unwrap()))
    };
    let open =
        |what: &str| openssl(&["pkcs12", "-in", "certificate.p12", "-passin", &password_argument, "-nodes", what]);
    let Some((opened, certificate)) = open("-clcerts") else {
        println!("not opened: openssl is not installed");
        return;
    };
    assert!(opened, "{}", user.display());
    let beside = fs::read_to_string(user.join("certificate.pem")).unwrap();
    assert_eq!(pki::certificate_der(&certificate).unwrap(), pki::certificate_der(&beside).unwrap());
    fs::write(user.join("from-store.pem"), open("-nocerts").unwrap().1).unwrap();
    let public = |file: &str| openssl(&["pkey", "-pubout", "-in", file]).unwrap();
    assert_eq!(public("from-store.pem"), public("key.pem"));
    assert!(public("key.pem").0);
}

#[test]
fn key_stores_of_a_sandbox_have_its_known_password() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::serve_so(program(), folder, &["--address", "127.0.0.1:0", "--plain-address", "127.0.0.1:0"]);
    let passwords = passwords(&sandbox.path("tdam-sandbox"));
    assert!(passwords.iter().all(|password| password == "sandbox"), "{passwords:?}");
    assert!(sandbox.printed.contains("certificate.p12 (password: sandbox)"), "{}", sandbox.printed);
}

#[test]
fn key_stores_of_any_other_world_have_passwords_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let world = folder.path().join("world");
    let ran = program().args(["init", "--dir"]).arg(&world).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let passwords = passwords(&world);
    assert_eq!(passwords.iter().collect::<BTreeSet<_>>().len(), passwords.len(), "each its own");
    assert!(passwords.iter().all(|password| password.len() > 20));
    let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    assert!(passwords.iter().all(|password| !said.contains(password)), "a password is printed nowhere");
}

/// A client with a certificate of another world's authority gets `unknown ca`: authorities have names of their own.
#[test]
fn every_world_has_an_authority_of_another_name() {
    let names: BTreeSet<String> = (0..2)
        .map(|_| {
            let folder = tempfile::tempdir().unwrap();
            let world = folder.path().join("world");
            let made = program().args(["init", "--dir"]).arg(&world).output().unwrap();
            assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
            let pem = fs::read_to_string(Folder::new(&world).authority_certificate()).unwrap();
            pki::describe(&pki::certificate_der(&pem).unwrap()).unwrap().subject
        })
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
}
