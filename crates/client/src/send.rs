//! Sends payments and gets their answer.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use protocol::{headers, media, routes};
use reqwest::StatusCode;
use reqwest::header::LOCATION;

use crate::body::Progress;
use crate::call::{Call, Reply, retry_after};
use crate::{Body, Client, Error, Language, bounds};

/// How a pain.001 is to be taken.
///
/// ```
/// use std::time::Duration;
/// let options = client::SendOptions::default()
///     .wait(Duration::from_secs(60))
///     .language(client::Language::Latvian)
///     .request_id("run-2026-11-23-1");
/// # let _ = options;
/// ```
#[derive(Clone)]
pub struct SendOptions {
    wait: Duration,
    test: bool,
    language: Option<Language>,
    request_id: Option<String>,
    progress: Option<Progress>,
}

impl Default for SendOptions {
    fn default() -> SendOptions {
        SendOptions { wait: bounds::WAIT_DEFAULT, test: false, language: None, request_id: None, progress: None }
    }
}

impl SendOptions {
    /// How long the exchange should wait for the answer before it gives a receipt (default [`bounds::WAIT_DEFAULT`]).
    #[must_use]
    pub fn wait(mut self, wait: Duration) -> SendOptions {
        self.wait = wait;
        self
    }

    /// Only check: the answer is what the exchange would say, and nothing is executed or remembered.
    #[must_use]
    pub fn test(mut self, test: bool) -> SendOptions {
        self.test = test;
        self
    }

    /// Language of texts in answers and problems.
    #[must_use]
    pub fn language(mut self, language: Language) -> SendOptions {
        self.language = Some(language);
        self
    }

    /// An own identification of this request, for finding it in both sides' logs.
    #[must_use]
    pub fn request_id(mut self, id: impl Into<String>) -> SendOptions {
        self.request_id = Some(id.into());
        self
    }

    /// Called as the upload proceeds, with the bytes handed to the connection and the length of all. After a lost connection
    /// it starts over.
    #[must_use]
    pub fn progress(mut self, progress: impl Fn(u64, u64) + Send + Sync + 'static) -> SendOptions {
        self.progress = Some(Arc::new(progress));
        self
    }
}

impl fmt::Debug for SendOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendOptions")
            .field("wait", &self.wait)
            .field("test", &self.test)
            .field("language", &self.language)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}

/// What came back for a pain.001.
#[derive(Clone, Debug)]
pub enum Sent {
    /// The answer, final.
    Answer(Answer),
    /// The message is safely received and still being checked.
    InProgress(InProgress),
}

/// The answer to a pain.001: a pain.002 of the same generation. The same bytes always get the same answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The pain.002.
    pub xml: Bytes,
    /// Its type: `pain.002.001.10`.
    pub message_type: Option<String>,
    /// Whether these bytes were answered before and this is that answer again.
    pub repeated: bool,
    /// By what the operator finds the request.
    pub request_id: Option<String>,
}

/// A message that was received and is not answered yet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InProgress {
    /// Where the answer will be; keep it to ask after a restart ([`Client::wait_for_answer`]).
    pub location: String,
    /// The receipt: a pain.002 with group status RCVD.
    pub receipt: Bytes,
    /// When the exchange suggests to look.
    pub retry_after: Duration,
    /// By what the operator finds the request.
    pub request_id: Option<String>,
}

impl InProgress {
    /// The number of its submission, by which its location names it; `None` when the location names none.
    #[must_use]
    pub fn submission(&self) -> Option<i64> {
        let (_, query) = self.location.split_once('?')?;
        query.split('&').find_map(|pair| pair.strip_prefix(routes::SUBMISSION)?.strip_prefix('=')?.parse().ok())
    }

    /// A message known by the number of its submission.
    #[must_use]
    pub fn of_submission(submission: i64) -> InProgress {
        InProgress::at(routes::outcome_of_submission(submission))
    }

    /// A message whose location was kept from an earlier run.
    #[must_use]
    pub fn at(location: impl Into<String>) -> InProgress {
        InProgress {
            location: location.into(),
            receipt: Bytes::new(),
            retry_after: bounds::POLL_PAUSE,
            request_id: None,
        }
    }
}

impl Client {
    /// Sends a pain.001.
    ///
    /// After a lost connection, a timeout or "not now" the client sends the same bytes again; that cannot double a
    /// payment.
    ///
    /// ```no_run
    /// # async fn example(client: client::Client) -> Result<(), client::Error> {
    /// use client::{Body, SendOptions, Sent};
    /// let answer = match client.send_payments(Body::file("payments.xml"), SendOptions::default()).await? {
    ///     Sent::Answer(answer) => answer,
    ///     Sent::InProgress(in_progress) => {
    ///         client.wait_for_answer(&in_progress, std::time::Duration::from_secs(600)).await?
    ///     }
    /// };
    /// println!("{}", String::from_utf8_lossy(&answer.xml));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_refused`] when the exchange did not take the message at all (not well-formed, not valid,
    /// `MsgId` used for other bytes, no right to send). A message that it *did* take is never an error, accepted or
    /// refused in its pain.002.
    pub async fn send_payments(&self, body: Body, options: SendOptions) -> Result<Sent, Error> {
        let target = if options.test {
            format!("{}?{}={}", routes::PAYMENTS, routes::MODE, routes::MODE_TEST)
        } else {
            routes::PAYMENTS.to_owned()
        };
        let mut call = Call::post(self.resolve(&target)?, ACCEPT_MESSAGE, &body).held();
        call.is_submission = true;
        call.language = options.language;
        call.request_id = options.request_id.as_deref();
        call.wait = Some(options.wait);
        call.progress.clone_from(&options.progress);
        let reply = self.call(&call).await?;
        sent(reply).await
    }

    /// Sends a pain.001 and comes back until its answer is there, at most for `timeout` after it was received.
    ///
    /// ```no_run
    /// # async fn example(client: client::Client) -> Result<(), client::Error> {
    /// use std::time::Duration;
    /// use client::{Body, SendOptions};
    /// let body = Body::file("payments.xml");
    /// let answer = client.submit_and_wait(body, SendOptions::default(), Duration::from_secs(600)).await?;
    /// println!("{}", String::from_utf8_lossy(&answer.xml));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::send_payments`] and [`Client::wait_for_answer`].
    pub async fn submit_and_wait(&self, body: Body, options: SendOptions, timeout: Duration) -> Result<Answer, Error> {
        match self.send_payments(body, options).await? {
            Sent::Answer(answer) => Ok(answer),
            Sent::InProgress(later) => self.wait_for_answer(&later, timeout).await,
        }
    }

    /// The result of a message that the exchange was still checking; does not wait for it.
    ///
    /// # Errors
    /// [`Error::is_refused`] when the exchange did not take the message at all, with the reason, as for
    /// [`Client::send_payments`].
    pub async fn outcome(&self, in_progress: &InProgress, language: Option<Language>) -> Result<Sent, Error> {
        let mut call = Call::get(self.resolve(&in_progress.location)?, ACCEPT_MESSAGE).held();
        call.wait = Some(Duration::ZERO);
        call.language = language;
        sent(self.call(&call).await?).await
    }

    /// Waits until the exchange has answered a message that it is still checking.
    ///
    /// # Errors
    /// [`Error::is_timeout`] when there is no answer after `timeout`; asking again later is safe.
    pub async fn wait_for_answer(&self, in_progress: &InProgress, timeout: Duration) -> Result<Answer, Error> {
        let deadline = Instant::now() + timeout;
        let mut pause = in_progress.retry_after.min(bounds::POLL_PAUSE);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let mut call = Call::get(self.resolve(&in_progress.location)?, ACCEPT_MESSAGE).held();
            call.wait = Some(left.min(bounds::WAIT_DEFAULT));
            match sent(self.call(&call).await?).await? {
                Sent::Answer(answer) => return Ok(answer),
                Sent::InProgress(later) => {
                    if Instant::now() + pause >= deadline {
                        return Err(Error::timeout("waiting for the answer to a message that was received", timeout));
                    }
                    tokio::time::sleep(pause).await;
                    pause = later.retry_after.clamp(bounds::FIRST_PAUSE, bounds::PAUSE_MAX);
                }
            }
        }
    }
}

/// Messages are XML; problems are easier read as JSON.
pub(crate) const ACCEPT_MESSAGE: &str = "application/xml, application/problem+json";

async fn sent(reply: Reply) -> Result<Sent, Error> {
    let request_id = reply.document.request_id().map(ToOwned::to_owned);
    if reply.status == StatusCode::ACCEPTED {
        let location = reply.header(LOCATION.as_str()).map(ToOwned::to_owned);
        let retry_after = retry_after(&reply.headers).unwrap_or(bounds::POLL_PAUSE);
        let Some(location) = location else {
            return Err(Error::unexpected(
                "the message was received, but the exchange did not say where its answer will be",
            ));
        };
        return Ok(Sent::InProgress(InProgress {
            location,
            receipt: reply.document.bytes().await?,
            retry_after,
            request_id,
        }));
    }
    if reply.is_json() {
        return Err(Error::unexpected(format!("a pain.002 was expected, the answer is {}", media::JSON)));
    }
    Ok(Sent::Answer(Answer {
        message_type: reply.document.message_type().map(ToOwned::to_owned),
        repeated: reply.header(headers::X_ANSWER_REPEATED) == Some("true"),
        request_id,
        xml: reply.document.bytes().await?,
    }))
}
