//! The end of rights while a request or its answer is under way.

use store::bounds::RIGHTS_CONFIRMED_EVERY;
use tokio::time::sleep;

use super::caller::{Caller, Presented};
use crate::{Exchange, Failure};

impl Exchange {
    /// Returns when the caller may not call any more, with the reason: its certificate was revoked, say. For requests that
    /// take long. While the store is away nothing ends.
    pub async fn rights_ended(&self, caller: &Caller) -> Failure {
        let (mut versions, mut checked) = (self.rights_versions(), caller.version());
        loop {
            let moved = versions.wait_for(|version| *version != checked).await.map(|version| *version);
            // Otherwise the store is closed.
            let Ok(version) = moved else { return std::future::pending().await };
            match self.identify(&caller.presented()).await {
                Ok((Ok(_), _)) => checked = version,
                Ok((Err(refused), _)) => {
                    return self.refuse(refused, &caller.presented(), caller.request_id()).await;
                }
                Err(_) => sleep(RIGHTS_CONFIRMED_EVERY).await,
            }
        }
    }

    /// Whether a certificate opens anything from this address.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn may_call(&self, presented: &Presented) -> Result<bool, Failure> {
        Ok(self.identify(presented).await?.0.is_ok())
    }
}
