//! A sandbox in a process of its own, and the program run beside it.
pub mod line;
pub mod service;
pub mod traffic;

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tdam::configuration::Configuration;

/// The business day of the sandbox.
pub const DAY: &str = "2026-11-24";

pub struct Sandbox {
    folder: Option<tempfile::TempDir>,
    pub url: String,
    /// What it printed when it began to serve.
    pub printed: String,
    process: Child,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port that is free now. Another process could take it before the sandbox does; then the test says so.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The program, without the settings of the user who runs the test.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tdam"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TDAM_")) {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C").stdin(Stdio::null());
    command
}

impl Sandbox {
    pub fn start() -> Sandbox {
        Sandbox::serve(tempfile::tempdir().unwrap())
    }

    /// Serves the sandbox that is in the folder already, or a new one.
    pub fn serve(folder: tempfile::TempDir) -> Sandbox {
        Sandbox::serve_by(program(), folder)
    }

    /// The same by a program of another version.
    pub fn serve_by(program: Command, folder: tempfile::TempDir) -> Sandbox {
        Sandbox::serve_with(program, folder, &[])
    }

    /// Serves one that a program made which did not note that it is a sandbox.
    pub fn serve_older(folder: tempfile::TempDir) -> Sandbox {
        Sandbox::serve_with(program(), folder, &["--made-as-sandbox"])
    }

    /// The same with more arguments.
    pub fn serve_with(program: Command, folder: tempfile::TempDir, more: &[&str]) -> Sandbox {
        // One that is there already listens where its configuration says.
        let configuration = folder.path().join("tdam-sandbox/tdam.toml");
        let known = configuration.is_file().then(|| Configuration::read(&configuration).unwrap().listen.address.port());
        let (port, plain) = (known.unwrap_or_else(free_port), free_port());
        let addresses = ["--address", &format!("127.0.0.1:{port}"), "--plain-address", &format!("127.0.0.1:{plain}")];
        let mut sandbox = Sandbox::serve_so(program, folder, &[&addresses, more].concat());
        sandbox.url = format!("https://localhost:{port}");
        sandbox
    }

    /// Serves one with these arguments, in which its addresses are; its URL is what it prints.
    pub fn serve_so(mut program: Command, folder: tempfile::TempDir, arguments: &[&str]) -> Sandbox {
        program.args(["sandbox", "--business-day", DAY, "--settlement-seconds", "1"]).args(arguments);
        program.arg("--dir").arg(folder.path().join("tdam-sandbox"));
        Sandbox::serve_as(program, folder)
    }

    /// Serves one by a command that is complete.
    pub fn serve_as(mut command: Command, folder: tempfile::TempDir) -> Sandbox {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        // It says how to use it once it takes requests.
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut printed = String::new();
        while !printed.contains("Ctrl-C") {
            let line = lines.next().expect("the sandbox did not start").unwrap();
            printed.push_str(&line);
            printed.push('\n');
        }
        std::thread::spawn(move || lines.for_each(drop));
        let url = printed.split_whitespace().find(|word| word.starts_with("https://")).unwrap().to_owned();
        Sandbox { folder: Some(folder), url, printed, process }
    }

    fn folder(&self) -> &Path {
        self.folder.as_ref().unwrap().path()
    }

    /// Stops the server and gives its folder to the next one.
    pub fn into_folder(mut self) -> tempfile::TempDir {
        assert_eq!(self.stop(), Some(0), "it did not end well");
        self.folder.take().unwrap()
    }

    /// The folder of one that was stopped.
    pub fn into_stopped_folder(mut self) -> tempfile::TempDir {
        self.folder.take().unwrap()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    /// Runs the program where the sandbox's folder is; exit code and JSON.
    pub fn run<S: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> (i32, Value) {
        let output = program().args(arguments).arg("--json").current_dir(self.folder()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let value = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code().unwrap(), value)
    }

    /// Writes a bulk payment message for the sandbox's day; returns its summary.
    pub fn generate(&self, name: &str, arguments: &[&str]) -> Value {
        let (exit, made) =
            self.run([&["generate", "pain.001.001.09", "--date", DAY, "--output", name], arguments].concat());
        assert_eq!(exit, 0, "{made:#}");
        made
    }

    /// Runs an operator's command beside the running sandbox; exit code and what it said.
    pub fn operate(&self, arguments: &[&str]) -> (i32, String) {
        let configuration = self.path("tdam-sandbox/tdam.toml");
        let output = program().arg("operator").args(arguments).arg("--config").arg(configuration).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), text)
    }

    /// Runs the program where the sandbox's folder is; exit code and what it said.
    pub fn say(&self, arguments: &[&str]) -> (i32, String) {
        let output = program().args(arguments).current_dir(self.folder()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), text)
    }

    /// Asks the process to stop (SIGTERM) and waits for it; its exit code.
    pub fn stop(&mut self) -> Option<i32> {
        let killed = Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        assert!(killed.success());
        self.process.wait().unwrap().code()
    }
}
