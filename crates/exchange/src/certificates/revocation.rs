//! Revocation: the next request with the certificate is refused on every node, and the next revocation list names it, with the reason.

use pki::Reason;
use store::{AuditLine, DirectoryRow, Fingerprint};

use crate::{Failure, Operator};

impl Operator {
    /// Revokes a certificate: its next request is refused. `false` when it was revoked before or does not exist.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn revoke_certificate_for(&self, fingerprint: Fingerprint, reason: Reason) -> Result<bool, Failure> {
        let line = self.line("certificate.revoked", format!("{fingerprint} reason {}", reason.name()));
        self.write(move |writing| {
            let revoked = writing.revoke_certificate(&fingerprint, line.at)?;
            if let Some(identity) = writing.identity(&fingerprint)?.filter(|_| revoked) {
                if reason != Reason::Unspecified {
                    writing.insert_revocation_reason(&fingerprint, reason.code())?;
                }
                let detail = format!("{} {}", line.detail, identity.certificate.stated());
                writing.append_audit(&AuditLine { detail, ..line.clone() })?;
            }
            Ok(revoked)
        })
        .await
    }

    /// The same without a reason.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn revoke_certificate(&self, fingerprint: Fingerprint) -> Result<bool, Failure> {
        self.revoke_certificate_for(fingerprint, Reason::Unspecified).await
    }
}
