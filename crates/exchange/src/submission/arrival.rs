//! The bytes of a body for a thread that reads them while more arrive.
//!
//! The intake writes them to the body's file, and the thread reads them from there, so no byte is kept for it in memory. The
//! thread waits for bytes only for a short time: when the sender is slow, it gives up.

use std::fs::File;
use std::io::{self, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::submission::given_up;

/// How much of a body has arrived. All clones are one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrival {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Bytes that the file has.
    arrived: u64,
    /// There will be no more.
    is_complete: bool,
    /// A thread reads.
    is_read: bool,
    /// The thread reads no further.
    is_given_up: bool,
}

impl Arrival {
    fn state(&self) -> MutexGuard<'_, State> {
        // Whole between any two statements.
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file has so many bytes now.
    pub(crate) fn has(&self, bytes: u64) {
        self.state().arrived = bytes;
        self.shared.changed.notify_one();
    }

    /// Nothing more arrives. When no thread reads by now, none begins.
    pub(crate) fn complete(&self) {
        let mut state = self.state();
        state.is_complete = true;
        state.is_given_up |= !state.is_read;
        self.shared.changed.notify_one();
    }

    /// Whether the thread reads no further, or none ever began.
    pub(crate) fn is_given_up(&self) -> bool {
        self.state().is_given_up
    }

    /// A thread begins to read. `false` when it must not.
    pub(crate) fn begin(&self) -> bool {
        let mut state = self.state();
        state.is_read = !state.is_given_up;
        state.is_read
    }

    /// Nobody needs what is read.
    pub(crate) fn give_up(&self) {
        self.state().is_given_up = true;
        self.shared.changed.notify_one();
    }

    /// Waits until there are bytes behind this place, or none will come; returns how many there are.
    fn behind(&self, place: u64, patience: Duration) -> io::Result<u64> {
        let waits = |state: &mut State| state.arrived <= place && !state.is_complete && !state.is_given_up;
        let waited = self.shared.changed.wait_timeout_while(self.state(), patience, waits);
        let (mut state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        state.is_given_up |= timeout.timed_out();
        if state.is_given_up { Err(given_up::error()) } else { Ok(state.arrived.saturating_sub(place)) }
    }
}

/// The bytes of a body, as they arrive.
pub(crate) struct ArrivingBytes {
    file: File,
    place: u64,
    arrival: Arrival,
    patience: Duration,
}

impl ArrivingBytes {
    /// Who reads waits for `patience` at most for the next bytes.
    pub(crate) fn new(file: File, arrival: Arrival, patience: Duration) -> ArrivingBytes {
        ArrivingBytes { file, place: 0, arrival, patience }
    }
}

impl Read for ArrivingBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let there = usize::try_from(self.arrival.behind(self.place, self.patience)?).unwrap_or(usize::MAX);
        let most = there.min(buffer.len());
        let read = self.file.read(&mut buffer[..most])?;
        if read == 0 && most > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.place += read as u64;
        Ok(read)
    }
}
