//! Which payments of earlier messages count, as far as the message shows it. A file sent twice has as many hits as keys,
//! all in one message: the store asks about that message once, and about its payments only where some were refused or
//! came back.

use std::collections::HashMap;

use payments::{MessageId, PaymentId};

use crate::bounds::EXCEPTIONS_KEPT_MAX;

/// What is known of earlier messages, while the store searches.
#[derive(Debug, Default)]
pub(crate) struct EarlierMessages {
    known: HashMap<MessageId, Standing>,
    /// Ranges that they keep.
    ranges: usize,
}

#[derive(Debug)]
enum Standing {
    NotActive,
    /// All payments count, except perhaps those in these ranges of ordinals.
    Active(Ranges),
}

/// Whether a payment counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counting {
    Yes,
    /// Its message is not active.
    No,
    /// It may be refused, or have come back: its own row decides.
    Unsure,
}

/// Ranges of ordinals, ascending, apart from each other.
#[derive(Debug, Default)]
struct Ranges(Vec<(u32, u32)>);

impl EarlierMessages {
    pub(crate) fn knows(&self, message: MessageId) -> bool {
        self.known.contains_key(&message)
    }

    /// A message that is not active.
    pub(crate) fn learn_not_active(&mut self, message: MessageId) {
        self.known.insert(message, Standing::NotActive);
    }

    /// An active message, and the ranges in which payments may not count. `None`: there are more than the store reads.
    pub(crate) fn learn(&mut self, message: MessageId, exceptions: Option<Vec<(u32, u32)>>) {
        let room = EXCEPTIONS_KEPT_MAX.saturating_sub(self.ranges);
        let ranges = exceptions.map(Ranges::of).filter(|ranges| ranges.0.len() <= room);
        let ranges = ranges.unwrap_or_else(|| Ranges(vec![(0, u32::MAX)]));
        self.ranges += ranges.0.len();
        self.known.insert(message, Standing::Active(ranges));
    }

    pub(crate) fn counting(&self, payment: PaymentId) -> Counting {
        match self.known.get(&payment.message) {
            Some(Standing::NotActive) => Counting::No,
            Some(Standing::Active(ranges)) if !ranges.contain(payment.ordinal) => Counting::Yes,
            _ => Counting::Unsure,
        }
    }
}

impl Ranges {
    fn of(mut ranges: Vec<(u32, u32)>) -> Ranges {
        ranges.sort_unstable();
        let mut apart: Vec<(u32, u32)> = Vec::new();
        for (first, last) in ranges {
            match apart.last_mut() {
                Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
                _ => apart.push((first, last)),
            }
        }
        Ranges(apart)
    }

    fn contain(&self, ordinal: u32) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= ordinal);
        after.checked_sub(1).and_then(|place| self.0.get(place)).is_some_and(|(_, last)| ordinal <= *last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_contain_what_was_put_into_them() {
        let given = [(7, 9), (0, 0), (3, 5), (4, 4), (10, 12), (u32::MAX, u32::MAX), (2, 3)];
        let ranges = Ranges::of(given.to_vec());
        assert_eq!(ranges.0, [(0, 0), (2, 5), (7, 12), (u32::MAX, u32::MAX)]);
        for ordinal in (0..20).chain([u32::MAX - 1, u32::MAX]) {
            let expected = given.iter().any(|(first, last)| (*first..=*last).contains(&ordinal));
            assert_eq!(ranges.contain(ordinal), expected, "{ordinal}");
        }
    }
}
