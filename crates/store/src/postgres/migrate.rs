//! The schema: made and migrated forward by its owner, one process at a time; the serving role may only use it.

use tokio_postgres::types::ToSql;

use super::connection::{Connection, Connector};
use super::options::PostgresOptions;
use crate::StoreError;

/// The migrations, oldest first. Number `n` leads from version `n - 1` to version `n`; none is ever changed once it
/// has been released.
const MIGRATIONS: &[&str] =
    &[include_str!("migrations/0001_initial.sql"), include_str!("migrations/0002_limits_in_force.sql")];

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
    let known = MIGRATIONS.len() as i64;
    let found = version(&connection, &options.schema)?;
    if found > known {
        return Err(StoreError::NewerDatabase { found, known });
    }
    if found == known {
        return Ok(());
    }
    let connection = match owner {
        Some(owner) => owner.connect()?,
        None => connection,
    };
    let role = owner.and(serving.user());
    let migrated = migrate_locked(&connection, options, role);
    if migrated.is_err() {
        connection.rollback();
    }
    migrated.map_err(|error| match error {
        StoreError::Refused(text) => {
            StoreError::Refused(format!("the schema {} must be made by its owner: {text}", options.schema))
        }
        error => error,
    })
}

/// All in one transaction, which the lock lives as long as.
fn migrate_locked(connection: &Connection, options: &PostgresOptions, role: Option<&str>) -> Result<(), StoreError> {
    let schema = &options.schema;
    connection.begin("BEGIN");
    // Whoever waits here, waits for a migration; and that may take its time.
    connection.batch("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")?;
    connection.batch_unhurried(&format!("SELECT pg_advisory_xact_lock({LOCK}, hashtext('{schema}'))"))?;
    connection.batch(&format!("CREATE SCHEMA IF NOT EXISTS {schema}"))?;
    connection.batch("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")?;
    let found = version(connection, schema)?;
    for (version, migration) in (1_i64..).zip(MIGRATIONS).skip_while(|(version, _)| *version <= found) {
        connection.batch_unhurried(migration)?;
        connection.batch(&format!("DELETE FROM schema_version; INSERT INTO schema_version VALUES ({version})"))?;
        tracing::info!(version, schema, "database migrated");
    }
    if let Some(role) = role {
        grant(connection, schema, role)?;
    }
    connection.batch("COMMIT")
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
