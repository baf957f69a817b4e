//! Signs submissions (RFC 9421) with the key of the connection's certificate; also for HTTP libraries of others.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use futures_util::StreamExt as _;
use reqwest::Url;
use rustls::SignatureScheme;
use rustls::sign::SigningKey;
use signatures::structured::{Bare, Item, write_item};
use signatures::{Algorithm, Component, Request, SignatureInput, digest, profile};

use crate::identity::Pair;
use crate::{Body, Error};

const LABEL: &str = "sig1";

/// Schemes of keys, with the algorithm of a signature and the bytes of each of its two numbers; RSA has one.
const SCHEMES: [(SignatureScheme, Algorithm, usize); 3] = [
    (SignatureScheme::ECDSA_NISTP256_SHA256, Algorithm::EcdsaP256Sha256, 32),
    (SignatureScheme::ECDSA_NISTP384_SHA384, Algorithm::EcdsaP384Sha384, 48),
    (SignatureScheme::RSA_PSS_SHA512, Algorithm::RsaPssSha512, 0),
];

/// Signs requests with the key of a certificate. [`Client`](crate::Client) signs by itself; this is for HTTP libraries of your own.
///
/// ```no_run
/// # fn example(body: &[u8]) -> Result<(), client::Error> {
/// let signer = client::RequestSigner::new(&std::fs::read("certificate.pem").unwrap(), &std::fs::read("key.pem").unwrap())?;
/// let fields = signer.sign("POST", "exchange.example:8443", "/v1/payments", body)?;
/// println!("Content-Digest: {}", fields.content_digest);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RequestSigner {
    key: Arc<dyn SigningKey>,
    fingerprint: String,
}

/// The fields of a signed request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedFields {
    /// `Content-Digest`.
    pub content_digest: String,
    /// `Signature-Input`.
    pub signature_input: String,
    /// `Signature`.
    pub signature: String,
}

impl fmt::Debug for RequestSigner {
    /// Without the private key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestSigner").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}

impl RequestSigner {
    /// Takes the certificate, the first of a chain, and its key (PEM).
    ///
    /// # Errors
    /// [`Error::is_configuration`]: one of them cannot be read.
    pub fn new(chain_pem: &[u8], key_pem: &[u8]) -> Result<RequestSigner, Error> {
        RequestSigner::of(&Pair::from_pem(chain_pem, key_pem)?)
    }

    pub(crate) fn of(pair: &Pair) -> Result<RequestSigner, Error> {
        let unusable =
            |error: &dyn fmt::Display| Error::configuration(format!("submissions cannot be signed: {error}"));
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let key = provider.key_provider.load_private_key(pair.key.clone_key()).map_err(|error| unusable(&error))?;
        let certificate = pair.chain.first().ok_or_else(|| unusable(&"there is no certificate"))?;
        let fingerprint = digest::sha256(certificate).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(RequestSigner { key, fingerprint })
    }

    /// Signs a request as it is about to be sent. `authority` is host and port as the `Host` field has them, `path_and_query` the
    /// target as it is sent, and `body` the bytes as they are sent.
    ///
    /// # Errors
    /// [`Error::is_configuration`]: the key is of no kind that signs.
    pub fn sign(
        &self,
        method: &str,
        authority: &str,
        path_and_query: &str,
        body: &[u8],
    ) -> Result<SignedFields, Error> {
        self.sign_digest(method, authority, path_and_query, &digest::sha256(body))
    }

    /// The same for a body that is read in pieces.
    pub(crate) async fn sign_body(&self, method: &str, target: &Url, body: &Body) -> Result<SignedFields, Error> {
        let host = target.host_str().unwrap_or_default();
        // The address has no port where it is the scheme's own.
        let authority = target.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let query = target.query().map_or_else(String::new, |query| format!("?{query}"));
        let path_and_query = format!("{}{query}", target.path());
        self.sign_digest(method, &authority, &path_and_query, &sha256_of(body).await?)
    }

    fn sign_digest(
        &self,
        method: &str,
        authority: &str,
        path_and_query: &str,
        sha256: &[u8; 32],
    ) -> Result<SignedFields, Error> {
        let content_digest = digest::field(sha256);
        let request = Request {
            method: method.to_owned(),
            authority: Request::normal_authority(authority),
            path_and_query: path_and_query.to_owned(),
            content_digest: Some(content_digest.clone()),
            signature_input: None,
            signature: None,
            fields: Vec::new(),
        };
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let created = i64::try_from(since).unwrap_or(i64::MAX);
        let (signer, algorithm, number_bytes) = SCHEMES
            .into_iter()
            .find_map(|(scheme, algorithm, bytes)| Some((self.key.choose_scheme(&[scheme])?, algorithm, bytes)))
            .ok_or_else(|| Error::configuration("submissions cannot be signed with a key of this kind"))?;
        let input = SignatureInput {
            components: profile::COVERED.map(Component::named).into(),
            parameters: vec![
                ("created".to_owned(), Bare::Integer(created)),
                ("keyid".to_owned(), Bare::Text(self.fingerprint.clone())),
                ("alg".to_owned(), Bare::Text(algorithm.name().to_owned())),
            ],
        };
        let cannot =
            |error: &dyn fmt::Display| Error::configuration(format!("the submission cannot be signed: {error}"));
        let base = input.base(&request).map_err(|absent| cannot(&absent.0))?;
        let signature = signer.sign(base.as_bytes()).map_err(|error| cannot(&error))?;
        let signature = match number_bytes {
            0 => signature,
            bytes => fixed(&signature, bytes).ok_or_else(|| cannot(&"the key made no ECDSA signature"))?,
        };
        let mut written = format!("{LABEL}=");
        write_item(&Item { value: Bare::Bytes(signature), parameters: Vec::new() }, &mut written);
        let signature_input = format!("{LABEL}={}", input.written());
        Ok(SignedFields { content_digest, signature_input, signature: written })
    }
}

async fn sha256_of(body: &Body) -> Result<[u8; 32], Error> {
    let mut hash = digest::Sha256Sum::default();
    let mut pieces = std::pin::pin!(body.pieces());
    while let Some(piece) = pieces.next().await {
        hash.add(&piece.map_err(|failed| Error::input(&failed.path, failed.source))?);
    }
    Ok(hash.end())
}

/// The two numbers of an ECDSA signature, of so many bytes each, out of their DER: a sequence of two integers.
fn fixed(der: &[u8], bytes: usize) -> Option<Vec<u8>> {
    const SEQUENCE: u8 = 0x30;
    const LONG_FORM: u8 = 0x81;
    let rest = der.strip_prefix(&[SEQUENCE])?;
    let (_, rest) = rest.strip_prefix(&[LONG_FORM]).unwrap_or(rest).split_first()?;
    let (first, rest) = integer(rest, bytes)?;
    let (second, rest) = integer(rest, bytes)?;
    rest.is_empty().then(|| [first, second].concat())
}

/// An integer that is not negative, filled up to so many bytes; and what follows it.
fn integer(der: &[u8], bytes: usize) -> Option<(Vec<u8>, &[u8])> {
    const INTEGER: u8 = 0x02;
    let (length, rest) = der.strip_prefix(&[INTEGER])?.split_first()?;
    let (number, rest) = rest.split_at_checked(usize::from(*length))?;
    let number = number.strip_prefix(&[0]).unwrap_or(number);
    let mut filled = vec![0; bytes.checked_sub(number.len())?];
    filled.extend_from_slice(number);
    Some((filled, rest))
}
