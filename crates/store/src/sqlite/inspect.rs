//! Inspects a database file before SQLite does: SQLite takes an empty file for a new database, makes a missing one, and
//! notices a truncated file only when it needs the missing part.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::files::{APPLICATION_ID, DATABASE_FILE};
use super::wal;
use crate::StoreError;

/// Bytes of the header of a database file (<https://www.sqlite.org/fileformat.html>, 1.3).
const HEADER_BYTES: usize = 100;
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Where things stand in it.
const PAGE_BYTES_AT: usize = 16;
const CHANGES_AT: usize = 24;
const PAGES_AT: usize = 28;
const APPLICATION_AT: usize = 68;
const PAGES_VALID_FOR_AT: usize = 92;

/// Refuses a folder without a database of ours, and one whose file is empty or cut off or whose log is damaged.
/// Changes nothing.
pub(super) fn refuse_unless_ours(folder: &Path) -> Result<(), StoreError> {
    let path = folder.join(DATABASE_FILE);
    let wrong = |reason: String| Err(StoreError::WrongDatabase { file: path.clone(), reason });
    const PUT_BACK: &str = "Put the database back (tdam restore, or the file that was moved away), or correct `data` in the \
                            configuration; only `tdam init` makes a new one. Nothing was changed";
    let metadata = match fs::metadata(&path) {
        Ok(metadata) if metadata.is_file() => metadata,
        Ok(_) => return wrong(format!("is no file. {PUT_BACK}")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return wrong(format!("does not exist. {PUT_BACK}"));
        }
        Err(error) => return Err(StoreError::file("opening", &path, &error)),
    };
    if metadata.len() == 0 {
        return wrong(format!("is empty. {PUT_BACK}"));
    }
    let mut header = [0; HEADER_BYTES];
    let read = File::open(&path).and_then(|mut file| file.read_exact(&mut header));
    match read {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            return wrong(format!("is cut off after {} bytes. {PUT_BACK}", metadata.len()));
        }
        Err(error) => return Err(StoreError::file("reading", &path, &error)),
    }
    if header[..MAGIC.len()] != *MAGIC {
        return wrong(format!("is no SQLite database. {PUT_BACK}"));
    }
    wal::refuse_damaged(&log(folder))?;
    // The log takes precedence over the header: SQLite reads both, and reports other faults itself.
    if has_log(folder) {
        return Ok(());
    }
    if i64::from(number(&header, APPLICATION_AT)) != APPLICATION_ID {
        return wrong(format!("is a database of another program. {PUT_BACK}"));
    }
    let needed = bytes_needed(&header);
    if metadata.len() < needed {
        return wrong(format!("is cut off: it has {} bytes of {needed}. {PUT_BACK}", metadata.len()));
    }
    Ok(())
}

/// Whether something may stand in the log that is not in the database yet.
pub(super) fn has_log(folder: &Path) -> bool {
    fs::metadata(log(folder)).is_ok_and(|log| log.len() > 0)
}

/// The write-ahead log.
fn log(folder: &Path) -> PathBuf {
    folder.join(format!("{DATABASE_FILE}-wal"))
}

/// The length that the file must have; 0 when the header does not state it.
fn bytes_needed(header: &[u8; HEADER_BYTES]) -> u64 {
    if number(header, CHANGES_AT) != number(header, PAGES_VALID_FOR_AT) {
        return 0;
    }
    let page = u64::from(u16::from_be_bytes([header[PAGE_BYTES_AT], header[PAGE_BYTES_AT + 1]]));
    // 65536 does not fit, and is written as 1.
    let page = if page == 1 { 65_536 } else { page };
    page * u64::from(number(header, PAGES_AT))
}

fn number(header: &[u8; HEADER_BYTES], at: usize) -> u32 {
    u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
}
