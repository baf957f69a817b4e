//! The client libraries that the service gives out: read from the folder that the configuration names, checked against the list in it,
//! and signed.
//!
//! Only files that the list names are read. Each is copied, and the copy is hashed, signed and served: who changes the folder afterwards
//! changes nothing that is given out, until a reload reads it again.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pki::SeparateKey;
use protocol::{LibraryEntry, LibraryManifest, LibraryOverview, routes};
use sha2::{Digest as _, Sha256};

use crate::configuration::Configuration;
use crate::hexadecimal::hexadecimal;

/// The list in the folder.
pub const MANIFEST: &str = "libraries.json";

/// Bounds of what a folder may hold.
pub mod bounds {
    /// Libraries.
    pub const LIBRARIES_MAX: usize = 16;
    /// Bytes of one archive. It is in memory once, while it is signed.
    pub const ARCHIVE_BYTES_MAX: u64 = 32 << 20;
    /// Bytes of the list.
    pub const MANIFEST_BYTES_MAX: u64 = 256 << 10;
    /// Characters of the name of a language, or of a file.
    pub const NAME_CHARS_MAX: usize = 100;
}

/// The key that signs them; `None` when nothing is given out, or the configuration names no key.
///
/// # Errors
/// When the key cannot be read.
pub fn signing_key(configuration: &Configuration) -> Result<Option<SeparateKey>, String> {
    if configuration.libraries.folder.as_os_str().is_empty() {
        Ok(None)
    } else {
        configuration.publication.signing_key()
    }
}

/// The libraries of a configuration; none when it names no folder. Says what is wrong in words for an operator.
///
/// # Errors
/// When a file is missing or is not as the list says, or there is no key to sign them.
pub fn given_out(configuration: &Configuration, key: Option<&SeparateKey>) -> Result<server::Libraries, String> {
    let folder = &configuration.libraries.folder;
    if folder.as_os_str().is_empty() {
        return Ok(server::Libraries::default());
    }
    let key = key.ok_or(
        "libraries.folder needs a key that signs what is given out: name one as publication.key, and start the service anew",
    )?;
    let manifest = manifest(folder)?;
    let copies = configuration.answer_folder();
    let library = |entry| {
        library(folder, entry, key, &copies).map_err(|fault| format!("libraries.folder {}: {fault}", folder.display()))
    };
    Ok(server::Libraries {
        libraries: manifest.libraries.into_iter().map(library).collect::<Result<_, _>>()?,
        publication_key_pem: Some(key.public_pem()),
    })
}

/// The list in a folder, with names that are safe in paths and header fields.
fn manifest(folder: &Path) -> Result<LibraryManifest, String> {
    let path = folder.join(MANIFEST);
    let fault = |error: &dyn std::fmt::Display| format!("libraries.folder: {}: {error}", path.display());
    let text = bounded(&path, bounds::MANIFEST_BYTES_MAX).map_err(|error| fault(&error))?;
    let manifest: LibraryManifest = serde_json::from_slice(&text).map_err(|error| fault(&error))?;
    let libraries = &manifest.libraries;
    if libraries.len() > bounds::LIBRARIES_MAX {
        return Err(fault(&format!("more than {} libraries", bounds::LIBRARIES_MAX)));
    }
    for (place, LibraryEntry { language, file, .. }) in libraries.iter().enumerate() {
        if !is_name(language, |letter| letter.is_ascii_lowercase() || letter.is_ascii_digit()) {
            return Err(fault(&format!("{language:?} names no language: small letters and digits do")));
        }
        if !is_name(file, |letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_')) {
            return Err(fault(&format!("{file:?} is no name of an archive in the folder")));
        }
        if libraries.iter().take(place).any(|other| other.language == *language) {
            return Err(fault(&format!("{language} has two archives")));
        }
    }
    Ok(manifest)
}

fn is_name(text: &str, may_hold: impl Fn(char) -> bool) -> bool {
    (1..=bounds::NAME_CHARS_MAX).contains(&text.len()) && !text.starts_with('.') && text.chars().all(may_hold)
}

/// A file's bytes; a longer one is refused.
fn bounded(path: &Path, bytes_max: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > bytes_max { Err(format!("longer than {bytes_max} bytes")) } else { Ok(bytes) }
}

fn library(folder: &Path, entry: LibraryEntry, key: &SeparateKey, copies: &Path) -> Result<server::Library, String> {
    let LibraryEntry { language, name, requires, file, bytes, sha256, releases } = entry;
    let path = folder.join(&file);
    // A link would lead out of the folder.
    let is_file = fs::symlink_metadata(&path).map_err(|error| format!("{file}: {error}"))?.is_file();
    if !is_file {
        return Err(format!("{file} is no file"));
    }
    let archive = bounded(&path, bounds::ARCHIVE_BYTES_MAX).map_err(|error| format!("{file}: {error}"))?;
    let found: [u8; 32] = Sha256::digest(&archive).into();
    if archive.len() as u64 != bytes || hexadecimal(&found) != sha256 {
        return Err(format!("{file} is not the file that {MANIFEST} lists: its size or its SHA-256 differs"));
    }
    let version = releases.first().ok_or_else(|| format!("{language} has no release"))?.version.clone();
    let signature = key.sign(&archive).map_err(|error| error.to_string())?;
    let mut copy = tempfile::tempfile_in(copies).map_err(|error| format!("{}: {error}", copies.display()))?;
    copy.write_all(&archive).map_err(|error| format!("{}: {error}", copies.display()))?;
    let overview = LibraryOverview {
        href: routes::library(&language),
        signature_href: routes::library_signature(&language),
        signature: STANDARD.encode(&signature),
        language,
        name,
        version,
        requires,
        file,
        bytes,
        sha256,
        releases,
    };
    Ok(server::Library { overview, sha256: found, archive: Arc::new(copy), signature })
}
