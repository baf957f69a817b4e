//! The certificate of a person: signed for the request that the person brings, so the key never leaves the person.
//!
//! The application that made or changed the person bounds it, as it bounds the code of an online user, by two rules. Who entered the
//! application hands in no request: otherwise one operator could invent a person, take its certificate, and approve what he entered
//! himself. And an application allows one certificate: otherwise the operator who did not enter it could take another one in that
//! person's name whenever he liked, without anybody's knowledge, and be two people. So each further certificate takes an application
//! of its own, which may leave the person as it is. The same request gets the same certificate again: an answer may be lost after the
//! certificate was let in.

use onboarding::{Actor, ApplicationId, Moment, PersonId, Refusal, Role, State};
use pki::{Holder, Subject};
use rulebook::Language;
use rulebook::catalogue::Code;
use store::{
    ApplicationStep, AuditLine, DirectoryRow as _, Fingerprint, IssuedCertificate, Person, PersonCertificate, Reading,
    Writing,
};

use super::effect::person_of;
use super::enrolment::{allows_no_certificate, certificate_of_own_entry};
use super::reasons::unknown_application;
use super::staff::Staff;
use crate::bounds::CERTIFICATES_OVERLAP_MAX;
use crate::certificates::issue::{CertificateChain, read_request, shortened};
use crate::{Exchange, Failure};

impl Exchange {
    /// Issues a certificate to the person of an application in force. The same request gets the same certificate again while that is valid.
    ///
    /// # Errors
    /// When the request is not accepted, the application is about no person, not in force or used for another request, two
    /// certificates are valid, the operator entered the application or lacks the role, or this node issues no certificates.
    pub async fn certify_person(
        &self,
        staff: &Staff,
        id: ApplicationId,
        request: &[u8],
    ) -> Result<CertificateChain, Failure> {
        match self.certify_by(staff, id, request).await {
            Err(failure) => Err(self.noted(staff, format!("application {id} certificate"), failure).await),
            certified => certified,
        }
    }

    async fn certify_by(&self, staff: &Staff, id: ApplicationId, request: &[u8]) -> Result<CertificateChain, Failure> {
        self.issuing()?;
        let request = read_request(request)?;
        let digest = request.digest();
        let (staff, moment) = (staff.clone(), self.moment());
        let (actor, reader) = (staff.person().id, staff.clone());
        let read = move |reading: &mut dyn Reading| {
            let acting = reader.actor(reading, moment)?;
            let person = match certified(reading, id, &acting, &digest, moment)? {
                Certified::Before(issued) => return Ok(Err(issued)),
                Certified::Now(person) => person,
            };
            let clients = reading.clients()?;
            let client = clients.into_iter().find(|client| Some(client.id) == person.record.client);
            Ok(Ok((person, client.map(|client| client.name))))
        };
        let (person, client) = match self.inner.store.read::<_, Failure, _>(read).await? {
            Ok(found) => found,
            Err(before) => return self.issued_chain(&before),
        };
        let organisation = client.unwrap_or_else(|| self.house_name(Language::Latvian).to_owned());
        let subject = Subject::new(shortened(&person.record.name)).of(shortened(&organisation));
        let subject = subject.held_by(Holder::Person(person.id.0));
        // Signed before the transaction: a key in a module may take its time. What is not let in opens nothing.
        let issued = self.certify_for(&request, &subject, person.record.valid_until)?;
        let der = pki::certificate_der(&issued.certificate_pem).map_err(|error| Failure::unexpected(error))?;
        let row = IssuedCertificate {
            fingerprint: Fingerprint(issued.info.fingerprint),
            serial: issued.info.serial.clone(),
            authority: issued.info.authority_key_identifier.clone(),
            der,
            request: Some(digest),
            issued_at: moment.at,
        };
        let certificate = PersonCertificate {
            fingerprint: Fingerprint(issued.info.fingerprint),
            person: person.id,
            serial: issued.info.serial.clone(),
            not_before: issued.info.not_before,
            not_after: issued.info.not_after,
            revoked_at: None,
            authority: Some(issued.info.authority_key_identifier.clone()),
        };
        let line = self.audit_line(&format!("person {actor}"), "person.certificate-issued", "");
        let line = AuditLine { at: moment.at, ..line };
        let job = move |writing: &mut dyn Writing| {
            writing.lock_operators()?;
            let acting = staff.actor(writing, moment)?;
            match certified(writing, id, &acting, &digest, moment)? {
                // The same request came twice at once.
                Certified::Before(issued) => return Ok(issued),
                Certified::Now(now) if now != person => return Err(Refusal::BaseMoved.into()),
                Certified::Now(_) => {}
            }
            let valid = writing.person_certificates(person.id)?;
            let valid = valid.iter().filter(|one| one.revoked_at.is_none() && one.not_after > line.at).count();
            if valid >= CERTIFICATES_OVERLAP_MAX {
                return Err(Failure::new(Code::TooManyCertificates).with_detail(valid.to_string()));
            }
            writing.insert_person_certificate(&certificate)?;
            writing.insert_issued_to_person(&row)?;
            let (fingerprint, serial, trace) = (certificate.fingerprint, &certificate.serial, staff.trace());
            let stated = certificate.stated();
            let detail =
                format!("{fingerprint} of person {} serial {serial} application {id} {trace} {stated}", person.id);
            writing.append_audit(&AuditLine { detail, ..line.clone() })?;
            let step = ApplicationStep {
                at: line.at,
                person: Some(actor),
                step: ISSUED.to_owned(),
                detail: fingerprint.to_string(),
            };
            writing.add_application_step(id, &step)?;
            Ok(row.clone())
        };
        self.issued_chain(&self.inner.store.write::<_, Failure, _>(job).await?)
    }
}

/// The step of a certificate that was issued; its detail is the fingerprint.
const ISSUED: &str = "certificate-issued";

/// What an application allows for a request.
enum Certified {
    /// A certificate for this person.
    Now(Person),
    /// The one that was issued for the same request before.
    Before(IssuedCertificate),
}

/// What an application allows for a request, if the operator may hand it in.
fn certified(
    reading: &mut dyn Reading,
    id: ApplicationId,
    actor: &Actor,
    request: &[u8; 32],
    moment: Moment,
) -> Result<Certified, Failure> {
    let application = reading.application(id)?.ok_or_else(|| unknown_application(id))?;
    if !actor.is_operator(&[Role::Clerk, Role::Approver]) {
        return Err(Refusal::Role(Role::Approver).into());
    }
    if application.parts().entered.by == actor.person {
        return Err(certificate_of_own_entry());
    }
    if application.state() != State::InForce {
        return Err(Refusal::State(application.state(), &[State::InForce]).into());
    }
    let steps = reading.application_steps(application.id())?;
    let person = person_about(reading, &steps)?;
    if person.id == actor.person {
        return Err(Refusal::AboutActor.into());
    }
    let Some(step) = steps.into_iter().find(|step| step.step == ISSUED) else { return Ok(Certified::Now(person)) };
    let certificates = reading.person_certificates(person.id)?;
    let known = certificates.into_iter().find(|one| one.fingerprint.to_string() == step.detail);
    let valid = known.filter(|one| one.revoked_at.is_none() && one.not_after > moment.at);
    let issued = valid.map(|one| reading.issued_to_person(&one.fingerprint)).transpose()?.flatten();
    match issued.filter(|issued| issued.request.as_ref() == Some(request)) {
        Some(issued) => Ok(Certified::Before(issued)),
        None => Err(Failure::new(Code::CertificateOfApplicationIssued).with_detail(step.detail)),
    }
}

fn person_about(reading: &mut dyn Reading, steps: &[ApplicationStep]) -> Result<Person, Failure> {
    let id: PersonId = person_of(steps).ok_or_else(allows_no_certificate)?;
    let person = reading.person(id)?.ok_or(Refusal::NothingToChange)?;
    if person.ended_at.is_some() { Err(Refusal::NothingToChange.into()) } else { Ok(person) }
}
