//! A certificate of another house's authority, let in by its fingerprint.
//!
//! The application names the fingerprint, so two operators have approved this very certificate. An operator who did not enter it hands
//! in the certificate itself, which tells who signed it and for how long it holds. It needs no proof of possession: without the key it
//! opens nothing in TLS.

use onboarding::{Actor, Application, ApplicationId, Content, Enrolment, OnlineUserId, Refusal, Role, State};
use pki::CertificateInfo;
use rulebook::catalogue::Code;
use store::{
    ApplicationStep, AuditLine, Certificate, DirectoryRow as _, Fingerprint, OutsideCertificate, Reading, StoreError,
    Writing,
};

use super::staff::Staff;
use crate::access::outside::OutsideAuthority;
use crate::bounds::{CERTIFICATES_OVERLAP_MAX, OUTSIDE_LIST_EARLY_MAX};
use crate::certificates::issue::CertificateChain;
use crate::{Exchange, Failure};

impl Exchange {
    /// Gives the certificate that an application in force allows: a person's, for a request; or lets an online user's certificate of
    /// another house's authority in, which is handed in itself.
    ///
    /// # Errors
    /// As [`Exchange::certify_person`]; when the certificate is not the approved one, or its authority or list does not allow it.
    pub async fn certify_by_application(
        &self,
        staff: &Staff,
        id: ApplicationId,
        handed_in: &[u8],
    ) -> Result<CertificateChain, Failure> {
        let read = move |reading: &mut dyn Reading| Ok::<_, Failure>(reading.application(id)?);
        let application = self.inner.store.read(read).await?;
        match application.as_ref().and_then(approved) {
            Some(_) => self.let_in_outside_certificate(staff, id, handed_in).await,
            None => self.certify_person(staff, id, handed_in).await,
        }
    }

    async fn let_in_outside_certificate(
        &self,
        staff: &Staff,
        id: ApplicationId,
        handed_in: &[u8],
    ) -> Result<CertificateChain, Failure> {
        let (authority, info, pem) = self.outside_certificate(handed_in)?;
        let chain = CertificateChain { pem, not_after: info.not_after };
        let (staff, moment) = (staff.clone(), self.moment());
        let person = staff.person().id;
        let line = self.audit_line(&format!("person {person}"), "certificate.outside-enrolled", "");
        let line = AuditLine { at: moment.at, ..line };
        let job = move |writing: &mut dyn Writing| {
            let actor = staff.actor(writing, moment)?;
            let user = allowed(writing, id, &actor, Fingerprint(info.fingerprint))?;
            is_not_listed(writing, &authority, &info, line.at)?;
            // They would not ask for the list.
            if !writing.keep_out_older_nodes()? {
                return Err(Failure::new(Code::OlderNodesServe));
            }
            writing.lock_registration(user)?;
            let in_force = writing.certificates(user)?;
            let in_force = in_force.iter().filter(|one| one.revoked_at.is_none() && one.not_after > line.at).count();
            if in_force >= CERTIFICATES_OVERLAP_MAX {
                return Err(Failure::new(Code::TooManyCertificates).with_detail(in_force.to_string()));
            }
            let row = Certificate {
                fingerprint: Fingerprint(info.fingerprint),
                user,
                serial: info.serial.clone(),
                not_before: info.not_before,
                not_after: info.not_after,
                revoked_at: None,
            };
            if writing.person_certificate(&row.fingerprint)?.is_some() {
                return Err(refused("it is a person's"));
            }
            let taken = |error| match error {
                StoreError::Conflict(_) => refused("it, or one with its serial number, is known already"),
                error => error.into(),
            };
            writing.insert_certificate(&row).map_err(taken)?;
            let outside = OutsideCertificate {
                fingerprint: row.fingerprint,
                authority: authority.key_identifier.clone(),
                serial: info.serial.clone(),
                application: id,
            };
            writing.insert_outside_certificate(&outside).map_err(taken)?;
            let (fingerprint, ends, trace) = (row.fingerprint, row.not_after, staff.trace());
            let detail = format!(
                "{fingerprint} of online user {user} until {ends} authority {:?} application {id} {trace} {}",
                authority.name,
                row.stated()
            );
            writing.append_audit(&AuditLine { detail, ..line.clone() })?;
            let step = ApplicationStep {
                at: line.at,
                person: Some(person),
                step: "certificate-enrolled".to_owned(),
                detail: fingerprint.to_string(),
            };
            Ok(writing.add_application_step(id, &step)?)
        };
        self.inner.store.write::<_, Failure, _>(job).await?;
        Ok(chain)
    }

    /// The certificate that was handed in, and the configured authority that signed it.
    fn outside_certificate(&self, handed_in: &[u8]) -> Result<(OutsideAuthority, CertificateInfo, String), Failure> {
        let der = pki::client_certificate_der(handed_in).map_err(|error| refused(&error.to_string()))?;
        let mut why = "no authority that is configured (authority.outside) has signed it".to_owned();
        for authority in self.outside_authorities() {
            match pki::check_client_certificate(&der, &authority.certificate) {
                Ok(info) => return Ok((authority, info, pki::certificate_pem(&der))),
                Err(pki::PkiError::IssuedByAnother) => {}
                Err(error) => why = error.to_string(),
            }
        }
        Err(refused(&why))
    }
}

fn refused(why: &str) -> Failure {
    Failure::new(Code::OutsideCertificateRefused).with_detail(why)
}

/// The fingerprint that an application asks to let in.
fn approved(application: &Application) -> Option<[u8; 32]> {
    match application.content() {
        Content::NewCertificate(wanted) => match wanted.enrolment {
            Enrolment::Outside(fingerprint) => Some(fingerprint),
            Enrolment::Request | Enrolment::KeyStore => None,
        },
        _ => None,
    }
}

/// The online user for whom an application allows this certificate, if the operator may hand it in.
fn allowed(
    writing: &mut dyn Writing,
    id: ApplicationId,
    actor: &Actor,
    handed_in: Fingerprint,
) -> Result<OnlineUserId, Failure> {
    let unknown = || Failure::new(Code::NotFound).with_detail(format!("application {id}"));
    let application = writing.application(id)?.ok_or_else(unknown)?;
    if !actor.is_operator(&[Role::Clerk, Role::Approver]) {
        return Err(Refusal::Role(Role::Approver).into());
    }
    if application.parts().entered.by == actor.person {
        return Err(Refusal::EnteredByActor.into());
    }
    if application.state() != State::InForce {
        return Err(Refusal::State(application.state(), &[State::InForce]).into());
    }
    if approved(&application) != Some(handed_in.0) {
        return Err(refused(&format!("the application is about another one; this one is {handed_in}")));
    }
    Ok(application.parts().online_user.ok_or(Refusal::NothingToChange)?)
}

/// A list of the authority is in force at this moment, and does not name the certificate.
fn is_not_listed(
    writing: &mut dyn Writing,
    authority: &OutsideAuthority,
    info: &CertificateInfo,
    now: jiff::Timestamp,
) -> Result<(), Failure> {
    let missing = || refused(&format!("there is no revocation list of {:?} that is in force", authority.name));
    let newest = writing.revocation_list(&authority.key_identifier)?.ok_or_else(missing)?;
    let list = pki::read_outside_list(&newest.der, &authority.certificate).map_err(|_| missing())?;
    if list.next_update < now || list.this_update.duration_since(now) > OUTSIDE_LIST_EARLY_MAX {
        return Err(missing());
    }
    if list.revoked.iter().any(|one| one.serial == info.serial) {
        return Err(refused("the list of its authority names it"));
    }
    if now > info.not_after { Err(refused("it has ended")) } else { Ok(()) }
}
