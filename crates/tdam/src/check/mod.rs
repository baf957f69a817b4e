//! Checks a message without an exchange: form, schema, usage guideline. It is what an interface developer runs on every
//! file while writing the export, and it says what the exchange would say, except for what only the exchange can
//! know (accounts, rights, limits, funds, and what was sent before).
//!
//! One pass, memory bounded by the number of findings kept. Findings of the guideline are told only of a message that
//! follows its schema: before that they would speak of values that were misread.

mod excerpt;
mod request;
mod sarif;
mod source;

use std::io::{self, Read};

use exchange::bounds::{MESSAGE_BLOCKS_MAX, PEEK_BYTES_MAX};
use exchange::{Failure, Rest, too_many_occurrences, unreadable};
use iso20022::MessageType;
use iso20022::pain001::{Item, Reader};
use iso20022::schema;
use jiff::civil::{Date, DateTime};
use money::Decimal;
use payments::bounds::MESSAGE_PAYMENTS_MAX;
use rulebook::catalogue::Language;
use rulebook::{Checker, Code, Guideline, Setting};
use xsd::{Bounds, Event, Findings, ReadError, Selection, Validator};

pub(crate) use excerpt::{Excerpt, excerpts};
pub(crate) use sarif::Log as SarifLog;
pub(crate) use source::{document, file};

/// Step of that look.
const PEEK_STEP_BYTES: u64 = 4 << 10;

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

/// What was found.
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

/// Checks a document to its end.
///
/// # Errors
/// When the input cannot be read. What is wrong with the document is the verdict.
pub(crate) fn check(mut input: impl Read, task: &Task) -> io::Result<Verdict> {
    let mut start = Vec::new();
    let message_type = match look(&mut input, &mut start)? {
        Ok(message_type) => message_type,
        Err(failure) => {
            let findings = vec![of_form(&failure, task.language)];
            return Ok(Verdict { findings, total: 1, ..Verdict::default() });
        }
    };
    let mut verdict = Verdict { message_type: Some(message_type), ..Verdict::default() };
    let document = start.as_slice().chain(input);
    let outcome = match message_type {
        MessageType::Pain001V03 | MessageType::Pain001V09 if !task.schema_only => {
            payments(message_type, document, task, &mut verdict)
        }
        MessageType::Camt060V03 | MessageType::Camt060V05 if !task.schema_only => {
            request::check(message_type, document, task, &mut verdict)
        }
        _ => schema_alone(message_type, document, task, &mut verdict),
    };
    match outcome {
        Ok(()) => {}
        Err(ReadError::Io(error)) => return Err(error),
        Err(error) => verdict.keep(of_form(&unreadable(&error), task.language), task),
    }
    // Totals are judged at the end of what they total; a reader goes through the file from its beginning.
    verdict.findings.sort_by_key(|finding| (finding.line, finding.column));
    Ok(verdict)
}

/// What the exchange would say of a document that it cannot read.
fn of_form(failure: &Failure, language: Language) -> Finding {
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

/// Reads up to the root element and says which message it is; what was read stays in `start`.
fn look(input: &mut impl Read, start: &mut Vec<u8>) -> io::Result<Result<MessageType, Failure>> {
    loop {
        let read = input.by_ref().take(PEEK_STEP_BYTES).read_to_end(start)?;
        let rest = match read {
            0 => Rest::Nothing,
            _ if start.len() >= PEEK_BYTES_MAX => Rest::BeyondPeek,
            _ => Rest::Unknown,
        };
        match exchange::look(start, rest) {
            Ok(Some(message_type)) => return Ok(Ok(message_type)),
            Ok(None) if rest == Rest::Nothing => return Ok(Err(Failure::new(Code::EmptyBody))),
            Ok(None) => {}
            Err(failure) => return Ok(Err(failure)),
        }
    }
}

/// A selection of nothing; there are few messages and the program ends soon, so it may stay for ever.
fn nothing(message_type: MessageType) -> &'static Selection {
    Box::leak(Box::new(Selection::nothing(schema(message_type))))
}

fn bounds(task: &Task) -> Bounds {
    Bounds::default().with_findings_max(task.findings_max)
}

fn schema_alone(
    message_type: MessageType,
    document: impl Read,
    task: &Task,
    verdict: &mut Verdict,
) -> Result<(), ReadError> {
    // As a reader takes it.
    let validator = Validator::new(schema(message_type), nothing(message_type), document, bounds(task));
    let mut validator = validator.composing();
    let end = loop {
        match validator.next() {
            Ok(Event::End) => break Ok(()),
            Ok(_) => {}
            Err(error) => break Err(error),
        }
    };
    verdict.schema(validator.findings(), task);
    end
}

fn payments(
    message_type: MessageType,
    document: impl Read,
    task: &Task,
    verdict: &mut Verdict,
) -> Result<(), ReadError> {
    let guideline = Guideline::latvia();
    let setting = Setting {
        business_day: task.business_day,
        received_at: task.received_at,
        message_type,
        // Keys the hashes against hostile messages; whoever runs this has only themselves to fool.
        hash_key: u64::from(std::process::id()),
    };
    let mut checker = Checker::new(&guideline, setting);
    let mut reader = Reader::new(message_type, document, bounds(task));
    let mut end_to_end_id = String::new();
    let mut found: Vec<rulebook::Finding> = Vec::new();
    let mut guideline_findings = Verdict::default();
    let mut too_much: Option<Failure> = None;
    let end = loop {
        let is_payment = match reader.next() {
            Ok(Some(Item::GroupHeader(header))) => {
                checker.group_header(&header, &mut found);
                false
            }
            Ok(Some(Item::PaymentInformation(block))) => {
                if block.block as usize == MESSAGE_BLOCKS_MAX {
                    // The exchange stops here. What it allows an operator may have set otherwise; this is the default.
                    too_much = too_much.or(Some(too_many(Code::TooManyBlocks, MESSAGE_BLOCKS_MAX)));
                }
                checker.payment_information(&block, &mut found);
                false
            }
            Ok(Some(Item::CreditTransfer(payment))) => {
                if payment.ordinal as usize == MESSAGE_PAYMENTS_MAX {
                    too_much = too_much.or(Some(too_many(Code::TooManyPayments, MESSAGE_PAYMENTS_MAX)));
                }
                checker.credit_transfer(&payment, &mut found);
                if !found.is_empty() {
                    payment.end_to_end_id.clone_into(&mut end_to_end_id);
                }
                true
            }
            Ok(Some(Item::EndOfPaymentInformation { .. })) => {
                checker.end_of_payment_information(&mut found);
                false
            }
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        };
        for finding in found.drain(..) {
            let id = is_payment.then_some(end_to_end_id.as_str());
            guideline_findings.keep(of_guideline(&finding, id, task.language), task);
        }
    };
    verdict.schema(reader.findings(), task);
    if end.is_ok() && verdict.total == 0 {
        let totals = checker.end_of_message(&mut found);
        verdict.payments = Some(totals.payments);
        verdict.control_sum = totals.control_sum;
        for finding in found.drain(..) {
            guideline_findings.keep(of_guideline(&finding, None, task.language), task);
        }
        // What the exchange refuses as a whole hides what it would have found in it.
        let omitted = (reader.omitted() > 0).then(|| too_many_occurrences(reader.first_omitted()));
        if let Some(failure) = too_much.or(omitted) {
            verdict.keep(of_form(&failure, task.language), task);
            return end;
        }
        verdict.findings = guideline_findings.findings;
        verdict.total = guideline_findings.total;
    }
    end
}

fn too_many(code: Code, most: usize) -> Failure {
    Failure::new(code).with_expected(most.to_string())
}

impl Verdict {
    fn keep(&mut self, finding: Finding, task: &Task) {
        self.total += 1;
        if self.findings.len() < task.findings_max {
            self.findings.push(finding);
        }
    }

    fn schema(&mut self, findings: &Findings, task: &Task) {
        self.findings.extend(findings.iter().map(|finding| of_schema(finding, task.language)));
        self.total += findings.total();
    }
}

fn of_schema(finding: &xsd::Finding, language: Language) -> Finding {
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

fn of_guideline(finding: &rulebook::Finding, end_to_end_id: Option<&str>, language: Language) -> Finding {
    Finding {
        layer: Layer::Guideline,
        code: finding.code,
        line: u64::from(finding.position.line),
        column: u64::from(finding.position.column),
        path: finding.element.to_owned(),
        end_to_end_id: end_to_end_id.map(ToOwned::to_owned),
        value: finding.value.as_str().to_owned(),
        expected: finding.expected.as_str().to_owned(),
        text: finding.text(language),
    }
}
