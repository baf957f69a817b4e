//! Which elements of a client's message are looked at: what documentation tells its sender.

use crate::{MessageType, camt060, pain001};

/// The elements that the reader of a client's message (pain.001, camt.060) looks at, as paths below `Document`. Whatever
/// else the schema allows may stand in it and is not read. Nothing for the messages that a client receives.
#[must_use]
pub fn elements_read(message_type: MessageType) -> Vec<String> {
    match message_type {
        MessageType::Pain001V03 | MessageType::Pain001V09 => pain001::paths(message_type).into_paths(),
        MessageType::Camt060V03 | MessageType::Camt060V05 => camt060::paths(message_type).into_paths(),
        _ => Vec::new(),
    }
}
