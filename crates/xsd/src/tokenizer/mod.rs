//! The pull tokenizer: exact on well-formedness and namespaces, one window of memory.
//!
//! [`Tokenizer::step`] is the general way through a document and the only one that decides what is
//! well-formed. The validator has a short cut for the plain tags that make up nearly all of a message; it
//! goes through the `pub(crate)` face at the end of this file and leaves everything unusual to `step`.
//!
//! A token that is not complete in the window is scanned again from its start after the window was refilled;
//! offsets kept across that are absolute.

pub(crate) mod attributes;
pub(crate) mod input;
mod markup;
pub(crate) mod name;
pub(crate) mod namespaces;
pub(crate) mod text;

use std::io::Read;

use crate::bounds::{Bound, Bounds};
use crate::error::{Malformed, Position, ReadError};
use attributes::AttributeSlots;
use input::Input;
use name::{KEY_BYTES, key};
use namespaces::{NamespaceId, Namespaces};

/// Pull tokenizer over anything that reads.
///
/// ```
/// use xsd::token::{Token, Tokenizer};
///
/// let mut tokenizer = Tokenizer::new("<a x='1'>b &amp; c</a>".as_bytes());
/// let mut text = String::new();
/// loop {
///     match tokenizer.next()? {
///         Token::Start { name, attributes } => {
///             assert_eq!(name.local(), "a");
///             assert_eq!(attributes.get("x"), Some("1"));
///         }
///         Token::Text(piece) => text.push_str(piece),
///         Token::EndOfDocument => break,
///         _ => {}
///     }
/// }
/// assert_eq!(text, "b & c");
/// # Ok::<(), xsd::ReadError>(())
/// ```
#[derive(Debug)]
pub struct Tokenizer<R> {
    pub(crate) input: Input<R>,
    pub(crate) bounds: Bounds,
    stage: Stage,
    pub(crate) open: Vec<OpenElement>,
    /// Names longer than a key.
    long_names: String,
    pub(crate) namespaces: Namespaces,
    pub(crate) slots: AttributeSlots,
    /// The character or entity of the last reference.
    reference: String,
    in_cdata: bool,
    /// An empty element tag was returned; its end follows.
    end_pending: bool,
    pending_name: NameSlot,
    /// Something other than white space was read.
    prolog_seen: bool,
    /// Start of an element that is still needed when the window moves.
    pub(crate) kept_from: Option<u64>,
    /// Start of the token last returned.
    pub(crate) token_at: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing was read yet: the only place for an XML declaration.
    Start,
    Prolog,
    Content,
    Epilog,
    End,
    Failed,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct OpenElement {
    /// First bytes of the qualified name.
    pub(crate) key: u128,
    /// Length of the qualified name in bytes.
    pub(crate) length: u32,
    /// Namespace declarations in scope outside the element.
    bindings: u32,
    /// Where its name begins in `long_names`, if it is longer than a key.
    long_name: u32,
}

/// A qualified name in the window.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NameSlot {
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// Where the local part begins.
    pub(crate) local: u64,
    pub(crate) namespace: NamespaceId,
}

/// What `step` found; ranges are absolute.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Start(NameSlot),
    End(NameSlot),
    Text(Piece),
    Comment(u64, u64),
    Instruction(u64, u64, u64),
    EndOfDocument,
}

/// A piece of character data.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Piece {
    /// In the window, from plain text or a CDATA section.
    Window(u64, u64),
    /// What a reference stands for.
    Reference,
}

/// Why a scan stopped before its token was complete.
pub(crate) enum Stop {
    /// The window ends inside the token, which is of this kind.
    Incomplete(&'static str),
    /// Not well-formed, at this index of the window.
    Malformed(usize, Malformed),
    Read(ReadError),
}

impl From<ReadError> for Stop {
    fn from(error: ReadError) -> Self {
        Stop::Read(error)
    }
}

impl<R: Read> Tokenizer<R> {
    /// Reads from here, with the default bounds.
    pub fn new(input: R) -> Self {
        Tokenizer::with_bounds(input, Bounds::default())
    }

    /// Reads from here, within these bounds.
    pub fn with_bounds(input: R, bounds: Bounds) -> Self {
        Tokenizer::watching(input, bounds, "")
    }

    /// Recognises one namespace by [`NamespaceId::TARGET`].
    pub(crate) fn watching(input: R, bounds: Bounds, target: &str) -> Self {
        Tokenizer {
            input: Input::new(input, bounds.document_bytes_max),
            bounds,
            stage: Stage::Start,
            open: Vec::new(),
            long_names: String::new(),
            namespaces: Namespaces::new(target),
            slots: AttributeSlots::default(),
            reference: String::new(),
            in_cdata: false,
            end_pending: false,
            pending_name: NameSlot { start: 0, end: 0, local: 0, namespace: NamespaceId::NONE },
            prolog_seen: false,
            kept_from: None,
            token_at: 0,
        }
    }

    /// The next token.
    pub(crate) fn step(&mut self) -> Result<Step, ReadError> {
        loop {
            let outcome = match self.stage {
                Stage::Content => self.content_step(),
                Stage::Start | Stage::Prolog | Stage::Epilog => self.outside_step(),
                Stage::End => return Ok(Step::EndOfDocument),
                Stage::Failed => return Err(ReadError::AlreadyFailed),
            };
            let error = match outcome {
                Ok(step) => return Ok(step),
                Err(Stop::Incomplete(inside)) => match self.refill() {
                    Ok(true) => continue,
                    Ok(false) => self.ended_inside(inside),
                    Err(error) => error,
                },
                Err(Stop::Malformed(index, reason)) => self.malformed(index, reason),
                Err(Stop::Read(error)) => error,
            };
            self.stage = Stage::Failed;
            return Err(error);
        }
    }

    /// Reads on, keeping the unfinished token and what is marked to be kept.
    pub(crate) fn refill(&mut self) -> Result<bool, ReadError> {
        let keep = match self.kept_from {
            Some(from) => self.input.index(from).min(self.input.pos),
            None => self.input.pos,
        };
        self.check_token(keep, self.input.text().len())?;
        self.input.fill(keep)
    }

    /// Refuses a token that is too long.
    pub(crate) fn check_token(&self, from: usize, to: usize) -> Result<(), ReadError> {
        if to - from > self.bounds.token_bytes_max {
            return Err(self.passed(Bound::TokenBytes, self.bounds.token_bytes_max as u64, self.input.offset(from)));
        }
        Ok(())
    }

    pub(crate) fn passed(&self, bound: Bound, limit: u64, offset: u64) -> ReadError {
        ReadError::Bound { bound, limit, position: self.input.locate(offset) }
    }

    fn malformed(&self, index: usize, reason: Malformed) -> ReadError {
        ReadError::NotWellFormed { position: self.input.locate(self.input.offset(index)), reason }
    }

    fn ended_inside(&self, inside: &'static str) -> ReadError {
        let end = self.input.text().len();
        let reason = match self.open.last() {
            Some(element) if inside.is_empty() => Malformed::Unclosed(self.open_name(element)),
            _ if inside.is_empty() => Malformed::NoRoot,
            _ => Malformed::UnexpectedEnd(inside),
        };
        self.malformed(end, reason)
    }

    /// Place of a token or element still in the window.
    pub(crate) fn locate(&self, offset: u64) -> Position {
        self.input.locate(offset)
    }

    /// The text of a piece just returned.
    pub(crate) fn piece(&self, piece: Piece) -> &str {
        match piece {
            Piece::Window(start, end) => self.input.slice(start, end),
            Piece::Reference => &self.reference,
        }
    }

    fn open_name(&self, element: &OpenElement) -> String {
        let length = element.length as usize;
        if length <= KEY_BYTES {
            String::from_utf8_lossy(&element.key.to_le_bytes()[..length]).into_owned()
        } else {
            let start = element.long_name as usize;
            self.long_names[start..start + length].to_owned()
        }
    }

    /// Enters an element whose qualified name is this.
    fn push_element(&mut self, start: usize, end: usize, bindings: usize) -> Result<(), ReadError> {
        let long_name = self.long_names.len() as u32;
        let name = &self.input.text()[start..end];
        let key = key(name.as_bytes());
        if end - start > KEY_BYTES {
            self.long_names.push_str(name);
        }
        self.push_open(OpenElement { key, length: (end - start) as u32, bindings: bindings as u32, long_name })
    }

    #[inline]
    fn push_open(&mut self, element: OpenElement) -> Result<(), ReadError> {
        if self.open.len() >= self.bounds.depth_max {
            return Err(self.passed(Bound::Depth, self.bounds.depth_max as u64, self.input.offset(self.input.pos)));
        }
        self.open.push(element);
        Ok(())
    }

    fn name_matches(&self, element: &OpenElement, name: &str) -> bool {
        let length = element.length as usize;
        name.len() == length
            && if length <= KEY_BYTES {
                key(name.as_bytes()) == element.key
            } else {
                let start = element.long_name as usize;
                self.long_names[start..start + length] == *name
            }
    }

    /// Leaves the innermost element.
    #[inline]
    fn pop_element(&mut self) {
        if let Some(element) = self.open.pop() {
            if element.length as usize > KEY_BYTES {
                self.long_names.truncate(element.long_name as usize);
            }
            self.namespaces.leave(element.bindings as usize);
            if self.open.is_empty() {
                self.stage = Stage::Epilog;
            }
        }
    }

    // ---- short cuts for the validator -------------------------------------------------------------------

    /// Whether plain tags may be taken by the short cut: inside the root, and unprefixed names are the target's.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.stage == Stage::Content
            && !self.end_pending
            && !self.in_cdata
            && self.namespaces.default_id() == NamespaceId::TARGET
    }

    /// Enters an element without prefix and attributes; its tag begins at `at` and ends before `behind`.
    #[inline]
    pub(crate) fn enter_plain(&mut self, key: u128, length: usize, at: usize, behind: usize) -> Result<(), ReadError> {
        let element = OpenElement {
            key,
            length: length as u32,
            bindings: self.namespaces.len() as u32,
            long_name: self.long_names.len() as u32,
        };
        self.token_at = self.input.offset(at);
        self.push_open(element)?;
        self.slots.clear();
        self.input.pos = behind;
        Ok(())
    }

    /// Leaves the innermost element, whose end tag was recognised.
    #[inline]
    pub(crate) fn leave_plain(&mut self, at: usize, behind: usize) {
        self.token_at = self.input.offset(at);
        self.input.pos = behind;
        self.pop_element();
    }
}
