//! Values that the store keeps as text, read back as what they are. A text that is none of them is damage: it becomes an
//! unexpected failure that names its row, never a value that somebody guessed.

use std::fmt;

use iso20022::MessageType;
use money::Decimal;
use rulebook::catalogue::Code;
use store::Message;

use crate::Failure;

/// The type of a message, by its name. `of` says in which row it stands.
pub(crate) fn message_type(name: &str, of: impl fmt::Display) -> Result<MessageType, Failure> {
    name.parse().map_err(|_| Failure::unexpected(format_args!("{of} has a message type that does not exist: {name:?}")))
}

/// The type of a message that was answered: one that has a status report.
pub(crate) fn type_of(message: &Message) -> Result<MessageType, Failure> {
    let known = message_type(&message.message_type, format_args!("message {}", message.id.0))?;
    if known.status_report().is_none() {
        let what = format_args!("message {} was answered and is stored as {known}, which is not", message.id.0);
        return Err(Failure::unexpected(what));
    }
    Ok(known)
}

/// A code of the catalogue, by its id.
pub(crate) fn code(id: &str, of: impl fmt::Display) -> Result<Code, Failure> {
    id.parse().map_err(|_| Failure::unexpected(format_args!("{of} has a code that the catalogue lacks: {id:?}")))
}

/// A sum as the message stated it.
pub(crate) fn decimal(text: Option<&str>, of: impl fmt::Display) -> Result<Option<Decimal>, Failure> {
    let read =
        |text| Decimal::parse(text).map_err(|_| Failure::unexpected(format_args!("{of} has a sum that is none")));
    text.map(read).transpose()
}
