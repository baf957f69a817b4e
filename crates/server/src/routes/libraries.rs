//! `/v1/libraries`: the client libraries, with what one needs to trust them.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use protocol::{LibraryList, headers, media};
use rulebook::Code;
use signatures::digest;

use super::path::Name;
use crate::answer::{self, Answer};
use crate::libraries::Library;
use crate::service::Service;

/// `GET`: which there are.
pub(crate) async fn list(State(service): State<Arc<Service>>) -> Answer {
    let libraries = service.libraries();
    answer::json(&LibraryList {
        libraries: libraries.libraries.iter().map(|library| library.overview.clone()).collect(),
        publication_key: libraries.publication_key_pem.clone(),
    })
}

/// `GET`: the archive of one language.
pub(crate) async fn archive(State(service): State<Arc<Service>>, Name(language): Name) -> Answer {
    let libraries = service.libraries();
    let library = libraries.of_language(&language).ok_or(Code::NotFound)?;
    let mut response = attachment(library.body(), media::ZIP, library, "");
    answer::set(&mut response, headers::CONTENT_DIGEST, &digest::field(&library.sha256));
    Ok(response)
}

/// `GET`: its signature.
pub(crate) async fn signature(State(service): State<Arc<Service>>, Name(language): Name) -> Answer {
    let libraries = service.libraries();
    let library = libraries.of_language(&language).ok_or(Code::NotFound)?;
    Ok(attachment(Body::from(library.signature.clone()), media::OCTETS, library, ".sig"))
}

fn attachment(body: Body, media_type: &'static str, library: &Library, ending: &str) -> Response {
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    // The name was checked when the archive was.
    let name = format!("attachment; filename=\"{}{ending}\"", library.overview.file);
    answer::set(&mut response, "content-disposition", &name);
    response
}
