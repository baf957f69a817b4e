//! `/v1/heartbeat`: am I connected, as whom, and for how long.

use std::sync::Arc;

use axum::extract::State;

use crate::answer::{self, Answer};
use crate::identity::{Context, Identified};
use crate::overview;
use crate::service::Service;

/// `GET`: who the caller is, and when certificate and registration end.
pub(crate) async fn beat(
    State(service): State<Arc<Service>>,
    Identified(caller): Identified,
    Context(context): Context,
) -> Answer {
    let heartbeat = service.exchange().heartbeat(&caller).await?;
    answer::json(&overview::heartbeat(&heartbeat, context.language))
}
