//! Measures the room regularly, fills the reserve when there is enough again, and reports to health.

use std::sync::PoisonError;
use std::time::Duration;

use store::{ClientId, RoomState};
use tokio::sync::watch;

use super::view::{FullBudget, RoomView, Scarcity, above_share, free_and_total};
use crate::health::Alarm;
use crate::{Exchange, Failure};

/// How often the node measures the room. Health shows a fault by then.
const LOOK_EVERY: Duration = Duration::from_secs(2);

impl Exchange {
    /// Looks at the room until `stop` becomes true.
    pub async fn watch_the_room(&self, mut stop: watch::Receiver<bool>) {
        loop {
            if let Err(failure) = self.look_at_the_room().await {
                tracing::debug!(code = failure.code.id(), "the node could not measure the room; it tries again");
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Looks at the room, and fills the reserve when there is enough again.
    ///
    /// # Errors
    /// When the room cannot be measured.
    pub async fn look_at_the_room(&self) -> Result<(), Failure> {
        let settings = self.inner.settings.room;
        let store = self.inner.store.clone();
        let looked = tokio::task::spawn_blocking(move || {
            // Without a reserve the service continues, and reports little room.
            let reserved = store.keep_reserve(settings.reserve_bytes);
            store.room().map(|state| (state, reserved, store.has_room()))
        });
        let (state, reserved, has_room) = looked.await.map_err(|error| Failure::unexpected(error))??;
        let mut view = RoomView::of(state, &settings);
        self.inner.measures.node.show_room(state, &settings);
        if !has_room {
            view.scarcity = Scarcity::Second;
        }
        if view.scarcity == Scarcity::First
            && let Some((_, total)) = free_and_total(state, &settings)
        {
            let clients = self.inner.store.read(|reading| reading.storage_of_clients().map_err(Failure::from)).await?;
            view.above_share = above_share(&clients, total, &settings);
        }
        let health = &self.inner.health;
        let has_reserve = match (state, &reserved) {
            (RoomState::Database { .. }, _) => true,
            (_, Ok(bytes)) => *bytes >= settings.reserve_bytes,
            (_, Err(error)) => {
                tracing::debug!(%error, "the reserve could not be filled");
                false
            }
        };
        let full = match view.scarcity {
            Scarcity::Second if has_room => Some("less is free than the second watermark"),
            Scarcity::Second => Some("the disk is full but for what is held back for operators"),
            _ => None,
        };
        let little = match view.scarcity {
            Scarcity::Second => None,
            Scarcity::First => Some("less is free than the first watermark"),
            Scarcity::None if !has_reserve => Some("the reserve for operators could not be filled"),
            Scarcity::None => None,
        };
        health.set(Alarm::NoRoom, full);
        health.set(Alarm::LittleRoom, little);
        *self.inner.room.lock().unwrap_or_else(PoisonError::into_inner) = view;
        Ok(())
    }

    /// Whether something new of a client is refused, and for want of what.
    pub(crate) fn refuses_for_want_of_room(&self, client: ClientId) -> Option<FullBudget> {
        self.inner.room.lock().unwrap_or_else(PoisonError::into_inner).refuses(client)
    }

    /// Reports may use up to half of the held-back bytes: the rest is for operators.
    pub(crate) fn reserve_serves_reports(&self) -> bool {
        self.inner.room.lock().unwrap_or_else(PoisonError::into_inner).reserve_serves_reports
    }
}
