//! Making a backup, also while a service is running.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use store::{Access, AtRest, Bodies};

use super::files::{CHECKPOINTS, DATA, UnfinishedFolder, files_below, stream, sync_folder, write_private};
use super::manifest::{File, Manifest};
use super::{BackupError, Origin};
use crate::terminal::{Failure, Phase, Terminal, words};

/// So many checkpoints are read at a time.
const CHECKPOINTS_AT_A_TIME: u32 = 1000;

/// Whether private keys are part of a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    Included,
    LeftOut,
}

/// The result of a backup.
pub(crate) struct Written {
    pub(crate) manifest: Manifest,
    /// Files that the configuration names outside its folder.
    pub(crate) elsewhere: Vec<PathBuf>,
    /// The database is of this older version: its invariants were not checked.
    pub(crate) only_structure_of_version: Option<i64>,
}

/// Makes a backup at a place where there is nothing yet.
pub(crate) fn write(origin: Origin, place: &Path, keys: Keys, terminal: &Terminal) -> Result<Written, BackupError> {
    let begun_at = Timestamp::now();
    let source = AtRest::open(&origin.data, Access::InUse)?;
    let unfinished = UnfinishedFolder::begin(place, false)?;
    let data = unfinished.folder().join(DATA);
    fs::create_dir(&data).map_err(Failure::output(&data))?;
    let mut bar = Phase::new(terminal, words::COPYING);
    source.copy_to(&data, &mut |done, all| bar.at(done, all))?;
    bar.end();
    let keys_left_out = copy_beside(&origin, &unfinished, keys)?;

    let copied = AtRest::open(&data, Access::Copy)?;
    let mut bar = Phase::new(terminal, words::CHECKING);
    let report = copied.check(Bodies::Read, &mut |done, all| bar.at(done, all))?;
    bar.end();
    if !report.problems.is_empty() {
        return Err(BackupError::Damaged(report.problems));
    }
    if report.only_structure_of_version.is_none() {
        write_checkpoints(&copied, unfinished.folder())?;
    }
    let mut manifest = Manifest::of(&copied.summary()?, begun_at, keys_left_out);
    drop(copied);
    manifest.files = hashed(unfinished.folder(), &origin, terminal)?;
    manifest.write(unfinished.folder())?;
    unfinished.complete()?;
    let only_structure_of_version = report.only_structure_of_version;
    Ok(Written { manifest, elsewhere: origin.elsewhere, only_structure_of_version })
}

/// Writes the signed checkpoints beside the data, so that the keeper of the backup can hold them against a later chain.
fn write_checkpoints(copied: &AtRest, folder: &Path) -> Result<(), Failure> {
    let mut text = String::new();
    let mut from = 1;
    loop {
        let page = copied.read(|reading| reading.checkpoints(from, CHECKPOINTS_AT_A_TIME)).map_err(Failure::service)?;
        let Some(last) = page.last() else { break };
        from = last.number.saturating_add(1);
        for stored in &page {
            text.push_str(&stored.checkpoint.to_json());
            text.push('\n');
        }
    }
    if text.is_empty() { Ok(()) } else { write_private(&folder.join(CHECKPOINTS), text.as_bytes()) }
}

/// Copies configuration, certificates and keys; returns the keys that were left out.
fn copy_beside(origin: &Origin, unfinished: &UnfinishedFolder, keys: Keys) -> Result<Vec<String>, Failure> {
    let mut left_out = Vec::new();
    for file in &origin.beside {
        if file.is_key && keys == Keys::LeftOut {
            left_out.push(file.path.clone());
            continue;
        }
        let bytes = fs::read(&file.from).map_err(Failure::input(&file.from))?;
        let to = unfinished.place_of(&file.path)?;
        write_private(&to, &bytes)?;
        to.parent().map_or(Ok(()), sync_folder)?;
    }
    Ok(left_out)
}

/// What lies in the folder, read back from it.
fn hashed(folder: &Path, origin: &Origin, terminal: &Terminal) -> Result<Vec<File>, Failure> {
    let paths = files_below(folder)?;
    let lengths: io::Result<Vec<u64>> = paths.iter().map(|path| Ok(folder.join(path).metadata()?.len())).collect();
    let all = lengths.map_err(Failure::input(folder))?.iter().sum();
    let mut bar = Phase::new(terminal, words::HASHING);
    let mut done = 0;
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let file = folder.join(&path);
        let mut tell = |bytes| {
            done += bytes;
            bar.at(done, all);
        };
        let (bytes, sha256) = stream(&file, &mut io::sink(), &mut tell).map_err(Failure::input(&file))?;
        let key = origin.beside.iter().any(|beside| beside.is_key && beside.path == path);
        files.push(File { path, bytes, sha256, key });
    }
    bar.end();
    Ok(files)
}
