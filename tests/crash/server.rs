//! The server as a process of its own, and the folder it serves from.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Mutex, MutexGuard, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use store::{Store, StoreError};
use tdam::configuration::Configuration;
use tdam::installation::{self, Database, Folder, Site};

use crate::cluster::Cluster;
use crate::shim::Shim;

/// How long the server may take to be ready, or to stop. Only a server that hangs gets there.
const PATIENCE: Duration = Duration::from_secs(300);
/// The pause between two looks at it.
const PAUSE: Duration = Duration::from_millis(50);
/// Linux: the signal that no process can take.
const KILL: i32 = 9;
/// The last line that the sandbox prints before it waits.
const READY: &str = "Ctrl-C stops it";
/// Chunks so small that messages of this test are staged and executed in many.
const CHUNK_PAYMENTS: u32 = 100;

/// A folder with a sandbox. It is kept when the test fails.
pub(crate) struct Place {
    folder: Folder,
    /// The private cluster that the data is in, if it is not in the folder.
    cluster: Option<Cluster>,
    seed: u64,
    /// The current round, for the message of a failure.
    pub(crate) round: u32,
    /// The business day.
    pub(crate) day: Date,
}

impl Place {
    /// Makes a sandbox that listens on free ports.
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
        let site = Site { address: any, plain: Some(any), name: None, database, is_sandbox: true, passphrase: None };
        installation::create(folder.clone(), &installation::SANDBOX.parse().unwrap(), &site, day).await.unwrap();
        let place = Place { folder, cluster, seed, round: 0, day };
        for key in ["stage_chunk_payments", "execute_chunk_payments"] {
            place.configure(key, CHUNK_PAYMENTS);
        }
        place
    }

    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Whether the data is in a database server, which survives a kill of the exchange.
    pub(crate) fn is_in_a_server(&self) -> bool {
        self.cluster.is_some()
    }

    /// Where the database server listens; 0 without one.
    pub(crate) fn database_port(&self) -> u16 {
        self.cluster.as_ref().map_or(0, Cluster::port)
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
        let output = self.operator(&["list"]);
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

    /// The findings of the operator's check.
    pub(crate) fn check(&self) -> String {
        let output = self.operator(&["check", "--bodies"]);
        if output.status.success() {
            return String::new();
        }
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }

    fn operator(&self, acts: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tdam"));
        command.arg("operator").args(acts).arg("--config").arg(self.folder.configuration());
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
    process: Mutex<Child>,
    url: String,
    /// URL of the route for enrolment, if there is a listener for it.
    enrolment: String,
    /// Address of the listener without TLS.
    plain: String,
    log: PathBuf,
}

impl Server {
    /// Starts the server and waits until it says that it is ready.
    pub(crate) fn start(place: &Place) -> Server {
        Server::try_start(place, |_| {}).unwrap_or_else(|why| panic!("{why}"))
    }

    /// Starts the server under a layer at one of whose calls something happens: this may keep it from starting.
    pub(crate) fn start_under(place: &Place, shim: &Shim) -> Result<Server, String> {
        Server::try_start(place, |command| shim.stand_before(command))
    }

    pub(crate) fn try_start(place: &Place, prepare: impl FnOnce(&mut Command)) -> Result<Server, String> {
        let log = place.log();
        let mut command = Command::new(env!("CARGO_BIN_EXE_tdam"));
        command
            .args(["sandbox", "--settlement-seconds", "1", "--dir"])
            .arg(place.folder.root())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap());
        prepare(&mut command);
        let mut process = command.spawn().unwrap();
        let (sender, lines) = mpsc::channel();
        let printed = BufReader::new(process.stdout.take().unwrap());
        // Reads on to the end, so that the server never waits for a reader.
        thread::spawn(move || printed.lines().map_while(Result::ok).for_each(|line| drop(sender.send(line))));
        let mut server = Server {
            process: Mutex::new(process),
            url: String::new(),
            enrolment: String::new(),
            plain: String::new(),
            log,
        };
        let until = Instant::now() + PATIENCE;
        loop {
            match lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) if line.starts_with(READY) => break,
                Ok(line) => {
                    let word = |start| line.split_whitespace().find(|word: &&str| word.starts_with(start));
                    if let Some(url) = word("https://").filter(|_| server.url.is_empty()) {
                        server.url = url.to_owned();
                    }
                    if let Some(url) = word("https://").filter(|url| url.ends_with(protocol::routes::ENROLLMENT)) {
                        server.enrolment = url.to_owned();
                    }
                    if let Some(url) = word("http://").filter(|_| server.plain.is_empty()) {
                        server.plain = url.trim_start_matches("http://").split('/').next().unwrap().to_owned();
                    }
                }
                Err(error) => {
                    let ended = matches!(error, mpsc::RecvTimeoutError::Disconnected);
                    let status = if ended { Some(server.process().wait().unwrap()) } else { None };
                    return Err(format!("the server is not ready ({error}, {status:?}): {}", server.logged()));
                }
            }
        }
        Ok(server)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn enrolment_url(&self) -> &str {
        &self.enrolment
    }

    /// Ends it as a power cut would: SIGKILL.
    pub(crate) fn kill(self) {
        if let Some(status) = self.ended() {
            panic!("the server ended by itself ({status}): {}", self.logged());
        }
        self.process().kill().unwrap();
        self.process().wait().unwrap();
    }

    fn process(&self) -> MutexGuard<'_, Child> {
        self.process.lock().unwrap()
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&self) -> Option<ExitStatus> {
        self.process().try_wait().unwrap()
    }

    /// Waits until it has ended, or until `are_done` says that nothing is left to do: whether it has ended.
    pub(crate) async fn ends_before(&self, mut are_done: impl AsyncFnMut() -> bool) -> bool {
        let until = Instant::now() + PATIENCE;
        loop {
            // In this order: what is done last may be what ends it.
            let done = are_done().await;
            if self.ended().is_some() || done {
                return self.ended().is_some();
            }
            assert!(Instant::now() < until, "neither ended nor done: {}", self.logged());
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits until it has got a SIGKILL.
    pub(crate) fn assert_killed(&self) {
        let status = self.process().wait().unwrap();
        assert_eq!(status.signal(), Some(KILL), "ended with {status}: {}", self.logged());
    }

    /// One that ended itself says why, and by its exit code that something is wrong.
    pub(crate) fn assert_ended_with_a_reason(&self) {
        let status = self.ended().expect("it has ended");
        assert!(status.code().is_some_and(|code| code > 0), "ended with {status}: {}", self.logged());
        assert!(!self.logged().is_empty(), "ended without a word");
    }

    /// Waits until `/health` says that all is well, or the server has ended itself: whether it has.
    pub(crate) fn is_healthy_or_ends(&self) -> bool {
        let until = Instant::now() + PATIENCE;
        loop {
            let (status, body) = self.health().unwrap_or_default();
            if status == 200 || self.ended().is_some() {
                return status != 200;
            }
            assert!(Instant::now() < until, "{status} {body}: {}", self.logged());
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// What `/health` says: status and body.
    fn health(&self) -> io::Result<(u16, String)> {
        let mut stream = TcpStream::connect(&self.plain)?;
        let request = format!("GET /health HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.plain);
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let status = answer.split_whitespace().nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
        Ok((status, answer))
    }

    /// Asks it to stop (SIGTERM) and waits until it has.
    pub(crate) fn stop(self) {
        let status = self.asked_to_stop();
        assert!(status.success(), "the server stopped with {status}: {}", self.logged());
    }

    /// The same where a call may fail while it stops.
    pub(crate) fn stop_somehow(self) {
        self.asked_to_stop();
    }

    fn asked_to_stop(&self) -> ExitStatus {
        let id = self.process().id();
        let asked = Command::new("sh").args(["-c", &format!("kill -TERM {id}")]).status().unwrap();
        assert!(asked.success());
        let until = Instant::now() + PATIENCE;
        loop {
            match self.ended() {
                Some(status) => return status,
                None if Instant::now() > until => panic!("the server does not stop: {}", self.logged()),
                None => thread::sleep(Duration::from_millis(10)),
            }
        }
    }

    fn logged(&self) -> String {
        tail(&self.log)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails when the process has ended already, which is fine.
        let _ = self.process().kill();
        let _ = self.process().wait();
    }
}

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
