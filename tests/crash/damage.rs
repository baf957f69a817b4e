//! Changes a bit of the server's files, at a random place, while nothing runs: in the database, in its log, in a body.
//!
//! Each round begins with the same folder with many answered messages, left by a stop or by a kill.
//!
//! | what is asked | what must hold |
//! |---|---|
//! | `tdam operator check --bodies` | finds whatever differs in what the database holds: another row, an index that misleads, a body |
//! | the server, if it starts | gives every message its old answer or an error, and never another answer |
//!
//! A changed bit outside any data (a free page, the rest of a page) changes nothing, and no check need find it; the
//! test knows by reading all tables before and after. These find a difference: SQLite's integrity check, the checksums
//! of the log, the hashes of bodies, of messages, of submissions and of audit lines, and the invariants. No check finds
//! a changed duplicate key, which makes one warning less or more.
//!
//! Runs when `TDAM_DAMAGE_ROUNDS` is set; `TDAM_CRASH_SEED` is optional.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::chance::Chance;
use crate::orders::{self, Message};
use crate::server::{Place, Server};
use crate::traffic::{self, Users};
use crate::{from_environment, seed_of_the_moment};

const DATABASE: &str = "tdam.sqlite";
const LOG: &str = "tdam.sqlite-wal";
const PAGE_BYTES: usize = 8 * 1024;
const LOG_HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;

const BLIND_SPOT: &str = "rows of duplicate_key";

/// A bit of a file.
struct Bit {
    file: PathBuf,
    byte: usize,
    mask: u8,
}

/// What came of the changes.
#[derive(Debug, Default)]
struct Seen {
    part_of_nothing: u32,
    found: u32,
    last_transaction_of_the_log: u32,
    blind_spot: u32,
    did_not_start: u32,
    answers: usize,
    errors: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_changed_bit_alters_no_answer_and_is_found() {
    if std::env::var("TDAM_CRASH_STORE").is_ok_and(|store| store != "sqlite") {
        return println!("skipped: PostgreSQL has checksums of its own");
    }
    let Some(rounds) = from_environment::<u32>("TDAM_DAMAGE_ROUNDS") else {
        return println!("skipped: TDAM_DAMAGE_ROUNDS says how many bits are changed");
    };
    let seed: u64 = from_environment("TDAM_CRASH_SEED").unwrap_or_else(seed_of_the_moment);
    println!("TDAM_CRASH_SEED={seed} TDAM_DAMAGE_ROUNDS={rounds}");
    let mut chance = Chance::new(seed);
    let mut place = Place::make(seed).await;
    let mut messages: Vec<Message> = Vec::new();
    let mut states = Vec::new();
    for (round, is_killed) in [(1, false), (2, true)] {
        place.round = round;
        messages.extend(orders::of_round(round, place.day, &mut chance));
        let server = Server::start(&place);
        let users = Users::connect(&place, server.url());
        traffic::send_until_answered(&mut messages, &users, &mut chance).await;
        if is_killed {
            server.kill()
        } else {
            server.stop()
        }
        let kept = place.folder().root().join(format!("state-{round}"));
        copy(&place.folder().data(), &kept);
        let answered = messages.len();
        states.push((kept.clone(), answered, contents(&kept).expect("an undamaged database")));
    }

    let (mut seen, mut missed) = (Seen::default(), Vec::new());
    for round in 1..=rounds {
        place.round = 2 + round;
        let (state, answered, before) = &states[chance.below(states.len())];
        let data = place.folder().data();
        fs::remove_dir_all(&data).unwrap();
        copy(state, &data);
        let bit = Bit::of_round(&data, &mut chance);
        let in_last_transaction = bit.is_in_last_transaction();
        bit.change();
        let differs = match contents(&data) {
            Ok(after) => difference(before, &after),
            Err(error) => Some(error),
        };
        let differs = differs.or_else(|| bit.is_of_a_body(&data).then(|| "a body".to_owned()));
        let objections = place.check();
        println!(
            "round {round}: {bit}: {}; check: {:.300}",
            differs.as_deref().unwrap_or("part of nothing"),
            objections
        );
        match &differs {
            None => seen.part_of_nothing += 1,
            Some(_) if !objections.is_empty() => seen.found += 1,
            Some(_) if in_last_transaction => seen.last_transaction_of_the_log += 1,
            Some(what) if what == BLIND_SPOT => seen.blind_spot += 1,
            Some(what) => missed.push(format!("{bit}: {what}")),
        }
        match Server::try_start(&place, |_| {}) {
            Err(_) => seen.did_not_start += 1,
            Ok(server) => {
                let users = Users::connect(&place, server.url());
                // This life may not know an answer of the log's last transaction, and answers it anew.
                let answers = traffic::old_answers(&messages[..*answered], &users, in_last_transaction).await;
                seen.answers += answers.same;
                seen.errors += answers.errors;
                drop(server);
            }
        }
    }
    println!("{seen:?}");
    assert!(missed.is_empty(), "check did not find: {missed:#?}");
    assert!(rounds < 4 || seen.found > 0, "the run proves little: {seen:?}");
}

impl Bit {
    /// Mostly of the database, sometimes of its log or of a body.
    fn of_round(data: &Path, chance: &mut Chance) -> Bit {
        let log = data.join(LOG);
        let mut bodies: Vec<PathBuf> =
            fs::read_dir(data.join("bodies")).unwrap().map(|entry| entry.unwrap().path()).collect();
        bodies.retain(|path| !path.ends_with("tdam.id"));
        bodies.sort();
        let has_log = fs::metadata(&log).is_ok_and(|metadata| metadata.len() > 0);
        let file = match chance.below(10) {
            0 if !bodies.is_empty() => bodies.swap_remove(chance.below(bodies.len())),
            1..=3 if has_log => log,
            _ => data.join(DATABASE),
        };
        let bytes = usize::try_from(fs::metadata(&file).unwrap().len()).unwrap();
        Bit { byte: chance.below(bytes), mask: 1 << chance.below(8), file }
    }

    fn change(&self) {
        let mut bytes = fs::read(&self.file).unwrap();
        bytes[self.byte] ^= self.mask;
        fs::write(&self.file, bytes).unwrap();
    }

    fn is_of_a_body(&self, data: &Path) -> bool {
        self.file.starts_with(data.join("bodies"))
    }

    /// Whether it is behind the last but one end of a transaction in the log.
    fn is_in_last_transaction(&self) -> bool {
        if !self.file.ends_with(LOG) {
            return false;
        }
        let bytes = fs::read(&self.file).unwrap();
        let frames = bytes[LOG_HEADER_BYTES..].chunks_exact(FRAME_HEADER_BYTES + PAGE_BYTES);
        let of_this_generation = frames.take_while(|frame| frame[8..16] == bytes[16..24]);
        let ends: Vec<usize> = (1..)
            .zip(of_this_generation)
            .filter(|(_, frame)| frame[4..8] != [0; 4])
            .map(|(number, _)| LOG_HEADER_BYTES + number * (FRAME_HEADER_BYTES + PAGE_BYTES))
            .collect();
        let last_begins = ends.len().checked_sub(2).map_or(LOG_HEADER_BYTES, |last_but_one| ends[last_but_one]);
        self.byte >= last_begins
    }
}

impl fmt::Display for Bit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.file.file_name().unwrap().to_string_lossy();
        write!(f, "{name}, byte {} ^ {:#04x}", self.byte, self.mask)
    }
}

/// All rows of all tables, as text; fails where SQLite finds its structure damaged. Reads a copy, which SQLite may
/// recover.
fn contents(data: &Path) -> Result<BTreeMap<String, Vec<String>>, String> {
    let looked = data.with_file_name("looked-at");
    let _ = fs::remove_dir_all(&looked);
    copy(data, &looked);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let read = || -> rusqlite::Result<_> {
        let connection = Connection::open_with_flags(looked.join(DATABASE), flags)?;
        let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        if sound != "ok" {
            return Ok(Err(sound));
        }
        let mut tables = connection.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")?;
        let tables: Vec<(String, String)> =
            tables.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut contents =
            BTreeMap::from([("the schema".to_owned(), tables.iter().map(|(_, sql)| sql.clone()).collect())]);
        for (table, _) in tables.iter().filter(|(_, sql)| sql.starts_with("CREATE TABLE")) {
            let mut rows = connection.prepare(&format!("SELECT * FROM \"{table}\" NOT INDEXED"))?;
            let columns = rows.column_count();
            let row = |row: &rusqlite::Row<'_>| {
                (0..columns)
                    .map(|column| row.get_ref(column).map(|value| format!("{value:?}")))
                    .collect::<rusqlite::Result<String>>()
            };
            let rows = rows.query_map([], row)?.collect::<Result<Vec<String>, _>>()?;
            contents.insert(table.clone(), rows);
        }
        Ok(Ok(contents))
    };
    read().unwrap_or_else(|error| Err(error.to_string()))
}

fn difference(before: &BTreeMap<String, Vec<String>>, after: &BTreeMap<String, Vec<String>>) -> Option<String> {
    let mut names = before.keys().chain(after.keys());
    let differing = names.find(|name| before.get(*name) != after.get(*name))?;
    Some(format!("rows of {differing}"))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if entry.path().is_file() {
            // A killed server leaves its socket too.
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
