//! `/metrics` on a listener of its own: what Prometheus reads. It waits for nothing, and asks the store nothing.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};

use crate::service::Service;

/// `GET`: all metrics, in Prometheus' text format.
pub(super) async fn scrape(State(service): State<Arc<Service>>) -> Response {
    let text = service.exchange().metrics();
    ([(CONTENT_TYPE, HeaderValue::from_static(telemetry::CONTENT_TYPE))], text).into_response()
}
