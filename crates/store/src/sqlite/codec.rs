//! Columns of SQLite, and its errors as errors of the store.

use rusqlite::types::ValueRef;
use rusqlite::{ErrorCode, ffi};

use crate::StoreError;
use crate::codec::{Row, wrong};

/// What an error of SQLite means to callers.
pub(super) fn failed(error: rusqlite::Error) -> StoreError {
    let rusqlite::Error::SqliteFailure(failure, text) = &error else {
        return match error {
            rusqlite::Error::QueryReturnedNoRows => StoreError::Missing("row"),
            error => StoreError::Corrupt(error.to_string()),
        };
    };
    let text = text.clone().unwrap_or_else(|| failure.to_string());
    match failure.code {
        ErrorCode::ConstraintViolation => match failure.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
                StoreError::Conflict(text)
            }
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => StoreError::Missing("row referred to"),
            _ => StoreError::Refused(text),
        },
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::TypeMismatch => StoreError::Corrupt(text),
        // A sum over damaged amounts, say.
        ErrorCode::Unknown if text == "integer overflow" => StoreError::Corrupt(text),
        ErrorCode::TooBig => StoreError::TooBig("a stored value"),
        ErrorCode::DiskFull => StoreError::NoRoom(text),
        ErrorCode::ReadOnly => StoreError::Refused(text),
        _ => StoreError::Unavailable(text),
    }
}

/// Whether the disk did not confirm a write: then its content is unknown.
pub(super) fn is_failure_of_syncing(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|failure| failure.extended_code);
    matches!(code, Some(ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC))
}

fn cell<'r>(row: &'r rusqlite::Row<'_>, column: usize) -> Result<ValueRef<'r>, StoreError> {
    row.get_ref(column).map_err(failed)
}

impl Row for rusqlite::Row<'_> {
    fn integer(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match cell(self, column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(value) => Ok(Some(value)),
            _ => Err(wrong(column, "integer")),
        }
    }

    fn text(&self, column: usize) -> Result<Option<&str>, StoreError> {
        match cell(self, column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map(Some).map_err(|_| wrong(column, "text")),
            _ => Err(wrong(column, "text")),
        }
    }

    fn bytes(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        match cell(self, column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => Ok(Some(bytes)),
            _ => Err(wrong(column, "blob")),
        }
    }
}
