//! Verifies every byte of a backup against its manifest.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::BackupError;
use super::files::{files_below, stream};
use super::manifest::{MANIFEST, MANIFEST_HASH, Manifest};
use crate::terminal::{Phase, Terminal, words};

/// Compares every file with the manifest, and the manifest with its hash.
pub(crate) fn verify(folder: &Path, terminal: &Terminal) -> Result<Manifest, BackupError> {
    let manifest = Manifest::read(folder)?.map_err(|problem| BackupError::Damaged(vec![problem]))?;
    let mut problems = Vec::new();
    let mut bar = Phase::new(terminal, words::CHECKING);
    let (mut done, all) = (0, manifest.bytes());
    for file in &manifest.files {
        let mut tell = |bytes| {
            done += bytes;
            bar.at(done, all);
        };
        let path = &file.path;
        match stream(&folder.join(path), &mut io::sink(), &mut tell) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => problems.push(format!("{path} is missing")),
            Err(error) => problems.push(format!("{path} cannot be read: {error}")),
            Ok((bytes, _)) if bytes != file.bytes => {
                problems.push(format!("{path} has {bytes} bytes of {}", file.bytes));
            }
            Ok((_, sha256)) if sha256 != file.sha256 => problems.push(format!("{path} is damaged")),
            Ok(_) => {}
        }
    }
    bar.end();
    let known: BTreeSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    let strange = files_below(folder)?
        .into_iter()
        .filter(|path| !known.contains(path.as_str()) && path != MANIFEST && path != MANIFEST_HASH);
    problems.extend(strange.map(|path| format!("{path} is no part of the backup")));
    if problems.is_empty() { Ok(manifest) } else { Err(BackupError::Damaged(problems)) }
}
