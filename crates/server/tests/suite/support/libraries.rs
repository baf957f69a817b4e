//! A client library that a world gives out.

use std::io::Write as _;
use std::sync::Arc;

use aws_lc_rs::digest;
use pki::SeparateKey;
use protocol::{LibraryOverview, LibraryRelease, routes};
use server::{Libraries, Library};

/// Longer than one piece of an answer, and no multiple of it.
pub const ARCHIVE_BYTES: usize = 150_001;

/// What the archive holds.
pub fn archive() -> Vec<u8> {
    (0..ARCHIVE_BYTES).map(|place| u8::try_from(place * place % 251).unwrap()).collect()
}

/// One library, signed.
pub fn given_out() -> Libraries {
    let bytes = archive();
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes).unwrap();
    let key = SeparateKey::generate().unwrap();
    let sha256: [u8; 32] = digest::digest(&digest::SHA256, &bytes).as_ref().try_into().unwrap();
    let release = LibraryRelease {
        version: "1.2.0".to_owned(),
        date: "2026-11-30".to_owned(),
        interface: vec!["v1".to_owned()],
        changes: vec!["Signs submissions.".to_owned()],
    };
    let overview = LibraryOverview {
        language: "java".to_owned(),
        name: "tdam-client".to_owned(),
        version: release.version.clone(),
        requires: "Java 11".to_owned(),
        file: "tdam-client-java-1.2.0.zip".to_owned(),
        bytes: bytes.len() as u64,
        sha256: sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
        signature: String::new(),
        href: routes::library("java"),
        signature_href: routes::library_signature("java"),
        releases: vec![release],
    };
    let signature = key.sign(&bytes).unwrap();
    Libraries {
        publication_key_pem: Some(key.public_pem()),
        libraries: vec![Library { overview, sha256, archive: Arc::new(file), signature }],
    }
}
