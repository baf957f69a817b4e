//! From the previous version of the database to this one, while clients go on sending.
//!
//! `TDAM_PREVIOUS` may name a program of the previous version, which then has the first life and looks at the migrated
//! database at the end. Without it this program has both, and the database is taken back to what the previous one leaves.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use support::traffic::{Load, accounting, answer};
use support::{Sandbox, program};

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

/// Undoes migration 2: what is left is what version 1 would have written.
fn take_back_to_version_1(data: &Path) {
    let connection = rusqlite::Connection::open(data.join("tdam.sqlite")).unwrap();
    connection
        .execute_batch(
            "DROP INDEX submission_removable; ALTER TABLE submission DROP COLUMN body_removed_at; PRAGMA user_version = 1",
        )
        .unwrap();
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
        take_back_to_version_1(&world.join("data"));
    }
    let said = String::from_utf8(program().arg("check").arg(&world).output().unwrap().stderr).unwrap();
    assert!(said.contains("older version 1"), "looking at it does not migrate it: {said}");

    let new = tokio::task::spawn_blocking(|| Sandbox::serve(folder)).await.unwrap();
    assert_eq!(new.url, url);
    load.wait_for(ANSWERS).await;
    let sent = load.stop().await;
    assert_eq!(load.answers.len() as u64, sent, "every message has an answer");
    let client = accounting(&world, &url);
    for (number, xml) in &load.answers {
        assert_eq!(answer(&client, *number).await, *xml, "message {number} sent again");
    }
    let checked = program().args(["check", "--bodies"]).arg(&world).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));

    let Some(previous) = previous else { return };
    let output = of_previous(&previous).args(["operator", "check", "--config"]).arg(world.join("tdam.toml")).output();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("has version 2"), "{said}");
}
