//! Header fields and parameters: what each means, and what its value looks like.

use serde_json::{Map, Value, json};

use crate::headers;
use crate::routes::{self, Route};

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Any text.
    Text,
    /// A number of at least this.
    Number(i64),
    /// One of these.
    OneOf(&'static [&'static str]),
    /// What a regular expression fits.
    Pattern(&'static str),
}

impl Kind {
    fn schema(self) -> Value {
        match self {
            Kind::Text => json!({ "type": "string" }),
            Kind::Number(minimum) => json!({ "type": "integer", "format": "int64", "minimum": minimum }),
            Kind::OneOf(values) => json!({ "type": "string", "enum": values }),
            Kind::Pattern(pattern) => json!({ "type": "string", "pattern": pattern }),
        }
    }
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug)]
enum Place {
    Query,
    Path,
    Header,
}

/// A parameter of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameter {
    name: &'static str,
    place: Place,
    is_required: bool,
    meaning: &'static str,
    kind: Kind,
}

impl Parameter {
    /// In the query, and optional.
    pub(super) const fn query(name: &'static str, meaning: &'static str, kind: Kind) -> Parameter {
        Parameter { name, place: Place::Query, is_required: false, meaning, kind }
    }

    pub(super) const fn required(self) -> Parameter {
        Parameter { is_required: true, ..self }
    }

    const fn path(name: &'static str, meaning: &'static str, kind: Kind) -> Parameter {
        Parameter { name, place: Place::Path, is_required: true, meaning, kind }
    }

    const fn header(name: &'static str, meaning: &'static str, kind: Kind) -> Parameter {
        Parameter { name, place: Place::Header, is_required: false, meaning, kind }
    }

    pub(super) fn described(&self) -> Value {
        let (place, name) = match self.place {
            Place::Query => ("query", self.name.to_owned()),
            Place::Path => ("path", self.name.to_owned()),
            Place::Header => ("header", titled(self.name)),
        };
        json!({ "name": name, "in": place, "required": self.is_required, "description": self.meaning, "schema": self.kind.schema() })
    }
}

/// A name of a field as people write it: `X-Request-Id`.
fn titled(name: &str) -> String {
    let part = |part: &str| {
        let mut letters = part.chars();
        letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str()))
    };
    name.split('-').map(part).collect::<Vec<_>>().join("-")
}

const IN_REPORTS: &str = "/reports/";

/// The variable parts of a path.
pub(super) fn of_path(path: &str) -> Vec<Parameter> {
    let parts = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let parameter = |part: &str| match part {
        "id" if path.contains(IN_REPORTS) => Parameter::path("id", "The number of the report.", Kind::Number(1)),
        "id" => Parameter::path("id", "The number of the application.", Kind::Number(1)),
        "code" => Parameter::path("code", "A code of the catalogue.", Kind::Pattern("^TDAM-[0-9]{4}$")),
        "message" => Parameter::path("message", "A message as its schema names it: `pain.001.001.09`.", Kind::Text),
        "language" if path.starts_with(routes::GUIDE) => {
            Parameter::path("language", "The language of the page.", Kind::OneOf(&["en", "lv"]))
        }
        "page" => Parameter::path("page", "The name of the page: `connecting`, or `connecting.md`.", Kind::Text),
        "language" => Parameter::path("language", "The language of a library: `java`.", Kind::Text),
        "name" => Parameter::path("name", "The name of the file.", Kind::Text),
        part => unreachable!("the variable part {part} is not described"),
    };
    parts.map(parameter).collect()
}

const REQUEST_ID: Parameter = Parameter::header(
    headers::X_REQUEST_ID,
    "Identification of the request by the client; every answer has one, and the operator finds the request by it. Other than letters, \
     digits and `-_.:`, or longer than 64 characters, it is not taken over.",
    Kind::Text,
);
const ACCEPT_LANGUAGE: Parameter =
    Parameter::header("accept-language", "The language of texts: `lv` or `en`, the usual one.", Kind::Text);
/// How long the client waits.
pub(super) const PREFER: Parameter = Parameter::header(
    headers::PREFER,
    "`wait=SECONDS`: how long the client is willing to wait for the final answer (RFC 7240).",
    Kind::Text,
);

/// What every request may have.
pub(super) const OF_EVERY_REQUEST: &[Parameter] = &[REQUEST_ID, ACCEPT_LANGUAGE];

/// What a submission may have besides.
pub(super) const OF_SUBMISSION: &[Parameter] = &[PREFER, CONTENT_ENCODING, CONTENT_DIGEST, SIGNATURE_INPUT, SIGNATURE];
/// What signs a request.
pub(super) const OF_SIGNATURE: &[Parameter] = &[CONTENT_DIGEST, SIGNATURE_INPUT, SIGNATURE];

/// What a request for a page may have.
pub(super) const OF_PAGE: &[Parameter] =
    &[Parameter::header("if-none-match", "The `ETag` of the page that the client has (RFC 9110, 13.1.2).", Kind::Text)];

/// How the body of a message is packed.
pub(super) const CONTENT_ENCODING: Parameter = Parameter::header(
    "content-encoding",
    "`gzip` of a packed body. A signed one is not packed.",
    Kind::OneOf(&["gzip", "identity"]),
);
const CONTENT_DIGEST: Parameter =
    Parameter::header(headers::CONTENT_DIGEST, "SHA-256 of the body: `sha-256=:BASE64:` (RFC 9530).", Kind::Text);
const SIGNATURE_INPUT: Parameter =
    Parameter::header(headers::SIGNATURE_INPUT, "What each signature covers (RFC 9421).", Kind::Text);
const SIGNATURE: Parameter = Parameter::header(headers::SIGNATURE, "The signatures (RFC 9421).", Kind::Text);

/// Fields of answers: name, meaning, value.
const ANSWERED: [(&str, &str, Kind); 15] = [
    (headers::X_REQUEST_ID, "Identification of the request: the client's, or the server's.", Kind::Text),
    (
        headers::X_EXCHANGE_WARNING,
        "What the exchange will refuse later unless somebody acts: `TDAM-1071;days=12;ends=\"2026-12-31\"`.",
        Kind::Text,
    ),
    (headers::X_MESSAGE_TYPE, "The message in the body: `pain.002.001.10`.", Kind::Text),
    (
        headers::X_ANSWER_REPEATED,
        "`true`: the stored answer to the same bytes sent before.",
        Kind::OneOf(&["true", "false"]),
    ),
    (headers::PREFERENCE_APPLIED, "What of `Prefer` the server applied.", Kind::Text),
    (RETRY_AFTER, "Seconds after which a repetition may succeed.", Kind::Number(1)),
    ("location", "Where the outcome of the submission is read.", Kind::Text),
    ("content-location", "Where this page is read again.", Kind::Text),
    ("link", "The first, previous and next page, or the reports made (RFC 8288).", Kind::Text),
    ("content-language", "The language of texts.", Kind::OneOf(&["lv", "en"])),
    ("www-authenticate", "What was missing.", Kind::Text),
    ("content-disposition", "`attachment`: no program shows the file by itself.", Kind::Text),
    ("etag", "Differs when the page does (RFC 9110, 8.8.3).", Kind::Text),
    ("content-security-policy", "A page loads and runs nothing.", Kind::Text),
    (headers::CONTENT_DIGEST, "SHA-256 of the archive: `sha-256=:BASE64:` (RFC 9530).", Kind::Text),
];
const RETRY_AFTER: &str = "retry-after";

/// The fields by their names.
pub(super) fn headers() -> Value {
    let described = |(name, meaning, kind): &(&str, &str, Kind)| {
        (titled(name), json!({ "description": meaning, "schema": kind.schema() }))
    };
    Value::Object(ANSWERED.iter().map(described).collect())
}

fn referred<'a>(names: impl Iterator<Item = &'a str>) -> Value {
    let reference = |name: &str| (titled(name), json!({ "$ref": format!("#/components/headers/{}", titled(name)) }));
    Value::Object(names.map(reference).collect::<Map<_, _>>())
}

/// The fields of an answer that is no problem.
pub(super) fn of_answer(routes: &[&Route], own: &[&'static str]) -> Value {
    // Online users and operators are warned on each answer, whatever else it says.
    let may_warn = routes.iter().any(|route| route.is_for_clients());
    let warning = may_warn.then_some(headers::X_EXCHANGE_WARNING);
    let usual = [headers::X_REQUEST_ID, "content-language"];
    referred(usual.into_iter().chain(warning).chain(own.iter().copied()))
}

/// The fields of a problem.
pub(super) fn of_problem(status: u16) -> Value {
    const UNAUTHORIZED: u16 = 401;
    const TEMPORARY: [u16; 3] = [409, 429, 503];
    let challenge = (status == UNAUTHORIZED).then_some("www-authenticate");
    let retry = TEMPORARY.contains(&status).then_some(RETRY_AFTER);
    let usual = [headers::X_REQUEST_ID, "content-language", headers::X_EXCHANGE_WARNING];
    referred(usual.into_iter().chain(challenge).chain(retry))
}
