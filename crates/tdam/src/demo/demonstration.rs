//! The demonstration's parts: a running exchange, a folder for the messages of this run, and a narrator.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::{Date, Time};

use super::participant::Participant;
use crate::configuration::Configuration;
use crate::installation::{self, Database, Folder, Plan, Site};
use crate::logging;
use crate::serving::{self, Serving};
use crate::terminal::{Failure, Style, Terminal};

/// How long simulated settlement takes: short, so that one need not wait, long enough to be seen.
const SETTLEMENT: Duration = Duration::from_millis(1_500);
/// The time of day that counts: before every cut-off, whenever the demonstration is run.
const BUSINESS_TIME: Time = Time::constant(10, 0, 0, 0);

/// Options of the demonstration.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where its installation lies.
    pub(crate) folder: PathBuf,
    /// How many payments are sent.
    pub(crate) transactions: u32,
    /// Where the exchange listens.
    pub(crate) address: SocketAddr,
    /// The PostgreSQL database of its installation, if it is not in its folder.
    pub(crate) database: Option<Database>,
    /// Whether the exchange keeps running at the end.
    pub(crate) keep: bool,
}

/// A running exchange and the demonstration's narrator.
pub(super) struct Demonstration<'t> {
    pub(super) terminal: &'t Terminal,
    pub(super) settings: Settings,
    /// Which run in this folder this is, from 1.
    pub(super) run: u32,
    /// Whether the installation was made for this run, so that nothing but this run is booked in it.
    pub(super) is_new: bool,
    /// The business day.
    pub(super) day: Date,
    folder: Folder,
    messages: PathBuf,
    serving: Serving,
}

impl<'t> Demonstration<'t> {
    /// Makes or finds the installation and starts the exchange.
    pub(super) async fn set(settings: Settings, terminal: &'t Terminal) -> Result<Demonstration<'t>, Failure> {
        let folder = Folder::new(&settings.folder);
        let plan: Plan = installation::SANDBOX.parse().map_err(Failure::service)?;
        let guideline = exchange::Settings::default().guideline;
        let today = serving::first_business_day(&guideline);
        let plain = SocketAddr::new(settings.address.ip(), 0);
        let (address, database) = (settings.address, settings.database.clone());
        let site = Site { address, plain: Some(plain), name: None, database, is_sandbox: true, passphrase: None };
        let created = installation::create(folder, &plan, &site, today).await;
        let created = created?;
        let (folder, is_new) = (created.folder, created.is_new);

        let mut configuration = Configuration::read(&folder.configuration())?;
        configuration.listen.address = free(settings.address);
        configuration.listen.plain = Some(plain);
        configuration.business_day.automatic = true;
        configuration.log.level = "warn".to_owned();
        logging::begin(&configuration.log).map_err(Failure::service)?;
        let mut of_exchange = configuration.exchange_settings();
        of_exchange.is_sandbox = true;
        of_exchange.business_time = Some(BUSINESS_TIME);
        of_exchange.settlement.cycle = SETTLEMENT;
        let serving = Serving::start(&configuration, of_exchange).await.map_err(Failure::service)?;
        let operator = serving.exchange().operator();
        if operator.business_day().await.map_err(Failure::service)? < today {
            operator.set_business_day(today).await.map_err(Failure::service)?;
        }
        let day = operator.business_day().await.map_err(Failure::service)?;

        let (run, messages) = next_run(&folder)?;
        Ok(Demonstration { terminal, settings, run, is_new, day, folder, messages, serving })
    }

    pub(super) fn folder(&self) -> &Folder {
        &self.folder
    }

    pub(super) fn serving(&self) -> &Serving {
        &self.serving
    }

    /// Where the messages of this run lie.
    pub(super) fn messages(&self) -> &Path {
        &self.messages
    }

    pub(super) fn url(&self) -> String {
        self.serving.url()
    }

    /// Where this run listens, if the installation's own address was taken.
    pub(super) fn moved_to(&self) -> Option<SocketAddr> {
        Some(self.serving.address()).filter(|address| *address != self.settings.address)
    }

    /// The online user whose certificate lies in a folder.
    pub(super) fn participant(&self, name: &str) -> Result<Participant, Failure> {
        Participant::new(&self.url(), &self.folder, Some(name))
    }

    /// A caller without a certificate.
    pub(super) fn stranger(&self) -> Result<Participant, Failure> {
        Participant::new(&self.url(), &self.folder, None)
    }

    /// The file of a message of this run.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.messages.join(name)
    }

    /// Keeps a message of this run.
    pub(super) fn keep(&self, name: &str, xml: &[u8]) -> Result<PathBuf, Failure> {
        let path = self.file(name);
        fs::write(&path, xml).map_err(Failure::output(&path))?;
        Ok(path)
    }

    /// Begins a chapter.
    pub(super) fn chapter(&self, title: &str) {
        self.terminal.line("");
        self.terminal.line(self.terminal.paint(Style::Strong, title));
    }

    /// Prints an observation.
    pub(super) fn say(&self, text: impl std::fmt::Display) {
        self.terminal.line(format_args!("  {text}"));
    }

    /// Prints a checked claim.
    pub(super) fn holds(&self, text: impl std::fmt::Display) {
        self.terminal.line(format_args!("  {} {text}", self.terminal.paint(Style::Good, "holds:")));
    }

    /// Ends the demonstration: finishes accepted work.
    pub(super) async fn close(self) {
        self.serving.stop().await;
    }
}

/// The address, or one with a free port when it is taken.
fn free(address: SocketAddr) -> SocketAddr {
    match TcpListener::bind(address) {
        Ok(_) => address,
        Err(_) => SocketAddr::new(address.ip(), 0),
    }
}

/// The folder of this run's messages, after those of earlier runs.
fn next_run(folder: &Folder) -> Result<(u32, PathBuf), Failure> {
    let mut run = 1;
    loop {
        let path = folder.messages().join(format!("run-{run}"));
        match fs::create_dir(&path) {
            Ok(()) => return Ok((run, path)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => run += 1,
            Err(error) => return Err(Failure::Output { path, source: error }),
        }
    }
}
