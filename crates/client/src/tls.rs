//! TLS to the exchange: our own root alone, and the online user's certificate.
//!
//! The client deliberately does not trust the machine's roots: a payment channel has one known authority, and a
//! certificate that another authority issues for the same name must not open it.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

use crate::Error;
use crate::identity::{Pair, certificates};

/// The configuration for one authority (PEM) and, optionally, one identity.
pub(crate) fn configuration(
    authority_pem: &[u8],
    identity: Option<&Pair>,
    at_most_tls_1_2: bool,
) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(authority_pem, "certificate authority")? {
        roots
            .add(certificate)
            .map_err(|error| Error::configuration(format!("the certificate authority cannot be used: {error}")))?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let versions: &[_] = match at_most_tls_1_2 {
        true => &[&rustls::version::TLS12],
        false => &[&rustls::version::TLS13, &rustls::version::TLS12],
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(|error| Error::configuration(format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(roots);
    match identity {
        None => Ok(builder.with_no_client_auth()),
        Some(pair) => builder.with_client_auth_cert(pair.chain.clone(), pair.key.clone_key()).map_err(|error| {
            Error::configuration(format!("the client certificate and the private key do not fit together: {error}"))
        }),
    }
}
