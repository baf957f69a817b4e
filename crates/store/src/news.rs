//! News: word that something has changed which background work, or somebody who waits for what becomes of a submission,
//! may want to see. It tells that much and no more; what changed is looked up.
//!
//! News save waiting, and nothing else may rest on them: they can come late, more often than there was something, or,
//! while a connection is down, not at all. Whoever waits for them looks by itself after a while.
//!
//! | there is news of | because |
//! |---|---|
//! | lots that are new or come to another stage | there may be something to carry out |
//! | the business day, an account's state or limits, a credit from outside | what waits may go on |
//! | a submission that became a message, was refused or discarded | somebody may wait for its outcome |
//!
//! Of lines of the audit chain, reports, bodies, stages and signs of life there is none.

use tokio::sync::watch;

/// Whose changes there are news of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Nobody's, at this moment: the connection that brings them is down, or not up yet.
    #[default]
    Nobody,
    /// Those of this opening of the store.
    Ourselves,
    /// Those of everybody who has opened the same store.
    Everybody,
}

/// What has been told.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    count: u64,
    reach: Reach,
}

/// News of a store, from the moment on at which this was made. Does not keep the store open.
#[derive(Clone, Debug)]
pub struct News {
    told: watch::Receiver<Told>,
}

impl News {
    /// Waits until there was news since this returned last; however much came meanwhile is told once. A future dropped
    /// before it is ready has lost nothing. When the store is closed there is no more news, and this never returns.
    pub async fn changed(&mut self) {
        if self.told.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Whose changes are told at this moment. A change of it is news too.
    #[must_use]
    pub fn reach(&self) -> Reach {
        self.told.borrow().reach
    }
}

/// The other end: who tells.
#[derive(Debug)]
pub(crate) struct Teller {
    told: watch::Sender<Told>,
}

impl Teller {
    /// For news that reach so far from the beginning.
    pub(crate) fn reaching(reach: Reach) -> Teller {
        Teller { told: watch::Sender::new(Told { count: 0, reach }) }
    }

    pub(crate) fn news(&self) -> News {
        News { told: self.told.subscribe() }
    }

    pub(crate) fn tell(&self) {
        self.told.send_modify(|told| told.count += 1);
    }

    /// From here on news reach so far. What happened until now may have been missed.
    pub(crate) fn reach(&self, reach: Reach) {
        self.told.send_if_modified(|told| {
            let changed = told.reach != reach;
            *told = Told { count: told.count + u64::from(changed), reach };
            changed
        });
    }
}
