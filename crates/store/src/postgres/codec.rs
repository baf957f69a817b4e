//! Columns of PostgreSQL, and its errors as errors of the store.

use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;

use crate::StoreError;
use crate::codec::{Row, wrong};

/// What went wrong in a transaction, and what that means for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Another transaction was in the way: the same job can succeed at once.
    Again(StoreError),
    /// The connection is of no use any more.
    Lost(StoreError),
    /// The transaction cannot continue; a repetition gives the same.
    Failed(StoreError),
}

impl Trouble {
    pub(super) fn error(&self) -> &StoreError {
        match self {
            Trouble::Again(error) | Trouble::Lost(error) | Trouble::Failed(error) => error,
        }
    }
}

/// The meaning of an error of PostgreSQL. `gives_way`: the job does not wait for locks, but runs again alone.
pub(super) fn trouble(error: &tokio_postgres::Error, gives_way: bool) -> Trouble {
    let Some(refused) = error.as_db_error() else {
        return Trouble::Lost(StoreError::Unavailable(describe(error)));
    };
    let text = refused.message().to_owned();
    let code = refused.code();
    if [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(code) {
        return Trouble::Again(StoreError::InTheWay(text));
    }
    if gives_way && *code == SqlState::LOCK_NOT_AVAILABLE {
        return Trouble::Again(StoreError::InTheWay(text));
    }
    let failed = match *code {
        SqlState::UNIQUE_VIOLATION => StoreError::Conflict(text),
        SqlState::FOREIGN_KEY_VIOLATION => StoreError::Missing("row referred to"),
        SqlState::CHECK_VIOLATION
        | SqlState::NOT_NULL_VIOLATION
        | SqlState::INSUFFICIENT_PRIVILEGE
        | SqlState::CHARACTER_NOT_IN_REPERTOIRE => StoreError::Refused(text),
        SqlState::DISK_FULL => StoreError::NoRoom(text),
        SqlState::LOCK_NOT_AVAILABLE | SqlState::QUERY_CANCELED => StoreError::Unavailable(text),
        _ => match &code.code()[..2] {
            // Connections, resources, the operator's intervention, the system; a server that only reads; statements
            // that were prepared before a migration.
            "08" | "53" | "57" | "58" | "25" | "0A" | "26" => return Trouble::Lost(StoreError::Unavailable(text)),
            _ => StoreError::Corrupt(text),
        },
    };
    Trouble::Failed(failed)
}

/// An error with its causes; the outermost text alone says little.
pub(super) fn describe(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut inner = std::error::Error::source(error);
    while let Some(error) = inner {
        text = format!("{text}: {error}");
        inner = error.source();
    }
    text
}

fn cell<'r, T: tokio_postgres::types::FromSql<'r>>(
    row: &'r tokio_postgres::Row,
    column: usize,
    wanted: &str,
) -> Result<Option<T>, StoreError> {
    row.try_get(column).map_err(|_| wrong(column, wanted))
}

impl Row for tokio_postgres::Row {
    fn integer(&self, column: usize) -> Result<Option<i64>, StoreError> {
        let wanted = "integer";
        let of_type = self.columns().get(column).ok_or_else(|| wrong(column, wanted))?.type_();
        Ok(match *of_type {
            Type::INT4 => cell::<i32>(self, column, wanted)?.map(i64::from),
            Type::INT2 => cell::<i16>(self, column, wanted)?.map(i64::from),
            Type::BOOL => cell::<bool>(self, column, wanted)?.map(i64::from),
            _ => cell::<i64>(self, column, wanted)?,
        })
    }

    fn text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        cell(self, column, "text")
    }

    fn bytes(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        cell(self, column, "blob")
    }
}
