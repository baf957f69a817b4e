//! Which requests pass, and which header fields of requests and answers. Pure.
//!
//! The routes are those that the exchange has for clients, from its own table. Operators' routes do not pass: an act of a person is
//! nothing for a program without a person. Nor does the order of a certificate: the proxy renews its own, and a program that reaches the
//! proxy must not get another one to take away.

use hyper::header::{HeaderMap, HeaderName};
use protocol::headers;
use protocol::routes::{self, Method, ROUTES, Route};

/// Path of the proxy's own health.
pub const HEALTH: &str = "/proxy/health";

/// What becomes part of the exchange's work or is judged as if: signed, where the proxy signs.
const SIGNED: [&str; 3] = [routes::PAYMENTS, routes::PAYMENTS_CANCEL, routes::SIGNATURE_CHECK];

/// Fields of a request that pass.
const REQUEST_FIELDS: [&str; 6] =
    ["accept", "accept-language", "content-type", "content-encoding", headers::PREFER, headers::X_REQUEST_ID];
/// Fields of a request that pass where the proxy does not sign.
const SIGNATURE_FIELDS: [&str; 3] = [headers::CONTENT_DIGEST, headers::SIGNATURE_INPUT, headers::SIGNATURE];

/// Fields of an answer that do not pass: those of the connection (RFC 9110, 7.6.1), and what is true of the exchange's address only.
const OF_THE_CONNECTION: [&str; 12] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "date",
    "strict-transport-security",
    "alt-svc",
];

/// A request that the proxy answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passage {
    /// It asks for the proxy's own health.
    Health,
    Get,
    Head,
    Post {
        signed: bool,
    },
}

/// A request that does not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Closed {
    NoSuchPath,
    /// With the methods that pass.
    NoSuchMethod(Vec<&'static str>),
}

/// Whether a request passes, by the routes of the exchange.
pub(crate) fn passage(method: &str, path: &str) -> Result<Passage, Closed> {
    if path == HEALTH {
        return match method {
            "GET" | "HEAD" => Ok(Passage::Health),
            _ => Err(Closed::NoSuchMethod(vec!["GET", "HEAD"])),
        };
    }
    let methods: Vec<Method> =
        ROUTES.iter().filter(|route| is_passed(route) && fits(route.path, path)).map(|route| route.method).collect();
    match method {
        "GET" if methods.contains(&Method::Get) => Ok(Passage::Get),
        "HEAD" if methods.contains(&Method::Get) => Ok(Passage::Head),
        "POST" if methods.contains(&Method::Post) => Ok(Passage::Post { signed: SIGNED.contains(&path) }),
        _ if methods.is_empty() => Err(Closed::NoSuchPath),
        _ => {
            let allowed = [("GET", Method::Get), ("HEAD", Method::Get), ("POST", Method::Post)];
            let allowed = allowed.into_iter().filter(|(_, method)| methods.contains(method));
            Err(Closed::NoSuchMethod(allowed.map(|(name, _)| name).collect()))
        }
    }
}

fn is_passed(route: &Route) -> bool {
    let orders_a_certificate = route.method == Method::Post && route.path == routes::CERTIFICATES;
    route.is_for_clients() && !route.is_for_operators() && !orders_a_certificate
}

/// Whether a path is one of a route template. What stands for a variable part has no byte that an address could read otherwise.
fn fits(template: &str, path: &str) -> bool {
    let (mut of_template, mut of_path) = (template.split('/'), path.split('/'));
    loop {
        match (of_template.next(), of_path.next()) {
            (None, None) => return true,
            (Some(variable), Some(part)) if variable.starts_with('{') => {
                let is_plain = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
                if !is_plain || part.bytes().all(|byte| byte == b'.') {
                    return false;
                }
            }
            (Some(fixed), Some(part)) if fixed == part => {}
            _ => return false,
        }
    }
}

/// The fields of a request that pass.
pub(crate) fn of_request(fields: &HeaderMap, signs: bool) -> Vec<(String, String)> {
    let passes = |name: &HeaderName| {
        REQUEST_FIELDS.contains(&name.as_str()) || !signs && SIGNATURE_FIELDS.contains(&name.as_str())
    };
    let text = |(name, value): (&HeaderName, &hyper::header::HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    fields.iter().filter(|(name, _)| passes(name)).filter_map(text).collect()
}

/// The fields of an answer that pass.
pub(crate) fn of_answer(fields: Vec<(String, String)>) -> impl Iterator<Item = (String, String)> {
    let is_connection = |name: &str| name.eq_ignore_ascii_case("connection");
    let named: Vec<String> = fields
        .iter()
        .filter(|(name, _)| is_connection(name))
        .flat_map(|(_, value)| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    fields.into_iter().filter(move |(name, _)| {
        !OF_THE_CONNECTION.contains(&name.as_str()) && !named.iter().any(|named| named == name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_routes_of_clients_pass_and_no_others() {
        let signed = Ok(Passage::Post { signed: true });
        for (method, path, expected) in [
            ("POST", "/v1/payments", signed.clone()),
            ("GET", "/v1/payments", Ok(Passage::Get)),
            ("HEAD", "/v1/accounts", Ok(Passage::Head)),
            ("POST", "/v1/reports", Ok(Passage::Post { signed: false })),
            ("GET", "/v1/reports/17", Ok(Passage::Get)),
            ("GET", "/v1/libraries/java/signature", Ok(Passage::Get)),
            ("GET", "/v1/schemas/pain.001.001.09", Ok(Passage::Get)),
            ("POST", "/v1/signature-check", signed),
            ("GET", "/", Ok(Passage::Get)),
            ("GET", HEALTH, Ok(Passage::Health)),
            ("POST", HEALTH, Err(Closed::NoSuchMethod(vec!["GET", "HEAD"]))),
            ("PUT", "/v1/payments", Err(Closed::NoSuchMethod(vec!["GET", "HEAD", "POST"]))),
            ("POST", "/v1/accounts", Err(Closed::NoSuchMethod(vec!["GET", "HEAD"]))),
            ("POST", "/v1/certificates", Err(Closed::NoSuchPath)),
            ("GET", "/v1/operator/applications", Err(Closed::NoSuchPath)),
            ("GET", "/v1/operator/persons", Err(Closed::NoSuchPath)),
            ("POST", "/v1/enrollment", Err(Closed::NoSuchPath)),
            ("GET", "/health", Err(Closed::NoSuchPath)),
            ("GET", "/v1/reports/..", Err(Closed::NoSuchPath)),
            ("GET", "/v1/reports/%2e%2e", Err(Closed::NoSuchPath)),
            ("GET", "/v1/reports/", Err(Closed::NoSuchPath)),
            ("GET", "/v1/reports/1/2", Err(Closed::NoSuchPath)),
            ("GET", "//v1/payments", Err(Closed::NoSuchPath)),
            ("CONNECT", "", Err(Closed::NoSuchPath)),
        ] {
            assert_eq!(passage(method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn fields_of_a_connection_stay_on_it() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let answer = vec![
            field("content-type", "application/xml"),
            field("connection", "close, X-Hop"),
            field("x-hop", "1"),
            field("transfer-encoding", "chunked"),
            field("retry-after", "3"),
        ];
        let passed: Vec<String> = of_answer(answer).map(|(name, _)| name).collect();
        assert_eq!(passed, ["content-type", "retry-after"]);
        let mut request = HeaderMap::new();
        for name in ["host", "cookie", "authorization", "accept", "signature", "prefer"] {
            request.insert(HeaderName::from_static(name), hyper::header::HeaderValue::from_static("x"));
        }
        let names = |signs| {
            let mut names: Vec<String> = of_request(&request, signs).into_iter().map(|(name, _)| name).collect();
            names.sort();
            names
        };
        assert_eq!(names(true), ["accept", "prefer"]);
        assert_eq!(names(false), ["accept", "prefer", "signature"]);
    }
}
