//! One transaction or snapshot, as the contract sees it. Each topic's file implements the topic for it; topics written
//! once for both engines (`crate::plain`) come here as statements with values.

use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use rusqlite::{CachedStatement, Connection, Rows, ToSql};

use super::codec::failed;
use super::query::prepare;
use crate::codec::Columns;
use crate::plain::executor::{Executor, Plain, Value};
use crate::statement::Statement;
use crate::unit_of_work::Loaded;
use crate::{Deciding, Reading, StoreError, Writing};

/// A transaction that its owner has begun and will end.
pub(super) struct Session<'c> {
    connection: &'c Connection,
    /// Rows loaded for decisions.
    pub(super) loaded: Loaded,
    changes_rights: bool,
    effects: Effects,
}

/// The commit's effects outside the database.
#[derive(Default)]
pub(super) struct Effects {
    /// Files to remove.
    pub(super) forgotten_bodies: Vec<String>,
    /// Whether there is something that others may be waiting for.
    pub(super) news: bool,
}

impl<'c> Session<'c> {
    pub(super) fn new(connection: &'c Connection) -> Session<'c> {
        Session { connection, loaded: Loaded::default(), changes_rights: false, effects: Effects::default() }
    }

    pub(super) fn into_effects(self) -> Effects {
        self.effects
    }

    /// A full disk ends a transaction from below. Later statements would each commit on their own.
    pub(super) fn connection(&self) -> Result<&'c Connection, StoreError> {
        if self.connection.is_autocommit() {
            Err(StoreError::Unavailable("the database ended the transaction".to_owned()))
        } else {
            Ok(self.connection)
        }
    }

    /// The same for a change that others may be waiting for.
    pub(super) fn announcing(&mut self) -> Result<&'c Connection, StoreError> {
        self.announce();
        self.connection()
    }

    /// Removes the file of a body after the commit.
    pub(super) fn forget_body(&mut self, file: Option<String>) {
        self.effects.forgotten_bodies.extend(file);
    }

    fn with_values(&self, statement: Statement, values: &[Value<'_>]) -> Result<CachedStatement<'c>, StoreError> {
        let mut prepared = prepare(self.connection()?, statement)?;
        if prepared.parameter_count() != values.len() {
            return Err(StoreError::Refused(format!("{} values for {:?}", values.len(), statement.sql())));
        }
        // The parameters are names here, numbered as they come in the text.
        for index in 1..=values.len() {
            let place = prepared.parameter_name(index).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
            let value = place.and_then(|place| values.get(place.checked_sub(1)?));
            let value =
                value.ok_or_else(|| StoreError::Refused(format!("parameter {index} of {:?}", statement.sql())))?;
            prepared.raw_bind_parameter(index, value).map_err(failed)?;
        }
        Ok(prepared)
    }
}

impl Executor for Session<'_> {
    fn read_wanted(
        &mut self,
        statement: &Plain,
        values: &[Value<'_>],
        _: usize,
        each: &mut dyn FnMut(&mut Columns<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        all(self.with_values(statement.sqlite, values)?.raw_query(), each)
    }

    fn change(&mut self, statement: &Plain, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let changed = self.with_values(statement.sqlite, values)?.raw_execute().map_err(failed)?;
        Ok(changed as u64)
    }

    fn change_one(&mut self, statement: &Plain, values: &[Value<'_>]) -> Result<Option<i64>, StoreError> {
        let mut found = None;
        all(self.with_values(statement.sqlite, values)?.raw_query(), &mut |row| {
            found = Some(row.integer()?);
            Ok(())
        })?;
        Ok(found)
    }

    fn announce(&mut self) {
        self.effects.news = true;
    }

    fn change_rights(&mut self) {
        self.changes_rights = true;
    }

    fn rights_are_changed(&self) -> bool {
        self.changes_rights
    }

    /// Sequences and lines are numbered when they are added.
    fn settle(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// Reads to the last row: a statement left before its end does not report violations.
fn all(mut rows: Rows<'_>, each: &mut dyn FnMut(&mut Columns<'_>) -> Result<(), StoreError>) -> Result<(), StoreError> {
    while let Some(row) = rows.next().map_err(failed)? {
        each(&mut Columns::of(row))?;
    }
    Ok(())
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match *self {
            Value::Null => ToSqlOutput::Owned(Owned::Null),
            Value::Integer(value) => ToSqlOutput::Owned(Owned::Integer(value)),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Value::Integers(list) => ToSqlOutput::Owned(Owned::Text(format!("{list:?}"))),
        })
    }
}

impl Reading for Session<'_> {}

impl Deciding for Session<'_> {}

impl Writing for Session<'_> {}
