//! The finding of a rule: typed, with its place, and with a text in both languages.

use std::fmt;

use iso20022::common::Position;

use crate::bounds::{EXCERPT_CHARS_MAX, PLACE_CHARS_MAX};
use crate::catalogue::{Arguments, Code, Entry, Language, Shortened};
use crate::rules::Rule;

/// A value repeated in a finding: shortened to [`EXCERPT_CHARS_MAX`] characters; what was expected, which may be a list, to
/// [`PLACE_CHARS_MAX`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt(Box<str>);

impl Excerpt {
    /// Shortens a value.
    #[must_use]
    pub fn of(value: &str) -> Excerpt {
        Excerpt(Shortened { text: value, chars_max: EXCERPT_CHARS_MAX }.to_string().into())
    }

    /// Shortens what was expected.
    pub(super) fn of_expected(expected: &str) -> Excerpt {
        Excerpt(Shortened { text: expected, chars_max: PLACE_CHARS_MAX }.to_string().into())
    }

    /// The shortened value; empty when there is none.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What part of the message a finding refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The whole message.
    Group,
    /// One `PmtInf` block with all its payments.
    PaymentInformation {
        /// Which block, from 0.
        block: u32,
    },
    /// One payment.
    CreditTransfer {
        /// The block it stands in, from 0.
        block: u32,
        /// Which payment of the message, from 0.
        ordinal: u32,
    },
}

/// One departure from the guideline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which rule; its texts are those of this code.
    pub code: Code,
    /// What it refuses.
    pub scope: Scope,
    /// Where the group header, block or payment begins in the document.
    pub position: Position,
    /// The element concerned, as a path from the block or payment: `CdtTrfTxInf/CdtrAcct/Id/IBAN`.
    pub element: &'static str,
    /// What was found; empty when something is missing.
    pub value: Excerpt,
    /// What was expected (a count, a sum, a limit); empty when the rule says it all.
    pub expected: Excerpt,
    /// What was given, where the rule measures it (characters); empty elsewhere.
    pub given: Excerpt,
}

impl Finding {
    /// The rule that was broken.
    #[must_use]
    pub fn rule(&self) -> &'static Rule {
        // Invariant: the checker reports only codes that stand in the table of rules; tests/catalogue.rs walks them.
        Rule::of(self.code).expect("a finding's code is a rule's")
    }

    /// The catalogue's entry.
    #[must_use]
    pub fn entry(&self) -> &'static Entry {
        self.code.entry()
    }

    /// What is wrong, with the values found.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let arguments = Arguments {
            element: self.element,
            value: self.value.as_str(),
            expected: self.expected.as_str(),
            given: self.given.as_str(),
        };
        self.entry().text(language, &arguments)
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self, language: Language) -> String {
        self.entry().advice(language, self.value.as_str(), self.expected.as_str())
    }
}

/// Takes findings as the checker makes them. It decides how many to keep; the checker continues in any case.
pub trait Sink {
    /// Takes a finding.
    fn report(&mut self, finding: Finding);
}

impl Sink for Vec<Finding> {
    fn report(&mut self, finding: Finding) {
        self.push(finding);
    }
}

impl<F: FnMut(Finding)> Sink for F {
    fn report(&mut self, finding: Finding) {
        self(finding);
    }
}
