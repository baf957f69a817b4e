//! One line in the log for each request, and what the metrics count of it: enough to find and to measure it, nothing of what
//! was in it.
//!
//! Never logged: bodies, certificates, IBANs, queries (they hold message ids). The log has the route's template instead
//! of the path, and the id of the online user or of the person.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::HttpBody as _;
use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::response::Response;
use tracing::info;

use crate::context::RequestContext;
use crate::measures::{RoutePlace, UnderWay};
use crate::service::Service;

/// The log line of a request that is not answered yet. Dropped before it is ended, it says so: the client has left.
pub(crate) struct AccessLine {
    method: Method,
    route: Option<MatchedPath>,
    place: RoutePlace,
    context: Arc<RequestContext>,
    service: Arc<Service>,
    begun: Instant,
    is_answered: bool,
    _under_way: UnderWay,
}

impl AccessLine {
    pub(crate) fn begin(request: &Request, context: Arc<RequestContext>, service: Arc<Service>) -> AccessLine {
        let method = request.method().clone();
        let route = request.extensions().get::<MatchedPath>().cloned();
        let query = request.uri().query().unwrap_or_default();
        let place = service.measures().place_of(method.as_str(), route.as_ref().map(MatchedPath::as_str), query);
        let under_way = service.measures().request();
        let begun = Instant::now();
        AccessLine { method, route, place, context, service, begun, is_answered: false, _under_way: under_way }
    }

    pub(crate) fn end(mut self, response: &Response) {
        self.is_answered = true;
        let status = response.status().as_u16();
        let taken = self.begun.elapsed();
        self.service.measures().answered(self.place, Some(status), taken);
        self.write(status, taken, response.body().size_hint().exact(), "answered");
    }

    fn write(&self, status: u16, taken: Duration, bytes_out: Option<u64>, outcome: &str) {
        info!(
            target: "server::access",
            method = self.method.as_str(),
            route = self.route.as_ref().map_or("none", MatchedPath::as_str),
            status,
            duration_us = u64::try_from(taken.as_micros()).unwrap_or(u64::MAX),
            bytes_in = self.context.body_bytes(),
            bytes_out,
            request_id = %self.context.id,
            online_user = self.context.online_user(),
            person = self.context.person(),
            "{outcome}"
        );
    }
}

impl Drop for AccessLine {
    fn drop(&mut self) {
        if !self.is_answered {
            let taken = self.begun.elapsed();
            self.service.measures().answered(self.place, None, taken);
            self.write(0, taken, None, "the client left before the answer");
        }
    }
}
