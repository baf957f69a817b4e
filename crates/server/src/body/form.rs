//! The form of a body by its header fields: XML in UTF-8, plain or gzip. The server refuses every other form unread.

use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use exchange::Failure;
use protocol::media;
use rulebook::Code;

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Not at all.
    Plain,
    /// RFC 1952.
    Gzip,
}

/// The packing of a body that is declared to be XML in UTF-8.
pub(super) fn encoding_of_xml(fields: &HeaderMap) -> Result<Encoding, Failure> {
    let content_type = fields.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default()).unwrap_or_default();
    if !is_xml_in_utf8(content_type) {
        return Err(Failure::new(Code::WrongContentType).with_detail(content_type));
    }
    let mut encodings = fields.get_all(CONTENT_ENCODING).iter();
    let encoding = encodings.next().map_or("identity", |value| value.to_str().unwrap_or_default().trim());
    let is_only_one = encodings.next().is_none();
    match encoding.to_ascii_lowercase().as_str() {
        "identity" | "" if is_only_one => Ok(Encoding::Plain),
        "gzip" | "x-gzip" if is_only_one => Ok(Encoding::Gzip),
        _ => Err(Failure::new(Code::ContentEncodingNotSupported).with_detail(encoding)),
    }
}

/// Refuses a packed body where only one as it is can be read.
pub(super) fn refuse_packed(fields: &HeaderMap) -> Result<(), Failure> {
    let mut encodings = fields.get_all(CONTENT_ENCODING).iter().map(|value| value.to_str().unwrap_or_default().trim());
    match encodings.find(|encoding| !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity")) {
        Some(encoding) => Err(Failure::new(Code::ContentEncodingNotSupported).with_detail(encoding)),
        None => Ok(()),
    }
}

fn is_xml_in_utf8(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let is_xml = [media::XML, media::TEXT_XML].iter().any(|xml| media_type.eq_ignore_ascii_case(xml));
    is_xml
        && parts.all(|parameter| match parameter.split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
                let charset = value.trim().trim_matches('"');
                charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
            }
            _ => true,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_xml_in_utf8_is_accepted() {
        for good in ["application/xml", "text/xml; charset=UTF-8", "Application/XML;charset=\"utf-8\"", "text/xml;a=b"]
        {
            assert!(is_xml_in_utf8(good), "{good}");
        }
        for bad in ["", "application/json", "text/html", "application/xml; charset=utf-16", "application/xmlfoo"] {
            assert!(!is_xml_in_utf8(bad), "{bad}");
        }
    }
}
