//! Compares this machine's clock with the exchange's, by the date of an answer: a signature whose time is wrong looks like a wrong
//! signature to its user.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{DATE, HeaderMap};

/// A difference that an answer on its way does not explain.
const TOLERATED: Duration = Duration::from_secs(30);

/// Words for a person when the clock is wrong; `None` when it is not, or when nobody knows.
pub(crate) fn hint(headers: &HeaderMap, now: SystemTime) -> Option<String> {
    let theirs = DateTimeParser::new().parse_timestamp(headers.get(DATE)?.to_str().ok()?).ok()?;
    let ahead = Timestamp::try_from(now).ok()?.duration_since(theirs);
    if ahead.unsigned_abs() <= TOLERATED {
        return None;
    }
    let side = if ahead.is_negative() { "behind" } else { "ahead of" };
    let seconds = ahead.unsigned_abs().as_secs();
    Some(format!("This machine's clock is {seconds} s {side} the exchange's; set it, or let it be set (NTP)."))
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn only_a_clock_that_is_wrong_is_named() {
        let at = |date: &'static str, seconds: u64| {
            let headers = HeaderMap::from_iter([(DATE, HeaderValue::from_static(date))]);
            hint(&headers, SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
        };
        // RFC 9110, 5.6.7.
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(at(date, 784_111_777), None);
        assert_eq!(at(date, 784_111_777 + 30), None);
        let named = |words: &str| {
            Some(format!("This machine's clock is {words} the exchange's; set it, or let it be set (NTP)."))
        };
        assert_eq!(at(date, 784_111_777 + 600), named("600 s ahead of"));
        assert_eq!(at(date, 784_111_777 - 31), named("31 s behind"));
        assert_eq!(at("yesterday", 0), None);
        assert_eq!(hint(&HeaderMap::new(), SystemTime::UNIX_EPOCH), None);
    }
}
