//! Reasons to stop reading ([`ReadError`]), and reasons why a schema is not usable ([`SchemaError`]).
//!
//! A departure from the schema never stops reading: it is a [`crate::Finding`].

use crate::bounds::Bound;

/// A place in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1. Lines end as XML says: LF, CR LF or CR.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u64,
    /// Offset in bytes from the beginning of the document as it was read (a BOM counts).
    pub offset: u64,
}

impl Position {
    /// The first character of a document without BOM.
    pub const START: Position = Position { line: 1, column: 1, offset: 0 };
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// What [`ReadError::Encoding`] has found where bytes are no UTF-8, whatever is declared.
pub const NOT_UTF_8: &str = "a byte sequence that is not UTF-8";

/// What ends reading: nothing after it can be trusted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The input could not be read.
    #[error("the input could not be read: {0}")]
    Io(#[from] std::io::Error),
    /// There is not a single byte, or nothing but white space.
    #[error("the document is empty")]
    Empty,
    /// Not UTF-8: another encoding is declared, recognised by its first bytes, or the bytes are no UTF-8.
    #[error("{position}: only UTF-8 is read, this is {found}")]
    Encoding {
        /// What was found instead.
        found: String,
        /// Where.
        position: Position,
    },
    /// A document type declaration: never read, since its entities let a small file become a large one.
    #[error("{position}: a DOCTYPE is not accepted")]
    Doctype {
        /// Where it begins.
        position: Position,
    },
    /// Not an XML 1.0 document with namespaces.
    #[error("{position}: not well-formed: {reason}")]
    NotWellFormed {
        /// Where it was noticed.
        position: Position,
        /// What is wrong.
        reason: Malformed,
    },
    /// One of the [`crate::Bounds`] was passed.
    #[error("{position}: {bound} is above the limit of {limit}")]
    Bound {
        /// Which one.
        bound: Bound,
        /// Its value.
        limit: u64,
        /// Where it was passed.
        position: Position,
    },
    /// An earlier call already failed; the document has no more events.
    #[error("reading was ended by an earlier error")]
    AlreadyFailed,
}

impl ReadError {
    /// The place in the document, where there is one.
    pub fn position(&self) -> Option<Position> {
        match self {
            ReadError::Io(_) | ReadError::Empty | ReadError::AlreadyFailed => None,
            ReadError::Encoding { position, .. }
            | ReadError::Doctype { position }
            | ReadError::NotWellFormed { position, .. }
            | ReadError::Bound { position, .. } => Some(*position),
        }
    }
}

/// What makes a document not well-formed (XML 1.0, 5th edition; Namespaces in XML 1.0, 3rd edition).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "each variant's sentence is its documentation")]
pub enum Malformed {
    #[error("the document ends inside {0}")]
    UnexpectedEnd(&'static str),
    #[error("a tag must begin with a name")]
    BadTagStart,
    #[error("`{0}` is not a name")]
    BadName(String),
    #[error("`{0}` is not allowed here, in {1}")]
    UnexpectedCharacter(char, &'static str),
    #[error("character U+{0:04X} is not allowed in XML")]
    IllegalCharacter(u32),
    #[error("the end tag `{found}` does not match the start tag `{expected}`")]
    MismatchedEndTag { expected: String, found: String },
    #[error("an end tag without a start tag")]
    StrayEndTag,
    #[error("element `{0}` is not closed")]
    Unclosed(String),
    #[error("text outside the root element")]
    TextOutsideRoot,
    #[error("a byte order mark is allowed at the very beginning only, and once")]
    MisplacedByteOrderMark,
    #[error("a second root element")]
    SecondRoot,
    #[error("there is no root element")]
    NoRoot,
    #[error("`]]>` is not allowed in text")]
    CdataEndInText,
    #[error("`--` is not allowed in a comment")]
    DoubleHyphenInComment,
    #[error("an XML declaration is allowed at the very beginning only")]
    MisplacedDeclaration,
    #[error("the XML declaration is wrong: {0}")]
    BadDeclaration(&'static str),
    #[error("a processing instruction may not be named `{0}`")]
    BadInstructionTarget(String),
    #[error("entity `&{0};` is not defined")]
    UndefinedEntity(String),
    #[error("`&` must begin a reference")]
    BadReference,
    #[error("`<` is not allowed in an attribute value")]
    LessThanInAttribute,
    #[error("attribute `{0}` is given twice")]
    DuplicateAttribute(String),
    #[error("prefix `{0}` is not declared")]
    UndeclaredPrefix(String),
    #[error("`{0}` is not a name with at most one prefix")]
    BadQualifiedName(String),
    #[error("namespace declaration of `{0}` is not allowed")]
    BadNamespaceDeclaration(String),
}

impl Malformed {
    /// The found and the expected value, without words around them, so that the caller can make a sentence of them in
    /// any language. Empty where there is nothing to show.
    #[must_use]
    pub fn found_and_expected(&self) -> (String, String) {
        let found = match self {
            Malformed::Unclosed(name)
            | Malformed::BadName(name)
            | Malformed::DuplicateAttribute(name)
            | Malformed::BadQualifiedName(name) => name.clone(),
            Malformed::BadNamespaceDeclaration(prefix) if prefix.is_empty() => "xmlns".to_owned(),
            Malformed::BadNamespaceDeclaration(prefix) => format!("xmlns:{prefix}"),
            Malformed::MismatchedEndTag { expected, found } => {
                return (format!("</{found}>"), format!("</{expected}>"));
            }
            Malformed::UnexpectedCharacter(character, _) => character.to_string(),
            Malformed::IllegalCharacter(code) => format!("U+{code:04X}"),
            Malformed::BadInstructionTarget(name) => format!("<?{name}"),
            Malformed::UndefinedEntity(name) => format!("&{name};"),
            Malformed::UndeclaredPrefix(prefix) => format!("{prefix}:"),
            Malformed::BadTagStart | Malformed::LessThanInAttribute => "<".to_owned(),
            Malformed::StrayEndTag => "</".to_owned(),
            Malformed::CdataEndInText => "]]>".to_owned(),
            Malformed::DoubleHyphenInComment => "--".to_owned(),
            Malformed::MisplacedDeclaration | Malformed::BadDeclaration(_) => "<?xml".to_owned(),
            Malformed::BadReference => "&".to_owned(),
            Malformed::MisplacedByteOrderMark => "U+FEFF".to_owned(),
            _ => String::new(),
        };
        (found, String::new())
    }
}

/// Why a schema, a table or a selection cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The schema document itself could not be read.
    #[error("the schema is not readable XML: {0}")]
    Xml(#[from] ReadError),
    /// The schema uses something outside the supported subset of XML Schema.
    #[error("{position}: not supported: {what}")]
    Unsupported {
        /// What it uses.
        what: String,
        /// Where.
        position: Position,
    },
    /// The schema document breaks the rules of XML Schema.
    #[error("{position}: {reason}")]
    Invalid {
        /// How.
        reason: String,
        /// Where.
        position: Position,
    },
    /// A line of a table text is not understood.
    #[error("table line {line}: {reason}")]
    Table {
        /// Line, from 1.
        line: usize,
        /// Why not.
        reason: String,
    },
    /// The definitions do not fit together, or what they say cannot be compiled.
    #[error("`{name}`: {reason}")]
    Definition {
        /// The type or element concerned.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// A pattern facet is not understood or not supported.
    #[error("pattern `{pattern}`: {reason}")]
    Pattern {
        /// The pattern as given.
        pattern: String,
        /// Why not.
        reason: String,
    },
    /// A [`crate::Selection`] names a path that the schema does not have.
    #[error("the schema has no path `{path}`: `{step}` is unknown there")]
    UnknownPath {
        /// The path as given.
        path: String,
        /// The first step that does not exist.
        step: String,
    },
}
