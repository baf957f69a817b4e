//! The source of a message: a file, or a stream, packed by gzip or not (the exchange takes both).

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

/// The first bytes of what gzip packed (RFC 1952).
const GZIP_START: [u8; 2] = [0x1F, 0x8B];

/// Opens a file.
pub(crate) fn file(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    Ok(file)
}

/// The document in a stream, unpacked as it is read: its length does not matter to memory.
pub(crate) fn document<'r>(mut packed: impl Read + 'r) -> io::Result<Box<dyn Read + 'r>> {
    let mut start = Vec::with_capacity(GZIP_START.len());
    packed.by_ref().take(GZIP_START.len() as u64).read_to_end(&mut start)?;
    let is_gzip = start == GZIP_START;
    let whole = io::Cursor::new(start).chain(packed);
    Ok(if is_gzip { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) })
}
