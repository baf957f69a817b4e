//! A kill of a writing process: acknowledged data are there afterwards.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use store::bounds::BODY_INLINE_BYTES_MAX;
use store::{SqliteOptions, Store, StoreError};

use crate::writing::*;

const FOLDER: &str = "TDAM_TEST_STORE_FOLDER";
const ACKNOWLEDGED: &str = "acknowledged ";

/// A process that writes to a store and prints acknowledged data, until it is killed.
pub struct Child {
    process: std::process::Child,
}

impl Child {
    pub fn start(folder: &Path) -> Child {
        let process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::the_process_to_be_killed", "--ignored", "--nocapture"])
            .env(FOLDER, folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Child { process }
    }

    /// Kills it (SIGKILL) in the middle of its work, once it has had so many lines acknowledged. Returns all of them.
    pub fn kill_after(mut self, lines: usize) -> Vec<String> {
        let mut acknowledged = Vec::new();
        for output in BufReader::new(self.process.stdout.take().unwrap()).split(b'\n') {
            let output = String::from_utf8(output.unwrap()).unwrap();
            // A last line may have been cut by the kill; only a whole one was said.
            if let Some((_, detail)) = output.split_once(ACKNOWLEDGED)
                && let Some(detail) = detail.strip_suffix('.')
            {
                acknowledged.push(detail.to_owned());
            }
            if acknowledged.len() == lines {
                self.process.kill().unwrap();
            }
        }
        self.process.wait().unwrap();
        assert!(acknowledged.len() >= lines, "the process ended by itself");
        acknowledged
    }
}

/// No test of its own: several threads write small and large things without end.
#[test]
#[ignore = "started by other tests, which kill it"]
fn the_process_to_be_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let store = Store::open(Path::new(&folder), SqliteOptions::default()).unwrap();
    let write = |thread: usize| {
        let store = store.clone();
        std::thread::spawn(move || {
            for number in 0.. {
                // Bodies that never get a row: their files are the sweep's.
                let mut sink = store.body_sink().unwrap();
                sink.append(&vec![0; BODY_INLINE_BYTES_MAX + 1]).unwrap();
                if number % 10 == 0 {
                    sink.finish().unwrap();
                }
                let detail = format!("{}/{thread}/{number}", std::process::id());
                let lines = [line(detail.clone()), line(format!("{detail} padded {}", "x".repeat(2000)))];
                store
                    .write_blocking(move |tx| lines.iter().try_for_each(|line| tx.append_audit(line)))
                    .unwrap_or_else(|error: StoreError| panic!("{error}"));
                let mut out = std::io::stdout().lock();
                writeln!(out, "{ACKNOWLEDGED}{detail}.").and_then(|()| out.flush()).unwrap();
            }
        })
    };
    for thread in (0..8).map(write).collect::<Vec<_>>() {
        thread.join().unwrap();
    }
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = Vec::new();
    for round in 1..=4 {
        acknowledged.extend(Child::start(folder.path()).kill_after(25 * round));
        let store = Store::open(folder.path(), SqliteOptions::default()).unwrap();
        let written = details(&store);
        for detail in &acknowledged {
            assert!(written.contains(detail), "{detail} was acknowledged");
        }
        assert_eq!(written.len() % 2, 0, "each job wrote two lines, or none");
        assert_sound(&store, written.len());
        store.sweep_orphans().unwrap();
        let left = std::fs::read_dir(folder.path().join("bodies")).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(left.collect::<Vec<_>>(), ["tdam.id"], "bodies without a row are gone");
        assert!(store.lock_for_serving().is_ok(), "the lock of the killed process is free");
    }
}
