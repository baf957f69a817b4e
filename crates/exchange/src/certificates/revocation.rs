//! Revocation: the next request with the certificate is refused on every node, and the next revocation list names it, with the reason.

use jiff::Timestamp;
use pki::Reason;
use store::{AuditLine, DirectoryRow, Fingerprint, Writing};

use crate::{Failure, Operator};

impl Operator {
    /// Revokes a certificate: its next request is refused. `false` when it was revoked before or does not exist.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn revoke_certificate_for(&self, fingerprint: Fingerprint, reason: Reason) -> Result<bool, Failure> {
        let line = self.line("certificate.revoked", "");
        self.write(move |writing| revoke(writing, &fingerprint, line.at, reason, &line)).await
    }

    /// The same without a reason.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn revoke_certificate(&self, fingerprint: Fingerprint) -> Result<bool, Failure> {
        self.revoke_certificate_for(fingerprint, Reason::Unspecified).await
    }
}

/// Revokes a certificate of an online user from a moment on, and says so in the audit. `false` when it was revoked before or does not
/// exist.
pub(crate) fn revoke(
    writing: &mut dyn Writing,
    fingerprint: &Fingerprint,
    at: Timestamp,
    reason: Reason,
    line: &AuditLine,
) -> Result<bool, Failure> {
    let revoked = writing.revoke_certificate(fingerprint, at)?;
    if let Some(identity) = writing.identity(fingerprint)?.filter(|_| revoked) {
        if reason != Reason::Unspecified {
            writing.insert_revocation_reason(fingerprint, reason.code())?;
        }
        let detail = format!("{fingerprint} reason {} {}", reason.name(), identity.certificate.stated());
        writing.append_audit(&AuditLine { detail, ..line.clone() })?;
    }
    Ok(revoked)
}
