//! Backup, restore and check with real processes: a server at work, a copy taken in the middle, and another server on it.
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::support::traffic::{Load, accounting, answer};
use crate::support::{DAY, Sandbox, program};

/// Answers before the backup begins.
const ANSWERED_BEFORE: usize = 24;

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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_answered_before_a_backup_under_load_is_in_it_and_a_server_goes_on_from_there() {
    let mut sandbox = Sandbox::start();
    let keys = sandbox.path("tdam-sandbox");
    let elsewhere = tempfile::tempdir().unwrap();
    let place = elsewhere.path().join("backup");
    let mut load = Load::start(&keys, &sandbox.url);
    load.wait_for(ANSWERED_BEFORE).await;
    let before = load.answers.clone();
    let text = tokio::task::spawn_blocking({
        let (keys, place) = (keys.clone(), place.clone());
        move || backup(&keys, &place)
    });
    let text = text.await.unwrap();
    assert!(text.contains("Backup made and checked"), "{text}");
    let sent = load.stop().await;
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
    let nothing = ["operator", "revocations", "none", "--by", "Anna Ozola", "--reason", "a test", "--config"];
    expect(0, &nothing, &[&restored.join("tdam.toml")]);

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
        for key in ["pki/ca.key", "pki/issuing.key", "pki/server.key", "pki/audit.key"] {
            let mode = fs::metadata(place.join(key)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{key} in {}", place.display());
        }
    }
    assert_eq!(fs::metadata(&with).unwrap().permissions().mode() & 0o077, 0, "others may look into the backup");

    let text = expect(0, &["backup", "--without-keys"], &[&world, Path::new("--to"), &without]);
    assert!(
        ["pki/ca.key", "pki/issuing.key", "pki/server.key", "pki/audit.key"].iter().all(|key| text.contains(key)),
        "{text}"
    );
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
