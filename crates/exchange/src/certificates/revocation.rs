//! Revocation: the next request with the certificate is refused on every node, and the next revocation list names it, with the reason
//! where it is an online user's.

use jiff::Timestamp;
use pki::Reason;
use store::{AuditLine, DirectoryRow, Fingerprint, Writing};

use crate::{Failure, Operator};

/// What came of a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationOutcome {
    /// It is revoked from now on.
    Now,
    /// It was revoked before, at this moment.
    Before(Timestamp),
    /// No online user and no person has such a certificate.
    Unknown,
}

impl Operator {
    /// Revokes a certificate of an online user or of a person: its next request is refused.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn revoke(&self, fingerprint: Fingerprint, reason: Reason) -> Result<RevocationOutcome, Failure> {
        let line = self.line("", "");
        self.write(move |writing| {
            if revoke(writing, &fingerprint, line.at, reason, &line)?
                || revoke_of_person(writing, &fingerprint, line.at, reason, &line)?
            {
                return Ok(RevocationOutcome::Now);
            }
            let of_user = writing.identity(&fingerprint)?.and_then(|identity| identity.certificate.revoked_at);
            let of_person = writing.person_certificate(&fingerprint)?.and_then(|certificate| certificate.revoked_at);
            Ok(of_user.or(of_person).map_or(RevocationOutcome::Unknown, RevocationOutcome::Before))
        })
        .await
    }

    /// Revokes a certificate of an online user: its next request is refused. `false` when it was revoked before or does not exist.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn revoke_certificate_for(&self, fingerprint: Fingerprint, reason: Reason) -> Result<bool, Failure> {
        let line = self.line("", "");
        self.write(move |writing| revoke(writing, &fingerprint, line.at, reason, &line)).await
    }

    /// The same without a reason.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn revoke_certificate(&self, fingerprint: Fingerprint) -> Result<bool, Failure> {
        self.revoke_certificate_for(fingerprint, Reason::Unspecified).await
    }

    /// Revokes a certificate of a person: its next request is refused on every node, since none keeps it in memory.
    /// `false` when it was revoked before or does not exist.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn revoke_person_certificate(&self, fingerprint: Fingerprint) -> Result<bool, Failure> {
        let line = self.line("", "");
        self.write(move |writing| revoke_of_person(writing, &fingerprint, line.at, Reason::Unspecified, &line)).await
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
        writing.append_audit(&AuditLine { action: "certificate.revoked".to_owned(), detail, ..line.clone() })?;
    }
    Ok(revoked)
}

/// What the audit chain calls it when a person's certificate is revoked.
pub(crate) const PERSON_CERTIFICATE_REVOKED: &str = "person.certificate-revoked";

/// The same of a person's certificate. The line alone has the reason.
pub(crate) fn revoke_of_person(
    writing: &mut dyn Writing,
    fingerprint: &Fingerprint,
    at: Timestamp,
    reason: Reason,
    line: &AuditLine,
) -> Result<bool, Failure> {
    let revoked = writing.revoke_person_certificate(fingerprint, at)?;
    if let Some(row) = writing.person_certificate(fingerprint)?.filter(|_| revoked) {
        let detail = format!("{fingerprint} reason {} of person {} {}", reason.name(), row.person, row.stated());
        let action = PERSON_CERTIFICATE_REVOKED.to_owned();
        writing.append_audit(&AuditLine { action, detail, ..line.clone() })?;
    }
    Ok(revoked)
}
