//! Certificates and keys that a client is set up with: from files and memory, several of them, read again, and those that do not fit.
#![allow(clippy::unwrap_used, missing_docs)]

use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;

use client::{Client, Event, Identity};
use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use rcgen::{CertificateParams, KeyPair, SerialNumber, date_time_ymd};

/// A certificate with its key.
struct Made {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

impl Made {
    fn valid(serial: u8, from: i32, until: i32) -> Made {
        let key = KeyPair::generate().unwrap();
        let mut parameters = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        parameters.serial_number = Some(SerialNumber::from_slice(&[serial]));
        parameters.not_before = date_time_ymd(from, 1, 1);
        parameters.not_after = date_time_ymd(until, 1, 1);
        Made { certificate: parameters.self_signed(&key).unwrap(), key }
    }

    fn identity(&self) -> Identity {
        Identity::pem(self.certificate.pem(), self.key.serialize_pem())
    }

    fn write(&self, folder: &Path) {
        std::fs::write(folder.join("certificate.pem"), self.certificate.pem()).unwrap();
        std::fs::write(folder.join("key.pem"), self.key.serialize_pem()).unwrap();
    }

    fn key_store(&self, password: &str) -> Vec<u8> {
        let key = PrivateKey::from_der(&self.key.serialize_der()).unwrap();
        let chain = vec![Certificate::from_der(self.certificate.der()).unwrap()];
        let mut store = KeyStore::new();
        store.add_entry("x", KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new([1_u8, 2].as_slice(), key, chain)));
        store.writer(password).write().unwrap()
    }
}

fn builder(authority: &Made) -> client::ClientBuilder {
    Client::builder().url("https://localhost").certificate_authority_pem(authority.certificate.pem())
}

#[test]
fn a_key_store_opens_with_its_password_and_with_no_other() {
    let made = Made::valid(1, 2020, 2090);
    let file = made.key_store("the right one");
    builder(&made).identity(Identity::pkcs12(file.clone(), "the right one")).build().unwrap();
    let error = builder(&made).identity(Identity::pkcs12(file.clone(), "another one")).build().unwrap_err();
    assert!(error.is_configuration() && error.to_string().contains("password"), "{error}");
    assert!(!error.to_string().contains("another one"), "{error}");
    let error =
        builder(&made).identity(Identity::pkcs12(&file[..file.len() / 2], "the right one")).build().unwrap_err();
    assert!(error.is_configuration(), "{error}");
    let shown = format!("{:?}", Identity::pkcs12(file, "the right one"));
    assert!(!shown.contains("right"), "{shown}");
}

#[test]
fn a_key_of_another_certificate_is_refused_at_once() {
    let (one, other) = (Made::valid(1, 2020, 2090), Made::valid(2, 2020, 2090));
    let error = builder(&one).identity_pem(one.certificate.pem(), other.key.serialize_pem()).build().unwrap_err();
    assert!(error.is_configuration() && error.to_string().contains("do not fit together"), "{error}");
}

#[test]
fn another_pair_in_the_files_is_used_after_a_reload_and_a_broken_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (Made::valid(1, 2020, 2090), Made::valid(0x2a, 2020, 2090));
    one.write(folder.path());
    let files = Identity::pem_files(folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    let (tell, told) = mpsc::channel();
    let client = builder(&one).identity(files).on_event(move |event| drop(tell.send(event.clone()))).build().unwrap();
    client.reload().unwrap();
    assert_eq!(told.try_iter().count(), 0, "nothing has changed");
    other.write(folder.path());
    client.clone().reload().unwrap();
    let heard: Vec<Event> = told.try_iter().collect();
    assert!(matches!(&heard[..], [Event::Identity { serial }] if serial == "2a"), "{heard:?}");
    std::fs::write(folder.path().join("key.pem"), one.key.serialize_pem()).unwrap();
    assert!(client.reload().unwrap_err().is_configuration());
}

/// A file that takes its time: a pipe, whose reader waits until something is written.
#[test]
fn calls_go_on_while_the_files_are_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let made = Made::valid(1, 2020, 2090);
    made.write(folder.path());
    let key = folder.path().join("key.pem");
    let client = builder(&made).identity(Identity::pem_files(folder.path().join("certificate.pem"), &key));
    let client = client.build().unwrap();
    std::fs::remove_file(&key).unwrap();
    assert!(Command::new("mkfifo").arg(&key).status().unwrap().success());
    let reloading = client.clone();
    let reloading = std::thread::spawn(move || reloading.reload());
    // Opens when the other end is open too.
    let mut pipe = std::fs::OpenOptions::new().write(true).open(&key).unwrap();
    assert!(client.certificate_not_after().is_some());
    pipe.write_all(made.key.serialize_pem().as_bytes()).unwrap();
    drop(pipe);
    reloading.join().unwrap().unwrap();
}

#[test]
fn of_several_the_newest_that_is_valid_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let (older, newer) = (Made::valid(3, 2021, 2090), Made::valid(4, 2023, 2090));
    let (ended, future) = (Made::valid(5, 2024, 2025), Made::valid(6, 2088, 2090));
    older.write(folder.path());
    let files = Identity::pem_files(folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    let (tell, told) = mpsc::channel();
    let client = builder(&older)
        .identity(files)
        .identity(ended.identity())
        .identity(future.identity())
        .identity(Identity::pem_files("/no/such/certificate.pem", "/no/such/key.pem"))
        .on_event(move |event| drop(tell.send(event.clone())))
        .build()
        .unwrap();
    newer.write(folder.path());
    client.reload().unwrap();
    let heard: Vec<String> = told.try_iter().map(|event| event.to_string()).collect();
    assert!(heard.iter().any(|line| line.contains("/no/such/certificate.pem cannot be read")), "{heard:?}");
    assert_eq!(heard.last().unwrap(), "the certificate in use is 04");
    let none = builder(&older).identity(Identity::pem_files("/no/such/certificate.pem", "/no/such/key.pem"));
    assert!(none.build().unwrap_err().is_configuration());
}

/// The new certificate would take the place of the key.
#[tokio::test]
async fn a_certificate_and_its_key_in_one_file_are_not_renewed() {
    let (made, folder) = (Made::valid(1, 2020, 2090), tempfile::tempdir().unwrap());
    let (both, link) = (folder.path().join("both.pem"), folder.path().join("link.pem"));
    let text = made.certificate.pem() + &made.key.serialize_pem();
    std::fs::write(&both, &text).unwrap();
    std::os::unix::fs::symlink(&both, &link).unwrap();
    for key in [&both, &link] {
        let client = builder(&made).identity(Identity::pem_files(&both, key)).build().unwrap();
        let error = client.renew(client::KeyKind::P256).await.unwrap_err();
        assert!(error.is_configuration() && error.to_string().contains("a file of its own"), "{error}");
    }
    assert_eq!(std::fs::read_to_string(&both).unwrap(), text);
}
