//! The store that a configuration names, opened by a command beside a service that may run on it.

use std::sync::Arc;

use exchange::{Exchange, Operator, SystemClock};
use store::Store;

use crate::acts;
use crate::configuration::Configuration;
use crate::terminal::Failure;

/// Opens it. Audit lines name the system user who runs the command.
pub(super) async fn open(configuration: &Configuration) -> Result<(Store, Operator), Failure> {
    let data = &configuration.data;
    if !configuration.store.is_a_server() && !data.is_dir() {
        let missing = "holds no exchange, and the configuration names it (`data`)";
        return Err(Failure::Usage(format!("{} {missing}", data.display())));
    }
    let store = configuration.open_store().await.map_err(Failure::service)?;
    let exchange = Exchange::new(store.clone(), configuration.exchange_settings(), Arc::new(SystemClock));
    let who = acts::system_user(rustix::process::getuid().as_raw());
    Ok((store, exchange.operator().acting_as(&who)))
}
