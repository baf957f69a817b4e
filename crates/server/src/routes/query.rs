//! The query of a request, read strictly: an unknown or repeated parameter is a mistake that the client should see.

use axum::http::Uri;
use exchange::Failure;
use rulebook::Code;

use crate::bounds;

/// The values of these parameters, in this order; each at most once, and no others.
pub(super) fn parameters<const N: usize>(uri: &Uri, names: [&str; N]) -> Result<[Option<String>; N], Failure> {
    let query = uri.query().unwrap_or_default();
    if query.len() > bounds::QUERY_BYTES_MAX {
        return Err(invalid("?"));
    }
    let mut values = [const { None }; N];
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let place = names.iter().position(|known| *known == name).ok_or_else(|| invalid(name))?;
        let slot: &mut Option<String> = &mut values[place];
        if slot.replace(decoded(value).ok_or_else(|| invalid(name))?).is_some() {
            return Err(invalid(name));
        }
    }
    Ok(values)
}

/// A parameter that is wrong or missing.
pub(super) fn invalid(name: &str) -> Failure {
    Failure::new(Code::RequestParameterInvalid).with_detail(name)
}

/// A percent-encoded value; `+` stands for a space, as forms send it. `None` when it is not UTF-8 or broken.
fn decoded(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return None;
                }
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            _ => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn read(query: &str) -> Option<[Option<String>; 2]> {
        parameters(&format!("/x?{query}").parse().unwrap(), ["msg_id", "page"]).ok()
    }

    #[test]
    fn values_are_decoded() {
        assert_eq!(read("msg_id=A%2FB%2bC+D&page=2"), Some([Some("A/B+C D".to_owned()), Some("2".to_owned())]));
        assert_eq!(read(""), Some([None, None]));
    }

    #[test]
    fn what_is_unclear_is_refused() {
        for query in ["msgid=1", "msg_id=1&msg_id=2", "msg_id=%F", "msg_id=%+1", "msg_id=%ff"] {
            assert_eq!(read(query), None, "{query}");
        }
    }
}
