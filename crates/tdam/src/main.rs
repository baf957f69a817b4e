//! The program `tdam`; the library of the same name holds all its code.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Files of a command hold payments, keys or names of clients: no other user may read them.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    tdam::run()
}
