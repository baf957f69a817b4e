//! The program as people and scripts meet it: arguments in, text and exit code out. No exchange is needed here.
#![allow(clippy::unwrap_used, missing_docs)]

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
