//! A complete message of each type that the exchange reads or writes, made by the writers that the exchange uses.
//!
//! Together they show one case. On [`EXAMPLE_DAY`] a municipality sends three payments; the exchange answers; the
//! municipality requests a report and gets it. Names are invented.

mod layout;
mod payments;
mod report_requests;
mod reports;
mod scenario;
mod status_reports;

use std::sync::LazyLock;

use iso20022::{MessageType, WriteError};
use jiff::civil::Date;

/// The business day on which the examples are valid.
pub const EXAMPLE_DAY: Date = scenario::DAY;

static EXAMPLES: LazyLock<Vec<(MessageType, String)>> = LazyLock::new(|| {
    MessageType::ALL
        .map(|message_type| match write(message_type) {
            Ok(xml) => (message_type, layout::indented(&String::from_utf8_lossy(&xml))),
            // The examples are part of the program; a test writes each of them.
            Err(error) => panic!("the example of {message_type} is not written: {error}"),
        })
        .into()
});

/// A complete message of this type, one element a line.
#[must_use]
pub fn example(message_type: MessageType) -> &'static str {
    let found = EXAMPLES.iter().find(|(known, _)| *known == message_type);
    found.map_or("", |(_, xml)| xml.as_str())
}

fn write(message_type: MessageType) -> Result<Vec<u8>, WriteError> {
    match message_type {
        MessageType::Pain001V03 | MessageType::Pain001V09 => payments::write(message_type),
        MessageType::Pain002V03 | MessageType::Pain002V10 => status_reports::write(message_type),
        MessageType::Camt060V03 | MessageType::Camt060V05 => report_requests::write(message_type),
        _ => reports::write(message_type),
    }
}
