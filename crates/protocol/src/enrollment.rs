//! What somebody needs to know before asking for a certificate.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Answer of `/v1/enrollment` and `/v1/certificates/enrollment`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct EnrollmentRules {
    /// What comes next: `request` (send a certificate request) or `key_store` (pick up a PKCS #12 file).
    pub kind: String,
    /// The subject of the certificate, as OpenSSL takes it (`-subj`).
    pub subject: String,
    /// The name by which the certificate identifies the online user (subject alternative name, URI).
    pub subject_alternative_name: String,
    /// Keys that are accepted.
    pub keys: Vec<String>,
    /// Signatures of requests that are accepted.
    pub signatures: Vec<String>,
    /// The command that makes key and request.
    pub openssl: String,
    /// Last day of the registration (`YYYY-MM-DD`); no certificate ends later.
    pub registration_valid_until: String,
    /// Until when the code can be used (RFC 3339); absent without a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_valid_until: Option<String>,
    /// How many wrong codes are still borne; absent without a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_tries_left: Option<u32>,
}

/// Keys that are accepted, as [`EnrollmentRules::keys`] names them.
pub const KEYS: [&str; 3] = ["EC P-256", "EC P-384", "RSA 2048 to 4096 bits, exponent 65537 or more"];
/// Signatures that are accepted, as [`EnrollmentRules::signatures`] names them.
pub const SIGNATURES: [&str; 3] = ["ECDSA with SHA-256 or SHA-384", "RSA with SHA-256, SHA-384 or SHA-512", "RSA-PSS"];

/// A subject as OpenSSL takes it: `/O=…/CN=…`, with what separates parts escaped.
#[must_use]
pub fn openssl_subject(organisation: &str, common_name: &str) -> String {
    let escaped = |name: &str| {
        name.chars().fold(String::new(), |mut text, letter| {
            if matches!(letter, '/' | '+' | '\\' | '=' | ',') {
                text.push('\\');
            }
            text.push(letter);
            text
        })
    };
    format!("/O={}/CN={}", escaped(organisation), escaped(common_name))
}

/// The command that makes a P-256 key and a request for a subject.
#[must_use]
pub fn openssl_command(subject: &str) -> String {
    let quoted = subject.replace('\'', r"'\''");
    format!(
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -utf8 -subj '{quoted}' -keyout key.pem -out \
         request.pem"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_place_in_the_command() {
        let subject = openssl_subject("A/CN=B+C\\", "O'Brien, x=1");
        assert_eq!(subject, r"/O=A\/CN\=B\+C\\/CN=O'Brien\, x\=1");
        let command = openssl_command(&subject);
        assert!(command.contains(r"-subj '/O=A\/CN\=B\+C\\/CN=O'\''Brien\, x\=1' -keyout"), "{command}");
    }
}
