//! `tdam serve`: the exchange as a service.

use std::path::PathBuf;
use std::pin::pin;

use tokio::signal::unix::{SignalKind, signal};

use super::service;
use crate::budgets::{budgets, to_markdown};
use crate::configuration::{Configuration, TEMPLATE};
use crate::reload::Reload;
use crate::serving::Serving;
use crate::terminal::{Exit, Failure, Terminal};
use crate::{logging, serving};

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

    /// Print every limit that the service obeys with this configuration, for whom it is and what happens beyond it
    #[arg(long)]
    print_limits: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    if arguments.print_config {
        terminal.line(TEMPLATE.trim_end());
        return Ok(Exit::Done);
    }
    let configuration = Configuration::read(&arguments.config)?;
    if arguments.print_limits {
        terminal.line(to_markdown(&budgets(&configuration)).trim_end());
        return Ok(Exit::Done);
    }
    if arguments.check {
        terminal.line(format_args!("{} is sound.", arguments.config.display()));
        return Ok(Exit::Done);
    }
    let log_level = logging::begin(&configuration.log).map_err(Failure::service)?;
    let reload = Reload::new(arguments.config, configuration.clone(), log_level);
    service(serve(configuration, reload))
}

async fn serve(configuration: Configuration, mut reload: Reload) -> Result<Exit, Failure> {
    // From the first moment: a signal that nobody takes would end the process.
    let mut hangup = signal(SignalKind::hangup()).map_err(Failure::service)?;
    let settings = configuration.exchange_settings();
    let serving = Serving::start(&configuration, settings).await.map_err(Failure::service)?;
    let plain = serving.plain_address().map(tracing::field::display);
    tracing::info!(address = %serving.address(), plain, "serving");
    let mut stop = pin!(serving::stop_signal());
    loop {
        tokio::select! {
            () = stop.as_mut() => break,
            _ = hangup.recv() => reload.again(&serving),
        }
    }
    tracing::info!("stopping: finishing what was accepted");
    serving.stop().await;
    tracing::info!("stopped");
    Ok(Exit::Done)
}
