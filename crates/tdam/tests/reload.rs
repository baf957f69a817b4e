//! SIGHUP and file handles, as the operator of a real process sees them.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::fs;
use std::io::{BufRead as _, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

use support::{free_port, program};

/// A world that `tdam init` made, served by `tdam serve`.
struct Served {
    _folder: tempfile::TempDir,
    root: PathBuf,
    process: Child,
    log: Lines<BufReader<ChildStderr>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn init(root: &Path) {
    let (port, plain) = (free_port(), free_port());
    let made = program()
        .args(["init", "--address", &format!("127.0.0.1:{port}"), "--plain-address", &format!("127.0.0.1:{plain}")])
        .arg("--dir")
        .arg(root)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

impl Served {
    fn start() -> Served {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("world");
        init(&root);
        let mut command = program();
        command.arg("serve").arg("--config").arg(root.join("tdam.toml")).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let log = BufReader::new(process.stderr.take().unwrap()).lines();
        let mut served = Served { _folder: folder, root, process, log };
        served.says("serving");
        served
    }

    /// Waits for a line of the log that holds this text.
    fn says(&mut self, text: &str) -> String {
        let line = self.log.by_ref().map(Result::unwrap).find(|line| line.contains(text));
        line.unwrap_or_else(|| panic!("the log ended before {text:?}"))
    }

    fn hang_up(&self) {
        assert!(Command::new("kill").args(["-HUP", &self.process.id().to_string()]).status().unwrap().success());
    }

    fn change(&self, file: &str, change: impl FnOnce(String) -> String) {
        let path = self.root.join(file);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, change(text)).unwrap();
    }
}

#[test]
fn a_hang_up_reads_certificates_and_configuration_again() {
    let mut served = Served::start();
    served.change("tdam.toml", |text| {
        text.replace("level = \"info\"", "level = \"debug\"").replace("wait_seconds = 20", "wait_seconds = 21")
    });
    served.hang_up();
    served.says("reload: new connections get the certificates");
    let needs_restart = served.says("need a restart");
    assert!(needs_restart.contains("messages.wait_seconds") && !needs_restart.contains("log.level"), "{needs_restart}");

    served.change("pki/server.key", |_| "nonsense".to_owned());
    served.hang_up();
    let refused = served.says("nothing changes");
    assert!(refused.contains("private key"), "{refused}");
    served.change("tdam.toml", |text| text + "\n[nonsense]\n");
    served.hang_up();
    assert!(served.says("nothing changes").contains("nonsense"));
    assert!(served.process.try_wait().unwrap().is_none(), "it serves on");
}

#[test]
fn too_few_file_handles_are_refused_and_few_mean_fewer_connections() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("world");
    init(&root);
    let program = env!("CARGO_BIN_EXE_tdam");
    let serve = |limit: u32| {
        let mut shell = Command::new("sh");
        let script = format!("ulimit -n {limit}; exec \"$1\" serve --config \"$2\"");
        shell.args(["-c", &script, "sh", program]).arg(root.join("tdam.toml")).stderr(Stdio::piped());
        shell.spawn().unwrap()
    };
    let refused = serve(200).wait_with_output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && said.contains("file handles"), "{said}");

    let mut few = serve(1200);
    let mut lines = BufReader::new(few.stderr.take().unwrap()).lines().map(Result::unwrap);
    let warning = lines.by_ref().find(|line| line.contains("file handles are short"));
    let serves = lines.any(|line| line.contains("serving"));
    few.kill().unwrap();
    few.wait().unwrap();
    assert!(warning.is_some_and(|line| line.contains("connections_max")) && serves);
}
