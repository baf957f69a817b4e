//! The certificate authority: a root that certifies issuing authorities, and those that certify servers, online users and persons.

use std::fmt;

use jiff::Timestamp;
use rcgen::{CertificateParams, Issuer, KeyPair, PKCS_ECDSA_P256_SHA256, PublicKeyData};

use crate::PkiError;
use crate::description::{self, CertificateInfo};
use crate::profile::{self, Subject, Validity};
use crate::request::CertificateRequest;
use crate::signer::{AuthorityKey, KeyInFile, Signer};

/// An authority that issues certificates.
pub struct CertificateAuthority {
    issuer: Issuer<'static, Signer>,
    certificate_der: Vec<u8>,
    certificate_pem: String,
    key_identifier: Vec<u8>,
    /// Whether a chain to the root needs the authority's own certificate.
    is_below_a_root: bool,
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
    /// Makes a new authority with a P-256 key and a self-signed certificate, root and issuing authority in one. It cannot be
    /// replaced without everybody trusting another certificate, so it suits tests and throw-away systems.
    ///
    /// # Errors
    /// When the name or the period cannot stand in a certificate, or the system gives no random numbers.
    pub fn create(subject: &Subject, validity: Validity) -> Result<CertificateAuthority, PkiError> {
        CertificateAuthority::self_signed(&profile::authority(subject, validity)?, Box::new(KeyInFile::generate()?))
    }

    /// Makes a root: it certifies issuing authorities, and its key can rest outside the network meanwhile.
    ///
    /// # Errors
    /// As [`CertificateAuthority::create`], or when the key does not sign.
    pub fn create_root(
        subject: &Subject,
        validity: Validity,
        key: Box<dyn AuthorityKey>,
    ) -> Result<CertificateAuthority, PkiError> {
        CertificateAuthority::self_signed(&profile::root(subject, validity)?, key)
    }

    fn self_signed(
        parameters: &CertificateParams,
        key: Box<dyn AuthorityKey>,
    ) -> Result<CertificateAuthority, PkiError> {
        let signer = Signer(key);
        let certificate = parameters.self_signed(&signer).map_err(PkiError::NotIssued)?;
        CertificateAuthority::load(&certificate.pem(), signer.0)
    }

    /// Makes an issuing authority below this root, with a key of its own.
    ///
    /// # Errors
    /// As [`CertificateAuthority::create`], or when a key does not sign.
    pub fn create_issuing(
        &self,
        subject: &Subject,
        validity: Validity,
        key: Box<dyn AuthorityKey>,
    ) -> Result<CertificateAuthority, PkiError> {
        let signer = Signer(key);
        let parameters = profile::issuing(subject, self.within(validity)?)?;
        let certificate = parameters.signed_by(&signer, &self.issuer).map_err(PkiError::NotIssued)?;
        CertificateAuthority::load(&certificate.pem(), signer.0)
    }

    /// Takes up an authority from its certificate (PEM, the first of the text) and its key.
    ///
    /// # Errors
    /// When the certificate cannot be read, they do not belong together, or the certificate is not an authority's.
    pub fn load(certificate_pem: &str, key: Box<dyn AuthorityKey>) -> Result<CertificateAuthority, PkiError> {
        let der = description::certificate_der(certificate_pem)?;
        let signer = Signer(key);
        let certificate = description::parse(&der)?;
        if !certificate.is_ca() {
            return Err(PkiError::NotAnAuthority);
        }
        if certificate.public_key().raw != signer.subject_public_key_info() {
            return Err(PkiError::KeyMismatch);
        }
        let is_below_a_root = certificate.subject() != certificate.issuer();
        let key_identifier = description::key_identifier(&certificate).ok_or(PkiError::NotAnAuthority)?;
        let info = description::describe(&der)?;
        let issuer = Issuer::from_ca_cert_der(&der.as_slice().into(), signer).map_err(|_| PkiError::NotAnAuthority)?;
        let certificate_pem = description::certificate_pem(&der);
        Ok(CertificateAuthority {
            issuer,
            certificate_der: der,
            certificate_pem,
            key_identifier,
            is_below_a_root,
            info,
        })
    }

    /// The authority's certificate, PEM.
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

    /// The identifier of the authority's key, as certificates and lists that it signs name it.
    #[must_use]
    pub fn key_identifier(&self) -> &[u8] {
        &self.key_identifier
    }

    pub(crate) fn issuer(&self) -> &Issuer<'static, Signer> {
        &self.issuer
    }

    /// Issues a server certificate for host names and IP addresses, with a new P-256 key.
    ///
    /// # Errors
    /// When there is no name, one cannot stand in a certificate, or the period is outside the authority's.
    pub fn issue_server(&self, names: &[&str], validity: Validity) -> Result<Issued, PkiError> {
        let parameters = profile::server(names, self.within(validity)?)?;
        self.issue_with_new_key(&parameters)
    }

    /// Issues an authentication certificate with a new P-256 key, for those who cannot make one themselves.
    ///
    /// # Errors
    /// When the subject cannot stand in a certificate, or the period is outside the authority's.
    pub fn issue_client(&self, subject: &Subject, validity: Validity) -> Result<Issued, PkiError> {
        let parameters = profile::client(subject, self.within(validity)?)?;
        self.issue_with_new_key(&parameters)
    }

    /// Issues an authentication certificate for the key of a request. The subject is the authority's decision; what the request
    /// says about it is ignored.
    ///
    /// # Errors
    /// When the subject cannot stand in a certificate, the period is outside the authority's, or the key does not sign.
    pub fn certify(
        &self,
        request: &CertificateRequest,
        subject: &Subject,
        validity: Validity,
    ) -> Result<Issued, PkiError> {
        let parameters = profile::client(subject, self.within(validity)?)?;
        self.issue(&parameters, &request.key, None)
    }

    fn within(&self, validity: Validity) -> Result<Validity, PkiError> {
        validity.within(Validity { not_before: self.info.not_before, not_after: self.info.not_after })
    }

    fn issue_with_new_key(&self, parameters: &CertificateParams) -> Result<Issued, PkiError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(PkiError::NotIssued)?;
        self.issue(parameters, &key, Some(key.serialize_pem()))
    }

    fn issue(
        &self,
        parameters: &CertificateParams,
        key: &impl PublicKeyData,
        private_key_pem: Option<String>,
    ) -> Result<Issued, PkiError> {
        let certificate = parameters.signed_by(key, &self.issuer).map_err(PkiError::NotIssued)?;
        let certificate_pem = certificate.pem();
        let info = description::describe(certificate.der())?;
        Ok(Issued { chain_pem: self.chain_of(&certificate_pem), certificate_pem, private_key_pem, info })
    }

    /// A certificate of this authority (PEM) followed by the authority's own.
    #[must_use]
    pub fn chain_of(&self, certificate_pem: &str) -> String {
        format!("{certificate_pem}{}", self.certificate_pem)
    }

    /// Whether it issues below a root.
    #[must_use]
    pub fn is_below_a_root(&self) -> bool {
        self.is_below_a_root
    }
}

impl Issued {
    /// Whether the certificate is valid at this moment, by its period alone.
    #[must_use]
    pub fn is_valid_at(&self, time: Timestamp) -> bool {
        (self.info.not_before..=self.info.not_after).contains(&time)
    }
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
