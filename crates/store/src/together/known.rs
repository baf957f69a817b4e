//! What a group of decisions has read: each thing once, for all of them.

use std::collections::{HashMap, VecDeque};

use ::payments::{MessageId, PaymentId};
use jiff::civil::Date;
use ledger::AccountId;

use crate::unit_of_work::Loaded;
use crate::{ClientId, Fingerprint, Identity, Message, TreasuryAccount};

/// Values by client and text. `None` inside: the store has no such thing.
#[derive(Debug)]
pub(crate) struct ByClient<T>(HashMap<ClientId, HashMap<String, T>>);

impl<T> Default for ByClient<T> {
    fn default() -> ByClient<T> {
        ByClient(HashMap::new())
    }
}

impl<T> ByClient<T> {
    pub(crate) fn get(&self, client: ClientId, text: &str) -> Option<&T> {
        self.0.get(&client)?.get(text)
    }

    pub(crate) fn insert(&mut self, client: ClientId, text: String, value: T) {
        self.0.entry(client).or_default().insert(text, value);
    }
}

/// What the database said. What is not here was not asked; what the group itself decided stands beside it.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) business_day: Option<Date>,
    pub(crate) identities: HashMap<Fingerprint, Option<Identity>>,
    pub(crate) messages: ByClient<Option<Message>>,
    accounts: HashMap<String, Option<TreasuryAccount>>,
    ibans: HashMap<AccountId, String>,
    /// The last payment of an accepted message that has the key.
    pub(crate) keys: HashMap<i64, Option<PaymentId>>,
    /// The first accepted message that has the `PmtInfId`.
    pub(crate) blocks: ByClient<Option<MessageId>>,
    /// Accounts and the use of their limits as the decisions so far left them.
    pub(crate) book: Loaded,
    /// Ids of submissions that no decision has taken.
    pub(crate) submission_ids: VecDeque<MessageId>,
}

impl Known {
    /// An IBAN that was asked for, and its account.
    pub(crate) fn remember_account(&mut self, iban: &str, account: Option<TreasuryAccount>) {
        if let Some(account) = &account {
            self.ibans.insert(account.ledger.id, iban.to_owned());
        }
        self.accounts.insert(iban.to_owned(), account);
    }

    /// The account of an IBAN, if it was asked for.
    pub(crate) fn account_of(&self, iban: &str) -> Option<Option<&TreasuryAccount>> {
        self.accounts.get(iban).map(Option::as_ref)
    }

    pub(crate) fn account(&self, id: AccountId) -> Option<&TreasuryAccount> {
        self.accounts.get(self.ibans.get(&id)?)?.as_ref()
    }
}
