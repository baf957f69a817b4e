//! A wall clock that is wrong for one program: the attacks let it jump, and the conformance suite lets a client's be off.
//!
//! A layer before the C library (`wrong_clock.c`) shows it. The layer that distributions have for this looks symbols up when the
//! program's allocator first asks for the time, and so ends our program before it begins.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::attack::failed::Failed;

/// The machine's wall clock as a program sees it: wrong by the seconds that a file holds.
pub(crate) struct WrongClock {
    file: PathBuf,
    library: PathBuf,
}

impl WrongClock {
    /// One that is right as yet, with its files in this folder. Needs a C compiler.
    pub(crate) fn make(folder: &Path) -> Result<WrongClock, Failed> {
        let clock = WrongClock { file: folder.join("clock"), library: folder.join("clock.so") };
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src/wrong_clock.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&clock.library).arg(source);
        if !compiler.status()?.success() {
            return Err("wrong_clock.c does not compile".into());
        }
        clock.wrong_by(0)?;
        Ok(clock)
    }

    /// From now on it is wrong by so many seconds.
    pub(crate) fn wrong_by(&self, seconds: i64) -> Result<(), Failed> {
        // A program that reads it meanwhile sees one of the two.
        let next = self.file.with_extension("next");
        fs::write(&next, seconds.to_string())?;
        Ok(fs::rename(next, &self.file)?)
    }

    /// The environment of a program that is to see it.
    pub(crate) fn environment(&self) -> [(String, String); 2] {
        [("LD_PRELOAD", &self.library), ("TDAM_CLOCK_FILE", &self.file)]
            .map(|(name, path)| (name.to_owned(), path.to_string_lossy().into_owned()))
    }
}
