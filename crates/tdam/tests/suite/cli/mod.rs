//! The program as people and scripts meet it: arguments in, text and exit code out. No exchange is needed here.
mod connection;
mod documents;
mod errors;
mod generate;
mod help;
mod validate;
mod validate_dates;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A call of the program in an environment that holds nothing of the one who runs the tests.
fn tdam<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tdam"));
    for name in ["LANG", "LC_ALL", "LC_MESSAGES", "COLUMNS", "NO_COLOR"] {
        command.env_remove(name);
    }
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TDAM_")) {
        command.env_remove(name);
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

struct Ran {
    exit: i32,
    out: String,
    err: String,
}

fn run(command: &mut Command) -> Ran {
    of(command.output().unwrap())
}

fn of(output: Output) -> Ran {
    Ran {
        exit: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn messages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages")
}

/// A command's output for scripts ends with a newline, for a terminal's prompt, `cat` and `diff`.
#[test]
fn json_ends_with_one_newline_whichever_command_prints_it() {
    let folder = tempfile::tempdir().unwrap();
    let (good, wrong) = (messages().join("good.xml"), messages().join("schema.xml"));
    let (good, wrong) = (good.to_str().unwrap(), wrong.to_str().unwrap());
    let calls: [&[&str]; 11] = [
        &["errors", "--json"],
        &["errors", "TDAM-2006", "--json"],
        &["errors", "AC03", "--json"],
        &["validate", good, "--json"],
        &["validate", wrong, good, "--json"],
        &["validate", wrong, "--sarif"],
        &["generate", "pain.001.001.09", "--output", "made.xml", "--json"],
        &["send", good, "--json"],
        &["status", "A", "--json"],
        &["report", "--account", "LV68TREL1000000001001", "--json"],
        &["validate", "absent.xml", "--json"],
    ];
    for arguments in calls {
        let ran = run(tdam(arguments).current_dir(folder.path()));
        assert!(ran.out.ends_with("}\n"), "{arguments:?}: {:?} {}", ran.out, ran.err);
        let _: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    }
}
