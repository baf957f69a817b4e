//! Jobs that wait for a writer: one line for each client and one for everything else, served in rotation.
//!
//! A client with sixty payments under way delays its own, and another's single payment by one of them.

use std::collections::{HashMap, VecDeque};

use crate::ClientId;

/// What waits, by whom it is for.
#[derive(Debug)]
pub(crate) struct Lines<T> {
    lines: HashMap<Option<ClientId>, VecDeque<T>>,
    /// Whose lines are not empty; the front one is served next.
    rotation: VecDeque<Option<ClientId>>,
}

impl<T> Default for Lines<T> {
    fn default() -> Lines<T> {
        Lines { lines: HashMap::new(), rotation: VecDeque::new() }
    }
}

impl<T> Lines<T> {
    pub(crate) fn push(&mut self, of: Option<ClientId>, waits: T) {
        let line = self.lines.entry(of).or_default();
        if line.is_empty() {
            self.rotation.push_back(of);
        }
        line.push_back(waits);
    }

    /// The first of the line whose turn it is.
    pub(crate) fn pop(&mut self) -> Option<T> {
        let of = self.rotation.pop_front()?;
        let line = self.lines.get_mut(&of)?;
        let first = line.pop_front();
        if line.is_empty() {
            self.lines.remove(&of);
        } else {
            self.rotation.push_back(of);
        }
        first
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rotation.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_client_in_turn_and_each_line_in_its_order() {
        let mut lines = Lines::default();
        let (greedy, other) = (Some(ClientId(1)), Some(ClientId(2)));
        for waits in [(greedy, 1), (greedy, 2), (greedy, 3), (other, 4), (None, 5), (None, 6)] {
            lines.push(waits.0, waits.1);
        }
        let first: Vec<i32> = std::iter::from_fn(|| lines.pop()).take(2).collect();
        assert_eq!(first, [1, 4], "the other client waits for one");
        lines.push(other, 7);
        let rest: Vec<i32> = std::iter::from_fn(|| lines.pop()).collect();
        assert_eq!(rest, [5, 2, 7, 6, 3]);
        assert!(lines.is_empty() && lines.lines.is_empty(), "nobody is remembered who waits for nothing");
    }
}
