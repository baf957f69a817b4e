//! What the node relies on between two confirmations of rights: who calls, and the business day.
//!
//! The store says for how long ([`store::Rights`]). A node that is cut off from its database soon relies on nothing and
//! asks for each request, which fails as the database does. A transaction that decides about money asks again in any case.

use std::sync::Arc;

use jiff::civil::Date;
use store::{Fingerprint, Identity, Rights, RightsVersion, StoreError, bounds::RIGHTS_CONFIRMED_EVERY};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::{Exchange, Failure};

impl Exchange {
    /// Keeps the rights that this node relies on confirmed, until `stop` becomes true.
    pub async fn watch_rights(&self, mut stop: watch::Receiver<bool>) {
        let store = &self.inner.store;
        let mut news = store.rights_news();
        let watching = async {
            loop {
                // The store counts and logs failures; its probe raises the alarm.
                let _ = store.confirm_rights_anew().await;
                tokio::select! {
                    () = news.changed() => {}
                    () = sleep(RIGHTS_CONFIRMED_EVERY) => {}
                }
            }
        };
        tokio::select! {
            () = watching => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }

    /// Becomes another value whenever rights have changed, of any caller.
    #[must_use]
    pub fn rights_versions(&self) -> watch::Receiver<RightsVersion> {
        self.inner.store.rights_versions()
    }

    /// The business day as this node knows it; it costs no question to the store. Another node may have opened the next one
    /// within the last second, so what decides asks in its transaction.
    pub(crate) async fn known_business_day(&self) -> Result<Date, Failure> {
        let day = self.relied_on().await?.business_day;
        day.ok_or_else(|| StoreError::Missing("business day").into())
    }

    /// The identity behind a certificate, and the version of rights that it is of.
    pub(super) async fn identity(
        &self,
        certificate: Fingerprint,
    ) -> Result<(Option<Arc<Identity>>, RightsVersion), Failure> {
        let version = self.relied_on().await?.version;
        if let Some(identity) = self.inner.known_callers.find(&certificate, version) {
            return Ok((Some(identity), version));
        }
        self.inner.measures.identity_read();
        let read = self.inner.store.read(move |reading| {
            let Rights { version, .. } = reading.rights()?;
            Ok::<_, Failure>((reading.identity(&certificate)?, version))
        });
        let (identity, version) = read.await?;
        let identity = identity.map(Arc::new);
        if let Some(identity) = &identity {
            self.inner.known_callers.keep(certificate, version, identity);
        }
        Ok((identity, version))
    }

    async fn relied_on(&self) -> Result<Rights, Failure> {
        match self.inner.store.rights() {
            Some(rights) => Ok(rights),
            None => Ok(self.inner.store.confirm_rights().await?),
        }
    }
}
