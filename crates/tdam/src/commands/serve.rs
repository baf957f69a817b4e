//! `tdam serve`: the exchange as a service.

use std::path::{Path, PathBuf};
use std::time::Duration;

use exchange::Alarm;
use store::StoreError;
use tokio::signal::unix::{SignalKind, signal};

use super::service;
use crate::configuration::{Configuration, TEMPLATE};
use crate::serving::Serving;
use crate::supervisor::Supervisor;
use crate::terminal::{Exit, Failure, Terminal};
use crate::{logging, serving};

/// A service whose store writes no more gives its clients so long to hear of it.
const HALTED_STOP_MAX: Duration = Duration::from_secs(2);

/// Run the exchange as a service, as its configuration says.
#[derive(clap::Args, Debug)]
#[command(after_help = super::EXIT_CODES)]
pub(super) struct Arguments {
    /// The configuration file
    #[arg(long, value_name = "FILE", env = "TDAM_CONFIG", hide_env_values = true, default_value = "tdam.toml")]
    config: PathBuf,

    /// Only read the configuration and say whether it is sound
    #[arg(long)]
    check: bool,

    /// Print a configuration file with every key, its default and what it means
    #[arg(long)]
    print_config: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    if arguments.print_config {
        terminal.line(TEMPLATE.trim_end());
        return Ok(Exit::Done);
    }
    let configuration = Configuration::read(&arguments.config)?;
    if arguments.check {
        terminal.line(format_args!("{} is sound.", arguments.config.display()));
        return Ok(Exit::Done);
    }
    logging::begin(&configuration.log).map_err(Failure::service)?;
    service(serve(configuration, &arguments.config))
}

async fn serve(configuration: Configuration, file: &Path) -> Result<Exit, Failure> {
    let supervisor = Supervisor::of_environment();
    let settings = configuration.exchange_settings();
    let serving = Serving::start(&configuration, settings).await.map_err(Failure::service)?;
    let plain = serving.plain_address().map(tracing::field::display);
    tracing::info!(address = %serving.address(), plain, "serving");
    supervisor.ready();
    let halted = tokio::select! {
        () = serving::stop_signal() => None,
        error = serving.halted() => Some(error),
        () = supervisor.keep_telling(serving.exchange().health()) => None,
        () = reload_when_asked(&serving, &configuration, file, &supervisor) => None,
    };
    supervisor.stopping();
    if let Some(error) = halted {
        return Err(stop_halted(serving, &error).await);
    }
    tracing::info!("stopping: finishing what was accepted");
    serving.stop().await;
    tracing::info!("stopped");
    Ok(Exit::Done)
}

/// Ends a service whose store writes no more: nothing that was accepted can be finished. Opening the store again, which the
/// next start does, copies its log into the database, syncs that, and so finds out what was written.
async fn stop_halted(serving: Serving, error: &StoreError) -> Failure {
    serving.exchange().health().raise(Alarm::WriterStopped, "the disk did not confirm what was written");
    if tokio::time::timeout(HALTED_STOP_MAX, serving.stop()).await.is_err() {
        tracing::warn!("requests were broken off");
    }
    let text = format!(
        "the service stops, because its disk did not confirm what was written ({error}). Look at the disk; then start the \
         service again: it finds out what was written, and clients that send again get their answers"
    );
    tracing::error!("{text}");
    Failure::Halted(text)
}

/// Takes up new certificates at each SIGHUP, and names what only a restart changes. For ever.
async fn reload_when_asked(serving: &Serving, begun_with: &Configuration, file: &Path, supervisor: &Supervisor) {
    let Ok(mut asked) = signal(SignalKind::hangup()) else { return std::future::pending().await };
    while asked.recv().await.is_some() {
        supervisor.reloading();
        let reloaded = Configuration::read(file).map_err(|error| error.to_string()).and_then(|read| {
            serving.reload(&read).map_err(|error| error.to_string())?;
            Ok(read)
        });
        match reloaded {
            Ok(read) => {
                let mut restart = begun_with.changed_keys(&read);
                restart.retain(|key| !key.starts_with("tls."));
                tracing::info!("certificates reloaded");
                if !restart.is_empty() {
                    tracing::warn!(keys = restart.join(", "), "these keys changed too, and need a restart");
                }
            }
            Err(error) => tracing::error!(error, "nothing was reloaded: the certificates stay as they are"),
        }
        supervisor.ready();
    }
}
