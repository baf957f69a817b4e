//! TLS to the exchange: our own root alone, and the online user's certificate.
//!
//! The client deliberately does not trust the machine's roots: a payment channel has one known authority, and a
//! certificate that another authority issues for the same name must not open it.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use crate::Error;

/// The configuration for one authority and, optionally, one identity (certificate chain, private key), all PEM.
pub(crate) fn configuration(authority_pem: &[u8], identity: Option<(&[u8], &[u8])>) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(authority_pem, "certificate authority")? {
        roots
            .add(certificate)
            .map_err(|error| Error::configuration(format!("the certificate authority cannot be used: {error}")))?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::configuration(format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(roots);
    match identity {
        None => Ok(builder.with_no_client_auth()),
        Some((chain, key)) => {
            let chain = certificates(chain, "client certificate")?;
            let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| {
                Error::configuration(format!(
                    "the private key cannot be read ({error}): give an unencrypted PEM key (PKCS#8, PKCS#1 or SEC1)"
                ))
            })?;
            builder.with_client_auth_cert(chain, key).map_err(|error| {
                Error::configuration(format!("the client certificate and the private key do not fit together: {error}"))
            })
        }
    }
}

fn certificates(pem: &[u8], what: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| Error::configuration(format!("the {what} is no readable PEM file: {error}")))?;
    if certificates.is_empty() {
        return Err(Error::configuration(format!(
            "the {what} holds no certificate: a PEM file with `-----BEGIN CERTIFICATE-----` is needed"
        )));
    }
    Ok(certificates)
}
