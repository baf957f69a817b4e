//! The issuing authority and the next one: their files, and where the passphrases of their keys come from.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{env, fs};

use exchange::{Issuing, NextAuthority, OutsideAuthority};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use pki::{CertificateAuthority, KeyInFile};
use rulebook::calendar::TREASURY_TIME_ZONE;
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
    pub next_certificate: PathBuf,
    pub next_key: PathBuf,
    pub next_passphrase_from: String,
    pub next_issues_from: String,
    pub published_days: u32,
    pub passphrase_from: String,
    pub certificate_days: u32,
    pub revocation_list_hours: u32,
    pub outside: Vec<PathBuf>,
}

impl Default for Authority {
    fn default() -> Authority {
        Authority {
            issuing_certificate: PathBuf::new(),
            issuing_key: PathBuf::new(),
            next_certificate: PathBuf::new(),
            next_key: PathBuf::new(),
            next_passphrase_from: String::new(),
            next_issues_from: String::new(),
            published_days: exchange::bounds::AUTHORITY_PUBLISHED_DAYS,
            passphrase_from: String::new(),
            certificate_days: exchange::bounds::CERTIFICATE_DAYS,
            revocation_list_hours: exchange::bounds::REVOCATION_LIST_HOURS,
            outside: Vec::new(),
        }
    }
}

impl Authority {
    pub(super) fn resolve(&mut self, folder: &Path) {
        let Authority { issuing_certificate, issuing_key, next_certificate, next_key, outside, .. } = self;
        for path in [issuing_certificate, issuing_key, next_certificate, next_key].into_iter().chain(outside) {
            // An empty path means none.
            if !path.as_os_str().is_empty() {
                *path = folder.join(&*path);
            }
        }
    }

    /// Reads the authorities; `None` when the configuration names none. Says what is wrong in words for an operator.
    ///
    /// # Errors
    /// When a file cannot be read, they do not belong together, or a passphrase is missing or wrong.
    pub fn issuing(&self) -> Result<Option<Issuing>, String> {
        if is_empty(&self.issuing_certificate) || is_empty(&self.issuing_key) {
            return if is_empty(&self.next_certificate) {
                Ok(None)
            } else {
                Err("authority.next_certificate names a next authority, and there is none before it: name it as authority.issuing_certificate".to_owned())
            };
        }
        let authority = Pair {
            certificate: ("authority.issuing_certificate", &self.issuing_certificate),
            key: ("authority.issuing_key", &self.issuing_key),
            passphrase_from: &self.passphrase_from,
        };
        let next = (!is_empty(&self.next_certificate)).then(|| Pair {
            certificate: ("authority.next_certificate", &self.next_certificate),
            key: ("authority.next_key", &self.next_key),
            passphrase_from: &self.next_passphrase_from,
        });
        let next = next.map(|next| {
            Ok::<_, String>(NextAuthority { authority: next.load()?, issues_from: self.next_issues_from()? })
        });
        Ok(Some(Issuing {
            authority: authority.load()?,
            next: next.transpose()?,
            published_days: self.published_days,
            certificate_days: self.certificate_days.max(1),
            revocation_list_valid: Duration::from_secs(u64::from(self.revocation_list_hours.max(1)) * 3600),
        }))
    }

    /// When the next authority begins to issue; never, where nothing is said.
    fn next_issues_from(&self) -> Result<Timestamp, String> {
        let said = &self.next_issues_from;
        if said.is_empty() {
            return Ok(Timestamp::MAX);
        }
        let wrong =
            |error: jiff::Error| format!("authority.next_issues_from = {said:?} is no day such as 2027-03-01: {error}");
        let day: Date = said.parse().map_err(wrong)?;
        let begin = day.to_datetime(Time::midnight()).to_zoned_datetime(TREASURY_TIME_ZONE.clone());
        Ok(begin.map_err(wrong)?.timestamp())
    }

    /// The certificates that clients have to trust beside those of `tls.client_authority`, PEM: the next authority's.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next_bundle(&self) -> Result<String, String> {
        if is_empty(&self.next_certificate) { Ok(String::new()) } else { read(&self.next_certificate) }
    }

    /// The authorities of other houses whose certificates online users may have.
    ///
    /// # Errors
    /// When a file cannot be read, or its first certificate is none of an authority.
    pub fn outside_authorities(&self) -> Result<Vec<OutsideAuthority>, String> {
        self.outside.iter().map(|path| outside_authority(path)).collect()
    }

    /// What the files hold now, as a digest: another one means that there is something to take up.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn state(&self) -> Result<[u8; 32], String> {
        let mut all = format!("{:?}", Authority { outside: Vec::new(), ..self.clone() });
        let Authority { issuing_certificate, issuing_key, next_certificate, next_key, .. } = self;
        for path in [issuing_certificate, issuing_key, next_certificate, next_key] {
            if !is_empty(path) {
                all += &read(path)?;
            }
        }
        Ok(pki::fingerprint(all.as_bytes()))
    }

    /// Whether the keys can be read again while the service runs: a passphrase that was typed in or came by a file descriptor is gone.
    pub(crate) fn can_be_read_again(&self) -> bool {
        let of_next = Some(&self.next_passphrase_from).filter(|_| !is_empty(&self.next_certificate));
        [Some(&self.passphrase_from), of_next]
            .into_iter()
            .flatten()
            .all(|source| source.is_empty() || source.starts_with("env:"))
    }
}

fn outside_authority(path: &Path) -> Result<OutsideAuthority, String> {
    let wrong = |error: pki::PkiError| format!("authority.outside {}: {error}", path.display());
    let mut all = pki::certificates_der(&read(path)?).map_err(wrong)?.into_iter();
    let certificate = all.next().ok_or(pki::PkiError::NotPem).map_err(wrong)?;
    let key_identifier = pki::authority_key_identifier_of(&certificate).map_err(wrong)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(OutsideAuthority { name, certificate, above: all.collect(), key_identifier })
}

fn is_empty(path: &Path) -> bool {
    path.as_os_str().is_empty()
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// An authority's two files, each by its key of the configuration.
struct Pair<'a> {
    certificate: (&'static str, &'a Path),
    key: (&'static str, &'a Path),
    passphrase_from: &'a str,
}

impl Pair<'_> {
    fn load(&self) -> Result<Arc<CertificateAuthority>, String> {
        let Pair { certificate, key, passphrase_from: source } = self;
        let named = |error: pki::PkiError| {
            format!("{error} ({} {}, {} {})", certificate.0, certificate.1.display(), key.0, key.1.display())
        };
        let (certificate, key) = (read(certificate.1)?, read(key.1)?);
        let key = if pki::is_encrypted(&key) {
            KeyInFile::from_encrypted_pem(&key, &passphrase_from(source, "authority")?)
        } else {
            KeyInFile::from_pem(&key)
        };
        let authority = CertificateAuthority::load(&certificate, Box::new(key.map_err(named)?)).map_err(named)?;
        Ok(Arc::new(authority))
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
