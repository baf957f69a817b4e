//! What a message's schema refuses, in words.
//!
//! The schema layer knows nothing of this catalogue; it names its rules by stable identifiers (`xsd::Rule::id`).

use super::{Arguments, Code, Entry, Language};

pub(super) const ENTRIES: &[Entry] = &[];

impl Code {
    /// The code that explains a broken rule of the schema; [`Code::SchemaViolation`] for an identifier unknown here.
    #[must_use]
    pub fn for_schema_rule(rule_id: &str) -> Code {
        match rule_id {
            "unknown-root" => Code::WrongRootElement,
            "wrong-namespace" => Code::WrongNamespace,
            "unexpected-element" => Code::UnexpectedElement,
            "missing-element" => Code::MissingElement,
            "unexpected-attribute" => Code::AttributeNotAllowed,
            "missing-attribute" => Code::MissingAttribute,
            "unexpected-text" => Code::TextNotAllowed,
            "pattern" | "not-base64" => Code::ValuePattern,
            "length" | "min-length" | "max-length" => Code::ValueLength,
            "enumeration" => Code::ValueNotListed,
            "fraction-digits" | "total-digits" => Code::TooManyDigits,
            "min-inclusive" | "max-inclusive" | "min-exclusive" | "max-exclusive" => Code::NumberOutOfRange,
            "not-a-decimal" | "not-an-integer" => Code::ValueNotANumber,
            "not-a-date" | "not-a-date-time" | "not-a-time" | "not-a-year" | "not-a-year-month" => Code::ValueNotADate,
            "not-a-boolean" => Code::ValueNotABoolean,
            "not-nillable" | "type-substitution" | "schema-instance-attribute" => Code::SchemaInstanceNotAllowed,
            _ => Code::SchemaViolation,
        }
    }
}

/// What is wrong with a document by a rule of its schema, with the values of the finding.
///
/// `element` is the path, `value` what was found and `expected` what the schema has there (all as in `xsd::Finding`).
#[must_use]
pub fn explain_schema_finding(rule_id: &str, arguments: &Arguments<'_>, language: Language) -> String {
    Code::for_schema_rule(rule_id).entry().text(language, arguments)
}
