//! The uncompiled schema: the content of a schema document or a table text, in a form made for walking.
//!
//! Two sources give the same [`Model`]: the schema document itself ([`read_xsd`]) and the readable table text
//! ([`Model::from_table`], [`Model::to_table`]), which shows one element per line and is easy to commit and review.
//! [`crate::Schema`] is compiled from a model; documentation walks it, and [`Model::to_xsd`] writes it as a schema
//! document again.

mod builtin;
mod facets;
mod read;
mod table;
mod write;

pub use builtin::Builtin;
pub use read::read_xsd;
pub use write::{Component, Documentation};

/// Namespace of XML Schema itself.
pub(crate) const XSD_URI: &str = "http://www.w3.org/2001/XMLSchema";

/// A schema: one root element and the types it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Namespace of every element.
    pub target_namespace: String,
    /// Name of the root element.
    pub root: String,
    /// Name of the root element's complex type.
    pub root_type: String,
    /// Types with elements or attributes, in reading order (a type stands where it is first used).
    pub complex_types: Vec<ComplexType>,
    /// Types of values, in reading order.
    pub simple_types: Vec<SimpleType>,
}

impl Model {
    /// The complex type of this name.
    pub fn complex_type(&self, name: &str) -> Option<&ComplexType> {
        self.complex_types.iter().find(|t| t.name == name)
    }

    /// The simple type of this name.
    pub fn simple_type(&self, name: &str) -> Option<&SimpleType> {
        self.simple_types.iter().find(|t| t.name == name)
    }
}

/// A type that has elements, attributes or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComplexType {
    /// Its name in the schema.
    pub name: String,
    /// What stands between its tags.
    pub content: Content,
    /// Its attributes, none of them in a namespace.
    pub attributes: Vec<Attribute>,
}

/// What stands between the tags of a complex type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    Empty,
    /// A value of this type.
    Value(TypeName),
    /// Elements.
    Elements(Particle),
}

/// Part of a content model with its multiplicity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Particle {
    /// How often it may stand.
    pub occurs: Occurs,
    /// What stands.
    pub term: Term,
}

/// Multiplicity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurs {
    /// At least.
    pub min: u32,
    /// At most; `None` is unbounded.
    pub max: Option<u32>,
}

impl Occurs {
    /// Exactly once.
    pub const ONCE: Occurs = Occurs { min: 1, max: Some(1) };

    /// Whether more than one may stand.
    pub fn repeats(self) -> bool {
        self.max != Some(1) && self.max != Some(0)
    }
}

impl std::fmt::Display for Occurs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.max {
            Some(max) => write!(f, "{}..{max}", self.min),
            None => write!(f, "{}..n", self.min),
        }
    }
}

/// One part of a content model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// An element of the target namespace.
    Element {
        /// Its name.
        name: String,
        /// Its type.
        type_name: TypeName,
    },
    /// All of these, in this order.
    Sequence(Vec<Particle>),
    /// One of these.
    Choice(Vec<Particle>),
    /// Any element.
    Any {
        /// Of which namespaces.
        namespace: AnyNamespace,
        /// How it is examined.
        process: Process,
    },
}

/// Namespaces that a wildcard admits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnyNamespace {
    /// `##any`.
    Any,
    /// `##other`: a namespace, but not the target namespace.
    Other,
}

/// How elements admitted by a wildcard are examined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Process {
    /// Those that the schema declares are validated, others are only well-formed.
    Lax,
    /// Only well-formed.
    Skip,
}

/// An attribute without namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Type of its value.
    pub type_name: TypeName,
    /// Whether it must be given.
    pub required: bool,
}

/// A type of values: another one, narrowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimpleType {
    /// Its name in the schema.
    pub name: String,
    /// The type that it narrows.
    pub base: TypeName,
    /// How it narrows it. All facets of all steps hold together.
    pub facets: Facets,
}

/// Reference to a type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TypeName {
    /// Defined in the schema.
    Named(String),
    /// Defined by XML Schema.
    Builtin(Builtin),
}

impl std::fmt::Display for TypeName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TypeName::Named(name) => f.write_str(name),
            TypeName::Builtin(builtin) => write!(f, "xs:{}", builtin.name()),
        }
    }
}

/// What one derivation step demands in addition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// Exact length in characters (bytes for base64).
    pub length: Option<u64>,
    /// Smallest length.
    pub min_length: Option<u64>,
    /// Largest length.
    pub max_length: Option<u64>,
    /// Patterns of this step; a value matches one of them.
    pub patterns: Vec<String>,
    /// Allowed values of this step.
    pub enumeration: Vec<String>,
    /// Most digits.
    pub total_digits: Option<u64>,
    /// Most fraction digits.
    pub fraction_digits: Option<u64>,
    /// Smallest value.
    pub min_inclusive: Option<String>,
    /// Largest value.
    pub max_inclusive: Option<String>,
    /// Limit that the value must be above.
    pub min_exclusive: Option<String>,
    /// Limit that the value must be below.
    pub max_exclusive: Option<String>,
    /// Treatment of white space, where a step changes it.
    pub white_space: Option<WhiteSpace>,
}

/// Treatment of white space before a value is examined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhiteSpace {
    /// As it is.
    Preserve,
    /// Tabs and line ends become blanks.
    Replace,
    /// Also runs of blanks become one, none at the ends.
    Collapse,
}
