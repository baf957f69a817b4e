//! `tdam serve` as a process, its log, and its health.
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;

use serde_json::Value;

use super::{free_port, program};

/// A world that `tdam init` made, and where it listens.
pub struct Made {
    pub folder: tempfile::TempDir,
    pub port: u16,
    pub plain: u16,
    /// What all its programs have in their environment.
    environment: Vec<(&'static str, PathBuf)>,
}

impl Made {
    pub fn new(arguments: &[&str]) -> Made {
        Made::in_folder(tempfile::tempdir().unwrap(), Vec::new(), arguments)
    }

    /// One whose programs believe that it is this time: payments of a test wait for tomorrow after a cut-off of the machine.
    pub fn at(time: &str, arguments: &[&str]) -> Made {
        let folder = tempfile::tempdir().unwrap();
        let environment = clock_at(time.parse().unwrap(), folder.path());
        Made::in_folder(folder, environment, arguments)
    }

    fn in_folder(folder: tempfile::TempDir, environment: Vec<(&'static str, PathBuf)>, arguments: &[&str]) -> Made {
        let (port, plain) = (free_port(), free_port());
        let mut init = program();
        init.envs(environment.iter().map(|(name, value)| (name, value)));
        init.arg("init").args(["--address", &format!("127.0.0.1:{port}")]);
        init.args(["--plain-address", &format!("127.0.0.1:{plain}")]).args(arguments);
        let made = init.arg("--dir").arg(folder.path().join("world")).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let made = Made { folder, port, plain, environment };
        // The free space of the test machine must not matter to the tests.
        for watermark in ["first_watermark_bytes = 8589934592", "second_watermark_bytes = 2147483648"] {
            let (key, _) = watermark.split_once(" = ").unwrap();
            made.configure(watermark, &format!("{key} = 0"));
        }
        made
    }

    fn program(&self) -> Command {
        let mut program = program();
        program.envs(self.environment.iter().map(|(name, value)| (name, value)));
        program
    }

    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join("world").join(name)
    }

    /// Replaces a line of the configuration.
    pub fn configure(&self, from: &str, to: &str) {
        let path = self.path("tdam.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
    }

    pub fn command(&self) -> Command {
        let mut serve = self.program();
        serve.arg("serve").arg("--config").arg(self.path("tdam.toml"));
        serve
    }

    pub fn serve(&self) -> Service {
        Service::started(self.command(), self.plain)
    }

    /// Runs a command; exit code and all that it said.
    pub fn run(&self, arguments: &[&str]) -> (i32, String) {
        said(self.program().args(arguments).current_dir(self.folder.path()).output().unwrap())
    }

    /// Two operators lift what blocks an account; the service runs.
    pub fn lift_block(&self, iban: &str) {
        let form = format!("{{\"kind\": \"lift-block\", \"iban\": \"{iban}\"}}");
        std::fs::write(self.folder.path().join("lift.json"), form).unwrap();
        std::fs::write(self.folder.path().join("lift.edoc"), "signed").unwrap();
        let act = |by: &str, arguments: &[&str]| {
            let of = format!("--as=world/operators/{by}");
            let (exit, said) = self.run(&[&["application"], arguments, &[&of, "--json"]].concat());
            assert_eq!(exit, 0, "{arguments:?}: {said}");
            serde_json::from_str::<Value>(&said).unwrap()
        };
        let id = act("anna", &["enter", "lift.json"])["id"].to_string();
        act("anna", &["attach", &id, "lift.edoc"]);
        act("anna", &["verify", &id, "--how", "eParakstītājs"]);
        act("anna", &["submit", &id]);
        let checked = act("anna", &["check", &id]);
        assert_eq!(checked["state"], "checked");
        let digest = act("janis", &["show", &id])["digest"].as_str().unwrap().to_owned();
        assert_eq!(act("janis", &["approve", &id, "--digest", &digest])["state"], "in-force");
    }
}

/// Both operators of a world come back with their requests.
pub const RECOVER: [&str; 8] =
    ["operator", "recover", "1=world/anna.csr", "2=world/janis.csr", "--to", "world", "--config", "world/tdam.toml"];

impl Made {
    /// Writes requests of both operators for certificates with new keys.
    pub fn request_certificates(&self) {
        for name in ["anna.csr", "janis.csr"] {
            let key = rcgen::KeyPair::generate().unwrap();
            let request = rcgen::CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
            std::fs::write(self.path(name), request).unwrap();
        }
    }

    /// The certificates of all persons ended two days ago. No service runs.
    pub fn end_certificates_of_persons(&self) {
        let database = rusqlite::Connection::open(self.path("data/tdam.sqlite")).unwrap();
        let two_days_ago = jiff::Timestamp::now().as_microsecond() - 2 * 24 * 3_600_000_000;
        database.execute("UPDATE person_certificate SET not_after = ?1", [two_days_ago]).unwrap();
    }
}

/// The environment of programs whose clock shows this time now.
fn clock_at(time: jiff::Timestamp, folder: &Path) -> Vec<(&'static str, PathBuf)> {
    let (library, wrong_by) = (folder.join("clock.so"), folder.join("clock"));
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../../xtask/src/wrong_clock.c");
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).status();
    assert!(compiled.expect("a C compiler, which building needs too").success());
    let seconds = time.as_second() - jiff::Timestamp::now().as_second();
    std::fs::write(&wrong_by, seconds.to_string()).unwrap();
    vec![("LD_PRELOAD", library), ("TDAM_CLOCK_FILE", wrong_by)]
}

pub fn said(output: std::process::Output) -> (i32, String) {
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap_or(-1), text)
}

/// A running service. Killed when it is dropped.
pub struct Service {
    process: Child,
    plain: u16,
    log: mpsc::Receiver<String>,
    /// What it logged until it served.
    pub started: Vec<String>,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Service {
    pub fn started(mut command: Command, plain: u16) -> Service {
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (line, log) = mpsc::channel();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|text| line.send(text)));
        let mut service = Service { process, plain, log, started: Vec::new() };
        match service.log_until("serving") {
            Ok(lines) => service.started = lines,
            Err(lines) => panic!("it did not start: {lines:?}"),
        }
        service
    }

    /// The lines of the log up to one that holds a text; all of them as an error when the process ended without it.
    pub fn log_until(&mut self, text: &str) -> Result<Vec<String>, Vec<String>> {
        let mut lines = Vec::new();
        for line in self.log.iter() {
            let found = line.contains(text);
            lines.push(line);
            if found {
                return Ok(lines);
            }
        }
        Err(lines)
    }

    pub fn signal(&self, name: &str) {
        assert!(Command::new("kill").args(["-s", name, &self.process.id().to_string()]).status().unwrap().success());
    }

    /// Waits for the end; its status and the rest of the log.
    pub fn ended(mut self) -> (ExitStatus, Vec<String>) {
        let status = self.process.wait().unwrap();
        (status, self.log.iter().collect())
    }

    /// Status and body of a path on the plain listener.
    pub fn ask(&self, path: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.plain)).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        (status, serde_json::from_str(body).unwrap_or(Value::String(body.to_owned())))
    }

    /// Asks for health until `is_it` accepts the answer. Only the runner of the test bounds the time.
    pub fn health_until(&self, is_it: impl Fn(u16, &Value) -> bool) -> (u16, Value) {
        loop {
            let (status, health) = self.ask("/health");
            if is_it(status, &health) {
                return (status, health);
            }
            std::thread::sleep(crate::BETWEEN_LOOKS);
        }
    }
}

/// Whether a condition stands.
pub fn stands(health: &Value, condition: &str) -> bool {
    let conditions = health["conditions"].as_array().unwrap();
    conditions.iter().any(|standing| standing["condition"] == condition)
}

/// What others than the owner may do something with, below a folder and the folder itself.
pub fn open_to_others(folder: &Path) -> Vec<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut found = Vec::new();
    let metadata = std::fs::symlink_metadata(folder).unwrap();
    if !metadata.is_symlink() && metadata.permissions().mode() & 0o077 != 0 {
        found.push(format!("{:03o} {}", metadata.permissions().mode() & 0o777, folder.display()));
    }
    if metadata.is_dir() {
        for entry in std::fs::read_dir(folder).unwrap() {
            found.extend(open_to_others(&entry.unwrap().path()));
        }
    }
    found
}
