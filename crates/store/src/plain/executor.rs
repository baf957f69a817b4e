//! Runs statements of plain topics, on either engine.

use crate::StoreError;
use crate::codec::Columns;
use crate::statement::{Locking, Statement};

/// A statement of a plain topic, for both engines.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plain {
    pub(crate) sqlite: Statement,
    /// With the forms that lock. SQLite has one writer, which needs no locks.
    pub(crate) postgres: Locking,
}

/// A parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'v> {
    Null,
    Integer(i64),
    Text(&'v str),
    Bytes(&'v [u8]),
    /// For PostgreSQL an array, for SQLite a JSON array that `json_each` takes apart.
    Integers(&'v [i64]),
}

/// Runs statements of plain topics in a transaction or a snapshot.
pub(crate) trait Executor {
    /// Reads all rows. Rows read with a locking statement in a transaction do not change until its end. A job that gives way
    /// is undone when it finds fewer rows than are `wanted`: another transaction has locked the others.
    fn read_wanted(
        &mut self,
        statement: &Plain,
        values: &[Value<'_>],
        wanted: usize,
        each: &mut dyn FnMut(&mut Columns<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// The same where one row is enough.
    fn read(
        &mut self,
        statement: &Plain,
        values: &[Value<'_>],
        each: &mut dyn FnMut(&mut Columns<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.read_wanted(statement, values, 1, each)
    }

    /// Changes rows; returns how many.
    fn change(&mut self, statement: &Plain, values: &[Value<'_>]) -> Result<u64, StoreError>;

    /// Changes a row and reads one integer of it (`RETURNING`). `None` when there is no such row.
    fn change_one(&mut self, statement: &Plain, values: &[Value<'_>]) -> Result<Option<i64>, StoreError>;

    /// Notifies all waiters with the commit ([`crate::News`]).
    fn announce(&mut self);

    /// The transaction changes rights ([`crate::Rights`]).
    fn change_rights(&mut self);

    /// Whether it has.
    fn rights_are_changed(&self) -> bool;

    /// Before a look at sequenced rows: no other transaction adds any meanwhile, and this transaction's own are
    /// included.
    fn settle(&mut self) -> Result<(), StoreError>;

    /// The row, if there is one. Of several the first.
    fn optional<T>(
        &mut self,
        statement: &Plain,
        values: &[Value<'_>],
        mut read: impl FnMut(&mut Columns<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError>
    where
        Self: Sized,
    {
        let mut found = None;
        self.read(statement, values, &mut |row| {
            if found.is_none() {
                found = Some(read(row)?);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// All rows.
    fn list<T>(
        &mut self,
        statement: &Plain,
        values: &[Value<'_>],
        mut read: impl FnMut(&mut Columns<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError>
    where
        Self: Sized,
    {
        self.list_wanted(statement, values, 1, &mut read)
    }

    /// All rows, of which so many are wanted.
    fn list_wanted<T>(
        &mut self,
        statement: &Plain,
        values: &[Value<'_>],
        wanted: usize,
        mut read: impl FnMut(&mut Columns<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError>
    where
        Self: Sized,
    {
        let mut all = Vec::new();
        self.read_wanted(statement, values, wanted, &mut |row| {
            all.push(read(row)?);
            Ok(())
        })?;
        Ok(all)
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Value::Integer(value)
    }
}

impl From<u32> for Value<'_> {
    fn from(value: u32) -> Self {
        Value::Integer(value.into())
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Value::Integer(value.into())
    }
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(value: &'v str) -> Self {
        Value::Text(value)
    }
}

impl<'v> From<&'v String> for Value<'v> {
    fn from(value: &'v String) -> Self {
        Value::Text(value)
    }
}

impl<'v> From<&'v [u8]> for Value<'v> {
    fn from(value: &'v [u8]) -> Self {
        Value::Bytes(value)
    }
}

impl<'v> From<&'v [u8; 32]> for Value<'v> {
    fn from(value: &'v [u8; 32]) -> Self {
        Value::Bytes(value)
    }
}

impl<'v> From<&'v [i64]> for Value<'v> {
    fn from(value: &'v [i64]) -> Self {
        Value::Integers(value)
    }
}

impl<'v, T: Into<Value<'v>>> From<Option<T>> for Value<'v> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// Parameters, in order.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        &[$($crate::plain::executor::Value::from($value)),*]
    };
}

/// The statements of a plain topic: a constant each, and `STATEMENTS`, the list of all.
macro_rules! plain_statements {
    ($($(#[$meta:meta])* $vis:vis const $name:ident = $body:tt;)+) => {
        $($(#[$meta])* $vis const $name: $crate::plain::executor::Plain = $crate::plain::executor::plain_statement! $body;)+

        /// All of them.
        pub(super) const STATEMENTS: &[$crate::plain::executor::Plain] = &[$($name),+];
    };
}

/// One statement of [`plain_statements`].
macro_rules! plain_statement {
    (sqlite: [$($one:expr),+ $(,)?], postgres: [$($other:expr),+; $($lock:tt)+] $(,)?) => {
        $crate::plain::executor::Plain {
            sqlite: $crate::statement::statement!(Statement ($($one),+)),
            postgres: $crate::statement::statement!(Locking ($($other),+; $($lock)+)),
        }
    };
    (sqlite: [$($one:expr),+ $(,)?], postgres: [$($other:expr),+ $(,)?] $(,)?) => {
        $crate::plain::executor::Plain {
            sqlite: $crate::statement::statement!(Statement ($($one),+)),
            postgres: $crate::statement::statement!(Locking ($($other),+; first "", again "")),
        }
    };
    ($($part:expr),+; $($lock:tt)+) => {
        $crate::plain::executor::Plain {
            sqlite: $crate::statement::statement!(Statement ($($part),+)),
            postgres: $crate::statement::statement!(Locking ($($part),+; $($lock)+)),
        }
    };
    ($($part:expr),+ $(,)?) => {
        $crate::plain::executor::plain_statement!($($part),+; first "", again "")
    };
}

pub(crate) use {plain_statement, plain_statements, values};
