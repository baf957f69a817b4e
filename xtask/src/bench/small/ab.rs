//! `ab`, the sender of the Apache project: the same for our server and for nginx.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::super::machine;
use crate::attack::failed::Failed;

/// More requests a second than any server here answers; `ab` makes room for all of them beforehand.
const REQUESTS_PER_SECOND_MAX: u64 = 100_000;

/// Refuses a machine without it.
pub(super) fn require() -> Result<(), Failed> {
    let asked = Command::new("ab").arg("-V").stdout(Stdio::null()).status();
    asked.map_err(|error| format!("ab (Debian: apache2-utils) is needed; --without-nginx leaves it out: {error}"))?;
    Ok(())
}

/// `ab` with a client certificate.
#[derive(Debug)]
pub(super) struct Ab {
    /// Certificate and key in one file, as it wants them.
    identity: PathBuf,
    core: usize,
}

/// What it measured.
#[derive(Debug)]
pub(super) struct AbReport {
    pub(super) requests: f64,
    pub(super) per_second: f64,
    /// Its own processor time.
    pub(super) processor: Duration,
    /// Protocol and cipher.
    pub(super) tls: String,
}

impl Ab {
    /// `user`: the folder of an online user. It stays on one processor.
    pub(super) fn new(user: &Path, place: &Path, core: usize) -> Result<Ab, Failed> {
        let identity = place.join("identity.pem");
        let mut pem = fs::read(user.join("certificate.pem"))?;
        pem.extend(fs::read(user.join("key.pem"))?);
        fs::write(&identity, pem)?;
        Ok(Ab { identity, core })
    }

    /// Asks for a path over so many connections, which stay open.
    pub(super) fn run(&self, to: SocketAddr, path: &str, connections: usize, seconds: u64) -> Result<AbReport, Failed> {
        let before = machine::processor_time_of_children().unwrap_or_default();
        let output = machine::pinned(self.core, "ab")
            .args(["-q", "-k", "-l", "-c", &connections.to_string(), "-t", &seconds.to_string()])
            // `-t` sets it to 50 000.
            .args(["-n", &(seconds * REQUESTS_PER_SECOND_MAX).to_string(), "-E"])
            .arg(&self.identity)
            .arg(format!("https://{to}{path}"))
            .stdin(Stdio::null())
            .output()?;
        let processor = machine::processor_time_of_children().unwrap_or_default().saturating_sub(before);
        let text = String::from_utf8_lossy(&output.stdout);
        let complaint = || format!("ab: {text}{}", String::from_utf8_lossy(&output.stderr));
        let number = |name: &str| -> Option<f64> { field(&text, name)?.split_whitespace().next()?.parse().ok() };
        let requests = number("Complete requests").filter(|requests| *requests > 0.0).ok_or_else(complaint)?;
        let is_kept_open = number("Keep-Alive requests").is_some_and(|kept| kept > requests / 2.0);
        if !is_kept_open || number("Failed requests") != Some(0.0) || field(&text, "Non-2xx responses").is_some() {
            return Err(complaint().into());
        }
        let per_second = number("Requests per second").ok_or_else(complaint)?;
        let tls = field(&text, "SSL/TLS Protocol").unwrap_or("unknown").to_owned();
        Ok(AbReport { requests, per_second, processor, tls })
    }
}

fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.lines().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim()))
}
