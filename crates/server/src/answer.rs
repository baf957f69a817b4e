//! Writes answers: ISO 20022 messages, JSON, and failures as problem details.

use axum::body::{Body, Bytes};
use axum::http::header::{ALLOW, CONNECTION, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use exchange::Failure;
use protocol::media::Form;
use protocol::{Problem, ProblemFinding, TextsInBothLanguages, headers, media, problem, routes, status_of};
use rulebook::Code;
use serde::Serialize;

use crate::context::RequestContext;
use crate::quotas::QuotaExceeded;
use crate::service::Service;
use crate::shares::ShareExceeded;

/// A failure on its way to the layer that knows language and form.
#[derive(Clone)]
pub(crate) struct Refused(pub(crate) Failure);

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Refused {
        Refused(failure)
    }
}

impl From<Code> for Refused {
    fn from(code: Code) -> Refused {
        Refused(Failure::new(code))
    }
}

impl From<ShareExceeded> for Refused {
    fn from(spent: ShareExceeded) -> Refused {
        Refused(spent.into())
    }
}

impl From<QuotaExceeded> for Refused {
    fn from(exceeded: QuotaExceeded) -> Refused {
        Refused(exceeded.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = status(self.0.code).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The result of a handler.
pub(crate) type Answer = Result<Response, Refused>;

/// The HTTP status of a failure. A code that normally appears only in a pain.002 can still refuse a whole message.
fn status(code: Code) -> StatusCode {
    let number = status_of(code).unwrap_or(422);
    // Invariant: `status_of` gives statuses between 400 and 599; its tests walk the whole catalogue.
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// An ISO 20022 message.
pub(crate) fn message(message_type: impl std::fmt::Display, xml: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(xml));
    let fields = response.headers_mut();
    fields.insert(CONTENT_TYPE, HeaderValue::from_static(media::XML_UTF8));
    set(&mut response, headers::X_MESSAGE_TYPE, &message_type.to_string());
    response
}

/// A value as JSON.
pub(crate) fn json(value: &impl Serialize) -> Answer {
    Ok(written_json(json_text(value)?.into()))
}

/// A value as JSON, as bytes of UTF-8.
pub(crate) fn json_text(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    protocol::json::line(value)
        .map_err(|error| Failure::unexpected(format_args!("an answer cannot be written as JSON: {error}")))
}

/// JSON that is written already.
pub(crate) fn written_json(text: Bytes) -> Response {
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media::JSON));
    response
}

/// Sets a header field. Values come from us and are printable; one that is not is left out, and the log says so.
pub(crate) fn set(response: &mut Response, name: &'static str, value: &str) {
    match HeaderValue::from_str(value) {
        Ok(value) => drop(response.headers_mut().insert(HeaderName::from_static(name), value)),
        Err(error) => tracing::error!(name, %error, "a header field is left out"),
    }
}

/// Turns a response that carries a failure into problem details.
pub(crate) fn write_problem(response: &mut Response, failure: &Failure, context: &RequestContext, service: &Service) {
    service.measures().problem(failure.code);
    let problem = problem_of(failure, context, service);
    let (media_type, body) = match context.problem_form {
        Form::ProblemXml => (media::PROBLEM_XML, problem.to_xml()),
        _ => (media::PROBLEM_JSON, problem.to_json()),
    };
    let allow = response.headers_mut().remove(ALLOW);
    *response = Response::new(Body::from(body));
    *response.status_mut() = status(failure.code);
    let fields = response.headers_mut();
    fields.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    fields.insert(CONTENT_LANGUAGE, HeaderValue::from_static(context.language.tag()));
    if let Some(allow) = allow {
        fields.insert(ALLOW, allow);
    }
    if let Some(seconds) = problem.retry_after_seconds {
        fields.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if response.status() == StatusCode::UNAUTHORIZED {
        // RFC 9110, 15.5.2 wants a challenge; there is no registered scheme for client certificates.
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("ClientCertificate realm=\"tdam\""));
    }
    if matches!(failure.code, Code::NoClientCertificate | Code::RequestFraming) {
        // A connection cannot get a certificate later, so the client must make another one anyway. And the end of an
        // ambiguous request is unknown.
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
}

fn problem_of(failure: &Failure, context: &RequestContext, service: &Service) -> Problem {
    let entry = failure.code.entry();
    let findings = failure.findings.iter().take(problem::FINDINGS_MAX);
    Problem {
        type_uri: routes::catalogue_entry(failure.code.id()),
        title: entry.title.in_language(context.language).to_owned(),
        status: status(failure.code).as_u16(),
        detail: Some(failure.sentence(context.language)).filter(|sentence| !sentence.is_empty()),
        instance: Some(context.path.clone()),
        code: failure.code.id().to_owned(),
        iso_reason: entry.iso_reason.map(str::to_owned),
        remedy: entry.advice(context.language, &failure.detail, &failure.expected),
        request_id: context.id.clone(),
        findings: findings.map(|finding| finding_of(finding, context)).collect(),
        findings_total: failure.findings_total,
        retry_after_seconds: failure.retry_after.map(|wait| wait.as_secs().max(1)),
        documentation: service.documentation(failure.code),
        support: service.support(context.language).filter(|_| needs_a_person(failure.code)),
        texts: TextsInBothLanguages::of(entry),
    }
}

/// Whether a program can do nothing about a failure, and its people can do little without the house.
fn needs_a_person(code: Code) -> bool {
    code == Code::SubmissionSetAside || matches!(status(code).as_u16(), 401 | 403 | 500..)
}

fn finding_of(finding: &exchange::ReportedFinding, context: &RequestContext) -> ProblemFinding {
    let told = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    ProblemFinding {
        code: finding.code.id().to_owned(),
        message: finding.sentence(context.language).to_owned(),
        line: Some(finding.line).filter(|line| *line != 0),
        column: Some(finding.column).filter(|column| *column != 0),
        path: told(&finding.path),
        rule: told(&finding.rule),
        value: told(&finding.value),
    }
}
