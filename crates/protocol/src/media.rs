//! Media types, and the choice between them by `Accept`: one rule for every route and for problems.

use crate::weights::weighted;

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

/// A key with its certificates in one file (PKCS #12).
pub const PKCS12: &str = "application/x-pkcs12";
/// A revocation list (RFC 5280, 4.2.1.13).
pub const REVOCATION_LIST: &str = "application/pkix-crl";
/// A certificate request (RFC 5967).
pub const CERTIFICATE_REQUEST: &str = "application/pkcs10";

/// An archive.
pub const ZIP: &str = "application/zip";

/// A page for people.
pub const HTML: &str = "text/html";
/// The same as the server sends it.
pub const HTML_UTF8: &str = "text/html; charset=utf-8";
/// A page as it was written (RFC 7763).
pub const MARKDOWN: &str = "text/markdown";
/// The same as the server sends it.
pub const MARKDOWN_UTF8: &str = "text/markdown; charset=utf-8";

/// Bytes that no form of their own has: a file that somebody attached, a signature.
pub const OCTETS: &str = "application/octet-stream";

/// What an answer can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// An ISO 20022 message, or its schema.
    Xml,
    /// An overview.
    Json,
    /// A certificate.
    Pem,
    /// A key store.
    Pkcs12,
    /// A revocation list.
    RevocationList,
    /// An archive.
    Zip,
    /// Bytes that no form of their own has.
    Octets,
    /// A page of the guide.
    Html,
    /// A page of the guide, as it was written.
    Markdown,
    /// A problem.
    ProblemJson,
    /// A problem, for systems that read nothing but XML.
    ProblemXml,
}

impl Form {
    /// The media type that an answer in this form has.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        self.names()[0]
    }

    /// The media types by which clients ask for it, what the answer has first.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Form::Xml => &[XML, TEXT_XML],
            Form::Json => &[JSON],
            Form::Pem => &[PEM],
            Form::Pkcs12 => &[PKCS12],
            Form::RevocationList => &[REVOCATION_LIST],
            Form::Zip => &[ZIP],
            Form::Octets => &[OCTETS],
            Form::Html => &[HTML],
            Form::Markdown => &[MARKDOWN],
            Form::ProblemJson => &[PROBLEM_JSON, JSON],
            Form::ProblemXml => &[PROBLEM_XML, XML, TEXT_XML],
        }
    }

    /// How exactly a range of media types (RFC 9110, 12.5.1) names this form; `None` when it does not.
    fn exactness(self, range: &str) -> Option<u8> {
        let same = |name: &&&str| name.eq_ignore_ascii_case(range);
        match range.strip_suffix("/*") {
            _ if self.media_type().eq_ignore_ascii_case(range) => Some(4),
            _ if self.names().iter().find(same).is_some() => Some(3),
            Some("*") => Some(1),
            // Not a range, but what Java's own client sends.
            None if range == "*" => Some(1),
            Some(kind) => {
                let is_of_kind =
                    |name: &&str| name.split_once('/').is_some_and(|(of, _)| of.eq_ignore_ascii_case(kind));
                self.names().iter().any(is_of_kind).then_some(2)
            }
            None => None,
        }
    }
}

/// The form that the `Accept` fields of a request prefer among those that there are, the usual one first (RFC 9110, 12.5.1).
///
/// The most exact range that names a form gives its weight, and of equals the first form is taken. Fields that name none of the forms are
/// disregarded, as that section allows: an answer that was not asked for helps more than none. `None` only when each form is refused by
/// name or by a range, with weight 0.
#[must_use]
pub fn preferred<'a, I: Iterator<Item = &'a str>>(accept: impl Fn() -> I, forms: &[Form]) -> Option<Form> {
    let weights = || forms.iter().map(|form| (*form, weight(accept(), *form)));
    let mut best: Option<(Form, u16)> = None;
    for (form, weight) in weights() {
        let weight = weight.unwrap_or(0);
        if weight > best.map_or(0, |(_, best)| best) {
            best = Some((form, weight));
        }
    }
    best.map(|(form, _)| form).or_else(|| weights().find(|(_, weight)| weight.is_none()).map(|(form, _)| form))
}

/// The weight, in thousandths, that the fields give to a form; `None` when they do not speak of it.
fn weight<'a>(accept: impl Iterator<Item = &'a str>, form: Form) -> Option<u16> {
    let named = weighted(accept).filter_map(|(range, weight)| Some((form.exactness(range)?, weight)));
    named.max().map(|(_, weight)| weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
    /// `HttpURLConnection`.
    const JAVA: &str = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2";

    type Case = (&'static [&'static str], &'static [Form], Option<Form>);

    #[test]
    fn accept_chooses_the_form() {
        use Form::{Json, Pem, Xml};
        const BOTH: &[Form] = &[Xml, Json];
        let cases: [Case; 29] = [
            (&[], BOTH, Some(Xml)),
            (&[""], BOTH, Some(Xml)),
            (&["*/*"], BOTH, Some(Xml)),
            (&["*"], BOTH, Some(Xml)),
            (&["application/json"], BOTH, Some(Json)),
            (&["APPLICATION/JSON"], BOTH, Some(Json)),
            (&["application/json;charset=utf-8"], BOTH, Some(Json)),
            (&["application/json;q=0.5, application/xml;q=0.4"], BOTH, Some(Json)),
            (&["application/xml, */*;q=0.1"], BOTH, Some(Xml)),
            (&["application/xml;q=0, */*"], BOTH, Some(Json)),
            (&["text/xml"], BOTH, Some(Xml)),
            (&["text/*, application/json;q=0.9"], BOTH, Some(Xml)),
            (&["application/*"], BOTH, Some(Xml)),
            (&["application/*;q=0.1, application/json"], BOTH, Some(Json)),
            (&["text/html", "application/json"], BOTH, Some(Json)),
            (&[BROWSER], BOTH, Some(Xml)),
            (&[BROWSER], &[Json], Some(Json)),
            (&[BROWSER], &[Pem], Some(Pem)),
            (&[JAVA], BOTH, Some(Xml)),
            // None of these names a form: the usual one.
            (&["text/html"], BOTH, Some(Xml)),
            (&["image/png"], &[Json], Some(Json)),
            (&["application/problem+json"], BOTH, Some(Xml)),
            (&["nonsense, application/json;q=high"], BOTH, Some(Xml)),
            (&["application/xml"], &[Json], Some(Json)),
            (&["text/html, application/xml;q=0"], BOTH, Some(Json)),
            // Each is refused.
            (&["*/*;q=0"], BOTH, None),
            (&["application/xml;q=0, application/json;q=0.0"], BOTH, None),
            (&["text/xml, application/xml;q=0"], &[Xml], None),
            (&["application/json;q=0"], &[Json], None),
        ];
        for (accept, forms, expected) in cases {
            assert_eq!(preferred(|| accept.iter().copied(), forms), expected, "{accept:?} {forms:?}");
        }
    }

    #[test]
    fn problems_are_asked_for_by_their_own_types_and_by_those_of_answers() {
        use Form::{ProblemJson, ProblemXml};
        let cases = [
            ("*/*", Some(ProblemJson)),
            ("application/xml", Some(ProblemXml)),
            ("application/xml, application/json;q=0.5", Some(ProblemXml)),
            ("application/xml, application/problem+json", Some(ProblemJson)),
            ("application/json, application/problem+xml", Some(ProblemJson)),
            ("application/problem+xml;q=0.9, application/problem+json;q=0.8", Some(ProblemXml)),
            ("application/problem+xml;q=0, application/xml", Some(ProblemJson)),
            (BROWSER, Some(ProblemXml)),
            ("text/html", Some(ProblemJson)),
        ];
        for (accept, expected) in cases {
            assert_eq!(preferred(|| [accept].into_iter(), &[ProblemJson, ProblemXml]), expected, "{accept}");
        }
    }
}
