//! A message from the exchange, piece by piece or whole.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use protocol::headers;
use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;

use crate::Error;
use crate::inflate::Inflate;
use crate::limits::Limits;

/// The compression of answers that the library reads.
pub(crate) const GZIP: &str = "gzip";

/// An ISO 20022 message (or a page of one) as the exchange sends it.
///
/// Its length is not bounded by memory when it is taken with [`Document::chunk`]:
///
/// ```no_run
/// # async fn example(client: client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use std::io::Write;
/// let mut file = std::fs::File::create("status.xml")?;
/// let mut document = client.status("MSG-2026-11-23").await?;
/// while let Some(chunk) = document.chunk().await? {
///     file.write_all(&chunk)?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Document {
    /// Read already, before what `body` has.
    ahead: Option<Bytes>,
    body: Content,
    message_type: Option<String>,
    request_id: Option<String>,
    idle_timeout: Duration,
    bytes_max: u64,
    url: String,
}

#[derive(Debug)]
enum Content {
    Coming(Response),
    Inflating(Response, Box<Inflate>),
    Held(Bytes),
    Taken,
}

impl Document {
    pub(crate) fn new(response: Response, limits: Limits, url: String) -> Document {
        let header = |name: &str| response.headers().get(name)?.to_str().ok().map(ToOwned::to_owned);
        let is_gzip = header(CONTENT_ENCODING.as_str()).is_some_and(|coding| coding.eq_ignore_ascii_case(GZIP));
        Document {
            ahead: None,
            message_type: header(headers::X_MESSAGE_TYPE),
            request_id: header(headers::X_REQUEST_ID),
            idle_timeout: limits.idle_timeout,
            bytes_max: limits.answer_bytes_max,
            url,
            body: match is_gzip {
                true => Content::Inflating(response, Box::default()),
                false => Content::Coming(response),
            },
        }
    }

    /// The message's type as the exchange names it: `pain.002.001.10`.
    #[must_use]
    pub fn message_type(&self) -> Option<&str> {
        self.message_type.as_deref()
    }

    /// By what the operator finds this request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// When the connection is lost or nothing comes within the idle timeout. The message is then incomplete: ask again.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        if let Some(ahead) = self.ahead.take() {
            return Ok(Some(ahead));
        }
        match &mut self.body {
            Content::Coming(response) => {
                let chunk = arriving(response, self.idle_timeout, &self.url).await?;
                if chunk.is_none() {
                    self.body = Content::Taken;
                }
                Ok(chunk)
            }
            Content::Inflating(response, inflate) => loop {
                if let Some(piece) = inflate.next()? {
                    return Ok(Some(piece));
                }
                match arriving(response, self.idle_timeout, &self.url).await? {
                    Some(chunk) => inflate.take(chunk),
                    None => {
                        inflate.end()?;
                        self.body = Content::Taken;
                        return Ok(None);
                    }
                }
            },
            Content::Held(_) => match std::mem::replace(&mut self.body, Content::Taken) {
                Content::Held(bytes) if !bytes.is_empty() => Ok(Some(bytes)),
                _ => Ok(None),
            },
            Content::Taken => Ok(None),
        }
    }

    /// The whole message (what was not taken yet).
    ///
    /// # Errors
    /// As [`Document::chunk`], and when the message is longer than [`crate::ClientBuilder::answer_bytes_max`] allows.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        self.hold().await?;
        Ok(self.chunk().await?.unwrap_or_default())
    }

    /// Reads what is to come into memory.
    pub(crate) async fn hold(&mut self) -> Result<(), Error> {
        let Some(first) = self.chunk().await? else { return Ok(()) };
        let mut whole = BytesMut::from(first);
        while let Some(chunk) = self.chunk().await? {
            if (whole.len() + chunk.len()) as u64 > self.bytes_max {
                return Err(Error::unexpected(format!(
                    "the answer is longer than {} bytes; take it in chunks, or allow more",
                    self.bytes_max
                )));
            }
            whole.extend_from_slice(&chunk);
        }
        self.body = Content::Held(whole.freeze());
        Ok(())
    }

    /// What is held in memory; nothing while it is still to come.
    pub(crate) fn held(&self) -> Bytes {
        match &self.body {
            Content::Held(bytes) => bytes.clone(),
            _ => Bytes::new(),
        }
    }

    /// Reads so many bytes ahead, so that a connection lost before them is the call's failure and not its reader's.
    pub(crate) async fn look_ahead(&mut self, bytes: usize) -> Result<(), Error> {
        let mut ahead = BytesMut::new();
        while ahead.len() < bytes {
            let Some(chunk) = self.chunk().await? else { break };
            ahead.extend_from_slice(&chunk);
        }
        self.ahead = Some(ahead.freeze()).filter(|ahead| !ahead.is_empty());
        Ok(())
    }
}

/// The next bytes of an answer as they come.
async fn arriving(response: &mut Response, idle: Duration, url: &str) -> Result<Option<Bytes>, Error> {
    tokio::time::timeout(idle, response.chunk())
        .await
        .map_err(|_| Error::timeout("reading the answer", idle))?
        .map_err(|error| Error::transport(url, &error))
}
