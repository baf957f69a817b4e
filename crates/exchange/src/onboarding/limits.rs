//! The limits of a client's accounts, and what holds in their place on single days.

use jiff::{Span, civil::Date};
use onboarding::bounds::ONE_DAY_LIMITS_DAYS_AHEAD_MAX;
use onboarding::{ClientId, Field};
use rulebook::catalogue::Fault;
use store::{DayLimits, Reading, TreasuryAccount};

use super::reasons::content_fault;
use super::staff::Staff;
use crate::{Exchange, Failure};

/// An account with its limits.
#[derive(Clone, Debug)]
pub struct ShownLimits {
    /// The account; its own limits hold on every other day.
    pub account: TreasuryAccount,
    /// Limits of single days, from today on, by day.
    pub days: Vec<(Date, DayLimits)>,
}

impl Exchange {
    /// The limits of all accounts of a client.
    ///
    /// # Errors
    /// When there is no such client, or the store is away.
    pub async fn limits_of_client(&self, _: &Staff, client: ClientId) -> Result<Vec<ShownLimits>, Failure> {
        let today = self.moment().today;
        let read = move |reading: &mut dyn Reading| {
            if !reading.clients()?.iter().any(|known| known.id == client) {
                return Err(content_fault(Fault::ClientUnknown, Field::Client, client.to_string()));
            }
            shown(reading, client, today)
        };
        self.inner.store.read::<_, Failure, _>(read).await
    }

    /// The limits of one account.
    ///
    /// # Errors
    /// When no client has such an account, or the store is away.
    pub async fn limits_of_account(&self, staff: &Staff, iban: String) -> Result<Vec<ShownLimits>, Failure> {
        let account = self.accounts_named(staff, vec![iban], Field::Iban).await?.pop();
        let account = account.and_then(|account| Some((account.ledger.id, account.client?)));
        // The house's own accounts have no limits.
        let Some((id, client)) = account else { return Ok(Vec::new()) };
        let today = self.moment().today;
        let read = move |reading: &mut dyn Reading| {
            let mut shown = shown(reading, client, today)?;
            shown.retain(|shown| shown.account.ledger.id == id);
            Ok(shown)
        };
        self.inner.store.read::<_, Failure, _>(read).await
    }
}

fn shown(reading: &mut dyn Reading, client: ClientId, today: Date) -> Result<Vec<ShownLimits>, Failure> {
    let accounts = reading.accounts_of(client)?.into_iter();
    let mut shown: Vec<ShownLimits> = accounts.map(|account| ShownLimits { account, days: Vec::new() }).collect();
    // No application can set limits of a later day.
    for ahead in 0..=ONE_DAY_LIMITS_DAYS_AHEAD_MAX {
        let day = today.saturating_add(Span::new().days(ahead));
        for (account, limits) in reading.day_limits_of(client, day)? {
            let of_it = shown.iter_mut().filter(|shown| shown.account.ledger.id == account);
            of_it.for_each(|shown| shown.days.push((day, limits)));
        }
    }
    Ok(shown)
}
