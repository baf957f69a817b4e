//! Certificate authority and X.509 certificates: the server's, and the authentication certificates of online users and persons.
//!
//! The Treasury issues the certificate that identifies an online user. A root certifies an issuing authority, whose key the service
//! uses; the root's key can rest elsewhere. Profiles follow RFC 5280 as far as TLS stacks of other languages insist on it
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
mod chain;
mod description;
mod enrolment_secret;
mod error;
mod key_encryption;
mod key_store;
mod outside;
mod profile;
mod random;
mod request;
mod revocation_list;
mod separate_key;
mod signer;

pub use authority::{CertificateAuthority, Issued};
pub use bounds::{OUTSIDE_LIST_BYTES_MAX, PASSPHRASE_CHARS_MIN, REQUEST_BYTES_MAX};
pub use chain::{ChainFault, issuers_of, trusted_at};
pub use description::{
    CertificateInfo, authority_key_identifier_of, certificate_der, certificate_pem, certificates_der, describe,
    fingerprint, have_same_key, revocation_list_pem, subject_key,
};
pub use enrolment_secret::{EnrolmentSecret, NoCode};
pub use error::PkiError;
pub use key_encryption::is_encrypted;
pub use key_store::KeyStoreEncryption;
pub use outside::{OutsideList, check_client_certificate, client_certificate_der, read_outside_list};
pub use profile::{Holder, NAME_CHARS_MAX, Subject, Validity};
pub use random::random_password;
pub use request::CertificateRequest;
pub use revocation_list::{
    Reason, RevocationListInfo, Revoked, check_serial, describe_revocation_list, revocation_list_der,
};
pub use separate_key::SeparateKey;
pub use signer::{AuthorityKey, KeyAlgorithm, KeyInFile, SigningFailed};
