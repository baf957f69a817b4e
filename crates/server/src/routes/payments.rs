//! `/v1/payments`: submits a pain.001, gives its status.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use exchange::{Held, MessageId, Mode, SubmitOptions, Submitted};
use protocol::media::Form;
use protocol::{headers, routes};

use super::query::{invalid, parameters};
use crate::answer::{self, Answer};
use crate::context::text;
use crate::identity::{Connected, Context, Identified, RequestPlace};
use crate::negotiation::Preferred;
use crate::outgoing::deliver;
use crate::service::Service;
use crate::{body, bounds, overview, signed};

/// `POST`: a pain.001 is answered with a pain.002, or with a receipt and a place to come back to.
pub(crate) async fn submit(
    State(service): State<Arc<Service>>,
    Identified(caller): Identified,
    Context(context): Context,
    RequestPlace(place): RequestPlace,
    Connected(peer): Connected,
    request: Request,
) -> Answer {
    // Before anything of the body is read.
    service.exchange().may_submit(&caller).await?;
    let [mode] = parameters(request.uri(), [routes::MODE])?;
    let mode = match mode.as_deref() {
        None => Mode::Execute,
        Some(routes::MODE_TEST) => Mode::Test,
        Some(_) => return Err(invalid(routes::MODE).into()),
    };
    let wait = Wait::of(request.headers(), &service);
    let signed = signed::signed(&request)?;
    let signed = signed::verified(&service, &caller, peer.connection(), signed).await?;
    let client = caller.identity().client.id;
    let received = body::take_in(&service, &context, &caller, request, service.limits().body_bytes_max).await?;
    // The work keeps its share until it is done, also when the client has left.
    let (held, waiting) = if received.size() > exchange::bounds::INLINE_BODY_BYTES_MAX as u64 {
        let turn = service.shares().turn_of_large(client).await?;
        (Held::new(turn), Some(service.shares().wait_idly(client, &place)?))
    } else {
        (Held::new(place.take()), None)
    };
    let options = SubmitOptions { request_id: context.id.clone(), wait: wait.time, mode, signed, held };
    let exchange = service.exchange().clone();
    let submitted = service.carry_through(async move { exchange.submit(&caller, received, options).await }).await?;
    drop(waiting);
    deliver(&service, &context, client, wait.applied(answer_of(submitted))).await
}

/// `GET`: the status of a message now (`msg_id`), or the result of a submission (`submission`).
pub(crate) async fn status(
    State(service): State<Arc<Service>>,
    Identified(caller): Identified,
    Context(context): Context,
    RequestPlace(place): RequestPlace,
    Preferred(form): Preferred,
    uri: Uri,
    fields: HeaderMap,
) -> Answer {
    let client = caller.identity().client.id;
    match parameters(&uri, [routes::MSG_ID, routes::SUBMISSION])? {
        [Some(message_id), None] if !message_id.is_empty() => {
            let _turn = service.shares().turn_to_read(client).await?;
            let response = if form == Form::Json {
                let status = service.exchange().status_overview(&caller, &message_id).await?;
                answer::json(&overview::message(&status, context.language))?
            } else {
                let status = service.exchange().status(&caller, &message_id).await?;
                answer::message(status.message_type, status.pain002)
            };
            deliver(&service, &context, client, response).await
        }
        [None, Some(submission)] => {
            let submission = submission.parse().map_err(|_| invalid(routes::SUBMISSION))?;
            let wait = Wait::of(&fields, &service);
            let waiting = service.shares().wait_idly(client, &place)?;
            let outcome = service.exchange().outcome(&caller, MessageId(submission), wait.time).await?;
            drop(waiting);
            deliver(&service, &context, client, wait.applied(answer_of(outcome))).await
        }
        _ => Err(invalid(routes::MSG_ID).into()),
    }
}

fn answer_of(submitted: Submitted) -> Response {
    match submitted {
        Submitted::Answer { message_type, pain002, repeated } => {
            let mut response = answer::message(message_type, pain002);
            answer::set(&mut response, headers::X_ANSWER_REPEATED, if repeated { "true" } else { "false" });
            response
        }
        Submitted::InProgress { submission, message_type, receipt } => {
            let mut response = answer::message(message_type, receipt);
            *response.status_mut() = StatusCode::ACCEPTED;
            answer::set(&mut response, "location", &routes::outcome_of_submission(submission.0));
            let seconds = bounds::OUTCOME_RETRY_AFTER.as_secs();
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
    }
}

/// How long the client is willing to wait, within what we are willing to.
struct Wait {
    time: Duration,
    is_asked_for: bool,
}

impl Wait {
    fn of(fields: &HeaderMap, service: &Service) -> Wait {
        let preferred = text(fields, &HeaderName::from_static(headers::PREFER)).and_then(headers::wait_seconds);
        let limits = service.limits();
        let time = preferred.map_or(limits.wait_default, Duration::from_secs).min(limits.wait_max);
        Wait { time, is_asked_for: preferred.is_some() }
    }

    /// Says in the answer which preference the server applied (RFC 7240, 3).
    fn applied(&self, mut response: Response) -> Response {
        if self.is_asked_for {
            let applied = format!("wait={}", self.time.as_secs());
            answer::set(&mut response, headers::PREFERENCE_APPLIED, &applied);
        }
        response
    }
}
