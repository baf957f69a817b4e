//! Standard input in place of a file.

use std::io::Read as _;
use std::path::Path;

use crate::terminal::Failure;

/// Longest standard input that is sent, in bytes: it is held in memory, so that it can be sent again.
const STDIN_BYTES_MAX: u64 = 1 << 30;

/// Reads it to its end.
pub(super) fn read_stdin() -> Result<Vec<u8>, Failure> {
    let path = Path::new("-");
    let mut bytes = Vec::new();
    let input = std::io::stdin().lock();
    input.take(STDIN_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(Failure::input(path))?;
    if bytes.len() as u64 > STDIN_BYTES_MAX {
        return Err(Failure::Usage(format!("standard input is longer than {STDIN_BYTES_MAX} bytes; send a file")));
    }
    Ok(bytes)
}
