//! Which elements of a client's message are looked at: what documentation tells its sender.

use crate::message_type::Kind;
use crate::read::elements;
use crate::{MessageType, camt060, pain001};

/// The elements that the reader of a client's message (pain.001, camt.060) looks at, as paths below `Document`. Whatever
/// else the schema allows may stand in it and is not read. Nothing for the messages that a client receives.
#[must_use]
pub fn elements_read(message_type: MessageType) -> Vec<String> {
    match message_type.kind() {
        Kind::CreditTransferInitiation => elements(message_type, pain001::collect),
        Kind::ReportingRequest => elements(message_type, camt060::collect),
        Kind::PaymentStatusReport | Kind::AccountReport => Vec::new(),
    }
}
