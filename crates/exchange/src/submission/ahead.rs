//! Reading ahead: a thread reads and judges a large body while the rest of it arrives.
//!
//! What it reads has no effect, and nothing of it is stored: when the body is complete, the work on the submission takes the
//! reading over instead of beginning one ([`ReadingAhead::take_over`]), from its row and counted attempt on as without it. When
//! the body breaks off, the reading is forgotten with it. It counts only if it judged as it would be judged now: on the same
//! business day, with no cut-off between the beginning and the receipt.
//!
//! A slow sender holds nothing for long: the node gives up a reading that waits for bytes ([`crate::submission::arrival`]) or
//! whose body takes long, and reads the body when it is complete. Chunks wait in the same small channel as always. Few bodies
//! are read ahead, one of each client, however many a client sends.
//!
//! A reading may end the process, and the body has no row yet that counts it. So a mark that names the client is committed
//! first ([`Exchange::mark_reading_ahead`]). A process that finds the mark of an earlier one, or a submission of the client that
//! is set aside, reads nothing ahead for the client: what ends processes gets a row, and its attempts are counted. The next
//! message of the client that is answered removes such a mark.

use std::collections::HashSet;
use std::fs::File;

use iso20022::MessageType;
use jiff::Timestamp;
use jiff::civil::Date;
use rulebook::execution_date::is_same_receipt;
use store::ClientId;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tracing::Instrument as _;

use crate::bounds::{MEMORY_LITTLE_BYTES, READ_AHEAD_TIME_MAX, SET_ASIDE_SHOWN_MAX};
use crate::submission::arrival::{Arrival, ArrivingBytes};
use crate::submission::reading::{LargeReading, Subject};
use crate::{Exchange, Failure, local_time_of_receipt};

/// A body that is read while it arrives. Dropped, the reading stops.
#[derive(Debug)]
pub(crate) struct ReadingAhead {
    arrival: Arrival,
    /// Asks for the reading.
    asking: oneshot::Sender<oneshot::Sender<LargeReading>>,
}

impl ReadingAhead {
    /// So many bytes have arrived.
    pub(crate) fn has(&self, bytes: u64) {
        self.arrival.has(bytes);
    }

    /// The body is complete.
    pub(crate) fn complete(&self) {
        self.arrival.complete();
    }

    /// Takes the reading over. `None` when it was given up, or judged under other circumstances: then the body is read anew.
    pub(crate) async fn take_over(
        self,
        exchange: &Exchange,
        business_day: Date,
        received_at: Timestamp,
    ) -> Option<LargeReading> {
        if self.arrival.is_given_up() {
            return None;
        }
        let (give, given) = oneshot::channel();
        self.asking.send(give).ok()?;
        let mut reading = given.await.ok()?;
        let settings = &exchange.inner.settings;
        let local = |at| local_time_of_receipt(settings, at, business_day);
        let is_same = reading.business_day == business_day
            && is_same_receipt(&settings.guideline, business_day, local(reading.received_at), local(received_at));
        (is_same && !reading.has_failed()).then_some(reading)
    }
}

impl Exchange {
    /// Begins to read an arriving body ahead, if there is a place for it.
    pub(crate) fn read_ahead(&self, client: ClientId, message_type: MessageType, file: File) -> Option<ReadingAhead> {
        let runtime = Handle::try_current().ok()?;
        // What is in work needs the client's memory more.
        if self.inner.memory.taken_by(client) > MEMORY_LITTLE_BYTES {
            return None;
        }
        let place = self.inner.read_aheads.place(client)?;
        let (arrival, (asking, asked)) = (Arrival::default(), oneshot::channel());
        let bytes = ArrivingBytes::new(file, arrival.clone(), self.inner.settings.read_ahead_patience);
        let subject = Subject { client, message_type, received_at: self.now() };
        let (exchange, its_arrival) = (self.clone(), arrival.clone());
        let reading = async move {
            if let Err(failure) = exchange.keep_reading(subject, bytes, &its_arrival, asked).await {
                tracing::debug!(client = client.0, code = failure.code.id(), "a body is not read ahead");
            }
            its_arrival.give_up();
            drop(place);
        };
        runtime.spawn(reading.in_current_span());
        Some(ReadingAhead { arrival, asking })
    }

    /// Has a body read until the work takes the reading over, it is not needed, or its body takes too long to arrive.
    async fn keep_reading(
        &self,
        subject: Subject,
        bytes: ArrivingBytes,
        arrival: &Arrival,
        asked: oneshot::Receiver<oneshot::Sender<LargeReading>>,
    ) -> Result<(), Failure> {
        let (client, business_day) = (subject.client, self.known_business_day().await?);
        if !self.mark_reading_ahead(client).await? {
            return Ok(());
        }
        let (ends, ended) = oneshot::channel::<()>();
        if arrival.begin() {
            self.inner.measures.reading_ahead_begun();
            let reading = self.read_apart(subject, business_day, ends, move || Ok(bytes));
            let given = async { Some((reading.await.ok()?, asked.await.ok()?)) };
            if let Ok(Some((reading, give))) = tokio::time::timeout(READ_AHEAD_TIME_MAX, given).await {
                // Who asked may have gone.
                let _ = give.send(reading);
            } else {
                arrival.give_up();
            }
        } else {
            drop(ends);
        }
        // The mark stays as long as the thread, which may end the process.
        let _ = ended.await;
        self.end_works(HashSet::from([work_of(client)])).await;
        Ok(())
    }

    /// Commits the mark that stands while a body of the client is read ahead. `false` when none must be.
    async fn mark_reading_ahead(&self, client: ClientId) -> Result<bool, Failure> {
        let work = work_of(client);
        let marked = self.inner.store.write_for(client, move |writing| {
            let is_set_aside = |submission: &store::Submission| submission.received.client == client;
            if writing.set_aside_submissions(SET_ASIDE_SHOWN_MAX)?.iter().any(is_set_aside) {
                return Ok(None);
            }
            Ok::<_, Failure>(writing.count_work_attempt(&work)?.map(|known| known.attempts))
        });
        match marked.await? {
            Some(1) => {
                self.inner.attempts.begun().works.insert(work_of(client));
                Ok(true)
            }
            Some(_) => {
                tracing::warn!(
                    client = client.0,
                    "a process ended while it read a body ahead; its next one is read later"
                );
                self.inner.read_aheads.mark(client);
                Ok(false)
            }
            None => Ok(false),
        }
    }

    /// A large message of the client was answered: the mark that an earlier process left says nothing any more.
    pub(crate) async fn forget_mark_of_reading_ahead(&self, client: ClientId) {
        if self.inner.read_aheads.unmark(client) {
            self.end_works(HashSet::from([work_of(client)])).await;
        }
    }
}

/// The name of the mark.
fn work_of(client: ClientId) -> String {
    format!("reading ahead for client {}", client.0)
}
