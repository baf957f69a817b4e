//! From an application in force to the certificate that it allows.
//!
//! The code reaches the contact person and nobody else by three rules: the exchange shows it once, to the operator who asks; who
//! entered the application gets none, so nobody invents an online user and takes its certificate; and the answer names the contact
//! person as the application that was approved has it. The store keeps a hash. A further code ends the one before, and there is
//! none once a code of the application was used.

use onboarding::{Actor, Application, ApplicationId, Contact, Content, Enrolment, OnlineUserId, Refusal, Role, State};
use pki::EnrolmentSecret;
use rulebook::catalogue::{Code, Fault};
use store::{ApplicationStep, AuditLine, EnrolmentKind, Writing};

use super::reasons::unknown_application;
use super::staff::Staff;
use crate::certificates::enrolment_code::{NewEnrolmentCode, insert_code};
use crate::{Exchange, Failure};

/// The step of a code that was made; its detail is the part of the code that finds it.
const CODE_MADE: &str = "enrolment-code-made";

/// A code, and the person who is to have it.
#[derive(Clone, Debug)]
pub struct CodeForContact {
    /// The code.
    pub code: NewEnrolmentCode,
    /// The contact person.
    pub contact: Contact,
}

impl Exchange {
    /// Makes the code for the certificate that an application in force allows.
    ///
    /// # Errors
    /// When the application allows none, is not in force or has been used for one; when the person entered it or lacks the role.
    pub async fn make_code_of_application(
        &self,
        staff: &Staff,
        id: ApplicationId,
        kind: Option<EnrolmentKind>,
    ) -> Result<CodeForContact, Failure> {
        let code = EnrolmentSecret::generate().map_err(|error| Failure::unexpected(error))?;
        let (by, staff, moment) = (staff, staff.clone(), self.moment());
        let person = staff.person().id;
        let detail = format!("application {id} {}", staff.trace());
        let line = self.audit_line(&format!("person {person}"), "enrolment.code-made", detail);
        let line = AuditLine { at: moment.at, ..line };
        let job = move |writing: &mut dyn Writing| {
            let actor = staff.actor(writing, moment)?;
            let application = writing.application(id)?.ok_or_else(|| unknown_application(id))?;
            let (user, kind) = allowed(&application, &actor, kind)?;
            // As those who enrol do: first the registration, then its codes.
            writing.lock_registration(user)?;
            for step in writing.application_steps(id)?.iter().filter(|step| step.step == CODE_MADE) {
                if writing.enrolment_code(&step.detail)?.is_some_and(|code| code.certificate.is_some()) {
                    return Err(Failure::new(Code::PickUpCodeUsed).with_fault(Fault::CodeUsed));
                }
            }
            let made = insert_code(writing, &code, user, kind, &line)?;
            let step = ApplicationStep {
                at: line.at,
                person: Some(person),
                step: CODE_MADE.to_owned(),
                detail: code.selector().to_owned(),
            };
            writing.add_application_step(id, &step)?;
            Ok(CodeForContact { code: made, contact: writing.contact(user)?.unwrap_or_default() })
        };
        match self.inner.store.write::<_, Failure, _>(job).await {
            Err(failure) => Err(self.noted(by, format!("application {id} code"), failure).await),
            made => made,
        }
    }
}

pub(super) fn allows_no_certificate() -> Failure {
    Failure::new(Code::ApplicationContentInvalid).with_fault(Fault::AllowsNoCertificate)
}

pub(super) fn certificate_of_own_entry() -> Failure {
    Failure::new(Code::FourEyes).with_fault(Fault::CertificateOfYourEntry)
}

/// The online user whose certificate an application allows, and in which way.
fn allowed(
    application: &Application,
    actor: &Actor,
    wanted: Option<EnrolmentKind>,
) -> Result<(OnlineUserId, EnrolmentKind), Failure> {
    if !actor.is_operator(&[Role::Clerk, Role::Approver]) {
        return Err(Refusal::Role(Role::Approver).into());
    }
    let applied_for = match application.content() {
        Content::NewOnlineUser(_) => None,
        Content::NewCertificate(wanted) => Some(wanted.enrolment),
        _ => return Err(allows_no_certificate()),
    };
    if application.parts().entered.by == actor.person {
        return Err(certificate_of_own_entry());
    }
    if application.state() != State::InForce {
        return Err(Refusal::State(application.state(), &[State::InForce]).into());
    }
    let user = application.parts().online_user.ok_or_else(allows_no_certificate)?;
    let kind = match (applied_for, wanted) {
        (None, wanted) => wanted.unwrap_or(EnrolmentKind::Request),
        // The certificate is handed in itself; there is no code for it.
        (Some(Enrolment::Outside(_)), _) => return Err(Refusal::NothingToChange.into()),
        (Some(Enrolment::Request), None | Some(EnrolmentKind::Request)) => EnrolmentKind::Request,
        (Some(Enrolment::KeyStore), None | Some(EnrolmentKind::KeyStore)) => EnrolmentKind::KeyStore,
        (Some(Enrolment::KeyStore), Some(EnrolmentKind::KeyStoreTripleDes)) => EnrolmentKind::KeyStoreTripleDes,
        // Another way than the one that was approved.
        (Some(_), Some(_)) => return Err(Failure::new(Code::PickUpCodeOfOtherKind)),
    };
    Ok((user, kind))
}
