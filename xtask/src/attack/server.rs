//! The program under attack: an installation made by it, and its server as a process of its own, as operators start it.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use jiff::civil::{Date, Time};
use tdam::installation::Folder;

use super::failed::Failed;
use super::wire::{Identity, Speaks};

/// The institutions, accounts and online users.
pub(crate) const PLAN: &str = include_str!("plan.toml");
/// How long a start may take before it counts as none.
const START_TIME_MAX: Duration = Duration::from_secs(60);
/// How long a start may take that makes keys and certificates of all users first, on a busy machine.
const MAKING_TIME_MAX: Duration = Duration::from_secs(600);
/// How long a stop may take before the process is killed.
const STOP_TIME_MAX: Duration = Duration::from_secs(40);
/// `ulimit -d` of every server: a server that needs more ends. It counts what the allocator sets aside for each thread and the stacks of
/// threads, used or not: with 67 threads a server of 130 MiB had 0.93 GiB of it. What is used has bounds of its own.
const DATA_BYTES_MAX: u64 = 2 << 30;
/// Between two looks at a process.
const PAUSE: Duration = Duration::from_millis(50);
/// How long an answer of the plain listener is waited for.
const PLAIN_ANSWER_TIME_MAX: Duration = Duration::from_secs(10);

/// The online user of another institution, who must not notice.
pub(crate) const VICTIM: &str = "victim";
/// Where the victim connects from.
pub(crate) const VICTIM_ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 1);
/// Where attackers connect from.
pub(crate) const ATTACKER_ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 66, 0, 1);

/// A folder with an installation, and where it listens.
#[derive(Clone, Debug)]
pub(crate) struct Installation {
    program: PathBuf,
    pub(crate) folder: Folder,
    pub(crate) secure: SocketAddr,
    pub(crate) plain: SocketAddr,
    sandbox: Option<Sandbox>,
}

/// A sandbox is served at a business day and a time of receipt of its own, so nothing depends on the machine's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sandbox {
    pub(crate) day: Date,
    pub(crate) time: Time,
}

/// How a server is started.
#[derive(Clone, Debug, Default)]
pub(crate) struct Start {
    /// Further limits of the process, as `prlimit` takes them.
    pub(crate) limits: Vec<String>,
    pub(crate) environment: Vec<(String, String)>,
    /// Further arguments.
    pub(crate) arguments: Vec<String>,
}

/// A running server; killed when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    log: PathBuf,
}

/// A free port.
fn free_address() -> Result<SocketAddr, Failed> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Installation {
    /// Made by the program itself: its database is of its own version.
    pub(crate) fn make(program: &Path, place: &Path, text: &str, arguments: &[&str]) -> Result<Installation, Failed> {
        fs::create_dir_all(place)?;
        let plan = place.join("plan.toml");
        fs::write(&plan, text)?;
        let (secure, plain) = (free_address()?, free_address()?);
        let folder = Folder::new(place.join("world"));
        let installation = Installation { program: program.to_owned(), folder, secure, plain, sandbox: None };
        let output = installation
            .command(&["init"])
            .arg("--dir")
            .arg(installation.folder.root())
            .arg("--world")
            .arg(plan)
            .args(["--address", &secure.to_string(), "--plain-address", &plain.to_string()])
            .args(arguments)
            .output()?;
        succeeded("init", &output)?;
        Ok(installation)
    }

    /// The same of a sandbox, which makes its folder when it is first served; it is stopped again.
    pub(crate) fn make_sandbox(
        program: &Path,
        place: &Path,
        text: &str,
        arguments: &[&str],
        sandbox: Sandbox,
    ) -> Result<Installation, Failed> {
        fs::create_dir_all(place)?;
        let plan = place.join("plan.toml");
        fs::write(&plan, text)?;
        let (secure, plain) = (free_address()?, free_address()?);
        let folder = Folder::new(place.join("world"));
        let installation = Installation { program: program.to_owned(), folder, secure, plain, sandbox: Some(sandbox) };
        let (plan, secure, plain) = (plan.to_string_lossy(), secure.to_string(), plain.to_string());
        let mut all = vec!["--world", &plan, "--address", &secure, "--plain-address", &plain];
        all.extend(arguments);
        let start = Start { arguments: all.into_iter().map(str::to_owned).collect(), ..Start::default() };
        installation.serve_within(&start, MAKING_TIME_MAX)?.stop()?;
        Ok(installation)
    }

    /// The program and a folder in which nothing is yet.
    pub(crate) fn bare(program: &Path, root: &Path) -> Installation {
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        Installation {
            program: program.to_owned(),
            folder: Folder::new(root),
            secure: nowhere,
            plain: nowhere,
            sandbox: None,
        }
    }

    /// Another node over the same database: a copy of the folder, with addresses of its own.
    pub(crate) fn node(&self, name: &str) -> Result<Installation, Failed> {
        let root = self.folder.root().with_file_name(name);
        let copied = Command::new("cp").arg("-a").arg(self.folder.root()).arg(&root).status()?;
        if !copied.success() {
            return Err("the folder cannot be copied".into());
        }
        let node =
            Installation { folder: Folder::new(root), secure: free_address()?, plain: free_address()?, ..self.clone() };
        node.configure(&self.secure.to_string(), &node.secure.to_string())?;
        node.configure(&self.plain.to_string(), &node.plain.to_string())?;
        Ok(node)
    }

    /// Exchanges a piece of the configuration.
    pub(crate) fn configure(&self, from: &str, to: &str) -> Result<(), Failed> {
        let path = self.folder.configuration();
        let text = fs::read_to_string(&path)?;
        if !text.contains(from) {
            return Err(format!("the configuration does not say {from:?}").into());
        }
        fs::write(path, text.replacen(from, to, 1))?;
        Ok(())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).env_remove("TDAM_STORE").env_remove("TDAM_CONFIG").env("TDAM_LANGUAGE", "en");
        command
    }

    /// The program with these arguments, to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Output, Failed> {
        Ok(self.command(arguments).stdin(Stdio::null()).output()?)
    }

    /// `tdam operator`, to its end.
    pub(crate) fn operator(&self, arguments: &[&str]) -> Result<Output, Failed> {
        let configuration = self.folder.configuration();
        let mut command = self.command(&["operator", "--config"]);
        Ok(command.arg(configuration).args(arguments).stdin(Stdio::null()).output()?)
    }

    /// Starts the server and waits until it answers on its plain listener.
    pub(crate) fn serve(&self, start: &Start) -> Result<Server, Failed> {
        self.serve_within(start, START_TIME_MAX)
    }

    fn serve_within(&self, start: &Start, time: Duration) -> Result<Server, Failed> {
        let mut server = self.spawn(start)?;
        let until = Instant::now() + time;
        while health(self.plain).is_none() {
            if let Some(status) = server.ended()? {
                return Err(format!("the server ended at its start ({status}): {}", server.last_lines()).into());
            }
            if Instant::now() > until {
                return Err(format!("the server does not start: {}", server.last_lines()).into());
            }
            thread::sleep(PAUSE);
        }
        Ok(server)
    }

    /// Starts the server and waits for nothing.
    pub(crate) fn spawn(&self, start: &Start) -> Result<Server, Failed> {
        let log = self.folder.root().with_extension("log");
        let mut command = Command::new("prlimit");
        command.arg(format!("--data={DATA_BYTES_MAX}")).args(&start.limits).arg(&self.program);
        match self.sandbox {
            None => command.args(["serve", "--config"]).arg(self.folder.configuration()),
            Some(Sandbox { day, time }) => command
                .args(["sandbox", "--settlement-seconds", "1", "--dir"])
                .arg(self.folder.root())
                .args(["--business-day", &day.to_string(), "--business-time", &time.strftime("%H:%M").to_string()]),
        };
        let process = command
            .args(&start.arguments)
            .env_remove("TDAM_STORE")
            .envs(start.environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::options().create(true).append(true).open(&log)?)
            .spawn()?;
        Ok(Server { process, log })
    }

    /// An online user of this installation.
    pub(crate) fn identity(&self, user: &str, speaks: Speaks, from: Ipv4Addr) -> Result<Identity, Failed> {
        Identity::new(&self.folder.authority_certificate(), Some(&self.folder.user(user)), speaks, from)
    }
}

/// Status and body of `/health`; `None` without an answer.
pub(crate) fn health(plain: SocketAddr) -> Option<(u16, String)> {
    let text = plain_get(plain, protocol::routes::HEALTH)?;
    let status = text.split_whitespace().nth(1)?.parse().ok()?;
    let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Some((status, body.to_owned()))
}

/// Status and body of `/health`, to be read.
pub(crate) fn shown(installation: &Installation) -> String {
    health(installation.plain).map_or("no answer".to_owned(), |(status, text)| format!("{status} {text}"))
}

/// The plain listener's answer, head and body.
pub(crate) fn plain_get(plain: SocketAddr, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect_timeout(&plain, PLAIN_ANSWER_TIME_MAX).ok()?;
    stream.set_read_timeout(Some(PLAIN_ANSWER_TIME_MAX)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    // The server may close without waiting for us.
    let _ = stream.take(64 << 10).read_to_end(&mut answer);
    Some(String::from_utf8_lossy(&answer).into_owned()).filter(|answer| !answer.is_empty())
}

/// A command's output, in one line.
pub(crate) fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let text = String::from_utf8_lossy(&text);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(160).collect()
}

pub(crate) fn succeeded(what: &str, output: &Output) -> Result<(), Failed> {
    if output.status.success() { Ok(()) } else { Err(format!("{what}: {}", said(output)).into()) }
}

impl Server {
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>, Failed> {
        Ok(self.process.try_wait()?)
    }

    pub(crate) fn is_alive(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// Waits so long for its end.
    pub(crate) fn ends_within(&mut self, time: Duration) -> Result<Option<ExitStatus>, Failed> {
        let until = Instant::now() + time;
        loop {
            let ended = self.ended()?;
            if ended.is_some() || Instant::now() > until {
                return Ok(ended);
            }
            thread::sleep(PAUSE);
        }
    }

    pub(crate) fn signal(&self, signal: &str) -> Result<(), Failed> {
        let sent = Command::new("kill").args([signal, &self.id().to_string()]).status()?;
        if sent.success() { Ok(()) } else { Err(format!("kill {signal} failed").into()) }
    }

    pub(crate) fn stop(mut self) -> Result<(), Failed> {
        if self.is_alive() {
            self.signal("-TERM")?;
            self.ends_within(STOP_TIME_MAX)?;
        }
        Ok(())
    }

    /// The most memory that it had, in MiB.
    pub(crate) fn peak_mib(&self) -> Option<f64> {
        crate::bench::machine::peak_memory_mib(self.id())
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub(crate) fn last_lines(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(3)..].join(" | ")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its installation goes with it: nothing need be finished.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
