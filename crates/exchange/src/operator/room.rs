//! The room for the data, as the operator sees it.

use store::{Client, RoomState};

use crate::room::{RefusedBelow, free_and_total, hundredths};
use crate::{Failure, Operator};

impl Operator {
    /// The room for the data, and the bytes of each client's kept bodies, largest first.
    ///
    /// # Errors
    /// When the room cannot be measured.
    pub async fn room(&self) -> Result<(RoomState, Vec<(Client, u64)>), Failure> {
        let store = self.exchange().inner.store.clone();
        let looked = tokio::task::spawn_blocking({
            let store = store.clone();
            move || store.room()
        });
        let state = looked.await.map_err(|error| Failure::unexpected(error))??;
        let read = store.read(|reading| {
            let used = reading.storage_of_clients()?;
            let clients = reading.clients()?;
            let named = used.into_iter().filter_map(|used| {
                let client = clients.iter().find(|client| client.id == used.client)?;
                Some((client.clone(), used.bytes))
            });
            Ok::<_, Failure>(named.collect())
        });
        Ok((state, read.await?))
    }

    /// The refusals at less free space; `None` where the room is not watched.
    #[must_use]
    pub fn refused_below(&self, state: RoomState) -> Option<RefusedBelow> {
        let settings = &self.exchange().inner.settings.room;
        let (_, total) = free_and_total(state, settings)?;
        let (first_bytes, second_bytes) = (settings.first.of(total), settings.second.of(total));
        Some(RefusedBelow { first_bytes, second_bytes, share_bytes: hundredths(total, settings.client_share_percent) })
    }
}
