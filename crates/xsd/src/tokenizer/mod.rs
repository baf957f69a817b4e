//! The pull tokenizer: exact on well-formedness and namespaces, one window of memory.
//!
//! [`Tokenizer::step`] is the general way through a document and the only one that decides what is
//! well-formed. The validator has a short cut for the plain tags that make up nearly all of a message; it
//! goes through the `pub(crate)` face at the end of this file and leaves everything unusual to `step`.
//!
//! The tokenizer scans a token that is incomplete in the window again from its start after refilling the window;
//! offsets kept across a refill are absolute.

pub(crate) mod attributes;
pub(crate) mod input;
mod markup;
pub(crate) mod name;
pub(crate) mod namespaces;
pub(crate) mod scan;
mod step;
mod text;

use std::io::Read;

use crate::bounds::{Bound, Bounds};
use crate::error::{Malformed, Position, ReadError};
use attributes::AttributeSlots;
use input::Input;
use name::{KEY_BYTES, MASKS, key, load};
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
pub struct Tokenizer<'i> {
    pub(crate) input: Input<'i>,
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
    /// What stands before the names of plain tags.
    pub(crate) plain_prefix: PlainPrefix,
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

/// The root's prefix with its colon: documents that have one have it on every tag.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PlainPrefix {
    pub(crate) key: u128,
    pub(crate) mask: u128,
    /// 0 where the root has no prefix.
    pub(crate) length: usize,
    /// Declarations in scope inside the root's start tag. As long as there are no others, the prefix stands for the same.
    bindings: usize,
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

impl<'i> Tokenizer<'i> {
    /// Reads from here, with the default bounds.
    pub fn new(input: impl Read + 'i) -> Self {
        Tokenizer::with_bounds(input, Bounds::default())
    }

    /// Reads from here, within these bounds.
    pub fn with_bounds(input: impl Read + 'i, bounds: Bounds) -> Self {
        Tokenizer::watching(Box::new(input), bounds, "")
    }

    /// Recognises one namespace by [`NamespaceId::TARGET`].
    pub(crate) fn watching(input: Box<dyn Read + 'i>, bounds: Bounds, target: &str) -> Self {
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
            plain_prefix: PlainPrefix::default(),
            prolog_seen: false,
            kept_from: None,
            token_at: 0,
        }
    }

    /// Reads on, keeping the unfinished token and the marked text.
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

    fn too_many_names(&self, index: usize) -> ReadError {
        self.passed(Bound::NameBytes, self.bounds.name_bytes_max as u64, self.input.offset(index))
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
            self.long_name(element).to_owned()
        }
    }

    /// Enters an element whose qualified name is this.
    fn push_element(&mut self, start: usize, end: usize, bindings: usize) -> Result<(), ReadError> {
        let long_name = self.long_names.len() as u32;
        let name = &self.input.text()[start..end];
        let key = key(name.as_bytes());
        if end - start > KEY_BYTES {
            if self.long_names.len() + name.len() > self.bounds.name_bytes_max {
                return Err(self.too_many_names(start));
            }
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
            && if length <= KEY_BYTES { key(name.as_bytes()) == element.key } else { self.long_name(element) == name }
    }

    /// A name that is longer than a key.
    fn long_name(&self, element: &OpenElement) -> &str {
        let start = element.long_name as usize;
        &self.long_names[start..start + element.length as usize]
    }

    /// Notes the prefix of the root, whose name begins at `start`, if it is that of the namespace that is watched.
    fn note_root(&mut self, name: NameSlot, start: usize) {
        let length = (name.local - name.start) as usize;
        if length > 0 && length <= KEY_BYTES && name.namespace == NamespaceId::TARGET {
            let key = key(&self.input.bytes()[start..start + length]);
            self.plain_prefix = PlainPrefix { key, mask: MASKS[length], length, bindings: self.namespaces.len() };
        }
    }

    /// Leaves the innermost element.
    #[inline(always)]
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

    /// Whether plain tags may be taken by the short cut: inside the root, and names with [`PlainPrefix`] are the target's.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.stage == Stage::Content
            && !self.end_pending
            && !self.in_cdata
            && match self.plain_prefix.length {
                0 => self.namespaces.default_id() == NamespaceId::TARGET,
                _ => self.namespaces.len() == self.plain_prefix.bindings,
            }
    }

    /// Enters an element without attributes; its tag begins at `at` and ends before `behind`, its qualified name has
    /// this length.
    #[inline(always)]
    pub(crate) fn enter_plain(&mut self, length: usize, at: usize, behind: usize) -> Result<(), ReadError> {
        let name = at + 1;
        let element = OpenElement {
            key: load(self.input.bytes(), name) & MASKS[length.min(KEY_BYTES)],
            length: length as u32,
            bindings: self.namespaces.len() as u32,
            long_name: self.long_names.len() as u32,
        };
        if length > KEY_BYTES {
            self.long_names.push_str(&self.input.text()[name..name + length]);
        }
        self.token_at = self.input.offset(at);
        self.push_open(element)?;
        self.slots.clear();
        self.input.pos = behind;
        Ok(())
    }

    /// Index behind the end tag of the innermost element, if it begins at `at` and holds nothing but the name.
    #[inline(always)]
    pub(crate) fn plain_end(&self, at: usize) -> Option<usize> {
        let element = self.open.last()?;
        let bytes = self.input.bytes();
        let (name, length) = (at + 2, element.length as usize);
        let is_its = match length <= KEY_BYTES {
            true => load(bytes, name) & MASKS[length] == element.key,
            false => bytes.get(name..name + length) == Some(self.long_name(element).as_bytes()),
        };
        (is_its && bytes.get(name + length) == Some(&b'>')).then_some(name + length + 1)
    }

    /// Leaves the innermost element, whose end tag was recognised.
    #[inline(always)]
    pub(crate) fn leave_plain(&mut self, at: usize, behind: usize) {
        self.token_at = self.input.offset(at);
        self.input.pos = behind;
        self.pop_element();
    }
}
