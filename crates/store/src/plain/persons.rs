//! Persons and their certificates.

use jiff::Timestamp;
use onboarding::{ClientId, PersonId, PersonRecord, Roles};

use super::executor::{Executor, plain_statements, values};
use crate::codec::{Columns, day, micros};
use crate::{Fingerprint, IssuedCertificate, Person, PersonCertificate, ReadPersons, StoreError, WritePersons};

/// A person, as [`read_person`] reads it.
macro_rules! person_columns {
    () => {
        "id, client, name, email, roles, valid_from, valid_until, ended_at"
    };
}

/// A certificate of a person, as [`read_person_certificate`] reads it.
macro_rules! person_certificate_columns {
    () => {
        "fingerprint, person, serial, not_before, not_after, revoked_at, authority"
    };
}

pub(crate) use {person_certificate_columns, person_columns};

plain_statements! {
    const PERSONS = ("SELECT ", person_columns!(), " FROM person ORDER BY id");
    const PERSON = ("SELECT ", person_columns!(), " FROM person WHERE id = $1"; first " FOR SHARE", again " FOR SHARE");
    const CERTIFICATES = ("SELECT ", person_certificate_columns!(), " FROM person_certificate WHERE person = $1
        ORDER BY not_after DESC, fingerprint");
    const ISSUED = ("SELECT i.fingerprint, c.serial, c.authority, i.der, i.request, i.issued_at FROM issued_to_person i
        JOIN person_certificate c ON c.fingerprint = i.fingerprint WHERE i.fingerprint = $1");
    const INSERT_ISSUED = ("INSERT INTO issued_to_person (fingerprint, der, request, issued_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING");
    const CERTIFICATES_END =
        ("SELECT person, max(not_after) FROM person_certificate WHERE revoked_at IS NULL GROUP BY person ORDER BY person");
    const CERTIFICATE = ("SELECT ", person_certificate_columns!(), " FROM person_certificate
        WHERE fingerprint = $1"; first " FOR SHARE", again " FOR SHARE");
    /// Each act of an operator shares a lock of the operator's row, so changes of operators have a lock of their own.
    const LOCK_OPERATORS = (
        sqlite: ["SELECT 1"],
        postgres: ["SELECT 1::bigint FROM (SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.operators'))) l"],
    );
    const INSERT_PERSON = ("INSERT INTO person (client, name, email, roles, valid_from, valid_until)
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING id");
    const UPDATE_PERSON = ("UPDATE person SET name = $2, email = $3, roles = $4, valid_from = $5, valid_until = $6, ended_at = $7
        WHERE id = $1");
    const INSERT_CERTIFICATE = ("INSERT INTO person_certificate (fingerprint, person, serial, not_before, not_after, revoked_at, authority)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING");
    const REVOKE = ("UPDATE person_certificate SET revoked_at = $2 WHERE fingerprint = $1 AND revoked_at IS NULL");
}

pub(crate) fn read_person(row: &mut Columns<'_>) -> Result<Person, StoreError> {
    let id = PersonId(row.integer()?);
    let client = row.integer_if_any()?.map(ClientId);
    let (name, email) = (row.text()?, row.text()?);
    let roles = Roles::of_bits(row.integer()?).ok_or_else(|| StoreError::Corrupt("no set of roles".to_owned()))?;
    let record = PersonRecord { client, name, email, roles, valid_from: row.date()?, valid_until: row.date()? };
    Ok(Person { id, record, ended_at: row.timestamp_if_any()? })
}

pub(crate) fn read_person_certificate(row: &mut Columns<'_>) -> Result<PersonCertificate, StoreError> {
    Ok(PersonCertificate {
        fingerprint: Fingerprint(row.digest()?),
        person: PersonId(row.integer()?),
        serial: row.text()?,
        not_before: row.timestamp()?,
        not_after: row.timestamp()?,
        revoked_at: row.timestamp_if_any()?,
        authority: row.bytes_if_any()?,
    })
}

impl<S: Executor> ReadPersons for S {
    fn persons(&mut self) -> Result<Vec<Person>, StoreError> {
        self.list(&PERSONS, values![], read_person)
    }

    fn person(&mut self, id: PersonId) -> Result<Option<Person>, StoreError> {
        self.optional(&PERSON, values![id.0], read_person)
    }

    fn person_certificates(&mut self, person: PersonId) -> Result<Vec<PersonCertificate>, StoreError> {
        self.list(&CERTIFICATES, values![person.0], read_person_certificate)
    }

    fn issued_to_person(&mut self, fingerprint: &Fingerprint) -> Result<Option<IssuedCertificate>, StoreError> {
        self.optional(&ISSUED, values![&fingerprint.0], |row| {
            Ok(IssuedCertificate {
                fingerprint: Fingerprint(row.digest()?),
                serial: row.text()?,
                authority: row.bytes_if_any()?.unwrap_or_default(),
                der: row.bytes_ref()?.to_vec(),
                request: row.digest_if_any()?,
                issued_at: row.timestamp()?,
            })
        })
    }

    fn person_certificates_end(&mut self) -> Result<Vec<(PersonId, Timestamp)>, StoreError> {
        self.list(&CERTIFICATES_END, values![], |row| Ok((PersonId(row.integer()?), row.timestamp()?)))
    }

    fn person_certificate(&mut self, fingerprint: &Fingerprint) -> Result<Option<PersonCertificate>, StoreError> {
        self.optional(&CERTIFICATE, values![&fingerprint.0], read_person_certificate)
    }
}

impl<S: Executor> WritePersons for S {
    fn lock_operators(&mut self) -> Result<(), StoreError> {
        self.optional(&LOCK_OPERATORS, values![], |row| row.integer()).map(drop)
    }

    fn insert_person(&mut self, record: &PersonRecord) -> Result<PersonId, StoreError> {
        let PersonRecord { client, name, email, roles, valid_from, valid_until } = record;
        let client = client.map(|client| client.0);
        let values = values![client, name, email, roles.bits(), day(*valid_from), day(*valid_until)];
        self.change_one(&INSERT_PERSON, values)?.map(PersonId).ok_or(StoreError::Missing("row"))
    }

    fn update_person(&mut self, person: &Person) -> Result<(), StoreError> {
        let PersonRecord { name, email, roles, valid_from, valid_until, .. } = &person.record;
        let (from, until, ended) = (day(*valid_from), day(*valid_until), person.ended_at.map(micros));
        let values = values![person.id.0, name, email, roles.bits(), from, until, ended];
        if self.change(&UPDATE_PERSON, values)? == 1 { Ok(()) } else { Err(StoreError::Missing("person")) }
    }

    fn insert_person_certificate(&mut self, certificate: &PersonCertificate) -> Result<(), StoreError> {
        let values = values![
            &certificate.fingerprint.0,
            certificate.person.0,
            &certificate.serial,
            micros(certificate.not_before),
            micros(certificate.not_after),
            certificate.revoked_at.map(micros),
            certificate.authority.as_deref(),
        ];
        let inserted = self.change(&INSERT_CERTIFICATE, values)?;
        if inserted == 1 { Ok(()) } else { Err(StoreError::Conflict("certificate".to_owned())) }
    }

    fn insert_issued_to_person(&mut self, issued: &IssuedCertificate) -> Result<(), StoreError> {
        let request = issued.request.ok_or(StoreError::Missing("request"))?;
        let values = values![&issued.fingerprint.0, issued.der.as_slice(), &request, micros(issued.issued_at)];
        let inserted = self.change(&INSERT_ISSUED, values)?;
        if inserted == 1 { Ok(()) } else { Err(StoreError::Conflict("certificate".to_owned())) }
    }

    fn revoke_person_certificate(&mut self, fingerprint: &Fingerprint, at: Timestamp) -> Result<bool, StoreError> {
        // Nobody keeps persons in memory; those who publish what is revoked learn it by the count of rights.
        self.change_rights();
        Ok(self.change(&REVOKE, values![&fingerprint.0, micros(at)])? == 1)
    }
}
