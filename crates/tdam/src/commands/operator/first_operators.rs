//! `tdam operator first-operators`: the first two operators of an installation that an older version made.

use std::path::Path;

use exchange::{Exchange, SystemClock};
use jiff::Timestamp;
use std::sync::Arc;
use store::StoreError;

use crate::configuration::Configuration;
use crate::installation::{self, Folder, OperatorPlan};
use crate::terminal::{Exit, Failure, Terminal};

/// Registers them, and writes what they connect with.
pub(super) async fn make(
    configuration: &Configuration,
    folder: &Path,
    named: &[String],
    url: &str,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let folder = Folder::new(folder);
    if !folder.holds_an_installation() {
        return Err(Failure::Usage(format!("{} holds no installation: name its folder", folder.root().display())));
    }
    let plans = named.iter().enumerate().map(|(index, text)| OperatorPlan::of_address(text, index + 1));
    let plans: Vec<OperatorPlan> = plans.collect::<Result<_, _>>().map_err(Failure::Usage)?;
    OperatorPlan::check_pair(&plans)?;
    let issuing = configuration.authority.issuing().map_err(Failure::Usage)?;
    let issuing = issuing.ok_or_else(|| {
        Failure::Usage("the configuration names no issuing authority, which signs their certificates".to_owned())
    })?;
    let store = configuration.open_store().await.map_err(Failure::service)?;
    // A data folder has one writer, and this is done once.
    let locked = if configuration.store.is_a_server() { None } else { Some(store.lock_for_serving()) };
    let _lock = locked.transpose().map_err(|error| match error {
        StoreError::Serving(_) => Failure::Unavailable("a service runs on the data folder: stop it first".to_owned()),
        error => Failure::service(error),
    })?;
    let exchange = Exchange::new(store, configuration.exchange_settings(), Arc::new(SystemClock));
    let support = configuration.support.in_both_languages();
    for made in
        installation::first_operators(&folder, &exchange, issuing.in_use(Timestamp::now()), &plans, url, &support)
            .await?
    {
        terminal.line(made.display());
    }
    Ok(Exit::Done)
}
