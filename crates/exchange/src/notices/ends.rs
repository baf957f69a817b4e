//! What ends soon of what a caller or an operator looks at. Costs no question to the store.

use jiff::{SignedDuration, Timestamp};
use onboarding::{Ending, NOTICE_DAYS};
use store::{Certificate, Identity, OnlineUser, PersonCertificate};

use super::end::{End, ends_of};
use crate::clock::local::local_time;
use crate::{Caller, Exchange, Operator, Staff};

const HOURS_A_DAY: i64 = 24;

impl Exchange {
    /// What ends soon of what the caller uses now: its certificate, its registration, the authority that it trusts.
    #[must_use]
    pub fn ends_soon(&self, caller: &Caller) -> Vec<End> {
        let now = self.now();
        let own = (!is_far(caller.identity(), now)).then(|| ends_of(caller.identity(), now));
        own.into_iter().flatten().filter(End::is_soon).chain(self.authority_change()).collect()
    }

    /// The end of the certificate that an operator uses now, if it is soon.
    #[must_use]
    pub fn own_end_soon(&self, staff: &Staff) -> Option<End> {
        Some(self.end_for_person(staff.certificate_until())).filter(End::is_soon)
    }

    /// How soon a certificate of a person ends.
    pub(crate) fn end_for_person(&self, not_after: Timestamp) -> End {
        End::of(Ending::PersonCertificate, local_time(not_after).date(), self.now())
    }
}

impl Operator {
    /// How soon a certificate ends.
    #[must_use]
    pub fn end_of_certificate(&self, certificate: &Certificate) -> End {
        End::of(Ending::Certificate, local_time(certificate.not_after).date(), self.exchange().now())
    }

    /// How soon a certificate of a person ends.
    #[must_use]
    pub fn end_of_person_certificate(&self, certificate: &PersonCertificate) -> End {
        self.exchange().end_for_person(certificate.not_after)
    }

    /// How soon a registration ends.
    #[must_use]
    pub fn end_of_registration(&self, user: &OnlineUser) -> End {
        End::of(Ending::Registration, user.registration_valid_until, self.exchange().now())
    }
}

/// Whether all ends lie so far ahead that no calendar is needed to say so: this is asked for every request.
fn is_far(identity: &Identity, now: Timestamp) -> bool {
    let ahead = SignedDuration::from_hours((i64::from(NOTICE_DAYS[0]) + 2) * HOURS_A_DAY);
    let Ok(far) = now.checked_add(ahead) else { return false };
    identity.certificate.not_after > far && identity.user.registration_valid_until > local_time(far).date()
}
