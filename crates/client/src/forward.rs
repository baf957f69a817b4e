//! Passes on the requests of another program, for a proxy beside a system that has no library: its words, our connection.
//!
//! The answer comes back as the exchange wrote it, a refusal too. Between the two the library does what it does for its own calls: it
//! signs submissions, and makes a call again with the same bytes when the connection was lost or the exchange says "not now".

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use protocol::headers;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue};

use crate::call::{Call, PassedOn, Reply};
use crate::document::GZIP;
use crate::send::ACCEPT_MESSAGE;
use crate::{Body, Client, Document, Error, bounds};

/// A request of another program.
///
/// ```no_run
/// # async fn example(client: client::Client) -> Result<(), client::Error> {
/// use client::{Body, Forward};
/// let request = Forward::post("/v1/payments", Body::file("payments.xml")).field("content-type", "application/xml").signed(true);
/// let mut answer = client.forward(request).await?;
/// println!("HTTP {}", answer.status);
/// while let Some(chunk) = answer.document.chunk().await? {
///     println!("{} bytes", chunk.len());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Forward {
    kind: Kind,
    target: String,
    fields: Vec<(String, String)>,
    signed: bool,
}

#[derive(Clone, Debug)]
enum Kind {
    Get,
    Head,
    Post(Body),
}

/// The answer of the exchange, as it wrote it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Forwarded {
    /// The HTTP status.
    pub status: u16,
    /// The header fields that are text. Without those about a compression that the library has undone.
    pub fields: Vec<(String, String)>,
    /// The body.
    pub document: Document,
}

impl Forward {
    /// A `GET`; `target` is path and query.
    #[must_use]
    pub fn get(target: impl Into<String>) -> Forward {
        Forward::new(Kind::Get, target.into())
    }

    /// A `HEAD`.
    #[must_use]
    pub fn head(target: impl Into<String>) -> Forward {
        Forward::new(Kind::Head, target.into())
    }

    /// A `POST`. It must be one that is safe to repeat with the same bytes, as all that clients may send to the exchange.
    #[must_use]
    pub fn post(target: impl Into<String>, body: Body) -> Forward {
        Forward::new(Kind::Post(body), target.into())
    }

    fn new(kind: Kind, target: String) -> Forward {
        Forward { kind, target, fields: Vec::new(), signed: false }
    }

    /// Adds a header field. Those about the connection are the library's.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Forward {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// Whether it is a submission, to be signed where the client signs.
    #[must_use]
    pub fn signed(mut self, signed: bool) -> Forward {
        self.signed = signed;
        self
    }

    /// How long it asks the exchange to wait.
    fn asked_wait(&self) -> Option<Duration> {
        let prefer = self.fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case(headers::PREFER));
        prefer.filter_map(|(_, value)| headers::wait_seconds(value)).next().map(Duration::from_secs)
    }

    /// How long the exchange waits, which the idle timeout has to bear.
    fn wait(&self) -> Option<Duration> {
        let usual = matches!(self.kind, Kind::Post(_)).then_some(bounds::WAIT_DEFAULT);
        self.asked_wait().or(usual)
    }

    fn header_map(&self) -> Result<HeaderMap, Error> {
        let mut map = HeaderMap::new();
        for (name, value) in &self.fields {
            // The call writes it, and waits accordingly.
            if name.eq_ignore_ascii_case(headers::PREFER) && self.asked_wait().is_some() {
                continue;
            }
            let unfit = || Error::configuration(format!("the header field `{}` cannot be sent", name.escape_default()));
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unfit())?;
            map.append(name, HeaderValue::from_str(value).map_err(|_| unfit())?);
        }
        Ok(map)
    }
}

impl Client {
    /// Passes on a request, and brings back the answer. A refusal is no error here: it is an answer with its status.
    ///
    /// The call is repeated as any other. A lost connection is found out in the first mebibyte of an answer; a longer one that
    /// breaks off later fails where it is read.
    ///
    /// # Errors
    /// When there is no answer: no connection, TLS, nothing within the time allowed.
    pub async fn forward(&self, request: Forward) -> Result<Forwarded, Error> {
        let passed_on = PassedOn { fields: request.header_map()?, refusal: Mutex::new(None) };
        let target = self.resolve(&request.target)?;
        let mut call = match &request.kind {
            Kind::Get => Call::get(target, ACCEPT_MESSAGE),
            Kind::Head => Call::head(target, ACCEPT_MESSAGE),
            Kind::Post(body) => Call::post(target, ACCEPT_MESSAGE, body),
        };
        call.wait = request.wait();
        call.is_submission = request.signed;
        call.passed_on = Some(&passed_on);
        let outcome = self.call(&call).await;
        match outcome {
            Ok(reply) => Ok(forwarded(reply)),
            Err(error) => {
                let refusal = passed_on.refusal.into_inner().unwrap_or_else(PoisonError::into_inner);
                refusal.filter(|_| error.problem().is_some()).map(forwarded).ok_or(error)
            }
        }
    }

    /// When the certificate in use ends, as it says itself; `None` without a certificate.
    #[must_use]
    pub fn certificate_not_after(&self) -> Option<SystemTime> {
        self.in_use.now().pair.as_ref().map(|pair| pair.not_after)
    }
}

fn forwarded(reply: Reply) -> Forwarded {
    let was_gzip = reply.header(CONTENT_ENCODING.as_str()).is_some_and(|coding| coding.eq_ignore_ascii_case(GZIP));
    let is_of_gzip = |name: &HeaderName| was_gzip && [CONTENT_ENCODING, CONTENT_LENGTH].contains(name);
    let fields = reply.headers.iter().filter(|(name, _)| !is_of_gzip(name));
    let fields = fields.filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
    Forwarded { status: reply.status.as_u16(), fields: fields.collect(), document: reply.document }
}
