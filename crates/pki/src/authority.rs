//! The certificate authority.

use std::fmt;

use jiff::Timestamp;
use rcgen::{CertificateParams, Issuer, KeyPair, PKCS_ECDSA_P256_SHA256, PublicKeyData};

use crate::description::{self, CertificateInfo};
use crate::profile::{self, Subject, Validity};
use crate::{PkiError, request};

/// An authority that issues certificates for servers and online users.
pub struct CertificateAuthority {
    issuer: Issuer<'static, KeyPair>,
    certificate_der: Vec<u8>,
    certificate_pem: String,
    info: CertificateInfo,
}

/// A certificate that was issued.
#[derive(Clone)]
pub struct Issued {
    /// The certificate alone.
    pub certificate_pem: String,
    /// The certificate followed by the authority's.
    pub chain_pem: String,
    /// Its private key (PKCS #8), unless the requester kept it.
    pub private_key_pem: Option<String>,
    /// What the certificate says.
    pub info: CertificateInfo,
}

impl CertificateAuthority {
    /// Makes a new authority with a P-256 key and a self-signed certificate.
    ///
    /// # Errors
    /// When the name or the period cannot stand in a certificate, or the system gives no random numbers.
    pub fn create(subject: &Subject, validity: Validity) -> Result<CertificateAuthority, PkiError> {
        let key = generate_key()?;
        let parameters = profile::authority(subject, validity)?;
        let certificate = parameters.self_signed(&key).map_err(PkiError::NotIssued)?;
        CertificateAuthority::load(&certificate.pem(), &key.serialize_pem())
    }

    /// Takes up an authority from its certificate and private key, both PEM.
    ///
    /// # Errors
    /// When either cannot be read, they do not belong together, or the certificate is not an authority's.
    pub fn load(certificate_pem: &str, private_key_pem: &str) -> Result<CertificateAuthority, PkiError> {
        let der = description::certificate_der(certificate_pem)?;
        let key = KeyPair::from_pem(private_key_pem).map_err(|_| PkiError::KeyUnreadable)?;
        let certificate = description::parse(&der)?;
        if !certificate.is_ca() {
            return Err(PkiError::NotAnAuthority);
        }
        if certificate.public_key().raw != key.subject_public_key_info() {
            return Err(PkiError::KeyMismatch);
        }
        let info = description::describe(&der)?;
        let issuer = Issuer::from_ca_cert_der(&der.as_slice().into(), key).map_err(|_| PkiError::NotAnAuthority)?;
        Ok(CertificateAuthority { issuer, certificate_pem: certificate_pem.to_owned(), certificate_der: der, info })
    }

    /// The authority's certificate, PEM: what the other side must trust.
    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The authority's certificate, DER.
    #[must_use]
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate_der
    }

    /// What the authority's certificate says.
    #[must_use]
    pub fn info(&self) -> &CertificateInfo {
        &self.info
    }

    /// The authority's private key (PKCS #8, PEM). Its holder can pose as any online user.
    #[must_use]
    pub fn private_key_pem(&self) -> String {
        self.issuer.key().serialize_pem()
    }

    /// Issues a server certificate for host names and IP addresses, with a new P-256 key.
    ///
    /// # Errors
    /// When there is no name, one cannot stand in a certificate, or the period is outside the authority's.
    pub fn issue_server(&self, names: &[&str], validity: Validity) -> Result<Issued, PkiError> {
        let parameters = profile::server(names, self.within(validity)?)?;
        let key = generate_key()?;
        self.issue(&parameters, &key, Some(key.serialize_pem()))
    }

    /// Issues an authentication certificate with a new P-256 key, for a sandbox, where the authority may see the key.
    ///
    /// # Errors
    /// When the subject cannot stand in a certificate, or the period is outside the authority's.
    pub fn issue_client(&self, subject: &Subject, validity: Validity) -> Result<Issued, PkiError> {
        let parameters = profile::client(subject, self.within(validity)?)?;
        let key = generate_key()?;
        self.issue(&parameters, &key, Some(key.serialize_pem()))
    }

    /// Issues an authentication certificate for the key of a request (PKCS #10, PEM). The subject is the
    /// authority's decision; what the request says about it is ignored.
    ///
    /// # Errors
    /// When the request cannot be read, is not signed by its own key, or the key is not accepted.
    pub fn issue_client_from_request(
        &self,
        request_pem: &str,
        subject: &Subject,
        validity: Validity,
    ) -> Result<Issued, PkiError> {
        let key = request::accepted_key(request_pem)?;
        let parameters = profile::client(subject, self.within(validity)?)?;
        self.issue(&parameters, &key, None)
    }

    fn within(&self, validity: Validity) -> Result<Validity, PkiError> {
        validity.within(Validity { not_before: self.info.not_before, not_after: self.info.not_after })
    }

    fn issue(
        &self,
        parameters: &CertificateParams,
        key: &impl PublicKeyData,
        private_key_pem: Option<String>,
    ) -> Result<Issued, PkiError> {
        let certificate = parameters.signed_by(key, &self.issuer).map_err(PkiError::NotIssued)?;
        let certificate_pem = certificate.pem();
        let chain_pem = format!("{certificate_pem}{}", self.certificate_pem);
        let info = description::describe(certificate.der())?;
        Ok(Issued { certificate_pem, chain_pem, private_key_pem, info })
    }
}

impl Issued {
    /// Whether the certificate is valid at this moment, by its period alone.
    #[must_use]
    pub fn is_valid_at(&self, time: Timestamp) -> bool {
        (self.info.not_before..=self.info.not_after).contains(&time)
    }
}

fn generate_key() -> Result<KeyPair, PkiError> {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(PkiError::NotIssued)
}

// Keys must not get into logs by way of `{:?}`.
impl fmt::Debug for CertificateAuthority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateAuthority").field("info", &self.info).finish_non_exhaustive()
    }
}

impl fmt::Debug for Issued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issued").field("info", &self.info).finish_non_exhaustive()
    }
}
