//! What the verified signature of a request says of its body, and what of the request is kept as evidence.

use std::sync::Arc;

use jiff::Timestamp;
use signatures::{Request, Verified};
use store::{Fingerprint, RequestEvidence};

use crate::access::signing_certificate::SigningCertificate;

/// Proof that a request is signed by its caller, once its body has the digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBody {
    pub(crate) sha256: [u8; 32],
    /// With the fields that the signature covers.
    request: Request,
    pub(crate) signer: Arc<SigningCertificate>,
}

impl SignedBody {
    pub(super) fn new(request: &Request, verified: Verified, signer: Arc<SigningCertificate>) -> SignedBody {
        let Verified { sha256, covered, .. } = verified;
        SignedBody { sha256, request: request.clone().kept(&covered), signer }
    }

    /// What is kept of it with its submission.
    pub(crate) fn evidence(&self, received_at: Timestamp) -> RequestEvidence {
        let Request { method, authority, path_and_query, content_digest, signature_input, signature, fields } =
            self.request.clone();
        RequestEvidence {
            received_at,
            method,
            authority,
            target: path_and_query,
            content_digest: content_digest.unwrap_or_default(),
            signature_input: signature_input.unwrap_or_default(),
            signature: signature.unwrap_or_default(),
            fields: fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect(),
            certificate: self.signer.certificate.0,
            issuers: self.signer.issuers.iter().map(|(fingerprint, _)| *fingerprint).collect::<Vec<Fingerprint>>(),
            authority_key: self.signer.authority_key.clone(),
        }
    }
}
