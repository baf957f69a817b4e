//! `/health` on the plain listener, for monitoring and load balancers.
//!
//! The answer is the state that the exchange keeps of itself: a request waits for nothing and does not use the store.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use exchange::{Condition, Readiness};
use protocol::{Health, HealthCondition};
use rulebook::Language;

use crate::answer::{self, Answer};
use crate::context::RequestContext;
use crate::service::Service;

type Context = Extension<Arc<RequestContext>>;

/// `GET`: 200 while the node can serve, otherwise 503; with every condition that stands.
pub(crate) async fn ready(State(service): State<Arc<Service>>, Extension(context): Context) -> Answer {
    answer_if(&service, &context, |readiness| readiness < Readiness::NotReady)
}

/// `GET`: 503 when only a restart helps.
pub(crate) async fn live(State(service): State<Arc<Service>>, Extension(context): Context) -> Answer {
    answer_if(&service, &context, |readiness| readiness < Readiness::NotAlive)
}

fn answer_if(service: &Service, context: &RequestContext, is_well: impl Fn(Readiness) -> bool) -> Answer {
    let health = service.exchange().health();
    let readiness = health.readiness();
    let status = match readiness {
        Readiness::Ready => "ok",
        Readiness::ReadyWithAlarms => "alarm",
        Readiness::NotReady | Readiness::NotAlive => "unavailable",
    };
    let conditions = health.conditions().iter().map(|condition| shown(condition, context.language)).collect();
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let checked_at = health.checked_at().map(|at| format!("{at:.0}"));
    let mut response = answer::json(&Health { status: status.to_owned(), version, conditions, checked_at })?;
    if !is_well(readiness) {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    Ok(response)
}

fn shown(condition: &Condition, language: Language) -> HealthCondition {
    HealthCondition {
        condition: condition.alarm.id().to_owned(),
        severity: condition.alarm.severity().id().to_owned(),
        title: condition.alarm.title().in_language(language).to_owned(),
        reason: condition.reason.clone(),
        since: condition.since.to_string(),
    }
}
