//! An account as the ledger sees it: its balance, its holds, its permissions.

use money::{Currency, Money};

/// Identifies an account for ever; given by the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub i64);

/// Whose account it is, which decides whether it may go below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountRole {
    /// A client's account: what is available never goes below zero.
    Customer,
    /// The house's own account (its account at the settlement system, opening balances): may have either sign.
    House,
}

/// Whether an account takes part in payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountState {
    /// Pays and receives.
    Open,
    /// Neither pays nor receives for now (AC06).
    Blocked,
    /// Neither, for ever (AC04).
    Closed,
}

/// Account limits, in minor units of the account's currency; `None` means no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Limits {
    /// The most that one payment may take.
    pub per_payment: Option<i64>,
    /// The most that all payments of one execution date may take.
    pub per_day: Option<i64>,
}

/// How much of an execution date's limit is spoken for, in minor units of the account's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DailyUse {
    /// Sum of the accepted payments of that date.
    pub minor: i64,
    /// What the last growth rested on. `None`: there was no limit then, or it is not known any more.
    pub growth: Option<Growth>,
}

/// A decision that let the use of a date's limit grow. It stays when payments are refused later and when the account
/// gets another limit: what was allowed then is not undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Growth {
    /// What the use grew to.
    pub to: i64,
    /// The limit in force then.
    pub limit: i64,
}

/// An account with its balances. `available = balance - held`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its one currency.
    pub currency: Currency,
    /// Customer's or the house's.
    pub role: AccountRole,
    /// Open, blocked or closed.
    pub state: AccountState,
    /// Booked balance in minor units: the sum of all its entries.
    pub balance: i64,
    /// Minor units set aside for authorised payments that are due and not yet booked.
    pub held: i64,
    /// What one payment and one day may take.
    pub limits: Limits,
}

impl Account {
    /// What can still be promised: booked balance less holds, in minor units.
    ///
    /// `None` when it does not fit, which no sequence of accepted operations can reach.
    #[must_use]
    pub fn available(&self) -> Option<i64> {
        self.balance.checked_sub(self.held)
    }

    /// The booked balance as money.
    #[must_use]
    pub fn balance(&self) -> Money {
        Money::new(self.balance, self.currency)
    }
}
