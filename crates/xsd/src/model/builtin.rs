//! The types that XML Schema itself defines, as far as they are supported.

use super::{Facets, SimpleType, TypeName};

macro_rules! builtins {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// The types of XML Schema that are supported.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Builtin { $($(#[$doc])* $variant,)* }
        impl Builtin {
            const ALL: &[Builtin] = &[$(Builtin::$variant,)*];
            /// Name without prefix.
            pub fn name(self) -> &'static str {
                match self { $(Builtin::$variant => $name,)* }
            }
            /// The type of this name (without prefix), if supported.
            pub fn from_name(name: &str) -> Option<Builtin> {
                match name { $($name => Some(Builtin::$variant),)* _ => None }
            }
        }
    };
}

builtins! {
    /// Any characters, kept as they are.
    String = "string",
    /// Tabs and line ends become blanks.
    NormalizedString = "normalizedString",
    /// White space collapsed.
    Token = "token",
    /// Decimal number of any precision.
    Decimal = "decimal",
    /// Whole number of any size.
    Integer = "integer",
    /// `true`, `false`, `1`, `0`.
    Boolean = "boolean",
    /// Date.
    Date = "date",
    /// Date and time.
    DateTime = "dateTime",
    /// Time of day.
    Time = "time",
    /// Year.
    GYear = "gYear",
    /// Year and month.
    GYearMonth = "gYearMonth",
    /// Bytes in base64.
    Base64Binary = "base64Binary",
    /// Language, as RFC 3066 names it.
    Language = "language",
    /// Whole number not above 0.
    NonPositiveInteger = "nonPositiveInteger",
    /// Whole number below 0.
    NegativeInteger = "negativeInteger",
    /// Whole number not below 0.
    NonNegativeInteger = "nonNegativeInteger",
    /// Whole number above 0.
    PositiveInteger = "positiveInteger",
    /// Whole number of 64 bits.
    Long = "long",
    /// Whole number of 32 bits.
    Int = "int",
    /// Whole number of 16 bits.
    Short = "short",
    /// Whole number of 8 bits.
    Byte = "byte",
    /// Whole number of 64 bits without sign.
    UnsignedLong = "unsignedLong",
    /// Whole number of 32 bits without sign.
    UnsignedInt = "unsignedInt",
    /// Whole number of 16 bits without sign.
    UnsignedShort = "unsignedShort",
    /// Whole number of 8 bits without sign.
    UnsignedByte = "unsignedByte",
}

impl Builtin {
    /// The type that it narrows; `None` for a primitive one.
    pub fn base(self) -> Option<Builtin> {
        Some(match self {
            Builtin::NormalizedString => Builtin::String,
            Builtin::Token => Builtin::NormalizedString,
            Builtin::Language => Builtin::Token,
            Builtin::Integer => Builtin::Decimal,
            Builtin::NonPositiveInteger | Builtin::NonNegativeInteger | Builtin::Long => Builtin::Integer,
            Builtin::NegativeInteger => Builtin::NonPositiveInteger,
            Builtin::PositiveInteger | Builtin::UnsignedLong => Builtin::NonNegativeInteger,
            Builtin::Int => Builtin::Long,
            Builtin::Short => Builtin::Int,
            Builtin::Byte => Builtin::Short,
            Builtin::UnsignedInt => Builtin::UnsignedLong,
            Builtin::UnsignedShort => Builtin::UnsignedInt,
            Builtin::UnsignedByte => Builtin::UnsignedShort,
            _ => return None,
        })
    }

    /// All of them that narrow another one.
    pub(crate) fn derived() -> impl Iterator<Item = (Builtin, Builtin)> {
        Builtin::ALL.iter().filter_map(|builtin| Some((*builtin, builtin.base()?)))
    }

    /// Its definition, where it is one by facets.
    pub(crate) fn definition(self) -> Option<SimpleType> {
        let (min, max) = match self {
            Builtin::Language => (None, None),
            Builtin::NonPositiveInteger => (None, Some("0")),
            Builtin::NegativeInteger => (None, Some("-1")),
            Builtin::NonNegativeInteger => (Some("0"), None),
            Builtin::PositiveInteger => (Some("1"), None),
            Builtin::Long => (Some("-9223372036854775808"), Some("9223372036854775807")),
            Builtin::Int => (Some("-2147483648"), Some("2147483647")),
            Builtin::Short => (Some("-32768"), Some("32767")),
            Builtin::Byte => (Some("-128"), Some("127")),
            Builtin::UnsignedLong => (None, Some("18446744073709551615")),
            Builtin::UnsignedInt => (None, Some("4294967295")),
            Builtin::UnsignedShort => (None, Some("65535")),
            Builtin::UnsignedByte => (None, Some("255")),
            _ => return None,
        };
        let mut facets = Facets {
            min_inclusive: min.map(str::to_owned),
            max_inclusive: max.map(str::to_owned),
            ..Facets::default()
        };
        if self == Builtin::Language {
            facets.patterns.push("[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*".to_owned());
        }
        Some(SimpleType { name: self.name().to_owned(), base: TypeName::Builtin(self.base()?), facets })
    }
}
