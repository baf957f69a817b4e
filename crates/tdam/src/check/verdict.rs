//! What is checked, what was found, and how the layers' findings become findings of one form.

use exchange::Failure;
use iso20022::MessageType;
use jiff::civil::{Date, DateTime};
use money::Decimal;
use rulebook::Code;
use rulebook::catalogue::Language;
use xsd::{Bounds, Findings};

/// What to check, and as of when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Task {
    /// The schema alone; the tolerance for camt.060 is not applied either.
    pub(crate) schema_only: bool,
    /// The business day on which the message is sent.
    pub(crate) business_day: Date,
    /// The local time of that.
    pub(crate) received_at: DateTime,
    /// Findings kept in detail.
    pub(crate) findings_max: usize,
    /// Language of their texts.
    pub(crate) language: Language,
}

/// Which layer a finding is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layer {
    /// The document cannot be read, or is none of the twelve messages.
    Form,
    /// The message's XML schema.
    Schema,
    /// The usage guideline.
    Guideline,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) layer: Layer,
    pub(crate) code: Code,
    /// From 1; 0 when there is no place.
    pub(crate) line: u64,
    /// In characters from 1; 0 when there is no place.
    pub(crate) column: u64,
    /// Path of elements from the root, or from the block or payment.
    pub(crate) path: String,
    /// `EndToEndId` of the payment concerned.
    pub(crate) end_to_end_id: Option<String>,
    pub(crate) value: String,
    pub(crate) expected: String,
    /// What is wrong.
    pub(crate) text: String,
}

/// The findings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict {
    /// Which of the twelve messages it is.
    pub(crate) message_type: Option<MessageType>,
    /// Payments of a pain.001.
    pub(crate) payments: Option<u64>,
    /// The sum of their amounts.
    pub(crate) control_sum: Option<Decimal>,
    /// The first findings.
    pub(crate) findings: Vec<Finding>,
    /// How many there are.
    pub(crate) total: u64,
    /// Departures from the schema of a camt.060 that the exchange lets pass.
    pub(crate) tolerated: u64,
}

impl Layer {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Layer::Form => "form",
            Layer::Schema => "schema",
            Layer::Guideline => "guideline",
        }
    }
}

/// The exchange's finding for an unreadable document.
pub(super) fn of_form(failure: &Failure, language: Language) -> Finding {
    let place = failure.findings.first();
    Finding {
        layer: Layer::Form,
        code: failure.code,
        line: place.map_or(0, |place| place.line),
        column: place.map_or(0, |place| place.column),
        path: String::new(),
        end_to_end_id: None,
        value: failure.detail.clone(),
        expected: failure.expected.clone(),
        text: failure.sentence(language),
    }
}

pub(super) fn bounds(task: &Task) -> Bounds {
    Bounds::default().with_findings_max(task.findings_max)
}

impl Verdict {
    pub(super) fn keep(&mut self, finding: Finding, task: &Task) {
        self.total += 1;
        if self.findings.len() < task.findings_max {
            self.findings.push(finding);
        }
    }

    pub(super) fn schema(&mut self, findings: &Findings, task: &Task) {
        self.findings.extend(findings.iter().map(|finding| of_schema(finding, task.language)));
        self.total += findings.total();
    }
}

pub(super) fn of_schema(finding: &xsd::Finding, language: Language) -> Finding {
    let reported = exchange::ReportedFinding::from(finding);
    Finding {
        layer: Layer::Schema,
        code: reported.code,
        line: reported.line,
        column: reported.column,
        text: reported.sentence(language).to_owned(),
        path: reported.path,
        end_to_end_id: None,
        value: reported.value,
        expected: reported.expected,
    }
}
