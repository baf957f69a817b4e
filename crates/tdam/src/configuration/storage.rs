//! The place of the data: a folder, or a PostgreSQL database.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use serde::{Deserialize, Serialize};
use store::{PostgresOptions, StoreError};

/// Environment variable of a password without a file.
const PASSWORD: &str = "TDAM_STORE_PASSWORD";
const OWNER_PASSWORD: &str = "TDAM_STORE_OWNER_PASSWORD";

/// `[store]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Storage {
    pub url: String,
    pub owner_url: String,
    pub schema: String,
    pub identity: String,
    pub authority: PathBuf,
    pub password_file: PathBuf,
    pub owner_password_file: PathBuf,
    pub connections: usize,
    pub node_lease_seconds: u64,
}

impl Default for Storage {
    fn default() -> Storage {
        let options = PostgresOptions::new("");
        Storage {
            url: String::new(),
            owner_url: String::new(),
            schema: options.schema,
            identity: String::new(),
            authority: PathBuf::new(),
            password_file: PathBuf::new(),
            owner_password_file: PathBuf::new(),
            connections: options.writers,
            node_lease_seconds: options.lease.as_secs(),
        }
    }
}

impl Storage {
    /// Whether the data is in a database server, not in the folder.
    #[must_use]
    pub fn is_a_server(&self) -> bool {
        !self.url.is_empty()
    }

    pub(super) fn resolve(&mut self, folder: &Path) {
        for path in [&mut self.authority, &mut self.password_file, &mut self.owner_password_file] {
            // An empty path means none.
            if !path.as_os_str().is_empty() {
                *path = folder.join(&*path);
            }
        }
    }

    pub(super) fn options(&self) -> Result<PostgresOptions, StoreError> {
        Ok(PostgresOptions {
            owner_url: Some(self.owner_url.clone()).filter(|url| !url.is_empty()),
            password: password(&self.password_file, PASSWORD)?,
            owner_password: password(&self.owner_password_file, OWNER_PASSWORD)?,
            authority: Some(self.authority.clone()).filter(|path| !path.as_os_str().is_empty()),
            schema: self.schema.clone(),
            identity: Some(self.identity.clone()).filter(|identity| !identity.is_empty()),
            writers: self.connections,
            readers: self.connections,
            lease: Duration::from_secs(self.node_lease_seconds.max(1)),
            ..PostgresOptions::new(self.url.as_str())
        })
    }
}

/// The first line of the file, or the environment variable's value.
fn password(file: &Path, variable: &str) -> Result<Option<String>, StoreError> {
    if file.as_os_str().is_empty() {
        return Ok(env::var(variable).ok());
    }
    let what = format!("reading the password in {}", file.display());
    let text = fs::read_to_string(file).map_err(|error| StoreError::File { what, reason: error.to_string() })?;
    Ok(Some(text.lines().next().unwrap_or_default().to_owned()))
}
