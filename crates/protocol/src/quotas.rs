//! What is left of the quotas, as JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Answer of `/v1/quotas`. Each node of an exchange counts for itself; this is the one that answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Quotas {
    /// Of the online user who asks.
    pub online_user: QuotaHolder,
    /// Of the address that the question comes from. All who share the address share the quota.
    pub address: QuotaHolder,
}

/// What one holder has left.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct QuotaHolder {
    /// The online user's name; the address, or the network of an IPv6 address.
    pub name: String,
    /// Of requests; absent without a quota.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<QuotaLeft>,
    /// Of bytes of bodies, as they are sent; absent without a quota.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<QuotaLeft>,
}

/// What is left of one quota.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct QuotaLeft {
    /// How much may be used now.
    pub left: u64,
    /// Of requests: how many more heartbeats, statuses and answers of submissions the reserve allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserve_left: Option<u64>,
    /// How much there is when all of it is there, the reserve included.
    pub burst: u64,
    /// How much comes back each second.
    pub per_second: u64,
    /// After so many seconds all of it is there, if nobody uses any.
    pub full_in_seconds: u64,
}
