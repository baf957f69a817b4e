//! The operator's settings of quotas, and their defaults.

use crate::bounds;

/// A quota: so much at once, and so much that comes back each second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Requests or bytes that come back each second; at least one.
    pub per_second: u64,
    /// Requests or bytes that may be used at once; at least one.
    pub burst: u64,
}

/// The quotas of one holder; `None` where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HolderQuotas {
    /// Of requests.
    pub requests: Option<Quota>,
    /// Of bytes of bodies, as they arrive.
    pub bytes: Option<Quota>,
}

/// The quotas of every online user and of every address, and those of an address where online users enrol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaSettings {
    /// Of each online user.
    pub online_user: HolderQuotas,
    /// Of each address; of IPv6, of each network of 64 bits.
    pub address: HolderQuotas,
    /// Of requests of each address on the listener for enrolment; `None` where there is none.
    pub enrolment: Option<Quota>,
}

impl Default for QuotaSettings {
    fn default() -> QuotaSettings {
        use bounds::*;
        let quota = |per_second, burst| Some(Quota { per_second, burst });
        QuotaSettings {
            online_user: HolderQuotas {
                requests: quota(USER_REQUESTS_PER_SECOND, USER_REQUESTS_BURST),
                bytes: quota(USER_BYTES_PER_SECOND, USER_BYTES_BURST),
            },
            address: HolderQuotas {
                requests: quota(ADDRESS_REQUESTS_PER_SECOND, ADDRESS_REQUESTS_BURST),
                bytes: quota(ADDRESS_BYTES_PER_SECOND, ADDRESS_BYTES_BURST),
            },
            enrolment: quota(ENROLMENT_REQUESTS_PER_SECOND, ENROLMENT_REQUESTS_BURST),
        }
    }
}
