//! Why a use case gave no answer: a code of the catalogue, and what was found.

use std::fmt;
use std::time::Duration;

use rulebook::catalogue::{Arguments, Code, Language};

/// Why a use case gave no answer. What is told to the caller; nothing here is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The catalogue's code.
    pub code: Code,
    /// The value or place concerned, shortened; may be empty.
    pub detail: String,
    /// What was found in the message, up to a bound.
    pub findings: Vec<ReportedFinding>,
    /// How much was found in all.
    pub findings_total: u64,
    /// When it is worth trying again.
    pub retry_after: Option<Duration>,
}

/// One thing found in a message, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedFinding {
    /// The catalogue's code.
    pub code: Code,
    /// Line, from 1.
    pub line: u64,
    /// Column in characters, from 1; 0 when unknown.
    pub column: u64,
    /// Path of element names.
    pub path: String,
    /// The rule that was broken.
    pub rule: String,
    /// What was found, shortened.
    pub value: String,
    /// What was expected.
    pub expected: String,
    /// The sentence in Latvian.
    pub sentence_lv: String,
    /// The sentence in English.
    pub sentence_en: String,
}

impl ReportedFinding {
    /// The sentence in a language.
    #[must_use]
    pub fn sentence(&self, language: Language) -> &str {
        match language {
            Language::Latvian => &self.sentence_lv,
            Language::English => &self.sentence_en,
        }
    }
}

impl Failure {
    /// A failure of which nothing more is to be said.
    #[must_use]
    pub fn new(code: Code) -> Failure {
        Failure { code, detail: String::new(), findings: Vec::new(), findings_total: 0, retry_after: None }
    }

    /// The same with the value or place concerned.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Failure {
        self.detail = detail.into();
        self
    }

    /// The same with a time after which trying again makes sense.
    #[must_use]
    pub fn with_retry_after(mut self, retry_after: Duration) -> Failure {
        self.retry_after = Some(retry_after);
        self
    }

    /// The sentence for the user, in a language.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        self.code.entry().text(language, &Arguments { value: &self.detail, ..Arguments::default() })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.id(), self.sentence(Language::English))
    }
}

impl std::error::Error for Failure {}
