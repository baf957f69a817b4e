//! Files of an application: known by their hash, kept by the store.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::PersonId;
use crate::canonical::{Canonical, put_bytes};
use crate::terms::words;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// The application itself, signed by the institution.
    Signed,
    /// Anything else that belongs to it.
    Supporting,
}

words!(FileKind { Signed = "signed", Supporting = "supporting" });

/// Who verified the signature of a file, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// How: the tool or the service, and what it said.
    pub how: String,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What it is.
    pub kind: FileKind,
    /// Its name; one file of an application has it.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// How many bytes.
    pub size: u64,
    /// Who verified its signature, once somebody has.
    pub verification: Option<Verification>,
}

impl Attachment {
    /// A file of these bytes.
    #[must_use]
    pub fn of(kind: FileKind, name: String, bytes: &[u8]) -> Attachment {
        let sha256 = Sha256::digest(bytes).into();
        Attachment { kind, name, sha256, size: bytes.len() as u64, verification: None }
    }

    /// What the digest of the application covers of it. Its verification comes later and is not among it.
    pub(crate) fn put(&self, to: &mut Vec<u8>) {
        self.kind.word().to_owned().put(to);
        self.name.put(to);
        put_bytes(&self.sha256, to);
        i64::try_from(self.size).unwrap_or(i64::MAX).put(to);
    }
}
