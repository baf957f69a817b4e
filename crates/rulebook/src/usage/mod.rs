//! The usage guideline as a table: how it narrows each of the twelve messages of ISO 20022.
//!
//! The checker applies rules to values; this table states the same about the *form* of a message, as far as form can
//! express it. So we can publish a schema and a format description that agree with the checker. A [`Narrowing`] holds
//! for every message; a rule that depends on a payment's kind, on a date or on another element stays a rule in words.
//! Values come from the [`Guideline`] and from the checker's own constants.
//!
//! For messages that we write, the table lists their elements: an importer need not handle any other.
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
