//! The catalogue: the one source of every code and every text that a user of the exchange reads.
//!
//! Answers, documentation, command-line help and the service's own list of errors are generated from it; no text for
//! a user is written anywhere else. Each [`Entry`] says in Latvian and English what is wrong (title, explanation),
//! what was found in this very message (detail, with placeholders), and what to do about it (remedy).

mod accounts;
mod channel;
mod code;
mod duplicates;
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

use crate::characters::replacements;
pub use code::{Code, UnknownCode};
pub use schema_rule::explain_schema_finding;
pub use source::{Basis, Source};
pub(crate) use text::Shortened;
pub use text::{Arguments, Language, Text, UnknownLanguage};

/// What the catalogue says about one code.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The code.
    pub code: Code,
    /// The ISO 20022 external status reason code that says the same in a pain.002; `NARR` goes with the text.
    /// `None` where no pain.002 carries it (the answer is then problem details).
    pub iso_reason: Option<&'static str>,
    /// A few words that name the mistake.
    pub title: Text,
    /// What the rule is, without reference to a particular message.
    pub explanation: Text,
    /// What was found in a particular message, with the placeholders of [`Arguments`]. A placeholder stands for a bare
    /// value (a number, a name, a date), never for a sentence: the sentence around it is in the reader's language.
    pub detail: Option<Text>,
    /// The detail with fewer values, where the detail gained some: earlier versions stored reasons without them, and a reason that
    /// was given once keeps its sentence.
    pub shorter_detail: Option<Text>,
    /// What to do about it.
    pub remedy: Text,
    /// Where the rule comes from.
    pub source: Source,
}

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
];

/// Every entry, ascending by code within each table.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    TABLES.iter().flat_map(|table| table.iter())
}

impl Code {
    /// What the catalogue says about this code.
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

impl Entry {
    const fn new(code: Code, iso_reason: &'static str, source: Source) -> Entry {
        const NONE: Text = Text { lv: "", en: "" };
        let iso_reason = if iso_reason.is_empty() { None } else { Some(iso_reason) };
        Entry {
            code,
            iso_reason,
            title: NONE,
            explanation: NONE,
            detail: None,
            shorter_detail: None,
            remedy: NONE,
            source,
        }
    }

    const fn title(self, lv: &'static str, en: &'static str) -> Entry {
        Entry { title: Text { lv, en }, ..self }
    }

    const fn explanation(self, lv: &'static str, en: &'static str) -> Entry {
        Entry { explanation: Text { lv, en }, ..self }
    }

    const fn detail(self, lv: &'static str, en: &'static str) -> Entry {
        Entry { detail: Some(Text { lv, en }), ..self }
    }

    const fn shorter_detail(self, lv: &'static str, en: &'static str) -> Entry {
        Entry { shorter_detail: Some(Text { lv, en }), ..self }
    }

    const fn remedy(self, lv: &'static str, en: &'static str) -> Entry {
        Entry { remedy: Text { lv, en }, ..self }
    }

    /// What is wrong in a particular message: the detail with its placeholders filled, the shorter detail when the detail lacks a
    /// value, or the general explanation when neither can be filled.
    #[must_use]
    pub fn text(&self, language: Language, arguments: &Arguments<'_>) -> String {
        let filled = self.details().find_map(|detail| arguments.fill(detail.in_language(language)));
        filled.unwrap_or_else(|| self.explanation.in_language(language).to_owned())
    }

    fn details(&self) -> impl Iterator<Item = Text> {
        [self.detail, self.shorter_detail].into_iter().flatten()
    }

    /// The values that stand in an English text that [`Entry::text`] made; `None` where it has none, or where other values make the
    /// same text.
    #[must_use]
    pub fn values_in<'t>(&self, english: &'t str) -> Option<Arguments<'t>> {
        // An explanation can look like a detail.
        if english == self.explanation.en {
            return None;
        }
        let mut readings = self.details().filter_map(|detail| Arguments::read(detail.en, english));
        let read = readings.next()?;
        readings.next().is_none().then_some(read)
    }

    /// What to do about it in a particular message: the remedy, with the `MsgId` to ask for where it is known, and where the rule
    /// is about characters, what may stand in their place. `value` and `expected` are those of the finding.
    #[must_use]
    pub fn advice(&self, language: Language, value: &str, expected: &str) -> String {
        let remedy = self.remedy.in_language(language);
        match self.code {
            Code::CharacterNotAllowed => match replacements(expected) {
                replacements if replacements.is_empty() => remedy.to_owned(),
                replacements => format!("{remedy} {replacements}"),
            },
            Code::MessageIdUsed | Code::MessageOfAnotherUser if !value.is_empty() => {
                remedy.replace("msg_id=…", &format!("msg_id={}", percent_encoded(value)))
            }
            _ => remedy.to_owned(),
        }
    }
}

/// A value as it stands in the query of an address.
fn percent_encoded(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
