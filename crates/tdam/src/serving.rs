//! A running exchange: store, use cases, server, background work and the business day, wired together.
//!
//! `serve`, `sandbox` and `demo` run the same thing; they differ in what they print.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use exchange::{Exchange, Failure, Settings, SystemClock};
use jiff::Timestamp;
use server::{Limits, Server, ServerError, ServerSettings, TlsMaterial};
use store::{ServingLock, StoreError};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::configuration::Configuration;

/// How often the calendar is looked at.
const CALENDAR_INTERVAL: Duration = Duration::from_secs(20);

/// Why an exchange could not be started.
#[derive(Debug, thiserror::Error)]
pub enum ServingError {
    /// A certificate or key cannot be read.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The store cannot be opened, or another server serves from it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The listeners cannot be opened.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The configuration or the command asks for what only a sandbox may do.
    #[error(
        "this exchange was not made as a sandbox, so its time is not simulated and no account stands for another: remove \
         the keys of [sandbox], or serve it with `tdam serve` (`tdam sandbox` makes sandboxes)"
    )]
    NotASandbox,
    /// The exchange is not ready.
    #[error(transparent)]
    Exchange(#[from] Failure),
}

/// A running exchange.
pub struct Serving {
    exchange: Exchange,
    addresses: server::Addresses,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    _lock: ServingLock,
}

impl Serving {
    /// Starts everything; returns when requests are taken.
    ///
    /// # Errors
    /// When a file cannot be read, the store is in use or damaged, or an address is taken.
    pub async fn start(configuration: &Configuration, settings: Settings) -> Result<Serving, ServingError> {
        let store = configuration.open_store().await?;
        let lock = store.lock_for_serving()?;
        let swept = store.sweep_orphans()?;
        if swept > 0 {
            tracing::info!(files = swept, "removed bodies that no submission names");
        }
        let guideline = settings.guideline.clone();
        let (is_sandbox, simulates) = (settings.is_sandbox, simulates(&settings));
        let exchange = Exchange::new(store, settings, Arc::new(SystemClock));
        refuse_simulation(&exchange, is_sandbox, simulates).await?;
        look_first(&exchange).await;
        exchange.operator().prepare(first_business_day(&guideline)).await?;

        let (stop, stopping) = watch::channel(false);
        let server = Server::bind(server_settings(configuration)?, exchange.clone()).await?;
        let addresses = server.addresses();
        let mut tasks = vec![
            tokio::spawn(server.run(stopping.clone())),
            tokio::spawn({
                let (exchange, stopping) = (exchange.clone(), stopping.clone());
                async move { exchange.work(stopping).await }
            }),
            tokio::spawn({
                let (exchange, stopping) = (exchange.clone(), stopping.clone());
                async move { exchange.watch_the_clock(stopping).await }
            }),
            tokio::spawn({
                let (exchange, stopping) = (exchange.clone(), stopping.clone());
                async move { exchange.watch_the_room(stopping).await }
            }),
        ];
        if configuration.business_day.automatic {
            tasks.push(tokio::spawn(follow_the_calendar(exchange.clone(), stopping)));
        }
        Ok(Serving { exchange, addresses, stop, tasks, _lock: lock })
    }

    /// The use cases, for who runs in the same process.
    #[must_use]
    pub fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// Where clients connect.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.addresses.secure
    }

    /// Where health is asked for.
    #[must_use]
    pub fn plain_address(&self) -> Option<SocketAddr> {
        self.addresses.plain
    }

    /// Stops: takes no more requests and finishes what was accepted.
    pub async fn stop(self) {
        // Nobody listening any more means that everything has stopped already.
        let _ = self.stop.send(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the service ended badly");
            }
        }
    }
}

fn server_settings(configuration: &Configuration) -> Result<ServerSettings, ServingError> {
    let (listen, tls) = (&configuration.listen, &configuration.tls);
    let material = TlsMaterial {
        certificate_chain_pem: read(&tls.certificate)?,
        private_key_pem: read(&tls.key)?,
        client_authorities_pem: read(&tls.client_authority)?,
    };
    let authority = material.client_authorities_pem.clone();
    Ok(ServerSettings {
        plain_address: listen.plain,
        authority_pem: Some(authority),
        limits: Limits {
            connections_max: listen.connections_max,
            handshake_timeout: Duration::from_secs(listen.handshake_timeout_seconds),
            body_idle_timeout: Duration::from_secs(listen.idle_timeout_seconds),
            stop_time_max: Duration::from_secs(listen.stop_timeout_seconds),
            body_bytes_max: configuration.messages.body_bytes_max,
            wait_default: Duration::from_secs(configuration.messages.wait_seconds),
            ..Limits::default()
        },
        ..ServerSettings::new(listen.address, material)
    })
}

fn read(path: &Path) -> Result<String, ServingError> {
    fs::read_to_string(path).map_err(|source| ServingError::File { path: path.to_path_buf(), source })
}

/// The business day that it is by the calendar: today, or on a day off the next one that is worked on.
#[must_use]
pub fn first_business_day(guideline: &rulebook::Guideline) -> jiff::civil::Date {
    let today = exchange::local_time(Timestamp::now()).date();
    guideline.calendar(rulebook::Route::Internal).business_day_from(today)
}

/// Whether these settings do what only a sandbox may.
fn simulates(settings: &Settings) -> bool {
    settings.is_sandbox || settings.business_time.is_some() || !settings.debtor_aliases.is_empty()
}

/// What an exchange is was decided when it was made. One that was made before that was noted becomes what it is first
/// served as.
async fn refuse_simulation(exchange: &Exchange, is_sandbox: bool, simulates: bool) -> Result<(), ServingError> {
    let operator = exchange.operator();
    match operator.clock().await?.record.is_sandbox {
        Some(false) if simulates => Err(ServingError::NotASandbox),
        None if simulates && !is_sandbox => Err(ServingError::NotASandbox),
        Some(true) if !is_sandbox => {
            tracing::warn!("this is a sandbox: its business day may be moved to any date");
            Ok(())
        }
        _ => Ok(operator.note_sandbox(is_sandbox).await.map(drop)?),
    }
}

/// Before the first request: what is wrong is known by then.
async fn look_first(exchange: &Exchange) {
    if let Err(failure) = exchange.look_at_the_clock().await {
        tracing::warn!(%failure, "the clocks could not be compared; that is tried again");
    }
    if let Err(failure) = exchange.look_at_the_room().await {
        tracing::warn!(%failure, "the room could not be looked at; that is tried again");
    }
}

/// Opens each business day when its date has come. A business day never goes back, so one that an operator set ahead stays.
async fn follow_the_calendar(exchange: Exchange, mut stopping: watch::Receiver<bool>) {
    loop {
        match exchange.operator().follow_the_calendar().await {
            Ok(Some(day)) => tracing::info!(%day, "the business day was opened by the calendar"),
            Ok(None) => {}
            Err(failure) if failure.is_temporary() => {
                tracing::warn!(%failure, "the business day could not be moved; it is tried again");
            }
            // Health says so, and the log did when that began.
            Err(failure) => tracing::debug!(%failure, "the business day is not moved"),
        }
        tokio::select! {
            () = tokio::time::sleep(CALENDAR_INTERVAL) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
    }
}

/// Waits until the process is asked to stop (Ctrl-C or SIGTERM).
pub async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
