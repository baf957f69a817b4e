//! `/health` on the plain listener: what monitoring and load balancers ask.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use protocol::Health;

use crate::answer::{self, Answer};
use crate::service::Service;

/// `GET`: 200 when the service is alive and its store answers, otherwise 503.
pub(crate) async fn check(State(service): State<Arc<Service>>) -> Answer {
    let is_ready = service.exchange().operator().business_day().await.is_ok();
    let status = if is_ready { "ok" } else { "unavailable" };
    let mut response =
        answer::json(&Health { status: status.to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() })?;
    if !is_ready {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    Ok(response)
}
