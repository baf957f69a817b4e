//! Streaming validation.

use std::io::Read;

use crate::{Attributes, Bounds, Findings, Position, ReadError, Schema, Selection};

/// What [`Validator::next`] returns: the selected parts of the document, in document order.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// Start of a selected element with element content.
    Open {
        /// Its tag in the [`Selection`].
        tag: u16,
        /// Its attributes.
        attributes: Attributes<'a>,
    },
    /// A selected element with a value.
    Leaf {
        /// Its tag in the [`Selection`].
        tag: u16,
        /// Its value, white space treated as its type says (`xs:string` keeps it).
        text: &'a str,
        /// Its attributes.
        attributes: Attributes<'a>,
        /// False if the value or the attributes break the schema (the findings say how).
        valid: bool,
    },
    /// End of a selected element with element content.
    Close {
        /// Its tag in the [`Selection`].
        tag: u16,
    },
    /// The document is complete and well-formed to its end. Whether it is valid the findings say.
    End,
}

/// One pass over one document.
#[derive(Debug)]
pub struct Validator<'s, R: Read> {
    _schema: &'s Schema,
    _selection: &'s Selection,
    _input: R,
    findings: Findings,
}

impl<'s, R: Read> Validator<'s, R> {
    /// Prepares to read `input`; nothing is read yet.
    pub fn new(schema: &'s Schema, selection: &'s Selection, input: R, bounds: Bounds) -> Self {
        Validator {
            _schema: schema,
            _selection: selection,
            _input: input,
            findings: Findings::new(bounds.findings_max),
        }
    }

    /// The next selected event; what is not selected is validated in passing.
    ///
    /// # Errors
    /// Only what ends reading; departures from the schema are [`Validator::findings`].
    #[allow(clippy::should_implement_trait)] // events borrow from the validator: no Iterator
    pub fn next(&mut self) -> Result<Event<'_>, ReadError> {
        Err(ReadError::AlreadyFailed)
    }

    /// The findings so far.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// Where the event last returned begins (for [`Event::Close`]: its end tag).
    pub fn position(&self) -> Position {
        Position::START
    }
}
