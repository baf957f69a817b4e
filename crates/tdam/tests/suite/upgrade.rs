//! From the previous version of the database to this one, while clients keep sending.
//!
//! `TDAM_PREVIOUS` may name a program of the previous version. On SQLite that program then serves first and opens the
//! migrated database at the end; without it this program does both, and the test takes the database back to the
//! previous version's state. On PostgreSQL that program serves beside this one; without it this test checks nothing,
//! and the tests of the store send its statements.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cluster;
use crate::support::traffic::{Load, accounting, answer};
use crate::support::{Sandbox, free_port, program};

/// Answers in each life.
const ANSWERS: usize = 24;

fn previous_program() -> Option<PathBuf> {
    std::env::var_os("TDAM_PREVIOUS").map(PathBuf::from)
}

fn of_previous(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env("LC_ALL", "C").stdin(Stdio::null());
    command
}

/// Undoes the migrations after version 3, which leaves the database as that version would have written it.
fn take_back_to_version_3(data: &Path) {
    let connection = rusqlite::Connection::open(data.join("tdam.sqlite")).unwrap();
    connection
        .execute_batch(
            "DROP TABLE outside_certificate; DROP TABLE signature_evidence; DROP TABLE evidence_certificate;
             DROP TABLE one_day_limit; DROP TABLE contact; DROP TABLE application_step; DROP TABLE application_attachment;
             DROP TABLE application; CREATE TABLE kept_person AS SELECT * FROM person;
             CREATE TABLE kept_person_certificate AS SELECT * FROM person_certificate;
             DROP TABLE issued_to_person; DROP TABLE person_certificate; DROP TABLE person;
             DROP TABLE audit_checkpoint; DROP TABLE restore_mark;
             DROP TABLE enrolment_code; DROP TABLE issued_certificate; DROP TABLE revocation_reason;
             DROP TABLE revocation_list; DROP INDEX certificate_revoked; DROP INDEX certificate_in_force;
             DROP TABLE notice;
             DROP TRIGGER certificate_changes_rights; DROP TRIGGER certificate_goes;
             DROP TRIGGER online_user_changes_rights; DROP TRIGGER online_user_goes;
             DROP TRIGGER client_changes_rights; DROP TRIGGER client_goes; DROP TRIGGER business_day_changes;
             DROP TABLE rights_count; DROP TABLE waiting_return; ALTER TABLE state DROP COLUMN minimum_node_version;
             ALTER TABLE online_user DROP COLUMN granted_accounts; ALTER TABLE online_user DROP COLUMN suspended_at;
             ALTER TABLE online_user DROP COLUMN signature_required;
             ALTER TABLE client DROP COLUMN lists_every_payment; ALTER TABLE client DROP COLUMN daily_balances;
             ALTER TABLE client DROP COLUMN end_to_end_id_days; ALTER TABLE incoming_credit DROP COLUMN record;
             ALTER TABLE report DROP COLUMN daily_balances;
             DROP TABLE audit_mark; DROP TABLE set_aside; DROP TABLE work_attempt;
             ALTER TABLE submission DROP COLUMN attempts; ALTER TABLE submission DROP COLUMN seal;
             ALTER TABLE submission DROP COLUMN problem_seal; ALTER TABLE message DROP COLUMN seal; ALTER TABLE state DROP COLUMN identity; ALTER TABLE state DROP COLUMN settings;
             DROP TABLE clock; DROP TRIGGER submission_body_kept; DROP TRIGGER submission_body_removed;
             DROP TRIGGER submission_body_discarded; DROP TABLE client_storage;
             PRAGMA user_version = 3",
        )
        .unwrap();
    for folder in [data.to_path_buf(), data.join("bodies")] {
        std::fs::remove_file(folder.join("tdam.id")).unwrap();
    }
}

/// Version 3 knew no persons, but this sandbox was made with two, and its audit chain says so.
fn bring_persons_back(data: &Path) {
    let connection = rusqlite::Connection::open(data.join("tdam.sqlite")).unwrap();
    connection.busy_timeout(std::time::Duration::from_secs(60)).unwrap();
    connection
        .execute_batch(
            "BEGIN IMMEDIATE; INSERT INTO person SELECT * FROM kept_person;
             INSERT INTO person_certificate SELECT * FROM kept_person_certificate;
             DROP TABLE kept_person_certificate; DROP TABLE kept_person; COMMIT",
        )
        .unwrap();
}

fn assert_sound(world: &Path) {
    let checked = program().args(["check", "--bodies"]).arg(world).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

fn assert_refuses(previous: &Path, world: &Path, version: &str) {
    let output = of_previous(previous).args(["operator", "check", "--config"]).arg(world.join("tdam.toml")).output();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains(version), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clients_go_on_sending_through_an_upgrade_and_what_was_answered_stays_answered() {
    let previous = previous_program();
    let first = previous.as_deref().map_or_else(program, of_previous);
    let old = Sandbox::serve_by(first, tempfile::tempdir().unwrap());
    let (world, url) = (old.path("tdam-sandbox"), old.url.clone());
    let mut load = Load::start(&world, &url);
    load.wait_for(ANSWERS).await;
    let folder = tokio::task::spawn_blocking(|| old.into_folder()).await.unwrap();
    if previous.is_none() {
        take_back_to_version_3(&world.join("data"));
    }
    let said = String::from_utf8(program().arg("check").arg(&world).output().unwrap().stderr).unwrap();
    let older = if previous.is_none() { "older version 3" } else { "older version" };
    assert!(said.contains(older), "looking at it does not migrate it: {said}");

    let serve: fn(tempfile::TempDir) -> Sandbox = if previous.is_none() {
        // Version 3 did not note that it is a sandbox, so it counts as none until the operator says so.
        let mut unasked = program();
        let refused = unasked.args(["sandbox", "--dir"]).arg(&world).output().unwrap();
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(refused.status.code() == Some(2) && said.contains("--made-as-sandbox"), "{said}");
        Sandbox::serve_older
    } else {
        Sandbox::serve
    };
    let new = tokio::task::spawn_blocking(move || serve(folder)).await.unwrap();
    assert_eq!(new.url, url);
    load.wait_for(ANSWERS).await;
    let sent = load.stop().await;
    assert_eq!(load.answers.len() as u64, sent, "every message has an answer");
    let client = accounting(&world, &url);
    for (number, xml) in &load.answers {
        assert_eq!(answer(&client, *number).await, *xml, "message {number} sent again");
    }
    if previous.is_none() {
        bring_persons_back(&world.join("data"));
    }
    assert_sound(&world);
    if let Some(previous) = previous {
        assert_refuses(&previous, &world, "has version 19");
    }
}

/// A node of the previous version continues without a hitch when one of this version migrates the database and serves
/// beside it. Both get the same messages, and give the same answers.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_of_both_versions_serve_from_one_database() {
    let Some(previous) = previous_program() else {
        println!("skipped: TDAM_PREVIOUS names no program of the previous version");
        return;
    };
    let Some(cluster) = cluster::shared() else { return };
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [world, copy] = folders.each_ref().map(|folder| folder.path().join("tdam-sandbox"));
    let [of_old, of_new] = folders;
    let (old_program, url) = (of_previous(&previous), cluster.url());
    let serve_old = move || Sandbox::serve_with(old_program, of_old, &["--store", &url]);
    let old = tokio::task::spawn_blocking(serve_old).await.unwrap();
    assert!(Command::new("cp").arg("-r").args([&world, &copy]).status().unwrap().success());
    let configuration = fs::read_to_string(world.join("tdam.toml")).unwrap();
    let address = old.url.replace("https://localhost:", "127.0.0.1:");
    assert!(configuration.contains(&address), "{address}");
    let another = configuration.replace(&address, &format!("127.0.0.1:{}", free_port()));
    fs::write(copy.join("tdam.toml"), another).unwrap();

    let mut to_old = Load::start(&world, &old.url);
    to_old.wait_for(ANSWERS).await;
    let new = tokio::task::spawn_blocking(|| Sandbox::serve(of_new)).await.unwrap();
    to_old.wait_for(ANSWERS).await;
    let mut to_new = Load::start(&copy, &new.url);
    to_new.wait_for(2 * ANSWERS).await;
    to_old.wait_for(ANSWERS).await;
    let sent = (to_old.stop().await, to_new.stop().await);
    assert_eq!((to_old.answers.len() as u64, to_new.answers.len() as u64), sent, "every message has an answer");
    assert_eq!((to_old.failed_calls(), to_new.failed_calls()), (0, 0), "calls that had to be made again");
    let mut both = 0;
    for (number, xml) in &to_new.answers {
        if let Some(other) = to_old.answers.get(number) {
            assert_eq!(xml, other, "message {number}");
            both += 1;
        }
    }
    assert!(both > ANSWERS, "{both} messages were sent to both");
    let stop = |node: Sandbox| tokio::task::spawn_blocking(|| node.into_folder());
    let _folders = (stop(old).await.unwrap(), stop(new).await.unwrap());
    assert_sound(&copy);
    assert_refuses(&previous, &world, "has version 23");
}
