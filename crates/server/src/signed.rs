//! The signature of a submission (RFC 9421): the request as it was signed, and the key of the connection's certificate.
//!
//! A request without signature fields costs three look-ups. The exchange verifies, and decides whether one is demanded.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::header::{CONTENT_ENCODING, HOST};
use axum::http::{HeaderMap, HeaderName};
use exchange::{Caller, Failure, SignedBody, SigningCertificate};
use protocol::headers;
use rulebook::Code;

use crate::bounds::SIGNED_FIELDS_MAX;
use crate::connections::OpenConnection;
use crate::service::Service;

/// The request as it was signed; `None` when it has no signature.
///
/// # Errors
/// When it is packed: the digest covers the bytes as they travel, and the exchange keeps them unpacked.
pub(crate) fn signed(request: &Request) -> Result<Option<signatures::Request>, Failure> {
    let fields = request.headers();
    if ![headers::SIGNATURE_INPUT, headers::SIGNATURE].into_iter().any(|name| fields.contains_key(name)) {
        return Ok(None);
    }
    match encoding(fields) {
        None => Ok(Some(as_signed(request))),
        Some(encoding) => Err(Failure::new(Code::SignedContentEncoded).with_detail(encoding)),
    }
}

/// How a body is packed that must not be; `None` when it is plain.
pub(crate) fn encoding(fields: &HeaderMap) -> Option<String> {
    if !fields.contains_key(CONTENT_ENCODING) {
        return None;
    }
    let encoding = joined(fields, &CONTENT_ENCODING).unwrap_or_else(|| "?".to_owned());
    Some(encoding).filter(|encoding| !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity"))
}

/// Verifies the signature of a request before anything of its body is read.
pub(crate) async fn verified(
    service: &Service,
    caller: &Caller,
    connection: &OpenConnection,
    request: Option<signatures::Request>,
) -> Result<Option<SignedBody>, Failure> {
    let signer = if request.is_some() { signer(service, connection) } else { None };
    service.exchange().signature_of(caller, request.as_ref(), signer).await
}

/// The certificate of the connection, with the authorities above it that the client showed or the server knows.
pub(crate) fn signer(service: &Service, connection: &OpenConnection) -> Option<Arc<SigningCertificate>> {
    let known = || {
        let published = service.authority_pem().and_then(|pem| pki::certificates_der(&pem).ok()).unwrap_or_default();
        let outside = service.exchange().outside_authorities().into_iter();
        published.into_iter().chain(outside.flat_map(|it| std::iter::once(it.certificate).chain(it.above))).collect()
    };
    connection.signer(known)
}

/// The request as it is signed.
pub(crate) fn as_signed(request: &Request) -> signatures::Request {
    let (fields, uri) = (request.headers(), request.uri());
    let field = |name: &'static str| joined(fields, &HeaderName::from_static(name));
    let host = uri.authority().map(|authority| authority.as_str().to_owned()).or_else(|| joined(fields, &HOST));
    signatures::Request {
        method: request.method().as_str().to_owned(),
        authority: signatures::Request::normal_authority(&host.unwrap_or_default()),
        path_and_query: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        content_digest: field(headers::CONTENT_DIGEST),
        signature_input: field(headers::SIGNATURE_INPUT),
        signature: field(headers::SIGNATURE),
        fields: fields
            .keys()
            .take(SIGNED_FIELDS_MAX)
            .filter_map(|name| Some((name.as_str().to_owned(), joined(fields, name)?)))
            .collect(),
    }
}

/// The values of a field, joined as RFC 9421 (2.1) joins them. `None`: it is absent, or no text.
fn joined(fields: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Option<Vec<&str>> =
        fields.get_all(name).iter().map(|value| value.to_str().ok().map(str::trim)).collect();
    values.filter(|values| !values.is_empty()).map(|values| values.join(", "))
}
