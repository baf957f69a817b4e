//! The program `tdam`; all it does stands in the library of the same name.

use std::process::ExitCode;

fn main() -> ExitCode {
    tdam::run()
}
