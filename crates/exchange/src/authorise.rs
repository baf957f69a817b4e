//! Who is asking, and what that allows. Proof values only: they cannot be made anywhere else.

use std::net::IpAddr;

use store::{AccessMode, Fingerprint, Identity};

/// What a connection shows: the client certificate that TLS verified, and where the request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presented {
    /// SHA-256 of the certificate's DER.
    pub fingerprint: Fingerprint,
    /// The peer's address.
    pub address: IpAddr,
}

/// Proof that a request comes from a registered online user. Made for each request anew.
#[derive(Clone, Debug)]
pub struct Caller {
    identity: Identity,
    address: IpAddr,
}

impl Caller {
    /// Who it is.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Where the request came from.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// Whether the online user may submit payments.
    #[must_use]
    pub fn may_manage(&self) -> bool {
        self.identity.user.mode == AccessMode::Manage
    }
}
