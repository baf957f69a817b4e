//! The usage guideline as a table: how each of the twelve messages is narrower here than ISO 20022 has it.
//!
//! The checker applies rules to values; this table says the same about the *form* of a message, as far as form can say
//! it, so that a schema and a format description can be published that agree with the checker. Only what holds for every
//! message stands here as a [`Narrowing`]: what depends on how a payment travels, on a date or on another element stays a
//! rule in words. Values come from the [`Guideline`] and from the checker's own constants.
//!
//! For messages that we write, the table says which elements they have: an importer need not handle any other.
//!
//! Elements are paths below `Document`: `CstmrCdtTrfInitn/PmtInf/CtrlSum`; an attribute is `…/InstdAmt/@Ccy`.

mod account_report;
mod payments;
mod report_request;
mod status_report;
mod table;

use iso20022::MessageType;

use crate::Guideline;
pub use table::{Because, Direction, Narrowing, Note, Restriction, Usage};

impl Usage {
    /// How a message is used under a guideline.
    #[must_use]
    pub fn of(message_type: MessageType, guideline: &Guideline) -> Usage {
        match message_type {
            MessageType::Pain001V03 | MessageType::Pain001V09 => payments::usage(message_type, guideline),
            MessageType::Pain002V03 | MessageType::Pain002V10 => status_report::usage(message_type, guideline),
            MessageType::Camt052V02
            | MessageType::Camt052V08
            | MessageType::Camt053V02
            | MessageType::Camt053V08
            | MessageType::Camt054V02
            | MessageType::Camt054V08 => account_report::usage(message_type, guideline),
            MessageType::Camt060V03 | MessageType::Camt060V05 => report_request::usage(message_type, guideline),
        }
    }
}
