//! Turns at something that only some can do at once: each holder waits in its own line, and the server serves the lines
//! in rotation. So a client that asks for forty things at once delays its own thirty-nine, and another's first by one.
//! How many places a holder may have follows the rule of [`super::Shares`].

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::oneshot;

use super::{ShareExceeded, lock};

/// Places that are taken in turn.
pub(crate) struct Turns<K: Copy + Eq + Hash> {
    budget: &'static str,
    places: usize,
    /// Places that one holder may have at once, however many are free.
    each_max: usize,
    /// The longest line of one holder.
    line_max: usize,
    lines: Mutex<Lines<K>>,
}

struct Lines<K: Copy + Eq + Hash> {
    running: usize,
    holders: HashMap<K, Holder<K>>,
    /// Holders with a waiting line; the front one is next.
    rotation: VecDeque<K>,
}

struct Holder<K: Copy + Eq + Hash> {
    running: usize,
    line: VecDeque<oneshot::Sender<Turn<K>>>,
}

/// A place, until it is dropped.
pub(crate) struct Turn<K: Copy + Eq + Hash> {
    of: Arc<Turns<K>>,
    holder: K,
}

impl<K: Copy + Eq + Hash> Turns<K> {
    pub(crate) fn new(budget: &'static str, places: usize, each_max: usize, line_max: usize) -> Arc<Turns<K>> {
        let lines = Lines { running: 0, holders: HashMap::new(), rotation: VecDeque::new() };
        Arc::new(Turns { budget, places: places.max(1), each_max: each_max.max(1), line_max, lines: Mutex::new(lines) })
    }

    /// Waits for a turn, not longer than `patience`.
    pub(crate) async fn take(self: &Arc<Self>, holder: K, patience: Duration) -> Result<Turn<K>, ShareExceeded> {
        let coming = {
            let mut guard = lock(&self.lines);
            let lines = &mut *guard;
            let free = self.places - lines.running;
            let of_holder = lines.holders.entry(holder).or_insert_with(Holder::new);
            of_holder.line.retain(|waiting| !waiting.is_closed());
            if of_holder.line.is_empty() && of_holder.running < self.each_max.min(free) {
                of_holder.running += 1;
                lines.running += 1;
                return Ok(Turn { of: Arc::clone(self), holder });
            }
            if of_holder.line.len() >= self.line_max {
                let has_any = of_holder.running > 0;
                lines.forget(holder);
                return Err(ShareExceeded { budget: self.budget, has_any });
            }
            let (sender, coming) = oneshot::channel();
            of_holder.line.push_back(sender);
            if !lines.rotation.contains(&holder) {
                lines.rotation.push_back(holder);
            }
            coming
        };
        match tokio::time::timeout(patience, coming).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => {
                let has_any = lock(&self.lines).holders.get(&holder).is_some_and(|of| of.running > 0);
                Err(ShareExceeded { budget: self.budget, has_any })
            }
        }
    }

    /// Gives a place back and free places to whom they belong. A turn whose taker has left meanwhile comes back; it is
    /// dropped by the caller, outside the lock.
    fn release(self: &Arc<Self>, holder: K) -> Vec<Turn<K>> {
        let mut lines = lock(&self.lines);
        lines.running -= 1;
        if let Some(of_holder) = lines.holders.get_mut(&holder) {
            of_holder.running -= 1;
        }
        lines.forget(holder);
        let mut came_back = Vec::new();
        while lines.running < self.places {
            let each_max = self.each_max.min(self.places - lines.running);
            let Some((next, taker)) = lines.next(each_max) else { break };
            if let Err(turn) = taker.send(Turn { of: Arc::clone(self), holder: next }) {
                came_back.push(turn);
            }
        }
        came_back
    }
}

impl<K: Copy + Eq + Hash> Holder<K> {
    fn new() -> Holder<K> {
        Holder { running: 0, line: VecDeque::new() }
    }
}

impl<K: Copy + Eq + Hash> Lines<K> {
    /// Who gets the next place, of those who have less than `each_max`; counted as running already.
    fn next(&mut self, each_max: usize) -> Option<(K, oneshot::Sender<Turn<K>>)> {
        for _ in 0..self.rotation.len() {
            let holder = self.rotation.pop_front()?;
            let Some(of_holder) = self.holders.get_mut(&holder) else { continue };
            of_holder.line.retain(|waiting| !waiting.is_closed());
            let taker = (of_holder.running < each_max).then(|| of_holder.line.pop_front()).flatten();
            if taker.is_some() {
                of_holder.running += 1;
                self.running += 1;
            }
            if of_holder.line.is_empty() {
                self.forget(holder);
            } else {
                self.rotation.push_back(holder);
            }
            if let Some(taker) = taker {
                return Some((holder, taker));
            }
        }
        None
    }

    fn forget(&mut self, holder: K) {
        if self.holders.get(&holder).is_some_and(|of| of.running == 0 && of.line.is_empty()) {
            self.holders.remove(&holder);
        }
    }
}

impl<K: Copy + Eq + Hash> Drop for Turn<K> {
    fn drop(&mut self) {
        drop(self.of.release(self.holder));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);

    /// A taker that stands in line now.
    fn in_line(
        turns: &Arc<Turns<u8>>,
        holder: u8,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Turn<u8>, ShareExceeded>>>> {
        use std::task::{Context, Waker};
        let turns = Arc::clone(turns);
        let mut taker: std::pin::Pin<Box<dyn Future<Output = _>>> =
            Box::pin(async move { turns.take(holder, PATIENCE).await });
        assert!(taker.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        taker
    }

    #[tokio::test]
    async fn lines_are_served_in_rotation() {
        let turns = Turns::new("test", 1, 1, 10);
        let running = turns.take(1, PATIENCE).await.unwrap();
        let (a, b, other) = (in_line(&turns, 1), in_line(&turns, 1), in_line(&turns, 2));
        drop(running);
        let first = a.await.unwrap();
        drop(first);
        let second = other.await.unwrap();
        assert_eq!(second.holder, 2, "the other holder comes before the second in line of the first");
        drop(second);
        drop(b.await.unwrap());
        assert_eq!(lock(&turns.lines).holders.len(), 0, "nobody is remembered");
    }

    #[tokio::test]
    async fn a_holder_leaves_a_place_free_and_its_line_has_an_end() {
        let turns = Turns::new("test", 2, 1, 1);
        let one = turns.take(1, PATIENCE).await.unwrap();
        let waits = in_line(&turns, 1);
        assert!(turns.take(1, PATIENCE).await.is_err(), "the line is full");
        let other = turns.take(2, PATIENCE).await.unwrap();
        // Who leaves the line leaves no gap in it, and no place is lost with him.
        drop(waits);
        drop((one, other));
        let again = (turns.take(1, PATIENCE).await, turns.take(2, PATIENCE).await);
        assert!(again.0.is_ok() && again.1.is_ok());
    }
}
