//! Bounds of a reader. It refuses a document that needs more and names the bound, so that no hostile input decides how
//! much memory or time the reader spends.

/// Deepest nesting of elements. ISO 20022 messages stay below 20.
pub const DEPTH_MAX: usize = 256;
/// Longest single token, in bytes: one tag with its attributes, one leaf value, one comment.
pub const TOKEN_BYTES_MAX: usize = 1 << 20;
/// Most attributes (namespace declarations included) on one element.
pub const ATTRIBUTES_MAX: usize = 64;
/// Most namespace declarations in scope at once.
pub const NAMESPACES_MAX: usize = 256;
/// Most bytes kept of names: those of the open elements, and the prefixes and names of the namespaces in scope. A single
/// name may be as long as a token; a document that nests long ones would otherwise keep each of them.
pub const NAME_BYTES_MAX: usize = 64 << 10;
/// Most findings kept with their details; beyond it they are only counted.
pub const FINDINGS_MAX: usize = 1_000;
/// Longest document, in bytes as read.
pub const DOCUMENT_BYTES_MAX: u64 = 16 << 30;
/// Characters of an offending value that a finding shows.
pub const VALUE_SHOWN_CHARS_MAX: usize = 64;
/// Bytes of a path that a finding shows; the middle of a longer one is left out.
pub const PATH_SHOWN_BYTES_MAX: usize = 400;
/// Most bytes asked from the input at a time.
pub const READ_BYTES: usize = 128 << 10;
/// Bytes asked from it first: a small message fits, and pays for no larger buffer.
pub const FIRST_READ_BYTES: usize = 8 << 10;

/// Schema compilation: most states of one content model or one pattern (counted repeats are unrolled).
pub const STATES_MAX: usize = 20_000;
/// Schema compilation: most states of all patterns and models together.
pub const SCHEMA_STATES_MAX: usize = 400_000;
/// Schema compilation: deepest nesting of groups in a content model or a pattern.
pub const NESTING_MAX: usize = 64;

/// Limits of one reading; see the constants of [`crate::bounds`] for the defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bounds {
    /// Deepest nesting of elements.
    pub depth_max: usize,
    /// Longest single token in bytes.
    pub token_bytes_max: usize,
    /// Most attributes on one element.
    pub attributes_max: usize,
    /// Most namespace declarations in scope at once.
    pub namespaces_max: usize,
    /// Most bytes of names of open elements, or of namespaces in scope.
    pub name_bytes_max: usize,
    /// Most findings kept with details.
    pub findings_max: usize,
    /// Longest document in bytes.
    pub document_bytes_max: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            depth_max: DEPTH_MAX,
            token_bytes_max: TOKEN_BYTES_MAX,
            attributes_max: ATTRIBUTES_MAX,
            namespaces_max: NAMESPACES_MAX,
            name_bytes_max: NAME_BYTES_MAX,
            findings_max: FINDINGS_MAX,
            document_bytes_max: DOCUMENT_BYTES_MAX,
        }
    }
}

impl Bounds {
    /// The same bounds with another limit on the document's length in bytes.
    pub fn with_document_bytes_max(mut self, limit: u64) -> Self {
        self.document_bytes_max = limit;
        self
    }

    /// The same bounds with another number of findings kept in detail.
    pub fn with_findings_max(mut self, limit: usize) -> Self {
        self.findings_max = limit;
        self
    }

    /// The same bounds with another limit on nesting.
    pub fn with_depth_max(mut self, limit: usize) -> Self {
        self.depth_max = limit;
        self
    }

    /// The same bounds with another limit on the length of one token in bytes.
    pub fn with_token_bytes_max(mut self, limit: usize) -> Self {
        self.token_bytes_max = limit;
        self
    }
}

/// Which bound a document passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Bound {
    /// Nesting of elements.
    Depth,
    /// Length of one token in bytes.
    TokenBytes,
    /// Attributes on one element.
    Attributes,
    /// Namespace declarations in scope.
    Namespaces,
    /// Bytes of names of open elements, or of namespaces in scope.
    NameBytes,
    /// Length of the document in bytes.
    DocumentBytes,
}

impl std::fmt::Display for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Bound::Depth => "nesting of elements",
            Bound::TokenBytes => "length of one token in bytes",
            Bound::Attributes => "number of attributes on one element",
            Bound::Namespaces => "number of namespace declarations in scope",
            Bound::NameBytes => "length in bytes of the names that are open together",
            Bound::DocumentBytes => "length of the document in bytes",
        })
    }
}
