//! One call: headers, attempts, pauses, time limits, and the meaning of the answer's status.

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use protocol::{Problem, headers, media};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode, Url};

use crate::body::{Activity, Progress};
use crate::document::GZIP;
use crate::limits::Limits;
use crate::live::Live;
use crate::log::Event;
use crate::{Body, Client, Document, Error, Language, bounds, clock_skew};

/// A wrong clock is one of the reasons.
const SIGNATURE_NOT_VALID: &str = "TDAM-1011";

/// One request. The client may repeat any of them (see `retry.rs`).
pub(crate) struct Call<'a> {
    method: Method,
    target: Url,
    accept: &'static str,
    body: Option<&'a Body>,
    content_type: &'static str,
    pub(crate) language: Option<Language>,
    pub(crate) request_id: Option<&'a str>,
    pub(crate) wait: Option<Duration>,
    pub(crate) progress: Option<Progress>,
    pub(crate) held: bool,
    /// The code that opens the listener for enrolment.
    pub(crate) bearer: Option<&'a str>,
    /// Whether it is signed, where the client signs.
    pub(crate) is_submission: bool,
    /// The request is somebody else's.
    pub(crate) passed_on: Option<&'a PassedOn>,
}

/// What a call has in addition when it passes on the request of another program.
pub(crate) struct PassedOn {
    /// The fields of the request; the call adds none about its content.
    pub(crate) fields: HeaderMap,
    /// The latest refusal, as the exchange wrote it.
    pub(crate) refusal: Mutex<Option<Reply>>,
}

/// Answer to a call, at least up to its headers.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) document: Document,
}

impl<'a> Call<'a> {
    pub(crate) fn get(target: Url, accept: &'static str) -> Call<'a> {
        Call {
            method: Method::GET,
            target,
            accept,
            body: None,
            content_type: media::XML_UTF8,
            language: None,
            request_id: None,
            wait: None,
            progress: None,
            held: false,
            bearer: None,
            is_submission: false,
            passed_on: None,
        }
    }

    /// `HEAD` instead of `GET`.
    pub(crate) fn head(target: Url, accept: &'static str) -> Call<'a> {
        Call { method: Method::HEAD, ..Call::get(target, accept) }
    }

    pub(crate) fn post(target: Url, accept: &'static str, body: &'a Body) -> Call<'a> {
        Call { method: Method::POST, body: Some(body), ..Call::get(target, accept) }
    }

    /// The body is something else than a message.
    pub(crate) fn of_type(mut self, content_type: &'static str) -> Call<'a> {
        self.content_type = content_type;
        self
    }

    /// The answer is read into memory as part of the call: a connection lost in the middle of it is a retry too.
    pub(crate) fn held(mut self) -> Call<'a> {
        self.held = true;
        self
    }
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    pub(crate) fn is_json(&self) -> bool {
        is_json(&self.headers)
    }
}

impl Client {
    /// Makes the call, again where that is safe and makes sense.
    pub(crate) async fn call(&self, call: &Call<'_>) -> Result<Reply, Error> {
        if let Some(id) = call.request_id.filter(|id| !headers::is_sane_request_id(id)) {
            return Err(Error::configuration(format!(
                "the request id `{}` cannot be sent: 1 to {} of A-Z a-z 0-9 - _ . :",
                id.escape_default(),
                headers::REQUEST_ID_CHARS_MAX
            )));
        }
        let deadline = Instant::now() + self.limits.call_timeout;
        let path = call.target.path();
        let mut attempt = 1;
        loop {
            let live = self.in_use.now();
            self.log.say(|| Event::Attempt { method: call.method.to_string(), path: path.to_owned(), number: attempt });
            let outcome = match tokio::time::timeout_at(deadline.into(), self.attempt(call, &live)).await {
                Ok(outcome) => outcome,
                Err(_) => Err(Error::timeout("making the call", self.limits.call_timeout)),
            };
            let error = match outcome {
                Ok(reply) => {
                    self.log.say(|| Event::Answered {
                        path: path.to_owned(),
                        number: attempt,
                        status: reply.status.as_u16(),
                        request_id: reply.document.request_id().map(ToOwned::to_owned),
                    });
                    return Ok(reply);
                }
                Err(error) => error.with_attempts(attempt),
            };
            self.log.say(|| Event::Failed {
                path: path.to_owned(),
                number: attempt,
                kind: error.kind(),
                code: error.problem().map(|problem| problem.code.clone()).filter(|code| !code.is_empty()),
            });
            let Some(pause) = self.pause(&error, attempt, &live) else { return Err(error) };
            if Instant::now() + pause >= deadline {
                return Err(error);
            }
            self.log.say(|| Event::Pause { path: path.to_owned(), number: attempt, pause });
            tokio::time::sleep(pause).await;
            if !error.is_being_processed() {
                attempt += 1;
            }
        }
    }

    /// How long to wait before the call is made again; `None` when that makes no sense.
    fn pause(&self, error: &Error, attempt: u32, live: &Live) -> Option<Duration> {
        if error.is_being_processed() {
            return Some(error.retry_after()?.max(bounds::FIRST_PAUSE).min(bounds::PAUSE_MAX));
        }
        // The certificate was exchanged while this attempt was under way, and the old one revoked.
        if error.is_unauthorised() && self.in_use.now().generation != live.generation {
            return self.limits.retries.pause_after(attempt, Duration::ZERO).map(|_| Duration::ZERO);
        }
        self.limits.retries.pause_after(attempt, error.retry_after()?)
    }

    async fn attempt(&self, call: &Call<'_>, live: &Live) -> Result<Reply, Error> {
        let activity = Activity::new();
        let mut request = live.http.request(call.method.clone(), call.target.clone());
        request = match call.passed_on {
            Some(PassedOn { fields, .. }) => request.headers(fields.clone()),
            None => request.header(ACCEPT, call.accept),
        };
        // An answer without a body has nothing to be inflated.
        if self.limits.compression && call.method != Method::HEAD {
            request = request.header(ACCEPT_ENCODING, GZIP);
        }
        if let Some(code) = call.bearer {
            request = request.bearer_auth(code);
        }
        if let Some(language) = call.language {
            request = request.header(ACCEPT_LANGUAGE, language.code());
        }
        if let Some(id) = call.request_id {
            request = request.header(headers::X_REQUEST_ID, id);
        }
        if let Some(wait) = call.wait {
            request = request.header(headers::PREFER, format!("wait={}", wait.as_secs()));
        }
        if let (Some(body), Some(signer), true) = (call.body, &live.signer, call.is_submission) {
            let signed = signer.sign_body(call.method.as_str(), &call.target, body).await?;
            request = request
                .header(headers::CONTENT_DIGEST, signed.content_digest)
                .header(headers::SIGNATURE_INPUT, signed.signature_input)
                .header(headers::SIGNATURE, signed.signature);
        }
        if let Some(body) = call.body {
            let length = body.length().await?;
            let stream = body.for_attempt(length, activity.clone(), call.progress.clone());
            if call.passed_on.is_none() {
                request = request.header(CONTENT_TYPE, call.content_type);
            }
            request = request.header(CONTENT_LENGTH, length).body(reqwest::Body::wrap_stream(stream));
        }
        let idle = self.limits.idle_timeout + call.wait.unwrap_or_default();
        let url = self.origin();
        let response = while_active(&activity, idle, request.send())
            .await
            .ok_or_else(|| Error::timeout("waiting for the answer", idle))?
            .map_err(|error| Error::transport(&url, &error))?;
        self.warnings.hear(response.headers());
        let status = response.status();
        if !status.is_success() {
            return Err(Error::refused(self.problem(response, call.passed_on).await));
        }
        let headers = response.headers().clone();
        let mut document = Document::new(response, self.limits, url);
        if call.held {
            document.hold().await?;
        }
        if call.passed_on.is_some() {
            document.look_ahead(bounds::LOOK_AHEAD_BYTES).await?;
        }
        Ok(Reply { status, headers, document })
    }

    /// The problem document of an answer; one that cannot be read is made from the status alone.
    async fn problem(&self, response: Response, passed_on: Option<&PassedOn>) -> Problem {
        let status = response.status();
        let headers = response.headers().clone();
        let limits = Limits { answer_bytes_max: bounds::PROBLEM_BYTES_MAX, ..self.limits };
        let mut document = Document::new(response, limits, self.origin());
        let is_whole = document.hold().await.is_ok();
        let body = document.held();
        if let Some(PassedOn { refusal, .. }) = passed_on {
            let reply = is_whole.then(|| Reply { status, headers: headers.clone(), document });
            *refusal.lock().unwrap_or_else(PoisonError::into_inner) = reply;
        }
        let mut problem =
            is_json(&headers).then(|| serde_json::from_slice::<Problem>(&body).ok()).flatten().unwrap_or_default();
        problem.status = status.as_u16();
        if problem.title.is_empty() {
            problem.title = status.canonical_reason().unwrap_or("no reason given").to_owned();
        }
        if problem.request_id.is_empty() {
            problem.request_id = header(&headers, headers::X_REQUEST_ID).unwrap_or_default().to_owned();
        }
        if problem.retry_after_seconds.is_none() {
            problem.retry_after_seconds = retry_after(&headers).map(|pause| pause.as_secs());
        }
        if problem.code == SIGNATURE_NOT_VALID
            && let Some(hint) = clock_skew::hint(&headers, SystemTime::now())
        {
            problem.remedy = format!("{hint} {}", problem.remedy);
        }
        problem
    }

    /// Asks for JSON and reads it.
    pub(crate) async fn json<T: serde::de::DeserializeOwned>(&self, mut call: Call<'_>) -> Result<T, Error> {
        call.held = true;
        let bytes = self.call(&call).await?.document.bytes().await?;
        read_json(&bytes)
    }
}

pub(crate) fn read_json<T: serde::de::DeserializeOwned>(bytes: &Bytes) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|error| {
        Error::unexpected(format!(
            "the answer is not what this library expects ({error}); is the address that of an exchange?"
        ))
    })
}

/// `Retry-After` in seconds; the form with a date is not used by the exchange.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn is_json(headers: &HeaderMap) -> bool {
    header(headers, CONTENT_TYPE.as_str())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| [media::JSON, media::PROBLEM_JSON].contains(&value.trim()))
}

/// Waits for `future` as long as the upload moves; `None` when nothing moved for `idle`.
async fn while_active<F: Future>(activity: &Activity, idle: Duration, future: F) -> Option<F::Output> {
    let mut future = std::pin::pin!(future);
    loop {
        let until = activity.last() + idle;
        if let Ok(output) = tokio::time::timeout_at(until.into(), &mut future).await {
            return Some(output);
        }
        if activity.last() + idle <= Instant::now() {
            return None;
        }
    }
}
