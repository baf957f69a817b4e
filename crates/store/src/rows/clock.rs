//! What the exchange knows about itself: of the time, and of the room that clients take.

use jiff::Timestamp;

use crate::ClientId;

/// What the store knows of the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockRecord {
    /// The newest time that was not doubted. None before the first.
    pub trusted_at: Option<Timestamp>,
    /// A jump of the clock that is neither mended nor confirmed.
    pub jump: Option<ClockJump>,
    /// Whether this is a sandbox, whose time may be simulated. None: made before that was noted, and not served since.
    pub is_sandbox: Option<bool>,
    /// What the store's own clock shows now. None in SQLite, which has no other clock than the machine's.
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

/// What the kept bodies of a client take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientStorage {
    /// The client.
    pub client: ClientId,
    /// Bytes of its bodies, as they were received after inflation.
    pub bytes: u64,
}
