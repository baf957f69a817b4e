//! The schema: made and migrated forward by its owner, one process at a time; the serving role may only use it.
//!
//! Nodes of the version before may be serving meanwhile, and go on afterwards. So a migration only adds what they need not
//! know of. It locks one table that is in use, since they take theirs in no common order. And whoever waits for the table
//! behind it does not wait for what it waits for itself, say a check of an hour.

use std::time::Instant;

use tokio_postgres::types::ToSql;

use super::connection::Connection;
use super::connector::Connector;
use super::options::PostgresOptions;
use crate::{StoreError, bounds};

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
];

/// Whoever migrates holds this lock of the database (`tdam` in ASCII, and the schema's name).
const LOCK: i32 = 0x7464_616d;

/// Tables of which the serving role never changes or removes a row.
const NEVER_CHANGED: &[&str] = &["audit", "entry", "event", "flip", "incoming_credit", "message", "report"];

/// Brings the schema to the newest version, with the owner's connection if there is one.
pub(super) fn migrate(
    serving: &Connector,
    owner: Option<&Connector>,
    options: &PostgresOptions,
) -> Result<(), StoreError> {
    let connection = serving.connect()?;
    refuse_other_encodings(&connection)?;
    if next_after(version(&connection, &options.schema)?)?.is_none() {
        return Ok(());
    }
    let connection = match owner {
        Some(owner) => owner.connect()?,
        None => connection,
    };
    let role = owner.and(serving.user());
    while !migrate_patiently(&connection, options, role)? {}
    Ok(())
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

/// Goes on by one version, and tries that until the tables are free for a moment. Returns whether it is the newest.
fn migrate_patiently(
    connection: &Connection,
    options: &PostgresOptions,
    role: Option<&str>,
) -> Result<bool, StoreError> {
    let begun = Instant::now();
    loop {
        let error = match migrate_by_one(connection, options, role) {
            Ok(newest) => return Ok(newest),
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
fn migrate_by_one(connection: &Connection, options: &PostgresOptions, role: Option<&str>) -> Result<bool, StoreError> {
    let schema = &options.schema;
    connection.begin("BEGIN");
    // Whoever waits here, waits for a migration; and that may take its time.
    connection.batch("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")?;
    let idle = bounds::STANDING_STILL_MAX.as_millis();
    connection.batch(&format!("SET LOCAL idle_in_transaction_session_timeout = {idle}"))?;
    connection.batch_unhurried(&format!("SELECT pg_advisory_xact_lock({LOCK}, hashtext('{schema}'))"))?;
    connection.batch(&format!("SET LOCAL lock_timeout = {}", bounds::MIGRATION_LOCK_TIMEOUT.as_millis()))?;
    connection.batch(&format!("CREATE SCHEMA IF NOT EXISTS {schema}"))?;
    connection.batch("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")?;
    // Somebody else may have been faster.
    let found = version(connection, schema)?;
    let migration = next_after(found)?;
    let version = found + i64::from(migration.is_some());
    if let Some(migration) = migration {
        connection.batch_unhurried(migration)?;
        connection.batch(&format!("DELETE FROM schema_version; INSERT INTO schema_version VALUES ({version})"))?;
    }
    if let Some(role) = role {
        grant(connection, schema, role)?;
    }
    connection.batch("COMMIT")?;
    if migration.is_some() {
        tracing::info!(version, schema, "database migrated");
    }
    next_after(version).map(|next| next.is_none())
}

/// What the serving role may do: use the tables, and change none of them in kind.
fn grant(connection: &Connection, schema: &str, role: &str) -> Result<(), StoreError> {
    const QUOTED: &str = "SELECT quote_ident($1)";
    let value: &(dyn ToSql + Sync) = &role;
    let role = connection.optional(QUOTED, &[value], |row| row.text())?.ok_or(StoreError::Missing("role"))?;
    let never_changed: String = NEVER_CHANGED.iter().map(|table| format!(", {schema}.{table}")).collect();
    connection.batch(&format!(
        "GRANT USAGE ON SCHEMA {schema} TO {role};
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role};
         GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role};
         REVOKE INSERT, UPDATE, DELETE ON {schema}.schema_version FROM {role};
         REVOKE UPDATE, DELETE ON {} FROM {role};",
        never_changed.trim_start_matches(", ")
    ))
}

/// 0 when there is nothing yet.
fn version(connection: &Connection, schema: &str) -> Result<i64, StoreError> {
    let table = format!("{schema}.schema_version");
    let there = connection.optional("SELECT to_regclass($1) IS NOT NULL", &[&table], |row| row.flag())?;
    if there != Some(true) {
        return Ok(0);
    }
    Ok(connection.optional("SELECT version FROM schema_version", &[], |row| row.integer())?.unwrap_or(0))
}

fn refuse_other_encodings(connection: &Connection) -> Result<(), StoreError> {
    let encoding = connection.optional("SHOW server_encoding", &[], |row| row.text())?;
    match encoding.as_deref() {
        Some("UTF8") => Ok(()),
        other => Err(StoreError::Refused(format!("the database's encoding is {other:?}, not UTF8"))),
    }
}
