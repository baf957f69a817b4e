//! Jobs that wait for a writer: one line for each client and one for the exchange itself, served in rotation. So a
//! client with sixty payments under way delays its own payments, and another client's payment by only one of them.
//!
//! Work without a waiting caller goes behind all jobs that waited when it came, and no further back: in rotation it
//! would get half of the writer beside a single busy client.

use std::collections::{HashMap, VecDeque};

use crate::ClientId;

/// Whose job it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Owner {
    /// A client waits for it.
    Client(ClientId),
    /// An operator waits for it, or the exchange itself.
    Exchange,
    /// No caller waits for it.
    Background,
}

/// What waits, by whom it is for.
#[derive(Debug)]
pub(crate) struct Lines<T> {
    lines: HashMap<Owner, VecDeque<T>>,
    /// Whose lines are not empty; the front one is served next.
    rotation: VecDeque<Owner>,
    /// How many stand in these lines, and how many have been served from them.
    waiting: u64,
    served: u64,
    /// Work of the background, each with the number of others that must be served before.
    background: VecDeque<(u64, T)>,
}

impl<T> Default for Lines<T> {
    fn default() -> Lines<T> {
        let (lines, rotation, background) = (HashMap::new(), VecDeque::new(), VecDeque::new());
        Lines { lines, rotation, waiting: 0, served: 0, background }
    }
}

impl<T> Lines<T> {
    pub(crate) fn push(&mut self, of: Owner, waits: T) {
        if of == Owner::Background {
            self.background.push_back((self.served + self.waiting, waits));
            return;
        }
        let line = self.lines.entry(of).or_default();
        if line.is_empty() {
            self.rotation.push_back(of);
        }
        line.push_back(waits);
        self.waiting += 1;
    }

    /// The first of the line whose turn it is.
    pub(crate) fn pop(&mut self) -> Option<T> {
        self.pop_where(|_| true)
    }

    /// The same among lines whose first one may be taken; the others keep their turn.
    pub(crate) fn pop_where(&mut self, may: impl Fn(&T) -> bool) -> Option<T> {
        let is_due = self
            .background
            .front()
            .is_some_and(|(after, first)| (self.waiting == 0 || *after <= self.served) && may(first));
        if is_due {
            return self.background.pop_front().map(|(_, first)| first);
        }
        let is_next = |of: &Owner| self.lines.get(of).and_then(VecDeque::front).is_some_and(&may);
        let of = self.rotation.iter().position(is_next).and_then(|place| self.rotation.remove(place))?;
        let line = self.lines.get_mut(&of)?;
        let first = line.pop_front();
        if line.is_empty() {
            self.lines.remove(&of);
        } else {
            self.rotation.push_back(of);
        }
        self.waiting -= 1;
        self.served += 1;
        first
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rotation.is_empty() && self.background.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GREEDY: Owner = Owner::Client(ClientId(1));
    const OTHER: Owner = Owner::Client(ClientId(2));

    #[test]
    fn each_owner_in_turn_and_each_line_in_its_order() {
        let mut lines = Lines::default();
        for (of, waits) in
            [(GREEDY, 1), (GREEDY, 2), (GREEDY, 3), (OTHER, 4), (Owner::Exchange, 5), (Owner::Exchange, 6)]
        {
            lines.push(of, waits);
        }
        let first: Vec<i32> = std::iter::from_fn(|| lines.pop()).take(2).collect();
        assert_eq!(first, [1, 4], "the other client waits for one");
        lines.push(OTHER, 7);
        let rest: Vec<i32> = std::iter::from_fn(|| lines.pop()).collect();
        assert_eq!(rest, [5, 2, 7, 6, 3]);
        assert!(lines.is_empty() && lines.lines.is_empty(), "nobody is remembered who waits for nothing");
    }

    #[test]
    fn the_background_goes_behind_what_waited_when_it_came() {
        let mut lines = Lines::default();
        for (of, waits) in [(GREEDY, 1), (GREEDY, 2), (Owner::Background, 3), (GREEDY, 4), (Owner::Background, 5)] {
            lines.push(of, waits);
        }
        lines.push(OTHER, 6);
        let all: Vec<i32> = std::iter::from_fn(|| lines.pop()).collect();
        assert_eq!(all, [1, 6, 3, 2, 5, 4]);
        lines.push(Owner::Background, 7);
        assert_eq!(lines.pop(), Some(7), "alone it is served at once");
        assert!(lines.is_empty());
    }

    #[test]
    fn who_may_not_be_taken_now_keeps_its_turn() {
        let mut lines = Lines::default();
        for (of, waits) in [(GREEDY, 1), (GREEDY, 2), (OTHER, 3), (OTHER, 4), (Owner::Exchange, 5)] {
            lines.push(of, waits);
        }
        assert_eq!(lines.pop_where(|waits| *waits >= 3), Some(3));
        assert_eq!(lines.pop_where(|waits| *waits == 2), None, "it stands behind another one");
        let rest: Vec<i32> = std::iter::from_fn(|| lines.pop()).collect();
        assert_eq!(rest, [1, 5, 4, 2]);
    }
}
