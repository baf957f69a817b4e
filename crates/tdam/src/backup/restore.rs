//! Restoring: a new folder from a complete backup, marked as restored: no service serves from it before later revocations are known.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use store::{Access, AtRest, Bodies};

use super::files::{DATA, UnfinishedFolder, create, stream, sync_folder};
use super::manifest::Manifest;
use super::{BackupError, DataPlace, Origin, verify};
use crate::terminal::{Failure, Phase, Terminal, words};

/// The result of a restore.
pub(crate) struct Restored {
    pub(crate) manifest: Manifest,
    /// Where the restored configuration names data, if not in the restored folder.
    pub(crate) configured_elsewhere: Option<PathBuf>,
    /// The database is of this older version: its invariants are checked once it is migrated.
    pub(crate) only_structure_of_version: Option<i64>,
}

/// Restores a backup into a folder that does not exist, or is empty.
pub(crate) fn restore(backup: &Path, place: &Path, terminal: &Terminal) -> Result<Restored, BackupError> {
    let manifest = verify(backup, terminal)?;
    let unfinished = UnfinishedFolder::begin(place, true)?;
    let mut bar = Phase::new(terminal, words::COPYING);
    let (mut done, all) = (0, manifest.bytes());
    for file in &manifest.files {
        let (from, to) = (backup.join(&file.path), unfinished.place_of(&file.path)?);
        let mut written = create(&to, file.key)?;
        let mut tell = |bytes| {
            done += bytes;
            bar.at(done, all);
        };
        let (_, sha256) = stream(&from, &mut written, &mut tell).map_err(Failure::output(&to))?;
        // It was whole a moment ago.
        if sha256 != file.sha256 {
            return Err(BackupError::Damaged(vec![format!("{} is damaged", file.path)]));
        }
        written.sync_all().map_err(Failure::output(&to))?;
        to.parent().map_or(Ok(()), sync_folder)?;
    }
    bar.end();
    let mut bar = Phase::new(terminal, words::CHECKING);
    let data = unfinished.folder().join(DATA);
    let report = AtRest::open(&data, Access::Copy)?.check(Bodies::Read, &mut |done, all| bar.at(done, all))?;
    bar.end();
    if !report.problems.is_empty() {
        return Err(BackupError::Damaged(report.problems));
    }
    let as_of = manifest.begun_at.parse().map_err(Failure::service)?;
    store::mark_restored(&data, Timestamp::now(), as_of)?;
    unfinished.complete()?;
    let expected = place.join(DATA);
    let configured = match Origin::find(place) {
        Ok(DataPlace::Folder(origin)) => Some(origin.data),
        _ => None,
    };
    let configured_elsewhere = configured.filter(|data| *data != expected && *data != place);
    Ok(Restored { manifest, configured_elsewhere, only_structure_of_version: report.only_structure_of_version })
}
