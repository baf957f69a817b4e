//! The program as its users get it: built for release, in a process of its own, serving a sandbox.

use std::env;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use client::{Client, Retries};
use jiff::civil::Date;
use tdam::installation::{self, Database, Folder, Plan, Site};

use crate::attack::failed::Failed;

/// The online user of the sandbox that sends.
pub(super) const USER: &str = "daugava-accounting";
/// The line of the sandbox after which it waits.
const READY: &str = "Ctrl-C stops it";
/// How long one call may take.
const PATIENCE: Duration = Duration::from_secs(60 * 60);
/// The pause between two looks at whether everything is settled.
const PAUSE: Duration = Duration::from_millis(100);

/// A running server; killed when dropped.
#[derive(Debug)]
pub(super) struct Server {
    process: Child,
    folder: Folder,
    url: String,
    metrics_url: String,
}

/// Builds the program for release and says where it is.
pub(crate) fn build() -> Result<PathBuf, Failed> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo).args(["build", "--release", "--package", "tdam"]).status()?;
    if !built.success() {
        return Err("tdam does not build".into());
    }
    // This chore lies in a folder of the same target folder.
    let here = env::current_exe()?;
    let target = here.ancestors().nth(2).ok_or("the chore lies in no target folder")?;
    Ok(target.join("release").join("tdam"))
}

impl Server {
    /// Makes an installation and starts the server on free ports; returns when it is ready.
    pub(super) async fn start(
        program: &Path,
        place: &Path,
        plan: &Plan,
        database: Option<Database>,
        day: Date,
    ) -> Result<Server, Failed> {
        let folder = Folder::new(place.join("world"));
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let site = Site { address: any, plain: Some(any), name: None, database, is_sandbox: true, passphrase: None };
        installation::create(folder.clone(), plan, &site, day).await?;
        let log = place.join("server.log");
        let mut process = Command::new(program)
            .args(["sandbox", "--settlement-seconds", "1", "--metrics-address", &any.to_string(), "--dir"])
            .arg(folder.root())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()?;
        let mut printed = BufReader::new(process.stdout.take().ok_or("the server has no output")?);
        let mut server = Server { process, folder, url: String::new(), metrics_url: String::new() };
        let mut line = String::new();
        while !line.starts_with(READY) {
            line.clear();
            if printed.read_line(&mut line)? == 0 {
                return Err(format!("the server does not start: {}", fs::read_to_string(log)?).into());
            }
            let words = || line.split_whitespace();
            if let Some(url) = words().find(|word| word.starts_with("https://")).filter(|_| server.url.is_empty()) {
                server.url = url.to_owned();
            }
            if let Some(url) = words().find(|word| word.ends_with("/metrics")) {
                server.metrics_url = url.to_owned();
            }
        }
        // Reads on, so that the server never waits for a reader.
        thread::spawn(move || printed.read_to_end(&mut Vec::new()));
        Ok(server)
    }

    /// Its process.
    pub(super) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Its installation.
    pub(super) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Where it serves.
    pub(super) fn address(&self) -> Result<SocketAddr, Failed> {
        Ok(self.url.trim_start_matches("https://").parse()?)
    }

    /// Where its metrics are, for everybody to read while it is measured.
    pub(super) fn metrics_url(&self) -> &str {
        &self.metrics_url
    }

    /// The address in it.
    pub(super) fn metrics_address(&self) -> Result<SocketAddr, Failed> {
        let address = self.metrics_url.trim_start_matches("http://").trim_end_matches("/metrics");
        Ok(address.parse().map_err(|error| format!("the server names no address of its metrics: {error}"))?)
    }

    /// A client of an online user, with connections of its own.
    pub(super) fn client(&self, user: &str) -> Result<Client, Failed> {
        let user = self.folder.user(user);
        let client = Client::builder()
            .url(&self.url)
            .certificate_authority_pem(fs::read(self.folder.authority_certificate())?)
            .identity_pem(fs::read(user.join("certificate.pem"))?, fs::read(user.join("key.pem"))?)
            .idle_timeout(PATIENCE)
            .call_timeout(PATIENCE)
            // A repeated call would be measured as one.
            .retries(Retries::none())
            .build()?;
        Ok(client)
    }
}

/// Waits until a message is carried out.
pub(super) async fn settled(client: &Client, message_id: &str) -> Result<(), Failed> {
    loop {
        let overview = client.status_overview(message_id, None).await?;
        match overview.status.as_str() {
            "ACSC" => return Ok(()),
            "RJCT" | "PART" => return Err(format!("{message_id} is {}", overview.status).into()),
            _ => tokio::time::sleep(PAUSE).await,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its installation goes with it: nothing need be finished.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
