//! Reading a body: a few kilobytes where the request is, any other on a thread of its own.
//!
//! A message stays in memory until it turns out to be large. From then on the thread hands its chunks over as it reads,
//! and a bounded channel keeps it from running ahead. So the exchange reads no message twice, small or large.

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use iso20022::MessageType;
use jiff::Timestamp;
use jiff::civil::Date;
use rulebook::catalogue::Code;
use store::{BodyPlace, ClientId};
use tokio::sync::{mpsc, oneshot};

use crate::bounds::STAGE_CHUNKS_WAITING_MAX;
use crate::check::message::{Circumstances, MessageCheck, Next};
use crate::check::pieces::{Chunk, MessageEnd, MessageHead};
use crate::submission::given_up::UntilGivenUp;
use crate::submission::job::SubmissionJob;
use crate::submission::memory::MessageMemory;
use crate::submission::reading_priority;
use crate::{Exchange, Failure};

/// A body as far as it was read.
pub(crate) enum ReadBody {
    Small(SmallMessage),
    Large(LargeReading),
}

/// A message in memory, checked by schema and rulebook.
#[derive(Debug)]
pub(crate) struct SmallMessage {
    pub(crate) head: MessageHead,
    pub(crate) chunks: Vec<Chunk>,
    pub(crate) end: MessageEnd,
    /// The business day of the check.
    pub(crate) business_day: Date,
    pub(crate) memory: MessageMemory,
}

/// A large message that a thread reads. Dropped, the thread stops.
#[derive(Debug)]
pub(crate) struct LargeReading {
    pub(crate) head: MessageHead,
    /// The business day of the check.
    pub(crate) business_day: Date,
    /// The time of receipt by which it is checked.
    pub(crate) received_at: Timestamp,
    pub(crate) memory: MessageMemory,
    /// Chunks that were read before the message turned out to be large.
    read: std::vec::IntoIter<Chunk>,
    chunks: mpsc::Receiver<Chunk>,
    end: MessageEnds,
}

/// Where the end of a message arrives.
type MessageEnds = oneshot::Receiver<Result<MessageEnd, Failure>>;

impl LargeReading {
    /// The next chunk; `None` when there is no further one, or reading failed.
    pub(crate) async fn next_chunk(&mut self) -> Option<Chunk> {
        match self.read.next() {
            Some(chunk) => Some(chunk),
            None => self.chunks.recv().await,
        }
    }

    /// Whether it is known already that the message cannot be read to its end.
    pub(crate) fn has_failed(&mut self) -> bool {
        let Ok(end) = self.end.try_recv() else { return false };
        let has_failed = end.is_err();
        let (again, ended) = oneshot::channel();
        give(again, end);
        self.end = ended;
        has_failed
    }

    /// The end of the message.
    ///
    /// # Errors
    /// Why the message could not be read to its end.
    pub(crate) async fn end(self) -> Result<MessageEnd, Failure> {
        self.end.await.map_err(|error| Failure::unexpected(error))?
    }
}

/// What is read, and since when it is here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject {
    pub(crate) client: ClientId,
    pub(crate) message_type: MessageType,
    /// The time of receipt by which it is checked.
    pub(crate) received_at: Timestamp,
}

/// Where the thread sends its result.
type Found<T> = oneshot::Sender<Result<T, Failure>>;

impl Exchange {
    /// Reads and judges a body: one in memory whole, unless it turns out to be large; one in a file piece by piece.
    pub(crate) async fn read_body(&self, job: &Arc<SubmissionJob>, business_day: Date) -> Result<ReadBody, Failure> {
        if !matches!(job.submission.body.place, BodyPlace::Inline(_)) {
            return self.read_large(job, business_day).await.map(ReadBody::Large);
        }
        let thread = self.reading_thread(Subject::of(job), business_day);
        if let BodyPlace::Inline(bytes) = &job.submission.body.place
            && job.is_read_at_once()
            && let Some(small) = thread.read_at_once(bytes)?
        {
            return Ok(ReadBody::Small(small));
        }
        let ((found, read), job) = (oneshot::channel(), Arc::clone(job));
        crate::span::spawn_blocking(move || {
            if let BodyPlace::Inline(bytes) = &job.submission.body.place {
                thread.read_in_memory(bytes, found);
            }
        });
        read.await.map_err(|error| Failure::unexpected(error))?
    }

    /// Reads and judges a body piece by piece, wherever it lies.
    pub(crate) async fn read_large(
        &self,
        job: &Arc<SubmissionJob>,
        business_day: Date,
    ) -> Result<LargeReading, Failure> {
        let (subject, body, store) = (Subject::of(job), job.submission.body.clone(), self.inner.store.clone());
        let (ends, _) = oneshot::channel();
        self.read_apart(subject, business_day, ends, move || Ok(store.open_body(&body)?)).await
    }

    /// Starts a thread that reads and judges a body piece by piece, and waits for the message's header. The thread drops
    /// `ends` when it ends.
    pub(crate) async fn read_apart<B: Read>(
        &self,
        subject: Subject,
        business_day: Date,
        ends: oneshot::Sender<()>,
        open: impl FnOnce() -> Result<B, Failure> + Send + 'static,
    ) -> Result<LargeReading, Failure> {
        let thread = self.reading_thread(subject, business_day);
        let memory = thread.memory.clone();
        let (found, read) = oneshot::channel();
        // This task holds the end that takes chunks, so the thread stops when the task is dropped, even before the header.
        let (sender, chunks) = mpsc::channel(STAGE_CHUNKS_WAITING_MAX);
        reading_priority::spawn(move || {
            thread.read_in_chunks(open, found, &sender);
            drop((thread, ends));
        })?;
        let (head, end) = read.await.map_err(|error| Failure::unexpected(error))??;
        let (received_at, read) = (subject.received_at, Vec::new().into_iter());
        Ok(LargeReading { head, business_day, received_at, memory, read, chunks, end })
    }

    fn reading_thread(&self, subject: Subject, business_day: Date) -> ReadingThread {
        let memory = self.inner.memory.message(subject.client);
        ReadingThread { exchange: self.clone(), subject, business_day, memory }
    }
}

impl Subject {
    fn of(job: &SubmissionJob) -> Subject {
        let SubmissionJob { submission, client, message_type, .. } = job;
        Subject { client: client.id, message_type: *message_type, received_at: submission.received_at }
    }
}

/// The thread's side of a reading.
struct ReadingThread {
    exchange: Exchange,
    subject: Subject,
    business_day: Date,
    memory: MessageMemory,
}

impl ReadingThread {
    fn circumstances(&self, first_chunk_payments: usize) -> Circumstances<'_> {
        let settings = &self.exchange.inner.settings;
        let Subject { client, message_type, received_at } = self.subject;
        Circumstances {
            settings,
            memory: &self.memory,
            client,
            message_type,
            business_day: self.business_day,
            received_at,
            blocks_max: settings.blocks_max,
            first_chunk_payments,
            chunk_payments: self.chunk_payments(),
            as_stored_before: false,
        }
    }

    fn chunk_payments(&self) -> usize {
        self.exchange.inner.settings.stage_chunk_payments.max(1) as usize
    }

    /// Reads a body of any size and hands its chunks over.
    fn read_in_chunks<B: Read>(
        &self,
        open: impl FnOnce() -> Result<B, Failure>,
        found: Found<(MessageHead, MessageEnds)>,
        chunks: &mpsc::Sender<Chunk>,
    ) {
        let circumstances = self.circumstances(self.chunk_payments());
        let begun = open().and_then(|body| {
            let body = UntilGivenUp::new(body, || chunks.is_closed());
            MessageCheck::begin(body, &circumstances)
        });
        match begun {
            Ok((head, check)) => {
                let (end, ended) = oneshot::channel();
                give(found, Ok((head, ended)));
                give(end, hand_over(check, chunks));
            }
            Err(failure) => give(found, Err(failure)),
        }
    }

    /// Reads a few kilobytes on the thread of the request. `None` when they turn out to be a large message.
    fn read_at_once(&self, bytes: &[u8]) -> Result<Option<SmallMessage>, Failure> {
        let read = || {
            let max = self.exchange.inner.settings.small_message_payments_max as usize;
            let circumstances = self.circumstances(max + 1);
            let (head, check) = MessageCheck::begin(bytes, &circumstances)?;
            match check.next()? {
                Next::Last(chunk, end) if chunk.items.len() <= max => {
                    let (business_day, memory) = (self.business_day, self.memory.clone());
                    Ok(Some(SmallMessage { head, chunks: vec![chunk], end, business_day, memory }))
                }
                _ => Ok(None),
            }
        };
        // The request must have an answer, as it has when a thread panics.
        catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(Failure::unexpected("reading a message panicked")))
    }

    /// Reads a body in memory; hands its chunks over from the moment on at which the message turns out to be large.
    fn read_in_memory(&self, bytes: &[u8], found: Found<ReadBody>) {
        let max = self.exchange.inner.settings.small_message_payments_max as usize;
        // One payment more than is small shows that the message is not.
        let circumstances = self.circumstances(max + 1);
        let (head, mut check) = match MessageCheck::begin(bytes, &circumstances) {
            Ok(begun) => begun,
            Err(failure) => return give(found, Err(failure)),
        };
        let mut chunks = Vec::new();
        loop {
            match check.next() {
                Ok(Next::Chunk(chunk, rest)) => {
                    let is_large = chunk.items.len() > max;
                    chunks.push(chunk);
                    check = rest;
                    if is_large {
                        break;
                    }
                }
                Ok(Next::Last(chunk, end)) => {
                    chunks.push(chunk);
                    let (business_day, memory) = (self.business_day, self.memory.clone());
                    let small = SmallMessage { head, chunks, end, business_day, memory };
                    return give(found, Ok(ReadBody::Small(small)));
                }
                Err(failure) => return give(found, Err(failure)),
            }
        }
        let (sender, taken) = mpsc::channel(STAGE_CHUNKS_WAITING_MAX);
        let (end, ended) = oneshot::channel();
        give(found, Ok(ReadBody::Large(self.large(head, chunks, taken, ended))));
        give(end, hand_over(check, &sender));
    }

    fn large(
        &self,
        head: MessageHead,
        read: Vec<Chunk>,
        chunks: mpsc::Receiver<Chunk>,
        end: MessageEnds,
    ) -> LargeReading {
        let (business_day, memory, read) = (self.business_day, self.memory.clone(), read.into_iter());
        LargeReading { head, business_day, received_at: self.subject.received_at, memory, read, chunks, end }
    }
}

/// Reads to the end and hands the chunks over.
fn hand_over(mut check: MessageCheck<'_>, chunks: &mpsc::Sender<Chunk>) -> Result<MessageEnd, Failure> {
    loop {
        let (chunk, rest) = match check.next()? {
            Next::Chunk(chunk, rest) => (chunk, Ok(rest)),
            Next::Last(chunk, end) => (chunk, Err(end)),
        };
        // No task takes the message any more: further reading is useless.
        if chunks.blocking_send(chunk).is_err() {
            return Err(Failure::new(Code::Unavailable));
        }
        match rest {
            Ok(rest) => check = rest,
            Err(end) => return Ok(end),
        }
    }
}

/// Sends the result.
fn give<T>(to: oneshot::Sender<T>, found: T) {
    // The asking task may have gone; then no task needs it.
    let _ = to.send(found);
}
