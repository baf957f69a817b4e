//! What a certificate request must be like, for one online user.

use jiff::Timestamp;
use pki::Holder;
use store::{EnrolmentKind, Registration};

use super::issue::shortened;
use crate::Caller;

/// For whom the next certificate is, and what its request must be like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentRules {
    /// The client as the certificate names it (organisation).
    pub organisation: String,
    /// The online user as the certificate names it (common name).
    pub common_name: String,
    /// The name by which the certificate identifies the online user (subject alternative name, URI).
    pub subject_alternative_name: String,
    /// Last day of the registration; no certificate ends later.
    pub registration_valid_until: jiff::civil::Date,
    /// What the code is good for.
    pub kind: EnrolmentKind,
    /// Until when the code can be used; `None` without a code.
    pub code_valid_until: Option<Timestamp>,
    /// How many wrong codes are still borne; `None` without a code.
    pub code_tries_left: Option<u32>,
}

/// The rules for an online user.
pub(super) fn rules(registration: &Registration) -> EnrolmentRules {
    let Registration { user, client, .. } = registration;
    EnrolmentRules {
        organisation: shortened(&client.name),
        common_name: shortened(&user.name),
        subject_alternative_name: Holder::OnlineUser(user.id.0).urn(),
        registration_valid_until: user.registration_valid_until,
        kind: EnrolmentKind::Request,
        code_valid_until: None,
        code_tries_left: None,
    }
}

impl Caller {
    /// What the request for the caller's next certificate must be like.
    #[must_use]
    pub fn enrolment_rules(&self) -> EnrolmentRules {
        let store::Identity { user, client, .. } = self.identity().clone();
        rules(&Registration { user, client, certificates: Vec::new() })
    }
}
