//! One request: is it admitted, does it pass, its body, the call to the exchange, the answer.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use client::{Client, ErrorKind, Forward};
use hyper::body::Incoming;
use hyper::{Request, Response};
use jiff::Timestamp;
use protocol::headers;
use rulebook::Code;

use crate::admission::{self, OwnNames};
use crate::faults::{Asked, Fault, shown};
use crate::health::State;
use crate::outgoing::{self, AnswerBody};
use crate::passing::{self, Closed, Passage};
use crate::spool::Intake;

/// Answers the requests of all connections.
pub(crate) struct Handler {
    pub(crate) client: Client,
    pub(crate) state: Arc<State>,
    pub(crate) own_names: OwnNames,
    pub(crate) signs: bool,
    pub(crate) spool: PathBuf,
    pub(crate) body_bytes_max: u64,
    /// How long a program may stall while it sends its body or reads its answer.
    pub(crate) idle: Duration,
    /// How long it may take to send it in all.
    pub(crate) whole: Duration,
}

impl Handler {
    pub(crate) async fn answer(&self, request: Request<Incoming>) -> Response<AnswerBody> {
        let begun = Instant::now();
        let asked = Asked::of(request.uri().path(), request.headers(), made_up_id);
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let is_head = method == hyper::Method::HEAD;
        let response = match self.pass(request, &asked).await {
            Ok(response) => response,
            Err(fault) => outgoing::problem(&fault, &asked, is_head),
        };
        let (status, ms) = (response.status().as_u16(), begun.elapsed().as_millis());
        // Without the query, which has identifications of messages.
        tracing::info!(%method, path, status, ms, request_id = asked.request_id, "answered");
        response
    }

    async fn pass(&self, request: Request<Incoming>, asked: &Asked) -> Result<Response<AnswerBody>, Fault> {
        let (head, body) = request.into_parts();
        admission::admit(&head.uri, &head.headers, &self.own_names)?;
        let path = head.uri.path();
        let passage = passing::passage(head.method.as_str(), path).map_err(|closed| match closed {
            Closed::NoSuchPath => Fault::new(Code::NotFound).value(&shown(path.as_bytes())),
            Closed::NoSuchMethod(allow) => {
                let fault = Fault::new(Code::MethodNotAllowed).value(head.method.as_str()).expected(&allow.join(", "));
                fault.allowing(allow)
            }
        })?;
        let target = head.uri.path_and_query().map_or(path, |target| target.as_str());
        // Kept until the answer's head is there: its file is what each attempt reads.
        let mut message = None;
        let forward = match passage {
            Passage::Health => {
                return Ok(outgoing::health(&self.state.health(&self.client), head.method == hyper::Method::HEAD));
            }
            Passage::Get => Forward::get(target),
            Passage::Head => Forward::head(target),
            Passage::Post { signed } => {
                let intake = Intake { folder: &self.spool, bytes_max: self.body_bytes_max, idle: self.idle };
                let taken_in = tokio::time::timeout(self.whole, intake.take_in(body)).await;
                let taken_in = taken_in.map_err(|_| Fault::new(Code::RequestTimeout).closing())??;
                let taken_in = message.insert(taken_in);
                tracing::debug!(bytes = taken_in.bytes, request_id = asked.request_id, "taken in");
                Forward::post(target, taken_in.body.clone()).signed(signed)
            }
        };
        let fields = passing::of_request(&head.headers, self.signs).into_iter();
        let fields = fields.filter(|(name, _)| name != headers::X_REQUEST_ID);
        let forward = fields.fold(forward, |forward, (name, value)| forward.field(name, value));
        let forward = forward.field(headers::X_REQUEST_ID, &asked.request_id);
        match self.client.forward(forward).await {
            Ok(answer) => {
                self.state.reached();
                Ok(outgoing::passed_on(answer, passage == Passage::Head))
            }
            Err(error) => Err(self.unanswered(&error, asked)),
        }
    }

    /// The exchange gave no answer.
    fn unanswered(&self, error: &client::Error, asked: &Asked) -> Fault {
        tracing::warn!(%error, request_id = asked.request_id, "the exchange gave no answer");
        let code = match error.kind() {
            ErrorKind::Input => return Fault::new(Code::MessageNotKeptByProxy),
            ErrorKind::Tls | ErrorKind::Configuration | ErrorKind::Unexpected => Code::ExchangeNotTrusted,
            _ => Code::ExchangeNotReached,
        };
        self.state.failed(error);
        Fault::new(code).value(self.state.url()).given(&error.attempts().to_string())
    }
}

/// An id that no other request has: the process's start and a count.
fn made_up_id() -> String {
    static START: LazyLock<i64> = LazyLock::new(|| Timestamp::now().as_microsecond());
    static COUNT: AtomicU64 = AtomicU64::new(1);
    format!("proxy-{:x}-{:x}", *START, COUNT.fetch_add(1, Ordering::Relaxed))
}
