//! JSON answers that are not messages: accounts, heartbeat, health, lists of reports.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Answer of `/v1/accounts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct AccountList {
    /// The accounts.
    pub accounts: Vec<AccountOverview>,
}

/// An account that the online user may see. Amounts are decimals as ISO 20022 writes them: `-12.50`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// Most that the payments of one execution date may be; absent when there is no such limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_limit: Option<String>,
    /// Whether this online user may debit it.
    pub may_debit: bool,
}

/// Answer of `/v1/heartbeat`: am I connected, as whom, and for how long.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CallerOverview {
    /// The institution.
    pub client: String,
    /// The online user (information system).
    pub online_user: String,
    /// `view` or `manage`.
    pub access_mode: String,
    /// When the certificate ends (RFC 3339).
    pub certificate_not_after: String,
    /// Days until that day in Europe/Riga; 0 on the day itself.
    pub certificate_days_left: i64,
    /// Last day of the online user's registration (`YYYY-MM-DD`).
    pub registration_valid_until: String,
    /// Days until that day in Europe/Riga; 0 on the day itself.
    pub registration_days_left: i64,
    /// What ends within sixty days, and what to do about it; absent when nothing does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<EndWarning>,
}

/// Something that the connection needs ends soon.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct EndWarning {
    /// Code of the catalogue: `TDAM-1071` (certificate) or `TDAM-1072` (registration).
    pub code: String,
    /// Its last day (`YYYY-MM-DD`, Europe/Riga).
    pub ends: String,
    /// Days until then; 0 on the day itself.
    pub days_left: i64,
    /// The same in words, in the language asked for.
    pub text: String,
    /// What to do about it.
    pub remedy: String,
}

/// Answer of `/health`, `/health/ready` and `/health/live` on the plain listener.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Health {
    /// `ok`; `alarm` when the node serves but the operator should look at it; `unavailable` when it does not serve
    /// (503).
    pub status: String,
    /// Version of the program.
    pub version: String,
    /// What stands, the worst first.
    pub conditions: Vec<HealthCondition>,
    /// When the last check of what is stored began (RFC 3339); absent until one has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<String>,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct HealthCondition {
    /// Its kind: `cannot_write`, `set_aside` …
    pub condition: String,
    /// `alarm`: the operator should look at it; `not_ready`: the node does not serve; `not_alive`: only a restart
    /// helps.
    pub severity: String,
    /// What it is, in the language asked for.
    pub title: String,
    /// Why it stands; absent where the title says all.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Since when (RFC 3339).
    pub since: String,
}

/// Answer to a camt.060 that ordered several reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ReportList {
    /// The reports, in the order of the requests.
    pub reports: Vec<ReportLink>,
}

/// A report that was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ReportLink {
    /// Its id.
    pub id: i64,
    /// `camt.052.001.08` …
    pub message_type: String,
    /// IBAN of the account.
    pub account: String,
    /// First day (`YYYY-MM-DD`).
    pub from: String,
    /// Last day (`YYYY-MM-DD`).
    pub to: String,
    /// How many pages it has; at least one.
    pub pages: u32,
    /// Where its first page is read.
    pub location: String,
}
