//! Who acts as an operator: a person with a certificate of its own.
//!
//! Few people ask, so nothing of them is kept in memory: each request reads its person, and each transaction reads it again
//! and locks it. So the end of a role bites at the next statement on every node.

use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;
use onboarding::{Actor, Moment, Role, Roles};
use rulebook::catalogue::Code;
use store::{Fingerprint, Person, ReadPersons, StoreError};

use crate::access::caller::Presented;
use crate::access::refusals::{Refusal, Refused, trace};
use crate::{Exchange, Failure, local_time};

/// The roles of operators.
const OPERATORS: [Role; 3] = [Role::Clerk, Role::Approver, Role::Auditor];

/// Proof that a request comes from an operator. Made for each request anew.
#[derive(Clone, Debug)]
pub struct Staff {
    person: Person,
    certificate: Fingerprint,
    certificate_until: Timestamp,
    address: IpAddr,
    request_id: Arc<str>,
    is_trial: bool,
}

impl Staff {
    /// The same, whose acts are rehearsed: the exchange undoes them, and says what would have come of them.
    #[must_use]
    pub fn on_trial(self) -> Staff {
        Staff { is_trial: true, ..self }
    }

    /// Whether acts are rehearsed.
    pub(super) fn is_on_trial(&self) -> bool {
        self.is_trial
    }

    /// Who it is.
    #[must_use]
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// When the certificate ends that the person shows.
    pub(crate) fn certificate_until(&self) -> Timestamp {
        self.certificate_until
    }

    /// Where the request comes from.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// From where, and how the request is found again, in audit lines.
    pub(super) fn trace(&self) -> String {
        format!("certificate {} {}", self.certificate, trace(self.address, &self.request_id))
    }

    /// The person's rights at this moment of a transaction.
    ///
    /// # Errors
    /// When the certificate or the registration does not allow anything any more.
    pub(super) fn actor(&self, reading: &mut (impl ReadPersons + ?Sized), moment: Moment) -> Result<Actor, Failure> {
        acting(reading, &self.certificate, moment)?.map(|(actor, ..)| actor).map_err(Failure::new)
    }
}

/// Who is behind a certificate; or why it opens nothing for people.
fn acting(
    reading: &mut (impl ReadPersons + ?Sized),
    certificate: &Fingerprint,
    moment: Moment,
) -> Result<Result<(Actor, Person, Timestamp), Code>, StoreError> {
    let Some(certificate) = reading.person_certificate(certificate)? else {
        return Ok(Err(Code::UnknownCertificate));
    };
    if certificate.revoked_at.is_some() {
        return Ok(Err(Code::CertificateRevoked));
    }
    if moment.at < certificate.not_before {
        return Ok(Err(Code::CertificateNotYetValid));
    }
    if moment.at > certificate.not_after {
        return Ok(Err(Code::CertificateExpired));
    }
    let person = reading.person(certificate.person)?.ok_or(StoreError::Missing("person"))?;
    let record = &person.record;
    let holds = person.ended_at.is_none() && record.valid_from <= moment.today && moment.today <= record.valid_until;
    let roles = if holds { record.roles } else { Roles::default() };
    let actor = Actor { person: person.id, client: record.client, roles };
    Ok(if actor.is_operator(&OPERATORS) {
        Ok((actor, person, certificate.not_after))
    } else {
        Err(Code::PersonNotRegistered)
    })
}

impl Exchange {
    /// Identifies an operator. Call it on every request.
    ///
    /// # Errors
    /// When the certificate is unknown, an online user's, revoked or outside its validity, or the person's registration is
    /// not in force.
    pub async fn authorise_person(&self, presented: &Presented, request_id: &str) -> Result<Staff, Failure> {
        let (fingerprint, moment) = (presented.fingerprint, self.moment());
        let read = self.inner.store.read(move |reading| {
            let found = acting(reading, &fingerprint, moment)?;
            let is_system = found == Err(Code::UnknownCertificate) && reading.identity(&fingerprint)?.is_some();
            Ok::<_, Failure>(if is_system { Err(Code::PersonCertificateRequired) } else { found })
        });
        let code = match read.await? {
            Ok((_, person, certificate_until)) => {
                return Ok(Staff {
                    person,
                    certificate: fingerprint,
                    certificate_until,
                    address: presented.address,
                    request_id: request_id.into(),
                    is_trial: false,
                });
            }
            Err(code) => code,
        };
        let (actor, action) = ("channel", "operator.refused");
        let (who, trace) = (Refused::Certificate(fingerprint), trace(presented.address, request_id));
        self.note_refusal(Refusal { actor, action, code: Some(code), who, about: String::new(), trace }).await;
        Err(Failure::new(code))
    }

    /// Notes that an operator tried what another one has to do, or what takes another role. Returns the failure.
    pub(super) async fn noted(&self, staff: &Staff, about: String, failure: Failure) -> Failure {
        if !staff.is_trial && matches!(failure.code, Code::FourEyes | Code::RoleMissing) {
            let (actor, action, code) = ("channel", "application.refused", Some(failure.code));
            let (who, trace) = (Refused::Certificate(staff.certificate), trace(staff.address, &staff.request_id));
            self.note_refusal(Refusal { actor, action, code, who, about, trace }).await;
        }
        failure
    }

    /// Now, by the security clock.
    pub(super) fn moment(&self) -> Moment {
        let at = self.now();
        Moment { at, today: local_time(at).date() }
    }
}
