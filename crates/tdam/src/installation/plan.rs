//! The plan of an installation, as its file states it: institutions, accounts, online users.

use std::str::FromStr;

use exchange::EndToEndIdUniqueness;
use ipnet::IpNet;
use ledger::Limits;
use money::{Currency, Decimal, Money};
use serde::{Deserialize, Deserializer};

use super::error::InstallationError;

/// A plan.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The institutions.
    #[serde(rename = "client")]
    pub clients: Vec<ClientPlan>,
    /// The first operators.
    #[serde(rename = "operator", default)]
    pub operators: Vec<OperatorPlan>,
}

/// One of the first two operators.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct OperatorPlan {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// The folder, below `operators`, that certificate and key are written to.
    pub folder: String,
    /// What the operator may do.
    #[serde(default = "OperatorPlan::usual_roles")]
    pub roles: Vec<OperatorRole>,
}

/// What an operator may do.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum OperatorRole {
    /// Enters and checks.
    Clerk,
    /// Checks and approves.
    Approver,
    /// Reads.
    Auditor,
}

impl From<OperatorRole> for onboarding::Role {
    fn from(role: OperatorRole) -> onboarding::Role {
        match role {
            OperatorRole::Clerk => onboarding::Role::Clerk,
            OperatorRole::Approver => onboarding::Role::Approver,
            OperatorRole::Auditor => onboarding::Role::Auditor,
        }
    }
}

impl OperatorPlan {
    fn usual_roles() -> Vec<OperatorRole> {
        vec![OperatorRole::Clerk, OperatorRole::Approver]
    }

    /// From `Name <e-mail>`, as e-mail programs write an address, with the usual roles.
    ///
    /// # Errors
    /// When the text has another form.
    pub fn of_address(text: &str, number: usize) -> Result<OperatorPlan, String> {
        let (name, email) = text
            .strip_suffix('>')
            .and_then(|text| text.split_once('<'))
            .map(|(name, email)| (name.trim(), email.trim()))
            .filter(|(name, email)| !name.is_empty() && email.contains('@'))
            .ok_or_else(|| format!("{text:?}: write it as \"Name <e-mail>\""))?;
        Ok(OperatorPlan {
            name: name.to_owned(),
            email: email.to_owned(),
            folder: format!("operator-{number}"),
            roles: OperatorPlan::usual_roles(),
        })
    }

    /// Refuses a pair that could put no application in force.
    ///
    /// # Errors
    /// When there are not two operators, of whom one enters and the other one approves.
    pub fn check_pair(operators: &[OperatorPlan]) -> Result<(), InstallationError> {
        let [one, other] = operators else {
            let text = format!("{} operators are named, but an exchange begins with two", operators.len());
            return Err(InstallationError::Plan(text));
        };
        let has = |plan: &OperatorPlan, role| plan.roles.contains(&role);
        let enters = |plan| has(plan, OperatorRole::Clerk);
        let approves = |plan| has(plan, OperatorRole::Approver);
        if !(enters(one) && approves(other) || enters(other) && approves(one)) {
            let text = "of the two operators one must be a clerk, and the other one an approver".to_owned();
            return Err(InstallationError::Plan(text));
        }
        Ok(())
    }
}

/// An institution.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ClientPlan {
    /// Its name.
    pub name: String,
    /// Registration number.
    pub registration_number: String,
    /// What happens to a message with some bad payments.
    pub acceptance: Acceptance,
    /// Whether a pain.002 lists each payment, accepted ones too.
    #[serde(default)]
    pub lists_every_payment: bool,
    /// Whether a report of several days has balances of each day.
    #[serde(default)]
    pub daily_balances: bool,
    /// How long no other payment may have the `EndToEndId` of a payment: `for-ever`, `within-message`, or a number of days.
    #[serde(default, deserialize_with = "uniqueness")]
    pub end_to_end_ids_unique: EndToEndIdUniqueness,
    /// Its accounts.
    #[serde(rename = "account", default)]
    pub accounts: Vec<AccountPlan>,
    /// Its information systems.
    #[serde(rename = "online_user", default)]
    pub online_users: Vec<OnlineUserPlan>,
}

fn uniqueness<'de, D: Deserializer<'de>>(deserializer: D) -> Result<EndToEndIdUniqueness, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

/// What happens to a message with some bad payments.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Acceptance {
    /// All payments or none.
    AllOrNothing,
    /// The good ones.
    Partial,
}

/// An account.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct AccountPlan {
    /// IBAN.
    pub iban: String,
    /// What it is for.
    pub kind: Kind,
    /// Opening balance.
    pub opening: Number,
    /// Most that one payment may take.
    pub per_payment_limit: Option<Number>,
    /// Most that one day may take.
    pub per_day_limit: Option<Number>,
}

/// What an account is for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the Treasury's own kinds of accounts")]
pub enum Kind {
    BudgetExpenditure,
    Donation,
    ProgrammeBalance,
    UnplannedFunds,
    DepositedFunds,
    Settlement,
    Revenue,
    Bailiff,
    Loan,
}

/// An information system.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct OnlineUserPlan {
    /// Its name.
    pub name: String,
    /// The folder, below `users`, that its certificate and key are written to.
    pub folder: String,
    /// View or manage.
    pub mode: Mode,
    /// Where its requests may come from.
    pub networks: Vec<IpNet>,
    /// IBANs of the accounts that it may see and, in mode `manage`, debit. Left out: all of its client's.
    pub accounts: Option<Vec<String>>,
    /// Whether what it submits has to be signed.
    #[serde(default)]
    pub signature_required: bool,
}

/// What an online user may do.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Reports and status.
    View,
    /// The same, and payments.
    Manage,
}

/// A decimal number, written as text so that no float comes between.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(try_from = "String")]
pub struct Number(Decimal);

impl TryFrom<String> for Number {
    type Error = String;

    fn try_from(text: String) -> Result<Number, String> {
        Decimal::parse(&text).map(Number).map_err(|error| format!("{text:?}: {error}"))
    }
}

impl Number {
    /// Minor units of the euro.
    pub(crate) fn minor(self) -> Result<i64, InstallationError> {
        let money = Money::from_decimal(self.0, Currency::EUR);
        money.map(Money::minor).map_err(|error| InstallationError::Plan(format!("{}: {error}", self.0)))
    }
}

impl AccountPlan {
    pub(crate) fn limits(&self) -> Result<Limits, InstallationError> {
        let minor = |number: Option<Number>| number.map(Number::minor).transpose();
        Ok(Limits { per_payment: minor(self.per_payment_limit)?, per_day: minor(self.per_day_limit)? })
    }
}

/// Whether a text from a plan is one part of a path that leads nowhere else.
fn is_plain_name(name: &str) -> bool {
    const CHARS_MAX: usize = 64;
    let plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
    !name.is_empty() && name.chars().count() <= CHARS_MAX && name.chars().all(plain)
}

/// Refuses names of folders that lead elsewhere, or that two have.
fn check_folders<'p>(named: impl Iterator<Item = (&'p str, &'p str)>, below: &str) -> Result<(), InstallationError> {
    let mut folders = Vec::new();
    for (name, folder) in named {
        if !is_plain_name(folder) {
            let text =
                format!("{name}: folder = {folder:?} is no name of a folder below `{below}`: letters, digits, - and _");
            return Err(InstallationError::Plan(text));
        }
        folders.push(folder);
    }
    folders.sort_unstable();
    match folders.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(InstallationError::Plan(format!("folder = {:?} is named twice", pair[0]))),
        None => Ok(()),
    }
}

impl FromStr for Plan {
    type Err = InstallationError;

    fn from_str(text: &str) -> Result<Plan, InstallationError> {
        let plan: Plan = toml::from_str(text).map_err(|error| InstallationError::Plan(error.to_string()))?;
        let users = plan.clients.iter().flat_map(|client| &client.online_users);
        check_folders(users.map(|user| (user.name.as_str(), user.folder.as_str())), "users")?;
        let operators = plan.operators.iter();
        check_folders(operators.map(|operator| (operator.name.as_str(), operator.folder.as_str())), "operators")?;
        Ok(plan)
    }
}

impl From<Kind> for store::AccountKind {
    fn from(kind: Kind) -> store::AccountKind {
        match kind {
            Kind::BudgetExpenditure => store::AccountKind::BudgetExpenditure,
            Kind::Donation => store::AccountKind::Donation,
            Kind::ProgrammeBalance => store::AccountKind::ProgrammeBalance,
            Kind::UnplannedFunds => store::AccountKind::UnplannedFunds,
            Kind::DepositedFunds => store::AccountKind::DepositedFunds,
            Kind::Settlement => store::AccountKind::Settlement,
            Kind::Revenue => store::AccountKind::Revenue,
            Kind::Bailiff => store::AccountKind::Bailiff,
            Kind::Loan => store::AccountKind::Loan,
        }
    }
}
