//! What waits in a store, and what ends: for monitoring.

use jiff::Timestamp;
use jiff::civil::Date;
use payments::Stage;

/// What waits in a store, and what ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreGauges {
    /// Lots that are not at their end, by stage.
    pub lots: Vec<StageGauge>,
    /// Submissions that wait for their answer.
    pub unanswered: u64,
    /// When the oldest of them was received.
    pub unanswered_since: Option<Timestamp>,
    /// Submissions that are set aside.
    pub set_aside_submissions: u64,
    /// Other work that is set aside.
    pub set_aside_work: u64,
    /// Returns that wait, up to [`crate::bounds::RETURNS_COUNTED_MAX`].
    pub returns_waiting: u64,
    /// The business day; none before the first one was set.
    pub business_day: Option<Date>,
    /// When online users' certificates end: of each user the last one that is not revoked.
    pub certificates_end: Vec<Timestamp>,
    /// When the certificates end of persons who are not ended: of each the last one that is not revoked.
    pub person_certificates_end: Vec<Timestamp>,
    /// The last days of online users' registrations.
    pub registrations_end: Vec<Date>,
    /// When the oldest line of the audit chain was written that no signed checkpoint covers.
    pub audit_unconfirmed_since: Option<Timestamp>,
    /// Notices that wait to be sent, up to [`crate::bounds::NOTICES_COUNTED_MAX`].
    pub notices_waiting: u64,
    /// When the oldest of them was made.
    pub notices_waiting_since: Option<Timestamp>,
    /// Notices that could not be sent, up to the same number.
    pub notices_refused: u64,
    /// Who serves from the store.
    pub nodes: NodeGauge,
}

/// Lots of one stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageGauge {
    /// The stage.
    pub stage: Stage,
    /// How many there are, up to [`crate::bounds::LOTS_COUNTED_MAX`].
    pub count: u64,
    /// When the oldest of them reached the stage, of those whose execution date comes first. None where that says nothing:
    /// a scheduled lot waits for its day.
    pub since: Option<Timestamp>,
}

/// Nodes that share a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NodeGauge {
    /// Those whose lease holds.
    pub held: u64,
    /// Those that gave no sign of life for longer than their lease, and said no goodbye; for
    /// [`crate::bounds::LAPSED_SHOWN_FOR`].
    pub expired: u64,
}
