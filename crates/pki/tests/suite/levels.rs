//! Root, issuing authority, certificate: judged by webpki and by OpenSSL.
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use pki::{AuthorityKey, CertificateAuthority, KeyAlgorithm, KeyInFile, PkiError, SigningFailed, Subject, Validity};
use pki::{Issued, certificate_der};
use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;

use crate::programs::{folder, openssl};

struct Levels {
    root: CertificateAuthority,
    issuing: CertificateAuthority,
    client: Issued,
    server: Issued,
}

fn levels() -> Levels {
    // OpenSSL judges by the machine's clock.
    let now = Timestamp::now();
    let key = || Box::new(KeyInFile::generate().unwrap());
    let root = CertificateAuthority::create_root(&Subject::new("Root"), Validity::of_days(now, 30), key()).unwrap();
    let issuing = root.create_issuing(&Subject::new("Issuing"), Validity::of_days(now, 20), key()).unwrap();
    let client = issuing.issue_client(&Subject::new("Horizon"), Validity::of_days(now, 7)).unwrap();
    let server = issuing.issue_server(&["localhost"], Validity::of_days(now, 7)).unwrap();
    Levels { root, issuing, client, server }
}

fn accepts(anchors: &[&[u8]], chain_pem: &str, time: Timestamp) -> bool {
    let mut roots = RootCertStore::empty();
    for anchor in anchors {
        roots.add(anchor.to_vec().into()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
    use rustls::pki_types::pem::PemObject as _;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(chain_pem.as_bytes()).map(Result::unwrap).collect();
    let time = UnixTime::since_unix_epoch(Duration::from_secs(time.as_second().try_into().unwrap()));
    verifier.verify_client_cert(&chain[0], &chain[1..], time).is_ok()
}

#[test]
fn webpki_follows_the_chain_from_either_anchor() {
    let Levels { root, issuing, client, .. } = levels();
    let now = Timestamp::now();
    assert!(accepts(&[root.certificate_der()], &client.chain_pem, now));
    assert!(accepts(&[issuing.certificate_der()], &client.certificate_pem, now), "a client that sends no chain");
    assert!(accepts(&[issuing.certificate_der()], &client.chain_pem, now));
    assert!(!accepts(&[root.certificate_der()], &client.certificate_pem, now), "nobody knows what is between");
    assert!(root.info().subject.contains("Root") && issuing.is_below_a_root() && !root.is_below_a_root());
}

#[test]
fn an_issuing_authority_makes_no_further_authorities() {
    let Levels { root, issuing, .. } = levels();
    let now = Timestamp::now();
    let below = issuing.create_issuing(
        &Subject::new("Below"),
        Validity::of_days(now, 10),
        Box::new(KeyInFile::generate().unwrap()),
    );
    // It can be signed, but nobody follows it: the path is longer than the issuing authority's certificate allows.
    let below = below.unwrap();
    let client = below.issue_client(&Subject::new("Horizon"), Validity::of_days(now, 7)).unwrap();
    let chain = format!("{}{}", client.chain_pem, issuing.certificate_pem());
    assert!(!accepts(&[root.certificate_der()], &chain, now));
}

#[test]
fn openssl_verifies_both_levels_strictly() {
    let Levels { root, issuing, client, server } = levels();
    let folder = folder(&[
        ("root.pem", root.certificate_pem().as_bytes()),
        ("issuing.pem", issuing.certificate_pem().as_bytes()),
        ("client.pem", client.certificate_pem.as_bytes()),
        ("server.pem", server.certificate_pem.as_bytes()),
    ]);
    for (purpose, file, verdict) in [
        ("sslclient", "client.pem", true),
        ("sslserver", "server.pem", true),
        ("sslclient", "server.pem", false),
        ("sslserver", "client.pem", false),
    ] {
        let command = format!("verify -x509_strict -CAfile root.pem -untrusted issuing.pem -purpose {purpose} {file}");
        let Some((verified, text)) = openssl(folder.path(), &command) else { return };
        assert_eq!(verified, verdict, "{purpose} {file}: {text}");
    }
    let (verified, text) = openssl(folder.path(), "verify -x509_strict -CAfile root.pem issuing.pem").unwrap();
    assert!(verified, "{text}");
}

/// A module that holds the key, and is not always reached.
struct Module {
    key: KeyInFile,
    is_reached: bool,
}

impl AuthorityKey for Module {
    fn algorithm(&self) -> KeyAlgorithm {
        self.key.algorithm()
    }

    fn public_key(&self) -> &[u8] {
        self.key.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningFailed> {
        if self.is_reached { self.key.sign(message) } else { Err(SigningFailed) }
    }
}

#[test]
fn a_key_may_be_held_elsewhere() {
    let Levels { root, .. } = levels();
    let now = Timestamp::now();
    let key_pem = KeyInFile::generate().unwrap().to_pem();
    let module = |is_reached| Box::new(Module { key: KeyInFile::from_pem(&key_pem).unwrap(), is_reached });
    let issuing = root.create_issuing(&Subject::new("Issuing"), Validity::of_days(now, 20), module(true)).unwrap();
    let client = issuing.issue_client(&Subject::new("Horizon"), Validity::of_days(now, 7)).unwrap();
    assert!(accepts(&[root.certificate_der()], &client.chain_pem, now));

    let cut_off = CertificateAuthority::load(issuing.certificate_pem(), module(false)).unwrap();
    let outcome = cut_off.issue_client(&Subject::new("Horizon"), Validity::of_days(now, 7));
    assert!(matches!(outcome, Err(PkiError::NotIssued(_))), "{outcome:?}");
    assert!(certificate_der(cut_off.certificate_pem()).unwrap() == cut_off.certificate_der());
}

#[test]
fn keys_of_other_kinds_sign_too() {
    let now = Timestamp::now();
    let kinds = [
        (rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap(), KeyAlgorithm::EcdsaP384),
        (
            rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_3072).unwrap(),
            KeyAlgorithm::RsaSha256,
        ),
    ];
    for (pair, algorithm) in kinds {
        let key = KeyInFile::from_pem(&pair.serialize_pem()).unwrap();
        assert_eq!(key.algorithm(), algorithm);
        let root = CertificateAuthority::create_root(&Subject::new("R"), Validity::of_days(now, 30), Box::new(key));
        let root = root.unwrap();
        let client = root.issue_client(&Subject::new("Horizon"), Validity::of_days(now, 7)).unwrap();
        assert!(accepts(&[root.certificate_der()], &client.certificate_pem, now), "{algorithm:?}");
    }
}
