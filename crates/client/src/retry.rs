//! Safe retries: which calls the client may repeat, how often, and how long it pauses between them.
//!
//! Every call of this library but operators' acts, which are made once, is safe to repeat with the same bytes. The exchange answers a message it already knows
//! with the stored answer (key: client and `MsgId`), and everything else only reads. So after a lost connection the
//! user need never wonder whether a payment was sent twice.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use crate::bounds;

/// How often and how patiently a call is repeated after a lost connection, a timeout, or an answer "not now".
///
/// ```
/// use std::time::Duration;
/// let patient = client::Retries::default().attempts_max(10).pause_max(Duration::from_secs(60));
/// let never = client::Retries::none();
/// # let _ = (patient, never);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retries {
    attempts_max: u32,
    first_pause: Duration,
    pause_max: Duration,
}

impl Default for Retries {
    fn default() -> Retries {
        Retries { attempts_max: bounds::ATTEMPTS_MAX, first_pause: bounds::FIRST_PAUSE, pause_max: bounds::PAUSE_MAX }
    }
}

impl Retries {
    /// One attempt only.
    #[must_use]
    pub fn none() -> Retries {
        Retries::default().attempts_max(1)
    }

    /// At most this many attempts, the first included (at least one).
    #[must_use]
    pub fn attempts_max(mut self, attempts: u32) -> Retries {
        self.attempts_max = attempts.max(1);
        self
    }

    /// The pause before the second attempt; it doubles from then on.
    #[must_use]
    pub fn first_pause(mut self, pause: Duration) -> Retries {
        self.first_pause = pause;
        self
    }

    /// The longest pause, also when the server asks for more.
    #[must_use]
    pub fn pause_max(mut self, pause: Duration) -> Retries {
        self.pause_max = pause;
        self
    }

    /// The pause after attempt number `attempt` (from 1); `None` when it was the last one.
    ///
    /// Up to a quarter is added at random, so that clients that were cut off together do not come back together.
    pub(crate) fn pause_after(&self, attempt: u32, asked_for: Duration) -> Option<Duration> {
        if attempt >= self.attempts_max {
            return None;
        }
        let doubled = self.first_pause.saturating_mul(1_u32.checked_shl(attempt - 1).unwrap_or(u32::MAX));
        let pause = doubled.max(asked_for).min(self.pause_max);
        let spread = RandomState::new().build_hasher().finish() % 256;
        let spread = u32::try_from(spread).unwrap_or(0);
        Some(pause + pause / 4 * spread / 256)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_their_bound_and_end() {
        let retries = Retries::default()
            .attempts_max(40)
            .first_pause(Duration::from_millis(100))
            .pause_max(Duration::from_secs(2));
        for attempt in 1..40 {
            let pause = retries.pause_after(attempt, Duration::ZERO).map(|pause| pause.as_millis()).unwrap_or_default();
            let least = (100_u128 << (attempt - 1).min(20)).min(2_000);
            assert!((least..=least * 5 / 4).contains(&pause), "attempt {attempt}: {pause} ms");
        }
        assert_eq!(retries.pause_after(40, Duration::ZERO), None);
    }

    #[test]
    fn the_server_may_ask_for_a_longer_pause_but_not_for_any() {
        let retries = Retries::default().pause_max(Duration::from_secs(5));
        let asked = retries.pause_after(1, Duration::from_secs(3)).unwrap_or_default();
        assert!(asked >= Duration::from_secs(3));
        let capped = retries.pause_after(1, Duration::from_secs(3_600)).unwrap_or_default();
        assert!(capped < Duration::from_secs(7));
    }

    #[test]
    fn no_retries_is_one_attempt() {
        assert_eq!(Retries::none().pause_after(1, Duration::ZERO), None);
    }
}
