//! The one layer of every route: makes the context of a request, lets only those pass that may, and ends the answer.
//!
//! It turns a failure that a handler left in its response into problem details: handlers need not know the error's
//! reader, language or form. One layer instead of one for each step, since each layer moves the request and the answer and
//! allocates their futures anew.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONNECTION, CONTENT_LANGUAGE};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use protocol::{headers, routes};
use tracing::{Instrument as _, field};

use crate::access_log::AccessLine;
use crate::answer::{self, Refused};
use crate::body::lingering_close;
use crate::compress::{compressed, vary};
use crate::context::RequestContext;
use crate::framing::{AfterAnswer, unambiguous};
use crate::identity::{address_of, identify, identify_person};
use crate::negotiation::negotiate;
use crate::page_request::of_program;
use crate::service::Service;

/// Answers the request of a client, if the exchange says who that is.
pub(crate) async fn of_client(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    in_context(service, request, next, Asks::Client).await
}

/// Answers a request of anybody.
pub(crate) async fn of_everybody(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    in_context(service, request, next, Asks::Anybody).await
}

/// Answers a request of somebody who has no certificate yet, if the address has not asked too often.
pub(crate) async fn of_enrollment(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    in_context(service, request, next, Asks::Stranger).await
}

/// Who may ask on a listener.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Client,
    Stranger,
    Anybody,
}

/// Answers who reads the metrics: without context, since nothing of it is logged.
pub(crate) async fn of_metrics(request: Request, next: Next) -> Result<Response, Refused> {
    let after = unambiguous(&request)?;
    Ok(closing(next.run(request).await, after))
}

/// Puts a request into its context, lets it be answered, and ends the answer.
async fn in_context(service: Arc<Service>, mut request: Request, next: Next, asks: Asks) -> Response {
    let context = Arc::new(RequestContext::of(&request));
    let line = AccessLine::begin(&request, Arc::clone(&context), Arc::clone(&service));
    request.extensions_mut().insert(Arc::clone(&context));

    // Everything that is done for the request logs within it. Who asks is noted when it is known.
    let id = context.id.as_str();
    let span = tracing::info_span!("request", request_id = id, online_user = field::Empty, person = field::Empty);
    let answering = answer(&service, &context, lingering_close(request), next, asks);
    let mut response = answering.instrument(span).await.unwrap_or_else(|refused| refused.into_response());
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
    if let Some(warning) = context.warning() {
        answer::set(&mut response, headers::X_EXCHANGE_WARNING, warning);
    }
    line.end(&response);
    response
}

async fn answer(
    service: &Service,
    context: &RequestContext,
    mut request: Request,
    next: Next,
    asks: Asks,
) -> Result<Response, Refused> {
    let after = unambiguous(&request)?;
    if asks == Asks::Client {
        of_program(&request)?;
    }
    // Of the path as it came: one that is written otherwise fits no route.
    let is_of_operator = asks == Asks::Client && request.uri().path().starts_with(routes::OPERATOR);
    let response = if is_of_operator {
        let _place = identify_person(service, context, &mut request).await?;
        negotiate(&mut request)?;
        next.run(request).await
    } else if asks == Asks::Client {
        let identified = identify(service, context, &mut request).await?;
        negotiate(&mut request)?;
        identified.answered_by(service, next.run(request)).await?
    } else {
        if asks == Asks::Stranger {
            service.quotas().take_enrolment(address_of(&request)?)?;
        }
        negotiate(&mut request)?;
        next.run(request).await
    };
    Ok(closing(response, after))
}

fn closing(mut response: Response, after: AfterAnswer) -> Response {
    if after == AfterAnswer::Close {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
