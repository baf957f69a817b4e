//! Which problems a route can answer with, by status.

use std::collections::BTreeMap;

use rulebook::catalogue::Group;
use rulebook::{Code, Language};
use serde_json::{Map, Value, json};

use super::fields;
use super::operations::{Body, Operation};
use crate::media;
use crate::routes::{Listeners, Method, Route};
use crate::status_of;

/// Of every route.
const EVERYWHERE: &[Code] = &[Code::RequestFraming, Code::NotAcceptable];
/// Where a path has a variable part.
const WITH_VARIABLE_PATH: &[Code] = &[Code::NotFound];
/// Where the certificate says who asks.
const IDENTIFIED: &[Code] = &[
    Code::NoClientCertificate,
    Code::UnknownCertificate,
    Code::CertificateRevoked,
    Code::CertificateExpired,
    Code::CertificateNotYetValid,
    Code::RequestParameterInvalid,
    Code::TooManyRequests,
    Code::QuotaUsedUp,
    Code::Unavailable,
    Code::NoRoom,
];
const ONLINE_USER: &[Code] = &[
    Code::CertificateOfPerson,
    Code::RegistrationExpired,
    Code::OnlineUserSuspended,
    Code::IpAddressNotAllowed,
    // Rights can end while the exchange works.
    Code::ReportAccountNotGranted,
];
const OPERATOR: &[Code] = &[Code::PersonCertificateRequired, Code::PersonNotRegistered, Code::RoleMissing];
/// Where a code says who asks.
const ENROLLING: &[Code] = &[
    Code::PickUpCodeInvalid,
    Code::PickUpCodeExpired,
    Code::PickUpCodeUsed,
    Code::PickUpCodeOfOtherKind,
    Code::RegistrationExpired,
    Code::CertificatesNotIssued,
    Code::RequestParameterInvalid,
    Code::QuotaUsedUp,
    Code::Unavailable,
    Code::NoRoom,
];
/// Of every body.
const WITH_BODY: &[Code] = &[Code::TruncatedXml, Code::MessageTooLarge, Code::RequestTimeout, Code::MemoryUsedUp];

/// The codes of a route by their HTTP status, ascending.
pub(super) fn by_status(routes: &[&Route], operation: &Operation) -> BTreeMap<u16, Vec<Code>> {
    let mut codes: Vec<Code> = EVERYWHERE.iter().chain(operation.problems.iter().copied().flatten()).copied().collect();
    codes.extend(Code::ALL.iter().filter(|code| status_of(**code) == Some(INTERNAL_ERROR)));
    for route in routes {
        if route.path.contains('{') {
            codes.extend(WITH_VARIABLE_PATH);
        }
        if route.listeners == Listeners::Clients && route.method != Method::Get {
            codes.push(Code::RequestOfPage);
        }
        match route.listeners {
            Listeners::Clients if route.is_for_operators() => codes.extend(IDENTIFIED.iter().chain(OPERATOR)),
            Listeners::Clients | Listeners::Both | Listeners::Everywhere => {
                codes.extend(IDENTIFIED.iter().chain(ONLINE_USER));
            }
            Listeners::Enrollment => codes.extend(ENROLLING),
            Listeners::Plain => (),
        }
    }
    // The outcome of a submission is also that of its body, which was read before.
    if operation.reads_messages {
        codes.extend(of_messages());
    }
    match operation.body {
        Body::None => (),
        Body::Message(_) => codes.extend(WITH_BODY.iter().copied().chain(of_messages())),
        Body::Json(_) => {
            codes.extend(WITH_BODY.iter().chain(&[Code::ApplicationUnreadable, Code::ContentEncodingNotSupported]))
        }
        Body::File => codes.extend(WITH_BODY.iter().chain(&[Code::ContentEncodingNotSupported])),
        Body::CertificateRequest | Body::Anything => codes.extend(WITH_BODY),
    }
    codes.sort_unstable();
    codes.dedup();
    let mut by_status = BTreeMap::<u16, Vec<Code>>::new();
    for code in codes {
        by_status.entry(status_of(code).unwrap_or(UNPROCESSABLE)).or_default().push(code);
    }
    by_status
}

/// What can happen everywhere.
const INTERNAL_ERROR: u16 = 500;
/// The status of codes that usually stand in a pain.002.
const UNPROCESSABLE: u16 = 422;

/// What can be wrong with the form of a message.
fn of_messages() -> impl Iterator<Item = Code> {
    Code::ALL.iter().copied().filter(|code| code.group() == Group::Form)
}

/// A response with the codes that it can have.
pub(super) fn response(status: u16, codes: &[Code]) -> Value {
    json!({ "$ref": format!("#/components/responses/{}", name(status)), "description": titles(codes) })
}

/// The codes alone, by status, for programs.
pub(super) fn codes(by_status: &BTreeMap<u16, Vec<Code>>) -> Value {
    let ids = |codes: &Vec<Code>| codes.iter().map(|code| code.id()).collect::<Vec<_>>();
    Value::Object(by_status.iter().map(|(status, codes)| (status.to_string(), json!(ids(codes)))).collect())
}

fn titles(codes: &[Code]) -> String {
    let title = |code: &Code| format!("{}: {}", code.id(), code.entry().title.in_language(Language::English));
    codes.iter().map(title).collect::<Vec<_>>().join("; ")
}

const STATUSES: [(u16, &str); 13] = [
    (400, "BadRequest"),
    (401, "Unauthorized"),
    (403, "Forbidden"),
    (404, "NotFound"),
    (406, "NotAcceptable"),
    (408, "RequestTimeout"),
    (409, "Conflict"),
    (413, "ContentTooLarge"),
    (415, "UnsupportedMediaType"),
    (422, "UnprocessableContent"),
    (429, "TooManyRequests"),
    (500, "InternalServerError"),
    (503, "ServiceUnavailable"),
];

fn name(status: u16) -> &'static str {
    STATUSES.iter().find(|(known, _)| *known == status).map_or("Problem", |(_, name)| name)
}

/// The responses that all routes share, by their names.
pub(super) fn responses(problem: &Value) -> Value {
    let response = |(status, name): &(u16, &str)| {
        let mut content = Map::new();
        for media_type in [media::PROBLEM_JSON, media::PROBLEM_XML] {
            content.insert(media_type.to_owned(), written(media_type, problem));
        }
        let described = json!({ "description": format!("A problem with status {status}."), "content": content, "headers": fields::of_problem(*status) });
        ((*name).to_owned(), described)
    };
    Value::Object(STATUSES.iter().map(response).collect())
}

/// A problem in one of its two forms.
fn written(media_type: &str, problem: &Value) -> Value {
    if media_type == media::PROBLEM_JSON { json!({ "schema": problem }) } else { json!({}) }
}
