//! The form of an evidence file, and what it is made of.

use exchange::{Evidence, KeptEvidence, RequestEvidence};
use serde::{Deserialize, Serialize};

use crate::hexadecimal::hexadecimal;

/// Distinguishes this form from later ones.
pub(crate) const FORMAT: &str = "tdam/evidence/1";

/// Evidence of a signed submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EvidenceFile {
    /// [`FORMAT`].
    pub(crate) format: String,
    pub(crate) submission: i64,
    /// Absent while the submission has no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message_id: Option<String>,
    pub(crate) client: String,
    pub(crate) registration_number: String,
    pub(crate) online_user: String,
    /// When the request arrived (RFC 3339).
    pub(crate) received_at: String,
    /// SHA-256 of the body that was received, hexadecimal.
    pub(crate) body_sha256: String,
    pub(crate) request: RequestInFile,
    /// PEM.
    pub(crate) certificate: String,
    /// PEM, the certificate's own authority first.
    pub(crate) issuers: Vec<String>,
    /// PEM: the newest list of the certificate's authority when the request arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revocation_list: Option<String>,
}

/// The request as it was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestInFile {
    pub(crate) method: String,
    pub(crate) authority: String,
    pub(crate) target: String,
    pub(crate) content_digest: String,
    pub(crate) signature_input: String,
    pub(crate) signature: String,
    /// Other fields that the signature covers, `name: value`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) fields: Vec<String>,
}

impl From<&Evidence> for EvidenceFile {
    fn from(evidence: &Evidence) -> EvidenceFile {
        let KeptEvidence { request, certificate, issuers, revocation_list } = &evidence.kept;
        let RequestEvidence { received_at, method, authority, target, content_digest, .. } = request;
        EvidenceFile {
            format: FORMAT.to_owned(),
            submission: evidence.submission.0,
            message_id: evidence.message_id.clone(),
            client: evidence.client.name.clone(),
            registration_number: evidence.client.registration_number.clone(),
            online_user: evidence.user.name.clone(),
            received_at: received_at.to_string(),
            body_sha256: hexadecimal(&evidence.body.0),
            request: RequestInFile {
                method: method.clone(),
                authority: authority.clone(),
                target: target.clone(),
                content_digest: content_digest.clone(),
                signature_input: request.signature_input.clone(),
                signature: request.signature.clone(),
                fields: request.fields.lines().map(str::to_owned).collect(),
            },
            certificate: pki::certificate_pem(certificate),
            issuers: issuers.iter().map(|der| pki::certificate_pem(der)).collect(),
            revocation_list: revocation_list.as_deref().map(pki::revocation_list_pem),
        }
    }
}

impl EvidenceFile {
    /// The request, for its signature.
    pub(crate) fn signed_request(&self) -> signatures::Request {
        let RequestInFile { method, authority, target, content_digest, signature_input, signature, fields } =
            self.request.clone();
        let apart = |line: String| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
        signatures::Request {
            method,
            authority,
            path_and_query: target,
            content_digest: Some(content_digest),
            signature_input: Some(signature_input),
            signature: Some(signature),
            fields: fields.into_iter().filter_map(apart).collect(),
        }
    }
}
