//! The manifest of a backup.

use std::fs;
use std::path::{Component, Path};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::files::{self, Digest};
use crate::hexadecimal::hexadecimal;
use crate::terminal::Failure;

pub(crate) const MANIFEST: &str = "manifest.json";
pub(crate) const MANIFEST_HASH: &str = "manifest.sha256";

/// The layout described in the module's head; another one gets another number.
const FORMAT: u32 = 1;
/// Longest manifest that is read: a million bodies.
const MANIFEST_BYTES_MAX: u64 = 256 << 20;

/// The manifest of a backup.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    pub(crate) format: u32,
    /// Version of the program that made it.
    pub(crate) program: String,
    /// Version of the database's schema.
    pub(crate) schema: i64,
    /// When the backup began: it has all answers from before.
    pub(crate) begun_at: String,
    pub(crate) business_day: Option<String>,
    pub(crate) last_sequence: i64,
    pub(crate) audit_lines: i64,
    /// Hash of the last line of the audit chain.
    pub(crate) audit_head: String,
    pub(crate) last_message: Option<LastMessage>,
    /// Private keys that the exchange has in its folder and the backup has not.
    pub(crate) keys_left_out: Vec<String>,
    pub(crate) files: Vec<File>,
}

/// The message that was answered last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LastMessage {
    pub(crate) client: String,
    pub(crate) message_id: String,
    pub(crate) consumed_at: String,
}

/// A file of the backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// Relative to the backup, with `/`.
    pub(crate) path: String,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
    /// Whether it holds a private key.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) key: bool,
}

impl Manifest {
    pub(super) fn of(summary: &store::Summary, begun_at: Timestamp, keys_left_out: Vec<String>) -> Manifest {
        let last_message = summary.last_message.as_ref().map(|message| LastMessage {
            client: message.client.clone(),
            message_id: message.message_id.clone(),
            consumed_at: message.consumed_at.to_string(),
        });
        Manifest {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            schema: summary.schema,
            begun_at: begun_at.to_string(),
            business_day: summary.business_day.map(|day| day.to_string()),
            last_sequence: summary.last_sequence,
            audit_lines: summary.audit_lines,
            audit_head: hexadecimal(&summary.audit_head),
            last_message,
            keys_left_out,
            files: Vec::new(),
        }
    }

    /// Bytes of all its files.
    pub(crate) fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// Writes it, and its hash.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Failure> {
        let mut text = serde_json::to_string_pretty(self).map_err(Failure::service)?;
        text.push('\n');
        files::write_private(&folder.join(MANIFEST), text.as_bytes())?;
        let line = format!("{}  {MANIFEST}\n", hexadecimal(&Digest::of(text.as_bytes())));
        files::write_private(&folder.join(MANIFEST_HASH), line.as_bytes())
    }

    /// Reads it; `Ok(Err)` says what is wrong with it.
    pub(super) fn read(folder: &Path) -> Result<Result<Manifest, String>, Failure> {
        let path = folder.join(MANIFEST);
        let text = match fs::metadata(&path) {
            Ok(metadata) if metadata.len() > MANIFEST_BYTES_MAX => {
                return Ok(Err(format!("{MANIFEST} is longer than any manifest")));
            }
            Ok(_) => fs::read(&path).map_err(Failure::input(&path))?,
            Err(error) => return Ok(Err(format!("{MANIFEST} cannot be read: {error}"))),
        };
        let stated = match fs::read_to_string(folder.join(MANIFEST_HASH)) {
            Ok(stated) => stated,
            Err(error) => return Ok(Err(format!("{MANIFEST_HASH} cannot be read: {error}"))),
        };
        if stated != format!("{}  {MANIFEST}\n", hexadecimal(&Digest::of(&text))) {
            return Ok(Err(format!("{MANIFEST} is not what {MANIFEST_HASH} says: one of them is damaged")));
        }
        let manifest: Manifest = match serde_json::from_slice(&text) {
            Ok(manifest) => manifest,
            Err(error) => return Ok(Err(format!("{MANIFEST} is no manifest of this version: {error}"))),
        };
        if manifest.format != FORMAT {
            return Ok(Err(format!("{MANIFEST} has format {}, this program knows {FORMAT}", manifest.format)));
        }
        match manifest.files.iter().find(|file| !stays_inside(&file.path)) {
            Some(file) => Ok(Err(format!("{MANIFEST} names {:?}, which lies elsewhere", file.path))),
            None => Ok(Ok(manifest)),
        }
    }
}

/// Whether a path leads to a place inside the backup.
fn stays_inside(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}
