//! The status of a message as JSON: what a pain.002 says, for people and scripts that read no XML.

use serde::{Deserialize, Serialize};

/// A message and where its payments stand now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MessageOverview {
    /// `MsgId`.
    pub message_id: String,
    /// `pain.001.001.09` …
    pub message_type: String,
    /// `RJCT`, `PART`, `PDNG`, `ACCP`, `ACSP`, `ACSC`.
    pub status: String,
    /// When it was received (RFC 3339).
    pub received_at: String,
    /// How many payments the message holds, as it states.
    pub number_of_transactions: u64,
    /// `CtrlSum` as stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_sum: Option<String>,
    /// How many payments are not refused.
    pub accepted: u64,
    /// How many payments are refused.
    pub refused: u64,
    /// Why the message is refused as a whole, if it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<ReasonText>,
    /// Its `PmtInf` blocks.
    pub blocks: Vec<BlockOverview>,
    /// Refused payments with the reason, in file order, up to a bound.
    pub refusals: Vec<PaymentRefusal>,
    /// Whether there are more refused payments than listed (the pain.002 has them all).
    pub refusals_truncated: bool,
}

/// A `PmtInf` block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BlockOverview {
    /// `PmtInfId`.
    pub payment_information_id: String,
    /// Its status.
    pub status: String,
    /// How many payments it holds.
    pub number_of_transactions: u64,
    /// Date on which it is executed, as asked for (`YYYY-MM-DD`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_execution_date: Option<String>,
    /// Why it is refused as a whole, if it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<ReasonText>,
}

/// A refused payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaymentRefusal {
    /// `PmtInfId` of its block.
    pub payment_information_id: String,
    /// `EndToEndId`.
    pub end_to_end_id: String,
    /// `InstrId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instruction_id: Option<String>,
    /// Line of the file where the payment begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Why.
    pub reasons: Vec<ReasonText>,
}

/// Why something was refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReasonText {
    /// The code of the catalogue.
    pub code: String,
    /// The ISO 20022 reason code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iso_reason: Option<String>,
    /// What is wrong, in the language asked for.
    pub text: String,
}
