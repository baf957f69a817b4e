//! The elements of a client's message that the readers read, for the documentation.

use crate::message_type::Kind;
use crate::read::elements;
use crate::{MessageType, camt060, pain001};

/// The elements that the reader of a client's message (pain.001, camt.060) reads, as paths below `Document`. A message
/// may hold anything else that the schema allows; the reader ignores it. Empty for the messages that a client receives.
#[must_use]
pub fn elements_read(message_type: MessageType) -> Vec<String> {
    match message_type.kind() {
        Kind::CreditTransferInitiation => elements(message_type, pain001::collect),
        Kind::ReportingRequest => elements(message_type, camt060::collect),
        Kind::PaymentStatusReport | Kind::AccountReport => Vec::new(),
    }
}
