//! Where the bytes of a body are, as a value, as the two columns of a row, and as something to read.

use std::io::{Cursor, Read};

use crate::StoreError;

/// Where the bytes of a body are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyPlace {
    /// In the row itself.
    Inline(Vec<u8>),
    /// Beside the row, under this name, and durable before the row was written: a file in the folder of a SQLite store,
    /// rows of their own in PostgreSQL.
    Apart(String),
    /// Nowhere any more: the submission became no message, or its body was kept for as long as it had to be.
    Forgotten,
}

/// A body that is not forgotten.
enum Kept<'b> {
    Inline(&'b [u8]),
    Apart(&'b str),
}

impl BodyPlace {
    fn kept(&self) -> Result<Kept<'_>, StoreError> {
        match self {
            BodyPlace::Inline(bytes) => Ok(Kept::Inline(bytes)),
            BodyPlace::Apart(name) => Ok(Kept::Apart(name)),
            BodyPlace::Forgotten => Err(StoreError::Missing("the body was forgotten")),
        }
    }

    /// The columns of a submission's row: the name of a body that lies apart, or the bytes. No row begins without its body.
    pub(crate) fn columns(&self) -> Result<(Option<&str>, Option<&[u8]>), StoreError> {
        Ok(match self.kept()? {
            Kept::Inline(bytes) => (None, Some(bytes)),
            Kept::Apart(name) => (Some(name), None),
        })
    }

    /// The place that such columns name; `None` when they name two.
    pub(crate) fn of_columns(name: Option<String>, bytes: Option<Vec<u8>>) -> Option<BodyPlace> {
        match (name, bytes) {
            (Some(name), None) => Some(BodyPlace::Apart(name)),
            (None, Some(bytes)) => Some(BodyPlace::Inline(bytes)),
            (None, None) => Some(BodyPlace::Forgotten),
            (Some(_), Some(_)) => None,
        }
    }

    /// The bytes; `apart` opens those that lie apart.
    pub(crate) fn open(
        &self,
        apart: impl FnOnce(&str) -> Result<Box<dyn Read + Send>, StoreError>,
    ) -> Result<Box<dyn Read + Send>, StoreError> {
        match self.kept()? {
            Kept::Inline(bytes) => Ok(Box::new(Cursor::new(bytes.to_vec()))),
            Kept::Apart(name) => apart(name),
        }
    }
}
