//! The routes. Each file is one noun; handlers translate between HTTP and the exchange and decide nothing.

mod accounts;
mod authority;
mod errors;
mod health;
mod heartbeat;
mod path;
mod payments;
mod query;
mod reports;
mod schemas;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use protocol::routes as paths;

use crate::context::in_context;
use crate::hygiene::unambiguous;
use crate::identity::{identify, no_such_method, no_such_route};
use crate::service::Service;

/// What clients reach with their certificate.
pub(crate) fn secure(service: Arc<Service>) -> Router {
    Router::new()
        .route(paths::PAYMENTS, post(payments::submit).get(payments::status))
        .route(paths::REPORTS, post(reports::order))
        .route(paths::REPORT, get(reports::page))
        .route(paths::ACCOUNTS, get(accounts::list))
        .route(paths::HEARTBEAT, get(heartbeat::beat))
        .route(paths::ERRORS, get(errors::list))
        .route(paths::ERROR, get(errors::entry))
        .route(paths::SCHEMAS, get(schemas::list))
        .route(paths::SCHEMA, get(schemas::schema))
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn_with_state(Arc::clone(&service), identify))
        .layer(from_fn(unambiguous))
        .layer(from_fn_with_state(Arc::clone(&service), in_context))
        .with_state(service)
}

/// What everybody may read, without TLS.
pub(crate) fn plain(service: Arc<Service>) -> Router {
    Router::new()
        .route(paths::HEALTH, get(health::ready))
        .route(paths::HEALTH_READY, get(health::ready))
        .route(paths::HEALTH_LIVE, get(health::live))
        .route(paths::ERRORS, get(errors::list))
        .route(paths::ERROR, get(errors::entry))
        .route(paths::SCHEMAS, get(schemas::list))
        .route(paths::SCHEMA, get(schemas::schema))
        .route(paths::AUTHORITY_CERTIFICATE, get(authority::certificate))
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn(unambiguous))
        .layer(from_fn_with_state(Arc::clone(&service), in_context))
        .with_state(service)
}
