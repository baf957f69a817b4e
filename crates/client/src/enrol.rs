//! The first certificate, with an enrolment code: on the exchange's listener for enrolment, without a certificate.

use std::fmt;
use std::fs::OpenOptions;
use std::path::Path;

use protocol::{media, routes};

use crate::call::Call;
use crate::identity::Pair;
use crate::new_key::NewKey;
use crate::{Body, Client, Error, Identity, KeyKind, Retries, swap};

/// A certificate with the key that was made for it.
#[derive(Clone)]
#[non_exhaustive]
pub struct NewIdentity {
    /// The certificate with its chain, PEM.
    pub certificate_pem: String,
    /// The private key (PKCS #8, PEM). Keep it where only your program reads it.
    pub private_key_pem: String,
    /// The serial number of the certificate, in hexadecimal digits.
    pub serial: String,
}

/// Where a new certificate and its key were written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EnrolledFiles {
    /// What [`ClientBuilder::identity`](crate::ClientBuilder::identity) takes.
    pub identity: Identity,
    /// The serial number of the certificate, in hexadecimal digits.
    pub serial: String,
}

impl NewIdentity {
    /// What [`ClientBuilder::identity`](crate::ClientBuilder::identity) takes.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity::pem(self.certificate_pem.clone(), self.private_key_pem.clone())
    }
}

impl fmt::Debug for NewIdentity {
    /// Without the private key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewIdentity").field("serial", &self.serial).finish_non_exhaustive()
    }
}

impl Client {
    /// Makes a key and gets the first certificate for it with an enrolment code. The client is one of the enrolment address, without
    /// an identity.
    ///
    /// A lost answer is asked for again with the same request, and the exchange gives the same certificate.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), client::Error> {
    /// use client::{Client, KeyKind};
    /// let stranger = Client::builder()
    ///     .url("https://exchange.example:8444")
    ///     .certificate_authority_file("ca.pem")
    ///     .build()?;
    /// let new = stranger.enroll("ABCD-EFGH-…", KeyKind::P256).await?;
    /// let client = Client::builder()
    ///     .url("https://exchange.example:8443")
    ///     .certificate_authority_file("ca.pem")
    ///     .identity(new.identity())
    ///     .build()?;
    /// # let _ = client;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_refused`] when the code opens nothing (any more), or is for a key store.
    pub async fn enroll(&self, code: &str, kind: KeyKind) -> Result<NewIdentity, Error> {
        let key = NewKey::generate(kind)?;
        let certificate_pem = self.enroll_request(code, key.request_pem.clone()).await?;
        let private_key_pem = key.pem();
        let serial = Pair::from_pem(certificate_pem.as_bytes(), private_key_pem.as_bytes())?.serial();
        Ok(NewIdentity { certificate_pem, private_key_pem, serial })
    }

    /// The same into two files that are not there yet. The key is written before the code is used, with mode 0600, so that no
    /// certificate ever lacks its key.
    ///
    /// # Errors
    /// As [`Client::enroll`]; [`Error::is_configuration`] when a file is there already, or cannot be written.
    pub async fn enroll_to_files(
        &self,
        code: &str,
        kind: KeyKind,
        certificate: impl AsRef<Path>,
        private_key: impl AsRef<Path>,
    ) -> Result<EnrolledFiles, Error> {
        let (certificate, private_key) = (certificate.as_ref(), private_key.as_ref());
        let key = NewKey::generate(kind)?;
        reserve(private_key)?;
        swap::write_private(private_key, key.pem().as_bytes())?;
        reserve(certificate)?;
        match self.enroll_request(code, key.request_pem.clone()).await {
            Ok(pem) => {
                swap::write_private(certificate, pem.as_bytes())?;
                let serial = Pair::from_pem(pem.as_bytes(), key.pem().as_bytes())?.serial();
                Ok(EnrolledFiles { identity: Identity::pem_files(certificate, private_key), serial })
            }
            Err(error) => {
                // A refused code made no certificate. After anything else one may exist, and its key stays.
                if error.is_refused().is_some() {
                    swap::remove(private_key);
                }
                swap::remove(certificate);
                Err(error)
            }
        }
    }

    /// Sends a certificate request of your own (PKCS #10, PEM or DER) with an enrolment code; the certificate with its chain, PEM.
    ///
    /// # Errors
    /// As [`Client::enroll`].
    pub async fn enroll_request(&self, code: &str, request: impl Into<Vec<u8>>) -> Result<String, Error> {
        let body = Body::bytes(request.into());
        let mut call =
            Call::post(self.resolve(routes::ENROLLMENT)?, media::PEM, &body).of_type(media::CERTIFICATE_REQUEST);
        call.bearer = Some(code);
        let chain = self.call(&call.held()).await?.document.bytes().await?;
        String::from_utf8(chain.to_vec()).map_err(|_| Error::unexpected("the answer is no certificate"))
    }

    /// Picks up a PKCS #12 file whose key the exchange makes, for those who cannot make a request. Its password is the code without
    /// its hyphens.
    ///
    /// The code works once: this call is made once. After a lost answer, ask the Treasury for another code.
    ///
    /// # Errors
    /// As [`Client::enroll`].
    pub async fn enroll_key_store(&self, code: &str) -> Result<Vec<u8>, Error> {
        let mut once = self.clone();
        once.limits.retries = Retries::none();
        let nothing = Body::bytes(Vec::new());
        let mut call = Call::post(self.resolve(routes::ENROLLMENT_KEY_STORE)?, media::PKCS12, &nothing);
        call.bearer = Some(code);
        Ok(once.call(&call.held()).await?.document.bytes().await?.to_vec())
    }
}

/// Makes sure that nothing is overwritten, and that the file can be written.
fn reserve(path: &Path) -> Result<(), Error> {
    OpenOptions::new().write(true).create_new(true).open(path).map(drop).map_err(|error| {
        Error::configuration(format!(
            "{} cannot be made: {error}; name a file that is not there yet, in a folder that this program may write to",
            path.display()
        ))
    })
}
