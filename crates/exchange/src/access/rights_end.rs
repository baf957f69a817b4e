//! The end of rights while a request or its answer is under way.

use std::sync::Arc;

use rulebook::catalogue::Code;
use store::bounds::RIGHTS_CONFIRMED_EVERY;
use tokio::time::sleep;

use super::caller::{Caller, Presented, RefusedCaller};
use crate::{Exchange, Failure};

impl Exchange {
    /// Returns when the caller may not call any more, with the reason: its certificate was revoked, or an account that the
    /// request shows is no longer granted. For requests that take long. While the store is away nothing ends.
    pub async fn rights_ended(&self, caller: &Caller) -> Failure {
        let (mut versions, mut checked) = (self.rights_versions(), caller.version());
        loop {
            let moved = versions.wait_for(|version| *version != checked).await.map(|version| *version);
            // Otherwise the store is closed.
            let Ok(version) = moved else { return std::future::pending().await };
            match self.identify(&caller.presented()).await {
                Ok((Ok(identity), _)) if caller.may_go_on_with(&identity) => checked = version,
                Ok((Ok(_), _)) => {
                    let refused = RefusedCaller::of(caller, Code::ReportAccountNotGranted);
                    return self.refuse(refused, &caller.presented(), caller.request_id()).await;
                }
                Ok((Err(refused), _)) => {
                    return self.refuse(refused, &caller.presented(), caller.request_id()).await;
                }
                Err(_) => sleep(RIGHTS_CONFIRMED_EVERY).await,
            }
        }
    }

    /// Whether the caller may still see what its answer shows. Costs nothing while no rights have changed.
    ///
    /// # Errors
    /// When it may not, or the store is away.
    pub async fn still_shows(&self, caller: &Caller) -> Result<(), Failure> {
        if *self.rights_versions().borrow() == caller.version() {
            return Ok(());
        }
        let refused = match self.identify(&caller.presented()).await?.0 {
            Ok(identity) if caller.may_go_on_with(&identity) => return Ok(()),
            Ok(_) => RefusedCaller::of(caller, Code::ReportAccountNotGranted),
            Err(refused) => refused,
        };
        Err(self.refuse(refused, &caller.presented(), caller.request_id()).await)
    }

    /// Whether a certificate still opens something from this address, and what the answers to these callers show.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn may_go_on(&self, presented: &Presented, callers: &[Arc<Caller>]) -> Result<bool, Failure> {
        let identified = self.identify(presented).await?.0;
        Ok(identified.is_ok_and(|identity| callers.iter().all(|caller| caller.may_go_on_with(&identity))))
    }
}
