//! Intended differences from libxml2: every class of documents with its argument. A difference outside the classes is a
//! fault.
//!
//! (The fuzz target `differential` includes this file unchanged; so it uses only `xsd`.)

use xsd::{Findings, Malformed, ReadError, Rule};

/// Another validator's verdict on a document.
#[derive(Debug, Clone, Default)]
pub(super) struct Opinion {
    pub(super) is_valid: bool,
    pub(super) words: String,
}

/// A document on which verdicts differ.
#[derive(Clone, Copy)]
pub(super) struct Case<'c> {
    pub(super) document: &'c [u8],
    pub(super) ours: &'c Result<Findings, ReadError>,
    pub(super) libxml2: &'c Opinion,
}

/// Whose word counts besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Confirmation {
    /// libxml2 is wrong, and Xerces says so too.
    Xerces,
    /// Nobody's fault: we refuse the document by name, outside of the promise, or libxml2 itself reports the fault.
    None,
}

/// A class of documents.
pub(super) struct Class {
    pub(super) name: &'static str,
    pub(super) argument: &'static str,
    pub(super) confirmation: Confirmation,
    holds: fn(&Case<'_>) -> bool,
}

/// The class of a document.
pub(super) fn class_of(case: &Case<'_>) -> Option<&'static Class> {
    CLASSES.iter().find(|class| (class.holds)(case))
}

pub(super) const CLASSES: &[Class] = &[
    Class {
        name: "another encoding",
        argument: "only UTF-8 is read; every other encoding is refused by its name",
        confirmation: Confirmation::None,
        holds: |case| matches!(case.ours, Err(ReadError::Encoding { .. })),
    },
    Class {
        name: "DOCTYPE",
        argument: "a document type is refused: its entities let a small file become a large one",
        confirmation: Confirmation::None,
        holds: |case| matches!(case.ours, Err(ReadError::Doctype { .. })),
    },
    Class {
        name: "namespace error",
        argument: "Namespaces in XML 1.0 calls it an error; libxml2 warns, and goes on as if nothing were wrong",
        confirmation: Confirmation::Xerces,
        holds: |case| {
            use Malformed::{BadNamespaceDeclaration, BadQualifiedName, DuplicateAttribute, UndeclaredPrefix};
            let Err(ReadError::NotWellFormed { reason, .. }) = case.ours else { return false };
            matches!(
                reason,
                UndeclaredPrefix(_) | BadQualifiedName(_) | BadNamespaceDeclaration(_) | DuplicateAttribute(_)
            )
        },
    },
    Class {
        name: "colon in the target of an instruction",
        argument: "Namespaces in XML 1.0 forbids it; libxml2 calls it a namespace error and goes on, Xerces does not look",
        confirmation: Confirmation::None,
        holds: |case| {
            let Err(ReadError::NotWellFormed { reason, .. }) = case.ours else { return false };
            matches!(reason, Malformed::BadInstructionTarget(_)) && case.libxml2.words.contains("namespace error")
        },
    },
    Class {
        name: "version 1.",
        argument: "a version has a digit behind the point; libxml2 does not miss it",
        confirmation: Confirmation::Xerces,
        holds: |case| {
            let Err(ReadError::NotWellFormed { reason, .. }) = case.ours else { return false };
            matches!(reason, Malformed::BadDeclaration(_)) && contains(case.document, "\"1.\"")
        },
    },
    Class {
        name: "U+0000 behind the root",
        argument: "no document holds it; libxml2 takes it for the end of the input and does not look behind it",
        confirmation: Confirmation::Xerces,
        holds: |case| {
            let Err(ReadError::NotWellFormed { reason, .. }) = case.ours else { return false };
            matches!(reason, Malformed::IllegalCharacter(0)) && case.libxml2.is_valid
        },
    },
    Class {
        name: "blanks around xsi:type",
        argument: "the value of xsi:type is a QName, whose white space is collapsed; libxml2 does not",
        confirmation: Confirmation::Xerces,
        holds: |case| is_valid(case) && case.libxml2.words.contains("The QName value '"),
    },
    Class {
        name: "xsi:nil in a wildcard",
        argument: "xsi:nil is a boolean everywhere; libxml2 does not look at it on elements that the schema does not know",
        confirmation: Confirmation::Xerces,
        holds: |case| {
            let Ok(findings) = case.ours else { return false };
            !findings.is_empty() && findings.iter().all(|finding| finding.rule == Rule::SchemaInstanceAttribute)
        },
    },
    Class {
        name: "white space as CDATA",
        argument: "the infoset knows no CDATA sections: white space between elements may be written as one",
        confirmation: Confirmation::Xerces,
        holds: |case| {
            is_valid(case)
                && contains(case.document, "<![CDATA[")
                && case.libxml2.words.contains("content type is 'element-only'")
        },
    },
    Class {
        name: "blanks around a date",
        argument: "white space around dates and times is collapsed before they are read; libxml2 does not for named types",
        confirmation: Confirmation::Xerces,
        holds: |case| is_valid(case) && all_values_refused(case, |value| value.trim() != value),
    },
    Class {
        name: "a number of more than 24 digits",
        argument: "leading and trailing zeros do not change a number, and only its own digits count; libxml2 reads 24 and no more",
        confirmation: Confirmation::Xerces,
        holds: |case| {
            let is_long = |value: &str| {
                let digits = value.bytes().filter(u8::is_ascii_digit).count();
                digits > 24 && value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'+' | b'-'))
            };
            is_valid(case) && all_values_refused(case, is_long)
        },
    },
];

/// Whether libxml2 refuses values, and all of them are such.
fn all_values_refused(case: &Case<'_>, is_such: impl Fn(&str) -> bool) -> bool {
    // `…Dt': '2026-11-23 ' is not a valid value of the atomic type …`
    let said: Vec<&str> = case.libxml2.words.split("' is not a valid value of the atomic type").collect();
    let mut values = said[..said.len() - 1].iter().filter_map(|before| before.rsplit("': '").next());
    said.len() > 1 && values.all(is_such)
}

fn is_valid(case: &Case<'_>) -> bool {
    matches!(case.ours, Ok(findings) if findings.is_empty())
}

fn contains(document: &[u8], part: &str) -> bool {
    document.windows(part.len()).any(|window| window == part.as_bytes())
}
