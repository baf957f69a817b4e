//! What the service gives out to everybody, and the key that signs it.

use std::fs;
use std::path::{Path, PathBuf};

use pki::SeparateKey;
use serde::{Deserialize, Serialize};

use super::authority::passphrase_from;

/// `[publication]`
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Publication {
    pub key: PathBuf,
    pub passphrase_from: String,
}

/// `[libraries]`
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Libraries {
    pub folder: PathBuf,
}

impl Publication {
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
    pub fn signing_key(&self) -> Result<Option<SeparateKey>, String> {
        if self.key.as_os_str().is_empty() {
            return Ok(None);
        }
        let named = |error: &dyn std::fmt::Display| format!("publication.key {}: {error}", self.key.display());
        let pem = fs::read_to_string(&self.key).map_err(|error| named(&error))?;
        let key = if pki::is_encrypted(&pem) {
            let passphrase = passphrase_from(&self.passphrase_from, "publication").map_err(|error| named(&error))?;
            SeparateKey::from_encrypted_pem(&pem, &passphrase)
        } else {
            SeparateKey::from_pem(&pem)
        };
        Ok(Some(key.map_err(|error| named(&error))?))
    }
}

impl Libraries {
    pub(super) fn resolve(&mut self, folder: &Path) {
        // An empty path means none.
        if !self.folder.as_os_str().is_empty() {
            self.folder = folder.join(&self.folder);
        }
    }
}
