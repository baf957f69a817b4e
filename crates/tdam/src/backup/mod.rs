//! Backups of an exchange: a folder that holds everything a new machine needs, and can prove that it is complete.
//!
//! ```text
//! BACKUP/manifest.json     what is in it, with sizes and SHA-256, and which state of the exchange it is
//! BACKUP/manifest.sha256   the hash of the manifest, as `sha256sum --check` reads it
//! BACKUP/data/             database and bodies
//! BACKUP/checkpoints.jsonl the signed checkpoints of the audit chain
//! BACKUP/tdam.toml, pki/   configuration, certificates and keys, where the exchange has them in its folder
//! ```
//!
//! The command makes a backup beside its place and moves it there when it is complete and checked, so a folder of that
//! name is always a complete backup; the same holds for a restored folder. Neither ever replaces anything.

pub(crate) mod files;
mod manifest;
mod origin;
mod restore;
mod verify;
mod write;

pub(crate) use manifest::Manifest;
pub(crate) use origin::{DataPlace, Origin};
pub(crate) use restore::{Restored, restore};
pub(crate) use verify::verify;
pub(crate) use write::{Keys, write};

use std::path::{Path, PathBuf};

use crate::terminal::Failure;

/// Why there is no backup, or nothing was restored.
#[derive(Debug)]
pub(crate) enum BackupError {
    /// It could not be done.
    Failed(Failure),
    /// The backup is not complete: one line for each finding.
    Damaged(Vec<String>),
}

impl From<Failure> for BackupError {
    fn from(failure: Failure) -> BackupError {
        BackupError::Failed(failure)
    }
}

impl From<store::StoreError> for BackupError {
    fn from(error: store::StoreError) -> BackupError {
        BackupError::Failed(Failure::service(error))
    }
}

/// Whether a folder is a backup, whole or not.
pub(crate) fn is_backup(folder: &Path) -> bool {
    [manifest::MANIFEST, manifest::MANIFEST_HASH].iter().any(|name| folder.join(name).is_file())
}

/// The data of a backup.
pub(crate) fn data(folder: &Path) -> PathBuf {
    folder.join(files::DATA)
}
