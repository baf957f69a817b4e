//! Paths and query parameters.
//!
//! Identifications that a client chose (a `MsgId` may hold `/`) are never path segments but query parameters.

use std::fmt::Write as _;

/// `POST` a pain.001; `GET` its status.
pub const PAYMENTS: &str = "/v1/payments";
/// `POST` a camt.060.
pub const REPORTS: &str = "/v1/reports";
/// `GET` a page of a report, as a route template.
pub const REPORT: &str = "/v1/reports/{id}";
/// `GET` the accounts that the online user may see.
pub const ACCOUNTS: &str = "/v1/accounts";
/// `GET`: am I connected, and how long will I be.
pub const HEARTBEAT: &str = "/v1/heartbeat";
/// `GET` the catalogue of errors.
pub const ERRORS: &str = "/v1/errors";
/// `GET` one entry of the catalogue, as a route template.
pub const ERROR: &str = "/v1/errors/{code}";
/// `GET` the list of published schemas.
pub const SCHEMAS: &str = "/v1/schemas";
/// `GET` one published schema, as a route template.
pub const SCHEMA: &str = "/v1/schemas/{message}";
/// `GET` on the plain listener: can the node serve; the same as [`HEALTH_READY`].
pub const HEALTH: &str = "/health";
/// `GET` on the plain listener: can the node serve. 503 keeps a load balancer from sending clients.
pub const HEALTH_READY: &str = "/health/ready";
/// `GET` on the plain listener: does the process live. 503 asks for a restart.
pub const HEALTH_LIVE: &str = "/health/live";
/// `GET` on the plain listener: the certificate of the authority that issued the server's certificate.
pub const AUTHORITY_CERTIFICATE: &str = "/ca.pem";

/// Query parameter of `POST` [`PAYMENTS`]: [`MODE_TEST`] checks without executing.
pub const MODE: &str = "mode";
/// Value of [`MODE`]: check, answer, and leave nothing behind.
pub const MODE_TEST: &str = "test";
/// Query parameter of `GET` [`PAYMENTS`]: the message's `MsgId`.
pub const MSG_ID: &str = "msg_id";
/// Query parameter of `GET` [`PAYMENTS`]: the submission named by the `Location` of a 202.
pub const SUBMISSION: &str = "submission";
/// Query parameter of `GET` [`REPORT`]: the page, from 1.
pub const PAGE: &str = "page";

/// Where the status of a message is read.
#[must_use]
pub fn status_of_message(msg_id: &str) -> String {
    format!("{PAYMENTS}?{MSG_ID}={}", QueryValue(msg_id))
}

/// Where the outcome of a submission that was answered 202 is read.
#[must_use]
pub fn outcome_of_submission(submission: i64) -> String {
    format!("{PAYMENTS}?{SUBMISSION}={submission}")
}

/// Where a page of a report is read; pages count from 1.
#[must_use]
pub fn report_page(id: i64, page: u32) -> String {
    format!("{REPORTS}/{id}?{PAGE}={page}")
}

/// Where one entry of the catalogue of errors is read.
#[must_use]
pub fn catalogue_entry(code: &str) -> String {
    format!("{ERRORS}/{code}")
}

/// Where the published schema of a message is read.
#[must_use]
pub fn schema(message: &str) -> String {
    format!("{SCHEMAS}/{message}")
}

/// A value as it stands in a query: everything but unreserved characters (RFC 3986, 2.3) is percent-encoded.
struct QueryValue<'a>(&'a str);

impl std::fmt::Display for QueryValue<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for byte in self.0.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                f.write_char(char::from(byte))?;
            } else {
                write!(f, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_with_reserved_characters_stays_one_value() {
        assert_eq!(status_of_message("A/B+C?D&E ā"), "/v1/payments?msg_id=A%2FB%2BC%3FD%26E%20%C4%81");
    }
}
