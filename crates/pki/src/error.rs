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
        "the key in the request is not accepted: {found}; needed: RSA of {} to {} bits with an exponent from {}, or P-256, or P-384",
        crate::bounds::RSA_BITS_MIN,
        crate::bounds::RSA_BITS_MAX,
        crate::bounds::RSA_EXPONENT_MIN
    )]
    KeyNotAccepted {
        /// What was found: `RSA 1024`.
        found: String,
    },
    /// The request is signed in a way that is not accepted.
    #[error("the signature of the request is not accepted: {found}; needed: SHA-256 or SHA-384")]
    RequestAlgorithmNotAccepted {
        /// What was found: `RSA with SHA-1`.
        found: String,
    },
    /// The private key is encrypted, and nobody gave its passphrase.
    #[error("the private key is encrypted: its passphrase is needed")]
    KeyEncrypted,
    /// The passphrase is not that of the private key.
    #[error("the passphrase does not open the private key")]
    PassphraseWrong,
    /// The passphrase would soon be guessed.
    #[error("a passphrase needs at least {} characters", crate::bounds::PASSPHRASE_CHARS_MIN)]
    PassphraseTooShort,
    /// The bytes are no revocation list, or not one of this authority.
    #[error("this is no revocation list of the authority")]
    NotARevocationList,
    /// Another authority has signed the certificate.
    #[error("another authority has signed this certificate")]
    IssuedByAnother,
    /// The certificate is not one that authenticates a client.
    #[error("this certificate is not for the authentication of clients (extended key usage clientAuth)")]
    NotForClients,
    /// A revocation list covers a part of its authority's certificates, or has a critical extension that is not understood.
    #[error(
        "this revocation list does not speak of all certificates of its authority, or has an unknown critical extension"
    )]
    ListOfAPart,
    /// A serial number is not written in hexadecimal.
    #[error("{0:?} is no serial number")]
    SerialWrong(String),
    /// The cryptographic library refused.
    #[error("the certificate could not be made")]
    NotIssued(#[source] rcgen::Error),
    /// A key could not be written in an encrypted form.
    #[error("the key could not be encrypted: {0}")]
    NotEncoded(String),
    /// The system gave no random numbers.
    #[error("the system gave no random numbers")]
    NoRandomness,
}
