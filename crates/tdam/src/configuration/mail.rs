//! `[mail]`: who takes letters to contact persons about certificates and registrations that end.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mail::{Login, MailServer, MailServerSettings, Person};
use serde::{Deserialize, Serialize};

use super::support::Support;

/// Longest password that is read, in bytes.
const PASSWORD_BYTES_MAX: u64 = 1024;
/// Longest file of authorities that is read, in bytes.
const AUTHORITIES_BYTES_MAX: u64 = 1 << 20;

/// `[mail]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Mail {
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    pub authorities: PathBuf,
    pub user: String,
    pub password_file: PathBuf,
    pub from: String,
    pub from_name: String,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// It begins in the clear and goes on in TLS.
    StartTls,
    /// TLS from its first byte.
    Tls,
    /// Not at all.
    None,
}

impl Default for Mail {
    fn default() -> Mail {
        Mail {
            host: String::new(),
            port: 587,
            security: MailSecurity::StartTls,
            authorities: PathBuf::new(),
            user: String::new(),
            password_file: PathBuf::new(),
            from: String::new(),
            from_name: String::new(),
        }
    }
}

impl Mail {
    pub(super) fn resolve(&mut self, folder: &Path) {
        for path in [&mut self.authorities, &mut self.password_file] {
            // An empty path means none.
            if !path.as_os_str().is_empty() {
                *path = folder.join(&*path);
            }
        }
    }

    /// Who takes letters; `None` when no mail server is named. Says what is wrong in words for an operator.
    ///
    /// # Errors
    /// When a file cannot be read, or the keys contradict each other.
    pub fn settings(&self, support: &Support) -> Result<Option<exchange::Mail>, String> {
        if self.host.is_empty() {
            return Ok(None);
        }
        let security = match self.security {
            MailSecurity::StartTls => mail::Security::StartTls,
            MailSecurity::Tls => mail::Security::Tls,
            MailSecurity::None => mail::Security::None,
        };
        let authorities_pem = read_if_named(&self.authorities, AUTHORITIES_BYTES_MAX)?;
        let password = read_if_named(&self.password_file, PASSWORD_BYTES_MAX)?;
        let login = match (self.user.is_empty(), password) {
            (true, None) => None,
            (false, Some(password)) => {
                let text = String::from_utf8(password).map_err(|_| "mail.password_file is no text".to_owned())?;
                let password = text.lines().next().unwrap_or_default().to_owned();
                Some(Login { user: self.user.clone(), password })
            }
            _ => return Err("mail.user and mail.password_file need each other".to_owned()),
        };
        let settings = MailServerSettings {
            host: self.host.clone(),
            port: self.port,
            security,
            authorities_pem,
            login,
            from: Person { name: self.from_name.clone(), email: self.from.clone() },
        };
        let server = MailServer::new(settings).map_err(|error| format!("[mail]: {error}"))?;
        let support = rulebook::Language::ALL.map(|language| support.contact(language).to_string());
        Ok(Some(exchange::Mail { server: Arc::new(server), support }))
    }
}

fn read_if_named(path: &Path, bytes_max: u64) -> Result<Option<Vec<u8>>, String> {
    if path.as_os_str().is_empty() {
        return Ok(None);
    }
    let named = |error: std::io::Error| format!("{}: {error}", path.display());
    if fs::metadata(path).map_err(named)?.len() > bytes_max {
        return Err(format!("{} is longer than {bytes_max} bytes", path.display()));
    }
    fs::read(path).map(Some).map_err(named)
}
