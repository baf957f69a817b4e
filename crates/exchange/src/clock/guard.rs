//! Judges whether the clock is trustworthy. The business day moves by it, and the exchange never undoes the opening of
//! a day.
//!
//! | compared | says | where |
//! |---|---|---|
//! | the machine's clock with its monotonic one since an earlier look | a jump while the process ran | SQLite |
//! | the machine's clock with the database's | which of several nodes is wrong: the database decides | PostgreSQL |
//! | the time with the newest that was trusted, which is stored | a jump while no process ran | both |
//!
//! The store keeps the note of a jump until the clock is back or an operator confirms it, so a restart does not make a
//! wrong clock right. Only the business day waits for it: certificates, registrations and times of receipt follow the
//! clock as it is, because a node with an invented time would be wrong too.

use std::fmt;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use store::{ClockJump, ClockRecord};

/// The clock may be corrected by so much at once: time servers that smear a second, or set a clock right.
pub const JUMP_MAX: SignedDuration = SignedDuration::from_secs(30);

/// Beyond this difference from the database's clock a node is warned of.
pub(crate) const DIFFERENCE_WARNED: SignedDuration = SignedDuration::from_secs(5);

/// Beyond this difference from the database's clock, a node changes no business day.
pub const DIFFERENCE_MAX: SignedDuration = SignedDuration::from_secs(60);

/// A clock that is wrong by more than this makes its node not ready.
pub const WRONG_AND_READY_MAX: SignedDuration = SignedDuration::from_mins(5);

/// After a longer standstill the operator must confirm the clock: a clock that ran ahead looks the same.
pub const ABSENCE_MAX: SignedDuration = SignedDuration::from_hours(4 * 24);

/// The clock may lie so far behind the newest trusted time: nodes differ, and each may be corrected.
pub(crate) const BEHIND_MAX: SignedDuration = SignedDuration::from_secs(120);

/// Clocks drift. A clock is held against the look of at most so long ago.
const BASELINE_KEPT: SignedDuration = SignedDuration::from_hours(1);

/// Why the clock is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockDoubt {
    /// It jumped while an exchange ran.
    Jumped {
        /// Forward, or back when negative.
        by: SignedDuration,
    },
    /// It differs from the database's.
    Differs {
        /// Ahead, or behind when negative.
        by: SignedDuration,
    },
    /// It lies before the newest trusted time.
    Behind {
        /// By so much.
        by: SignedDuration,
    },
    /// The newest trusted time lies far back.
    Absent {
        /// By so much.
        by: SignedDuration,
    },
}

impl ClockDoubt {
    /// By how much the clock seems to be wrong.
    #[must_use]
    pub fn by(self) -> SignedDuration {
        match self {
            ClockDoubt::Jumped { by } | ClockDoubt::Differs { by } => by,
            ClockDoubt::Behind { by } => -by,
            ClockDoubt::Absent { by } => by,
        }
    }

    /// Whether the node should get no requests while it stands.
    #[must_use]
    pub fn is_grave(self) -> bool {
        self.by().abs() > WRONG_AND_READY_MAX
    }
}

impl fmt::Display for ClockDoubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = spoken(self.by().abs());
        let ahead = if self.by().is_negative() { "back" } else { "ahead" };
        match self {
            ClockDoubt::Jumped { .. } => write!(f, "the machine's clock jumped {ahead} by {by}"),
            ClockDoubt::Differs { .. } => {
                write!(f, "the machine's clock differs from the database's by {by} ({ahead})")
            }
            ClockDoubt::Behind { .. } => write!(f, "the clock is {by} behind the newest trusted time"),
            ClockDoubt::Absent { .. } => {
                write!(f, "the newest trusted time is {by} old: the exchange stood still, or the clock is ahead")
            }
        }
    }
}

/// As people say it. The rest says nothing to them, and would make every look a change.
fn spoken(time: SignedDuration) -> String {
    const DAY: SignedDuration = SignedDuration::from_hours(24);
    match time.as_secs() {
        seconds if seconds < 120 => format!("{seconds} s"),
        seconds if seconds < 2 * 3600 => format!("{} minutes", (seconds + 30) / 60),
        seconds if time < DAY * 2 => format!("{} hours", (seconds + 1800) / 3600),
        seconds => format!("{} days", (seconds + DAY.as_secs() / 2) / DAY.as_secs()),
    }
}

/// One look at all clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    /// The machine's clock.
    pub(crate) shown: Timestamp,
    /// The monotonic clock at that moment, from any beginning.
    pub(crate) monotonic: Duration,
    /// The store's record, read at about that moment.
    pub(crate) record: ClockRecord,
    /// How far from that moment the store may have answered.
    pub(crate) slack: SignedDuration,
}

/// The result of a look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) doubt: Option<ClockDoubt>,
    /// A jump that the store does not know of yet.
    pub(crate) to_note: Option<ClockJump>,
    /// The store has a note of a jump that is corrected.
    pub(crate) is_mended: bool,
}

/// The reference for the machine's clock.
#[derive(Clone, Copy, Debug)]
struct Baseline {
    shown: Timestamp,
    monotonic: Duration,
}

/// Remembers earlier looks of this process.
#[derive(Debug, Default)]
pub(crate) struct ClockGuard {
    baseline: Option<Baseline>,
    /// This process has noted a jump: when the store has none any more, the operator has confirmed the clock.
    has_noted: bool,
    /// A jump was noted before this process began, so its baseline may be wrong.
    began_in_doubt: bool,
}

impl ClockGuard {
    /// The time by which the business day goes: the database's where it has a clock.
    pub(crate) fn reference(look: &Look) -> Timestamp {
        look.record.store_time.unwrap_or(look.shown)
    }

    /// Judges a look. A sandbox's time may be simulated, so nothing is held against its clock.
    pub(crate) fn judge(&mut self, look: &Look) -> Verdict {
        if look.record.is_sandbox == Some(true) {
            return Verdict::default();
        }
        let verdict = match look.record.store_time {
            Some(database) => differs(look, database),
            None => self.jumped(look),
        };
        let doubt = verdict.doubt.or_else(|| against_the_stored_time(look));
        Verdict { doubt, ..verdict }
    }

    /// The note of a jump is in the store.
    pub(crate) fn noted(&mut self) {
        self.has_noted = true;
    }

    fn jumped(&mut self, look: &Look) -> Verdict {
        let now = Baseline { shown: look.shown, monotonic: look.monotonic };
        let stored = look.record.jump;
        if stored.is_none() && (self.has_noted || self.began_in_doubt) {
            (self.baseline, self.has_noted, self.began_in_doubt) = (Some(now), false, false);
        }
        let Some(baseline) = self.baseline else {
            (self.baseline, self.began_in_doubt) = (Some(now), stored.is_some());
            return from_an_earlier_process(look, stored);
        };
        if self.began_in_doubt {
            let verdict = from_an_earlier_process(look, stored);
            if verdict.is_mended {
                (self.baseline, self.began_in_doubt) = (Some(now), false);
            }
            return verdict;
        }
        let elapsed = SignedDuration::try_from(look.monotonic.saturating_sub(baseline.monotonic)).unwrap_or_default();
        let expected_at = baseline.shown.checked_add(elapsed).unwrap_or(look.shown);
        let by = look.shown.duration_since(expected_at);
        if by.abs() > JUMP_MAX {
            let jump = ClockJump { expected_at, shown_at: look.shown };
            let to_note = stored.is_none().then_some(jump);
            return Verdict { doubt: Some(ClockDoubt::Jumped { by }), to_note, is_mended: false };
        }
        if elapsed > BASELINE_KEPT {
            self.baseline = Some(now);
        }
        Verdict { is_mended: stored.is_some(), ..Verdict::default() }
    }
}

/// The monotonic clock of the process that noted the jump is gone. The clock is right again once it is on the right
/// side of its value at that time.
fn from_an_earlier_process(look: &Look, stored: Option<ClockJump>) -> Verdict {
    let Some(jump) = stored else { return Verdict::default() };
    let by = jump.shown_at.duration_since(jump.expected_at);
    let is_mended = if by.is_negative() { look.shown >= jump.expected_at } else { look.shown < jump.shown_at };
    let doubt = (!is_mended).then_some(ClockDoubt::Jumped { by });
    Verdict { doubt, to_note: None, is_mended }
}

/// The database decides between nodes. The duration of the answer does not count against the node.
fn differs(look: &Look, database: Timestamp) -> Verdict {
    let by = look.shown.duration_since(database);
    let is_far = by.abs() - look.slack > DIFFERENCE_MAX;
    Verdict { doubt: is_far.then_some(ClockDoubt::Differs { by }), ..Verdict::default() }
}

fn against_the_stored_time(look: &Look) -> Option<ClockDoubt> {
    let since = ClockGuard::reference(look).duration_since(look.record.trusted_at?);
    if -since > BEHIND_MAX {
        Some(ClockDoubt::Behind { by: -since })
    } else if since > ABSENCE_MAX {
        Some(ClockDoubt::Absent { by: since })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap_or_default()
    }

    fn look(shown: i64, monotonic: i64, record: ClockRecord) -> Look {
        let monotonic = Duration::from_secs(monotonic.unsigned_abs());
        Look { shown: at(shown), monotonic, record, slack: SignedDuration::ZERO }
    }

    fn trusted(second: i64) -> ClockRecord {
        ClockRecord { trusted_at: Some(at(second)), is_sandbox: Some(false), ..ClockRecord::default() }
    }

    fn seconds(doubt: Option<ClockDoubt>) -> Option<i64> {
        doubt.map(|doubt| doubt.by().as_secs())
    }

    #[test]
    fn a_jump_is_doubted_either_way_until_the_clock_is_back() {
        for jump in [395 * 24 * HOUR, 2 * 24 * HOUR, 31, -31, -2 * 24 * HOUR] {
            let mut guard = ClockGuard::default();
            assert_eq!(guard.judge(&look(0, 0, trusted(0))), Verdict::default());
            let verdict = guard.judge(&look(10 + jump, 10, trusted(0)));
            assert_eq!(seconds(verdict.doubt), Some(jump));
            let noted = verdict.to_note.expect("not noted before");
            assert_eq!((noted.expected_at, noted.shown_at), (at(10), at(10 + jump)));
            guard.noted();
            let record = ClockRecord { jump: Some(noted), ..trusted(0) };
            let verdict = guard.judge(&look(20 + jump, 20, record));
            assert_eq!((seconds(verdict.doubt), verdict.to_note), (Some(jump), None), "noted once");
            let verdict = guard.judge(&look(30, 30, record));
            assert_eq!((verdict.doubt, verdict.is_mended), (None, true));
        }
    }

    #[test]
    fn a_restart_does_not_make_a_wrong_clock_right() {
        for jump in [2 * 24 * HOUR, -2 * 24 * HOUR] {
            let noted = ClockJump { expected_at: at(10), shown_at: at(10 + jump) };
            let record = ClockRecord { jump: Some(noted), ..trusted(0) };
            let mut guard = ClockGuard::default();
            for passed in [60, 120] {
                assert_eq!(seconds(guard.judge(&look(passed + jump, passed, record)).doubt), Some(jump));
            }
            assert_eq!(guard.judge(&look(180, 180, record)), Verdict { is_mended: true, ..Verdict::default() });
            let verdict = ClockGuard::default().judge(&look(180, 0, record));
            assert_eq!((verdict.doubt, verdict.is_mended), (None, true), "another restart, the clock being right");
        }
    }

    #[test]
    fn an_operator_who_vouches_for_the_clock_is_believed() {
        let mut guard = ClockGuard::default();
        guard.judge(&look(0, 0, trusted(0)));
        let verdict = guard.judge(&look(HOUR, 10, trusted(0)));
        guard.noted();
        let record = ClockRecord { jump: verdict.to_note, ..trusted(0) };
        assert!(guard.judge(&look(HOUR + 10, 20, record)).doubt.is_some());
        let confirmed = trusted(HOUR + 15);
        assert_eq!(guard.judge(&look(HOUR + 20, 30, confirmed)), Verdict::default());
        assert_eq!(guard.judge(&look(HOUR + 30, 40, confirmed)), Verdict::default());
    }

    #[test]
    fn a_clock_that_drifts_is_followed() {
        let mut guard = ClockGuard::default();
        // Half a per mille, which is more than any machine's clock is wrong by.
        for hour in 0..1_000 {
            let monotonic = hour * (HOUR + 1);
            assert_eq!(guard.judge(&look(monotonic + hour * 2, monotonic, trusted(hour * HOUR))), Verdict::default());
        }
    }

    #[test]
    fn the_database_decides_between_nodes() {
        let with = |database: i64| ClockRecord { store_time: Some(at(database)), ..trusted(0) };
        let mut guard = ClockGuard::default();
        assert_eq!(guard.judge(&look(59, 0, with(0))), Verdict::default());
        assert_eq!(seconds(guard.judge(&look(2 * 24 * HOUR, 1, with(0))).doubt), Some(2 * 24 * HOUR));
        assert_eq!(seconds(guard.judge(&look(0, 2, with(61))).doubt), Some(-61));
        // A slow answer is no difference.
        let slow = Look { slack: SignedDuration::from_secs(10), ..look(65, 3, with(0)) };
        assert_eq!(guard.judge(&slow).doubt, None);
        // Both clocks of one machine jumped while nothing ran.
        let both = look(395 * 24 * HOUR, 4, with(395 * 24 * HOUR));
        assert_eq!(guard.judge(&both).doubt, Some(ClockDoubt::Absent { by: SignedDuration::from_hours(395 * 24) }));
    }

    #[test]
    fn a_start_is_held_against_the_stored_time() {
        let start = |second: i64| seconds(ClockGuard::default().judge(&look(second, 0, trusted(0))).doubt);
        assert_eq!(start(395 * 24 * HOUR), Some(395 * 24 * HOUR));
        assert_eq!(start(3 * 24 * HOUR), None, "a long week-end");
        assert_eq!(start(-121), Some(-121));
        assert_eq!(start(-60), None);
    }

    #[test]
    fn a_sandbox_has_whatever_time_it_likes() {
        let record = ClockRecord { is_sandbox: Some(true), ..trusted(0) };
        let mut guard = ClockGuard::default();
        for shown in [0, 395 * 24 * HOUR, -HOUR] {
            assert_eq!(guard.judge(&look(shown, 1, record)), Verdict::default());
        }
    }
}
