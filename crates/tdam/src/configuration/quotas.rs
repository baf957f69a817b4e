//! What online users and addresses may use over time.

use serde::{Deserialize, Serialize};
use server::{HolderQuotas, Quota, QuotaSettings};

/// `[quotas]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Quotas {
    pub online_user_requests_per_second: u64,
    pub online_user_requests_burst: u64,
    pub online_user_bytes_per_second: u64,
    pub online_user_bytes_burst: u64,
    pub address_requests_per_second: u64,
    pub address_requests_burst: u64,
    pub address_bytes_per_second: u64,
    pub address_bytes_burst: u64,
    pub enrolment_requests_per_second: u64,
    pub enrolment_requests_burst: u64,
}

impl Default for Quotas {
    fn default() -> Quotas {
        use server::bounds::*;
        Quotas {
            online_user_requests_per_second: USER_REQUESTS_PER_SECOND,
            online_user_requests_burst: USER_REQUESTS_BURST,
            online_user_bytes_per_second: USER_BYTES_PER_SECOND,
            online_user_bytes_burst: USER_BYTES_BURST,
            address_requests_per_second: ADDRESS_REQUESTS_PER_SECOND,
            address_requests_burst: ADDRESS_REQUESTS_BURST,
            address_bytes_per_second: ADDRESS_BYTES_PER_SECOND,
            address_bytes_burst: ADDRESS_BYTES_BURST,
            enrolment_requests_per_second: ENROLMENT_REQUESTS_PER_SECOND,
            enrolment_requests_burst: ENROLMENT_REQUESTS_BURST,
        }
    }
}

impl Quotas {
    /// The server's settings.
    #[must_use]
    pub fn settings(&self) -> QuotaSettings {
        let quota = |per_second, burst| (per_second > 0).then_some(Quota { per_second, burst });
        QuotaSettings {
            online_user: HolderQuotas {
                requests: quota(self.online_user_requests_per_second, self.online_user_requests_burst),
                bytes: quota(self.online_user_bytes_per_second, self.online_user_bytes_burst),
            },
            address: HolderQuotas {
                requests: quota(self.address_requests_per_second, self.address_requests_burst),
                bytes: quota(self.address_bytes_per_second, self.address_bytes_burst),
            },
            enrolment: quota(self.enrolment_requests_per_second, self.enrolment_requests_burst),
        }
    }

    /// Refuses bursts that would never let a request or the longest body pass.
    pub(super) fn check(&self, body_bytes_max: u64) -> Result<(), String> {
        let least = [
            ("online_user_requests", self.online_user_requests_per_second, self.online_user_requests_burst, 1),
            ("online_user_bytes", self.online_user_bytes_per_second, self.online_user_bytes_burst, body_bytes_max),
            ("address_requests", self.address_requests_per_second, self.address_requests_burst, 1),
            ("enrolment_requests", self.enrolment_requests_per_second, self.enrolment_requests_burst, 1),
            ("address_bytes", self.address_bytes_per_second, self.address_bytes_burst, body_bytes_max),
        ];
        match least.into_iter().find(|(_, per_second, burst, least)| *per_second > 0 && burst < least) {
            Some((key, _, burst, 1)) => Err(format!("quotas.{key}_burst is {burst}: no request could pass")),
            Some((key, _, burst, least)) => Err(format!(
                "quotas.{key}_burst is {burst}, less than messages.body_bytes_max ({least}): a body of that length could never pass"
            )),
            None => Ok(()),
        }
    }
}
