//! Checks a message without an exchange: form, schema, usage guideline. An interface developer runs it on every file
//! while writing the export. It reports what the exchange would report, except for what only the exchange can know
//! (accounts, rights, limits, funds, and earlier messages).
//!
//! It makes one pass, with memory bounded by the number of kept findings. It reports findings of the guideline only for
//! a message that follows its schema: otherwise they would concern misread values.

mod excerpt;
mod payments;
mod request;
mod sarif;
mod source;
mod verdict;

use std::io::{self, Read};

use exchange::bounds::PEEK_BYTES_MAX;
use exchange::{Failure, Rest, unreadable};
use iso20022::{MessageType, schema};
use rulebook::Code;
use xsd::{Event, ReadError, Selection, Validator};

pub(crate) use excerpt::{Excerpt, excerpts};
pub(crate) use sarif::Log as SarifLog;
pub(crate) use source::{document, file};
pub(crate) use verdict::{Finding, Layer, Task, Verdict};

use verdict::{bounds, of_form};

/// Step of that look.
const PEEK_STEP_BYTES: u64 = 4 << 10;

/// Checks a document to its end.
///
/// # Errors When the input is unreadable. Faults of the document are in the verdict.
pub(crate) fn check(input: &mut dyn Read, task: &Task) -> io::Result<Verdict> {
    let mut start = Vec::new();
    let message_type = match look(input, &mut start)? {
        Ok(message_type) => message_type,
        Err(failure) => {
            let findings = vec![of_form(&failure, task.language)];
            return Ok(Verdict { findings, total: 1, ..Verdict::default() });
        }
    };
    let mut verdict = Verdict { message_type: Some(message_type), ..Verdict::default() };
    let document = &mut start.as_slice().chain(input);
    let outcome = match message_type {
        MessageType::Pain001V03 | MessageType::Pain001V09 if !task.schema_only => {
            payments::check(message_type, document, task, &mut verdict)
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

/// Reads up to the root element and returns the message's type; the bytes read stay in `start`.
fn look(input: &mut dyn Read, start: &mut Vec<u8>) -> io::Result<Result<MessageType, Failure>> {
    loop {
        let read = (&mut *input).take(PEEK_STEP_BYTES).read_to_end(start)?;
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

fn schema_alone(
    message_type: MessageType,
    document: &mut dyn Read,
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
