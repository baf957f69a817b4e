//! JSON answers that are no message: accounts, heartbeat, health, and what a 202 says.

use serde::{Deserialize, Serialize};

/// Answer of `/v1/accounts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountList {
    /// The business day that the balances are of (`YYYY-MM-DD`).
    pub business_day: String,
    /// The accounts, by IBAN.
    pub accounts: Vec<AccountOverview>,
}

/// An account that the online user may see. Amounts are decimals as ISO 20022 writes them: `-12.50`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountOverview {
    /// IBAN, compact.
    pub iban: String,
    /// ISO 4217.
    pub currency: String,
    /// The owner as statements show it.
    pub owner: String,
    /// What it is for: `budget_expenditure`, `settlement` …
    pub kind: String,
    /// `open`, `blocked`, `closed`.
    pub state: String,
    /// What is booked.
    pub booked_balance: String,
    /// What is held for payments that are due.
    pub held: String,
    /// What can be spent now.
    pub available: String,
    /// Most that one payment may be; absent when there is no such limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_limit: Option<String>,
    /// Most that the payments of one day may be; absent when there is no such limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_limit: Option<String>,
}

/// Answer of `/v1/heartbeat`: am I connected, as whom, and for how long.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Heartbeat {
    /// The server's security clock (RFC 3339).
    pub time: String,
    /// The business day (`YYYY-MM-DD`, Europe/Riga).
    pub business_day: String,
    /// Who the caller is.
    pub caller: CallerOverview,
}

/// Who the caller is, and until when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallerOverview {
    /// The institution.
    pub client: String,
    /// The online user (information system).
    pub online_user: String,
    /// `view` or `manage`.
    pub access_mode: String,
    /// Serial number of the certificate in use, hexadecimal.
    pub certificate_serial: String,
    /// When the certificate ends (RFC 3339).
    pub certificate_not_after: String,
    /// Whole days until then.
    pub certificate_days_left: i64,
    /// Last day of the online user's registration (`YYYY-MM-DD`).
    pub registration_valid_until: String,
    /// Whole days until then.
    pub registration_days_left: i64,
}

/// Answer of `/health` on the plain listener.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Health {
    /// `ok`, or `unavailable` when the store is out of reach.
    pub status: String,
    /// Version of the program.
    pub version: String,
}

/// What a 202 to a submission says beside its pain.002, when JSON was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SubmissionReceipt {
    /// The submission.
    pub submission: i64,
    /// Where its outcome is read.
    pub location: String,
    /// Seconds after which to look.
    pub retry_after_seconds: u64,
}

/// Answer to a camt.060 that made several reports, or one that is not ready.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportList {
    /// The reports, in the order of the requests.
    pub reports: Vec<ReportLink>,
}

/// A report that was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportLink {
    /// Its id.
    pub id: i64,
    /// `camt.052.001.08` …
    pub message_type: String,
    /// IBAN of the account.
    pub account: String,
    /// Where its first page is read.
    pub location: String,
}
