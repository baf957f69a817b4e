//! Persons and their certificates.

use jiff::Timestamp;
use onboarding::{PersonId, PersonRecord};

use crate::{Fingerprint, IssuedCertificate, Person, PersonCertificate, StoreError};

/// Reads persons.
pub trait ReadPersons {
    /// All persons, by id.
    fn persons(&mut self) -> Result<Vec<Person>, StoreError>;

    /// A person. A transaction locks it, shared: who ends its roles does so before or after.
    fn person(&mut self, id: PersonId) -> Result<Option<Person>, StoreError>;

    /// The certificates of a person, the one that ends last first. Locks nothing.
    fn person_certificates(&mut self, person: PersonId) -> Result<Vec<PersonCertificate>, StoreError>;

    /// A certificate that the house issued to a person for a request. `None` also of those from before the store kept them.
    fn issued_to_person(&mut self, fingerprint: &Fingerprint) -> Result<Option<IssuedCertificate>, StoreError>;

    /// When the last certificate of each person that is not revoked ends, of persons who have one. Locks nothing.
    fn person_certificates_end(&mut self) -> Result<Vec<(PersonId, Timestamp)>, StoreError>;

    /// The certificate of a person. A transaction locks it, shared.
    fn person_certificate(&mut self, fingerprint: &Fingerprint) -> Result<Option<PersonCertificate>, StoreError>;
}

/// Changes persons. The caller adds the audit line in the same transaction.
pub trait WritePersons: ReadPersons {
    /// Until its end no other transaction that calls this adds, changes or ends an operator: after it, the transaction sees all.
    fn lock_operators(&mut self) -> Result<(), StoreError>;

    /// Adds a person.
    fn insert_person(&mut self, record: &PersonRecord) -> Result<PersonId, StoreError>;

    /// Changes a person; its client stays.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such person.
    fn update_person(&mut self, person: &Person) -> Result<(), StoreError>;

    /// Adds a certificate.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is one with this fingerprint.
    fn insert_person_certificate(&mut self, certificate: &PersonCertificate) -> Result<(), StoreError>;

    /// Keeps a certificate that the house issued to a person for a request; [`WritePersons::insert_person_certificate`] has let it in before.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it was kept before.
    fn insert_issued_to_person(&mut self, issued: &IssuedCertificate) -> Result<(), StoreError>;

    /// Revokes a certificate. `false` when there is none, or it was revoked before.
    fn revoke_person_certificate(&mut self, fingerprint: &Fingerprint, at: Timestamp) -> Result<bool, StoreError>;
}
