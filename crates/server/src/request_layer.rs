//! The outermost layer of every route: makes the context of a request, and ends its answer.
//!
//! It turns a failure that a handler left in its response into problem details: handlers need not know the error's
//! reader, language or form.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use protocol::headers;
use tracing::{Instrument as _, field};

use crate::access_log::AccessLine;
use crate::answer::{self, Refused};
use crate::body::lingering_close;
use crate::compress::{compressed, vary};
use crate::context::RequestContext;
use crate::service::Service;

/// Puts a request into its context, lets it be answered, and ends the answer.
pub(crate) async fn in_context(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    let context = Arc::new(RequestContext::of(&request));
    let line = AccessLine::begin(&request, Arc::clone(&context), Arc::clone(&service));
    request.extensions_mut().insert(Arc::clone(&context));

    // Everything that is done for the request logs within it. Who asks is noted when it is known.
    let span = tracing::info_span!("request", request_id = context.id.as_str(), online_user = field::Empty);
    let mut response = next.run(lingering_close(request)).instrument(span).await;
    if let Some(Refused(failure)) = response.extensions_mut().remove::<Refused>() {
        answer::write_problem(&mut response, &failure, &context, &service);
    }
    // Long answers of clients were compressed before they were counted (`outgoing`).
    if context.accepts_gzip {
        response = compressed(response).await;
    }
    vary(&mut response);
    let fields = response.headers_mut();
    // What may be kept says so itself.
    fields.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    fields.entry(CONTENT_LANGUAGE).or_insert(HeaderValue::from_static(context.language.tag()));
    // Invariant: ids that are not safe in a header were not taken over.
    if let Ok(id) = HeaderValue::from_str(&context.id) {
        fields.insert(HeaderName::from_static(headers::X_REQUEST_ID), id);
    }
    line.end(&response);
    response
}
