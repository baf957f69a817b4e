//! Limits of accounts in JSON, as operators see them. Amounts are decimal texts; an absent limit is none.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The accounts of a client with their limits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LimitList {
    /// By IBAN.
    pub accounts: Vec<AccountLimits>,
}

/// An account with its limits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AccountLimits {
    /// The account.
    pub iban: String,
    /// Its currency.
    pub currency: String,
    /// What one payment may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_per_payment: Option<String>,
    /// What one day may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_per_day: Option<String>,
    /// What holds in their place on single days, from today on.
    pub days: Vec<DayLimitsOverview>,
}

/// Limits of one day: both hold in place of the account's own, an absent one too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DayLimitsOverview {
    /// The day (`YYYY-MM-DD`).
    pub day: String,
    /// What one payment may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_per_payment: Option<String>,
    /// What the day may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_per_day: Option<String>,
    /// The application that set them.
    pub application: i64,
}
