//! A failure of a use case: a code of the catalogue, and the found values.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

use iso20022::{MessageType, Omitted, WriteError};
use payments::{DecisionError, RecordError};
use rulebook::catalogue::{Arguments, Code, Fault, Language, explain_schema_finding};
use rulebook::check::Excerpt;
use store::StoreError;
use xsd::{Bound, Finding, Findings, Malformed, ReadError};

use crate::bounds::RETRY_AFTER;
use crate::room::FullBudget;
use crate::submission::given_up;

/// Beginning of every message's namespace.
const NAMESPACES: &str = "urn:iso:std:iso:20022:tech:xsd:";

/// When a client that was refused for want of room should try again.
const NO_ROOM_RETRY_AFTER: Duration = Duration::from_secs(60);

/// A failure of a use case, for the caller; it holds no secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The catalogue's code.
    pub code: Code,
    /// The value or place concerned, shortened; may be empty.
    pub detail: String,
    /// What was expected instead; may be empty.
    pub expected: String,
    /// What else is to be said: a measure, a moment; may be empty.
    pub given: Box<str>,
    /// The fault of an application, which has a sentence of its own.
    pub fault: Option<Fault>,
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
        Failure {
            code,
            detail: String::new(),
            expected: String::new(),
            given: Box::default(),
            fault: None,
            findings: Vec::new(),
            findings_total: 0,
            retry_after: None,
        }
    }

    /// A failure that no caller can have caused: stored data are damaged, values contradict each other, a task ended
    /// abnormally. The log has the cause and the source line, in the span of the request or the job; the client gets
    /// only the code. There is no other way to make one, so no cause is lost.
    ///
    /// A cause has ids and states. It never quotes a message: more people read logs than messages.
    #[must_use]
    #[track_caller]
    pub fn unexpected(cause: impl fmt::Display) -> Failure {
        let found_at = Location::caller();
        tracing::error!(%cause, %found_at, "unexpected failure");
        Failure::new(Code::InternalError)
    }

    /// Whether it is one of those.
    #[must_use]
    pub fn is_unexpected(&self) -> bool {
        self.code == Code::InternalError
    }

    /// The same with the value or place concerned.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Failure {
        self.detail = detail.into();
        self
    }

    /// The same with what was expected instead.
    #[must_use]
    pub fn with_expected(mut self, expected: impl Into<String>) -> Failure {
        self.expected = expected.into();
        self
    }

    /// The same with what else is to be said.
    #[must_use]
    pub fn with_given(mut self, given: impl Into<Box<str>>) -> Failure {
        self.given = given.into();
        self
    }

    /// The same with the fault of an application.
    #[must_use]
    pub fn with_fault(mut self, fault: Fault) -> Failure {
        self.fault = Some(fault);
        self
    }

    /// The same with a time after which trying again makes sense.
    #[must_use]
    pub fn with_retry_after(mut self, retry_after: Duration) -> Failure {
        self.retry_after = Some(retry_after);
        self
    }

    /// Whether the same call can succeed later without anything else being changed.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self.code, Code::Unavailable | Code::OutcomeUnknown | Code::MemoryUsedUp | Code::NoRoom)
    }

    /// The sentence for the user, in a language.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        // A finding has its own words for what was expected.
        let first = self.findings.first();
        if let Some(finding) = first.filter(|finding| finding.code == self.code && finding.value == self.detail) {
            return finding.sentence(language).to_owned();
        }
        let element = first.map_or("", |finding| finding.path.as_str());
        let arguments = Arguments { element, value: &self.detail, expected: &self.expected, given: &self.given };
        let own = self.fault.and_then(|fault| fault.sentence(language, &arguments));
        own.unwrap_or_else(|| self.code.entry().text(language, &arguments))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.id(), self.sentence(Language::English))
    }
}

impl std::error::Error for Failure {}

impl From<StoreError> for Failure {
    /// The client only learns what it can do; the log says more.
    #[track_caller]
    fn from(error: StoreError) -> Failure {
        match &error {
            // Health says so once; a line for each request would take the last room.
            StoreError::NoRoom(reason) => {
                tracing::debug!(reason, "there is no room");
                FullBudget::Storage.into()
            }
            StoreError::InTheWay(_) => {
                tracing::debug!(%error, "the job runs again");
                Failure::new(Code::Unavailable).with_retry_after(RETRY_AFTER)
            }
            error if error.is_temporary() => {
                tracing::warn!(%error, "the store is not available");
                Failure::new(Code::Unavailable).with_retry_after(RETRY_AFTER)
            }
            StoreError::OutcomeUnknown(_) => {
                tracing::error!(%error, "the outcome of a commit is not known");
                Failure::new(Code::OutcomeUnknown).with_retry_after(RETRY_AFTER)
            }
            error => Failure::unexpected(format_args!("the store failed: {error}")),
        }
    }
}

impl From<FullBudget> for Failure {
    fn from(budget: FullBudget) -> Failure {
        Failure::new(Code::NoRoom).with_detail(budget.to_string()).with_retry_after(NO_ROOM_RETRY_AFTER)
    }
}

impl From<DecisionError> for Failure {
    /// A decision that cannot be taken is our fault: the values given to it contradict each other.
    #[track_caller]
    fn from(error: DecisionError) -> Failure {
        Failure::unexpected(format_args!("a decision cannot be taken: {error}"))
    }
}

impl From<WriteError> for Failure {
    /// A message that cannot be written is our fault: what came in was checked.
    #[track_caller]
    fn from(error: WriteError) -> Failure {
        Failure::unexpected(format_args!("a message cannot be written: {error}"))
    }
}

/// A damaged record, reported through the store's own error since it was found while reading from it.
pub(crate) fn damaged(error: &RecordError) -> StoreError {
    StoreError::Corrupt(error.to_string())
}

/// An element occurs more often than it is read.
#[must_use]
pub fn too_many_occurrences(omitted: Option<Omitted>) -> Failure {
    let failure = Failure::new(Code::TooManyOccurrences);
    match omitted {
        Some(Omitted { element, max }) => failure.with_detail(element).with_expected(max.to_string()),
        None => failure,
    }
}

/// Why a document could not be read to its end.
#[must_use]
pub fn unreadable(error: &ReadError) -> Failure {
    let code = match error {
        ReadError::Empty => Code::EmptyBody,
        ReadError::Encoding { found, .. } if found == xsd::NOT_UTF_8 => Code::InvalidUtf8,
        ReadError::Encoding { .. } => Code::EncodingNotSupported,
        ReadError::Doctype { .. } => Code::DoctypeNotAllowed,
        ReadError::NotWellFormed { reason, .. } => match reason {
            Malformed::UnexpectedEnd(_) | Malformed::Unclosed(_) => Code::TruncatedXml,
            Malformed::IllegalCharacter(0) => Code::NulBytes,
            reason => malformed(reason),
        },
        ReadError::Bound { bound: Bound::Depth, .. } => Code::NestingTooDeep,
        ReadError::Bound { bound: Bound::DocumentBytes, .. } => Code::MessageTooLarge,
        ReadError::Bound { .. } => Code::TextTooLong,
        // No client sees it.
        ReadError::Io(error) if given_up::is_that(error) => return Failure::new(Code::Unavailable),
        error => return Failure::unexpected(format_args!("a body cannot be read back: {error}")),
    };
    let (value, expected) = place_of(error);
    // Names come from the document, and one may be as long as a token.
    let [value, expected] = [value, expected].map(|text| Excerpt::of(&text).as_str().to_owned());
    let arguments = Arguments { value: &value, expected: &expected, ..Arguments::default() };
    let position = error.position();
    let finding = ReportedFinding {
        code,
        line: position.map_or(0, |position| position.line),
        column: position.map_or(0, |position| position.column),
        path: String::new(),
        rule: "well-formed".to_owned(),
        value: value.clone(),
        expected: expected.clone(),
        sentence_lv: code.entry().text(Language::Latvian, &arguments),
        sentence_en: code.entry().text(Language::English, &arguments),
    };
    let failure = Failure::new(code).with_detail(value).with_expected(expected);
    Failure { findings: vec![finding], findings_total: 1, ..failure }
}

/// The code for each fault that keeps a sender's bytes from being XML: the answer must name what is wrong.
fn malformed(reason: &Malformed) -> Code {
    match reason {
        Malformed::MisplacedByteOrderMark => Code::MisplacedByteOrderMark,
        Malformed::MisplacedDeclaration => Code::MisplacedXmlDeclaration,
        Malformed::BadDeclaration(_) => Code::XmlDeclarationInvalid,
        Malformed::UndeclaredPrefix(_) => Code::PrefixNotDeclared,
        Malformed::DuplicateAttribute(_) => Code::AttributeRepeated,
        Malformed::BadQualifiedName(_) => Code::ColonNotAllowed,
        Malformed::BadNamespaceDeclaration(_) => Code::NamespaceDeclarationInvalid,
        Malformed::MismatchedEndTag { .. } | Malformed::StrayEndTag => Code::EndTagDiffers,
        Malformed::TextOutsideRoot | Malformed::SecondRoot => Code::ContentBesideRoot,
        Malformed::UndefinedEntity(_) | Malformed::BadReference => Code::EntityNotDefined,
        Malformed::IllegalCharacter(_) => Code::CharacterNotXml,
        _ => Code::NotWellFormed,
    }
}

/// Why a root element in this namespace is that of no message that is accepted; `None` when it is one.
pub(crate) fn wrong_namespace(namespace: &str) -> Option<Failure> {
    if MessageType::from_namespace(namespace).is_some() {
        return None;
    }
    let shown = Excerpt::of(namespace).as_str().to_owned();
    if namespace.is_empty() {
        return Some(Failure::new(Code::NamespaceMissing));
    }
    if namespace.strip_prefix(NAMESPACES).is_some_and(is_message_name) {
        return Some(Failure::new(Code::MessageTypeNotSupported).with_detail(shown));
    }
    Some(Failure::new(Code::WrongNamespace).with_detail(shown).with_expected(nearest_namespace(namespace)))
}

/// Whether a text has the form of a message's name: `pain.001.001.09`. Whatever else follows is a mistake in writing it.
fn is_message_name(text: &str) -> bool {
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.split('.');
    let area = parts.next().is_some_and(|area| area.len() == 4 && area.bytes().all(|byte| byte.is_ascii_lowercase()));
    area && [3, 3, 2].into_iter().all(|count| parts.next().is_some_and(|part| digits(part, count)))
        && parts.next().is_none()
}

/// The namespace that was probably meant: that of the message whose name stands in it, however it is written.
fn nearest_namespace(namespace: &str) -> String {
    let written = namespace.to_ascii_lowercase();
    let meant = MessageType::ALL.into_iter().find(|message_type| written.contains(message_type.name()));
    meant.map_or_else(|| format!("{NAMESPACES}…"), MessageType::namespace)
}

/// The found and the expected value where reading ended: bare values, since the sentence around them is in the reader's
/// language.
fn place_of(error: &ReadError) -> (String, String) {
    let found = match error {
        // Bytes that are no UTF-8 have no name to be called by.
        ReadError::Encoding { found, .. } if found != xsd::NOT_UTF_8 => found.clone(),
        ReadError::Bound { limit, .. } => return (String::new(), limit.to_string()),
        ReadError::NotWellFormed { reason, .. } => return reason.found_and_expected(),
        _ => String::new(),
    };
    (found, String::new())
}

/// All departures from the schema.
pub(crate) fn not_schema_valid(findings: &Findings) -> Failure {
    schema_findings(findings.iter(), findings.total() - findings.as_slice().len() as u64)
}

/// Departures from the schema, of which `beyond` are only counted.
pub(crate) fn schema_findings<'f>(findings: impl Iterator<Item = &'f Finding>, beyond: u64) -> Failure {
    let reported: Vec<ReportedFinding> = findings.map(ReportedFinding::from).collect();
    let code = reported.first().map_or(Code::SchemaViolation, |finding| finding.code);
    // One kind of mistake is named by its own code, several by the general one.
    let code = if reported.iter().all(|finding| finding.code == code) { code } else { Code::SchemaViolation };
    let detail = reported.first().map(|first| first.value.clone()).unwrap_or_default();
    let expected = reported.first().map(|first| first.expected.clone()).unwrap_or_default();
    let findings_total = beyond + reported.len() as u64;
    let failure = Failure::new(code).with_detail(detail).with_expected(expected);
    Failure { findings: reported, findings_total, ..failure }
}

impl From<&Finding> for ReportedFinding {
    fn from(finding: &Finding) -> ReportedFinding {
        let (element, value, expected) = (&finding.path, &finding.value, &finding.expected);
        let arguments = Arguments { element, value, expected, ..Arguments::default() };
        let sentence = |language| explain_schema_finding(finding.rule.id(), &arguments, language);
        ReportedFinding {
            code: Code::for_schema_rule(finding.rule.id()),
            line: finding.position.line,
            column: finding.position.column,
            path: finding.path.clone(),
            rule: finding.rule.id().to_owned(),
            value: finding.value.clone(),
            expected: finding.expected.clone(),
            sentence_lv: sentence(Language::Latvian),
            sentence_en: sentence(Language::English),
        }
    }
}
