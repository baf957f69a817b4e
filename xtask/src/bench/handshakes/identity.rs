//! Certificates of clients with each kind of key, of the authority that a server trusts.

use std::fmt;
use std::fs;

use jiff::Timestamp;
use pki::{CertificateAuthority, CertificateRequest, KeyInFile, Subject, Validity};
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tdam::installation::Folder;

use crate::attack::failed::Failed;

/// How long the certificates are valid.
const DAYS: u32 = 2;

/// The key of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyKind {
    P256,
    Rsa2048,
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            KeyKind::P256 => "P-256",
            KeyKind::Rsa2048 => "RSA 2048",
        })
    }
}

/// What a client connects with. No online user has it: a handshake does not ask.
pub(super) struct Identity {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
}

impl Identity {
    /// A new one of an installation's authority.
    pub(super) fn issued(folder: &Folder, kind: KeyKind) -> Result<Identity, Failed> {
        let key = KeyInFile::from_pem(&fs::read_to_string(folder.issuing_key())?)?;
        let certificate = fs::read_to_string(folder.issuing_certificate())?;
        let authority = CertificateAuthority::load(&certificate, Box::new(key))?;
        let (subject, validity) = (Subject::new("Handshakes"), Validity::of_days(Timestamp::now(), DAYS));
        let (chain_pem, key_pem) = match kind {
            KeyKind::P256 => {
                let issued = authority.issue_client(&subject, validity)?;
                (issued.chain_pem, issued.private_key_pem.ok_or("the authority made no key")?)
            }
            KeyKind::Rsa2048 => {
                let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
                let request = CertificateParams::default().serialize_request(&key)?;
                let issued = authority.certify(&CertificateRequest::read(request.der())?, &subject, validity)?;
                (issued.chain_pem, key.serialize_pem())
            }
        };
        let chain = CertificateDer::pem_slice_iter(chain_pem.as_bytes()).collect::<Result<_, _>>()?;
        Ok(Identity { chain, key: PrivateKeyDer::from_pem_slice(key_pem.as_bytes())? })
    }
}
