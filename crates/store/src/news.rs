//! News: a notification of a change that matters to background work or to a waiter for a submission's outcome. It has
//! no content; the receiver looks up the change.
//!
//! News shorten waiting, and nothing else may depend on them: they can come late, too often, or, while a connection is
//! down, not at all. A waiting task also looks on its own after a while.
//!
//! | there is news of | because |
//! |---|---|
//! | lots that are new or reach another stage | there may be lots to execute |
//! | the business day, an account's state or limits, a credit from outside | waiting lots may continue |
//! | a submission that became a message, was refused or discarded | a caller may wait for its outcome |
//!
//! There are none of lines of the audit chain, reports, bodies, stages and leases.

use tokio::sync::watch;

/// Whose changes there are news of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// No news at this moment: their connection is down, or not up yet.
    #[default]
    Nobody,
    /// Those of this opening of the store.
    Ourselves,
    /// News of all openings of the same store.
    Everybody,
}

/// The news so far.
#[derive(Clone, Copy, Debug, Default)]
struct Latest {
    count: u64,
    reach: Reach,
}

/// News of a store, from the moment on at which this was made. Does not keep the store open.
#[derive(Clone, Debug)]
pub struct News {
    latest: watch::Receiver<Latest>,
}

impl News {
    /// None ever comes.
    pub(crate) fn none() -> News {
        Teller::reaching(Reach::Nobody).news()
    }

    /// Waits until there was news since this returned last; however much came meanwhile counts once. A future dropped
    /// before it is ready has lost nothing. When the store is closed there is no more news, and this never returns.
    pub async fn changed(&mut self) {
        if self.latest.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Whose changes are news at this moment. A change of it is news too.
    #[must_use]
    pub fn reach(&self) -> Reach {
        self.latest.borrow().reach
    }
}

/// The other end, which sends.
#[derive(Debug)]
pub(crate) struct Teller {
    latest: watch::Sender<Latest>,
}

impl Teller {
    /// For news that reach so far from the beginning.
    pub(crate) fn reaching(reach: Reach) -> Teller {
        Teller { latest: watch::Sender::new(Latest { count: 0, reach }) }
    }

    pub(crate) fn news(&self) -> News {
        News { latest: self.latest.subscribe() }
    }

    pub(crate) fn tell(&self) {
        self.latest.send_modify(|latest| latest.count += 1);
    }

    /// From here on news reach so far. What happened until now may have been missed.
    pub(crate) fn reach(&self, reach: Reach) {
        self.latest.send_if_modified(|latest| {
            let changed = latest.reach != reach;
            *latest = Latest { count: latest.count + u64::from(changed), reach };
            changed
        });
    }
}
