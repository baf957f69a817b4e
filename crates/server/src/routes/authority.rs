//! The authorities on the plain listener: `/ca.pem`, the certificates that clients must trust, and what they have revoked: `/ca.crl`, the
//! list of the first one, and `/crl.pem`, the lists of all. A list in DER is one; programs that check lists take several in one PEM file.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use protocol::media;
use rulebook::Code;

use crate::answer::Answer;
use crate::service::Service;

/// `GET`: the authorities' certificates.
pub(crate) async fn certificate(State(service): State<Arc<Service>>) -> Answer {
    let pem = service.authority_pem().ok_or(Code::NotFound)?;
    let mut response = Response::new(Body::from(pem.as_str().to_owned()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media::PEM));
    Ok(response)
}

/// `GET`: the newest revocation list (DER).
pub(crate) async fn revocation_list(State(service): State<Arc<Service>>) -> Answer {
    let list = service.exchange().revocation_list().ok_or(Code::NotFound)?;
    let mut response = Response::new(Body::from(list.der.clone()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media::REVOCATION_LIST));
    Ok(response)
}

/// `GET`: the newest revocation list of each authority (PEM).
pub(crate) async fn revocation_lists(State(service): State<Arc<Service>>) -> Answer {
    let lists = service.exchange().revocation_lists().borrow().clone();
    let pem: String = lists.iter().map(|list| pki::revocation_list_pem(&list.der)).collect();
    if pem.is_empty() {
        return Err(Code::NotFound.into());
    }
    let mut response = Response::new(Body::from(pem));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media::PEM));
    Ok(response)
}
