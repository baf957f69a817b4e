//! How the payments stand that a cancellation names, as JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::overview::ReasonText;

/// Answer of `POST /v1/payments/cancel`: how the payments that the request names stand now. `payments` is the sum of `cancelled`,
/// `refused` and `not_cancelled`. The same request again gets the same counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CancellationAnswer {
    /// `MsgId`.
    pub message_id: String,
    /// How many payments the request names.
    pub payments: u64,
    /// How many of them are cancelled. They are `RJCT` with reason `DS02` from now on.
    pub cancelled: u64,
    /// How many of these an earlier request had cancelled.
    pub cancelled_before: u64,
    /// How many were refused for another reason.
    pub refused: u64,
    /// How many cannot be cancelled.
    pub not_cancelled: u64,
    /// Why, in file order, up to a bound.
    pub reasons: Vec<NotCancelled>,
}

/// Payments that cannot be cancelled, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct NotCancelled {
    /// First payment, from 1 in file order.
    pub first: u64,
    /// Last payment; others may lie between.
    pub last: u64,
    /// How many are meant.
    pub count: u64,
    /// `PmtInfId` of their block.
    pub payment_information_id: String,
    /// `EndToEndId`, where the request names one payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_to_end_id: Option<String>,
    /// Why.
    pub reason: ReasonText,
}
