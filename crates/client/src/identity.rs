//! What a client shows the exchange: certificate and key, from files or from memory, as PEM or as PKCS #12.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::{Error, key_store, swap};

/// A certificate with its key: what an online user connects with.
///
/// From files it can be read again without a restart ([`Client::reload`](crate::Client::reload)) and renewed in place
/// ([`Client::renew`](crate::Client::renew)).
///
/// ```no_run
/// use client::Identity;
///
/// let pem = Identity::pem_files("certificate.pem", "key.pem");
/// let one_file = Identity::pkcs12_file("certificate.p12", "its password");
/// let from_a_vault = Identity::pem("-----BEGIN CERTIFICATE-----…", "-----BEGIN PRIVATE KEY-----…");
/// # let _ = (pem, one_file, from_a_vault);
/// ```
#[derive(Clone)]
pub struct Identity(pub(crate) Source);

#[derive(Clone)]
pub(crate) enum Source {
    Pem { certificate: Vec<u8>, key: Vec<u8> },
    PemFiles { certificate: PathBuf, key: PathBuf },
    Pkcs12 { file: Vec<u8>, password: String },
    Pkcs12File { path: PathBuf, password: String },
}

/// An identity that was read.
pub(crate) struct Pair {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: PrivateKeyDer<'static>,
    pub(crate) not_before: SystemTime,
    pub(crate) not_after: SystemTime,
}

impl Clone for Pair {
    fn clone(&self) -> Pair {
        Pair {
            chain: self.chain.clone(),
            key: self.key.clone_key(),
            not_before: self.not_before,
            not_after: self.not_after,
        }
    }
}

impl Identity {
    /// Certificate (followed by its chain, if any) and private key, both PEM, in memory.
    #[must_use]
    pub fn pem(certificate: impl Into<Vec<u8>>, private_key: impl Into<Vec<u8>>) -> Identity {
        Identity(Source::Pem { certificate: certificate.into(), key: private_key.into() })
    }

    /// The same in files.
    #[must_use]
    pub fn pem_files(certificate: impl AsRef<Path>, private_key: impl AsRef<Path>) -> Identity {
        Identity(Source::PemFiles {
            certificate: certificate.as_ref().to_owned(),
            key: private_key.as_ref().to_owned(),
        })
    }

    /// A PKCS #12 file in memory.
    #[must_use]
    pub fn pkcs12(file: impl Into<Vec<u8>>, password: impl Into<String>) -> Identity {
        Identity(Source::Pkcs12 { file: file.into(), password: password.into() })
    }

    /// A PKCS #12 file (`.p12`, `.pfx`).
    #[must_use]
    pub fn pkcs12_file(path: impl AsRef<Path>, password: impl Into<String>) -> Identity {
        Identity(Source::Pkcs12File { path: path.as_ref().to_owned(), password: password.into() })
    }

    /// Reads it, from its files if it has any.
    pub(crate) fn read(&self) -> Result<Pair, Error> {
        match &self.0 {
            Source::Pem { certificate, key } => Pair::from_pem(certificate, key),
            Source::PemFiles { certificate, key } => swap::read(certificate, key, Pair::from_pem),
            Source::Pkcs12 { file, password } => Pair::from_pkcs12(file, password),
            Source::Pkcs12File { path, password } => Pair::from_pkcs12(&swap::bytes(path)?, password),
        }
    }
}

impl Identity {
    /// The file that has the certificate, or in which form the program gave it.
    pub(crate) fn name(&self) -> String {
        match &self.0 {
            Source::Pem { .. } => "PEM".to_owned(),
            Source::Pkcs12 { .. } => "PKCS#12".to_owned(),
            Source::PemFiles { certificate: path, .. } | Source::Pkcs12File { path, .. } => path.display().to_string(),
        }
    }
}

impl fmt::Debug for Identity {
    /// Without key and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.name())
    }
}

impl Pair {
    pub(crate) fn from_pem(certificate: &[u8], key: &[u8]) -> Result<Pair, Error> {
        let chain = certificates(certificate, "client certificate")?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| {
            Error::configuration(format!(
                "the private key cannot be read ({error}): give an unencrypted PEM key (PKCS#8, PKCS#1 or SEC1)"
            ))
        })?;
        Pair::of(chain, key)
    }

    fn from_pkcs12(file: &[u8], password: &str) -> Result<Pair, Error> {
        let (chain, key) = key_store::open(file, password)?;
        Pair::of(chain, key)
    }

    fn of(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Pair, Error> {
        let unreadable = || Error::configuration("the client certificate cannot be read: it is no X.509 certificate");
        let (_, certificate) =
            X509Certificate::from_der(chain.first().ok_or_else(unreadable)?).map_err(|_| unreadable())?;
        let validity = certificate.validity();
        let (not_before, not_after) = (moment(validity.not_before.timestamp()), moment(validity.not_after.timestamp()));
        if !fits(&certificate, &key)? {
            return Err(Error::configuration(
                "the client certificate and the private key do not fit together: the key is of another certificate",
            ));
        }
        Ok(Pair { chain, key, not_before, not_after })
    }

    /// The serial number, in hexadecimal digits.
    pub(crate) fn serial(&self) -> String {
        let certificate = self.chain.first().and_then(|der| X509Certificate::from_der(der).ok());
        certificate.map(|(_, certificate)| certificate.raw_serial_as_string().replace(':', "")).unwrap_or_default()
    }

    fn is_valid_at(&self, now: SystemTime) -> bool {
        (self.not_before..self.not_after).contains(&now)
    }
}

/// Which of several to show: the newest that is valid. Where none is (this machine's clock may be wrong), the one that ends last:
/// the exchange then says what it thinks of it.
pub(crate) fn newest(pairs: &[Pair], now: SystemTime) -> Option<&Pair> {
    let valid = pairs.iter().filter(|pair| pair.is_valid_at(now));
    valid.max_by_key(|pair| pair.not_before).or_else(|| pairs.iter().max_by_key(|pair| pair.not_after))
}

/// When another one may be the newest that is valid.
pub(crate) fn next_change(pairs: &[Pair], now: SystemTime) -> Option<SystemTime> {
    pairs.iter().flat_map(|pair| [pair.not_before, pair.not_after]).filter(|moment| *moment > now).min()
}

/// Whether the key is that of the certificate.
fn fits(certificate: &X509Certificate<'_>, key: &PrivateKeyDer<'_>) -> Result<bool, Error> {
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let key = provider
        .key_provider
        .load_private_key(key.clone_key())
        .map_err(|error| Error::configuration(format!("the private key cannot be used: {error}")))?;
    Ok(key.public_key().is_none_or(|public| public.as_ref() == certificate.public_key().raw))
}

/// The certificates of a PEM text; there is at least one.
pub(crate) fn certificates(pem: &[u8], what: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
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

fn moment(seconds: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}
