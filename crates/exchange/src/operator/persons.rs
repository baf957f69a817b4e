//! The first operators: they are there before anybody could approve an application about them. Later persons come by
//! application.

use jiff::Timestamp;
use onboarding::{Content, PersonChange, PersonId, PersonRecord, Refusal};
use rulebook::catalogue::Code;
use store::{AuditLine, DirectoryRow as _, Fingerprint, Person, PersonCertificate, StoreError};

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

    /// Revokes a certificate of a person: its next request is refused on every node, since none keeps it in memory.
    /// `false` when it was revoked before or does not exist.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn revoke_person_certificate(&self, fingerprint: Fingerprint) -> Result<bool, Failure> {
        let line = self.line("person.certificate-revoked", format!("{fingerprint} of a person"));
        self.write(move |writing| {
            let at: Timestamp = line.at;
            let revoked = writing.revoke_person_certificate(&fingerprint, at)?;
            if let Some(row) = writing.person_certificate(&fingerprint)?.filter(|_| revoked) {
                let detail = format!("{} {}", line.detail, row.stated());
                writing.append_audit(&AuditLine { detail, ..line.clone() })?;
            }
            Ok(revoked)
        })
        .await
    }
}
