//! Counts calls of machines that may not call. The log gets the first one, and the number of the others at the end of the minute:
//! they call as often as they like, and the log must not fill the disk.

use tokio::time::{Instant, sleep_until};

use crate::bounds;

/// The calls of this minute.
#[derive(Default)]
pub(crate) struct Strangers {
    /// When the first one came.
    since: Option<Instant>,
    /// How many came after it.
    more: u64,
}

impl Strangers {
    /// Counts a call; whether it is the first of a minute.
    pub(crate) fn is_first(&mut self, now: Instant) -> bool {
        let is_counted = self.since.is_some_and(|since| now < since + bounds::STRANGERS_COUNTED_FOR);
        // A minute with others ends when they are logged.
        if is_counted || self.more > 0 {
            self.more += 1;
            return false;
        }
        self.since = Some(now);
        true
    }

    /// Logs how many others called, when the minute ends. While there are none, never.
    pub(crate) async fn end_of_minute(&mut self) {
        match self.since {
            Some(since) if self.more > 0 => sleep_until(since + bounds::STRANGERS_COUNTED_FOR).await,
            _ => return std::future::pending().await,
        }
        tracing::warn!(calls = self.more, "machines called again that are in none of the networks");
        *self = Strangers { since: Some(Instant::now()), more: 0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_one_line_a_minute() {
        let (mut strangers, begin) = (Strangers::default(), Instant::now());
        assert!(strangers.is_first(begin));
        assert!(strangers.is_first(begin + bounds::STRANGERS_COUNTED_FOR), "nobody else called in that minute");
        for _ in 0..100_000 {
            assert!(!strangers.is_first(begin + bounds::STRANGERS_COUNTED_FOR));
        }
        assert!(!strangers.is_first(begin + bounds::STRANGERS_COUNTED_FOR * 3), "the count was not logged yet");
        assert_eq!(strangers.more, 100_001);
    }
}
