//! Header fields and their values.

/// Identification of a request: the client's own (up to [`REQUEST_ID_CHARS_MAX`] characters), else the server's;
/// every answer carries it, and the operator finds the request by it.
pub const X_REQUEST_ID: &str = "x-request-id";
/// How long the client is willing to wait for the final answer: `Prefer: wait=30` (RFC 7240).
pub const PREFER: &str = "prefer";
/// The digest of the body (RFC 9530).
pub const CONTENT_DIGEST: &str = "content-digest";
/// What the signatures of a request cover (RFC 9421).
pub const SIGNATURE_INPUT: &str = "signature-input";
/// The signatures (RFC 9421).
pub const SIGNATURE: &str = "signature";
/// What of [`PREFER`] was heeded.
pub const PREFERENCE_APPLIED: &str = "preference-applied";
/// Type of the ISO 20022 message in the body of an answer: `pain.002.001.10`.
pub const X_MESSAGE_TYPE: &str = "x-message-type";
/// `true` when the answer to a submission is the stored answer to the same bytes sent before.
pub const X_ANSWER_REPEATED: &str = "x-answer-repeated";

/// What the exchange will refuse later unless somebody acts: catalogue codes with what is known of each, such as
/// `TDAM-1071;days=12;ends="2026-12-31"` ([`crate::Warning`]). `Warning` itself is obsolete (RFC 9111, 5.5).
pub const X_EXCHANGE_WARNING: &str = "x-exchange-warning";

/// Longest request id that is taken over from a client.
pub const REQUEST_ID_CHARS_MAX: usize = 64;

/// Whether a client's request id is taken over: short, and safe in any log.
#[must_use]
pub fn is_sane_request_id(id: &str) -> bool {
    (1..=REQUEST_ID_CHARS_MAX).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':'))
}

/// The seconds of `Prefer: wait=N`; the first one counts (RFC 7240, 2). `None` when it is absent or no number.
#[must_use]
pub fn wait_seconds(prefer: &str) -> Option<u64> {
    prefer.split([',', ';']).find_map(|preference| {
        let (name, value) = preference.split_once('=')?;
        name.trim().eq_ignore_ascii_case("wait").then(|| value.trim().trim_matches('"').parse().ok())?
    })
}

/// The target of the first link with this relation in a `Link` field (RFC 8288), as the server writes it.
#[must_use]
pub fn link_target<'a>(link: &'a str, relation: &str) -> Option<&'a str> {
    link.split(',').find_map(|one| {
        let (target, parameters) = one.trim().strip_prefix('<')?.split_once('>')?;
        let is_wanted = parameters.split(';').any(|parameter| {
            parameter.trim().split_once('=').is_some_and(|(name, value)| {
                name.trim().eq_ignore_ascii_case("rel") && value.trim().trim_matches('"') == relation
            })
        });
        is_wanted.then_some(target)
    })
}

/// A `Link` field value with one link.
#[must_use]
pub fn link(target: &str, relation: &str) -> String {
    format!("<{target}>; rel=\"{relation}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefer_is_read_wherever_wait_stands() {
        assert_eq!(wait_seconds("wait=30"), Some(30));
        assert_eq!(wait_seconds("respond-async, Wait = \"5\""), Some(5));
        assert_eq!(wait_seconds("respond-async"), None);
        assert_eq!(wait_seconds("wait=soon"), None);
        assert_eq!(wait_seconds("wait=-1"), None);
    }

    #[test]
    fn a_link_is_found_by_its_relation() {
        let field = format!("{}, {}", link("/v1/reports/7?page=1", "prev"), link("/v1/reports/7?page=3", "next"));
        assert_eq!(link_target(&field, "next"), Some("/v1/reports/7?page=3"));
        assert_eq!(link_target(&field, "last"), None);
    }

    #[test]
    fn request_ids_that_could_spoil_a_log_are_not_taken_over() {
        assert!(is_sane_request_id("0b6f1e9e-7a53-4f0e-8d8c-8a2c8f6b5a11"));
        assert!(!is_sane_request_id(""));
        assert!(!is_sane_request_id("a b"));
        assert!(!is_sane_request_id("a\u{1b}[2J"));
        assert!(!is_sane_request_id(&"a".repeat(REQUEST_ID_CHARS_MAX + 1)));
    }
}
