//! A house with its data in PostgreSQL, and servers as processes of their own that share it.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use client::Client;
use jiff::civil::Date;
use store::Store;
use tdam::configuration::Configuration;
use tdam::installation::{self, Database, Folder, Site};

use crate::cluster::Cluster;
use crate::curl::Curl;

/// The online user that sends, and one of another client.
pub(crate) const USER: &str = "daugava-accounting";
pub(crate) const OTHER_USER: &str = "vidzeme-accounting";
/// The last line that the sandbox prints before it waits.
const READY: &str = "Ctrl-C stops it";

pub(crate) struct House {
    folder: Folder,
    _place: tempfile::TempDir,
    pub(crate) day: Date,
    database_port: u16,
}

impl House {
    pub(crate) async fn make(cluster: &Cluster) -> House {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path().join("house"));
        let day = tdam::serving::first_business_day(&rulebook::Guideline::latvia());
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let owned = Database { owner_url: Some(cluster.url()), ..Database::new(cluster.clerk_url(), "house") };
        let database = Some(owned);
        let site = Site { address: any, plain: None, name: None, database, is_sandbox: true, passphrase: None };
        installation::create(folder.clone(), &installation::SANDBOX.parse().unwrap(), &site, day).await.unwrap();
        House { folder, _place: place, day, database_port: cluster.port() }
    }

    /// The folder of a node: a copy of the house's, with an address of its own, and small chunks, so that there is much to
    /// be interrupted. The data is elsewhere.
    fn folder_of(&self, number: u32, port: u16, database_port: u16) -> PathBuf {
        let folder = self.folder.root().with_file_name(format!("node-{number}"));
        if !folder.exists() {
            let copied = Command::new("cp").arg("-r").args([self.folder.root(), &folder]).status().unwrap();
            assert!(copied.success());
        }
        let text = fs::read_to_string(self.folder.configuration()).unwrap();
        let at = |port: u16| format!("@127.0.0.1:{port}/");
        let text = text.replace(&at(self.database_port), &at(database_port));
        let changed = [
            ("\naddress = \"127.0.0.1:0\"", format!("\naddress = \"127.0.0.1:{port}\"")),
            ("stage_chunk_payments = 10000", "stage_chunk_payments = 100".to_owned()),
            ("execute_chunk_payments = 20000", "execute_chunk_payments = 100".to_owned()),
            ("node_lease_seconds = 15", "node_lease_seconds = 2".to_owned()),
            ("\nmetrics = \"\"", "\nmetrics = \"127.0.0.1:0\"".to_owned()),
        ];
        let text = changed.iter().fold(text, |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        });
        fs::write(folder.join("tdam.toml"), text).unwrap();
        folder
    }

    pub(crate) fn start(&self, number: u32) -> Node {
        self.start_through(number, self.database_port)
    }

    /// A node that finds the database at this port.
    pub(crate) fn start_through(&self, number: u32, database_port: u16) -> Node {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = self.folder.root().with_file_name(format!("node-{number}.log"));
        let mut process = Command::new(env!("CARGO_BIN_EXE_tdam"))
            .args(["sandbox", "--settlement-seconds", "1", "--dir"])
            .arg(self.folder_of(number, port, database_port))
            .env_remove("TDAM_STORE")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let said = BufReader::new(process.stdout.take().unwrap());
        let mut node = Node { process, port, metrics: String::new(), log, said };
        node.wait_until_ready();
        node
    }

    pub(crate) fn client(&self, node: &Node) -> Client {
        self.client_of(node, USER)
    }

    pub(crate) fn client_of(&self, node: &Node, user: &str) -> Client {
        let user = self.folder.user(user);
        let builder = Client::builder()
            .url(format!("https://127.0.0.1:{}", node.port))
            .certificate_authority_pem(fs::read(self.folder.authority_certificate()).unwrap())
            .identity_pem(fs::read(user.join("certificate.pem")).unwrap(), fs::read(user.join("key.pem")).unwrap());
        crate::impatient(builder)
    }

    /// The same user with curl.
    pub(crate) fn curl(&self, node: &Node) -> Curl {
        let user = self.folder.user(USER);
        Curl {
            url: format!("https://127.0.0.1:{}", node.port),
            authority: self.folder.authority_certificate(),
            certificate: user.join("certificate.pem"),
            key: user.join("key.pem"),
        }
    }

    pub(crate) fn configuration(&self) -> Configuration {
        Configuration::read(&self.folder.configuration()).unwrap()
    }

    pub(crate) async fn store(&self) -> Store {
        self.configuration().open_store().await.unwrap()
    }

    /// How many messages with this `MsgId` the audit chain says were accepted.
    pub(crate) async fn messages_accepted(&self, message_id: &str) -> usize {
        let (store, message_id) = (self.store().await, message_id.to_owned());
        store
            .read(move |reading| {
                let mut found = Vec::new();
                for client in reading.clients()? {
                    found.extend(reading.message_by_message_id(client.id, &message_id)?);
                }
                let lines = reading.audit(1, u32::MAX)?;
                let of_message =
                    |detail: &str| found.iter().any(|message| detail.contains(&format!("sha256 {}", message.hash)));
                let accepted = lines.iter().filter(|chained| chained.line.action == "payments.accepted");
                Ok::<_, store::StoreError>(accepted.filter(|chained| of_message(&chained.line.detail)).count())
            })
            .await
            .unwrap()
    }

    /// How many messages the audit chain says were accepted in all.
    pub(crate) async fn accepted(&self) -> usize {
        let lines = self.store().await.read(|reading| reading.audit(1, u32::MAX)).await.unwrap();
        lines.iter().filter(|chained| chained.line.action == "payments.accepted").count()
    }

    /// The findings of the operator's check.
    pub(crate) fn check(&self) -> String {
        let output = self.operator(&["check"]);
        if output.status.success() {
            return String::new();
        }
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }

    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The certificate of the online user that sends.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint_of(USER)
    }

    pub(crate) fn fingerprint_of(&self, user: &str) -> [u8; 32] {
        let pem = fs::read_to_string(self.folder.user(user).join("certificate.pem")).unwrap();
        pki::fingerprint(&pki::certificate_der(&pem).unwrap())
    }

    /// The business day after the first one.
    pub(crate) fn next_day(&self) -> Date {
        let guideline = rulebook::Guideline::latvia();
        guideline.calendar(rulebook::Route::Internal).business_day_from(self.day.tomorrow().unwrap())
    }

    /// Moves the business day, as an operator does: in a process of its own.
    pub(crate) fn move_day(&self, day: Date) {
        let output = self.operator(&["day", &day.to_string()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    pub(crate) fn revoke(&self) {
        let certificate = self.folder.user(USER).join("certificate.pem");
        let output = self.operator(&["revoke", certificate.to_str().unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn operator(&self, arguments: &[&str]) -> std::process::Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tdam"));
        command.arg("operator").args(arguments).arg("--config").arg(self.folder.configuration());
        command.output().unwrap()
    }
}

/// A running server.
pub(crate) struct Node {
    process: Child,
    port: u16,
    /// Where its metrics are.
    metrics: String,
    log: PathBuf,
    said: BufReader<ChildStdout>,
}

impl Node {
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// It listens, and all that it does at its start is done.
    fn wait_until_ready(&mut self) {
        let mut line = String::new();
        while !line.contains(READY) {
            line.clear();
            let count = self.said.read_line(&mut line).unwrap();
            assert!(count > 0, "the node ended: {}", self.logged());
            if let Some((_, address)) =
                line.trim_end().trim_end_matches("/metrics").split_once("Metrics        http://")
            {
                address.clone_into(&mut self.metrics);
            }
        }
    }

    /// What Prometheus reads of it.
    pub(crate) fn metrics(&self) -> String {
        let mut connection = TcpStream::connect(&self.metrics).unwrap();
        let request = format!("GET /metrics HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.metrics);
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        body.to_owned()
    }

    /// The value of a series among its metrics, if it has it.
    pub(crate) fn metric(&self, series: &str) -> Option<f64> {
        let text = self.metrics();
        let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        line.map(|value| value.parse().unwrap())
    }

    /// Ends it as a power cut would: SIGKILL.
    pub(crate) fn kill(mut self) {
        assert!(self.process.try_wait().unwrap().is_none(), "the node ended by itself: {}", self.logged());
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Halts the process like a machine that its host has paused. The signal alone is not enough: on a busy machine the
    /// threads run on until one of them has taken it and stopped the others.
    pub(crate) fn freeze(&self) {
        self.signal("STOP");
        while !self.stands_still() {
            std::thread::sleep(crate::PAUSE);
        }
    }

    /// Every thread is stopped: the state follows the name, which stands in brackets.
    fn stands_still(&self) -> bool {
        let threads = fs::read_dir(format!("/proc/{}/task", self.process.id())).unwrap();
        threads.map(|thread| fs::read_to_string(thread.unwrap().path().join("stat")).unwrap()).all(|stat| {
            let state = stat.rsplit(')').next().unwrap();
            state.trim_start().starts_with('T')
        })
    }

    pub(crate) fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {}", self.process.id())]).status().unwrap();
        assert!(sent.success());
    }

    /// Asks it to stop (SIGTERM) and waits until it has.
    pub(crate) fn stop(mut self) {
        let asked = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.process.id())]).status().unwrap();
        assert!(asked.success());
        let status = self.process.wait().unwrap();
        assert!(status.success(), "the node stopped with {status}: {}", self.logged());
    }

    fn logged(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Fails when the process has ended already, which is fine.
        let _ = self.process.kill();
        let _ = self.process.wait();
        if std::thread::panicking() {
            eprintln!("{}", self.logged());
        }
    }
}
