//! After an upgrade: brings grants of accounts into effect as soon as no node of an older version serves.

use tokio::time::Instant;

use super::chore::{Chore, Doing, Round};
use crate::bounds::GRANTS_LOOKED_AT_EVERY;
use crate::operator::grants::bring_grants_into_effect;
use crate::{Exchange, Failure};

const ACTION: &str = "grants.adopted";
const ACTOR: &str = "upgrade";

/// Done once in the life of a database, and looked at until then.
#[derive(Default)]
pub(super) struct AdoptGrants {
    is_done: bool,
    looked: Option<Instant>,
}

impl Chore for AdoptGrants {
    fn name(&self) -> &'static str {
        "adopt grants"
    }

    fn is_wanted(&self, round: &Round) -> bool {
        !self.is_done && round.looks_again(self.looked, GRANTS_LOOKED_AT_EVERY)
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, _: &'a mut Round) -> Doing<'a> {
        Box::pin(async {
            let is_first = self.looked.replace(Instant::now()).is_none();
            self.is_done = exchange.adopt_grants().await?;
            if !self.is_done && is_first {
                tracing::warn!("grants of accounts come into effect when the nodes of the older version have stopped");
            }
            Ok(false)
        })
    }
}

impl Exchange {
    async fn adopt_grants(&self) -> Result<bool, Failure> {
        let store = &self.inner.store;
        let minimum = store.read(|reading| reading.minimum_node_version().map_err(Failure::from)).await?;
        if minimum > 0 {
            return Ok(true);
        }
        let line = self.audit_line(ACTOR, ACTION, "");
        store
            .write(move |writing| match writing.business_day() {
                // Before the house is prepared there is nothing to adopt.
                Err(store::StoreError::Missing(_)) => Ok(false),
                Err(error) => Err(error.into()),
                Ok(_) => bring_grants_into_effect(writing, &line),
            })
            .await
    }
}
