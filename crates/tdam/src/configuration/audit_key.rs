//! The audit key: its file, and how often it signs.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use audit::AuditKey;
use exchange::Checkpoints;
use pki::SeparateKey;
use serde::{Deserialize, Serialize};

use super::authority::passphrase_from;

/// `[audit]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Audit {
    pub key: PathBuf,
    pub passphrase_from: String,
    pub checkpoint_minutes: u32,
}

impl Default for Audit {
    fn default() -> Audit {
        Audit {
            key: PathBuf::new(),
            passphrase_from: String::new(),
            checkpoint_minutes: exchange::bounds::CHECKPOINT_MINUTES,
        }
    }
}

impl Audit {
    pub(super) fn resolve(&mut self, folder: &Path) {
        // An empty path means none.
        if !self.key.as_os_str().is_empty() {
            self.key = folder.join(&self.key);
        }
    }

    /// Reads the key; `None` when the configuration names none. Says what is wrong in words for an operator.
    ///
    /// # Errors
    /// When the file cannot be read, holds no such key, or the passphrase is missing or wrong.
    pub fn checkpoints(&self) -> Result<Option<Checkpoints>, String> {
        if self.key.as_os_str().is_empty() {
            return Ok(None);
        }
        let named = |error: &dyn std::fmt::Display| format!("audit.key {}: {error}", self.key.display());
        let pem = fs::read_to_string(&self.key).map_err(|error| named(&error))?;
        let key = if pki::is_encrypted(&pem) {
            let passphrase = passphrase_from(&self.passphrase_from, "audit").map_err(|error| named(&error))?;
            SeparateKey::from_encrypted_pem(&pem, &passphrase)
        } else {
            SeparateKey::from_pem(&pem)
        };
        let key = AuditKey::from_pkcs8(key.map_err(|error| named(&error))?.pkcs8()).map_err(|error| named(&error))?;
        let every = Duration::from_secs(u64::from(self.checkpoint_minutes.max(1)) * 60);
        Ok(Some(Checkpoints { key, every }))
    }
}
