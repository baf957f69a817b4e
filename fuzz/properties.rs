//! Properties of any bytes. The fuzz targets search for bytes that break them; an ordinary test of `iso20022` checks them
//! for the seeds and for everything that was ever found.

use std::io::Read;

use iso20022::{MessageType, camt, camt060, pain001, pain002, schema};
use xsd::{Bounds, Findings, Peek, ReadError, Selection, Validator, peek_root};

/// Gives bytes in pieces, whose sizes take turns.
struct Pieces<'d> {
    rest: &'d [u8],
    sizes: [usize; 4],
    turn: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let size = self.sizes[self.turn % self.sizes.len()].min(self.rest.len()).min(into.len());
        self.turn += 1;
        let (piece, rest) = self.rest.split_at(size);
        into[..size].copy_from_slice(piece);
        self.rest = rest;
        Ok(size)
    }
}

/// The message that the bytes say they are; any of the twelve, chosen by their length, if they do not say.
pub fn message_type(document: &[u8]) -> MessageType {
    let named = match peek_root(document) {
        Peek::Root { namespace, .. } => MessageType::from_namespace(&namespace),
        _ => None,
    };
    named.unwrap_or(MessageType::ALL[document.len() % MessageType::ALL.len()])
}

/// Our verdict on a reader's bytes.
pub fn verdict(message_type: MessageType, input: impl Read, bounds: Bounds) -> Result<Findings, ReadError> {
    let schema = schema(message_type);
    Validator::new(schema, &Selection::nothing(schema), input, bounds).finish()
}

/// A verdict in words, so that two can be compared.
fn words(verdict: &Result<Findings, ReadError>) -> Vec<String> {
    match verdict {
        Ok(findings) => findings.iter().map(ToString::to_string).collect(),
        Err(error) => vec![format!("refused: {error}")],
    }
}

/// The verdict and the findings do not depend on the pieces in which a document arrives. (For a document that passes a
/// bound and also breaks another rule, either may be reported.)
pub fn verdict_does_not_depend_on_pieces(document: &[u8]) {
    let message_type = message_type(document);
    let narrow = Bounds::default().with_token_bytes_max(48).with_depth_max(6).with_document_bytes_max(700);
    let said = |input: &mut dyn Read, bounds| {
        let verdict = verdict(message_type, input, bounds);
        if bounds == narrow && verdict.is_err() { vec!["refused".to_owned()] } else { words(&verdict) }
    };
    for bounds in [Bounds::default(), narrow] {
        let whole = said(&mut &*document, bounds);
        let seed = document.len();
        for sizes in [[1; 4], [1 + seed % 7, 2, 31, 3], [64, 1, 500, 1 + seed % 129]] {
            let mut pieces = Pieces { rest: document, sizes, turn: 0 };
            assert_eq!(said(&mut pieces, bounds), whole, "{message_type} in pieces of {sizes:?}");
        }
    }
}

/// A typed reader reports the validator's findings on a document, and never fails.
pub fn readers_say_what_the_validator_says(document: &[u8]) {
    let named = message_type(document);
    // The messages that share a reader differ most where the bytes are of another one.
    let other = MessageType::ALL[document.len() % MessageType::ALL.len()];
    for message_type in [named, other] {
        // A reader counts the characters of a text as it is kept.
        let (schema, bounds) = (schema(message_type), Bounds::default());
        let selection = Selection::nothing(schema);
        let expected = Validator::new(schema, &selection, document, bounds).composing().finish();
        assert_eq!(words(&read(message_type, document)), words(&expected), "{message_type}");
    }
}

fn read(message_type: MessageType, document: &[u8]) -> Result<Findings, ReadError> {
    macro_rules! read_with {
        ($module:ident) => {{
            let mut reader = $module::Reader::new(message_type, document, Bounds::default());
            while reader.next()?.is_some() {}
            Ok(reader.findings().clone())
        }};
    }
    match message_type {
        MessageType::Pain001V03 | MessageType::Pain001V09 => read_with!(pain001),
        MessageType::Pain002V03 | MessageType::Pain002V10 => read_with!(pain002),
        MessageType::Camt060V03 | MessageType::Camt060V05 => read_with!(camt060),
        _ => read_with!(camt),
    }
}

/// The tolerance for a camt.060 sorts the findings: each is either forgiven or stands, and only the older generation is
/// forgiven anything.
pub fn tolerance_sorts_the_findings(document: &[u8]) {
    for message_type in [MessageType::Camt060V03, MessageType::Camt060V05] {
        let mut reader = camt060::Reader::new(message_type, document, Bounds::default());
        let mut requests = 0;
        let outcome = loop {
            match reader.next() {
                Ok(Some(camt060::Item::ReportingRequest(request))) => {
                    assert_eq!(request.ordinal, requests, "requests are counted");
                    requests += 1;
                }
                Ok(Some(camt060::Item::GroupHeader(_))) => {}
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        let verdict = reader.verdict();
        let (refused, tolerated) = (verdict.refused().count(), verdict.tolerated().count());
        assert_eq!(refused + tolerated, reader.findings().as_slice().len(), "each finding on one side");
        assert!(tolerated == 0 || message_type == MessageType::Camt060V03, "only the older generation is forgiven");
        if verdict.is_acceptable() && outcome.is_ok() {
            assert_eq!(reader.findings().total(), tolerated as u64, "nothing stands against it");
        }
    }
}
