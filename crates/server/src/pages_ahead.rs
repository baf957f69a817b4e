//! The next pages of a report, made while the client reads the one before: an accounting system reads page after page, and
//! the node would otherwise only wait while it sends. Pages never change, so one made ahead is the one that is made later.
//! Two of them are made side by side, since one processor takes longer to make a page than a client to read it.
//!
//! A page ahead belongs to the online user whose report it is. It waits in memory for a few seconds, and few of them do.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use exchange::{Failure, OnlineUserId, ReportId, ReportPage};
use tokio::sync::oneshot;

use crate::bounds;

/// Which page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageOf {
    pub(crate) user: OnlineUserId,
    pub(crate) report: ReportId,
    pub(crate) page: u32,
}

impl PageOf {
    /// Whether a reader of this page probably reads the other one soon.
    fn comes_before(self, other: PageOf) -> bool {
        (self.user, self.report) == (other.user, other.report) && self.page < other.page
    }
}

/// A page that is being made, or waits.
type Coming = oneshot::Receiver<Result<ReportPage, Failure>>;

/// The pages ahead of all clients.
#[derive(Debug, Default)]
pub(crate) struct PagesAhead {
    coming: Mutex<VecDeque<(PageOf, Coming)>>,
}

impl PagesAhead {
    /// The page, if it is made ahead. Other pages ahead of the user are forgotten, except those behind it.
    pub(crate) async fn take(&self, of: PageOf) -> Option<Result<ReportPage, Failure>> {
        let coming = {
            let mut all = self.all();
            all.retain(|(other, _)| other.user != of.user || *other == of || of.comes_before(*other));
            let place = all.iter().position(|(other, _)| *other == of)?;
            all.remove(place)?.1
        };
        // A task that ended without a page had no turn to make it.
        coming.await.ok()
    }

    /// Announces a page ahead. Returns where to send it; `None` when it is announced already, or there are enough.
    pub(crate) fn announce(self: &Arc<Self>, of: PageOf) -> Option<oneshot::Sender<Result<ReportPage, Failure>>> {
        let (sender, coming) = oneshot::channel();
        {
            let mut all = self.all();
            let of_user = all.iter().filter(|(other, _)| other.user == of.user).count();
            let is_announced = all.iter().any(|(other, _)| *other == of);
            if is_announced || of_user >= bounds::PAGES_AHEAD_OF_USER || all.len() >= bounds::PAGES_AHEAD_MAX {
                return None;
            }
            all.push_back((of, coming));
        }
        let ahead = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(bounds::PAGE_AHEAD_TIME_MAX).await;
            ahead.all().retain(|(other, _)| *other != of);
        });
        Some(sender)
    }

    fn all(&self) -> MutexGuard<'_, VecDeque<(PageOf, Coming)>> {
        // Whole between any two statements.
        self.coming.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
