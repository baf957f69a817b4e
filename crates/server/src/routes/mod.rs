//! The routes. Each file is one noun; handlers translate between HTTP and the exchange and decide nothing.
//! [`protocol::routes::ROUTES`] has the forms of each route's answers; tests ask each of them.

mod accounts;
mod applications;
mod authority;
mod cancellation;
mod certificates;
mod enrollment;
mod errors;
mod guide;
mod health;
mod heartbeat;
mod index;
mod libraries;
mod limits;
mod metrics;
mod openapi;
mod path;
mod payments;
mod persons;
mod query;
mod quotas;
mod reports;
mod schemas;
mod signature_check;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get, post};
use protocol::routes::{self as paths, Method, ROUTES, Route};

use crate::identity::{no_such_method, no_such_route};
use crate::request_layer::{of_client, of_enrollment, of_everybody, of_metrics};
use crate::service::Service;

/// What clients reach with their certificate.
pub(crate) fn secure(service: Arc<Service>) -> Router {
    router(Route::is_for_clients, get(index::of_clients))
        .layer(from_fn_with_state(Arc::clone(&service), of_client))
        .with_state(service)
}

/// Routes that everyone may read, without TLS.
pub(crate) fn plain(service: Arc<Service>) -> Router {
    router(Route::is_plain, get(index::of_everybody))
        .fallback(guide::elsewhere)
        .layer(from_fn_with_state(Arc::clone(&service), of_everybody))
        .with_state(service)
}

/// What those reach who have no certificate yet, but a code.
pub(crate) fn for_enrollment(service: Arc<Service>) -> Router {
    router(Route::is_for_enrollment, get(index::for_enrollment))
        .layer(from_fn_with_state(Arc::clone(&service), of_enrollment))
        .with_state(service)
}

/// What Prometheus reads, on the listener that is for nothing else. It is no route of the interface for clients.
pub(crate) fn metrics(service: Arc<Service>) -> Router {
    Router::new().route("/metrics", get(metrics::scrape)).layer(from_fn(of_metrics)).with_state(service)
}

/// The routes of one listener, each in the form that its client prefers. What stands at `/` is the listener's own.
fn router(is_here: impl Fn(&Route) -> bool, index: MethodRouter<Arc<Service>>) -> Router<Arc<Service>> {
    let mut here: Vec<(Method, &str)> =
        ROUTES.iter().filter(|route| is_here(route)).map(|route| (route.method, route.path)).collect();
    // Routes that differ only in a query parameter have one handler.
    here.dedup();
    let add = |router: Router<_>, (method, path)| match path {
        paths::INDEX => router.route(path, index.clone()),
        path => router.route(path, handler(method, path)),
    };
    here.into_iter().fold(Router::new(), add).fallback(no_such_route).method_not_allowed_fallback(no_such_method)
}

fn handler(method: Method, path: &str) -> MethodRouter<Arc<Service>> {
    match (method, path) {
        (Method::Post, paths::PAYMENTS) => post(payments::submit),
        (Method::Get, paths::PAYMENTS) => get(payments::status),
        (Method::Post, paths::PAYMENTS_CANCEL) => post(cancellation::cancel),
        (Method::Post, paths::REPORTS) => post(reports::order),
        (Method::Get, paths::REPORT) => get(reports::page),
        (Method::Get, paths::ACCOUNTS) => get(accounts::list),
        (Method::Get, paths::HEARTBEAT) => get(heartbeat::beat),
        (Method::Get, paths::QUOTAS) => get(quotas::left),
        (Method::Get, paths::CERTIFICATE_RULES) => get(certificates::rules),
        (Method::Post, paths::CERTIFICATES) => post(certificates::renew),
        (Method::Post, paths::SIGNATURE_CHECK) => post(signature_check::check),
        (Method::Get, paths::APPLICATIONS) => get(applications::list),
        (Method::Post, paths::APPLICATIONS) => post(applications::enter),
        (Method::Get, paths::APPLICATION) => get(applications::show),
        (Method::Post, paths::APPLICATION_CONTENT) => post(applications::rewrite),
        (Method::Post, paths::APPLICATION_FILE) => post(applications::files::attach),
        (Method::Get, paths::APPLICATION_FILE) => get(applications::files::give_back),
        (Method::Post, paths::APPLICATION_VERIFY) => post(applications::decisions::verify),
        (Method::Post, paths::APPLICATION_SUBMIT) => post(applications::decisions::submit),
        (Method::Post, paths::APPLICATION_CHECK) => post(applications::decisions::check),
        (Method::Post, paths::APPLICATION_APPROVE) => post(applications::decisions::approve),
        (Method::Post, paths::APPLICATION_REJECT) => post(applications::decisions::reject),
        (Method::Post, paths::APPLICATION_WITHDRAW) => post(applications::decisions::withdraw),
        (Method::Post, paths::APPLICATION_CODE) => post(applications::codes::make),
        (Method::Post, paths::APPLICATION_CERTIFICATE) => post(applications::codes::certify),
        (Method::Get, paths::PERSONS) => get(persons::list),
        (Method::Get, paths::LIMITS) => get(limits::list),
        (Method::Get, paths::ENROLLMENT) => get(enrollment::rules),
        (Method::Post, paths::ENROLLMENT) => post(enrollment::enrol),
        (Method::Post, paths::ENROLLMENT_KEY_STORE) => post(enrollment::pick_up),
        (Method::Get, paths::ERRORS) => get(errors::list),
        (Method::Get, paths::ERROR) => get(errors::entry),
        (Method::Get, paths::SCHEMAS) => get(schemas::list),
        (Method::Get, paths::SCHEMA) => get(schemas::schema),
        (Method::Get, paths::LIBRARIES) => get(libraries::list),
        (Method::Get, paths::LIBRARY) => get(libraries::archive),
        (Method::Get, paths::LIBRARY_SIGNATURE) => get(libraries::signature),
        (Method::Get, paths::GUIDE) => get(guide::contents),
        (Method::Get, paths::GUIDE_PAGE) => get(guide::page),
        (Method::Get, paths::OPENAPI) => get(openapi::describe),
        (Method::Get, paths::HEALTH | paths::HEALTH_READY) => get(health::ready),
        (Method::Get, paths::HEALTH_LIVE) => get(health::live),
        (Method::Get, paths::AUTHORITY_CERTIFICATE) => get(authority::certificate),
        (Method::Get, paths::REVOCATION_LIST) => get(authority::revocation_list),
        (Method::Get, paths::REVOCATION_LISTS) => get(authority::revocation_lists),
        // The table is a constant: the first start reveals a route without a handler.
        (method, path) => unreachable!("no handler of {} {path}", method.name()),
    }
}
