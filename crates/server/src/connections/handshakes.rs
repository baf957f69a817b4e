//! Places for handshakes. A client that never finishes its handshake takes no place from clients that do: when no place
//! is left, the oldest handshake gives way; within the bound of one address, the oldest of that address. Handshakes
//! without any received byte go first, since an honest client behind the same address speaks at once.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::AddressBlock;

/// Handshakes that are under way.
pub(crate) struct Handshakes {
    all_max: usize,
    per_address_max: usize,
    /// Oldest first.
    under_way: Mutex<PendingHandshakes>,
}

#[derive(Default)]
struct PendingHandshakes {
    next: u64,
    entries: Vec<PendingHandshake>,
}

struct PendingHandshake {
    id: u64,
    block: AddressBlock,
    has_spoken: bool,
    /// Dropped to end the handshake.
    _cancel: oneshot::Sender<()>,
}

/// A place for one handshake, until it is dropped.
pub(crate) struct HandshakePlace {
    of: Arc<Handshakes>,
    id: u64,
    cancelled: oneshot::Receiver<()>,
}

impl Handshakes {
    pub(crate) fn new(all_max: usize, per_address_max: usize) -> Arc<Handshakes> {
        Arc::new(Handshakes { all_max, per_address_max, under_way: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, PendingHandshakes> {
        // The list is whole between any two statements.
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a new handshake, and whose handshake was ended for it.
    pub(crate) fn begin(self: &Arc<Self>, address: IpAddr) -> (HandshakePlace, Option<AddressBlock>) {
        let block = AddressBlock::of(address);
        let mut under_way = self.lock();
        let gives_way = under_way.gives_way(block, self.all_max, self.per_address_max);
        let gone = gives_way.map(|position| under_way.entries.remove(position).block);
        let (cancel, cancelled) = oneshot::channel();
        let id = under_way.next;
        under_way.next += 1;
        under_way.entries.push(PendingHandshake { id, block, has_spoken: false, _cancel: cancel });
        (HandshakePlace { of: Arc::clone(self), id, cancelled }, gone)
    }
}

impl PendingHandshakes {
    /// Which entry a newcomer of this block displaces.
    fn gives_way(&self, block: AddressBlock, all_max: usize, per_address_max: usize) -> Option<usize> {
        if self.entries.iter().filter(|entry| entry.block == block).count() >= per_address_max {
            return self.first_to_go(|entry| entry.block == block);
        }
        if self.entries.len() < all_max {
            return None;
        }
        let mut counts: HashMap<AddressBlock, usize> = HashMap::new();
        for entry in &self.entries {
            *counts.entry(entry.block).or_default() += 1;
        }
        let most = counts.values().copied().max()?;
        self.first_to_go(|entry| counts.get(&entry.block) == Some(&most))
    }

    /// The oldest of some that has said nothing; if all have, the oldest.
    fn first_to_go(&self, is_one: impl Fn(&PendingHandshake) -> bool) -> Option<usize> {
        let silent = self.entries.iter().position(|entry| !entry.has_spoken && is_one(entry));
        silent.or_else(|| self.entries.iter().position(is_one))
    }
}

impl HandshakePlace {
    /// To be called when the client has begun its handshake.
    pub(crate) fn has_spoken(&self) -> impl FnOnce() + use<> {
        let (of, id) = (Arc::clone(&self.of), self.id);
        move || {
            let mut under_way = of.lock();
            if let Some(entry) = under_way.entries.iter_mut().find(|entry| entry.id == id) {
                entry.has_spoken = true;
            }
        }
    }

    /// Ready when the handshake has to give way.
    pub(crate) async fn cancelled(&mut self) {
        // The sender never sends: it is dropped.
        let _ = (&mut self.cancelled).await;
    }
}

impl Drop for HandshakePlace {
    fn drop(&mut self) {
        self.of.lock().entries.retain(|entry| entry.id != self.id);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[tokio::test]
    async fn the_oldest_of_the_address_with_most_gives_way() {
        let handshakes = Handshakes::new(4, 3);
        let begin = |address: &str| handshakes.begin(address.parse().unwrap());
        let other = begin("192.0.2.9").0;
        let mut first = begin("192.0.2.1").0;
        let (_second, _third) = (begin("192.0.2.1").0, begin("192.0.2.1").0);
        let (_, gone) = begin("192.0.2.1");
        assert_eq!(gone, Some(AddressBlock::of("192.0.2.1".parse().unwrap())), "one address has three");
        first.cancelled().await;

        let (_fourth, gone) = begin("192.0.2.1");
        assert_eq!(gone, None, "the displaced one and the last one have left");
        let (_, gone) = begin("192.0.2.7");
        assert_eq!(gone, Some(AddressBlock::of("192.0.2.1".parse().unwrap())), "all are four; one has most of them");
        drop(other);
    }

    #[tokio::test]
    async fn who_says_nothing_gives_way_to_who_does() {
        let handshakes = Handshakes::new(2, 2);
        let begin = || handshakes.begin("192.0.2.1".parse().unwrap()).0;
        let (mut speaks, mut silent) = (begin(), begin());
        speaks.has_spoken()();
        let mut newcomer = begin();
        silent.cancelled().await;
        drop(silent);
        newcomer.has_spoken()();
        let _another = begin();
        speaks.cancelled().await;
        assert_eq!(newcomer.cancelled.try_recv(), Err(oneshot::error::TryRecvError::Empty), "the oldest went");
    }
}
