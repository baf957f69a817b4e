//! Problem details (RFC 9457), the form of every error: with our code, both languages, and the findings with their
//! places.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::SupportContact;
use crate::catalogue::TextsInBothLanguages;

/// Most findings that one problem lists; how many there were stands in [`Problem::findings_total`].
pub const FINDINGS_MAX: usize = 100;

/// An error as clients get it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Problem {
    /// What kind of error: a reference to the catalogue's entry, `/v1/errors/TDAM-2006`.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// What is wrong, in the language asked for.
    pub title: String,
    /// The HTTP status, once more.
    pub status: u16,
    /// What is wrong with this very request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What the problem is about: the path of the request, without its query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The code of the catalogue: `TDAM-2006`. Programs decide by it.
    pub code: String,
    /// The ISO 20022 reason code that says the same, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iso_reason: Option<String>,
    /// What to do about it, in the language asked for.
    pub remedy: String,
    /// Identification of the request; give it to the operator.
    pub request_id: String,
    /// What was found where, the first [`FINDINGS_MAX`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<ProblemFinding>,
    /// How many findings there were; not listed ones included.
    #[serde(skip_serializing_if = "is_zero")]
    pub findings_total: u64,
    /// Seconds after which a repetition may succeed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u64>,
    /// Where the entry of the catalogue can be read, also without a certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documentation: Option<String>,
    /// Where people find help with errors that a program cannot fix; absent for other errors, and unless configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support: Option<SupportContact>,
    /// Title, explanation and remedy in both languages.
    pub texts: TextsInBothLanguages,
}

/// One mistake at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ProblemFinding {
    /// The code of the catalogue.
    pub code: String,
    /// What is wrong here, in the language asked for.
    pub message: String,
    /// Line in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Column in the line, in characters from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// Path of elements: `/Document/CstmrCdtTrfInitn/GrpHdr/NbOfTxs`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The rule that is broken, as schema or guideline name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The value, shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Problem {
    /// The problem as JSON ([`crate::media::PROBLEM_JSON`]).
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        // Invariant: strings, numbers and lists of them can always be written as JSON.
        crate::json::line(self).expect("a problem has no member that JSON lacks")
    }
}
