//! A departure from the schema: typed, with its place, so that a caller can explain it in its own words.

use crate::error::Position;

/// One departure from the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Beginning of the element concerned; for something missing at the end of an element, its end tag.
    pub position: Position,
    /// `/Document/CstmrCdtTrfInitn/PmtInf[2]/CdtTrfTxInf[17]/Cdtr/Nm`; an attribute ends in `/@Ccy`.
    /// At most [`crate::bounds::PATH_SHOWN_BYTES_MAX`] bytes of it. Positions stand only where an element may repeat or did. For a missing element: the path of its parent.
    pub path: String,
    /// The rule that was broken.
    pub rule: Rule,
    /// The offending value or name, shortened to [`crate::bounds::VALUE_SHOWN_CHARS_MAX`] characters.
    pub value: String,
    /// What was expected: element names, a pattern, a limit, the allowed values.
    pub expected: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}: {}", self.position, self.path, self.rule.id())?;
        if !self.value.is_empty() {
            write!(f, ", found `{}`", self.value)?;
        }
        if !self.expected.is_empty() {
            write!(f, ", expected {}", self.expected)?;
        }
        Ok(())
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $id:literal,)*) => {
        /// The rule of XML Schema that a document broke.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Rule { $($(#[$doc])* $variant,)* }

        impl Rule {
            /// Every rule, for catalogues.
            pub const ALL: &'static [Rule] = &[$(Rule::$variant,)*];

            /// A stable identifier, lower case with hyphens.
            pub fn id(self) -> &'static str {
                match self { $(Rule::$variant => $id,)* }
            }
        }
    };
}

rules! {
    /// The root element is not the schema's: other name or other namespace. Nothing below it is examined.
    UnknownRoot = "unknown-root",
    /// An element stands where the schema does not allow it (unknown, out of order, or too many).
    UnexpectedElement = "unexpected-element",
    /// A mandatory element is not there.
    MissingElement = "missing-element",
    /// An element has the right name but another namespace.
    WrongNamespace = "wrong-namespace",
    /// An attribute that the schema does not have.
    UnexpectedAttribute = "unexpected-attribute",
    /// A mandatory attribute is not there.
    MissingAttribute = "missing-attribute",
    /// Text between elements where only elements may stand, or text in an element that must be empty.
    UnexpectedText = "unexpected-text",
    /// A value does not match the pattern.
    Pattern = "pattern",
    /// A value has not exactly the length.
    Length = "length",
    /// A value is shorter than allowed.
    MinLength = "min-length",
    /// A value is longer than allowed.
    MaxLength = "max-length",
    /// A value is not one of those allowed.
    Enumeration = "enumeration",
    /// A number has more fraction digits than allowed.
    FractionDigits = "fraction-digits",
    /// A number has more digits than allowed.
    TotalDigits = "total-digits",
    /// A number is below the smallest allowed.
    MinInclusive = "min-inclusive",
    /// A number is above the largest allowed.
    MaxInclusive = "max-inclusive",
    /// A number is not above its limit.
    MinExclusive = "min-exclusive",
    /// A number is not below its limit.
    MaxExclusive = "max-exclusive",
    /// Not a decimal number.
    NotADecimal = "not-a-decimal",
    /// Not a whole number.
    NotAnInteger = "not-an-integer",
    /// Not a date (YYYY-MM-DD).
    NotADate = "not-a-date",
    /// Not a date and time (YYYY-MM-DDThh:mm:ss).
    NotADateTime = "not-a-date-time",
    /// Not a time (hh:mm:ss).
    NotATime = "not-a-time",
    /// Not a year (YYYY).
    NotAYear = "not-a-year",
    /// Not a year and month (YYYY-MM).
    NotAYearMonth = "not-a-year-month",
    /// Not `true`, `false`, `1` or `0`.
    NotABoolean = "not-a-boolean",
    /// Not base64.
    NotBase64 = "not-base64",
    /// `xsi:nil` on an element that cannot be nil.
    NotNillable = "not-nillable",
    /// `xsi:type` names a type other than the declared one; substitution of types is not offered.
    TypeSubstitution = "type-substitution",
    /// An `xsi:` attribute has a value that it cannot have.
    SchemaInstanceAttribute = "schema-instance-attribute",
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id())
    }
}

/// The findings of one document so far: the first ones in detail, all of them counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    kept: Vec<Finding>,
    total: u64,
    kept_max: usize,
}

impl Findings {
    pub(crate) fn new(kept_max: usize) -> Self {
        Findings { kept: Vec::new(), total: 0, kept_max }
    }

    /// Whether a further finding would still be kept in detail.
    pub(crate) fn has_room(&self) -> bool {
        self.kept.len() < self.kept_max
    }

    pub(crate) fn count_only(&mut self) {
        self.total += 1;
    }

    pub(crate) fn push(&mut self, finding: Finding) {
        self.total += 1;
        self.kept.push(finding);
    }

    /// All findings, whether kept or not.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// No finding at all.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// The findings kept in detail, in document order.
    pub fn as_slice(&self) -> &[Finding] {
        &self.kept
    }

    /// The findings kept in detail, in document order.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.kept.iter()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
