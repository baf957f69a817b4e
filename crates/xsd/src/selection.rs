//! Which parts of a document a reader wants to see.

use crate::{Schema, SchemaError};

/// Paths below the root element, each with a tag chosen by the caller.
#[derive(Debug)]
pub struct Selection {
    wanted: Vec<(String, u16)>,
}

impl Selection {
    /// Paths like `CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/Amt/InstdAmt`. The path of an element with children gives
    /// [`crate::Event::Open`] and [`crate::Event::Close`], that of a leaf gives [`crate::Event::Leaf`].
    /// The empty path is the root element itself. Tag 0 selects nothing.
    ///
    /// # Errors
    /// [`SchemaError::UnknownPath`] if the schema has no such path.
    pub fn new(_schema: &Schema, wanted: &[(&str, u16)]) -> Result<Selection, SchemaError> {
        Ok(Selection { wanted: wanted.iter().map(|(p, t)| ((*p).to_owned(), *t)).collect() })
    }

    /// Nothing: validation only.
    pub fn nothing(_schema: &Schema) -> Selection {
        Selection { wanted: Vec::new() }
    }

    /// Number of wanted paths.
    pub fn len(&self) -> usize {
        self.wanted.len()
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }
}
