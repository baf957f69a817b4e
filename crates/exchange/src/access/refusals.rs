//! Counts refused requests by user, code and minute for the audit chain, so that no client can fill it.
//!
//! The first refusal of a kind in a minute gets a line at once. At the end of the minute one more line has the number
//! of the others and the last one. So a crash may lose the count of the open minute, but never a first refusal. The
//! number of lines in a minute and the memory are bounded; the exchange counts refusals beyond the bounds by code
//! alone.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rulebook::catalogue::Code;
use store::{AuditLine, Fingerprint, OnlineUserId};

use super::actor::actor;
use crate::bounds::{REFUSAL_KINDS_MAX, REFUSAL_LINES_AT_ONCE_MAX, REFUSAL_LINES_KEPT_MAX};

/// Who was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Refused {
    /// A known online user.
    User(OnlineUserId),
    /// An unknown certificate.
    Certificate(Fingerprint),
    /// Callers beyond the bound of counted ones.
    Others,
}

/// One kind of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Kind {
    actor: &'static str,
    action: &'static str,
    /// `None`: a trial, which counts without a refusal.
    code: Option<Code>,
    who: Refused,
}

/// One refusal.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) actor: &'static str,
    pub(crate) action: &'static str,
    pub(crate) code: Option<Code>,
    pub(crate) who: Refused,
    /// Its certificate or the hash of its body, for the audit alone; may be empty.
    pub(crate) about: String,
    /// Address and request id: by which it is found in the log.
    pub(crate) trace: String,
}

/// A kind's refusals of a minute.
#[derive(Debug)]
struct Tally {
    first: (Timestamp, String),
    last: (Timestamp, String),
    count: u64,
    /// The first one has its line.
    is_written: bool,
}

#[derive(Debug, Default)]
struct Minute {
    number: i64,
    tallies: HashMap<Kind, Tally>,
    /// Lines that were written at once.
    at_once: usize,
    /// Lines of earlier minutes that are not written yet.
    due: Vec<AuditLine>,
}

/// The refusals of this process that are not in the audit chain yet.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    minute: Mutex<Minute>,
}

impl Refusals {
    fn minute(&self) -> MutexGuard<'_, Minute> {
        self.minute.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a refusal. Returns the line that is to be written at once, if it gets one.
    pub(super) fn count(&self, refusal: Refusal, now: Timestamp) -> Option<AuditLine> {
        let mut minute = self.minute();
        minute.turn(now);
        let Refusal { actor, action, code, who, about, trace } = refusal;
        let trace = if about.is_empty() { trace } else { format!("{about} {trace}") };
        let mut kind = Kind { actor, action, code, who };
        if !minute.tallies.contains_key(&kind) && minute.tallies.len() >= REFUSAL_KINDS_MAX {
            kind.who = Refused::Others;
        }
        if let Some(tally) = minute.tallies.get_mut(&kind) {
            (tally.last, tally.count) = ((now, trace), tally.count + 1);
            return None;
        }
        let is_written = minute.at_once < REFUSAL_LINES_AT_ONCE_MAX;
        minute.at_once += usize::from(is_written);
        let line = is_written.then(|| kind.line(now, &trace));
        let seen = (now, trace);
        minute.tallies.insert(kind, Tally { first: seen.clone(), last: seen, count: 1, is_written });
        line
    }

    /// The line of a first refusal could not be written: it is due.
    pub(super) fn put_back(&self, lines: Vec<AuditLine>) {
        self.minute().owe(lines);
    }

    /// The lines of minutes that are over; of the open one too at the end.
    pub(super) fn take_due(&self, now: Timestamp, all: bool) -> Vec<AuditLine> {
        let mut minute = self.minute();
        minute.turn(if all { Timestamp::MAX } else { now });
        std::mem::take(&mut minute.due)
    }
}

impl Minute {
    /// Ends the open minute when another one has begun.
    fn turn(&mut self, now: Timestamp) {
        let number = now.as_second().div_euclid(60);
        if number == self.number {
            return;
        }
        self.number = number;
        self.at_once = 0;
        let mut due: Vec<(Kind, Tally)> = self.tallies.drain().collect();
        due.retain(|(_, tally)| tally.count > 1 || !tally.is_written);
        due.sort_by_key(|(_, tally)| tally.first.0);
        let lines = due.into_iter().map(|(kind, tally)| kind.summary(now, &tally)).collect();
        self.owe(lines);
    }

    /// While the store is away the oldest lines stay, and the others only in the log.
    fn owe(&mut self, lines: Vec<AuditLine>) {
        for line in lines {
            if self.due.len() < REFUSAL_LINES_KEPT_MAX {
                self.due.push(line);
            } else {
                tracing::error!(
                    action = line.action,
                    detail = line.detail,
                    "the audit chain loses a line: too many wait"
                );
            }
        }
    }
}

impl Kind {
    fn line(&self, now: Timestamp, trace: &str) -> AuditLine {
        self.of_detail(now, trace.to_owned())
    }

    fn summary(&self, now: Timestamp, tally: &Tally) -> AuditLine {
        let Tally { first, last, count, .. } = tally;
        // The end of time stands for the end of the process.
        let at = if now == Timestamp::MAX { last.0 } else { now };
        let detail = match count {
            1 => first.1.clone(),
            count => format!("count {count} first {} {} last {} {}", first.0, first.1, last.0, last.1),
        };
        self.of_detail(at, detail)
    }

    fn of_detail(&self, at: Timestamp, rest: String) -> AuditLine {
        let code = self.code.map(|code| format!("{} ", code.id())).unwrap_or_default();
        let detail = format!("{code}{} {rest}", self.who);
        AuditLine { at, actor: self.actor.to_owned(), action: self.action.to_owned(), detail: detail.trim().to_owned() }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::User(user) => f.write_str(&actor(*user)),
            Refused::Certificate(fingerprint) => write!(f, "certificate {fingerprint}"),
            Refused::Others => f.write_str("others"),
        }
    }
}

/// How a request is found again.
pub(crate) fn trace(address: IpAddr, request_id: &str) -> String {
    format!("address {address} request {request_id}")
}
