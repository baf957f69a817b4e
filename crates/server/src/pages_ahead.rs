//! The next page of a report, made while the client reads the one before: an accounting system reads page after page, and
//! the node would otherwise only wait while it sends. Pages never change, so one made ahead is the one that is made later.
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

/// A page that is being made, or waits.
type Coming = oneshot::Receiver<Result<ReportPage, Failure>>;

/// The pages ahead of all clients.
#[derive(Debug, Default)]
pub(crate) struct PagesAhead {
    coming: Mutex<VecDeque<(PageOf, Coming)>>,
}

impl PagesAhead {
    /// The page, if it is made ahead. Any other page ahead of the user is forgotten.
    pub(crate) async fn take(&self, of: PageOf) -> Option<Result<ReportPage, Failure>> {
        let coming = {
            let mut all = self.all();
            let place = all.iter().position(|(other, _)| other.user == of.user)?;
            all.remove(place).filter(|(other, _)| *other == of)?.1
        };
        // A task that ended without a page had no turn to make it.
        coming.await.ok()
    }

    /// Announces a page ahead. Returns where to send it; `None` when there are enough.
    pub(crate) fn announce(self: &Arc<Self>, of: PageOf) -> Option<oneshot::Sender<Result<ReportPage, Failure>>> {
        let (sender, coming) = oneshot::channel();
        {
            let mut all = self.all();
            all.retain(|(other, _)| other.user != of.user);
            if all.len() >= bounds::PAGES_AHEAD_MAX {
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
