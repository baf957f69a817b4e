//! The first operators: they are there before anybody could approve an application about them. Later persons come by
//! application.

use onboarding::{Content, PersonChange, PersonId, PersonRecord, Refusal};
use rulebook::catalogue::Code;
use store::{AuditLine, DirectoryRow as _, Person, PersonCertificate, Reading, StoreError};

use crate::bounds::FIRST_OPERATORS;
use crate::{Failure, Operator, local_time};

impl Operator {
    /// Registers one of the first two operators, without an application.
    ///
    /// # Errors
    /// When it is a person of a client or breaks a rule, two operators were registered before, or the store is away.
    pub async fn insert_first_operator(&self, record: PersonRecord) -> Result<PersonId, Failure> {
        if record.client.is_some() {
            return Err(Failure::new(Code::RequestParameterInvalid).with_detail("client"));
        }
        let line = self.line("person.added", "");
        let new = PersonChange { person: None, of: None, record: Some(record.clone()) };
        Content::Person(new).check(local_time(line.at).date()).map_err(Refusal::from)?;
        self.write(move |writing| {
            writing.lock_operators()?;
            let operators = writing.persons()?.iter().filter(|person| person.record.client.is_none()).count();
            if operators >= FIRST_OPERATORS {
                return Err(Failure::new(Code::OperatorsExist));
            }
            let id = writing.insert_person(&record)?;
            let row = Person { id, record: record.clone(), ended_at: None };
            let detail = format!("person {id} roles={:x} first operator {}", record.roles.bits(), row.stated());
            writing.append_audit(&AuditLine { detail, ..line.clone() })?;
            Ok(id)
        })
        .await
    }

    /// Adds a certificate of a person.
    ///
    /// # Errors
    /// When it is known already, a person's or an online user's, or was never valid.
    pub async fn insert_person_certificate(&self, certificate: PersonCertificate) -> Result<(), Failure> {
        if certificate.not_after <= certificate.not_before {
            return Err(Failure::new(Code::RequestParameterInvalid).with_detail("not_after"));
        }
        let (person, fingerprint) = (certificate.person, certificate.fingerprint);
        let (serial, stated) = (&certificate.serial, certificate.stated());
        let detail = format!("{fingerprint} of person {person} serial {serial} {stated}");
        let line = self.line("person.certificate-added", detail);
        self.write(move |writing| {
            let taken = || Failure::new(Code::RequestParameterInvalid).with_detail("certificate");
            if writing.identity(&fingerprint)?.is_some() {
                return Err(taken());
            }
            writing.insert_person_certificate(&certificate).map_err(|error| match error {
                StoreError::Conflict(_) => taken(),
                error => error.into(),
            })?;
            Ok(writing.append_audit(&line)?)
        })
        .await
    }

    /// All persons with their certificates, revoked ones too.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn persons_with_certificates(&self) -> Result<Vec<(Person, Vec<PersonCertificate>)>, Failure> {
        let read = |reading: &mut dyn Reading| {
            let mut all = Vec::new();
            for person in reading.persons()? {
                let certificates = reading.person_certificates(person.id)?;
                all.push((person, certificates));
            }
            Ok::<_, Failure>(all)
        };
        self.exchange.inner.store.read(read).await
    }
}
