//! What people name and applications have by id: accounts by IBAN, registrations and persons as they are now, and names.

use std::collections::BTreeMap;

use jiff::Timestamp;
use onboarding::{ClientId, Field, OnlineUserId, PersonId, Registration};
use rulebook::Iban;
use rulebook::catalogue::Fault;
use store::{Person, Reading, TreasuryAccount};

use super::base::registered;
use super::reasons::content_fault;
use super::staff::Staff;
use crate::{End, Exchange, Failure};

/// A typing mistake shows in the check digits; what has the right ones is an account that nobody keeps here.
fn unknown_account(field: Field, iban: &str) -> Failure {
    let fault = match Iban::parse(iban) {
        Ok(_) => Fault::AccountUnknown,
        Err(_) if iban.is_empty() => Fault::FieldMissing,
        Err(_) => Fault::IbanWrong,
    };
    content_fault(fault, field, iban)
}

/// The names of clients and persons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Clients.
    pub clients: BTreeMap<ClientId, String>,
    /// Persons, of clients and of the Treasury.
    pub persons: BTreeMap<PersonId, String>,
}

impl Exchange {
    /// The accounts with these IBANs, in their order.
    ///
    /// # Errors
    /// When one of them is not there, or the store is away.
    pub async fn accounts_named(
        &self,
        _: &Staff,
        ibans: Vec<String>,
        field: Field,
    ) -> Result<Vec<TreasuryAccount>, Failure> {
        let compact: Vec<String> = ibans.iter().map(|iban| iban.split_whitespace().collect()).collect();
        let read = move |reading: &mut dyn Reading| {
            let wanted: Vec<&str> = compact.iter().map(String::as_str).collect();
            let known = reading.accounts_by_iban(&wanted)?;
            let of_iban = |iban: &&str| known.iter().find(|account| account.iban == **iban).cloned();
            wanted.iter().map(|iban| of_iban(iban).ok_or_else(|| unknown_account(field, iban))).collect()
        };
        self.inner.store.read::<_, Failure, _>(read).await
    }

    /// An online user as it is registered.
    ///
    /// # Errors
    /// When there is no such online user, or the store is away.
    pub async fn registration(&self, _: &Staff, user: OnlineUserId) -> Result<Registration, Failure> {
        let read = move |reading: &mut dyn Reading| registered(reading, user);
        let found = self.inner.store.read::<_, Failure, _>(read).await?;
        let unknown = || content_fault(Fault::UserUnknown, Field::OnlineUser, user.to_string());
        found.map(|in_force| in_force.registration).ok_or_else(unknown)
    }

    /// A person.
    ///
    /// # Errors
    /// When there is no such person, or the store is away.
    pub async fn person(&self, _: &Staff, id: PersonId) -> Result<Person, Failure> {
        let read = move |reading: &mut dyn Reading| reading.person(id).map_err(Failure::from);
        let unknown = || content_fault(Fault::NoSuchPerson, Field::Person, id.to_string());
        self.inner.store.read(read).await?.ok_or_else(unknown)
    }

    /// How soon the last certificate of each person ends, of persons who have one that is not revoked.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn person_certificates_end(&self, _: &Staff) -> Result<BTreeMap<PersonId, (Timestamp, End)>, Failure> {
        let read = |reading: &mut dyn Reading| Ok::<_, Failure>(reading.person_certificates_end()?);
        let ends = self.inner.store.read(read).await?.into_iter();
        Ok(ends.map(|(person, until)| (person, (until, self.end_for_person(until)))).collect())
    }

    /// The names of clients and persons, for lists.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn names(&self, _: &Staff) -> Result<Names, Failure> {
        let read = |reading: &mut dyn Reading| {
            let clients = reading.clients()?.into_iter().map(|client| (client.id, client.name)).collect();
            let persons = reading.persons()?.into_iter().map(|person| (person.id, person.record.name)).collect();
            Ok::<_, Failure>(Names { clients, persons })
        };
        self.inner.store.read(read).await
    }
}
