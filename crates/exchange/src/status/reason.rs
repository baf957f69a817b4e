//! Why something is refused: one value from the check to every answer.
//!
//! The exchange gives the same reason for ever. So what is stored of a refusal are the parts of its reasons, and each answer,
//! early or late, XML or JSON, makes its text of them by the catalogue. Writer and reader of the stored form stand together here.

use std::borrow::Cow;

use payments::Refusal;
use rulebook::catalogue::{Arguments, Code, Language};
use rulebook::check::Finding;
use serde::{Deserialize, Serialize};

/// Reasons told of one payment, block or message at most; as many are stored.
pub(crate) const REASONS_TOLD_MAX: usize = 10;

/// Why something was refused, in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalReason {
    /// The catalogue's code.
    pub code: Code,
    /// The element concerned, as a path; empty where none is.
    pub element: Cow<'static, str>,
    /// What was found, shortened; may be empty.
    pub value: Box<str>,
    /// What was expected: a limit, a count, a date; may be empty.
    pub expected: Box<str>,
    /// What was given, where a rule measures it: characters, mostly; may be empty.
    pub given: Box<str>,
    /// Line of the file; 0 when unknown.
    pub line: u32,
    /// Which payments the reason is about, where it stands at their block.
    pub payments: Option<ToldOf>,
    /// The sentence, where only an answer of an earlier version tells of it; empty otherwise.
    pub text: Box<str>,
}

/// The payments that a block's reason speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToldOf {
    /// So many beside those that are named.
    More(u32),
    /// So many, from one number of the file to another, both from 1.
    Range(u32, u64, u64),
}

impl RefusalReason {
    /// A reason with what was found, which may be empty, and the line of the file; 0 when unknown.
    #[must_use]
    pub fn new(code: Code, value: impl Into<Box<str>>, line: u32) -> RefusalReason {
        RefusalReason {
            code,
            element: Cow::Borrowed(""),
            value: value.into(),
            expected: Box::default(),
            given: Box::default(),
            line,
            payments: None,
            text: Box::default(),
        }
    }

    pub(crate) fn with_expected(mut self, expected: impl Into<Box<str>>) -> RefusalReason {
        self.expected = expected.into();
        self
    }

    pub(crate) fn with_given(mut self, given: impl Into<Box<str>>) -> RefusalReason {
        self.given = given.into();
        self
    }

    /// The same said of some payments of a block.
    #[must_use]
    pub fn told_of(mut self, payments: ToldOf) -> RefusalReason {
        self.payments = Some(payments);
        self
    }

    /// Bytes of its texts.
    pub(crate) fn text_bytes(&self) -> usize {
        self.value.len() + self.expected.len() + self.given.len() + self.text.len()
    }

    /// The sentence for the user, in a language.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        if language == Language::English && !self.text.is_empty() {
            return self.text.clone().into_string();
        }
        let RefusalReason { code, element, value, expected, given, .. } = self;
        let sentence = match self.payments {
            // Of many payments only the kind of mistake is one.
            Some(_) => code.entry().title.in_language(language).to_owned(),
            None => code.entry().text(language, &Arguments { element, value, expected, given }),
        };
        match (self.payments, language) {
            (None, _) => sentence,
            (Some(ToldOf::More(count)), Language::English) => format!("{sentence} ({count} more payments)"),
            (Some(ToldOf::More(count)), Language::Latvian) => format!("{sentence} (vēl {count} maksājumi)"),
            (Some(ToldOf::Range(count, first, last)), Language::English) => {
                format!("{sentence} ({count} payments, from number {first} to {last} of the file)")
            }
            (Some(ToldOf::Range(count, first, last)), Language::Latvian) => {
                format!("{sentence} ({count} maksājumi, faila {first}.–{last}.)")
            }
        }
    }

    /// What to do about it, in a language.
    #[must_use]
    pub fn remedy(&self, language: Language) -> String {
        self.code.entry().advice(language, &self.expected)
    }
}

impl From<&Finding> for RefusalReason {
    fn from(finding: &Finding) -> RefusalReason {
        RefusalReason {
            element: Cow::Borrowed(finding.element),
            ..RefusalReason::new(finding.code, finding.value.as_str(), finding.position.line)
                .with_expected(finding.expected.as_str())
                .with_given(finding.given.as_str())
        }
    }
}

/// What part of a message a stored refusal speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Level {
    /// The message as a whole.
    Message,
    /// A block.
    Block,
    /// A payment that the first answer named.
    Payment,
    /// A payment that the first answer only counted.
    Counted,
}

/// The stored form, in a refusal's detail. Fields are only ever added, with defaults.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    of: Level,
    why: Vec<StoredReason<'a>>,
}

#[derive(Serialize, Deserialize)]
struct StoredReason<'a> {
    code: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    element: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    value: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    expected: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    given: Cow<'a, str>,
    #[serde(default)]
    line: u32,
}

/// What the stored form begins with; the detail of earlier versions is a bare value.
const STORED: &str = "{\"of\":";

/// Reasons as they are stored.
pub(crate) fn stored(of: Level, reasons: &[RefusalReason]) -> String {
    let why = reasons.iter().take(REASONS_TOLD_MAX);
    let why = why.map(|reason| StoredReason {
        code: reason.code.id().into(),
        element: reason.element.as_ref().into(),
        value: reason.value.as_ref().into(),
        expected: reason.expected.as_ref().into(),
        given: reason.given.as_ref().into(),
        line: reason.line,
    });
    // Texts and numbers only: there is nothing in it that could fail.
    serde_json::to_string(&Stored { of, why: why.collect() }).unwrap_or_default()
}

/// The reasons of a stored refusal, and what it speaks of: `None` where it was stored by an earlier version, or by a decision
/// that gives one reason with its value.
pub(crate) fn read(refusal: &Refusal) -> (Option<Level>, Vec<RefusalReason>) {
    let parsed = |detail: &str| serde_json::from_str::<Stored<'_>>(detail).ok();
    let Some(Stored { of, why }) = Some(&refusal.detail)
        .filter(|detail| detail.starts_with(STORED))
        .and_then(|d| parsed(d))
        .filter(|stored| !stored.why.is_empty())
    else {
        return (None, vec![of_value(refusal, &refusal.detail)]);
    };
    let reason = |stored: StoredReason<'_>| RefusalReason {
        element: Cow::Owned(stored.element.into_owned()),
        ..RefusalReason::new(stored.code.parse().unwrap_or(Code::InternalError), stored.value, stored.line)
            .with_expected(stored.expected)
            .with_given(stored.given)
    };
    (Some(of), why.into_iter().map(reason).collect())
}

/// The one reason of a refusal that a decision made: its value, and what the value was held against.
pub(crate) fn of_value(refusal: &Refusal, detail: &str) -> RefusalReason {
    let code = refusal.code.parse().unwrap_or(Code::InternalError);
    match detail.split_once(payments::HELD_AGAINST) {
        Some((value, expected)) => RefusalReason::new(code, value, refusal.line).with_expected(expected),
        None => RefusalReason::new(code, detail, refusal.line),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use payments::{MessageId, RefusalStage};

    use super::*;

    fn refusal(detail: String) -> Refusal {
        let code = Code::CharacterNotAllowed.id().to_owned();
        let stage = RefusalStage::Admission;
        Refusal { message: MessageId(1), first: 0, last: 0, lot: None, count: 1, code, detail, line: 7, stage }
    }

    #[test]
    fn what_is_stored_comes_back() {
        let reasons = vec![
            RefusalReason {
                element: Cow::Borrowed("CdtTrfTxInf/Cdtr/Nm"),
                ..RefusalReason::new(Code::CharacterNotAllowed, "A \"&\" B\\", 7).with_expected("& (U+0026)")
            },
            RefusalReason::new(Code::NameTooLong, "x", 8).with_expected("70").with_given("84"),
        ];
        for level in [Level::Message, Level::Block, Level::Payment, Level::Counted] {
            assert_eq!(read(&refusal(stored(level, &reasons))), (Some(level), reasons.clone()));
        }
    }

    #[test]
    fn what_earlier_versions_stored_is_a_value() {
        for value in ["", "LV68TREL1000000001001", "{\"of\":", "{\"of\":\"payment\"}"] {
            let (level, reasons) = read(&refusal(value.to_owned()));
            assert_eq!((level, reasons[0].value.as_ref(), reasons[0].line), (None, value, 7));
        }
    }
}
