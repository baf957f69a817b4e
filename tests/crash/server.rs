//! The server as a process of its own, and the folder it serves from.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use store::{Store, StoreError};
use tdam::configuration::Configuration;
use tdam::world::{self, Database, Folder, Site};

use crate::cluster::Cluster;

/// How long the server may take to be ready, or to stop. Only a server that hangs gets there.
const PATIENCE: Duration = Duration::from_secs(300);
/// The last line that the sandbox prints before it waits.
const READY: &str = "Ctrl-C stops it";
/// Chunks so small that messages of this test are staged and executed in many.
const CHUNK_PAYMENTS: u32 = 100;

/// A folder with a sandbox's world. It is kept when the test fails.
pub(crate) struct Place {
    folder: Folder,
    /// The private cluster that the data is in, if it is not in the folder.
    cluster: Option<Cluster>,
    seed: u64,
    /// The round that is under way; told when the test fails.
    pub(crate) round: u32,
    /// The business day.
    pub(crate) day: Date,
}

impl Place {
    /// Makes the world of a sandbox that listens on free ports.
    pub(crate) async fn make(seed: u64) -> Place {
        let folder = Folder::new(tempfile::Builder::new().prefix("tdam-crash-").tempdir().unwrap().keep());
        let day = tdam::serving::first_business_day(&rulebook::Guideline::latvia());
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let cluster = match std::env::var("TDAM_CRASH_STORE").as_deref() {
            Ok("postgresql") => Some(Cluster::start(false).expect("TDAM_CRASH_STORE=postgresql needs PostgreSQL")),
            Ok(other) if other != "sqlite" => panic!("TDAM_CRASH_STORE={other}: sqlite or postgresql"),
            _ => None,
        };
        // The server is not to need more rights than it is given.
        let served = |cluster: &Cluster| Database {
            owner_url: Some(cluster.url()),
            ..Database::new(cluster.clerk_url(), "tdam")
        };
        let database = cluster.as_ref().map(served);
        let site = Site { address: any, plain: Some(any), database, is_sandbox: false };
        world::create(folder.clone(), &world::SANDBOX.parse().unwrap(), &site, day).await.unwrap();
        let place = Place { folder, cluster, seed, round: 0, day };
        for key in ["stage_chunk_payments", "execute_chunk_payments"] {
            place.configure(key, CHUNK_PAYMENTS);
        }
        place
    }

    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Whether the data is in a database server, which goes on when the exchange is killed.
    pub(crate) fn is_in_a_server(&self) -> bool {
        self.cluster.is_some()
    }

    /// The store, beside a running exchange.
    pub(crate) async fn store(&self) -> Result<Store, StoreError> {
        Configuration::read(&self.folder.configuration()).unwrap().open_store().await
    }

    fn configure(&self, key: &str, value: u32) {
        let path = self.folder.configuration();
        let text = fs::read_to_string(&path).unwrap();
        let line = text.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap().to_owned();
        fs::write(&path, text.replace(&line, &format!("{key} = {value}"))).unwrap();
    }

    fn log(&self) -> PathBuf {
        self.folder.root().join(format!("server-{}.log", self.round))
    }

    /// Booked balances of all customers in minor units, by IBAN, as the operator sees them. Nothing may be on hold.
    pub(crate) fn balances(&self) -> BTreeMap<String, i128> {
        let output = self.operator("list");
        let text = String::from_utf8(output.stdout).unwrap();
        let accounts = text.lines().filter(|line| line.contains("on hold")).map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let (iban, balance, held) = (words[0], words[1], words[5]);
            assert_eq!(minor(held), 0, "on hold where nothing is to be done: {line}");
            (iban.to_owned(), minor(balance))
        });
        let balances: BTreeMap<String, i128> = accounts.collect();
        assert!(!balances.is_empty(), "no accounts in what the operator sees: {text}");
        balances
    }

    /// What the operator's check objects to.
    pub(crate) fn check(&self) -> String {
        let output = self.operator("check");
        if output.status.success() {
            return String::new();
        }
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }

    fn operator(&self, act: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tdam"));
        command.args(["operator", act, "--config"]).arg(self.folder.configuration());
        command.output().unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let folder = self.folder.root().display();
        if thread::panicking() {
            eprintln!("TDAM_CRASH_SEED={}, round {}: see {folder}", self.seed, self.round);
        } else if let Err(error) = fs::remove_dir_all(self.folder.root()) {
            eprintln!("{folder} could not be removed: {error}");
        }
    }
}

/// `12.34` in cents.
pub(crate) fn minor(amount: &str) -> i128 {
    let (whole, cents) = amount.split_once('.').unwrap();
    assert_eq!(cents.len(), 2, "{amount} has no two decimals");
    format!("{whole}{cents}").parse().unwrap()
}

/// A running server.
pub(crate) struct Server {
    process: Child,
    url: String,
    log: PathBuf,
}

impl Server {
    /// Starts the server and waits until it says that it is ready.
    pub(crate) fn start(place: &Place) -> Server {
        let log = place.log();
        let mut process = Command::new(env!("CARGO_BIN_EXE_tdam"))
            .args(["sandbox", "--settlement-seconds", "1", "--dir"])
            .arg(place.folder.root())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let (sender, lines) = mpsc::channel();
        let printed = BufReader::new(process.stdout.take().unwrap());
        // Reads on to the end, so that the server never waits for a reader.
        thread::spawn(move || printed.lines().map_while(Result::ok).for_each(|line| drop(sender.send(line))));
        let mut server = Server { process, url: String::new(), log };
        let until = Instant::now() + PATIENCE;
        loop {
            match lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) if line.starts_with(READY) => break,
                Ok(line) => {
                    let url = line.split_whitespace().find(|word| word.starts_with("https://"));
                    if let Some(url) = url.filter(|_| server.url.is_empty()) {
                        server.url = url.to_owned();
                    }
                }
                Err(error) => panic!("the server is not ready ({error}): {}", server.logged()),
            }
        }
        server
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Ends it as a power cut would: SIGKILL.
    pub(crate) fn kill(mut self) {
        if let Some(status) = self.process.try_wait().unwrap() {
            panic!("the server ended by itself ({status}): {}", self.logged());
        }
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Asks it to stop (SIGTERM) and waits until it has.
    pub(crate) fn stop(mut self) {
        let asked = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.process.id())]).status().unwrap();
        assert!(asked.success());
        let until = Instant::now() + PATIENCE;
        let status = loop {
            match self.process.try_wait().unwrap() {
                Some(status) => break status,
                None if Instant::now() > until => panic!("the server does not stop: {}", self.logged()),
                None => thread::sleep(Duration::from_millis(10)),
            }
        };
        assert!(status.success(), "the server stopped with {status}: {}", self.logged());
    }

    fn logged(&self) -> String {
        tail(&self.log)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails when it has ended already, which is what is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
