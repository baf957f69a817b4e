//! The catalogue: the one source of every code and every text that a user of the exchange reads.
//!
//! Answers, documentation, command-line help and the service's own list of errors use it; no other place holds a text
//! for users. Each [`Entry`] says in Latvian and English what is wrong (title, explanation), what is wrong in this
//! message (detail, with placeholders), and what to do about it (remedy).

mod accounts;
mod applications;
mod channel;
mod code;
mod duplicates;
mod entry;
mod fault;
mod form;
mod guideline_amounts;
mod guideline_classification;
mod guideline_parties;
mod reports;
mod schema_rule;
mod service;
mod settlement;
mod source;
mod text;

pub use code::{Code, UnknownCode};
pub use entry::Entry;
pub use fault::{Fault, application_state};
pub use schema_rule::explain_schema_finding;
pub use source::{Basis, Source};
pub(crate) use text::Shortened;
pub use text::{Arguments, Language, Text, UnknownLanguage};

/// The subject that a code belongs to: its thousand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// 1xxx: the channel and authentication.
    Channel,
    /// 2xxx: the form of a message (XML, schema).
    Form,
    /// 3xxx: the usage guideline.
    Guideline,
    /// 4xxx: accounts, authority, limits, funds.
    Accounts,
    /// 5xxx: duplicates.
    Duplicates,
    /// 6xxx: reports and the mailbox.
    Reports,
    /// 7xxx: settlement with other banks.
    Settlement,
    /// 9xxx: the service itself.
    Service,
}

/// The tables, ascending; each ascending in itself.
const TABLES: &[&[Entry]] = &[
    channel::ENTRIES,
    form::ENTRIES,
    schema_rule::ENTRIES,
    guideline_amounts::ENTRIES,
    guideline_parties::ENTRIES,
    guideline_classification::ENTRIES,
    accounts::ENTRIES,
    duplicates::ENTRIES,
    reports::ENTRIES,
    settlement::ENTRIES,
    service::ENTRIES,
    applications::ENTRIES,
];

/// Every entry, ascending by code within each table.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    TABLES.iter().flat_map(|table| table.iter())
}

impl Code {
    /// The catalogue's entry for this code.
    #[must_use]
    pub fn entry(self) -> &'static Entry {
        // Invariant: each code has exactly one entry; tests/catalogue.rs walks them all.
        entries().find(|entry| entry.code == self).expect("each code has an entry")
    }

    /// The subject that the code belongs to.
    #[must_use]
    pub const fn group(self) -> Group {
        match self.number() / 1000 {
            1 => Group::Channel,
            2 => Group::Form,
            3 => Group::Guideline,
            4 => Group::Accounts,
            5 => Group::Duplicates,
            6 => Group::Reports,
            7 => Group::Settlement,
            _ => Group::Service,
        }
    }

    /// The ISO 20022 external status reason code that a pain.002 carries for it.
    #[must_use]
    pub fn iso_reason(self) -> Option<&'static str> {
        self.entry().iso_reason
    }
}
