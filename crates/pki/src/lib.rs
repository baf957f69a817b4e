//! Certificate authority and X.509 certificates: the server's, and the authentication certificates of online users.
//!
//! The Treasury issues the certificate that identifies an online user; a sandbox and a small installation need an
//! authority of their own for that. Profiles follow RFC 5280 as far as TLS stacks of other languages insist on it
//! (basic constraints, key usage, extended key usage, key identifiers, random serial numbers).
//!
//! Time is an argument ([`Validity`]). The caller reads and writes files: all functions take and return PEM or DER.
//! Randomness for keys and serial numbers comes from aws-lc.
//!
//! ```
//! use pki::{CertificateAuthority, Subject, Validity};
//!
//! let now = "2026-11-23T08:00:00Z".parse()?;
//! let authority = CertificateAuthority::create(&Subject::new("Sandbox authority"), Validity::of_days(now, 3650))?;
//! let server = authority.issue_server(&["localhost", "127.0.0.1"], Validity::of_days(now, 365))?;
//! let client = authority.issue_client(&Subject::new("Horizon").of("Jelgavas novads"), Validity::of_days(now, 365))?;
//! assert_ne!(server.info.fingerprint, client.info.fingerprint);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod authority;
mod bounds;
mod description;
mod error;
mod key_store;
mod profile;
mod request;

pub use authority::{CertificateAuthority, Issued};
pub use description::{CertificateInfo, certificate_der, describe, fingerprint, subject_key};
pub use error::PkiError;
pub use key_store::random_password;
pub use profile::{Subject, Validity};
