//! Decisions about small messages that wait at the same time, made together in one transaction.
//!
//! The rules stay where they are: each decision is the closure that would otherwise run in a transaction of its own, and
//! sees [`Deciding`](crate::Deciding). Behind it stands a session that serves all of them from memory:
//!
//! | step | PostgreSQL | SQLite |
//! |---|---|---|
//! | what the decisions will read ([`ReadAhead`]) is locked and loaded | 1 round trip | when it is asked for, once |
//! | they decide, one after another; each sees what those before it decided | memory | memory |
//! | everything is written, table by table | 1 round trip, with the lock of the sequencer | prepared statements in loops |
//! | the commit, with the audit lines | 1 round trip | the commit of the writing thread |
//!
//! A decision that fails leaves nothing behind, and the others stand. When reading ahead, writing or the commit fails, the
//! store undoes all of it and runs each decision alone, in a plain transaction: so one that the database cannot take
//! harms no other.
//!
//! Bounds: [`DECISIONS_TOGETHER_MAX`](crate::bounds::DECISIONS_TOGETHER_MAX) decisions about
//! [`PAYMENTS_TOGETHER_MAX`](crate::bounds::PAYMENTS_TOGETHER_MAX) payments.

mod decided;
mod ground;
mod known;
mod session;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub(crate) use decided::{Decided, KeptPayment};
pub(crate) use ground::Ground;
pub(crate) use known::Known;

use self::session::Together;
use crate::job::{Job, panicked};
use crate::{ReadAhead, StoreError, bounds};

/// Runs jobs that decide, in their order, and writes what they decided. Says of each whether it wants to be committed.
///
/// # Errors
/// What keeps all of them from being committed.
pub(crate) fn decide(ground: &mut dyn Ground, jobs: &mut [&mut Job]) -> Result<Vec<bool>, StoreError> {
    // A job catches its own panic. One of the session must not end the thread that writes for all.
    let decided = catch_unwind(AssertUnwindSafe(|| decide_all(ground, jobs)));
    decided.unwrap_or_else(|panic| Err(panicked(panic.as_ref())))
}

fn decide_all(ground: &mut dyn Ground, jobs: &mut [&mut Job]) -> Result<Vec<bool>, StoreError> {
    let ahead: Vec<&ReadAhead> = jobs.iter().filter_map(|job| job.ahead()).collect();
    let known = ground.read_ahead(&ahead)?;
    let mut session = Together::new(ground, known);
    let mut committing = Vec::with_capacity(jobs.len());
    for job in jobs {
        let wants_commit = job.decide(&mut session);
        session.end(wants_commit)?;
        committing.push(wants_commit);
    }
    session.write()?;
    Ok(committing)
}

/// The room that a group of decisions has left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    decisions: usize,
    payments: usize,
}

impl Room {
    pub(crate) fn new() -> Room {
        Room { decisions: bounds::DECISIONS_TOGETHER_MAX, payments: bounds::PAYMENTS_TOGETHER_MAX }
    }

    /// Whether there is none left. The last decision may have more payments than fit: so there is room for any.
    pub(crate) fn is_used_up(self) -> bool {
        self.decisions == 0 || self.payments == 0
    }

    pub(crate) fn take(&mut self, ahead: &ReadAhead) {
        self.decisions = self.decisions.saturating_sub(1);
        self.payments = self.payments.saturating_sub(ahead.payments);
    }
}
