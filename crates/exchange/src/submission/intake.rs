//! Taking in a body: bounded, hashed, and refused at the first bytes when they can never form a message.
//!
//! An accounting system that sends a web page, UTF-16 or two gigabytes of something else learns so at once, and the
//! exchange keeps nothing of it.

use iso20022::MessageType;
use rulebook::catalogue::Code;
use store::{BodyPlace, BodySink, ClientId, Store, StoredBody};
use xsd::{Malformed, Peek, ReadError, peek_root};

use crate::bounds::{INLINE_BODY_BYTES_MAX, PEEK_BYTES_MAX};
use crate::failure::{unreadable, wrong_namespace};
use crate::room::FullBudget;
use crate::submission::ahead::ReadingAhead;
use crate::{Caller, Exchange, Failure};

/// The root element of every message.
const ROOT_ELEMENT: &str = "Document";

/// So much is shown of a body that is no XML.
const NOT_XML_SHOWN_CHARS: usize = 20;

/// A body that is arriving. Dropped, it is forgotten.
#[derive(Debug)]
pub struct Intake {
    exchange: Exchange,
    client: ClientId,
    sink: BodySink,
    size: u64,
    size_max: u64,
    /// Why nothing new of this client is kept now.
    refused: Option<FullBudget>,
    beginning: Beginning,
    ahead: Ahead,
}

/// Whether the body is read while it arrives.
#[derive(Debug)]
enum Ahead {
    /// It is short so far.
    NotYet,
    Reading(ReadingAhead),
    Not,
}

/// The first bytes, until they identify the body.
#[derive(Debug)]
enum Beginning {
    Unclear(Vec<u8>),
    Known(MessageType),
}

/// A body that has arrived completely. Dropped, it is forgotten.
#[derive(Debug)]
pub struct Received {
    store: Store,
    sink: BodySink,
    message_type: MessageType,
    refused: Option<FullBudget>,
    ahead: Option<ReadingAhead>,
}

/// A body that the store keeps, and forgets again unless its row was written.
#[derive(Debug)]
pub(crate) struct KeptBody {
    store: Store,
    refused: Option<FullBudget>,
    body: Option<StoredBody>,
}

impl Exchange {
    /// Begins to take in a body.
    ///
    /// # Errors
    /// When the store cannot take one now.
    pub fn intake(&self, caller: &Caller) -> Result<Intake, Failure> {
        tracing::debug!(online_user = caller.user().0, "a body begins");
        Ok(Intake {
            exchange: self.clone(),
            client: caller.client(),
            sink: self.inner.store.body_sink()?,
            size: 0,
            size_max: self.inner.settings.body_bytes_max,
            refused: self.refuses_for_want_of_room(caller.client()),
            beginning: Beginning::Unclear(Vec::new()),
            ahead: Ahead::NotYet,
        })
    }
}

impl Intake {
    /// Takes the next bytes, of any number.
    ///
    /// # Errors
    /// When the body is longer than allowed, or its first bytes show that it can never be read.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.size = self.size.saturating_add(bytes.len() as u64);
        if self.size > self.size_max {
            return Err(Failure::new(Code::MessageTooLarge).with_expected(self.size_max.to_string()));
        }
        if let Beginning::Unclear(seen) = &mut self.beginning {
            let room = PEEK_BYTES_MAX.saturating_sub(seen.len()).min(bytes.len());
            seen.extend_from_slice(&bytes[..room]);
            let full = seen.len() >= PEEK_BYTES_MAX;
            let rest = if full { Rest::BeyondPeek } else { Rest::Unknown };
            if let Some(message_type) = look(seen, rest)? {
                self.beginning = Beginning::Known(message_type);
                // Orders of reports are not kept anyway.
                if self.refused.is_some() && message_type.status_report().is_some() {
                    self.sink.forgo();
                }
            }
        }
        self.sink.append(bytes)?;
        self.read_ahead()
    }

    /// Has a large pain.001 read while it arrives, and shows the reader what has arrived.
    fn read_ahead(&mut self) -> Result<(), Failure> {
        if let (Ahead::NotYet, Beginning::Known(message_type)) = (&self.ahead, &self.beginning)
            && self.size > self.exchange.inner.settings.read_ahead_bytes_min
        {
            let file = if message_type.status_report().is_some() { self.sink.reader()? } else { None };
            let reading = file.and_then(|file| self.exchange.read_ahead(self.client, *message_type, file));
            self.ahead = reading.map_or(Ahead::Not, Ahead::Reading);
        }
        if let Ahead::Reading(reading) = &self.ahead {
            match self.sink.show()? {
                Some(bytes) => reading.has(bytes),
                None => self.ahead = Ahead::Not,
            }
        }
        Ok(())
    }

    /// The body is complete.
    ///
    /// # Errors
    /// When it is empty or breaks off before its root element.
    pub fn finish(self) -> Result<Received, Failure> {
        let message_type = match self.beginning {
            Beginning::Known(message_type) => message_type,
            Beginning::Unclear(seen) if seen.iter().all(u8::is_ascii_whitespace) => {
                return Err(Failure::new(Code::EmptyBody));
            }
            Beginning::Unclear(seen) => look(&seen, Rest::Nothing)?.ok_or_else(|| Failure::new(Code::TruncatedXml))?,
        };
        let ahead = match self.ahead {
            Ahead::Reading(reading) => {
                reading.complete();
                Some(reading)
            }
            Ahead::NotYet | Ahead::Not => None,
        };
        let store = self.exchange.inner.store.clone();
        Ok(Received { store, sink: self.sink, message_type, refused: self.refused, ahead })
    }
}

impl Received {
    /// The message type of the root element.
    #[must_use]
    pub fn message_type(&self) -> MessageType {
        self.message_type
    }

    /// Bytes in all.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.sink.size()
    }

    /// Its reading, if one has begun while it arrived.
    pub(crate) fn take_reading(&mut self) -> Option<ReadingAhead> {
        self.ahead.take()
    }

    /// Hands the body to the store: a large one is on disk when this is ready.
    pub(crate) async fn keep(self) -> Result<KeptBody, Failure> {
        let Received { store, sink, refused, .. } = self;
        let body = if sink.size() <= INLINE_BODY_BYTES_MAX as u64 {
            sink.finish()?
        } else {
            match crate::span::spawn_blocking(move || sink.finish()).await {
                Ok(body) => body?,
                Err(error) => return Err(Failure::unexpected(error)),
            }
        };
        Ok(KeptBody { store, refused, body: Some(body) })
    }
}

impl KeptBody {
    /// The body.
    pub(crate) fn body(&self) -> &StoredBody {
        // Invariant: only `row_written` takes it out, and that consumes the value.
        self.body.as_ref().expect("a kept body is there until its row is written")
    }

    /// Refuses a body of which nothing was kept, for want of room.
    pub(crate) fn refuse_without_room(&self) -> Result<(), Failure> {
        match self.body().place {
            BodyPlace::Forgotten => Err(self.refused.unwrap_or(FullBudget::Storage).into()),
            _ => Ok(()),
        }
    }

    /// A row points to the body now: it is the store's.
    pub(crate) fn row_written(mut self) {
        self.body = None;
    }
}

impl Drop for KeptBody {
    fn drop(&mut self) {
        if let Some(body) = &self.body {
            self.store.remove_body(body);
        }
    }
}

/// What follows the first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Perhaps a later part of the body shows it.
    Unknown,
    /// Beyond the bytes that the exchange reads.
    BeyondPeek,
    /// Nothing: that was the whole body.
    Nothing,
}

/// Which message the first bytes begin; `None` when more are needed.
///
/// # Errors
/// When no message begins so.
pub fn look(beginning: &[u8], rest: Rest) -> Result<Option<MessageType>, Failure> {
    if beginning.len() < 4 && rest == Rest::Unknown {
        return Ok(None);
    }
    if is_html(beginning) {
        return Err(Failure::new(Code::HtmlInsteadOfXml));
    }
    match peek_root(beginning) {
        Peek::Root { local_name, namespace } => root(&local_name, &namespace).map(Some),
        Peek::Refused(error @ ReadError::Encoding { .. }) => Err(unreadable(&error)),
        // NUL makes any document unreadable, and says more about its sender's fault than "not well-formed".
        Peek::Refused(_) | Peek::NeedMore if beginning.contains(&0) => Err(Failure::new(Code::NulBytes)),
        Peek::Refused(error @ ReadError::NotWellFormed { reason: Malformed::MisplacedByteOrderMark, .. }) => {
            Err(unreadable(&error))
        }
        Peek::Refused(_) if !looks_like_xml(beginning) => Err(not_xml(beginning)),
        Peek::Refused(error) => Err(unreadable(&error)),
        Peek::NeedMore if rest == Rest::BeyondPeek && looks_like_xml(beginning) => {
            Err(Failure::new(Code::RootElementTooLate).with_expected(PEEK_BYTES_MAX.to_string()))
        }
        Peek::NeedMore if beginning.iter().all(u8::is_ascii_whitespace) => Ok(None),
        Peek::NeedMore if !looks_like_xml(beginning) => Err(not_xml(beginning)),
        Peek::NeedMore if rest == Rest::Nothing => Err(Failure::new(Code::TruncatedXml)),
        Peek::NeedMore => Ok(None),
    }
}

fn root(local_name: &str, namespace: &str) -> Result<MessageType, Failure> {
    if local_name.eq_ignore_ascii_case("html") {
        return Err(Failure::new(Code::HtmlInsteadOfXml));
    }
    match MessageType::from_namespace(namespace) {
        _ if local_name != ROOT_ELEMENT => {
            let failure = Failure::new(Code::WrongRootElement).with_detail(shortened(local_name));
            Err(failure.with_expected(ROOT_ELEMENT))
        }
        Some(message_type) => Ok(message_type),
        None => Err(wrong_namespace(namespace).unwrap_or_else(|| Failure::new(Code::WrongNamespace))),
    }
}

/// The beginning of the body identifies it best.
fn not_xml(beginning: &[u8]) -> Failure {
    let start = String::from_utf8_lossy(without_bom(beginning));
    let shown: String = start.chars().take(NOT_XML_SHOWN_CHARS).collect();
    Failure::new(Code::NotXml).with_detail(shortened(&shown))
}

fn shortened(text: &str) -> String {
    rulebook::check::Excerpt::of(text).as_str().to_owned()
}

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start()
}

fn looks_like_xml(beginning: &[u8]) -> bool {
    without_bom(beginning).first().is_none_or(|first| *first == b'<')
}

fn is_html(beginning: &[u8]) -> bool {
    let text = without_bom(beginning);
    [&b"<!doctype html"[..], &b"<html"[..]]
        .iter()
        .any(|mark| text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)))
}
