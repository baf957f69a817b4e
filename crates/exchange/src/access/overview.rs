//! The caller's view of itself: its accounts, and its connection.

use ledger::AccountState;
use money::Money;
use store::{AccessMode, Reading};

use crate::notices::end::ends_of;
use crate::{AccountOverview, Caller, Exchange, Failure, Heartbeat};

impl Exchange {
    /// The accounts that the caller may see: those that are granted to it.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn accounts(&self, caller: &Caller) -> Result<Vec<AccountOverview>, Failure> {
        let (client, day) = (caller.client(), self.known_business_day().await?);
        let read = move |reading: &mut dyn Reading| {
            let mut accounts = reading.accounts_of(client)?;
            // A client sees the limits that its payments of today meet.
            for (account, today) in reading.day_limits_of(client, day)? {
                for account in accounts.iter_mut().filter(|known| known.ledger.id == account) {
                    account.ledger.limits = today.limits;
                }
            }
            Ok::<_, Failure>(accounts)
        };
        let accounts = self.inner.store.read(read).await?;
        let (may_manage, user) = (caller.may_manage(), &caller.identity().user);
        accounts
            .into_iter()
            .filter(|account| user.grants(account))
            .map(|account| {
                let ledger = &account.ledger;
                let available = ledger.available().ok_or_else(|| {
                    Failure::unexpected(format_args!("account {} has more on hold than can be counted", ledger.id.0))
                })?;
                Ok(AccountOverview {
                    balance: ledger.balance(),
                    held: Money::new(ledger.held, ledger.currency),
                    available: Money::new(available, ledger.currency),
                    limits: ledger.limits,
                    state: ledger.state,
                    may_debit: may_manage && ledger.state == AccountState::Open,
                    iban: account.iban,
                    owner_name: account.owner_name,
                    kind: account.kind,
                })
            })
            .collect()
    }

    /// Whether the caller is connected, and for how long it will be.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn heartbeat(&self, caller: &Caller) -> Result<Heartbeat, Failure> {
        let business_day = self.known_business_day().await?;
        let identity = caller.identity();
        let (mode, now): (AccessMode, _) = (identity.user.mode, self.now());
        Ok(Heartbeat {
            client: identity.client.name.clone(),
            online_user: identity.user.id,
            online_user_name: identity.user.name.clone(),
            mode,
            certificate_not_after: identity.certificate.not_after,
            registration_valid_until: identity.user.registration_valid_until,
            business_day,
            now,
            ends: ends_of(identity, now),
            authority_change: self.authority_change(),
        })
    }
}
