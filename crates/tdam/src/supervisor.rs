//! Notifies systemd that the service is ready, of its state, and that it is alive (sd_notify(3)).
//!
//! The service notifies the watchdog only while the process can recover without a restart; so systemd restarts one that
//! cannot.

use std::env;
use std::io;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use exchange::{Health, Readiness};

/// Where the supervisor listens, and how often it wants to hear from us.
pub(crate) struct Supervisor {
    socket: Option<UnixDatagram>,
    watchdog: Option<Duration>,
}

impl Supervisor {
    /// As the environment says; without a supervisor all that follows does nothing.
    pub(crate) fn of_environment() -> Supervisor {
        let socket = env::var_os("NOTIFY_SOCKET").and_then(|name| {
            let connected = connect(name.as_bytes());
            connected.map_err(|error| tracing::warn!(%error, "the supervisor is not reachable")).ok()
        });
        let for_us = env::var("WATCHDOG_PID").map_or(true, |pid| pid == std::process::id().to_string());
        let micros = env::var("WATCHDOG_USEC").ok().and_then(|micros| micros.parse().ok());
        let watchdog = micros.filter(|micros| for_us && *micros > 0).map(Duration::from_micros);
        Supervisor { socket, watchdog }
    }

    /// Requests are taken.
    pub(crate) fn ready(&self) {
        self.tell("READY=1");
    }

    /// Certificates are read again; [`Supervisor::ready`] ends it.
    pub(crate) fn reloading(&self) {
        // CLOCK_MONOTONIC, by which systemd distinguishes reloads.
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
        let micros = now.tv_sec.saturating_mul(1_000_000).saturating_add(now.tv_nsec / 1_000);
        self.tell(&format!("RELOADING=1\nMONOTONIC_USEC={micros}"));
    }

    /// The service is finishing accepted work.
    pub(crate) fn stopping(&self) {
        self.tell("STOPPING=1");
    }

    /// Reports the service's state, and that it is alive, for ever.
    pub(crate) async fn keep_telling(&self, health: &Health) {
        let mut changes = health.changes();
        // Twice in the time that systemd gives, as sd_watchdog_enabled(3) advises.
        let pause = self.watchdog.map_or(Duration::MAX, |watchdog| watchdog / 2);
        loop {
            let readiness = health.readiness();
            self.tell(&format!("STATUS={}", status(health, readiness)));
            if self.watchdog.is_some() && readiness < Readiness::NotAlive {
                self.tell("WATCHDOG=1");
            }
            tokio::select! {
                () = changes.next() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    fn tell(&self, state: &str) {
        let Some(socket) = &self.socket else { return };
        if let Err(error) = socket.send(state.as_bytes()) {
            tracing::debug!(%error, "the supervisor took no notification");
        }
    }
}

fn connect(name: &[u8]) -> io::Result<UnixDatagram> {
    let address = match name.strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(std::ffi::OsStr::from_bytes(name))?,
    };
    let socket = UnixDatagram::unbound()?;
    // A supervisor that does not read must not block the service.
    socket.set_nonblocking(true)?;
    socket.connect_addr(&address)?;
    Ok(socket)
}

fn status(health: &Health, readiness: Readiness) -> String {
    let conditions = health.conditions();
    let Some(worst) = conditions.first() else { return "serving".to_owned() };
    let further = match conditions.len() {
        1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    };
    let serves = if readiness < Readiness::NotReady { "serving; " } else { "" };
    format!("{serves}{} {}{further}", worst.alarm.title().en, worst.reason)
}
