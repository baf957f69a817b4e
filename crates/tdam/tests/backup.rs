//! Backup, restore and check with real processes: a server at work, a copy taken in the middle, and another server on it.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use client::{Body, Client, SendOptions, Sent};
use support::{DAY, Sandbox, program};
use tdam::generate::PaymentBatch;
use tokio::sync::mpsc;

/// Payments of a message whose body lies in a file of its own.
const LARGE: u32 = 400;
const SMALL: u32 = 3;
const SENDERS: u64 = 4;
/// Answers before the backup begins.
const ANSWERED_BEFORE: usize = 24;
const PATIENCE: Duration = Duration::from_secs(120);

fn tdam(arguments: &[&str], paths: &[&Path]) -> Output {
    program().args(arguments).args(paths).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs it and expects an exit code; what it said.
fn expect(exit: i32, arguments: &[&str], paths: &[&Path]) -> String {
    let output = tdam(arguments, paths);
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {}", said(&output));
    said(&output)
}

fn backup(world: &Path, to: &Path) -> String {
    expect(0, &["backup"], &[world, Path::new("--to"), to])
}

/// The message with this number: every fourth is a large one.
fn message(number: u64) -> Vec<u8> {
    let payments = if number.is_multiple_of(4) { LARGE } else { SMALL };
    let mut xml = Vec::new();
    PaymentBatch::new(payments, number, DAY.parse().unwrap()).write(&mut xml).unwrap();
    xml
}

/// The sandbox's accounting system. It is known to every server that has the sandbox's data.
fn accounting(keys: &Path, url: &str) -> Client {
    let user = keys.join("users/daugava-accounting");
    let read = |path: PathBuf| fs::read(path).unwrap();
    Client::builder()
        .url(url)
        .certificate_authority_pem(read(keys.join("pki/ca.pem")))
        .identity_pem(read(user.join("certificate.pem")), read(user.join("key.pem")))
        .build()
        .unwrap()
}

async fn answer(client: &Client, number: u64) -> Vec<u8> {
    let sent = client.send_payments(Body::bytes(message(number)), SendOptions::default().wait(PATIENCE)).await;
    match sent.unwrap() {
        Sent::Answer(answer) => answer.xml.to_vec(),
        Sent::InProgress(receipt) => client.wait_for_answer(&receipt, PATIENCE).await.unwrap().xml.to_vec(),
    }
}

/// What was answered before a backup that is made while messages go on arriving, and how many messages there were.
async fn backup_under_load(sandbox: &Sandbox, to: &Path) -> (BTreeMap<u64, Vec<u8>>, u64) {
    let world = sandbox.path("tdam-sandbox");
    let (next, stop) = (Arc::new(AtomicU64::new(1)), Arc::new(AtomicBool::new(false)));
    let (answers, mut answered) = mpsc::unbounded_channel();
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..SENDERS {
        let client = accounting(&world, &sandbox.url);
        let (next, stop, answers) = (Arc::clone(&next), Arc::clone(&stop), answers.clone());
        senders.spawn(async move {
            while !stop.load(Ordering::SeqCst) {
                let number = next.fetch_add(1, Ordering::SeqCst);
                let xml = answer(&client, number).await;
                let _ = answers.send((number, xml));
            }
        });
    }
    let mut before = BTreeMap::new();
    while before.len() < ANSWERED_BEFORE {
        let (number, xml) = answered.recv().await.unwrap();
        before.insert(number, xml);
    }
    let to = to.to_owned();
    let text = tokio::task::spawn_blocking(move || backup(&world, &to)).await.unwrap();
    assert!(text.contains("Backup made and checked"), "{text}");
    stop.store(true, Ordering::SeqCst);
    while senders.join_next().await.is_some() {}
    (before, next.load(Ordering::SeqCst) - 1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_answered_before_a_backup_under_load_is_in_it_and_a_server_goes_on_from_there() {
    let mut sandbox = Sandbox::start();
    let keys = sandbox.path("tdam-sandbox");
    let elsewhere = tempfile::tempdir().unwrap();
    let place = elsewhere.path().join("backup");
    let (before, sent) = backup_under_load(&sandbox, &place).await;
    assert!(sent > before.len() as u64, "nothing arrived during the backup");
    assert!(fs::read_dir(place.join("data/bodies")).unwrap().count() > 0, "no body in a file of its own");
    let text = expect(0, &["check"], &[&place]);
    assert!(text.contains("All invariants hold"), "{text}");

    // The machine is lost.
    assert_eq!(sandbox.stop(), Some(0));
    let new_machine = tempfile::tempdir().unwrap();
    let restored = new_machine.path().join("tdam-sandbox");
    let text = expect(0, &["restore"], &[&place, Path::new("--to"), &restored]);
    assert!(text.contains("Restored and checked") && text.contains(DAY), "{text}");
    expect(0, &["check", "--bodies"], &[&restored]);

    let server = Sandbox::serve(new_machine);
    let client = accounting(&keys, &server.url);
    for (number, xml) in &before {
        assert_eq!(answer(&client, *number).await, *xml, "message {number} sent again");
    }
    assert!(!answer(&client, sent + 1).await.is_empty(), "a new message");
    expect(0, &["check", "--bodies"], &[&restored]);
}

#[test]
fn every_damaged_byte_is_told_by_the_name_of_its_file() {
    let sandbox = Sandbox::start();
    sandbox.generate("large.xml", &["--transactions", "400"]);
    let (exit, sent) = sandbox.run(["send", "large.xml"]);
    assert_eq!(exit, 0, "{sent:#}");
    let folder = tempfile::tempdir().unwrap();
    let (place, restored) = (folder.path().join("backup"), folder.path().join("restored"));
    backup(&sandbox.path("tdam-sandbox"), &place);
    let files = files_below(&place);
    assert!(files.len() > 6, "{files:?}");
    for file in &files {
        let whole = fs::read(file).unwrap();
        let name = file.strip_prefix(&place).unwrap().to_string_lossy().into_owned();
        for offset in [0, whole.len() / 2, whole.len() - 1] {
            let mut damaged = whole.clone();
            damaged[offset] ^= 1;
            fs::write(file, &damaged).unwrap();
            let text = expect(1, &["restore"], &[&place, Path::new("--to"), &restored]);
            assert!(text.contains(&name), "byte {offset} of {name}: {text}");
        }
        fs::remove_file(file).unwrap();
        let output = tdam(&["check"], &[&place]);
        assert_ne!(output.status.code(), Some(0), "{name} is missing: {}", said(&output));
        fs::write(file, &whole).unwrap();
    }
    fs::write(place.join("data/strange"), "").unwrap();
    let text = expect(1, &["check"], &[&place]);
    assert!(text.contains("data/strange"), "{text}");
    fs::remove_file(place.join("data/strange")).unwrap();
    assert!(!restored.exists(), "something was restored from a damaged backup");
    expect(0, &["restore"], &[&place, Path::new("--to"), &restored]);
}

#[test]
fn nothing_is_overwritten_and_nothing_is_left_half_done() {
    let sandbox = Sandbox::start();
    let world = sandbox.path("tdam-sandbox");
    let folder = tempfile::tempdir().unwrap();
    let (place, taken) = (folder.path().join("backup"), folder.path().join("taken"));
    backup(&world, &place);
    expect(2, &["backup"], &[&world, Path::new("--to"), &place]);
    fs::create_dir(&taken).unwrap();
    fs::write(taken.join("thesis.txt"), "mine").unwrap();
    expect(2, &["restore"], &[&place, Path::new("--to"), &taken]);
    expect(2, &["backup"], &[folder.path(), Path::new("--to"), &folder.path().join("nothing")]);
    expect(2, &["restore"], &[&world, Path::new("--to"), &folder.path().join("nothing")]);
    expect(5, &["backup"], &[&world, Path::new("--to"), &folder.path().join("no/such/folder")]);
    let left: Vec<_> = files_below(folder.path()).into_iter().filter(|path| !path.starts_with(&place)).collect();
    assert_eq!(left, [taken.join("thesis.txt")]);
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    expect(0, &["restore"], &[&place, Path::new("--to"), &empty]);
}

#[test]
fn private_keys_stay_private_or_stay_behind() {
    let sandbox = Sandbox::start();
    let world = sandbox.path("tdam-sandbox");
    let folder = tempfile::tempdir().unwrap();
    let (with, without) = (folder.path().join("with"), folder.path().join("without"));
    let text = backup(&world, &with);
    assert!(text.contains("private keys"), "{text}");
    let restored = folder.path().join("restored");
    expect(0, &["restore"], &[&with, Path::new("--to"), &restored]);
    for place in [&with, &restored] {
        for key in ["pki/ca.key", "pki/server.key"] {
            let mode = fs::metadata(place.join(key)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{key} in {}", place.display());
        }
    }
    assert_eq!(fs::metadata(&with).unwrap().permissions().mode() & 0o077, 0, "others may look into the backup");

    let text = expect(0, &["backup", "--without-keys"], &[&world, Path::new("--to"), &without]);
    assert!(text.contains("pki/ca.key") && text.contains("pki/server.key"), "{text}");
    for file in files_below(&without) {
        let text = fs::read(&file).unwrap();
        assert!(!String::from_utf8_lossy(&text).contains("PRIVATE KEY-----"), "{}", file.display());
    }
    assert!(!files_below(&with).iter().any(|file| file.ends_with("key.pem")), "keys of online users are their own");
    let again = folder.path().join("again");
    let text = expect(0, &["restore"], &[&without, Path::new("--to"), &again]);
    assert!(text.contains("Put back yourself: pki/server.key"), "{text}");
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}
