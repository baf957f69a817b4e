//! Writes archives (POSIX ustar) that depend on nothing but their entries: sorted by name, of root, all with one time.

use std::collections::BTreeSet;
use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

const BLOCK_BYTES: usize = 512;
/// The fields of a header, where they begin and how long they are.
const NAME_BYTES: usize = 100;
const PREFIX_AT: usize = 345;
const PREFIX_BYTES: usize = 155;
const CHECKSUM_AT: usize = 148;
const CHECKSUM_BYTES: usize = 8;
const FOLDER_MODE: u32 = 0o755;

/// A file in an archive.
pub(super) struct Entry {
    /// With `/` between folders, and none in front.
    pub(super) name: String,
    pub(super) mode: u32,
    pub(super) bytes: Vec<u8>,
}

/// The archive of these entries below a folder (`.` for none), with the folders that they lie in, compressed.
pub(super) fn compressed(below: &str, entries: &[Entry], seconds: u64) -> io::Result<Vec<u8>> {
    let mut order: Vec<&Entry> = entries.iter().collect();
    order.sort_by(|one, other| one.name.cmp(&other.name));
    // Neither a name nor a time in the header of gzip.
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    let mut folders = BTreeSet::new();
    for entry in order {
        let path = format!("{below}/{}", entry.name);
        for (at, _) in path.match_indices('/') {
            let folder = path.get(..=at).unwrap_or_default().to_owned();
            if folders.insert(folder.clone()) {
                out.write_all(&header(&folder, FOLDER_MODE, 0, seconds, b'5')?)?;
            }
        }
        out.write_all(&header(&path, entry.mode, entry.bytes.len(), seconds, b'0')?)?;
        out.write_all(&entry.bytes)?;
        out.write_all(&vec![0; entry.bytes.len().next_multiple_of(BLOCK_BYTES) - entry.bytes.len()])?;
    }
    // Two empty blocks are the end.
    out.write_all(&[0; 2 * BLOCK_BYTES])?;
    out.finish()
}

fn header(path: &str, mode: u32, length: usize, seconds: u64, kind: u8) -> io::Result<[u8; BLOCK_BYTES]> {
    let (prefix, name) = split(path).ok_or_else(|| io::Error::other(format!("{path} is too long for an archive")))?;
    let mut header = [0; BLOCK_BYTES];
    let mut put = |at: usize, text: &[u8]| -> io::Result<()> {
        let place = header.get_mut(at..at + text.len()).ok_or_else(|| io::Error::other("a field does not fit"))?;
        place.copy_from_slice(text);
        Ok(())
    };
    put(0, name.as_bytes())?;
    put(100, format!("{mode:07o}\0").as_bytes())?;
    // User and group 0.
    put(108, b"0000000\0")?;
    put(116, b"0000000\0")?;
    put(124, octal(length as u64)?.as_bytes())?;
    put(136, octal(seconds)?.as_bytes())?;
    // The checksum counts its own place as spaces.
    put(CHECKSUM_AT, &[b' '; CHECKSUM_BYTES])?;
    put(156, &[kind])?;
    put(257, b"ustar\x0000")?;
    put(265, b"root")?;
    put(297, b"root")?;
    put(PREFIX_AT, prefix.as_bytes())?;
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    let checksum = format!("{sum:06o}\0 ");
    if let Some(place) = header.get_mut(CHECKSUM_AT..CHECKSUM_AT + CHECKSUM_BYTES) {
        place.copy_from_slice(checksum.as_bytes());
    }
    Ok(header)
}

/// Eleven octal digits, and what ends them.
fn octal(number: u64) -> io::Result<String> {
    let text = format!("{number:011o}\0");
    if text.len() == 12 { Ok(text) } else { Err(io::Error::other("a number does not fit")) }
}

/// A path as prefix and name, each within its field.
fn split(path: &str) -> Option<(&str, &str)> {
    if path.len() <= NAME_BYTES {
        return Some(("", path));
    }
    path.match_indices('/')
        .map(|(at, _)| (path.get(..at).unwrap_or_default(), path.get(at + 1..).unwrap_or_default()))
        .find(|(prefix, name)| prefix.len() <= PREFIX_BYTES && (1..=NAME_BYTES).contains(&name.len()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use super::*;

    fn entry(name: &str, bytes: &[u8]) -> Entry {
        Entry { name: name.to_owned(), mode: if bytes.starts_with(b"#!") { 0o755 } else { 0o644 }, bytes: bytes.into() }
    }

    /// GNU tar lists what was put in, whatever its order was, also names beyond the first field.
    #[test]
    fn another_program_reads_the_archive_and_the_order_of_entries_changes_nothing() {
        let long = format!("{}/{}", "folder-of-sixty-bytes-".repeat(3), "file-of-sixty-bytes-".repeat(3));
        let entries = || vec![entry("b/two.txt", &[7; 513]), entry("a.sh", b"#!/bin/sh\n"), entry(&long, b"")];
        let made = compressed("top", &entries(), 1_000_000_000).unwrap();
        let reversed: Vec<Entry> = entries().into_iter().rev().collect();
        assert!(made == compressed("top", &reversed, 1_000_000_000).unwrap());

        let mut tar = Command::new("tar");
        tar.args(["--list", "--verbose", "--full-time", "--utc", "--gzip"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut tar = tar.spawn().unwrap();
        tar.stdin.take().unwrap().write_all(&made).unwrap();
        let output = tar.wait_with_output().unwrap();
        assert!(output.status.success());
        let listed = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<String> =
            listed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        let (folder, _) = long.rsplit_once('/').unwrap();
        let time = "2001-09-09 01:46:40";
        assert_eq!(
            lines,
            [
                format!("drwxr-xr-x root/root 0 {time} top/"),
                format!("-rwxr-xr-x root/root 10 {time} top/a.sh"),
                format!("drwxr-xr-x root/root 0 {time} top/b/"),
                format!("-rw-r--r-- root/root 513 {time} top/b/two.txt"),
                format!("drwxr-xr-x root/root 0 {time} top/{folder}/"),
                format!("-rw-r--r-- root/root 0 {time} top/{long}"),
            ]
        );
    }

    #[test]
    fn a_name_that_does_not_fit_is_an_error() {
        assert!(compressed(".", &[entry(&"x".repeat(101), b"")], 0).is_err());
        assert!(compressed(".", &[entry("x", b"")], u64::MAX).is_err());
    }
}
