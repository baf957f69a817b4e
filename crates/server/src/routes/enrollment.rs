//! `/v1/enrollment`: the first certificate, for those who have a code. On a listener of its own, with TLS and without certificate.
//!
//! The code comes as a bearer token (RFC 6750), so that it stands in no path and no log.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::Response;
use exchange::{CertificateChain, EnrolmentKind, EnrolmentRules, Stranger};
use protocol::enrollment::{self, EnrollmentRules};
use protocol::media;
use rulebook::Code;

use super::query::parameters;
use crate::answer::{self, Answer, Refused};
use crate::body;
use crate::context;
use crate::identity::{Context, From};
use crate::service::Service;

const SCHEME: &str = "bearer";

/// `GET`: what the code opens.
pub(crate) async fn rules(
    State(service): State<Arc<Service>>,
    Context(context): Context,
    From(address): From,
    fields: HeaderMap,
    uri: Uri,
) -> Answer {
    let [] = parameters(&uri, [])?;
    let code = code_of(&fields)?;
    let stranger = Stranger { address, request_id: context.id.clone() };
    answer::json(&shown(&service.exchange().enrolment_rules(&code, &stranger).await?))
}

/// `POST`: a certificate request; the answer is the certificate with its chain.
pub(crate) async fn enrol(
    State(service): State<Arc<Service>>,
    Context(context): Context,
    From(address): From,
    request: Request,
) -> Answer {
    let [] = parameters(request.uri(), [])?;
    let code = code_of(request.headers())?;
    let certificate_request = body::take_in_request(&service, &context, None, request).await?;
    let stranger = Stranger { address, request_id: context.id.clone() };
    let exchange = service.exchange().clone();
    let enrolled = async move { exchange.enrol(&code, &certificate_request, &stranger).await };
    Ok(chain(service.carry_through(enrolled).await?))
}

/// `POST`: the key store.
pub(crate) async fn pick_up(
    State(service): State<Arc<Service>>,
    Context(context): Context,
    From(address): From,
    request: Request,
) -> Answer {
    let [] = parameters(request.uri(), [])?;
    let code = code_of(request.headers())?;
    let stranger = Stranger { address, request_id: context.id.clone() };
    let exchange = service.exchange().clone();
    let file = service.carry_through(async move { exchange.pick_up_key_store(&code, &stranger).await }).await?;
    let mut response = Response::new(Body::from(file));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media::PKCS12));
    Ok(response)
}

/// The code that a request shows.
fn code_of(fields: &HeaderMap) -> Result<String, Refused> {
    let token = context::text(fields, &AUTHORIZATION).and_then(|value| value.trim().split_once(' '));
    let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case(SCHEME));
    token.map(|(_, code)| code.trim().to_owned()).ok_or_else(|| Code::PickUpCodeInvalid.into())
}

/// A certificate with its chain.
pub(super) fn chain(chain: CertificateChain) -> Response {
    let mut response = Response::new(Body::from(chain.pem));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media::PEM));
    response
}

/// Rules as clients read them.
pub(super) fn shown(rules: &EnrolmentRules) -> EnrollmentRules {
    let subject = enrollment::openssl_subject(&rules.organisation, &rules.common_name);
    EnrollmentRules {
        kind: match rules.kind {
            EnrolmentKind::Request => "request",
            EnrolmentKind::KeyStore | EnrolmentKind::KeyStoreTripleDes => "key_store",
        }
        .to_owned(),
        openssl: enrollment::openssl_command(&subject),
        subject,
        subject_alternative_name: rules.subject_alternative_name.clone(),
        keys: enrollment::KEYS.map(str::to_owned).to_vec(),
        signatures: enrollment::SIGNATURES.map(str::to_owned).to_vec(),
        registration_valid_until: rules.registration_valid_until.to_string(),
        code_valid_until: rules.code_valid_until.map(|at| format!("{at:.0}")),
        code_tries_left: rules.code_tries_left,
    }
}
