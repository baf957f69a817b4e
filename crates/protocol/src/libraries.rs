//! The client libraries that the service gives out, as JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Answer of `/v1/libraries`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LibraryList {
    /// The libraries, by language. None: this exchange gives out none.
    pub libraries: Vec<LibraryOverview>,
    /// The key by which their signatures are verified (Ed25519, PEM). Trust it only when the house gave you the same another way; absent
    /// without libraries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publication_key: Option<String>,
}

/// A client library.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LibraryOverview {
    /// `java`, `php`, `dotnet` …
    pub language: String,
    /// Its name in that language.
    pub name: String,
    /// Its version: that of the first release.
    pub version: String,
    /// What it needs: `Java 11` …
    pub requires: String,
    /// The name of its archive.
    pub file: String,
    /// Bytes of the archive.
    pub bytes: u64,
    /// SHA-256 of the archive, hexadecimal.
    pub sha256: String,
    /// The signature of the archive (Ed25519 over its bytes, RFC 8032), base64.
    pub signature: String,
    /// Where the archive is.
    pub href: String,
    /// Where the signature is, as 64 bytes.
    pub signature_href: String,
    /// Its releases, newest first.
    pub releases: Vec<LibraryRelease>,
}

/// A release of a library: a row of the table of versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LibraryRelease {
    /// Its version.
    pub version: String,
    /// Its day (`YYYY-MM-DD`).
    pub date: String,
    /// The versions of the interface that it was proven against: `v1` …
    pub interface: Vec<String>,
    /// What changed.
    pub changes: Vec<String>,
}

/// The list of archives in a folder from which a service gives them out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LibraryManifest {
    /// The libraries.
    pub libraries: Vec<LibraryEntry>,
}

/// An archive in a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LibraryEntry {
    /// As [`LibraryOverview::language`]: small letters.
    pub language: String,
    /// As [`LibraryOverview::name`].
    pub name: String,
    /// As [`LibraryOverview::requires`].
    pub requires: String,
    /// The file's name in the folder.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
    /// Newest first; the first one is the archive's.
    pub releases: Vec<LibraryRelease>,
}
