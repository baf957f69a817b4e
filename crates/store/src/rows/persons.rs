//! Persons with certificates of their own, and what is stored beside applications.

use jiff::Timestamp;
use ledger::Limits;
use onboarding::{ApplicationId, ClientId, Kind, PersonId, PersonRecord, State};

use crate::Fingerprint;

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Its id.
    pub id: PersonId,
    /// What is registered.
    pub record: PersonRecord,
    /// When the registration ended before its last day, if it did.
    pub ended_at: Option<Timestamp>,
}

/// An X.509 certificate of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonCertificate {
    /// SHA-256 of its DER.
    pub fingerprint: Fingerprint,
    /// Whose it is.
    pub person: PersonId,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Valid from.
    pub not_before: Timestamp,
    /// Valid until.
    pub not_after: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
    /// The identifier of the key that signed it; `None`: an older program let it in.
    pub authority: Option<Vec<u8>>,
}

/// Which applications to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ApplicationFilter {
    /// In this state only.
    pub state: Option<State>,
    /// Of this kind only.
    pub kind: Option<Kind>,
    /// Of this client only.
    pub client: Option<ClientId>,
    /// Those before this one: the next page.
    pub before: Option<ApplicationId>,
}

/// A step of an application's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationStep {
    /// When.
    pub at: Timestamp,
    /// Who; `None`: the exchange itself.
    pub person: Option<PersonId>,
    /// What: `entered`, `approved` …
    pub step: String,
    /// A reason, or what was made.
    pub detail: String,
}

/// Limits of an account for one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayLimits {
    /// The application that put them in force.
    pub by: ApplicationId,
    /// What holds in place of the account's own.
    pub limits: Limits,
}
