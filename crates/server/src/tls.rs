//! TLS 1.2 and 1.3 with client certificates.
//!
//! The server lets a client without certificate through the handshake and answers 401 with a helpful text. Under TLS
//! 1.3 an alert would reach the client only after it believes to be connected, and most libraries then report a lost
//! connection. A certificate that no authority of ours issued, or that has expired, fails in the handshake.
//!
//! The server chooses the cipher suite, so that a client's old list does not decide how strong it is.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use crate::{ServerError, TlsMaterial};

/// The TLS configurations of the two listeners that have TLS.
pub(crate) struct Configurations {
    /// Asks for a client certificate.
    pub(crate) of_clients: Arc<ServerConfig>,
    /// Asks for none.
    pub(crate) of_enrollment: Arc<ServerConfig>,
}

impl Configurations {
    /// Made of PEM texts.
    pub(crate) fn of(material: &TlsMaterial) -> Result<Configurations, ServerError> {
        Ok(Configurations { of_clients: configuration(material)?, of_enrollment: without_clients(material)? })
    }
}

impl TlsMaterial {
    /// The configuration of the listener for clients, for a program that is compared with the server.
    ///
    /// # Errors
    /// When a text holds nothing usable, or the texts do not fit together.
    pub fn configuration_for_clients(&self) -> Result<Arc<ServerConfig>, ServerError> {
        configuration(self)
    }
}

/// Shows the server's certificate, and asks for none. Nothing is resumed: who enrols connects once.
fn without_clients(material: &TlsMaterial) -> Result<Arc<ServerConfig>, ServerError> {
    let chain = certificates(&material.certificate_chain_pem).ok_or(ServerError::NoCertificate)?;
    let key =
        PrivateKeyDer::from_pem_slice(material.private_key_pem.as_bytes()).map_err(|_| ServerError::NoPrivateKey)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut configuration = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(ServerError::Tls)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(ServerError::Tls)?;
    configuration.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
    configuration.send_tls13_tickets = 0;
    configuration.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    configuration.ignore_client_order = true;
    Ok(Arc::new(configuration))
}

/// The TLS configuration made of PEM texts.
fn configuration(material: &TlsMaterial) -> Result<Arc<ServerConfig>, ServerError> {
    let chain = certificates(&material.certificate_chain_pem).ok_or(ServerError::NoCertificate)?;
    let key =
        PrivateKeyDer::from_pem_slice(material.private_key_pem.as_bytes()).map_err(|_| ServerError::NoPrivateKey)?;
    let mut authorities = RootCertStore::empty();
    for authority in certificates(&material.client_authorities_pem).ok_or(ServerError::NoClientAuthority)? {
        authorities.add(authority).map_err(ServerError::Tls)?;
    }

    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(authorities), Arc::clone(&provider))
        .allow_unauthenticated()
        .build()
        .map_err(ServerError::ClientAuthorities)?;
    let mut configuration = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(ServerError::Tls)?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .map_err(ServerError::Tls)?;
    configuration.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    configuration.ignore_client_order = true;
    Ok(Arc::new(configuration))
}

/// The certificates of a PEM text as PEM, and nothing else that stands in it: a file may hold a key besides.
pub(crate) fn certificates_only(pem: &str) -> String {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let blocks = pem.split(BEGIN).skip(1).filter_map(|rest| rest.split_once(END));
    blocks.map(|(body, _)| format!("{BEGIN}{body}{END}\n")).collect()
}

/// The certificates of a PEM text; `None` when there is none, or one is broken.
fn certificates(pem: &str) -> Option<Vec<CertificateDer<'static>>> {
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().ok()?;
    (!certificates.is_empty()).then_some(certificates)
}
