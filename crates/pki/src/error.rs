//! Errors of certificates, keys and requests.

use thiserror::Error;

/// Why something could not be issued or read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PkiError {
    /// No certificate in PEM form was found.
    #[error("this is no certificate in PEM form")]
    NotPem,
    /// The bytes are no X.509 certificate.
    #[error("this is no X.509 certificate")]
    NotACertificate,
    /// The certificate given for the authority may not issue certificates.
    #[error("this certificate is not one of a certificate authority")]
    NotAnAuthority,
    /// The private key does not belong to the certificate.
    #[error("the private key does not belong to the certificate")]
    KeyMismatch,
    /// The private key cannot be read or is of a kind that is not supported.
    #[error("the private key cannot be read (PEM with PKCS #8, SEC 1 or PKCS #1 is needed)")]
    KeyUnreadable,
    /// A name or address for the certificate cannot be written into it.
    #[error("{0:?} cannot stand in a certificate")]
    NameNotAllowed(String),
    /// No client would accept a server certificate without a name.
    #[error("a server certificate needs at least one host name or address")]
    NoServerName,
    /// The period is empty, before 1970, or after the authority's own end.
    #[error("the period of validity is empty or outside that of the authority")]
    ValidityImpossible,
    /// The bytes are no certificate request (PKCS #10).
    #[error("this is no certificate request (PKCS #10)")]
    RequestUnreadable,
    /// The request is not signed by the key it holds.
    #[error("the certificate request is not signed by its own key")]
    RequestSignatureInvalid,
    /// The key in the request is too weak or of a kind that is not accepted.
    #[error(
        "the key in the request is not accepted: {found}; needed: RSA of {} to {} bits, or P-256, P-384, P-521",
        crate::bounds::RSA_BITS_MIN,
        crate::bounds::RSA_BITS_MAX
    )]
    KeyNotAccepted {
        /// What was found: `RSA 1024`.
        found: String,
    },
    /// The cryptographic library refused.
    #[error("the certificate could not be made")]
    NotIssued(#[source] rcgen::Error),
    /// Key and certificate could not be written as PKCS #12.
    #[error("no PKCS #12 file could be made: {0}")]
    NotEncoded(String),
    /// The system gave no random numbers.
    #[error("the system gave no random numbers")]
    NoRandomness,
}
