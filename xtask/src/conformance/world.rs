//! The exchange that cases run against: made and served by the program under test, with a client, an account and online users for
//! each case.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::civil::{Date, Time, time};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::case::OwnServer;
use crate::attack::cluster::Cluster;
use crate::attack::failed::Failed;
use crate::attack::server::{Installation, Sandbox, Server, Start, said};
use crate::attack::wire::{self, Identity, Reply, Speaks};

/// Where every payment of the suite goes.
pub(super) const PAYEE: &str = "LV16TREL3000000003001";
/// What each account has at the beginning.
const OPENING: &str = "5000000000.00";
/// When every message counts as received: before all cut-offs, so that the exchange executes today what it accepts.
const BUSINESS_TIME: Time = time(10, 0, 0, 0);
/// Online users of a case: two that pay, and one that only looks, for the suite itself.
pub(super) const USERS: [&str; 2] = ["a", "b"];
const WATCHER: &str = "watch";

/// A served exchange.
pub(super) struct World {
    installation: Installation,
    server: Mutex<Option<Server>>,
    enrollment: SocketAddr,
    day: Date,
}

/// What one case has of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place(pub(super) usize);

impl World {
    /// Makes one with so many places, and serves it.
    pub(super) fn make(
        program: &Path,
        folder: &Path,
        places: usize,
        own: Option<&OwnServer>,
        postgresql: bool,
    ) -> Result<World, Failed> {
        let mut arguments = Vec::new();
        if postgresql {
            let cluster = Cluster::shared().ok_or("PostgreSQL is not installed")?;
            arguments = vec!["--store".to_owned(), cluster.clerk_url(), "--store-owner".to_owned(), cluster.url()];
            arguments.extend(["--store-schema".to_owned(), cluster.new_name()]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let day = tdam::serving::first_business_day(&rulebook::Guideline::latvia());
        let sandbox = Sandbox { day, time: BUSINESS_TIME };
        let installation = Installation::make_sandbox(program, folder, &plan(places), &arguments, sandbox)?;
        let enrollment = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        installation.configure("enrollment = \"\"", &format!("enrollment = \"{enrollment}\""))?;
        // The free space of this machine must not matter.
        installation.configure("first_watermark_bytes = 8589934592", "first_watermark_bytes = 0")?;
        installation.configure("second_watermark_bytes = 2147483648", "second_watermark_bytes = 0")?;
        // A busy machine is no slow client: four languages share it with whatever else runs.
        installation.configure("handshake_timeout_seconds = 10", "handshake_timeout_seconds = 120")?;
        installation.configure("idle_timeout_seconds = 30", "idle_timeout_seconds = 120")?;
        // Many languages enrol from this one address.
        installation.configure("enrolment_requests_per_second = 1", "enrolment_requests_per_second = 0")?;
        for (from, to) in own.iter().flat_map(|own| &own.settings) {
            installation.configure(from, to)?;
        }
        let server = Mutex::new(Some(installation.serve(&Start::default())?));
        Ok(World { installation, server, enrollment, day })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.installation.secure
    }

    /// The business day, also after midnight.
    pub(super) fn day(&self) -> Date {
        self.day
    }

    pub(super) fn enrollment(&self) -> String {
        format!("https://localhost:{}", self.enrollment.port())
    }

    pub(super) fn authority(&self) -> PathBuf {
        self.installation.folder.authority_certificate()
    }

    pub(super) fn pki(&self) -> PathBuf {
        self.installation.folder.pki()
    }

    /// Stops the server as an operator does, or kills it; `start` starts it again.
    pub(super) fn act(&self, act: &str) -> Result<(), Failed> {
        let mut server = self.running();
        match act {
            "stop" => server.take().map_or(Ok(()), Server::stop),
            "kill" => {
                *server = None;
                Ok(())
            }
            "start" => {
                *server = Some(self.installation.serve(&Start::default())?);
                Ok(())
            }
            other => Err(format!("a server cannot `{other}`").into()),
        }
    }

    fn running(&self) -> MutexGuard<'_, Option<Server>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn user(&self, place: Place, user: &str) -> PathBuf {
        self.installation.folder.user(&format!("c{}-{user}", place.0))
    }

    /// Revokes a certificate.
    pub(super) fn revoke(&self, certificate: &str, reason: &str) -> Result<(), Failed> {
        let output = self.installation.operator(&["revoke", "--reason", reason, certificate])?;
        // 2: it was revoked already, or is not known.
        if output.status.success() { Ok(()) } else { Err(format!("revoke: {}", said(&output)).into()) }
    }

    /// A code with which a user gets a certificate.
    pub(super) fn code(&self, place: Place, user: &str, kind: &str) -> Result<String, Failed> {
        let configuration = self.installation.folder.configuration();
        let configuration = configuration.to_string_lossy();
        let name = user_name(place.0, user);
        let output =
            self.installation.run(&["user", "--config", &configuration, "enroll", &name, "--kind", kind, "--json"])?;
        let made: Value = serde_json::from_slice(&output.stdout).map_err(|_| format!("enroll: {}", said(&output)))?;
        Ok(made.get("code").and_then(Value::as_str).ok_or("no code was made")?.to_owned())
    }

    /// `tdam` operator's settings of a user or client of this place.
    pub(super) fn operator(&self, arguments: &[&str]) -> Result<String, Failed> {
        let output = self.installation.operator(arguments)?;
        if output.status.success() { Ok(said(&output)) } else { Err(said(&output).into()) }
    }

    /// Who passes requests of a place on.
    pub(super) fn identity(&self, place: Place, user: &str) -> Result<Identity, Failed> {
        Identity::new(&self.authority(), Some(&self.user(place, user)), Speaks::Http1, Ipv4Addr::LOCALHOST)
    }

    /// A connection for questions of the suite itself, as the user who only looks.
    pub(super) async fn watcher(&self, place: Place) -> Result<Watcher, Failed> {
        Ok(Watcher(self.identity(place, WATCHER)?.connect(self.address()).await?))
    }

    /// What the place's account has available, in cents.
    pub(super) async fn available(&self, place: Place) -> Result<i64, Failed> {
        let reply = self.watcher(place).await?.ask(protocol::routes::ACCOUNTS).await?;
        let accounts: Value = serde_json::from_slice(&reply.body)?;
        let amount = accounts.pointer("/accounts/0/available").and_then(Value::as_str).ok_or("no account is shown")?;
        cents(amount)
    }

    /// What it had at the beginning.
    pub(super) fn opening() -> Result<i64, Failed> {
        cents(OPENING)
    }
}

/// A connection of the suite itself.
pub(super) struct Watcher(TlsStream<TcpStream>);

impl Watcher {
    pub(super) async fn ask(&mut self, path: &str) -> Result<Reply, Failed> {
        wire::call(&mut self.0, "GET", path, &[("accept", "application/json")], b"").await
    }
}

/// Makes files as OpenSSL makes them.
pub(super) fn openssl(arguments: &[&str]) -> Result<(), Failed> {
    let output = Command::new("openssl").args(arguments).stdin(Stdio::null()).output()?;
    if output.status.success() { Ok(()) } else { Err(format!("openssl: {}", said(&output)).into()) }
}

fn cents(amount: &str) -> Result<i64, Failed> {
    let units = money::Decimal::parse(amount)?.units_at_scale(2).ok_or("an amount has no cents")?;
    Ok(i64::try_from(units)?)
}

/// The name of an online user.
pub(super) fn user_name(place: usize, user: &str) -> String {
    format!("Lietotājs {place} {user}")
}

/// The account of a place.
pub(super) fn iban(place: usize) -> String {
    let account = format!("7{place:09}001");
    // ISO 13616: letters count from 10, the country and 00 stand behind.
    let digits: String = format!("TREL{account}LV00")
        .chars()
        .map(|letter| letter.to_digit(36).map_or_else(String::new, |value| value.to_string()))
        .collect();
    let remainder = digits.bytes().fold(0_u32, |sum, digit| (sum * 10 + u32::from(digit - b'0')) % 97);
    format!("LV{:02}TREL{account}", 98 - remainder)
}

fn plan(places: usize) -> String {
    let mut plan = String::from(
        "[[operator]]\nname = \"Anna Bērziņa\"\nemail = \"anna@treasury.example\"\nfolder = \"anna\"\n\n\
         [[operator]]\nname = \"Jānis Kalniņš\"\nemail = \"janis@treasury.example\"\nfolder = \"janis\"\n\n",
    );
    for place in 0..places {
        plan.push_str(&format!(
            "[[client]]\nname = \"Iestāde {place}\"\nregistration_number = \"9{place:010}\"\nacceptance = \"partial\"\n\n\
             [[client.account]]\niban = \"{}\"\nkind = \"budget-expenditure\"\nopening = \"{OPENING}\"\n\
             per_payment_limit = \"100000.00\"\n\n",
            iban(place)
        ));
        for (user, mode) in [("a", "manage"), ("b", "manage"), (WATCHER, "view")] {
            let name = user_name(place, user);
            plan.push_str(&format!(
                "[[client.online_user]]\nname = \"{name}\"\nfolder = \"c{place}-{user}\"\nmode = \"{mode}\"\n\
                 networks = [\"127.0.0.0/8\"]\n\n"
            ));
        }
    }
    plan.push_str(&format!(
        "[[client]]\nname = \"Kurzemes tiesu izpildītāja birojs\"\nregistration_number = \"80000000003\"\n\
         acceptance = \"partial\"\n\n[[client.account]]\niban = \"{PAYEE}\"\nkind = \"bailiff\"\nopening = \"40000.00\"\n"
    ));
    plan
}
