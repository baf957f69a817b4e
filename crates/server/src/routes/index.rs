//! `/`: the name of the service, its routes, and where people find help.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use protocol::routes::{ROUTES, Route};
use protocol::{RouteDescription, ServiceDescription};

use crate::answer::{self, Answer};
use crate::context::RequestContext;
use crate::service::Service;

type Context = Extension<Arc<RequestContext>>;

/// `GET` on the listener for clients.
pub(crate) async fn of_clients(service: State<Arc<Service>>, context: Context) -> Answer {
    // Online users cannot use the routes of operators.
    describe(&service, &context, |route| route.is_for_clients() && !route.is_for_operators())
}

/// `GET` on the plain listener.
pub(crate) async fn of_everybody(service: State<Arc<Service>>, context: Context) -> Answer {
    describe(&service, &context, Route::is_plain)
}

/// `GET` on the listener for enrolment.
pub(crate) async fn for_enrollment(service: State<Arc<Service>>, context: Context) -> Answer {
    describe(&service, &context, Route::is_for_enrollment)
}

fn describe(service: &Service, context: &RequestContext, is_here: impl Fn(&Route) -> bool) -> Answer {
    answer::json(&ServiceDescription {
        service: service.exchange().house_name(context.language).to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        routes: ROUTES.iter().filter(|route| is_here(route)).map(RouteDescription::of).collect(),
        support: service.support(context.language),
    })
}
