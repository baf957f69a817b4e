//! A layer between the server and its C library (`shim.c`) that lets one writing call fail, or ends the process at one call.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::chance::Chance;
use crate::server::Place;

/// A call fails among the first so many, each order of magnitude equally likely.
const CALLS_MAX: f64 = 3_000.0;
/// Linux: input/output error, no space left on device.
const ERRORS: [(&str, &str); 2] = [("EIO", "5"), ("ENOSPC", "28")];
/// All syncs, all writes, all truncations, and all of these together.
const CALLS: [&str; 4] = ["s", "w", "t", "swt"];

/// At which call something happens, and what.
pub(crate) struct Shim {
    library: PathBuf,
    folder: PathBuf,
    log: PathBuf,
    /// Calls count once this file exists.
    armed: PathBuf,
    database_port: u16,
    calls: &'static str,
    number: u64,
    happening: Happening,
}

#[derive(Clone, Copy)]
enum Happening {
    Fails {
        error: (&'static str, &'static str),
        short: bool,
    },
    /// Before or after the call.
    Kills(&'static str),
}

impl Shim {
    pub(crate) fn of_round(place: &Place, chance: &mut Chance) -> Shim {
        let part = f64::from(u32::try_from(chance.below(1001)).unwrap()) / 1000.0;
        let calls = CALLS[chance.below(CALLS.len())];
        let number = CALLS_MAX.powf(part) as u64;
        let happening = Happening::Fails { error: ERRORS[chance.below(ERRORS.len())], short: chance.half() };
        let shim = Shim::with(place, calls, number, happening);
        shim.arm();
        shim
    }

    /// Ends the process at such a call, counted from when it is armed.
    pub(crate) fn that_kills(place: &Place, calls: &'static str, number: u64, when: &'static str) -> Shim {
        Shim::with(place, calls, number, Happening::Kills(when))
    }

    fn with(place: &Place, calls: &'static str, number: u64, happening: Happening) -> Shim {
        let root = place.folder().root();
        Shim {
            library: library(root),
            folder: place.folder().data().canonicalize().unwrap(),
            log: root.join(format!("failed-call-{}", place.round)),
            armed: root.join(format!("armed-{}", place.round)),
            database_port: place.database_port(),
            calls,
            number,
            happening,
        }
    }

    /// Calls count from now on.
    pub(crate) fn arm(&self) {
        fs::write(&self.armed, "").unwrap();
    }

    pub(crate) fn stand_before(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", &self.library)
            .env("TDAM_SHIM_FOLDER", &self.folder)
            .env("TDAM_SHIM_LOG", &self.log)
            .env("TDAM_SHIM_CALLS", self.calls)
            .env("TDAM_SHIM_NUMBER", self.number.to_string())
            .env("TDAM_SHIM_ARMED", &self.armed)
            .env("TDAM_SHIM_DATABASE", self.database_port.to_string());
        match self.happening {
            Happening::Fails { error, short } => {
                command.env("TDAM_SHIM_ERRNO", error.1).env("TDAM_SHIM_SHORT", if short { "1" } else { "" })
            }
            Happening::Kills(when) => command.env("TDAM_SHIM_KILL", when),
        };
    }

    /// The call at which it happened and its file, once it has.
    pub(crate) fn failed(&self) -> Option<String> {
        fs::read_to_string(&self.log).ok().map(|line| line.trim_end().to_owned())
    }
}

impl fmt::Display for Shim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shim { calls, number, .. } = self;
        match self.happening {
            Happening::Fails { error, short } => {
                write!(
                    f,
                    "{} at call {number} of {calls:?}{}",
                    error.0,
                    if short { ", writes cut in half" } else { "" }
                )
            }
            Happening::Kills(when) => write!(f, "killed {when} call {number} of {calls:?}"),
        }
    }
}

/// The built layer. Rust code of this project is safe, so it is written in C.
fn library(root: &Path) -> PathBuf {
    let library = root.join("shim.so");
    if !library.exists() {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/crash/shim.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&library).arg(source);
        let built = compiler.arg("-ldl").status().expect("a C compiler");
        assert!(built.success(), "shim.c does not compile");
    }
    library
}
