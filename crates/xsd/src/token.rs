//! The tokenizer's public face: usable on its own, for documents of any kind.

use crate::error::{Position, ReadError};
use crate::tokenizer::namespaces::Namespaces;
use crate::tokenizer::{NameSlot, Step};

pub use crate::tokenizer::Tokenizer;
pub use crate::tokenizer::attributes::{Attribute, Attributes};

/// A token; it borrows from the tokenizer's window.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Token<'a> {
    /// Start of an element. An empty element tag gives a start and an end.
    Start {
        /// Its name.
        name: Name<'a>,
        /// Its attributes, namespace declarations excluded.
        attributes: Attributes<'a>,
    },
    /// End of an element.
    End {
        /// Its name.
        name: Name<'a>,
    },
    /// A piece of character data: references replaced, CDATA sections opened, line ends as line feeds. The text
    /// between two tags may come in several pieces.
    Text(&'a str),
    /// A comment.
    Comment(&'a str),
    /// A processing instruction.
    Instruction {
        /// Its target.
        target: &'a str,
        /// The rest, without the white space before it.
        data: &'a str,
    },
    /// The document is complete.
    EndOfDocument,
}

/// A name with its namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name<'a> {
    qualified: &'a str,
    local: &'a str,
    namespace: &'a str,
}

impl<'a> Name<'a> {
    fn new(slot: NameSlot, text: impl Fn(u64, u64) -> &'a str, names: &'a Namespaces) -> Self {
        Name {
            qualified: text(slot.start, slot.end),
            local: text(slot.local, slot.end),
            namespace: names.uri(slot.namespace),
        }
    }

    /// As written, with its prefix.
    pub fn qualified(&self) -> &'a str {
        self.qualified
    }

    /// Without its prefix.
    pub fn local(&self) -> &'a str {
        self.local
    }

    /// Namespace, empty if none. Not known ("") for the end of an element that declared it itself.
    pub fn namespace(&self) -> &'a str {
        self.namespace
    }
}

impl Tokenizer<'_> {
    /// The next token.
    ///
    /// # Errors
    /// What ends reading. Every later call gives [`ReadError::AlreadyFailed`].
    #[allow(clippy::should_implement_trait, reason = "tokens borrow from the tokenizer: no Iterator")]
    pub fn next(&mut self) -> Result<Token<'_>, ReadError> {
        let step = self.step()?;
        let text = |start, end| self.input.slice(start, end);
        Ok(match step {
            Step::Start(slot) => {
                Token::Start { name: Name::new(slot, text, &self.namespaces), attributes: self.attributes() }
            }
            Step::End(slot) => Token::End { name: Name::new(slot, text, &self.namespaces) },
            Step::Text(piece) => Token::Text(self.piece(piece)),
            Step::Comment(start, end) => Token::Comment(text(start, end)),
            Step::Instruction(start, target_end, end) => Token::Instruction {
                target: text(start, target_end),
                data: text(target_end, end).trim_start_matches([' ', '\t', '\n']),
            },
            Step::EndOfDocument => Token::EndOfDocument,
        })
    }

    /// Where the token last returned begins.
    pub fn position(&self) -> Position {
        self.locate(self.token_at)
    }

    /// How many elements are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    pub(crate) fn attributes(&self) -> Attributes<'_> {
        Attributes::new(&self.slots, &self.input, &self.namespaces)
    }
}

impl Tokenizer<'_> {
    /// The namespace that a prefix stands for here (the empty prefix: the default namespace), if it is declared.
    pub fn namespace_of(&self, prefix: &str) -> Option<&str> {
        let id = if prefix.is_empty() { self.namespaces.default_id() } else { self.namespaces.resolve(prefix)? };
        Some(self.namespaces.uri(id))
    }
}
