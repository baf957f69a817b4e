//! Writes ZIP archives (PKWARE APPNOTE 6.3.9) that depend on nothing but their entries: no time, no owner, no extra fields.

use std::io::{self, Write as _};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// 1980-01-01, the first day that the format knows, as it writes days.
const DAY: u16 = 1 << 5 | 1;
const MIDNIGHT: u16 = 0;
/// Version 2.0: deflate.
const VERSION_NEEDED: u16 = 20;
/// The same, made on Unix: external attributes are a mode.
const VERSION_MADE_BY: u16 = 3 << 8 | VERSION_NEEDED;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
const DEFLATED: u16 = 8;
/// A regular file.
const REGULAR: u32 = 0o100_000;

/// A file in an archive.
pub(super) struct Entry {
    /// With `/` between folders.
    pub(super) name: String,
    pub(super) is_program: bool,
    pub(super) bytes: Vec<u8>,
}

/// The archive of these entries, by name.
pub(super) fn archive(mut entries: Vec<Entry>) -> io::Result<Vec<u8>> {
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for entry in &entries {
        let at = size(archive.len())?;
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&entry.bytes)?;
        let packed = packed.finish()?;
        let mut checksum = Crc::new();
        checksum.update(&entry.bytes);
        let name_length = u16::try_from(entry.name.len()).map_err(io::Error::other)?;

        // What both records have in common.
        let mut common = Vec::new();
        for number in [FLAGS, DEFLATED, MIDNIGHT, DAY] {
            common.extend(number.to_le_bytes());
        }
        for number in [checksum.sum(), size(packed.len())?, size(entry.bytes.len())?] {
            common.extend(number.to_le_bytes());
        }
        common.extend(name_length.to_le_bytes());
        // No extra field.
        common.extend(0_u16.to_le_bytes());

        archive.extend(b"PK\x03\x04");
        archive.extend(VERSION_NEEDED.to_le_bytes());
        archive.extend(&common);
        archive.extend(entry.name.as_bytes());
        archive.extend(packed);

        let mode = REGULAR | if entry.is_program { 0o755 } else { 0o644 };
        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION_MADE_BY.to_le_bytes());
        directory.extend(VERSION_NEEDED.to_le_bytes());
        directory.extend(&common);
        // No comment; on the first disk; no internal attributes.
        directory.extend([0; 6]);
        directory.extend((mode << 16).to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend(entry.name.as_bytes());
    }
    let (at, length) = (size(archive.len())?, size(directory.len())?);
    let count = u16::try_from(entries.len()).map_err(io::Error::other)?;
    archive.extend(directory);
    archive.extend(b"PK\x05\x06");
    // One disk.
    archive.extend([0; 4]);
    archive.extend(count.to_le_bytes());
    archive.extend(count.to_le_bytes());
    archive.extend(length.to_le_bytes());
    archive.extend(at.to_le_bytes());
    // No comment.
    archive.extend(0_u16.to_le_bytes());
    Ok(archive)
}

/// A length that the format can write.
fn size(length: usize) -> io::Result<u32> {
    u32::try_from(length).map_err(io::Error::other)
}
