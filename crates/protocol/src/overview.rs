//! The status of a message as JSON: the content of a pain.002 for people and scripts that read no XML.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A message and where its payments stand now. Amounts are decimals as ISO 20022 writes them: `12.50`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct MessageOverview {
    /// `MsgId`.
    pub message_id: String,
    /// `pain.001.001.09` …
    pub message_type: String,
    /// `CreDtTm` as written.
    pub creation_date_time: String,
    /// When it was taken over; of one that is not judged yet, when it was received (RFC 3339).
    pub consumed_at: String,
    /// Status of the group: `RCVD` (received, not judged yet), `RJCT`, `PART`, `PDNG`, `ACCP`, `ACSP`, `ACSC`.
    pub status: String,
    /// How many payments the message holds, as it states.
    pub number_of_transactions: u64,
    /// `CtrlSum` as stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_sum: Option<String>,
    /// How many payments are in which status.
    pub counts: Vec<StatusCount>,
    /// Why the message is refused as a whole, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReasonText>,
    /// Further reasons, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further_reasons: Vec<ReasonText>,
    /// Its `PmtInf` blocks, in order.
    pub blocks: Vec<BlockOverview>,
    /// Refused payments with the reason, in file order, up to a bound.
    pub refused: Vec<PaymentRefusal>,
    /// How many payments are refused in all.
    pub refused_total: u64,
}

/// How many payments are in a status, and what they add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct StatusCount {
    /// The status.
    pub status: String,
    /// How many.
    pub count: u64,
    /// Their exact sum, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<String>,
    /// ISO 4217; refused payments have none in common.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// A `PmtInf` block.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BlockOverview {
    /// `PmtInfId`.
    pub payment_information_id: String,
    /// IBAN of the account debited; absent where the message is refused as a whole.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub debtor_iban: String,
    /// Its status.
    pub status: String,
    /// Why the whole block is refused, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<ReasonText>,
    /// Further reasons, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further_reasons: Vec<ReasonText>,
    /// Which of its payments are executed on another day than requested.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<ReasonText>,
    /// Date on which it is executed, as asked for (`YYYY-MM-DD`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_execution_date: Option<String>,
    /// How many payments are in which status.
    pub counts: Vec<StatusCount>,
}

/// A refused payment, or a range of payments refused for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PaymentRefusal {
    /// First payment, from 1 in file order.
    pub first: u64,
    /// Last payment.
    pub last: u64,
    /// How many of them are meant.
    pub count: u64,
    /// `PmtInfId` of its block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_information_id: Option<String>,
    /// `EndToEndId` of the (first) payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_to_end_id: Option<String>,
    /// Amount of the (first) payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// ISO 4217.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Payee of the (first) payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creditor_name: Option<String>,
    /// Line of the file where the (first) payment begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// When it was refused: `admission`, `execution`, `settlement`.
    pub stage: String,
    /// Why.
    pub reason: ReasonText,
    /// Further reasons, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further_reasons: Vec<ReasonText>,
}

/// Why something was refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ReasonText {
    /// The code of the catalogue.
    pub code: String,
    /// The ISO 20022 reason code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iso_reason: Option<String>,
    /// What is wrong, in the language asked for.
    pub text: String,
    /// The element concerned, as a path.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub element: String,
    /// What was found there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// What was expected: a limit, a sum, a date; of characters, those that are not allowed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub expected: String,
    /// How much was given, where the rule measures it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub given: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub remedy: String,
}
