//! Running prepared statements: the four shapes that the topics need.

use rusqlite::{CachedStatement, Connection, Params};

use super::codec::failed;
use crate::StoreError;
use crate::codec::Columns;
use crate::statement::Statement;

pub(super) fn prepare(connection: &Connection, statement: Statement) -> Result<CachedStatement<'_>, StoreError> {
    connection.prepare_cached(statement.sql()).map_err(failed)
}

/// Runs a statement; returns how many rows it changed.
pub(super) fn execute(connection: &Connection, statement: Statement, params: impl Params) -> Result<usize, StoreError> {
    prepare(connection, statement)?.execute(params).map_err(failed)
}

/// Inserts one row and returns its id.
pub(super) fn insert(connection: &Connection, statement: Statement, params: impl Params) -> Result<i64, StoreError> {
    prepare(connection, statement)?.insert(params).map_err(failed)
}

/// The row, if there is one.
pub(super) fn optional<T>(
    connection: &Connection,
    statement: Statement,
    params: impl Params,
    read: impl FnOnce(&mut Columns<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut statement = prepare(connection, statement)?;
    let mut rows = statement.query(params).map_err(failed)?;
    rows.next().map_err(failed)?.map(|row| read(&mut Columns::of(row))).transpose()
}

/// The one row of a sum or a count.
pub(super) fn one<T>(
    connection: &Connection,
    statement: Statement,
    params: impl Params,
    read: impl FnOnce(&mut Columns<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    optional(connection, statement, params, read)?.ok_or(StoreError::Missing("row"))
}

/// All rows.
pub(super) fn list<T>(
    connection: &Connection,
    statement: Statement,
    params: impl Params,
    mut read: impl FnMut(&mut Columns<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = prepare(connection, statement)?;
    let mut rows = statement.query(params).map_err(failed)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        all.push(read(&mut Columns::of(row))?);
    }
    Ok(all)
}
