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
use server::{Limits, Server, ServerError, ServerSettings, TlsMaterial, TlsReload};
use store::{ServingLock, StoreError};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::configuration::{Configuration, Tls};
use crate::file_handles::{self, TooFewHandles};

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
    /// The system gives too few file handles.
    #[error(transparent)]
    FileHandles(#[from] TooFewHandles),
    /// The exchange is not ready.
    #[error(transparent)]
    Exchange(#[from] Failure),
}

/// A running exchange.
pub struct Serving {
    exchange: Exchange,
    addresses: server::Addresses,
    certificates: TlsReload,
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
        let connections_max = file_handles::prepare(configuration)?;
        let store = configuration.open_store().await?;
        let lock = store.lock_for_serving()?;
        let swept = store.sweep_orphans()?;
        if swept > 0 {
            tracing::info!(files = swept, "removed bodies that no submission names");
        }
        let guideline = settings.guideline.clone();
        let exchange = Exchange::new(store, settings, Arc::new(SystemClock));
        exchange.operator().prepare(first_business_day(&guideline)).await?;

        let (stop, stopping) = watch::channel(false);
        let mut server_settings = server_settings(configuration)?;
        server_settings.limits.connections_max = connections_max;
        let server = Server::bind(server_settings, exchange.clone()).await?;
        let (addresses, certificates) = (server.addresses(), server.tls_reload());
        let mut tasks = vec![
            tokio::spawn(server.run(stopping.clone())),
            tokio::spawn({
                let (exchange, stopping) = (exchange.clone(), stopping.clone());
                async move { exchange.work(stopping).await }
            }),
        ];
        if configuration.business_day.automatic {
            tasks.push(tokio::spawn(follow_the_calendar(exchange.clone(), guideline, stopping)));
        }
        Ok(Serving { exchange, addresses, certificates, stop, tasks, _lock: lock })
    }

    /// The use cases, for who runs in the same process.
    #[must_use]
    pub fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// Reads certificates, key and authorities again. Connections made from now on use them; open ones stay as they are.
    ///
    /// # Errors
    /// When a file cannot be read or used; then nothing changes.
    pub fn reload_certificates(&self, configuration: &Configuration) -> Result<(), ServingError> {
        let material = material(&configuration.tls)?;
        self.certificates.reload(&material)?;
        self.certificates.reload_authority(material.client_authorities_pem);
        Ok(())
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
    let (listen, shares) = (&configuration.listen, &configuration.shares);
    let material = material(&configuration.tls)?;
    let authority = material.client_authorities_pem.clone();
    Ok(ServerSettings {
        plain_address: listen.plain,
        answer_folder: configuration.answer_folder(),
        authority_pem: Some(authority),
        limits: Limits {
            connections_max: listen.connections_max,
            connection_idle_max: Duration::from_secs(listen.connection_idle_seconds),
            connection_age_max: Duration::from_secs(listen.connection_age_seconds),
            handshakes_max: listen.handshakes_max,
            plain_connections_max: listen.plain_connections_max,
            requests_in_flight_max: shares.requests_max,
            waiting_max: shares.waiting_max,
            large_submissions_max: shares.large_submissions_max,
            readings_max: shares.readings_max,
            unsent_file_bytes_max: shares.unread_answer_bytes_max,
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

fn material(tls: &Tls) -> Result<TlsMaterial, ServingError> {
    Ok(TlsMaterial {
        certificate_chain_pem: read(&tls.certificate)?,
        private_key_pem: read(&tls.key)?,
        client_authorities_pem: read(&tls.client_authority)?,
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

/// Opens each business day when its date has come. A business day never goes back, so one that an operator set ahead stays.
async fn follow_the_calendar(exchange: Exchange, guideline: rulebook::Guideline, mut stopping: watch::Receiver<bool>) {
    loop {
        let operator = exchange.operator();
        let today = first_business_day(&guideline);
        let moved = match operator.business_day().await {
            Ok(day) if day < today => operator.set_business_day(today).await,
            Ok(_) => Ok(()),
            Err(failure) => Err(failure),
        };
        if let Err(failure) = moved {
            tracing::warn!(%failure, "the business day could not be moved; it is tried again");
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
