//! A cheap look at the beginning of a document: what is it?

use crate::ReadError;

/// What the beginning of a document tells.
#[derive(Debug)]
pub enum Peek {
    /// The root element.
    Root {
        /// Its name without prefix.
        local_name: String,
        /// Its namespace, empty if none.
        namespace: String,
    },
    /// The root element's start tag is not complete yet.
    NeedMore,
    /// It will never be accepted.
    Refused(ReadError),
}

/// Looks for the root element in the first bytes of a document, to choose the schema and to refuse early.
pub fn peek_root(prefix: &[u8]) -> Peek {
    let _ = prefix;
    Peek::NeedMore
}
