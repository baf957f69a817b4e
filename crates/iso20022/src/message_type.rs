//! The twelve messages: six kinds in two generations.

use std::fmt;
use std::str::FromStr;

/// A message of the exchange with its version, as its namespace names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant is the message's own name")]
pub enum MessageType {
    Pain001V03,
    Pain001V09,
    Pain002V03,
    Pain002V10,
    Camt052V02,
    Camt052V08,
    Camt053V02,
    Camt053V08,
    Camt054V02,
    Camt054V08,
    Camt060V03,
    Camt060V05,
}

/// The purpose of a message, in any version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    CreditTransferInitiation,
    PaymentStatusReport,
    /// Report, statement or notification.
    AccountReport,
    ReportingRequest,
}

/// The text names none of the twelve messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownMessage;

impl fmt::Display for UnknownMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a message of this exchange")
    }
}

impl std::error::Error for UnknownMessage {}

/// What stands before the message's name in its namespace.
const NAMESPACE_PREFIX: &str = "urn:iso:std:iso:20022:tech:xsd:";

impl MessageType {
    /// All twelve, by kind and version.
    pub const ALL: [MessageType; 12] = [
        MessageType::Pain001V03,
        MessageType::Pain001V09,
        MessageType::Pain002V03,
        MessageType::Pain002V10,
        MessageType::Camt052V02,
        MessageType::Camt052V08,
        MessageType::Camt053V02,
        MessageType::Camt053V08,
        MessageType::Camt054V02,
        MessageType::Camt054V08,
        MessageType::Camt060V03,
        MessageType::Camt060V05,
    ];

    /// The message's name: `pain.001.001.09`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            MessageType::Pain001V03 => "pain.001.001.03",
            MessageType::Pain001V09 => "pain.001.001.09",
            MessageType::Pain002V03 => "pain.002.001.03",
            MessageType::Pain002V10 => "pain.002.001.10",
            MessageType::Camt052V02 => "camt.052.001.02",
            MessageType::Camt052V08 => "camt.052.001.08",
            MessageType::Camt053V02 => "camt.053.001.02",
            MessageType::Camt053V08 => "camt.053.001.08",
            MessageType::Camt054V02 => "camt.054.001.02",
            MessageType::Camt054V08 => "camt.054.001.08",
            MessageType::Camt060V03 => "camt.060.001.03",
            MessageType::Camt060V05 => "camt.060.001.05",
        }
    }

    /// The message that a namespace stands for; `None` for any other namespace.
    #[must_use]
    pub fn from_namespace(namespace: &str) -> Option<MessageType> {
        namespace.strip_prefix(NAMESPACE_PREFIX)?.parse().ok()
    }

    /// The namespace: `urn:iso:std:iso:20022:tech:xsd:pain.001.001.09`.
    #[must_use]
    pub fn namespace(self) -> String {
        format!("{NAMESPACE_PREFIX}{}", self.name())
    }

    pub(crate) const fn kind(self) -> Kind {
        match self {
            MessageType::Pain001V03 | MessageType::Pain001V09 => Kind::CreditTransferInitiation,
            MessageType::Pain002V03 | MessageType::Pain002V10 => Kind::PaymentStatusReport,
            MessageType::Camt060V03 | MessageType::Camt060V05 => Kind::ReportingRequest,
            MessageType::Camt052V02
            | MessageType::Camt052V08
            | MessageType::Camt053V02
            | MessageType::Camt053V08
            | MessageType::Camt054V02
            | MessageType::Camt054V08 => Kind::AccountReport,
        }
    }

    /// Whether this is the generation in force since 2019 (`.09`, `.10`, `.08`, `.05`).
    #[must_use]
    pub const fn is_newer_generation(self) -> bool {
        matches!(
            self,
            MessageType::Pain001V09
                | MessageType::Pain002V10
                | MessageType::Camt052V08
                | MessageType::Camt053V08
                | MessageType::Camt054V08
                | MessageType::Camt060V05
        )
    }

    /// The status report that answers a payment message: it has the generation of what it answers.
    #[must_use]
    pub const fn status_report(self) -> Option<MessageType> {
        match self {
            MessageType::Pain001V03 => Some(MessageType::Pain002V03),
            MessageType::Pain001V09 => Some(MessageType::Pain002V10),
            _ => None,
        }
    }
}

impl FromStr for MessageType {
    type Err = UnknownMessage;

    fn from_str(name: &str) -> Result<MessageType, UnknownMessage> {
        MessageType::ALL.into_iter().find(|message| message.name() == name).ok_or(UnknownMessage)
    }
}

impl fmt::Display for MessageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
