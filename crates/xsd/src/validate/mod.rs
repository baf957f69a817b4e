//! Streaming validation: one pass over a document, an event for each selected part, a finding for each
//! departure from the schema.
//!
//! Two ways lead through a document. `quick` takes the plain tags that make up nearly all of a message straight from
//! the window. It compares the sixteen bytes behind `<` with the name that followed last time in the same state, finds
//! the end of the value, and expects the end tag of the same name. It leaves everything else (prefixes, attributes,
//! references, comments, errors, the end of the window) untouched to `general`, which goes token by token. Only
//! `general` decides what is wrong.

mod attributes;
mod elements;
mod expected;
mod general;
mod leaf;
mod path;
mod quick;
mod recovery;
mod report;
mod run;

use std::io::Read;
use std::ops::ControlFlow;

use crate::automaton::StateId;
use crate::bounds::Bounds;
use crate::error::Position;
use crate::finding::Findings;
use crate::schema::Schema;
use crate::selection::{NodeId, Selection};
use crate::token::{Attributes, Tokenizer};

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
///
/// Elements that stand where the schema does not allow them give findings but no events, nor does anything in them.
/// Otherwise events do not depend on validity: a reader that finds [`Validator::findings`] not empty at the end
/// has seen values that may not be what their type says.
#[derive(Debug)]
pub struct Validator<'s> {
    schema: &'s Schema,
    selection: &'s Selection,
    tokens: Tokenizer<'s>,
    frames: Vec<Frame>,
    /// For each state the transition that was taken last: most often the next one.
    hints: Vec<u32>,
    findings: Findings,
    /// Names of open elements that the schema does not know, one after the other.
    foreign_names: String,
    /// How often elements stood that need not stand together: depth, slot, count.
    scattered: Vec<(usize, u16, u32)>,
    /// Value of a leaf that does not stand in the window in one piece.
    value: String,
    /// Start of the event last returned.
    event_at: u64,
    /// Whether values are taken in NFC where they are not valid as they stand.
    composes: bool,
}

/// An open element.
#[derive(Debug, Clone, Copy)]
struct Frame {
    state: StateId,
    type_id: u32,
    /// Place in the selection; 0 if nothing here is wanted.
    node: NodeId,
    name: FrameName,
    /// Which of its name it is; 0 where that is not worth saying.
    ordinal: u32,
    /// Slot and number of the child that stood last.
    last_slot: u16,
    last_count: u32,
    mode: Mode,
    text_reported: bool,
}

#[derive(Debug, Clone, Copy)]
enum FrameName {
    Root,
    /// Index in the schema's names.
    Known(u32),
    /// Start in `foreign_names`.
    Foreign(u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Its content model is followed.
    Elements,
    /// Neither elements nor text may stand.
    Empty,
    /// Admitted by a lax wildcard, and the schema does not know it.
    Lax,
}

const NO_SLOT: u16 = u16::MAX;

/// An event with its parts as places.
#[derive(Debug, Clone, Copy)]
enum Found {
    Open(u16),
    Leaf(u16, ValuePlace, bool),
    Close(u16),
    End,
}

/// Takes an event, and says whether to continue.
trait Handover {
    fn found(&mut self, validator: &Validator<'_>, found: Found) -> ControlFlow<()>;
}

/// Where a value is.
#[derive(Debug, Clone, Copy)]
enum ValuePlace {
    /// In the window, absolute.
    Window(u64, u64),
    /// In `Validator::value`.
    Own,
}

impl<'s> Validator<'s> {
    /// Prepares to read `input`; nothing is read yet.
    ///
    /// # Panics
    /// If the selection was made for another schema.
    pub fn new(schema: &'s Schema, selection: &'s Selection, input: impl Read + 's, bounds: Bounds) -> Self {
        Validator::from_source(schema, selection, Box::new(input), bounds)
    }

    fn from_source(schema: &'s Schema, selection: &'s Selection, input: Box<dyn Read + 's>, bounds: Bounds) -> Self {
        assert!(selection.fits(schema), "the selection was made for another schema");
        Validator {
            schema,
            selection,
            tokens: Tokenizer::watching(input, bounds, schema.target_namespace()),
            frames: Vec::new(),
            hints: schema.states.iter().map(|state| state.first).collect(),
            findings: Findings::new(bounds.findings_max),
            foreign_names: String::new(),
            scattered: Vec::new(),
            value: String::new(),
            event_at: 0,
            composes: false,
        }
    }

    /// The same validator, for readers that take texts in NFC: a value that is too long because its letters and their marks stand
    /// apart is measured as it is taken. XML Schema itself counts the characters that stand in the document.
    #[must_use]
    pub fn composing(mut self) -> Self {
        self.composes = true;
        self
    }

    #[inline(always)]
    fn event(&self, found: Found) -> Event<'_> {
        match found {
            Found::Open(tag) => Event::Open { tag, attributes: self.tokens.attributes() },
            Found::Leaf(tag, place, valid) => Event::Leaf {
                tag,
                text: match place {
                    ValuePlace::Window(start, end) => self.tokens.input.slice(start, end),
                    ValuePlace::Own => &self.value,
                },
                attributes: self.tokens.attributes(),
                valid,
            },
            Found::Close(tag) => Event::Close { tag },
            Found::End => Event::End,
        }
    }

    /// The findings so far.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// Where the event last returned begins (for [`Event::Close`]: its end tag).
    pub fn position(&self) -> Position {
        self.tokens.locate(self.event_at)
    }
}
