//! The states of an application, and the acts that led there.

use jiff::Timestamp;

use crate::PersonId;
use crate::terms::words;

/// How far an application has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Content and files can change.
    Draft,
    /// Complete: content, files and base stand, with their digest.
    Submitted,
    /// An operator has checked it.
    Checked,
    /// An operator has approved it; it has not taken effect.
    Approved,
    /// What it asks for holds.
    InForce,
    /// What it asked for held until another application took its place.
    Replaced,
    /// Its last day is over, or nobody decided in time.
    Expired,
    /// An operator refused it, with a reason.
    Rejected,
    /// Who entered it took it back.
    Withdrawn,
    /// It was approved, but what it changes had changed before its day came.
    Overtaken,
}

words!(State {
    Draft = "draft",
    Submitted = "submitted",
    Checked = "checked",
    Approved = "approved",
    InForce = "in-force",
    Replaced = "replaced",
    Expired = "expired",
    Rejected = "rejected",
    Withdrawn = "withdrawn",
    Overtaken = "overtaken",
});

impl State {
    /// Whether nothing happens to it any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, State::Replaced | State::Expired | State::Rejected | State::Withdrawn | State::Overtaken)
    }
}

/// Who did something, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// The person.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}
