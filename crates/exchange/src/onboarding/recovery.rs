//! The way back when no operators are left who can decide: their certificates have ended, or were revoked.
//!
//! It begins on the machine itself, at the local socket or beside a store that nobody serves, by two operators whom the exchange knows.
//! A user with that shell could change the rows by hand before; what this adds is that he needs no knowledge of them. So four rules hold:
//! it works only while nobody can decide, and outside sandboxes only after that has been so for [`RECOVERY_WAIT_HOURS`], so that nobody
//! revokes the operators' certificates and takes their place within minutes; not by a clock in doubt, which would end certificates early;
//! each of the two brings a new key of his own; and what they get is over after [`RECOVERED_DAYS`], by when applications have to follow.
//!
//! A revocation counts from when the audit chain learned of it ([`Learned`]), not from its own moment: a list that is brought to a restored
//! exchange dates it back, and so does a clock that is set back for it.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use onboarding::{Moment, PersonId};
use pki::{CertificateRequest, Holder, Reason, Subject};
use rulebook::Language;
use rulebook::catalogue::Code;
use store::{
    AuditLine, DirectoryRow as _, Fingerprint, IssuedCertificate, Person, PersonCertificate, Reading, StoreError,
    Writing,
};

use super::operators_left::{too_few, who_decides};
use crate::bounds::{AUDIT_LINES_AT_A_TIME, FIRST_OPERATORS, RECOVERED_DAYS, RECOVERY_WAIT_HOURS};
use crate::certificates::issue::{CertificateChain, read_request, shortened};
use crate::certificates::revocation::PERSON_CERTIFICATE_REVOKED;
use crate::clock::watch::ClockWatch;
use crate::{Failure, Operator, local_time};

/// An operator who comes back, with what was signed for the key of its request.
#[derive(Clone)]
struct Recovered {
    person: PersonId,
    /// The registration holds at least until this day.
    until: Date,
    issued: IssuedCertificate,
    certificate: PersonCertificate,
}

impl Operator {
    /// Gives operators certificates again when nobody is left who can decide. The same requests get the same certificates again.
    ///
    /// # Errors
    /// When operators can decide, or could not long ago; there are not two different ones with different keys who can decide together; one
    /// is unknown, ended or not registered yet; a request is not accepted; the clock is in doubt; or this node issues no certificates.
    pub async fn recover_operators(
        &self,
        requests: Vec<(PersonId, Vec<u8>)>,
    ) -> Result<Vec<(PersonId, CertificateChain)>, Failure> {
        let exchange = self.exchange();
        exchange.issuing()?;
        let moment = exchange.moment();
        let mut wanted = Vec::with_capacity(requests.len());
        for (person, request) in requests {
            wanted.push((person, read_request(&request)?));
        }
        let digests: Vec<(PersonId, [u8; 32])> = wanted.iter().map(|(id, request)| (*id, request.digest())).collect();
        let known = digests.clone();
        let watch = exchange.inner.clock_watch.clone();
        let read = move |reading: &mut dyn Reading| {
            check_count(&known, watch.look(reading)?.is_sandbox())?;
            let before = issued_before(reading, &known, moment)?;
            let persons: Result<Vec<Person>, Failure> =
                known.iter().map(|(id, _)| operator(reading, *id, moment)).collect();
            let mut learned = Learned::default();
            learned.read_on(reading)?;
            Ok::<_, Failure>((before, persons?, learned))
        };
        let (before, persons, learned) = exchange.inner.store.read(read).await?;
        let issued = match before {
            Some(issued) => issued,
            None => {
                let signed = self.signed(persons, &wanted, moment)?;
                let (line, watch) = (self.line("person.recovered", ""), exchange.inner.clock_watch.clone());
                let line = AuditLine { at: moment.at, ..line };
                self.write(move |writing| let_in(writing, &signed, &digests, &watch, &line, learned, moment)).await?
            }
        };
        tracing::warn!(operators = issued.len(), "operators came back by the local way: docs/operators/authorities.md");
        issued.iter().map(|(id, issued)| Ok((*id, exchange.issued_chain(issued)?))).collect()
    }

    /// Signed before the transaction, as every certificate.
    fn signed(
        &self,
        persons: Vec<Person>,
        requests: &[(PersonId, CertificateRequest)],
        moment: Moment,
    ) -> Result<Vec<Recovered>, Failure> {
        let exchange = self.exchange();
        let house = exchange.house_name(Language::Latvian).to_owned();
        let until = moment.today.saturating_add(RECOVERED_DAYS.days());
        let mut all = Vec::with_capacity(persons.len());
        for (person, (_, request)) in persons.into_iter().zip(requests) {
            let subject = Subject::new(shortened(&person.record.name)).of(shortened(&house));
            let signed = exchange.certify_for(request, &subject.held_by(Holder::Person(person.id.0)), until)?;
            let der = pki::certificate_der(&signed.certificate_pem).map_err(|error| Failure::unexpected(error))?;
            let info = signed.info;
            let certificate = PersonCertificate {
                fingerprint: Fingerprint(info.fingerprint),
                person: person.id,
                serial: info.serial.clone(),
                not_before: info.not_before,
                not_after: info.not_after,
                revoked_at: None,
                authority: Some(info.authority_key_identifier.clone()),
            };
            let issued = IssuedCertificate {
                fingerprint: certificate.fingerprint,
                serial: info.serial,
                authority: info.authority_key_identifier,
                der,
                request: Some(request.digest()),
                issued_at: moment.at,
            };
            all.push(Recovered { person: person.id, until, issued, certificate });
        }
        Ok(all)
    }
}

/// Two of them outside sandboxes, each once.
fn check_count(wanted: &[(PersonId, [u8; 32])], is_sandbox: bool) -> Result<(), Failure> {
    let mut ids: Vec<PersonId> = wanted.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    let enough = if is_sandbox { 1..=FIRST_OPERATORS } else { FIRST_OPERATORS..=FIRST_OPERATORS };
    if ids.len() == wanted.len() && enough.contains(&ids.len()) {
        return Ok(());
    }
    Err(parameter_wrong("operator").with_expected(FIRST_OPERATORS.to_string()))
}

/// An operator who may come back. Its days may be over: the recovery gives it new ones.
fn operator(reading: &mut dyn Reading, id: PersonId, moment: Moment) -> Result<Person, Failure> {
    let unknown = || Failure::new(Code::NotFound).with_detail(format!("operator {id}"));
    let person = reading.person(id)?.filter(|person| person.record.client.is_none()).ok_or_else(unknown)?;
    if person.ended_at.is_some() || moment.today < person.record.valid_from {
        return Err(Failure::new(Code::PersonNotRegistered));
    }
    Ok(person)
}

type IssuedTo = Vec<(PersonId, IssuedCertificate)>;

/// What these requests got before, if all of them got something that is still valid: the answer was lost.
fn issued_before(
    reading: &mut dyn Reading,
    requests: &[(PersonId, [u8; 32])],
    moment: Moment,
) -> Result<Option<IssuedTo>, Failure> {
    let mut all = Vec::with_capacity(requests.len());
    for (person, digest) in requests {
        let mut found = None;
        for one in reading.person_certificates(*person)? {
            if one.revoked_at.is_none() && moment.at < one.not_after {
                let issued = reading.issued_to_person(&one.fingerprint)?;
                found = found.or(issued.filter(|issued| issued.request.as_ref() == Some(digest)));
            }
        }
        let Some(found) = found else { return Ok(None) };
        all.push((*person, found));
    }
    Ok(Some(all))
}

fn let_in(
    writing: &mut dyn Writing,
    recovered: &[Recovered],
    digests: &[(PersonId, [u8; 32])],
    watch: &ClockWatch,
    line: &AuditLine,
    mut learned: Learned,
    moment: Moment,
) -> Result<IssuedTo, Failure> {
    writing.lock_operators()?;
    if let Some(before) = issued_before(writing, digests, moment)? {
        return Ok(before);
    }
    let clocks = watch.look(writing)?;
    let is_sandbox = clocks.is_sandbox();
    if let Some(doubt) = clocks.verdict.doubt {
        return Err(Failure::new(Code::ClockInDoubt).with_detail(doubt.to_string()));
    }
    nobody_decides(writing, is_sandbox, moment)?;
    different_keys(recovered)?;
    new_keys(writing, recovered)?;
    for Recovered { person: id, until, issued, certificate } in recovered {
        let mut row = operator(writing, *id, moment)?;
        let was = row.record.valid_until;
        if was < *until {
            row.record.valid_until = *until;
            writing.update_person(&row)?;
        }
        writing.insert_person_certificate(certificate).map_err(|error| match error {
            StoreError::Conflict(_) => Failure::new(Code::CertificateRequestUsed),
            error => error.into(),
        })?;
        writing.insert_issued_to_person(issued)?;
        let (until, fingerprint) = (row.record.valid_until, issued.fingerprint);
        let detail = format!(
            "person {id} certificate {fingerprint} until {} registered until {until} was {was} {} {}",
            certificate.not_after,
            certificate.stated(),
            row.stated()
        );
        writing.append_audit(&AuditLine { detail, ..line.clone() })?;
    }
    if !is_sandbox && who_decides(writing, moment, moment)?.is_empty() {
        return Err(too_few(writing, moment)?);
    }
    // Last, since it locks the sequencer of the chain.
    learned.read_on(writing)?;
    if !is_sandbox {
        learned.long_ago(moment.at)?;
    }
    Ok(recovered.iter().map(|one| (one.person, one.issued.clone())).collect())
}

/// Refuses while operators can decide, and outside sandboxes for a while after.
fn nobody_decides(reading: &mut dyn Reading, is_sandbox: bool, now: Moment) -> Result<(), Failure> {
    let hours = if is_sandbox { 0 } else { RECOVERY_WAIT_HOURS };
    let at = now.at.saturating_sub(SignedDuration::from_hours(hours)).unwrap_or(now.at);
    let who = who_decides(reading, Moment { at, today: local_time(at).date() }, now)?;
    if who.is_empty() {
        return Ok(());
    }
    let who: Vec<String> = who.iter().map(ToString::to_string).collect();
    Err(Failure::new(Code::OperatorsCanDecide).with_detail(who.join(", ")))
}

/// When the audit chain learned last that a certificate of a person was revoked: the latest moment that any line up to that one bears.
#[derive(Debug, Clone, Copy, Default)]
struct Learned {
    /// The last line that was read.
    read: i64,
    latest: Option<Timestamp>,
    revoked: Option<Timestamp>,
}

impl Learned {
    fn read_on<R: Reading + ?Sized>(&mut self, reading: &mut R) -> Result<(), StoreError> {
        loop {
            let lines = reading.audit(self.read.saturating_add(1), AUDIT_LINES_AT_A_TIME)?;
            let Some(last) = lines.last() else { return Ok(()) };
            self.read = last.sequence;
            for line in &lines {
                self.latest = self.latest.max(Some(line.line.at));
                if line.line.action == PERSON_CERTIFICATE_REVOKED {
                    self.revoked = self.latest;
                }
            }
        }
    }

    fn long_ago(self, now: Timestamp) -> Result<(), Failure> {
        let wait = SignedDuration::from_hours(RECOVERY_WAIT_HOURS);
        match self.revoked {
            Some(at) if now.duration_since(at) < wait => {
                Err(Failure::new(Code::OperatorsCanDecide).with_detail(at.to_string()))
            }
            _ => Ok(()),
        }
    }
}

/// A key that an operator had before may be the one that was stolen.
fn new_keys(reading: &mut dyn Writing, recovered: &[Recovered]) -> Result<(), Failure> {
    let mut known = reading.certificates_revoked_for(Reason::KeyCompromise.code())?;
    for person in reading.persons()?.into_iter().filter(|person| person.record.client.is_none()) {
        for certificate in reading.person_certificates(person.id)? {
            known.extend(reading.issued_to_person(&certificate.fingerprint)?.map(|issued| issued.der));
        }
    }
    for one in recovered {
        for known in &known {
            if pki::have_same_key(&one.issued.der, known).map_err(|error| Failure::unexpected(error))? {
                return Err(Failure::new(Code::KeyCompromised));
            }
        }
    }
    Ok(())
}

/// Two operators with one key would be one.
fn different_keys(recovered: &[Recovered]) -> Result<(), Failure> {
    let [one, other] = recovered else { return Ok(()) };
    let is_same = pki::have_same_key(&one.issued.der, &other.issued.der).map_err(|error| Failure::unexpected(error))?;
    if is_same { Err(parameter_wrong("request")) } else { Ok(()) }
}

fn parameter_wrong(which: &str) -> Failure {
    Failure::new(Code::RequestParameterInvalid).with_detail(which)
}
