//! Of whom this process reads bodies while they arrive, and of whom it must not.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use store::ClientId;

use crate::bounds::READ_AHEADS_MAX;

/// Who is read ahead now.
#[derive(Debug, Default)]
pub(crate) struct ReadAheads {
    clients: Arc<Mutex<Clients>>,
}

#[derive(Debug, Default)]
struct Clients {
    /// Of these a body is read ahead.
    read: HashSet<ClientId>,
    /// Of these a mark of an earlier process was found.
    marked: HashSet<ClientId>,
}

fn lock(clients: &Mutex<Clients>) -> MutexGuard<'_, Clients> {
    // Whole between any two statements.
    clients.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The place of a reading among others; free again when it is dropped.
pub(super) struct Place {
    clients: Arc<Mutex<Clients>>,
    client: ClientId,
}

impl ReadAheads {
    /// A place, if there is one.
    pub(super) fn place(&self, client: ClientId) -> Option<Place> {
        let mut clients = lock(&self.clients);
        let is_free = clients.read.len() < READ_AHEADS_MAX && !clients.marked.contains(&client);
        (is_free && clients.read.insert(client)).then(|| Place { clients: Arc::clone(&self.clients), client })
    }

    /// A mark of an earlier process was found: the client gets no place.
    pub(super) fn mark(&self, client: ClientId) {
        lock(&self.clients).marked.insert(client);
    }

    /// The mark says nothing any more. `false` when none was found.
    pub(super) fn unmark(&self, client: ClientId) -> bool {
        lock(&self.clients).marked.remove(&client)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.clients).read.remove(&self.client);
    }
}
