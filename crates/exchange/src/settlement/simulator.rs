//! The settlement system as the exchange sees it, and the simulator that stands in for it.
//!
//! The simulator is deterministic and remembers nothing: what it says follows from when a lot was handed over and
//! from what the payments' remittance texts ask for, so a restart changes nothing.
//!
//! | remittance text contains | what happens |
//! |---|---|
//! | `SIMULATE REJECT AC04` | the payment is rejected with that ISO code |
//! | `SIMULATE DELAY` | its lot settles one cycle later |
//! | `SIMULATE RETURN AC04` | the payment settles, and its money comes back at once as a new credit, with that ISO code |

use std::time::Duration;

use jiff::Timestamp;
use rulebook::catalogue::Code;

/// What happens to payments that go to other banks.
pub(crate) trait SettlementSystem: Send + Sync {
    /// Whether a lot that was handed over at `dispatched_at` has its answer by now; `delayed` when one of its payments
    /// was [`Verdict::SettledLater`].
    fn has_answered(&self, dispatched_at: Timestamp, delayed: bool, now: Timestamp) -> bool;

    /// What the answer for a payment is.
    fn verdict(&self, remittance: &str) -> Verdict;
}

/// The answer for a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It settled.
    Settled,
    /// It settled, and the lot it is in takes a cycle more.
    SettledLater,
    /// It did not.
    Rejected {
        /// The catalogue's code.
        code: Code,
        /// What the other bank wrote.
        detail: String,
    },
    /// It settled and came back.
    Returned {
        /// Why, as the other bank wrote it: a code of ISO 20022.
        reason: String,
    },
}

/// Settles in cycles, as remittance texts ask it to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Simulator {
    cycle: Duration,
}

const MARK: &str = "SIMULATE ";
const REJECT: &str = "REJECT";
const DELAY: &str = "DELAY";
const RETURN: &str = "RETURN";

impl Simulator {
    pub(crate) fn new(cycle: Duration) -> Simulator {
        Simulator { cycle }
    }

    fn after(&self, dispatched_at: Timestamp, cycles: u32) -> Timestamp {
        dispatched_at.checked_add(self.cycle.saturating_mul(cycles)).unwrap_or(Timestamp::MAX)
    }
}

impl SettlementSystem for Simulator {
    fn has_answered(&self, dispatched_at: Timestamp, delayed: bool, now: Timestamp) -> bool {
        now >= self.after(dispatched_at, if delayed { 2 } else { 1 })
    }

    fn verdict(&self, remittance: &str) -> Verdict {
        let Some((_, order)) = remittance.split_once(MARK) else { return Verdict::Settled };
        let mut words = order.split_whitespace();
        match words.next() {
            Some(REJECT) => rejected(iso_code(words.next())),
            Some(DELAY) => Verdict::SettledLater,
            Some(RETURN) => Verdict::Returned { reason: iso_code(words.next()) },
            _ => Verdict::Settled,
        }
    }
}

/// What a reason code of the other bank means in the catalogue.
fn rejected(iso: String) -> Verdict {
    Verdict::Rejected { code: Code::for_settlement_reason(&iso), detail: iso }
}

/// The code that a word is. A bank that names no reason says so (`MS03`).
fn iso_code(word: Option<&str>) -> String {
    let is_code =
        |word: &&str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    word.filter(is_code).unwrap_or("MS03").to_owned()
}
