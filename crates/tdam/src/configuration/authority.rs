//! The issuing authority: its files, and where the passphrase of its key comes from.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{env, fs};

use exchange::Issuing;
use pki::{CertificateAuthority, KeyInFile};
use serde::{Deserialize, Serialize};

/// Longest passphrase that is read, in bytes.
const PASSPHRASE_BYTES_MAX: u64 = 1024;

/// `[authority]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Authority {
    pub issuing_certificate: PathBuf,
    pub issuing_key: PathBuf,
    pub passphrase_from: String,
    pub certificate_days: u32,
    pub revocation_list_hours: u32,
}

impl Default for Authority {
    fn default() -> Authority {
        Authority {
            issuing_certificate: PathBuf::new(),
            issuing_key: PathBuf::new(),
            passphrase_from: String::new(),
            certificate_days: exchange::bounds::CERTIFICATE_DAYS,
            revocation_list_hours: exchange::bounds::REVOCATION_LIST_HOURS,
        }
    }
}

impl Authority {
    pub(super) fn resolve(&mut self, folder: &Path) {
        for path in [&mut self.issuing_certificate, &mut self.issuing_key] {
            // An empty path means none.
            if !path.as_os_str().is_empty() {
                *path = folder.join(&*path);
            }
        }
    }

    /// Reads the authority; `None` when the configuration names none. Says what is wrong in words for an operator.
    ///
    /// # Errors
    /// When a file cannot be read, they do not belong together, or the passphrase is missing or wrong.
    pub fn issuing(&self) -> Result<Option<Issuing>, String> {
        if self.issuing_certificate.as_os_str().is_empty() || self.issuing_key.as_os_str().is_empty() {
            return Ok(None);
        }
        let read = |path: &Path| fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
        let (certificate, key) = (read(&self.issuing_certificate)?, read(&self.issuing_key)?);
        let named = |error: pki::PkiError| {
            format!(
                "{error} (authority.issuing_certificate {}, authority.issuing_key {})",
                self.issuing_certificate.display(),
                self.issuing_key.display()
            )
        };
        let key = if pki::is_encrypted(&key) {
            KeyInFile::from_encrypted_pem(&key, &passphrase_from(&self.passphrase_from, "authority")?)
        } else {
            KeyInFile::from_pem(&key)
        };
        let authority = CertificateAuthority::load(&certificate, Box::new(key.map_err(named)?)).map_err(named)?;
        Ok(Some(Issuing {
            authority: Arc::new(authority),
            certificate_days: self.certificate_days.max(1),
            revocation_list_valid: Duration::from_secs(u64::from(self.revocation_list_hours.max(1)) * 3600),
        }))
    }
}

/// The passphrase from where a text says: `env:NAME`, `fd:N` (a file descriptor that the process got), `prompt` (the terminal). `section`
/// is that of the configuration whose key it opens.
pub(crate) fn passphrase_from(source: &str, section: &str) -> Result<String, String> {
    match source.split_once(':') {
        Some(("env", name)) => env::var(name)
            .map_err(|_| format!("the environment has no passphrase of the key of [{section}]: set {name}")),
        Some(("fd", number)) if number.parse::<u16>().is_ok() => {
            let path = format!("/proc/self/fd/{number}");
            let failed = |error| format!("the passphrase cannot be read from the file descriptor {number}: {error}");
            let mut text = String::new();
            let file = fs::File::open(path).map_err(failed)?;
            file.take(PASSPHRASE_BYTES_MAX).read_to_string(&mut text).map_err(failed)?;
            Ok(text.lines().next().unwrap_or_default().to_owned())
        }
        None if source == "prompt" => {
            let terminal = console::Term::stderr();
            let asked = terminal
                .write_str(&format!("Passphrase of the key of [{section}]: "))
                .and_then(|()| terminal.read_secure_line());
            asked.map_err(|error| format!("the passphrase cannot be asked for: {error}"))
        }
        _ => Err(format!(
            "{section}.passphrase_from = {source:?}: the key is encrypted, so say env:NAME, fd:N or prompt"
        )),
    }
}
