//! Renewal: a certificate for a new request, asked for with the certificate in use. Both are valid until the older one ends or is revoked.

use rulebook::catalogue::Code;

use super::issue::{CertificateChain, let_in, read_request};
use crate::access::actor::actor;
use crate::access::caller::check_identity;
use crate::{Caller, Exchange, Failure};

impl Exchange {
    /// Issues the caller's next certificate. The same request gets the same certificate again while that is valid.
    ///
    /// # Errors
    /// When the request is not accepted, two certificates are valid already, the registration has ended, or this node issues no
    /// certificates.
    pub async fn renew_certificate(&self, caller: &Caller, request: &[u8]) -> Result<CertificateChain, Failure> {
        self.issuing()?;
        let request = read_request(request)?;
        let (user, presented, digest) = (caller.user(), caller.identity().certificate.fingerprint, request.digest());
        let registration = self.inner.store.read(move |reading| reading.registration(user).map_err(Failure::from));
        let registration = registration.await?.ok_or_else(|| Failure::new(Code::UnknownCertificate))?;
        let issued = self.certify(&request, &registration)?;
        let line = self.audit_line(&actor(user), "certificate.renewed", caller.provenance());
        let exchange = self.clone();
        let row = self.inner.store.write_with_reserve(move |writing| {
            let identity = writing.identity(&presented)?.ok_or_else(|| Failure::new(Code::UnknownCertificate))?;
            check_identity(&identity, &exchange.inner.outside, line.at).map_err(Failure::new)?;
            writing.lock_registration(user)?;
            if let Some(before) = writing.issued_for_request(user, &digest)? {
                let is_valid = |one: &&store::Certificate| {
                    one.fingerprint == before.fingerprint && one.revoked_at.is_none() && one.not_after > line.at
                };
                if writing.certificates(user)?.iter().any(|one| is_valid(&one)) {
                    return Ok(before);
                }
                return Err(Failure::new(Code::CertificateRequestUsed));
            }
            let registration = writing.registration(user)?.ok_or_else(|| Failure::new(Code::UnknownCertificate))?;
            let_in(writing, &registration, &issued, Some(digest), &line)
        });
        self.issued_chain(&row.await?)
    }
}
