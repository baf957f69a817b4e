//! Acts of the operator that change the data of a running service: work that is set aside, certificates, accounts.
//!
//! A data folder has one writer. Where a service runs, the act goes through it ([`socket`]): it needs no lock that the
//! service holds under load, it may use the service's reserve on the disk, and the service continues at once. Where
//! none runs, the command holds the folder's lock while it acts, so that none begins meanwhile.
//!
//! In PostgreSQL no act goes through a node. An act is one transaction that locks the rows it changes; no node keeps
//! such rows beyond a request or a round of the background work, except callers' rights, which all nodes have forgotten
//! when the act returns; and the command may run on any machine. There would be no reason to choose one of several nodes.

mod ask;
mod fingerprint;
mod perform;
mod request;
pub(crate) mod socket;

use std::sync::Arc;

use exchange::{Exchange, SystemClock};
use store::StoreError;

pub(crate) use fingerprint::fingerprint_of;
pub(crate) use request::{Act, ActOutcome, NamedPayments, NewCodeKind, NewState, Returning, UserAct};

use ask::ask;
use perform::perform;
pub(crate) use perform::system_user;
use request::{ActRefusal, Kind};

use crate::configuration::Configuration;
use crate::terminal::Failure;

impl From<ActRefusal> for Failure {
    fn from(refused: ActRefusal) -> Failure {
        match refused.kind {
            Kind::NotThere => Failure::Usage(refused.text),
            Kind::Temporary => Failure::Unavailable(refused.text),
            Kind::Refused => Failure::Refused(refused.text),
            Kind::Other => Failure::Other(refused.text),
        }
    }
}

/// Does it where it has to be done: through the service that runs on the data folder; here when none runs, or when the data
/// are in PostgreSQL.
pub(crate) async fn act(configuration: &Configuration, act: &Act) -> Result<ActOutcome, Failure> {
    let data = &configuration.data;
    let in_folder = !configuration.store.is_a_server();
    if in_folder {
        if !data.is_dir() {
            let missing = "holds no exchange, and the configuration names it (`data`)";
            return Err(Failure::Usage(format!("{} {missing}", data.display())));
        }
        if let Some(answer) = ask(data, act).await? {
            return answer.map_err(Failure::from);
        }
    }
    let store = configuration.open_store().await.map_err(Failure::service)?;
    let _lock = if in_folder {
        let locked = store.lock_for_serving();
        Some(locked.map_err(|error| match error {
            StoreError::Serving(_) => Failure::Unavailable(format!(
                "a service runs on {} and does not answer at {}: it starts, stops, or is of an older version. Try again, or \
                 stop it first",
                data.display(),
                socket::NAME
            )),
            error => Failure::service(error),
        })?)
    } else {
        None
    };
    let issuing = match act {
        Act::Recover { .. } => configuration.authority.issuing().map_err(Failure::Usage)?,
        _ => None,
    };
    let settings = exchange::Settings { issuing, ..configuration.exchange_settings() };
    let operator = Exchange::new(store, settings, Arc::new(SystemClock)).operator();
    if let (Act::Recover { .. }, Some(mark)) = (act, operator.unsettled_restore().await.map_err(Failure::service)?) {
        return Err(Failure::Refused(crate::restored::unsettled(&mark)));
    }
    Ok(perform(&operator, rustix::process::getuid().as_raw(), act).await?)
}
