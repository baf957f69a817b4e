//! The certificate of a person: signed for the request that the person brings, so the key never leaves the person.
//!
//! The application that made or changed the person bounds it, as it bounds the code of an online user, by two rules. Who entered the
//! application hands in no request: otherwise one operator could invent a person, take its certificate, and approve what he entered
//! himself. And an application allows one certificate: otherwise the operator who did not enter it could take another one in that
//! person's name whenever he liked, without anybody's knowledge, and be two people. So each further certificate takes an application
//! of its own, which may leave the person as it is.

use onboarding::{Actor, ApplicationId, PersonId, Refusal, Role, State};
use pki::{Holder, Subject};
use rulebook::Language;
use rulebook::catalogue::Code;
use store::{ApplicationStep, AuditLine, DirectoryRow as _, Fingerprint, Person, PersonCertificate, Reading, Writing};

use super::effect::person_of;
use super::enrolment::{allows_no_certificate, certificate_of_own_entry};
use super::reasons::unknown_application;
use super::staff::Staff;
use crate::bounds::CERTIFICATES_OVERLAP_MAX;
use crate::certificates::issue::{CertificateChain, read_request, shortened};
use crate::{Exchange, Failure};

impl Exchange {
    /// Issues a certificate to the person of an application in force.
    ///
    /// # Errors
    /// When the request is not accepted, the application is about no person, not in force or used for a certificate, two
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
        let (staff, moment) = (staff.clone(), self.moment());
        let (actor, reader) = (staff.person().id, staff.clone());
        let read = move |reading: &mut dyn Reading| {
            let acting = reader.actor(reading, moment)?;
            let person = certified(reading, id, &acting)?;
            let clients = reading.clients()?;
            let client = clients.into_iter().find(|client| Some(client.id) == person.record.client);
            Ok((person, client.map(|client| client.name)))
        };
        let (person, client) = self.inner.store.read::<_, Failure, _>(read).await?;
        let organisation = client.unwrap_or_else(|| self.house_name(Language::Latvian).to_owned());
        let subject = Subject::new(shortened(&person.record.name)).of(shortened(&organisation));
        let subject = subject.held_by(Holder::Person(person.id.0));
        // Signed before the transaction: a key in a module may take its time. What is not let in opens nothing.
        let issued = self.certify_for(&request, &subject, person.record.valid_until)?;
        let chain = CertificateChain { pem: issued.chain_pem.clone(), not_after: issued.info.not_after };
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
            if certified(writing, id, &acting)? != person {
                return Err(Refusal::BaseMoved.into());
            }
            let valid = writing.person_certificates(person.id)?;
            let valid = valid.iter().filter(|one| one.revoked_at.is_none() && one.not_after > line.at).count();
            if valid >= CERTIFICATES_OVERLAP_MAX {
                return Err(Failure::new(Code::TooManyCertificates).with_detail(valid.to_string()));
            }
            writing.insert_person_certificate(&certificate)?;
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
            Ok(writing.add_application_step(id, &step)?)
        };
        self.inner.store.write::<_, Failure, _>(job).await?;
        Ok(chain)
    }
}

/// The step of a certificate that was issued; its detail is the fingerprint.
const ISSUED: &str = "certificate-issued";

/// The person for whom an application allows a certificate, if the operator may hand in the request.
fn certified(reading: &mut dyn Reading, id: ApplicationId, actor: &Actor) -> Result<Person, Failure> {
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
    match steps.into_iter().find(|step| step.step == ISSUED) {
        Some(issued) => Err(Failure::new(Code::CertificateOfApplicationIssued).with_detail(issued.detail)),
        None => Ok(person),
    }
}

fn person_about(reading: &mut dyn Reading, steps: &[ApplicationStep]) -> Result<Person, Failure> {
    let id: PersonId = person_of(steps).ok_or_else(allows_no_certificate)?;
    let person = reading.person(id)?.ok_or(Refusal::NothingToChange)?;
    if person.ended_at.is_some() { Err(Refusal::NothingToChange.into()) } else { Ok(person) }
}
