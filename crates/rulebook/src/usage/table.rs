//! What the usage of one message consists of, and how the tables of the messages are written down.

use iso20022::MessageType;

use crate::Code;
use crate::catalogue::Text;

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
    /// The restrictions beyond ISO 20022, in the order of the message.
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

/// Collects the table of one message.
pub(super) struct Table {
    root: &'static str,
    restrictions: Vec<Restriction>,
    rules: Vec<(Code, String)>,
    notes: Vec<Note>,
}

impl Table {
    pub(super) fn new(root: &'static str) -> Table {
        Table { root, restrictions: Vec::new(), rules: Vec::new(), notes: Vec::new() }
    }

    /// Adds a restriction, and the codes of its breach.
    pub(super) fn refuses(&mut self, path: &str, narrowing: Narrowing, codes: &'static [Code]) {
        self.restrictions.push(Restriction { path: self.path(path), narrowing, because: Because::Refused(codes) });
    }

    /// What our own messages keep.
    pub(super) fn ours(&mut self, path: &str, narrowing: Narrowing) {
        self.restrictions.push(Restriction { path: self.path(path), narrowing, because: Because::Ours });
    }

    /// A rule in words.
    pub(super) fn rule(&mut self, path: &str, code: Code) {
        self.rules.push((code, self.path(path)));
    }

    pub(super) fn note(&mut self, path: &str, lv: &'static str, en: &'static str) {
        self.notes.push(Note { path: self.path(path), text: Text { lv, en } });
    }

    /// The table of a message that clients send.
    pub(super) fn sent_by_client(self, message_type: MessageType, purpose: Text) -> Usage {
        self.usage(message_type, Direction::FromClient, purpose, Vec::new())
    }

    /// The table of a message that we send, with the elements that we write.
    pub(super) fn sent_by_us(self, message_type: MessageType, purpose: Text, written: Vec<String>) -> Usage {
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
