//! The schema: its owner makes it and migrates it forward, one process at a time; the serving role may only use it.
//!
//! Nodes of the previous version may serve meanwhile and afterwards. So a migration only adds what they need not know.
//! It locks only one used table at a time, since they lock theirs in no common order. A transaction behind the
//! migration must not wait for the transactions that the migration waits for, such as a check of an hour.

use std::time::Instant;

use super::connection::Connection;
use super::connector::Connector;
use super::options::PostgresOptions;
use super::rights::grant;
use crate::statement::statements;
use crate::{StoreError, bounds};

statements! {
    const IDENTITY: Statement = ("SELECT identity::text FROM state");
    const IS_THERE: Statement = ("SELECT to_regclass($1) IS NOT NULL");
    const VERSION: Statement = ("SELECT version FROM schema_version");
    const ENCODING: Statement = ("SHOW server_encoding");
}

/// The migrations, oldest first. Number `n` leads from version `n - 1` to version `n`; none is ever changed once it
/// has been released.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_limit_of_a_payment.sql"),
    include_str!("migrations/0003_limit_of_a_day.sql"),
    include_str!("migrations/0004_submission_attempts.sql"),
    include_str!("migrations/0005_identity.sql"),
    include_str!("migrations/0006_node_lease.sql"),
    include_str!("migrations/0007_past_protected.sql"),
    include_str!("migrations/0008_storage_use.sql"),
    include_str!("migrations/0009_digests.sql"),
    include_str!("migrations/0010_seal.sql"),
    include_str!("migrations/0011_seal_of_submission.sql"),
    include_str!("migrations/0012_client_preferences.sql"),
    include_str!("migrations/0013_what_reports_tell.sql"),
    include_str!("migrations/0014_waiting_returns.sql"),
    include_str!("migrations/0015_rights_version.sql"),
    include_str!("migrations/0016_grants.sql"),
    include_str!("migrations/0017_applications.sql"),
    include_str!("migrations/0018_certificates.sql"),
    include_str!("migrations/0019_evidence.sql"),
    include_str!("migrations/0020_audit_checkpoints.sql"),
    include_str!("migrations/0021_notices.sql"),
    include_str!("migrations/0022_authorities.sql"),
    include_str!("migrations/0023_notices_to_persons.sql"),
];

/// The version that this program writes.
pub(super) fn known_version() -> i64 {
    MIGRATIONS.len() as i64
}

/// What to do when there is no database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absent {
    Made,
    Refused,
}

/// The version of the schema that has an identity.
const IDENTITY_VERSION: i64 = 5;

/// The process that migrates holds this lock of the database (`tdam` in ASCII, and the schema's name).
const LOCK: i32 = 0x7464_616d;

/// Between the pieces of a migration that changes several tables in use: each piece is a transaction of its own, and can be
/// run again. The last one comes with the new version.
const NEXT_PIECE: &str = "-- Next table.";

/// How far a migration has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Progress {
    /// The version that it leads on from.
    version: i64,
    /// Its next piece.
    piece: usize,
}

/// Brings the schema to the newest version, with the owner's connection if there is one.
pub(super) fn migrate(
    serving: &Connector,
    owner: Option<&Connector>,
    options: &PostgresOptions,
    absent: Absent,
) -> Result<(), StoreError> {
    let connection = serving.connect()?;
    refuse_other_encodings(&connection)?;
    let found = version(&connection, &options.schema)?;
    if found == 0 && absent == Absent::Refused {
        let reason = "of the database holds no exchange. Correct `url` and `schema` in the configuration, or put the database \
                      back; only `tdam init` makes a new one. Nothing was changed";
        return Err(wrong(options, reason));
    }
    if found >= IDENTITY_VERSION {
        refuse_other_identity(&connection, options)?;
    }
    if next_after(found)?.is_none() {
        return Ok(());
    }
    let connection = match owner {
        Some(owner) => owner.connect()?,
        None => connection,
    };
    let role = owner.and(serving.access.user());
    let mut progress = Some(Progress::default());
    while let Some(done) = progress {
        progress = migrate_patiently(&connection, options, role, done)?;
    }
    Ok(())
}

fn wrong(options: &PostgresOptions, reason: &str) -> StoreError {
    StoreError::WrongDatabase { file: format!("the schema {}", options.schema).into(), reason: reason.to_owned() }
}

/// The database's own identity.
pub(super) fn identity(connection: &Connection) -> Result<String, StoreError> {
    connection.optional(IDENTITY, &[], |row| row.text())?.ok_or(StoreError::Missing("state"))
}

/// Before anything is migrated.
fn refuse_other_identity(connection: &Connection, options: &PostgresOptions) -> Result<(), StoreError> {
    let Some(wanted) = &options.identity else { return Ok(()) };
    let found = identity(connection)?;
    if found.eq_ignore_ascii_case(wanted) {
        return Ok(());
    }
    let reason = format!(
        "of the database belongs to the exchange {found}, and `store.identity` in the configuration names {wanted}. Correct \
         `url`, `schema` or `identity`. Nothing was changed"
    );
    Err(wrong(options, &reason))
}

/// The migration that leads on from a version; none from the newest.
fn next_after(found: i64) -> Result<Option<&'static str>, StoreError> {
    let known = MIGRATIONS.len();
    match usize::try_from(found) {
        Ok(place) if place <= known => Ok(MIGRATIONS.get(place).copied()),
        Ok(_) => Err(StoreError::NewerDatabase { found, known: known as i64 }),
        Err(_) => Err(StoreError::Corrupt(format!("the schema has version {found}"))),
    }
}

/// Migrates one piece, and tries until its table is free for a moment. Returns the reached version; `None`: the newest.
fn migrate_patiently(
    connection: &Connection,
    options: &PostgresOptions,
    role: Option<&str>,
    progress: Progress,
) -> Result<Option<Progress>, StoreError> {
    let begun = Instant::now();
    loop {
        let error = match migrate_by_one(connection, options, role, progress) {
            Ok(progress) => return Ok(progress),
            Err(error) => error,
        };
        let in_the_way = error.is_temporary() && connection.is_sound();
        connection.rollback();
        match error {
            _ if in_the_way && begun.elapsed() < bounds::MIGRATION_WAIT_MAX => {}
            StoreError::Refused(text) => {
                let text = format!("the schema {} must be made by its owner: {text}", options.schema);
                return Err(StoreError::Refused(text));
            }
            error => return Err(error),
        }
        tracing::info!(schema = options.schema, reason = %error, "the migration waits for transactions in its way");
        std::thread::sleep(bounds::MIGRATION_PAUSE);
    }
}

/// All in one transaction, which the lock lives as long as.
fn migrate_by_one(
    connection: &Connection,
    options: &PostgresOptions,
    role: Option<&str>,
    progress: Progress,
) -> Result<Option<Progress>, StoreError> {
    let schema = &options.schema;
    connection.begin("BEGIN");
    // What waits here waits for another migration, which may take its time.
    connection.batch("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")?;
    let idle = bounds::STANDING_STILL_MAX.as_millis();
    connection.batch(&format!("SET LOCAL idle_in_transaction_session_timeout = {idle}"))?;
    connection.batch_unhurried(&format!("SELECT pg_advisory_xact_lock({LOCK}, hashtext('{schema}'))"))?;
    connection.batch(&format!("SET LOCAL lock_timeout = {}", bounds::MIGRATION_LOCK_TIMEOUT.as_millis()))?;
    connection.batch(&format!("CREATE SCHEMA IF NOT EXISTS {schema}"))?;
    connection.batch("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")?;
    // Another process may have been faster.
    let found = version(connection, schema)?;
    let migration = next_after(found)?;
    let version = found + i64::from(migration.is_some());
    if let Some(migration) = migration {
        let piece = if progress.version == found { progress.piece } else { 0 };
        let mut pieces = migration.split(NEXT_PIECE).skip(piece);
        connection.batch_unhurried(pieces.next().unwrap_or_default())?;
        if pieces.next().is_some() {
            connection.batch("COMMIT")?;
            return Ok(Some(Progress { version: found, piece: piece + 1 }));
        }
        connection.batch(&format!("DELETE FROM schema_version; INSERT INTO schema_version VALUES ({version})"))?;
    }
    if let Some(role) = role {
        grant(connection, schema, role)?;
    }
    connection.batch("COMMIT")?;
    if migration.is_some() {
        tracing::info!(version, schema, "database migrated");
    }
    Ok(next_after(version)?.map(|_| Progress { version, piece: 0 }))
}

/// 0 when there is nothing yet.
fn version(connection: &Connection, schema: &str) -> Result<i64, StoreError> {
    let table = format!("{schema}.schema_version");
    let there = connection.optional(IS_THERE, &[&table], |row| row.flag())?;
    if there != Some(true) {
        return Ok(0);
    }
    Ok(connection.optional(VERSION, &[], |row| row.integer())?.unwrap_or(0))
}

fn refuse_other_encodings(connection: &Connection) -> Result<(), StoreError> {
    let encoding = connection.optional(ENCODING, &[], |row| row.text())?;
    match encoding.as_deref() {
        Some("UTF8") => Ok(()),
        other => Err(StoreError::Refused(format!("the database's encoding is {other:?}, not UTF8"))),
    }
}
