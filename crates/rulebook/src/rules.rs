//! The table of rules that the checker applies: what documentation lists and every finding refers to.
//!
//! A rule has the texts, the ISO reason code and the source of its code in the [catalogue](crate::catalogue); here
//! stands what it refuses and which elements it looks at.

use crate::Code;
use crate::catalogue::Entry;

/// What part of a message a rule refuses when it is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The whole message.
    Group,
    /// A `PmtInf` block.
    PaymentInformation,
    /// A payment.
    CreditTransfer,
}

/// A rule of the usage guideline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its code: identification, texts, ISO reason code and source.
    pub code: Code,
    /// The elements that it looks at; each finding names one of them.
    pub elements: &'static [&'static str],
}

impl Rule {
    /// The rule with this code; `None` when the checker has no such rule.
    #[must_use]
    pub fn of(code: Code) -> Option<&'static Rule> {
        RULES.iter().find(|rule| rule.code == code)
    }

    /// The stable identification: that of its code.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        self.code.id()
    }

    /// Its texts and source.
    #[must_use]
    pub fn entry(&self) -> &'static Entry {
        self.code.entry()
    }

    /// Which parts of a message it can refuse: the one that holds the element.
    pub fn levels(&self) -> impl Iterator<Item = Level> {
        [Level::Group, Level::PaymentInformation, Level::CreditTransfer]
            .into_iter()
            .filter(|level| self.elements.iter().any(|element| element.starts_with(level.element())))
    }
}

impl Level {
    /// The element that it stands for.
    #[must_use]
    pub const fn element(self) -> &'static str {
        match self {
            Level::Group => "GrpHdr",
            Level::PaymentInformation => "PmtInf",
            Level::CreditTransfer => "CdtTrfTxInf",
        }
    }
}

/// Every rule, ascending by code.
pub const RULES: &[Rule] = &[];
