//! Renewal in place: a new key, its certificate, a trial of both, and then the exchange of the files.
//!
//! The old pair stays in use and on disk until the new one has opened the exchange. Each step leaves what the next run needs: the key
//! and the request are on disk before the request is sent, so the same request gets the same certificate after a crash.

use std::path::{Path, PathBuf};

use rustls::pki_types::PrivateKeyDer;

use crate::identity::{Identity, Pair, Source};
use crate::new_key::NewKey;
use crate::{Client, Error, KeyKind, key_store, swap};

/// A certificate that was renewed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Renewed {
    /// The serial number of the new certificate, in hexadecimal digits.
    pub serial: String,
    /// When it ends, as the exchange says (RFC 3339).
    pub valid_until: String,
}

/// Where the steps of a renewal leave what they made.
struct Stage {
    key: PathBuf,
    request: PathBuf,
}

impl Client {
    /// Renews the certificate in use: makes a key and a request, gets the certificate, tries it, and puts both in the place of the
    /// old ones. All clones of the client use the new one from then on; nothing is interrupted.
    ///
    /// The identity must be in files. For one in memory use [`Client::renew_certificate`] with a request of your own.
    ///
    /// ```no_run
    /// # async fn example(client: client::Client) -> Result<(), client::Error> {
    /// if client.heartbeat().await?.caller.certificate_days_left < 30 {
    ///     let renewed = client.renew(client::KeyKind::P256).await?;
    ///     println!("valid until {}", renewed.valid_until);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_configuration`] when the identity is not in files, certificate and key are in one PEM file, or they cannot be written; [`Error::is_refused`] with status 409
    /// when two certificates are valid already. The old pair is then still in place and in use.
    pub async fn renew(&self, kind: KeyKind) -> Result<Renewed, Error> {
        let live = self.in_use.now();
        let unfit = || {
            Error::configuration(
                "only an identity in files can be renewed in place: give the files, or send a request of your own",
            )
        };
        let Some(Identity(source)) = live.identity.as_ref() else { return Err(unfit()) };
        let renewed = match source {
            Source::PemFiles { certificate, key } if is_one_file(certificate, key) => {
                return Err(Error::configuration(format!(
                    "{} holds the certificate and the key, and a renewal exchanges two files: put the key into a file of its own, or send a request of your own",
                    certificate.display()
                )));
            }
            Source::PemFiles { certificate, key } => self.renew_files(certificate, key, kind).await?,
            Source::Pkcs12File { path, password } => self.renew_store(path, password, kind).await?,
            Source::Pem { .. } | Source::Pkcs12 { .. } => return Err(unfit()),
        };
        self.reload()?;
        Ok(renewed)
    }

    async fn renew_files(&self, certificate: &Path, key: &Path, kind: KeyKind) -> Result<Renewed, Error> {
        let stage = Stage { key: swap::next(key), request: swap::request(key) };
        let (pair, chain_pem) = self.next_pair(&stage, kind).await?;
        swap::write_private(&swap::next(certificate), chain_pem.as_bytes())?;
        let renewed = self.tried(pair).await?;
        swap::adopt(certificate, key)?;
        swap::remove(&stage.request);
        Ok(renewed)
    }

    async fn renew_store(&self, path: &Path, password: &str, kind: KeyKind) -> Result<Renewed, Error> {
        let stage = Stage { key: swap::next_key(path), request: swap::request(path) };
        let (pair, _) = self.next_pair(&stage, kind).await?;
        let PrivateKeyDer::Pkcs8(key) = &pair.key else {
            return Err(Error::unexpected("the new key is not in PKCS#8"));
        };
        let file = key_store::write(&pair.chain, key.secret_pkcs8_der(), password)?;
        swap::write_private(&swap::next(path), &file)?;
        let renewed = self.tried(pair).await?;
        swap::adopt_one(path)?;
        swap::remove(&stage.request);
        swap::remove(&stage.key);
        Ok(renewed)
    }

    /// The next key with its certificate; of a renewal that broke off, the same ones.
    async fn next_pair(&self, stage: &Stage, kind: KeyKind) -> Result<(Pair, String), Error> {
        let staged = swap::bytes(&stage.key).and_then(|key| Ok((key, swap::bytes(&stage.request)?)));
        let (key_pem, request) = match staged {
            Ok(staged) => staged,
            Err(_) => {
                let key = NewKey::generate(kind)?;
                let made = (key.pem().into_bytes(), key.request_pem.clone().into_bytes());
                swap::write_private(&stage.key, &made.0)?;
                swap::write_private(&stage.request, &made.1)?;
                made
            }
        };
        let chain_pem = self.renew_certificate(request).await?;
        Ok((Pair::from_pem(chain_pem.as_bytes(), &key_pem)?, chain_pem))
    }

    /// Calls the exchange with the new pair.
    async fn tried(&self, pair: Pair) -> Result<Renewed, Error> {
        let serial = pair.serial();
        let next = self.over(self.in_use.with(pair)?);
        let heartbeat = next.heartbeat().await?;
        Ok(Renewed { serial, valid_until: heartbeat.caller.certificate_not_after })
    }
}

/// Whether both names lead to one file. The new certificate would take the place of the key.
fn is_one_file(certificate: &Path, key: &Path) -> bool {
    match (certificate.canonicalize(), key.canonicalize()) {
        (Ok(certificate), Ok(key)) => certificate == key,
        _ => certificate == key,
    }
}
