//! What a request takes from the quotas, by its route.

use axum::extract::MatchedPath;
use axum::http::Method;
use protocol::routes;

/// What a request takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charge {
    /// A request, outside the reserve.
    Request,
    /// A request, if need be from the reserve.
    FromReserve,
    /// Nothing.
    Nothing,
}

impl Charge {
    /// Of a request; one without a route counts too.
    pub(crate) fn of(method: &Method, route: Option<&MatchedPath>) -> Charge {
        let is_read = matches!(*method, Method::GET | Method::HEAD);
        match route.map(MatchedPath::as_str) {
            Some(routes::QUOTAS) if is_read => Charge::Nothing,
            Some(routes::HEARTBEAT | routes::PAYMENTS) if is_read => Charge::FromReserve,
            _ => Charge::Request,
        }
    }
}
