//! Attackers: this program again, as processes of their own at the lowest priority, bounded in time and number.

use std::fmt;
use std::io::Read as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use tdam::installation::Folder;

use super::failed::Failed;
use super::server::{ATTACKER_ADDRESS, Installation};
use super::testbed::Testbed;
use super::victim::{Victim, Watched};
use super::wire::{Identity, Speaks};

/// No attack lasts longer, whatever its order says.
pub(super) const TIME_MAX: Duration = Duration::from_secs(600);
/// How often an attack that ends by itself is looked at.
const DONE_LOOKED_AT_EVERY: Duration = Duration::from_millis(20);
/// No attack opens more connections at once.
const COUNT_MAX: u32 = 20_000;

/// Raises the limit of open files as far as it may be, then runs at the lowest priority.
const AS_ATTACKER: &str = "ulimit -n \"$(ulimit -H -n)\"; exec nice -n 19 \"$0\" \"$@\"";

/// What an attacker does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    HalfOpen,
    HalfOpenEverywhere,
    Handshakes,
    IdleHttp2,
    IdlePlain,
    SlowBodies,
    SlowHeads,
    ReportOrders,
    UnreadReports,
    ClosedWindow,
    UnreadHttp1,
    StatusRequests,
    RevokedUser,
    Payments,
    Leavers,
    LargeMessages,
    OneFile,
}

const KINDS: [(Kind, &str); 17] = [
    (Kind::HalfOpen, "half-open"),
    (Kind::HalfOpenEverywhere, "half-open-everywhere"),
    (Kind::Handshakes, "handshakes"),
    (Kind::IdleHttp2, "idle-http2"),
    (Kind::IdlePlain, "idle-plain"),
    (Kind::SlowBodies, "slow-bodies"),
    (Kind::SlowHeads, "slow-heads"),
    (Kind::ReportOrders, "report-orders"),
    (Kind::UnreadReports, "unread-reports"),
    (Kind::ClosedWindow, "closed-window"),
    (Kind::UnreadHttp1, "unread-http1"),
    (Kind::StatusRequests, "status-requests"),
    (Kind::RevokedUser, "revoked-user"),
    (Kind::Payments, "payments"),
    (Kind::Leavers, "leavers"),
    (Kind::LargeMessages, "large-messages"),
    (Kind::OneFile, "one-file"),
];

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(KINDS.iter().find(|(kind, _)| kind == self).map_or("", |(_, name)| name))
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Kind, String> {
        let found = KINDS.iter().find(|(_, name)| *name == text);
        found.map(|(kind, _)| *kind).ok_or_else(|| format!("no attack is called {text:?}"))
    }
}

/// The order to an attacker's process.
#[derive(Clone, Debug, Args)]
pub(crate) struct Orders {
    /// What it does.
    #[arg(long = "as-attacker", hide = true, value_name = "KIND")]
    pub(super) kind: Option<Kind>,
    #[arg(long, hide = true, default_value = ".")]
    folder: PathBuf,
    #[arg(long, hide = true, default_value = "127.0.0.1:8443")]
    secure: SocketAddr,
    #[arg(long, hide = true, default_value = "127.0.0.1:8080")]
    plain: SocketAddr,
    #[arg(long, hide = true)]
    user: Option<String>,
    /// Connections, requests: how many at once.
    #[arg(long, hide = true, default_value_t = 1)]
    count: u32,
    #[arg(long, hide = true, default_value_t = 5)]
    pub(super) seconds: u64,
    /// The requested object, such as a message id.
    #[arg(long, hide = true)]
    about: Option<String>,
}

/// What an attacker knows, and what it has done so far.
pub(super) struct Attack {
    folder: Folder,
    pub(super) secure: SocketAddr,
    pub(super) plain: SocketAddr,
    user: Option<String>,
    pub(super) count: u32,
    pub(super) until: Instant,
    pub(super) about: String,
    /// Attempts: connections, requests.
    pub(super) begun: AtomicU64,
    /// Attempts that the server served.
    pub(super) served: AtomicU64,
    /// Attempts that the server refused or ended.
    pub(super) refused: AtomicU64,
}

impl Attack {
    /// The attack that a process was started for, before anything of it has begun.
    pub(super) fn ordered(orders: &Orders, time: Duration) -> Attack {
        Attack {
            folder: Folder::new(&orders.folder),
            secure: orders.secure,
            plain: orders.plain,
            user: orders.user.clone(),
            count: orders.count.min(COUNT_MAX),
            until: Instant::now() + time,
            about: orders.about.clone().unwrap_or_default(),
            begun: AtomicU64::new(0),
            served: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        }
    }

    pub(super) fn identity(&self, speaks: Speaks, from: Ipv4Addr) -> Result<Identity, Failed> {
        let user = self.user.as_deref().map(|user| self.folder.user(user));
        Identity::new(&self.folder.authority_certificate(), user.as_deref(), speaks, from)
    }

    pub(super) fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    pub(super) fn begins(&self) {
        self.begun.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn is_served(&self) {
        self.served.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn is_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }
}

/// Attackers at work; killed when dropped.
pub(super) struct Attackers {
    process: Child,
    what: String,
    begun: Instant,
}

/// How an attack is ordered.
#[derive(Clone, Debug)]
pub(super) struct Order<'a> {
    pub(super) kind: Kind,
    pub(super) user: &'a str,
    pub(super) count: u32,
    pub(super) about: &'a str,
}

impl Attackers {
    pub(super) fn begin(installation: &Installation, order: &Order<'_>) -> Result<Attackers, Failed> {
        let own: &Path = &std::env::current_exe()?;
        let process = Command::new("sh")
            .args(["-c", AS_ATTACKER])
            .arg(own)
            .args(["attack", "--as-attacker", &order.kind.to_string(), "--folder"])
            .arg(installation.folder.root())
            .args(["--secure", &installation.secure.to_string(), "--plain", &installation.plain.to_string()])
            .args(["--count", &order.count.to_string(), "--seconds", &TIME_MAX.as_secs().to_string()])
            .args(named("--user", order.user))
            .args(named("--about", order.about))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        Ok(Attackers { process, what: order.kind.to_string(), begun: Instant::now() })
    }

    /// Waits until they have done what they were started for.
    pub(super) fn done(&mut self) -> Result<(), Failed> {
        // Their input stays open: `wait` would close it, and so call them off.
        while self.process.try_wait()?.is_none() {
            std::thread::sleep(DONE_LOOKED_AT_EVERY);
        }
        Ok(())
    }

    /// Calls them off; says how much there was.
    pub(super) fn end(mut self) -> Result<String, Failed> {
        let took = self.begun.elapsed();
        drop(self.process.stdin.take());
        let mut printed = String::new();
        if let Some(mut output) = self.process.stdout.take() {
            output.read_to_string(&mut printed)?;
        }
        self.process.wait()?;
        let counts: Vec<u64> = printed.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        match counts.as_slice() {
            [begun, served, refused] => {
                Ok(format!("{begun} begun, {served} served, {refused} refused or ended in {} s", took.as_secs()))
            }
            _ => Err(format!("the attack {} went wrong", self.what).into()),
        }
    }
}

/// Lets the victim pay during the attack. The victim stops before the attackers do, so the server answers no payment
/// because they left. Returns the amount of the attack, and the victim's observations.
pub(super) fn watched(
    testbed: &Testbed,
    installation: &Installation,
    order: &Order<'_>,
) -> Result<(String, Watched), Failed> {
    let attackers = Attackers::begin(installation, order)?;
    std::thread::sleep(super::testbed::SETTLING);
    let victim = Victim::begin(installation)?;
    std::thread::sleep(Duration::from_secs(testbed.seconds()));
    let watched = victim.end()?;
    Ok((attackers.end()?, watched))
}

impl Drop for Attackers {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An argument, unless there is nothing to say.
fn named<'a>(name: &'a str, value: &'a str) -> impl Iterator<Item = &'a str> {
    [name, value].into_iter().filter(move |_| !value.is_empty())
}

/// The attackers' addresses, in turn: never the address from which their institution sends the measured requests of a
/// scenario.
pub(super) fn address(number: u32) -> Ipv4Addr {
    let [a, b, ..] = ATTACKER_ADDRESS.octets();
    Ipv4Addr::new(a, b, (number / 250) as u8 + 1, (number % 250) as u8 + 1)
}
