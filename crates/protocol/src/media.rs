//! Media types, and how an `Accept` field chooses between them.

/// ISO 20022 messages.
pub const XML: &str = "application/xml";
/// The same, as older systems name it.
pub const TEXT_XML: &str = "text/xml";
/// ISO 20022 messages as the server sends them.
pub const XML_UTF8: &str = "application/xml; charset=utf-8";
/// Overviews.
pub const JSON: &str = "application/json";
/// Errors (RFC 9457).
pub const PROBLEM_JSON: &str = "application/problem+json";
/// Errors as XML (RFC 9457, appendix B).
pub const PROBLEM_XML: &str = "application/problem+xml";
/// Certificates (RFC 8555, 9.1).
pub const PEM: &str = "application/pem-certificate-chain";

/// What an answer can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// XML.
    Xml,
    /// JSON.
    Json,
}

/// The form that an `Accept` field prefers (RFC 9110, 12.5.1); `otherwise` when it is absent or has no preference.
///
/// The most specific range that matches a form gives its weight. `None` when the field refuses both forms.
#[must_use]
pub fn preferred(accept: Option<&str>, otherwise: Form) -> Option<Form> {
    let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else { return Some(otherwise) };
    let xml = weight(accept, "xml");
    let json = weight(accept, "json");
    match (xml, json) {
        (0, 0) => None,
        _ if xml == json => Some(otherwise),
        _ if xml > json => Some(Form::Xml),
        _ => Some(Form::Json),
    }
}

/// The weight, in thousandths, that a field gives to `application/<subtype>` and `application/problem+<subtype>`.
fn weight(accept: &str, subtype: &str) -> u32 {
    let mut best = (0, 0);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default().to_ascii_lowercase();
        let specificity = match media.split_once('/') {
            Some(("*", "*")) => 1,
            Some(("application", "*")) => 2,
            Some(("text", "*")) if subtype == "xml" => 2,
            Some(("application", named)) if named == subtype => 3,
            Some(("application", named)) if named.strip_prefix("problem+") == Some(subtype) => 3,
            Some(("text", "xml")) if subtype == "xml" => 3,
            _ => continue,
        };
        let quality = parts
            .find_map(|parameter| {
                let (name, value) = parameter.split_once('=')?;
                name.trim().eq_ignore_ascii_case("q").then(|| thousandths(value.trim()))
            })
            .unwrap_or(1000);
        best = best.max((specificity, quality));
    }
    best.1
}

/// A weight `0.8` in thousandths; one that cannot be read counts as 1.
fn thousandths(quality: &str) -> u32 {
    let (whole, fraction) = quality.split_once('.').unwrap_or((quality, ""));
    let digits = format!("{fraction:0<3}");
    match (whole, digits.get(..3).and_then(|digits| digits.parse::<u32>().ok())) {
        ("0", Some(digits)) => digits,
        _ => 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_chooses_the_form() {
        let cases = [
            (None, Some(Form::Xml)),
            (Some(""), Some(Form::Xml)),
            (Some("*/*"), Some(Form::Xml)),
            (Some("application/json"), Some(Form::Json)),
            (Some("application/problem+json"), Some(Form::Json)),
            (Some("application/json;q=0.5, application/xml;q=0.4"), Some(Form::Json)),
            (Some("application/xml, */*;q=0.1"), Some(Form::Xml)),
            (Some("application/xml;q=0, */*"), Some(Form::Json)),
            (Some("text/xml"), Some(Form::Xml)),
            (Some("image/png"), None),
            (Some("*/*;q=0"), None),
        ];
        for (accept, expected) in cases {
            assert_eq!(preferred(accept, Form::Xml), expected, "{accept:?}");
        }
    }
}
