//! Certificates and keys of authorities, as the commands read and write them.

use std::path::Path;

use pki::{AuthorityKey, CertificateAuthority, KeyInFile};

use crate::configuration::passphrase_from;
use crate::terminal::Failure;

pub(super) fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(Failure::input(path))
}

/// A file as the configuration names it from wherever it lies: a relative path in it would begin at its own folder.
pub(super) fn named(path: &Path) -> Result<String, Failure> {
    Ok(std::path::absolute(path).map_err(Failure::input(path))?.display().to_string())
}

/// A key in a file, with its passphrase where it is encrypted.
pub(super) fn key(path: &Path, source: &str) -> Result<Box<dyn AuthorityKey>, Failure> {
    let pem = read(path)?;
    let wrong = |error: pki::PkiError| Failure::Usage(format!("{}: {error}", path.display()));
    let key = if pki::is_encrypted(&pem) {
        KeyInFile::from_encrypted_pem(&pem, &passphrase_from(source, "authority").map_err(Failure::Usage)?)
    } else {
        KeyInFile::from_pem(&pem)
    };
    Ok(Box::new(key.map_err(wrong)?))
}

/// A key as it goes into a file.
pub(super) fn key_text(key: &KeyInFile, source: Option<&str>) -> Result<String, Failure> {
    let Some(source) = source else { return Ok(key.to_pem()) };
    let passphrase = passphrase_from(source, "authority").map_err(Failure::Usage)?;
    key.to_encrypted_pem(&passphrase).map_err(|error| Failure::Usage(error.to_string()))
}

/// An authority's certificate and key.
pub(super) fn authority(certificate: &Path, key_file: &Path, source: &str) -> Result<CertificateAuthority, Failure> {
    let (pem, key) = (read(certificate)?, key(key_file, source)?);
    let wrong =
        |error: pki::PkiError| Failure::Usage(format!("{error} ({}, {})", certificate.display(), key_file.display()));
    CertificateAuthority::load(&pem, key).map_err(wrong)
}
