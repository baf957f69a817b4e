//! The hosts of the database, and the state of each.
//!
//! A host can fall silent without breaking a single connection: a machine that stands still, or a device before it, may
//! still accept bytes. If each connection waited for its own time limit, service would stop for the sum of these
//! limits. So all connections share what one of them learns:
//!
//! | a new connection to the host | what follows |
//! |---|---|
//! | succeeds, and is used | the store tries that host first |
//! | could succeed, or gets an answer (too many connections, for example) | statements keep waiting for the host |
//! | meets silence, while no other connection gets an answer either | statements on the host are lost, and earlier connections are useless; the store does not wait for it again as long as others answer |
//! | is refused, or takes no writes | the same, if a statement waits for the host; broken connections report themselves |
//!
//! If a host answers all this well and still leaves a statement without an answer for its whole time limit (a primary
//! that its replicas have left does that with commits), the store does not try it first any more and does not use its
//! connections again; statements that still wait for it may wait.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio_postgres::Config;
use tokio_postgres::config::Host as Address;

/// All of them, in the order of the URL.
pub(super) struct Hosts {
    all: Vec<Arc<Host>>,
    /// Place of the host that the store tries first.
    first: AtomicUsize,
}

/// One of them.
pub(super) struct Host {
    place: usize,
    config: Config,
    /// How often the host's connections became useless.
    generation: AtomicU64,
    /// Statements on a connection of an earlier generation are lost.
    lost_before: AtomicU64,
    /// How often it said something itself; only changes mean something.
    answers: AtomicU64,
    silent: AtomicBool,
    asking: Mutex<Asking>,
}

/// Whether a thread is finding out if the host serves, and the time of the last result.
#[derive(Default)]
struct Asking {
    under_way: bool,
    ended: Option<Instant>,
}

/// What an attempt to connect says about a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    Service,
    /// No connection, and nothing that speaks against those that there are.
    Answer,
    Refusal,
    Silence,
}

impl Heard {
    /// What an attempt says.
    pub(super) fn from_attempt<T, E>(attempt: &Result<T, (Heard, E)>) -> Heard {
        attempt.as_ref().map_or_else(|(heard, _)| *heard, |_| Heard::Service)
    }

    /// The meaning of a failed attempt. A possible fault of our own machine says nothing against the host.
    pub(super) fn from_error(error: &tokio_postgres::Error) -> Heard {
        use io::ErrorKind::*;
        let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<io::Error>());
        match cause.map(io::Error::kind) {
            Some(TimedOut | HostUnreachable) => Heard::Silence,
            // The library says "permission denied" of a server that takes no writes.
            Some(ConnectionRefused | ConnectionReset | ConnectionAborted | UnexpectedEof | BrokenPipe) => {
                Heard::Refusal
            }
            Some(NetworkUnreachable | NotFound | PermissionDenied) => Heard::Refusal,
            _ if error.is_closed() => Heard::Refusal,
            _ => Heard::Answer,
        }
    }
}

impl Hosts {
    pub(super) fn of(config: &Config) -> Hosts {
        let all =
            one_for_each_host(config).into_iter().enumerate().map(|(place, config)| Arc::new(Host::new(place, config)));
        Hosts { all: all.collect(), first: AtomicUsize::new(0) }
    }

    pub(super) fn user(&self) -> Option<&str> {
        self.all.iter().find_map(|host| host.config.get_user())
    }

    /// Those to look for a connection at, the best first; and those that are silent, while others are not.
    pub(super) fn in_order(&self) -> (Vec<&Arc<Host>>, Vec<&Arc<Host>>) {
        let (before, from) = self.all.split_at(self.first.load(Ordering::Relaxed).min(self.all.len()));
        let (silent, speaking): (Vec<_>, Vec<_>) = from.iter().chain(before).partition(|host| host.is_silent());
        if speaking.is_empty() { (silent, speaking) } else { (speaking, silent) }
    }

    /// Notes a sign from a host.
    pub(super) fn note(&self, host: &Host, heard: Heard) {
        let was_silent = host.silent.swap(heard == Heard::Silence, Ordering::Relaxed);
        if heard == Heard::Silence {
            host.lose();
            self.begin_behind(host);
        }
        match (was_silent, heard == Heard::Silence) {
            (false, true) => tracing::warn!(host = host.name(), "the database's host is silent"),
            (true, false) => tracing::info!(host = host.name(), "the database's host is heard again"),
            _ => {}
        }
    }

    /// Takes note that the host left a statement without an answer, although it speaks.
    pub(super) fn leave(&self, host: &Host) {
        tracing::warn!(host = host.name(), "the database's host did not answer a statement in all its time");
        host.generation.fetch_add(1, Ordering::AcqRel);
        self.begin_behind(host);
    }

    /// From now on the store tries this host first.
    pub(super) fn begin_with(&self, host: &Host) {
        self.first.store(host.place, Ordering::Relaxed);
    }

    fn begin_behind(&self, host: &Host) {
        let next = (host.place + 1) % self.all.len();
        // Fails when the store already tries another host first.
        let _ = self.first.compare_exchange(host.place, next, Ordering::Relaxed, Ordering::Relaxed);
    }
}

impl Host {
    fn new(place: usize, config: Config) -> Host {
        Host {
            place,
            config,
            generation: AtomicU64::new(0),
            lost_before: AtomicU64::new(0),
            answers: AtomicU64::new(0),
            silent: AtomicBool::new(false),
            asking: Mutex::default(),
        }
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// For the log.
    fn name(&self) -> String {
        let port = self.config.get_ports().first().map_or(String::new(), |port| format!(":{port}"));
        match (self.config.get_hosts().first(), self.config.get_hostaddrs().first()) {
            (Some(Address::Tcp(name)), _) => format!("{name}{port}"),
            #[cfg(unix)]
            (Some(Address::Unix(path)), _) => format!("{}{port}", path.display()),
            (None, address) => address.map_or(String::new(), |address| format!("{address}{port}")),
        }
    }

    fn is_silent(&self) -> bool {
        self.silent.load(Ordering::Relaxed)
    }

    /// Which generation a connection belongs to that is made now.
    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Whether statements on a connection of this generation are lost.
    pub(super) fn has_lost(&self, generation: u64) -> bool {
        generation < self.lost_before.load(Ordering::Acquire)
    }

    /// Takes note that it is gone.
    pub(super) fn lose(&self) {
        let now = self.generation.fetch_add(1, Ordering::AcqRel) + 1;
        self.lost_before.fetch_max(now, Ordering::AcqRel);
    }

    /// Counts what it said itself. Called for every statement, so it does next to nothing.
    pub(super) fn listen<T>(&self, answer: &Result<T, tokio_postgres::Error>) {
        if answer.as_ref().err().is_none_or(|error| error.as_db_error().is_some()) {
            self.answers.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// For finding out whether it says something meanwhile.
    pub(super) fn answers(&self) -> u64 {
        self.answers.load(Ordering::Relaxed)
    }

    fn asking(&self) -> MutexGuard<'_, Asking> {
        self.asking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the caller must find out if the host serves: no other thread does so now or did within this time.
    pub(super) fn begin_asking(&self, pause: Duration) -> bool {
        let mut asking = self.asking();
        let wanted = !asking.under_way && asking.ended.is_none_or(|ended| ended.elapsed() >= pause);
        asking.under_way |= wanted;
        wanted
    }

    pub(super) fn end_asking(&self) {
        *self.asking() = Asking { under_way: false, ended: Some(Instant::now()) };
    }
}

/// The same for each host alone.
fn one_for_each_host(config: &Config) -> Vec<Config> {
    let (hosts, addresses, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let one = |index: usize| {
        let mut one = Config::new();
        match hosts.get(index) {
            Some(Address::Tcp(name)) => one.host(name),
            #[cfg(unix)]
            Some(Address::Unix(path)) => one.host_path(path),
            None => &mut one,
        };
        if let Some(address) = addresses.get(index) {
            one.hostaddr(*address);
        }
        // One port stands for all.
        if let Some(port) = ports.get(index).or(ports.first()) {
            one.port(*port);
        }
        if let Some(user) = config.get_user() {
            one.user(user);
        }
        if let Some(password) = config.get_password() {
            one.password(password);
        }
        if let Some(name) = config.get_dbname() {
            one.dbname(name);
        }
        if let Some(options) = config.get_options() {
            one.options(options);
        }
        if let Some(name) = config.get_application_name() {
            one.application_name(name);
        }
        if let Some(timeout) = config.get_connect_timeout() {
            one.connect_timeout(*timeout);
        }
        if let Some(timeout) = config.get_tcp_user_timeout() {
            one.tcp_user_timeout(*timeout);
        }
        one.ssl_mode(config.get_ssl_mode())
            .target_session_attrs(config.get_target_session_attrs())
            .keepalives(config.get_keepalives())
            .keepalives_idle(config.get_keepalives_idle());
        one
    };
    (0..hosts.len().max(addresses.len())).map(one).collect()
}
