//! Checks the write-ahead log for damage before SQLite opens it.
//!
//! SQLite reads the log up to the first frame with a wrong checksum, and takes that for the end: after a power cut,
//! writing stopped there. But the store answered commits only when their frames were on the disk, one after another. So
//! if a whole transaction and the beginning of a next one follow the wrong frame, the frame was once right, and SQLite
//! would forget answered transactions. Then the store must not continue.
//!
//! ```text
//!  header │ frame frame frame* │ frame frame* │ frame    * ends a transaction
//!                   ▲                           ▲
//!                   wrong checksum              of the same generation: an answered transaction stands before it
//! ```
//!
//! Blind spot: damage in the last transaction of the log looks like an unfinished transaction. Format: "The SQLite
//! database file format", section 4.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use crate::StoreError;

const HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;
/// In front of the two words of a log whose checksums take words in little-endian order; one more: big-endian.
const MAGIC: u32 = 0x377f_0682;
const PAGE_BYTES_MAX: usize = 65_536;

/// Fails when the log has lost answered transactions. A service may be writing the log, so that a reader sees frames of
/// different times; real damage looks the same twice.
pub(super) fn refuse_damaged(log: &Path) -> Result<(), StoreError> {
    let look = || {
        let found = match File::open(log) {
            Ok(file) => damage(&mut BufReader::new(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        };
        found.map_err(|error| StoreError::file("reading", log, &error))
    };
    let Some(first) = look()? else { return Ok(()) };
    match look()? {
        Some(what) if what == first => Err(StoreError::Corrupt(format!(
            "{}: {what}. Commits after that place would be lost without a word. Keep a copy of the folder and restore a backup; only \
             who accepts that these commits are lost removes the file",
            log.display()
        ))),
        _ => Ok(()),
    }
}

/// The damage of a log.
fn damage(log: &mut impl Read) -> io::Result<Option<String>> {
    let mut header = [0; HEADER_BYTES];
    if !filled(log, &mut header)? {
        return Ok(None);
    }
    let word = |place: usize| word(&header, place);
    let (magic, page_bytes) = (word(0), word(8) as usize);
    let is_header = magic & !1 == MAGIC && page_bytes.is_power_of_two() && (512..=PAGE_BYTES_MAX).contains(&page_bytes);
    let is_big_endian = magic & 1 == 1;
    let mut sum = checksum((0, 0), &header[..24], is_big_endian);
    if !is_header || sum != (word(24), word(28)) {
        // A log is begun anew by writing the header first, when all that it had is in the database.
        let mut frame = [0; FRAME_HEADER_BYTES];
        return Ok(filled(log, &mut frame)?.then(|| "its header is damaged".to_owned()));
    }
    let mut frame = vec![0; FRAME_HEADER_BYTES + page_bytes];
    let (mut number, mut wrong, mut ended_since) = (0_u64, None, false);
    while filled(log, &mut frame)? {
        number += 1;
        // Frames of an earlier generation are remains from before the log began anew.
        if frame[8..16] != header[16..24] {
            if wrong.is_none() {
                wrong = Some(number);
            }
            continue;
        }
        if let Some(place) = wrong {
            if ended_since {
                return Ok(Some(format!("frame {place} is damaged, and answered transactions follow it")));
            }
            ended_since = self::word(&frame, 4) != 0;
            continue;
        }
        let (head, page) = frame.split_at(FRAME_HEADER_BYTES);
        sum = checksum(checksum(sum, &head[..8], is_big_endian), page, is_big_endian);
        if sum != (self::word(head, 16), self::word(head, 20)) {
            wrong = Some(number);
            ended_since = self::word(head, 4) != 0;
        }
    }
    Ok(None)
}

/// Fills the buffer; `false` when there are not as many bytes.
fn filled(log: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match log.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

fn word(bytes: &[u8], place: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[place..place + 4]);
    u32::from_be_bytes(word)
}

/// The log's own checksum over pairs of words, going on from an earlier one.
fn checksum((mut first, mut second): (u32, u32), bytes: &[u8], is_big_endian: bool) -> (u32, u32) {
    for pair in bytes.chunks_exact(8) {
        let read = |part: &[u8]| {
            let mut word = [0; 4];
            word.copy_from_slice(part);
            if is_big_endian { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) }
        };
        first = first.wrapping_add(read(&pair[..4])).wrapping_add(second);
        second = second.wrapping_add(read(&pair[4..])).wrapping_add(first);
    }
    (first, second)
}
