//! A running exchange: store, use cases, server, background work and the business day, wired together.
//!
//! `serve`, `sandbox` and `demo` run the same thing; they differ in what they print.

use std::fs;
use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use exchange::{Exchange, Failure, Issuing, Settings, SharedSettings, SystemClock};
use jiff::Timestamp;
use pki::SeparateKey;
use rulebook::Language;
use server::{Limits, Reload, Server, ServerError, ServerSettings, TlsMaterial};
use store::{ServingLock, Store, StoreError};
use tokio::net::UnixListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::acts;
use crate::boxed::Boxed;
use crate::configuration::{Authority, Configuration, Tls};
use crate::file_handles::{self, TooFewHandles};
use crate::libraries;
use crate::outside_lists::OutsideLists;
use crate::private_files;
use crate::reach::Hosts;
use crate::server_certificate::ServerCertificate;

/// How often the service checks the calendar.
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
    /// Something that the service relies on is not as it must be; says what to do.
    #[error("{0}")]
    Refused(String),
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
    /// The same for an exchange without a note of its kind.
    #[error(
        "an older version made this exchange and did not note whether it is a sandbox. If it is one, say so once: \
         tdam sandbox --made-as-sandbox. If it is not, serve it with `tdam serve`"
    )]
    PerhapsASandbox,
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
    hosts: Hosts,
    store: Store,
    reload: Reload,
    certificate: Arc<ServerCertificate>,
    /// What the files of the authorities held when they were taken up.
    authorities: Mutex<[u8; 32]>,
    outside_lists: OutsideLists,
    /// Kept, because a passphrase may be given only once.
    publication_key: Option<SeparateKey>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    _lock: ServingLock,
}

impl Serving {
    /// Starts everything; returns when requests are taken.
    ///
    /// # Errors
    /// When a file cannot be read, the store is in use or damaged, or an address is taken.
    pub fn start(configuration: &Configuration, settings: Settings) -> Boxed<'_, Result<Serving, ServingError>> {
        Box::pin(Serving::start_parts(configuration, settings))
    }

    async fn start_parts(configuration: &Configuration, settings: Settings) -> Result<Serving, ServingError> {
        let connections_max = file_handles::prepare(configuration)?;
        private_files::close(configuration).map_err(ServingError::Refused)?;
        let mut server_settings = server_settings(configuration)?;
        server_settings.limits.connections_max = connections_max;
        let publication_key = libraries::signing_key(configuration).map_err(ServingError::Refused)?;
        server_settings.libraries =
            libraries::given_out(configuration, publication_key.as_ref()).map_err(ServingError::Refused)?;
        let certificate = server_certificate(configuration, &server_settings)?;
        let hosts = hosts(configuration, &certificate);
        server_settings.plain_host = hosts.plain().map(str::to_owned);
        let certificate = Arc::new(ServerCertificate::new(certificate));
        let store = configuration.open_store().await?;
        let lock = store.lock_for_serving()?;
        let swept = store.sweep_orphans()?;
        if swept > 0 {
            tracing::info!(files = swept, "removed bodies that no submission names");
        }
        let authorities = configuration.authority.state().map_err(ServingError::Refused)?;
        let issuing = configuration.authority.issuing().map_err(ServingError::Refused)?;
        let checkpoints = configuration.audit.checkpoints().map_err(ServingError::Refused)?;
        if checkpoints.is_none() {
            tracing::warn!("audit.key names no key: this node signs no checkpoints of the audit chain");
        }
        let mail = configuration.mail.settings(&configuration.support).map_err(ServingError::Refused)?;
        let outside_authorities = configuration.authority.outside_authorities().map_err(ServingError::Refused)?;
        let outside_lists = OutsideLists::default();
        outside_lists.replace(&configuration.authority, &outside_authorities);
        let settings = Settings { issuing, outside_authorities, checkpoints, mail, ..settings };
        let guideline = settings.guideline.clone();
        let (is_sandbox, simulates) = (settings.is_sandbox, simulates(&settings));
        let exchange = Exchange::new(store.clone(), settings, Arc::new(SystemClock));
        refuse_unsettled_restore(&exchange).await?;
        refuse_simulation(&exchange, is_sandbox, simulates).await?;
        agree_on_settings(&exchange, configuration).await?;
        look_first(&exchange).await;
        exchange.operator().prepare(first_business_day(&guideline)).await?;
        exchange.prepare_revocation_list().await?;
        exchange.follow_outside_lists().await?;
        outside_lists.read(&exchange).await;
        may_show(&exchange, &certificate.authority(), None).await?;
        exchange.note_server_authority(certificate.authority());
        certificate.judge(&exchange, Timestamp::now());

        let operators_socket = open_operators_socket(configuration)?;
        let (stop, stopping) = watch::channel(false);
        let server = Server::bind(server_settings, exchange.clone()).await.map_err(named(configuration))?;
        let reload = server.reload();
        let addresses = server.addresses();
        let mut tasks = vec![
            part(server.run(stopping.clone())),
            part({
                let (exchange, stopping) = (exchange.clone(), stopping.clone());
                async move { exchange.work(stopping).await }
            }),
            part({
                let (exchange, stopping) = (exchange.clone(), stopping.clone());
                async move { exchange.watch_the_clock(stopping).await }
            }),
            part({
                let (exchange, stopping) = (exchange.clone(), stopping.clone());
                async move { exchange.watch_the_room(stopping).await }
            }),
            part({
                let (exchange, stopping) = (exchange.clone(), stopping.clone());
                async move { exchange.send_letters(stopping).await }
            }),
            part(watch_certificate(exchange.clone(), Arc::clone(&certificate), stopping.clone())),
            part(outside_lists.clone().watch(exchange.clone(), stopping.clone())),
        ];
        if let Some(socket) = operators_socket {
            let (folder, exchange) = (configuration.data.clone(), exchange.clone());
            tasks.push(part(acts::socket::serve(socket, folder, exchange, stopping.clone())));
        }
        if addresses.metrics.is_some() {
            let (exchange, stopping) = (exchange.clone(), stopping.clone());
            tasks.push(tokio::spawn(async move { exchange.watch_the_gauges(stopping).await }));
        }
        if let Some(settings) = configuration.check.settings() {
            let (exchange, stopping) = (exchange.clone(), stopping.clone());
            tasks.push(part(async move { exchange.check_books_daily(settings, stopping).await }));
        }
        if configuration.business_day.automatic {
            tasks.push(part(follow_the_calendar(exchange.clone(), stopping)));
        }
        let authorities = Mutex::new(authorities);
        Ok(Serving {
            exchange,
            addresses,
            hosts,
            store,
            reload,
            certificate,
            authorities,
            outside_lists,
            publication_key,
            stop,
            tasks,
            _lock: lock,
        })
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

    /// The address of the health check.
    #[must_use]
    pub fn plain_address(&self) -> Option<SocketAddr> {
        self.addresses.plain
    }

    /// By which URL those enrol who have no certificate yet.
    #[must_use]
    pub fn enrollment_url(&self) -> Option<String> {
        self.addresses.enrollment.map(|address| self.hosts.secure_url(address.port()))
    }

    /// Where metrics are read.
    #[must_use]
    pub fn metrics_url(&self) -> Option<String> {
        self.addresses.metrics.map(|address| format!("http://{address}/metrics"))
    }

    /// By which URL clients connect: its host is a name that the certificate has.
    #[must_use]
    pub fn url(&self) -> String {
        self.hosts.secure_url(self.addresses.secure.port())
    }

    /// By which URL health and the catalogue of errors are read.
    #[must_use]
    pub fn plain_url(&self) -> Option<String> {
        let (host, address) = (self.hosts.plain()?, self.addresses.plain?);
        Some(format!("http://{host}:{}", address.port()))
    }

    /// Shows the certificates that a configuration names from now on, signs with its authorities, and applies its quotas. Open
    /// connections stay as they are.
    ///
    /// # Errors
    /// When a file cannot be read or used; then the old ones stay in use.
    pub fn reload<'a>(&'a self, configuration: &'a Configuration) -> Boxed<'a, Result<(), ServingError>> {
        Box::pin(self.reload_parts(configuration))
    }

    async fn reload_parts(&self, configuration: &Configuration) -> Result<(), ServingError> {
        private_files::close(configuration).map_err(ServingError::Refused)?;
        let settings = server_settings(configuration)?;
        let info = server_certificate(configuration, &settings)?;
        let authorities = configuration.authority.state().map_err(ServingError::Refused)?;
        let are_new = *self.authorities.lock().unwrap_or_else(PoisonError::into_inner) != authorities;
        let issuing = match are_new {
            false => None,
            true if configuration.authority.can_be_read_again() => {
                Some(configuration.authority.issuing().map_err(ServingError::Refused)?)
            }
            true => {
                return Err(ServingError::Refused(
                    "[authority] has changed, and a passphrase of it comes from a prompt or a file descriptor: restart the service".to_owned(),
                ));
            }
        };
        let outside = configuration.authority.outside_authorities().map_err(ServingError::Refused)?;
        let upcoming = issuing.as_ref().and_then(Option::as_ref);
        may_show(&self.exchange, &info.authority_key_identifier, upcoming).await?;
        let libraries = libraries::given_out(configuration, self.publication_key.as_ref());
        let libraries = libraries.map_err(ServingError::Refused)?;
        self.reload.certificates(&settings.tls).map_err(named(configuration))?;
        self.reload.authority(settings.authority_pem.as_deref().unwrap_or_default());
        self.outside_lists.replace(&configuration.authority, &outside);
        self.exchange.take_up_outside_authorities(outside);
        self.outside_lists.read(&self.exchange).await;
        self.reload.quotas(settings.quotas);
        if let Some(issuing) = issuing {
            self.exchange.take_up_authorities(issuing);
            *self.authorities.lock().unwrap_or_else(PoisonError::into_inner) = authorities;
        }
        self.exchange.note_server_authority(info.authority_key_identifier.clone());
        self.reload.libraries(libraries);
        self.certificate.replace(info);
        self.certificate.judge(&self.exchange, Timestamp::now());
        Ok(())
    }

    /// Returns when the store has stopped writing for good, with the reason.
    pub async fn halted(&self) -> StoreError {
        self.store.halted().await
    }

    /// Stops: takes no more requests and finishes accepted work.
    pub async fn stop(self) {
        // Without a listener everything has stopped already.
        let _ = self.stop.send(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task of the service failed");
            }
        }
    }
}

/// Refuses a server's certificate of the next authority before clients had time to take up its trust bundle.
async fn may_show(exchange: &Exchange, authority: &[u8], upcoming: Option<&Issuing>) -> Result<(), ServingError> {
    let Err(day) = exchange.may_show_certificate_of(authority, upcoming).await? else { return Ok(()) };
    let when = match day {
        Some(day) => format!("before {day}, since clients take up the trust bundle until then"),
        None => {
            "yet, since that authority is not published: start the service with the certificate of the authority in use"
                .to_owned()
        }
    };
    Err(ServingError::Refused(format!(
        "tls.certificate is of the next authority, and may not be shown {when} (authority.published_days)"
    )))
}

/// A part of the service, as a task. Its type ends here, so that tasks are compiled once and not for each part.
fn part(run: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    let run: Boxed<'static, ()> = Box::pin(run);
    tokio::spawn(run)
}

/// In PostgreSQL the operator acts without a node.
fn open_operators_socket(configuration: &Configuration) -> Result<Option<UnixListener>, ServingError> {
    if configuration.store.is_a_server() {
        return Ok(None);
    }
    let path = configuration.data.join(acts::socket::NAME);
    acts::socket::open(&configuration.data).map(Some).map_err(|source| ServingError::File { path, source })
}

fn server_settings(configuration: &Configuration) -> Result<ServerSettings, ServingError> {
    let (listen, shares) = (&configuration.listen, &configuration.shares);
    let (material, bundle) = material(&configuration.tls, &configuration.authority)?;
    Ok(ServerSettings {
        plain_address: listen.plain,
        enrollment_address: listen.enrollment,
        metrics_address: listen.metrics,
        proxies: listen.proxies.clone(),
        answer_folder: configuration.answer_folder(),
        authority_pem: Some(bundle),
        support: server::Support {
            latvian: configuration.support.contact(Language::Latvian),
            english: configuration.support.contact(Language::English),
        },
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
        quotas: configuration.quotas.settings(),
        ..ServerSettings::new(listen.address, material)
    })
}

fn hosts(configuration: &Configuration, certificate: &pki::CertificateInfo) -> Hosts {
    let listen = &configuration.listen;
    let plain = listen.plain.map(|address| address.ip());
    Hosts::of(listen.name.as_deref(), listen.address.ip(), plain, &certificate.server_names)
}

/// What the listeners need, and the trust bundle.
fn material(tls: &Tls, authority: &Authority) -> Result<(TlsMaterial, String), ServingError> {
    let bundle =
        format!("{}\n{}", read(&tls.client_authority)?, authority.next_bundle().map_err(ServingError::Refused)?);
    let outside = authority.outside_authorities().map_err(ServingError::Refused)?;
    let outside: String = outside.iter().map(|authority| pki::certificate_pem(&authority.certificate)).collect();
    let material = TlsMaterial {
        certificate_chain_pem: read(&tls.certificate)?,
        private_key_pem: read(&tls.key)?,
        client_authorities_pem: format!("{bundle}\n{outside}"),
    };
    // Clients trust the server by the authorities of the house alone.
    Ok((material, bundle))
}

/// Errors of certificates and key name their files.
fn named(configuration: &Configuration) -> impl FnOnce(ServerError) -> ServingError {
    let tls = configuration.tls.clone();
    move |error| match error {
        ServerError::Listen { .. } => ServingError::Server(error),
        error => {
            let Tls { certificate, key, client_authority } = tls;
            ServingError::Refused(format!(
                "{error} (certificate {}, key {}, client authority {})",
                certificate.display(),
                key.display(),
                client_authority.display()
            ))
        }
    }
}

fn server_certificate(
    configuration: &Configuration,
    settings: &ServerSettings,
) -> Result<pki::CertificateInfo, ServingError> {
    ServerCertificate::read(&settings.tls.certificate_chain_pem).map_err(|error| {
        ServingError::Refused(format!("{} holds no certificate: {error}", configuration.tls.certificate.display()))
    })
}

/// Refuses to serve beside nodes with other settings.
async fn agree_on_settings(exchange: &Exchange, configuration: &Configuration) -> Result<(), ServingError> {
    match exchange.operator().share_settings(configuration.shared_settings()).await? {
        SharedSettings::Agreed(changes) => {
            for change in changes {
                tracing::warn!(%change, "a setting that all nodes share has changed");
            }
            Ok(())
        }
        SharedSettings::Differ { nodes, differences } => {
            let keys: Vec<String> = differences.iter().map(|difference| format!("  {difference}")).collect();
            Err(ServingError::Refused(format!(
                "{nodes} other nodes serve from this database with other settings:\n{}\nMake them equal, or stop all nodes and \
                 start this one first: then its settings hold. A node that was killed counts for as long as its lease \
                 (store.node_lease_seconds).",
                keys.join("\n")
            )))
        }
    }
}

/// How often the service checks the validity of its certificate.
const CERTIFICATE_INTERVAL: Duration = Duration::from_secs(2);

async fn watch_certificate(
    exchange: Exchange,
    certificate: Arc<ServerCertificate>,
    mut stopping: watch::Receiver<bool>,
) {
    loop {
        certificate.judge(&exchange, Timestamp::now());
        tokio::select! {
            () = tokio::time::sleep(CERTIFICATE_INTERVAL) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
    }
}

fn read(path: &Path) -> Result<String, ServingError> {
    fs::read_to_string(path).map_err(|source| ServingError::File { path: path.to_path_buf(), source })
}

/// The business day that it is by the calendar: today, or on a day off the next one that is worked on.
#[must_use]
pub fn first_business_day(guideline: &rulebook::Guideline) -> jiff::civil::Date {
    let today = exchange::local_time(Timestamp::now()).date();
    guideline.business_day_on(today)
}

/// Whether these settings do what only a sandbox may.
fn simulates(settings: &Settings) -> bool {
    settings.is_sandbox || settings.business_time.is_some() || !settings.debtor_aliases.is_empty()
}

/// The command that makes an exchange decides whether it is a sandbox. Older versions did not record it, so their
/// exchanges count as no sandbox unless the operator says so before the first serving.
async fn refuse_simulation(exchange: &Exchange, is_sandbox: bool, simulates: bool) -> Result<(), ServingError> {
    let operator = exchange.operator();
    match operator.clock().await?.record.is_sandbox {
        Some(false) if simulates => Err(ServingError::NotASandbox),
        None if simulates => Err(ServingError::PerhapsASandbox),
        Some(true) if !is_sandbox => {
            tracing::warn!("this is a sandbox: its business day may be moved to any date");
            Ok(())
        }
        _ => Ok(operator.note_sandbox(false).await.map(drop)?),
    }
}

/// A restored store knows nothing of what was revoked after its copy was made.
async fn refuse_unsettled_restore(exchange: &Exchange) -> Result<(), ServingError> {
    match exchange.operator().unsettled_restore().await? {
        None => Ok(()),
        Some(mark) => Err(ServingError::Refused(crate::restored::unsettled(&mark))),
    }
}

/// Before the first request: so health knows faults by then.
async fn look_first(exchange: &Exchange) {
    if let Err(failure) = exchange.look_at_the_clock().await {
        tracing::warn!(%failure, "the node could not compare the clocks; it tries again");
    }
    if let Err(failure) = exchange.look_at_the_room().await {
        tracing::warn!(%failure, "the node could not measure the room; it tries again");
    }
}

/// Opens each business day when its date has come. A business day never goes back, so one that an operator set ahead stays.
async fn follow_the_calendar(exchange: Exchange, mut stopping: watch::Receiver<bool>) {
    loop {
        match exchange.operator().follow_the_calendar().await {
            Ok(Some(day)) => tracing::info!(%day, "the calendar opened the business day"),
            Ok(None) => {}
            Err(failure) if failure.is_temporary() => {
                tracing::warn!(%failure, "the node could not move the business day; it tries again");
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

/// The signals that ask a process to stop, Ctrl-C and SIGTERM. The process takes them from the moment this is made. The
/// system ends a process at once by a signal that it does not take, so this is made before the process says that it runs.
#[derive(Debug)]
pub struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignals {
    /// # Errors
    ///
    /// When the system does not allow taking signals.
    pub fn take() -> std::io::Result<StopSignals> {
        Ok(StopSignals { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for one.
    pub async fn received(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
