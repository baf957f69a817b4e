//! A cheap look at the beginning of a document, to identify it.

use crate::ReadError;
use crate::error::Malformed;
use crate::token::{Token, Tokenizer};

/// The result of a look at the beginning of a document.
#[derive(Debug)]
pub enum Peek {
    /// The root element.
    Root {
        /// Its name without prefix.
        local_name: String,
        /// Its namespace, empty if none.
        namespace: String,
    },
    /// The root element's start tag is not complete yet (or the document is empty, if that was all of it).
    NeedMore,
    /// No continuation makes the document acceptable.
    Refused(ReadError),
}

/// Finds the root element in the first bytes of a document, to choose the schema and to refuse early.
///
/// ```
/// use xsd::{Peek, peek_root};
///
/// assert!(matches!(peek_root(b"<?xml version='1.0'?><a:Doc"), Peek::NeedMore));
/// let Peek::Root { local_name, namespace } = peek_root(b"<a:Doc xmlns:a='urn:x'> and so on") else {
///     panic!("a root element is there");
/// };
/// assert_eq!((local_name.as_str(), namespace.as_str()), ("Doc", "urn:x"));
/// ```
pub fn peek_root(prefix: &[u8]) -> Peek {
    // A character cut in two at the end is not wrong yet.
    let cut = match std::str::from_utf8(prefix) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => prefix.len(),
    };
    // Fewer than four bytes do not show another encoding for certain.
    if prefix.len() < 4 {
        return Peek::NeedMore;
    }
    let mut tokenizer = Tokenizer::new(&prefix[..cut]);
    loop {
        match tokenizer.next() {
            Ok(Token::Start { name, .. }) => {
                return Peek::Root { local_name: name.local().to_owned(), namespace: name.namespace().to_owned() };
            }
            Ok(Token::EndOfDocument) => return Peek::NeedMore,
            Ok(_) => {}
            Err(
                ReadError::Empty
                | ReadError::NotWellFormed { reason: Malformed::UnexpectedEnd(_) | Malformed::NoRoot, .. },
            ) => return Peek::NeedMore,
            Err(error) => return Peek::Refused(error),
        }
    }
}
