//! What an application changes, as it is before: kept with the application when it is submitted.

use jiff::Timestamp;
use ledger::Limits;
use money::Currency;

use crate::canonical::{Canonical, Reader, Unreadable, canonical_fields};
use crate::content::{PersonRecord, Registration, SignatureCard};
use crate::{ApplicationId, ClientId};

/// A registration in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationInForce {
    /// The application that put it in force; `None`: it is older than applications.
    pub by: Option<ApplicationId>,
    /// The registration.
    pub registration: Registration,
}

/// A card in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardInForce {
    /// The application that put it in force.
    pub by: ApplicationId,
    /// The card.
    pub card: SignatureCard,
}

/// An account whose limits change for a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountBase {
    /// Whose it is.
    pub client: ClientId,
    /// Its IBAN.
    pub iban: String,
    /// Its currency.
    pub currency: Currency,
    /// Its own limits.
    pub limits: Limits,
    /// The application whose limits hold on that day already.
    pub by: Option<ApplicationId>,
}

/// An online user whose requests are all refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuspendedUser {
    /// Whose online user.
    pub client: ClientId,
    /// The information system's name.
    pub name: String,
    /// Since when: a later suspension is another one.
    pub since: Timestamp,
}

/// An account that takes part in no payments for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockedAccount {
    /// Whose it is.
    pub client: ClientId,
    /// Its IBAN.
    pub iban: String,
    /// The last application that lifted a block of this account: a block after it is another one.
    pub lifted_by: Option<ApplicationId>,
}

canonical_fields!(SuspendedUser { client, name, since });
canonical_fields!(BlockedAccount { client, iban, lifted_by });
canonical_fields!(RegistrationInForce { by, registration });
canonical_fields!(CardInForce { by, card });
canonical_fields!(AccountBase { client, iban, currency, limits, by });

/// What an application changes, as it is before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// Nothing: it makes something new.
    Nothing,
    /// An online user's registration.
    OnlineUser(RegistrationInForce),
    /// An account's limits.
    Account(AccountBase),
    /// A client's card.
    Card(CardInForce),
    /// A person.
    Person(PersonRecord),
    /// A suspension.
    SuspendedUser(SuspendedUser),
    /// A block.
    BlockedAccount(BlockedAccount),
}

/// The label of the bytes of bases; the next form gets another one.
const LABEL: &str = "tdam/application-base/1";

impl Base {
    const fn word(&self) -> &'static str {
        match self {
            Base::Nothing => "nothing",
            Base::OnlineUser(_) => "online-user",
            Base::Account(_) => "account",
            Base::Card(_) => "card",
            Base::Person(_) => "person",
            Base::SuspendedUser(_) => "suspended-user",
            Base::BlockedAccount(_) => "blocked-account",
        }
    }

    /// The client whose it is.
    #[must_use]
    pub fn client(&self) -> Option<ClientId> {
        match self {
            Base::Nothing => None,
            Base::OnlineUser(it) => Some(it.registration.client),
            Base::Account(it) => Some(it.client),
            Base::Card(it) => Some(it.card.client),
            Base::Person(it) => it.client,
            Base::SuspendedUser(it) => Some(it.client),
            Base::BlockedAccount(it) => Some(it.client),
        }
    }

    /// The base as canonical bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        LABEL.to_owned().put(&mut bytes);
        self.word().to_owned().put(&mut bytes);
        match self {
            Base::Nothing => {}
            Base::OnlineUser(it) => it.put(&mut bytes),
            Base::Account(it) => it.put(&mut bytes),
            Base::Card(it) => it.put(&mut bytes),
            Base::Person(it) => it.put(&mut bytes),
            Base::SuspendedUser(it) => it.put(&mut bytes),
            Base::BlockedAccount(it) => it.put(&mut bytes),
        }
        bytes
    }

    /// Reads what [`Base::encode`] wrote.
    ///
    /// # Errors
    /// When the bytes are anything else.
    pub fn decode(bytes: &[u8]) -> Result<Base, Unreadable> {
        let mut from = Reader::of(bytes);
        if String::take(&mut from)? != LABEL {
            return Err(from.no("base of this form"));
        }
        let base = match String::take(&mut from)?.as_str() {
            "nothing" => Base::Nothing,
            "online-user" => Base::OnlineUser(Canonical::take(&mut from)?),
            "account" => Base::Account(Canonical::take(&mut from)?),
            "card" => Base::Card(Canonical::take(&mut from)?),
            "person" => Base::Person(Canonical::take(&mut from)?),
            "suspended-user" => Base::SuspendedUser(Canonical::take(&mut from)?),
            "blocked-account" => Base::BlockedAccount(Canonical::take(&mut from)?),
            _ => return Err(from.no("base")),
        };
        from.end(base)
    }
}
