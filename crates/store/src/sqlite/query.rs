//! Running prepared statements: the four shapes that the subjects need.

use rusqlite::{CachedStatement, Connection, Params};

use super::codec::failed;
use crate::StoreError;
use crate::codec::Columns;

pub(super) fn prepare<'c>(connection: &'c Connection, sql: &str) -> Result<CachedStatement<'c>, StoreError> {
    connection.prepare_cached(sql).map_err(failed)
}

/// Runs a statement; returns how many rows it changed.
pub(super) fn execute(connection: &Connection, sql: &str, params: impl Params) -> Result<usize, StoreError> {
    prepare(connection, sql)?.execute(params).map_err(failed)
}

/// Inserts one row and returns its id.
pub(super) fn insert(connection: &Connection, sql: &str, params: impl Params) -> Result<i64, StoreError> {
    prepare(connection, sql)?.insert(params).map_err(failed)
}

/// The row, if there is one.
pub(super) fn optional<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&mut Columns<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut statement = prepare(connection, sql)?;
    let mut rows = statement.query(params).map_err(failed)?;
    rows.next().map_err(failed)?.map(|row| read(&mut Columns::of(row))).transpose()
}

/// All rows.
pub(super) fn list<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&mut Columns<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = prepare(connection, sql)?;
    let mut rows = statement.query(params).map_err(failed)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        all.push(read(&mut Columns::of(row))?);
    }
    Ok(all)
}
