//! The exchange's records about itself: the time, and the room that clients take.

use jiff::Timestamp;

use crate::ClientId;

/// The store's record of the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockRecord {
    /// The newest time that was not doubted. None before the first.
    pub trusted_at: Option<Timestamp>,
    /// A jump of the clock that is neither corrected nor confirmed.
    pub jump: Option<ClockJump>,
    /// Whether this is a sandbox, whose time may be simulated. None: made before that was noted, and not served since.
    pub is_sandbox: Option<bool>,
    /// The store's own clock now. None in SQLite, which has only the machine's clock.
    pub store_time: Option<Timestamp>,
}

/// A clock that jumped: what it should have shown and what it showed, at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockJump {
    /// What it should have shown.
    pub expected_at: Timestamp,
    /// What it showed.
    pub shown_at: Timestamp,
}

/// The bytes of a client's kept bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientStorage {
    /// The client.
    pub client: ClientId,
    /// Bytes of its bodies, as they were received after inflation.
    pub bytes: u64,
}
