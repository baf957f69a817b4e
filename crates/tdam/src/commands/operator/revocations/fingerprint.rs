//! A certificate that was revoked, named by its fingerprint alone.

use exchange::{LaterRevocation, RevocationReason, RevokedCertificateName};
use store::Fingerprint;

use crate::acts;

/// Such a line of a list of fingerprints.
pub(super) fn revoked(text: &str) -> Result<LaterRevocation, String> {
    let digits = acts::fingerprint_of(text.trim());
    let fingerprint = digits.ok_or_else(|| format!("{text:?} is no fingerprint of 64 hexadecimal digits"))?;
    let certificate = RevokedCertificateName::Fingerprint(Fingerprint(fingerprint));
    Ok(LaterRevocation { certificate, at: None, reason: RevocationReason::Unspecified })
}
