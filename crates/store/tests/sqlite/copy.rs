//! A copy of a store in use, with changes of the store meanwhile. The copy reports its progress, and so lets a test act
//! in the middle of it.

use std::fs;
use std::path::Path;

use jiff::civil::date;
use store::*;

use crate::writing::*;

/// Longer than what lives in its row.
const LARGE_BYTES: usize = 200_000;

fn submit(store: &Store, byte: u8) -> (payments::MessageId, StoredBody) {
    let mut sink = store.body_sink().unwrap();
    sink.append(&vec![byte; LARGE_BYTES]).unwrap();
    let body = sink.finish().unwrap();
    let submission = NewSubmission {
        user: OnlineUserId(1),
        client: ClientId(1),
        certificate: Fingerprint([7; 32]),
        request_id: format!("request-{byte}"),
        received_at: line(String::new()).at,
        body: body.clone(),
    };
    let id =
        store.write_blocking(move |tx| tx.insert_submission(&submission)).unwrap_or_else(|e: StoreError| panic!("{e}"));
    (id, body)
}

fn open(folder: &Path) -> Store {
    let store = Store::open(folder, SqliteOptions::default()).unwrap();
    store
        .write_blocking(|tx| {
            tx.set_business_day(date(2026, 11, 23))?;
            let client = Client {
                id: ClientId(0),
                name: "Ogres novads".to_owned(),
                registration_number: "90000024455".to_owned(),
                acceptance: AcceptancePolicy::Partial,
                preferences: store::Preferences::default(),
            };
            let client = tx.insert_client(&client)?;
            tx.insert_online_user(&OnlineUser {
                id: OnlineUserId(0),
                client,
                name: "Ogres grāmatvedība".to_owned(),
                mode: AccessMode::Manage,
                registration_valid_until: date(2029, 1, 1),
                allowed_networks: vec!["127.0.0.0/8".parse().unwrap()],
                granted_accounts: Vec::new(),
                suspended_at: None,
                signature_required: false,
            })?;
            Ok::<_, StoreError>(())
        })
        .unwrap();
    store
}

fn assert_whole(copy: &Path) -> Summary {
    let copy = AtRest::open(copy, Access::Copy).unwrap();
    let report = copy.check(Bodies::Read, &mut |_, _| ()).unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
    copy.summary().unwrap()
}

#[test]
fn a_submission_that_ends_while_it_is_copied_is_whole_in_the_copy() {
    let (folder, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = open(folder.path());
    let (id, body) = submit(&store, b'a');
    let source = AtRest::open(folder.path(), Access::InUse).unwrap();
    let mut discarded = false;
    let mut act = |_: u64, _: u64| {
        if !discarded {
            discarded = true;
            assert!(
                store.write_blocking(move |tx| tx.discard_submission(id)).unwrap_or_else(|e: StoreError| panic!("{e}"))
            );
            assert!(store.open_body(&body).is_err(), "the store has removed the body");
            submit(&store, b'b');
            append(&store, "after the copy began".to_owned()).unwrap();
        }
    };
    source.copy_to(target.path(), &mut act).unwrap();
    assert!(discarded);
    assert_whole(target.path());
    let copied = Store::open(target.path(), SqliteOptions::default()).unwrap();
    let unanswered =
        copied.read_blocking(|tx| tx.unanswered_submissions(10)).unwrap_or_else(|e: StoreError| panic!("{e}"));
    assert_eq!(unanswered.iter().map(|submission| submission.id).collect::<Vec<_>>(), [id]);
    assert!(details(&copied).is_empty(), "one state, that of the beginning");
    let mut read = Vec::new();
    copied.open_body(&unanswered[0].received.body).unwrap().read_to_end(&mut read).unwrap();
    assert_eq!(read, vec![b'a'; LARGE_BYTES]);
}

#[test]
fn a_body_that_is_missing_for_good_is_told_and_nothing_pretends_to_be_a_copy() {
    let (folder, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = open(folder.path());
    let (_, body) = submit(&store, b'a');
    let BodyPlace::Apart(name) = &body.place else { panic!("a large body lies in a file") };
    fs::remove_file(folder.path().join("bodies").join(name)).unwrap();
    let source = AtRest::open(folder.path(), Access::InUse).unwrap();
    let error = source.copy_to(target.path(), &mut |_, _| ()).unwrap_err();
    assert!(matches!(&error, StoreError::Corrupt(text) if text.contains(name)), "{error}");
    let problems = source.check(Bodies::Present, &mut |_, _| ()).unwrap().problems;
    assert_eq!(problems, [format!("body file {name} is missing")]);
}

#[test]
fn looking_at_a_copy_leaves_no_trace_and_what_is_cut_or_changed_is_found() {
    let (folder, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = open(folder.path());
    let (_, body) = submit(&store, b'a');
    AtRest::open(folder.path(), Access::InUse).unwrap().copy_to(target.path(), &mut |_, _| ()).unwrap();
    let summary = assert_whole(target.path());
    assert_eq!((summary.business_day, summary.last_sequence), (Some(date(2026, 11, 23)), 0));
    let names: Vec<_> = fs::read_dir(target.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "database, its identity and bodies: {names:?}");

    let BodyPlace::Apart(name) = &body.place else { panic!("a large body lies in a file") };
    let file = target.path().join("bodies").join(name);
    let problems =
        |depth| AtRest::open(target.path(), Access::Copy).unwrap().check(depth, &mut |_, _| ()).unwrap().problems;
    let mut bytes = fs::read(&file).unwrap();
    bytes[LARGE_BYTES / 2] ^= 1;
    fs::write(&file, &bytes).unwrap();
    assert_eq!(problems(Bodies::Read), [format!("body file {name} is not what was received")]);
    fs::write(&file, &bytes[1..]).unwrap();
    assert_eq!(problems(Bodies::Present), [format!("body file {name} has {} bytes of {LARGE_BYTES}", LARGE_BYTES - 1)]);
}
