//! A layer between the server and its C library (`shim.c`) that lets one writing call fail.

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

/// Which call fails, and how.
pub(crate) struct Shim {
    library: PathBuf,
    folder: PathBuf,
    log: PathBuf,
    calls: &'static str,
    number: u64,
    error: (&'static str, &'static str),
    short: bool,
}

impl Shim {
    pub(crate) fn of_round(place: &Place, chance: &mut Chance) -> Shim {
        let log = place.folder().root().join(format!("failed-call-{}", place.round));
        let part = f64::from(u32::try_from(chance.below(1001)).unwrap()) / 1000.0;
        Shim {
            library: library(place.folder().root()),
            folder: place.folder().data().canonicalize().unwrap(),
            log,
            calls: CALLS[chance.below(CALLS.len())],
            number: CALLS_MAX.powf(part) as u64,
            error: ERRORS[chance.below(ERRORS.len())],
            short: chance.half(),
        }
    }

    pub(crate) fn stand_before(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", &self.library)
            .env("TDAM_SHIM_FOLDER", &self.folder)
            .env("TDAM_SHIM_LOG", &self.log)
            .env("TDAM_SHIM_CALLS", self.calls)
            .env("TDAM_SHIM_NUMBER", self.number.to_string())
            .env("TDAM_SHIM_ERRNO", self.error.1)
            .env("TDAM_SHIM_SHORT", if self.short { "1" } else { "" });
    }

    /// The call that failed and its file, once it has.
    pub(crate) fn failed(&self) -> Option<String> {
        fs::read_to_string(&self.log).ok().map(|line| line.trim_end().to_owned())
    }
}

impl fmt::Display for Shim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shim { calls, number, error, short, .. } = self;
        write!(f, "{} at call {number} of {calls:?}{}", error.0, if *short { ", writes cut in half" } else { "" })
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
