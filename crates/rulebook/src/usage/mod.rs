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

use iso20022::MessageType;

use crate::catalogue::Text;
use crate::{Code, Guideline};

/// How one message is used.
#[derive(Clone, Debug)]
pub struct Usage {
    /// The message.
    pub message_type: MessageType,
    /// The element below `Document`.
    pub root: &'static str,
    /// Who sends it.
    pub direction: Direction,
    /// What it is for.
    pub purpose: Text,
    /// What is narrower than in ISO 20022, in the order of the message.
    pub restrictions: Vec<Restriction>,
    /// The elements that we write, where the message is ours; empty where it is the client's. A step with `!` always
    /// stands where its parent does.
    pub written: Vec<String>,
    /// The rules in words, and the elements that they look at.
    pub rules: Vec<(Code, String)>,
    /// What else to know about an element.
    pub notes: Vec<Note>,
}

/// Who sends a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The client, to us.
    FromClient,
    /// We, to the client.
    ToClient,
}

/// One way in which a message is narrower.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    /// The element or attribute concerned.
    pub path: String,
    /// How it is narrower.
    pub narrowing: Narrowing,
    /// Why.
    pub because: Because,
}

/// How an element is narrower than in ISO 20022.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Narrowing {
    /// It must stand where its parent stands.
    Mandatory,
    /// It may not stand.
    NotUsed,
    /// It may stand so many times.
    AtMost(u32),
    /// Its value matches this regular expression (XML Schema's).
    Pattern {
        /// What such values are called in the schema.
        name: &'static str,
        /// The expression.
        pattern: String,
    },
    /// Its value is one of these.
    Values {
        /// What such values are called in the schema.
        name: &'static str,
        /// The values.
        values: Vec<String>,
    },
    /// Its value has at most so many characters.
    CharsMax(usize),
    /// Its value is a number above zero.
    AboveZero,
    /// Its value is a number with at most so many fraction digits.
    FractionDigits(u32),
}

/// Why an element is narrower.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// A message that breaks it is refused with one of these codes.
    Refused(&'static [Code]),
    /// Our own messages are made like this.
    Ours,
}

/// What else to know about an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The element concerned.
    pub path: String,
    /// What to know.
    pub text: Text,
}

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

/// Collects the table of one message.
struct Table {
    root: &'static str,
    restrictions: Vec<Restriction>,
    rules: Vec<(Code, String)>,
    notes: Vec<Note>,
}

impl Table {
    fn new(root: &'static str) -> Table {
        Table { root, restrictions: Vec::new(), rules: Vec::new(), notes: Vec::new() }
    }

    /// What a message that breaks it is refused for.
    fn refuses(&mut self, path: &str, narrowing: Narrowing, codes: &'static [Code]) {
        self.restrictions.push(Restriction { path: self.path(path), narrowing, because: Because::Refused(codes) });
    }

    /// What our own messages keep.
    fn ours(&mut self, path: &str, narrowing: Narrowing) {
        self.restrictions.push(Restriction { path: self.path(path), narrowing, because: Because::Ours });
    }

    /// A rule in words.
    fn rule(&mut self, path: &str, code: Code) {
        self.rules.push((code, self.path(path)));
    }

    fn note(&mut self, path: &str, lv: &'static str, en: &'static str) {
        self.notes.push(Note { path: self.path(path), text: Text { lv, en } });
    }

    /// The table of a message that clients send.
    fn sent_by_client(self, message_type: MessageType, purpose: Text) -> Usage {
        self.usage(message_type, Direction::FromClient, purpose, Vec::new())
    }

    /// The table of a message that we send, with the elements that we write.
    fn sent_by_us(self, message_type: MessageType, purpose: Text, written: Vec<String>) -> Usage {
        self.usage(message_type, Direction::ToClient, purpose, written)
    }

    fn usage(self, message_type: MessageType, direction: Direction, purpose: Text, written: Vec<String>) -> Usage {
        let Table { root, restrictions, rules, notes } = self;
        Usage { message_type, root, direction, purpose, restrictions, written, rules, notes }
    }

    fn path(&self, path: &str) -> String {
        format!("{}/{path}", self.root)
    }
}
