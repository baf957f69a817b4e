//! PKCS #12: a private key with its certificate in one file, as Windows, Java and .NET keep them.

use p12_keystore::error::Error as StoreError;
use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, Pkcs12ImportPolicy, PrivateKey, PrivateKeyChain};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::Error;

/// The name of the entry in a file that the library writes.
const ALIAS: &str = "tdam";

/// The certificate with its chain, and the key, of a PKCS #12 file. AES as OpenSSL 3 and Java 17 write it, and triple DES.
pub(crate) fn open(
    file: &[u8],
    password: &str,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Error> {
    let store = KeyStore::from_pkcs12(file, password, Pkcs12ImportPolicy::Relaxed).map_err(|error| unopened(&error))?;
    let Some((_, entry)) = store.private_key_chain() else {
        return Err(Error::configuration("the PKCS#12 file holds no private key: export it together with its key"));
    };
    let chain: Vec<_> =
        entry.certs().iter().map(|certificate| CertificateDer::from(certificate.as_der().to_vec())).collect();
    if chain.is_empty() {
        return Err(Error::configuration(
            "the PKCS#12 file holds a private key and no certificate of it: export both together",
        ));
    }
    Ok((chain, PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(entry.key().as_der().to_vec()))))
}

/// A file with this key and chain, encrypted with AES-256.
pub(crate) fn write(chain: &[CertificateDer<'_>], key_pkcs8: &[u8], password: &str) -> Result<Vec<u8>, Error> {
    let unusable = |error: StoreError| Error::unexpected(format!("the PKCS#12 file cannot be made: {error}"));
    let key = PrivateKey::from_der(key_pkcs8).map_err(unusable)?;
    let certificates: Vec<Certificate> =
        chain.iter().map(|der| Certificate::from_der(der)).collect::<Result<_, _>>().map_err(unusable)?;
    let id = chain.first().map(|der| signatures::digest::sha256(der)).unwrap_or_default();
    let mut store = KeyStore::new();
    store.add_entry(ALIAS, KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new(id.as_slice(), key, certificates)));
    store.writer(password).write().map_err(unusable)
}

/// A wrong password and a damaged file look alike; the text names both.
fn unopened(error: &StoreError) -> Error {
    Error::configuration(format!(
        "the PKCS#12 file cannot be opened ({error}): check its password, and that it is a PKCS#12 file (.p12, .pfx)"
    ))
}
