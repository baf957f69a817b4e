//! The program `tdam`; the library of the same name holds all its code.

use std::process::ExitCode;

/// For all of the program, its C code too (SQLite, AWS-LC). The system's allocator keeps up to sixteen arenas on two cores, and in
/// each of them what large messages have freed. `allocator.c` has its settings.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Files of a command hold payments, keys or names of clients: no other user may read them.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    tdam::run()
}
