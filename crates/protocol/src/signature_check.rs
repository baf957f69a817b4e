//! How the signature of a request is judged, as JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Answer of `/v1/signature-check`. Nothing of the request is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SignatureCheck {
    /// Whether a submission that is signed so is taken as signed.
    pub accepted: bool,
    /// Whether what the online user submits has to be signed.
    pub required: bool,
    /// The code that a submission signed so is refused with; absent when it is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the code means, in the language asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The steps that could be taken, in their order.
    pub steps: Vec<SignatureStep>,
    /// The bytes that the server takes for signed, as text; lines end in one line feed. Absent when a signature or a component is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature_base: Option<String>,
    /// `Content-Digest` of the body that arrived.
    pub content_digest: String,
    /// The fingerprint of the certificate in use, as `keyid` names it.
    pub keyid: String,
    /// Algorithms that its key signs by, the usual one first.
    pub algorithms: Vec<String>,
    /// The server's time in seconds since 1970, as `created` counts.
    pub server_time: i64,
}

/// A step of the judgement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SignatureStep {
    /// `encoding`, `fields`, `key`, `covered`, `time`, `algorithm`, `base`, `signature` or `digest`.
    pub step: String,
    /// Whether the request passed it.
    pub passed: bool,
    /// What the server found.
    pub detail: String,
}
