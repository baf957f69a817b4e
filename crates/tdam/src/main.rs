//! The program `tdam`; all it does stands in the library of the same name.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Whatever a command writes holds payments, keys or names of clients: nobody else may read it.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    tdam::run()
}
