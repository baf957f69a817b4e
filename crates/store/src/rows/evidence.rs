//! Evidence of signed submissions: what the sender signed, with what, and what the house knew of the certificate.

use jiff::Timestamp;

use super::directory::Fingerprint;

/// A signed request, as it has to be kept so that anybody can verify its signature later. The body's hash is in the signature, the
/// body itself with its submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestEvidence {
    /// When the request arrived.
    pub received_at: Timestamp,
    /// The method.
    pub method: String,
    /// Host and port, as they are signed.
    pub authority: String,
    /// Path and query.
    pub target: String,
    /// `Content-Digest`.
    pub content_digest: String,
    /// `Signature-Input`.
    pub signature_input: String,
    /// `Signature`.
    pub signature: String,
    /// Other fields that the signature covers: `name: value`, a line each.
    pub fields: String,
    /// The certificate that signed, by its SHA-256.
    pub certificate: Fingerprint,
    /// Those of the authorities above it, its own first.
    pub issuers: Vec<Fingerprint>,
    /// The identifier of the key that signed the certificate: the newest revocation list of this key belongs to the evidence.
    pub authority_key: Vec<u8>,
}

/// Evidence with everything that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptEvidence {
    /// The request.
    pub request: RequestEvidence,
    /// The certificate (DER).
    pub certificate: Vec<u8>,
    /// The authorities above it (DER), its own first.
    pub issuers: Vec<Vec<u8>>,
    /// The newest revocation list (DER) of its authority when the submission was taken; `None` when there was none.
    pub revocation_list: Option<Vec<u8>>,
}
