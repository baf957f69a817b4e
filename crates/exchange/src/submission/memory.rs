//! Memory of messages while the exchange reads and judges them, counted where it is kept.
//!
//! Three budgets hold at once: that of one message, that of one client's messages together, and that of all messages of
//! this process. Who keeps something holds a [`Charge`] and sets it to the bytes that its vectors and texts occupy, by
//! their capacities; dropped, it gives them back. The exchange refuses a message beyond its own budget for good. When a
//! shared budget is used up, it refuses the message for now: it is not at fault, and a later attempt finds room.
//!
//! The last part of the shared budget is for clients that hold little, so that a few large messages never keep small
//! ones out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rulebook::catalogue::Code;
use store::ClientId;

use crate::Failure;
use crate::bounds::{MEMORY_GRAIN_BYTES, MEMORY_LITTLE_BYTES, MEMORY_RESERVE_SHARE, RETRY_AFTER};

/// What messages may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryLimits {
    /// One message, in bytes.
    pub message_bytes_max: usize,
    /// All messages of one client together.
    pub client_bytes_max: usize,
    /// All messages of this process together.
    pub all_bytes_max: usize,
}

/// The memory of all messages of this process.
#[derive(Debug)]
pub(crate) struct MemoryBudget {
    limits: MemoryLimits,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_client: HashMap<ClientId, usize>,
}

/// The memory of one message. Cheap to clone; all clones are one.
#[derive(Clone, Debug)]
pub(crate) struct MessageMemory {
    inner: Arc<Message>,
}

#[derive(Debug)]
struct Message {
    budget: Arc<MemoryBudget>,
    client: ClientId,
    /// Bytes of all its charges.
    taken: Mutex<usize>,
}

/// Bytes of a message that a part of the exchange keeps.
#[derive(Debug)]
pub(crate) struct Charge {
    memory: MessageMemory,
    bytes: usize,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // The sums are whole between any two statements.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl MemoryBudget {
    pub(crate) fn new(limits: MemoryLimits) -> Arc<MemoryBudget> {
        Arc::new(MemoryBudget { limits, taken: Mutex::default() })
    }

    /// A budget for who reads messages without serving.
    pub(crate) fn unlimited() -> Arc<MemoryBudget> {
        let max = usize::MAX / 2;
        MemoryBudget::new(MemoryLimits { message_bytes_max: max, client_bytes_max: max, all_bytes_max: max })
    }

    /// The memory of a message that is about to be read.
    pub(crate) fn message(self: &Arc<MemoryBudget>, client: ClientId) -> MessageMemory {
        let budget = Arc::clone(self);
        MessageMemory { inner: Arc::new(Message { budget, client, taken: Mutex::default() }) }
    }

    /// Bytes taken by the messages of a client at this moment.
    pub(crate) fn taken_by(&self, client: ClientId) -> usize {
        lock(&self.taken).by_client.get(&client).copied().unwrap_or_default()
    }

    /// Bytes taken by all messages at this moment.
    #[cfg(test)]
    pub(crate) fn taken(&self) -> usize {
        lock(&self.taken).all
    }

    fn take(&self, client: ClientId, bytes: usize) -> Result<(), Failure> {
        let MemoryLimits { client_bytes_max, all_bytes_max, .. } = self.limits;
        let mut taken = lock(&self.taken);
        let own = taken.by_client.get(&client).copied().unwrap_or_default() + bytes;
        let reserve = if own > MEMORY_LITTLE_BYTES { all_bytes_max / MEMORY_RESERVE_SHARE } else { 0 };
        let used_up = if own > client_bytes_max {
            Some("memory.client_bytes_max")
        } else if taken.all + bytes > all_bytes_max - reserve {
            Some("memory.all_bytes_max")
        } else {
            None
        };
        if let Some(budget) = used_up {
            tracing::warn!(client = client.0, budget, taken = taken.all, "a memory budget is used up");
            let failure = Failure::new(Code::MemoryUsedUp).with_detail(budget);
            return Err(failure.with_retry_after(RETRY_AFTER));
        }
        taken.all += bytes;
        taken.by_client.insert(client, own);
        Ok(())
    }

    fn give_back(&self, client: ClientId, bytes: usize) {
        let mut taken = lock(&self.taken);
        taken.all = taken.all.saturating_sub(bytes);
        let left = taken.by_client.get(&client).copied().unwrap_or_default().saturating_sub(bytes);
        if left == 0 {
            taken.by_client.remove(&client);
        } else {
            taken.by_client.insert(client, left);
        }
    }
}

impl MessageMemory {
    /// A charge of nothing yet.
    pub(crate) fn charge(&self) -> Charge {
        Charge { memory: self.clone(), bytes: 0 }
    }
}

impl Charge {
    /// Sets the size of the kept data.
    ///
    /// # Errors When a budget has no room for it; the charge stays as it was, and the caller drops its data.
    pub(crate) fn set(&mut self, bytes: usize) -> Result<(), Failure> {
        // In grains, so that what grows by a few bytes at a time seldom takes a lock.
        let bytes = bytes.next_multiple_of(MEMORY_GRAIN_BYTES);
        if bytes == self.bytes {
            return Ok(());
        }
        let Message { budget, client, taken } = &*self.memory.inner;
        let mut taken = lock(taken);
        if bytes > self.bytes {
            let more = bytes - self.bytes;
            let max = budget.limits.message_bytes_max;
            if *taken + more > max {
                return Err(Failure::new(Code::MessageTakesTooMuchMemory).with_expected(max.to_string()));
            }
            budget.take(*client, more)?;
            *taken += more;
        } else {
            *taken -= self.bytes - bytes;
            budget.give_back(*client, self.bytes - bytes);
        }
        self.bytes = bytes;
        Ok(())
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        let Message { budget, client, taken } = &*self.memory.inner;
        let mut taken = lock(taken);
        *taken = taken.saturating_sub(self.bytes);
        budget.give_back(*client, self.bytes);
    }
}

/// Bytes that a vector occupies, beside what its items point to.
pub(crate) fn vector_bytes<T>(vector: &Vec<T>) -> usize {
    vector.capacity() * size_of::<T>()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const MIB: usize = 1 << 20;

    fn budget() -> Arc<MemoryBudget> {
        let limits = MemoryLimits { message_bytes_max: 40 * MIB, client_bytes_max: 60 * MIB, all_bytes_max: 80 * MIB };
        MemoryBudget::new(limits)
    }

    #[test]
    fn a_message_beyond_its_budget_is_refused_for_good_and_gives_all_of_it_back() {
        let budget = budget();
        let memory = budget.message(ClientId(1));
        let (mut one, mut other) = (memory.charge(), memory.charge());
        one.set(30 * MIB).unwrap();
        let failure = other.set(11 * MIB).unwrap_err();
        assert_eq!(failure.code, Code::MessageTakesTooMuchMemory);
        assert!(!failure.is_temporary());
        other.set(10 * MIB).unwrap();
        assert_eq!(budget.taken(), 40 * MIB);
        one.set(MIB).unwrap();
        drop((one, other, memory));
        assert_eq!(budget.taken(), 0);
    }

    #[test]
    fn what_one_client_takes_is_never_all_and_little_always_finds_room() {
        let budget = budget();
        let held: Vec<Charge> = [1, 1, 2]
            .into_iter()
            .map(|client| {
                let mut charge = budget.message(ClientId(client)).charge();
                charge.set(if client == 1 { 30 * MIB } else { 9 * MIB }).unwrap();
                charge
            })
            .collect();
        for (client, bytes, key) in [(1, MIB, "memory.client_bytes_max"), (3, 5 * MIB, "memory.all_bytes_max")] {
            let failure = budget.message(ClientId(client)).charge().set(bytes).unwrap_err();
            assert_eq!((failure.code, failure.detail.as_str()), (Code::MemoryUsedUp, key));
            assert!(failure.is_temporary() && failure.retry_after.is_some());
        }
        budget.message(ClientId(3)).charge().set(4 * MIB).unwrap();
        drop(held);
        assert_eq!(budget.taken(), 0);
    }
}
