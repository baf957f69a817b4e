//! One line in the log for each request: enough to find and to measure it, nothing of what was in it.
//!
//! Never logged: bodies, certificates, IBANs, queries (they hold message ids). The path is logged as the route's
//! template. Online users are logged by their id.

use std::sync::Arc;
use std::time::Instant;

use axum::body::HttpBody as _;
use axum::http::Method;
use axum::response::Response;
use tracing::info;

use crate::context::RequestContext;

/// The log line of a request that is not answered yet. Dropped before it is ended, it says so: the client has left.
pub(crate) struct AccessLine {
    method: Method,
    route: Option<String>,
    context: Arc<RequestContext>,
    begun: Instant,
    is_answered: bool,
}

impl AccessLine {
    pub(crate) fn begin(method: Method, route: Option<String>, context: Arc<RequestContext>) -> AccessLine {
        AccessLine { method, route, context, begun: Instant::now(), is_answered: false }
    }

    pub(crate) fn end(mut self, response: &Response) {
        self.is_answered = true;
        self.write(response.status().as_u16(), response.body().size_hint().exact(), "answered");
    }

    fn write(&self, status: u16, bytes_out: Option<u64>, outcome: &str) {
        info!(
            target: "server::access",
            method = self.method.as_str(),
            route = self.route.as_deref().unwrap_or("none"),
            status,
            duration_us = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX),
            bytes_in = self.context.body_bytes(),
            bytes_out,
            request_id = %self.context.id,
            online_user = self.context.online_user(),
            "{outcome}"
        );
    }
}

impl Drop for AccessLine {
    fn drop(&mut self) {
        if !self.is_answered {
            self.write(0, None, "the client left before the answer");
        }
    }
}
