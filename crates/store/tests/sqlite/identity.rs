//! Databases that are missing, empty, cut off or not the ones that their folders belong to: refused, with nothing changed.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use store::{Access, AtRest, SqliteOptions, Store, StoreError};

use crate::writing::*;

const DATABASE: &str = "tdam.sqlite";
const LOG: &str = "tdam.sqlite-wal";
/// As bodies are named.
const BODY: &str = "bodies/00000000000000ff-1-0-0";

fn make(folder: &Path) {
    let store = Store::open(folder, SqliteOptions::default()).unwrap();
    append(&store, "something to lose".to_owned()).unwrap();
}

/// Every way in refuses, and the folder is byte for byte what it was.
fn refused(folder: &Path) {
    fs::write(folder.join(BODY), "a body").unwrap();
    let before = contents(folder);
    type Opening = fn(&Path) -> Result<(), StoreError>;
    let ways: [(&str, Opening); 3] = [
        ("serving", |folder| Store::open_existing(folder, SqliteOptions::default()).map(drop)),
        ("making", |folder| Store::open(folder, SqliteOptions::default()).map(drop)),
        ("looking", |folder| AtRest::open(folder, Access::InUse).map(drop)),
    ];
    for (way, open) in ways {
        let error = open(folder).unwrap_err();
        assert!(matches!(error, StoreError::WrongDatabase { .. }), "{way}: {error}");
        assert!(error.to_string().contains(folder.to_str().unwrap()), "{way} names no file: {error}");
    }
    assert_eq!(contents(folder), before);
}

fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            found.extend(contents(&entry.path()).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.push((name, fs::read(entry.path()).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn a_missing_database_is_not_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    fs::remove_file(folder.path().join(DATABASE)).unwrap();
    refused(folder.path());
}

#[test]
fn a_folder_that_never_held_one_is_refused_unless_one_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let error = Store::open_existing(folder.path(), SqliteOptions::default()).unwrap_err();
    assert!(matches!(error, StoreError::WrongDatabase { .. }), "{error}");
    assert_eq!(contents(folder.path()), Vec::new());
}

#[test]
fn an_empty_or_cut_off_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    assert!(!folder.path().join(LOG).exists(), "closing empties the log");
    let whole = fs::read(folder.path().join(DATABASE)).unwrap();
    for left in [0, 1, 99, 100, 4096, whole.len() / 2, whole.len() - 1] {
        fs::write(folder.path().join(DATABASE), &whole[..left]).unwrap();
        refused(folder.path());
    }
    fs::write(folder.path().join(DATABASE), &whole).unwrap();
    assert_sound(&Store::open_existing(folder.path(), SqliteOptions::default()).unwrap(), 1);
}

#[test]
fn a_database_of_another_folder_is_refused() {
    let (ours, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    make(ours.path());
    make(other.path());
    fs::copy(other.path().join(DATABASE), ours.path().join(DATABASE)).unwrap();
    refused(ours.path());
}

#[test]
fn bodies_that_are_not_mounted_are_noticed() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    fs::remove_dir_all(folder.path().join("bodies")).unwrap();
    fs::create_dir(folder.path().join("bodies")).unwrap();
    refused(folder.path());
}

/// The next opening completes the remains of a crash between the two.
#[test]
fn an_identity_that_was_not_confirmed_is_confirmed_later() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    for place in ["tdam.id", "bodies/tdam.id"] {
        fs::rename(folder.path().join(place), folder.path().join(format!("{place}.new"))).unwrap();
    }
    assert_sound(&Store::open_existing(folder.path(), SqliteOptions::default()).unwrap(), 1);
    assert!(folder.path().join("bodies/tdam.id").is_file());
}

#[test]
fn a_copy_is_the_same_database() {
    let (folder, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    make(folder.path());
    AtRest::open(folder.path(), Access::InUse).unwrap().copy_to(target.path(), &mut |_, _| ()).unwrap();
    let [original, copy] =
        [&folder, &target].map(|folder| Store::open_existing(folder.path(), SqliteOptions::default()).unwrap());
    assert_eq!(original.identity(), copy.identity());
    assert_eq!(original.identity().len(), 32);
}

#[test]
fn what_happens_to_the_file_of_an_open_database_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    let path = folder.path().join(DATABASE);
    let whole = fs::read(&path).unwrap();
    let store = Store::open_existing(folder.path(), SqliteOptions::default()).unwrap();
    store.verify_identity().unwrap();
    let wrong = |what: &str| {
        let error = store.verify_identity().unwrap_err();
        assert!(matches!(error, StoreError::WrongDatabase { .. }), "{what}: {error}");
    };
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(4096).unwrap();
    wrong("cut off");
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(whole.len() as u64).unwrap();
    store.verify_identity().unwrap();
    let away = folder.path().join("away");
    fs::rename(&path, &away).unwrap();
    wrong("moved away");
    fs::write(&path, &whole).unwrap();
    wrong("replaced");
    fs::rename(&away, &path).unwrap();
    store.verify_identity().unwrap();
}

#[test]
fn nobody_else_can_read_what_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    make(&data);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let store = Store::open_existing(&data, SqliteOptions::default()).unwrap();
    append(&store, "a log and shared memory".to_owned()).unwrap();
    let _lock = store.lock_for_serving().unwrap();
    let open = |folder: &Path| {
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|file| mode(file) & 0o077 != 0).collect::<Vec<_>>()
    };
    assert_eq!((mode(&data), mode(&data.join("bodies"))), (0o700, 0o700));
    assert_eq!((open(&data), open(&data.join("bodies"))), (Vec::new(), Vec::new()));
    drop(store);

    // One that an older version left open is closed when it is opened.
    for (path, mode) in [("", 0o755), ("bodies", 0o755), (DATABASE, 0o644), ("tdam.id", 0o644)] {
        fs::set_permissions(data.join(path), fs::Permissions::from_mode(mode)).unwrap();
    }
    drop(Store::open_existing(&data, SqliteOptions::default()).unwrap());
    assert_eq!((mode(&data), open(&data), open(&data.join("bodies"))), (0o700, Vec::new(), Vec::new()));
}

#[test]
fn the_sweep_follows_no_links() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    make(folder.path());
    let bodies = folder.path().join("bodies");
    let theirs = elsewhere.path().join("0123");
    fs::write(&theirs, "not ours").unwrap();
    symlink(&theirs, bodies.join("0456")).unwrap();
    fs::write(bodies.join("0789"), "an orphan").unwrap();
    let store = Store::open_existing(folder.path(), SqliteOptions::default()).unwrap();
    assert_eq!(store.sweep_orphans().unwrap(), 1, "the orphan alone");
    assert!(theirs.exists() && fs::symlink_metadata(bodies.join("0456")).is_ok());
    drop(store);

    // The folder itself is a link: bodies there are read, and none is taken for an orphan.
    fs::copy(bodies.join("tdam.id"), elsewhere.path().join("tdam.id")).unwrap();
    fs::remove_dir_all(&bodies).unwrap();
    symlink(elsewhere.path(), &bodies).unwrap();
    let store = Store::open_existing(folder.path(), SqliteOptions::default()).unwrap();
    assert_eq!(store.sweep_orphans().unwrap(), 0);
    assert!(theirs.exists());
}
