//! Why a server could not start, or could not take up new certificates.

use std::net::SocketAddr;

use thiserror::Error;

/// Why a server could not start, or could not take up new certificates.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The address is taken, not ours, or not allowed.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The system's error.
        source: std::io::Error,
    },
    /// There is no certificate in the server's chain.
    #[error("the server's certificate chain holds no certificate in PEM form")]
    NoCertificate,
    /// There is no usable private key.
    #[error("the server's private key is no private key in PEM form")]
    NoPrivateKey,
    /// There is no authority for client certificates.
    #[error("no authority for client certificates was found in PEM form")]
    NoClientAuthority,
    /// The pieces do not fit together.
    #[error("the server's certificate, key or client authorities cannot be used: {0}")]
    Tls(#[source] rustls::Error),
    /// The authorities for client certificates cannot be used.
    #[error("the authorities for client certificates cannot be used: {0}")]
    ClientAuthorities(#[source] rustls::server::VerifierBuilderError),
}
