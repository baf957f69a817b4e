//! Requests of a common HTTP client: curl, each over a TLS connection of its own.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// How long curl waits for anything. Only what hangs gets there.
const PATIENCE_SECONDS: &str = "300";

/// An online user of a node.
pub(crate) struct Curl {
    pub(crate) url: String,
    pub(crate) authority: PathBuf,
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// What came back, as it came.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The value of a header field; names in small letters.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    /// "Come again, and when": a 503 with a problem document and `Retry-After`.
    pub(crate) fn asks_to_come_again(&self) -> bool {
        let is_problem = self.field("content-type").is_some_and(|media| media.starts_with("application/problem+"));
        let seconds = self.field("retry-after").and_then(|value| value.parse::<u32>().ok());
        self.status == 503 && is_problem && seconds.is_some_and(|seconds| seconds > 0)
    }
}

/// Whether curl is there; says so when it is not.
pub(crate) fn is_installed() -> bool {
    let there = Command::new("curl").arg("--version").output().is_ok();
    if !there {
        println!("skipped: curl is not installed, so nobody looks at the answers as they come");
    }
    there
}

impl Curl {
    pub(crate) fn get(&self, path: &str) -> Reply {
        self.request(path, &[], None)
    }

    /// Posts a message, and waits for its answer for so many seconds.
    pub(crate) fn post(&self, path: &str, xml: &[u8], wait_seconds: u32) -> Reply {
        let wait = format!("Prefer: wait={wait_seconds}");
        self.request(path, &["Content-Type: application/xml", "Expect:", &wait], Some(xml))
    }

    fn request(&self, path: &str, fields: &[&str], body: Option<&[u8]>) -> Reply {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--include", "--max-time", PATIENCE_SECONDS]);
        command.arg("--cacert").arg(&self.authority).arg("--cert").arg(&self.certificate).arg("--key").arg(&self.key);
        for field in fields {
            command.args(["--header", field]);
        }
        if body.is_some() {
            command.args(["--data-binary", "@-"]);
        }
        command.arg(format!("{}{path}", self.url)).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        // Dropped, and so ended, when all is written. One that is gone already says why.
        let _ = process.stdin.take().unwrap().write_all(body.unwrap_or_default());
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{path}: {}", String::from_utf8_lossy(&output.stderr));
        let end = output.stdout.windows(4).position(|some| some == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(output.stdout[..end].to_vec()).unwrap();
        let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok()).unwrap();
        Reply { status, head, body: output.stdout[end + 4..].to_vec() }
    }
}
