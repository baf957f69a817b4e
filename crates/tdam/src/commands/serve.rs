//! `tdam serve`: the exchange as a service.

use std::path::Path;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::configuration::ConfigurationFile;
use super::runtime::service;
use crate::budgets::to_markdown;
use crate::configuration::{Configuration, TEMPLATE};
use crate::logging::LogLevel;
use crate::serving::Serving;
use crate::supervisor::Supervisor;
use crate::terminal::{Exit, Failure, Terminal};
use crate::{disk_failure, logging, serving};

/// Run the exchange as a service, as its configuration says.
#[derive(clap::Args, Debug)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    #[command(flatten)]
    config: ConfigurationFile,

    /// Only read the configuration and say whether it is sound
    #[arg(long)]
    check: bool,

    /// Print a configuration file with every key, its default and what it means
    #[arg(long)]
    print_config: bool,

    /// Print every limit that the service obeys with this configuration, for whom it is and what happens beyond it
    #[arg(long)]
    print_limits: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    if arguments.print_config {
        terminal.line(TEMPLATE.trim_end());
        return Ok(Exit::Done);
    }
    let configuration = arguments.config.read()?;
    if arguments.print_limits {
        terminal.line(to_markdown(&configuration).trim_end());
        return Ok(Exit::Done);
    }
    if arguments.check {
        configuration.mail.settings(&configuration.support).map_err(Failure::Usage)?;
        terminal.line(format_args!("{} is sound.", arguments.config.path().display()));
        return Ok(Exit::Done);
    }
    let log_level = logging::begin(&configuration.log).map_err(Failure::service)?;
    service(serve(configuration, arguments.config.path(), log_level))
}

async fn serve(configuration: Configuration, file: &Path, log_level: LogLevel) -> Result<Exit, Failure> {
    // From the first moment: a signal without a handler ends the process.
    let hangup = signal(SignalKind::hangup()).map_err(Failure::service)?;
    let supervisor = Supervisor::of_environment();
    let settings = configuration.exchange_settings();
    let serving = Serving::start(&configuration, settings).await.map_err(Failure::service)?;
    let plain = serving.plain_address().map(tracing::field::display);
    let asked_to_stop = serving::StopSignals::take().map_err(Failure::service)?;
    tracing::info!(address = %serving.address(), plain, metrics = serving.metrics_url(), "serving");
    supervisor.ready();
    let reload = Reload { begun_with: &configuration, file, log_level };
    let halted = tokio::select! {
        () = asked_to_stop.received() => None,
        error = serving.halted() => Some(error),
        () = supervisor.keep_telling(serving.exchange().health()) => None,
        () = reload.when_asked(hangup, &serving, &supervisor) => None,
    };
    supervisor.stopping();
    if let Some(error) = halted {
        return Err(disk_failure::stop(serving, &error).await);
    }
    tracing::info!("stopping: finishing what was accepted");
    serving.stop().await;
    tracing::info!("stopped");
    Ok(Exit::Done)
}

/// The settings that a service reloads while it runs.
struct Reload<'a> {
    begun_with: &'a Configuration,
    file: &'a Path,
    log_level: LogLevel,
}

impl Reload<'_> {
    /// Takes up certificates, quotas, client libraries and level of the log at each SIGHUP, and names what only a restart changes. For ever.
    async fn when_asked(self, mut asked: Signal, serving: &Serving, supervisor: &Supervisor) {
        while asked.recv().await.is_some() {
            supervisor.reloading();
            match self.take_up(serving).await {
                Ok(restart) => {
                    tracing::info!("certificates reloaded, and quotas");
                    if !restart.is_empty() {
                        tracing::warn!(keys = restart.join(", "), "these keys changed too, and need a restart");
                    }
                }
                Err(error) => {
                    tracing::error!(
                        error,
                        "the service reloaded nothing: certificates, quotas and log stay as they are"
                    )
                }
            }
            supervisor.ready();
        }
    }

    /// Everything or nothing. Returns the keys that changed and need a restart.
    async fn take_up(&self, serving: &Serving) -> Result<Vec<String>, String> {
        let read = Configuration::read(self.file).map_err(|error| error.to_string())?;
        let filter = logging::filter(&read.log).map_err(|error| error.to_string())?;
        serving.reload(&read).await.map_err(|error| error.to_string())?;
        self.log_level.set(filter);
        let mut restart = self.begun_with.changed_keys(&read);
        const RELOADED: [&str; 5] = ["tls.", "authority.", "quotas.", "libraries.", "log.level"];
        restart.retain(|key| !RELOADED.iter().any(|reloaded| key.starts_with(reloaded)));
        Ok(restart)
    }
}
