//! Certificate requests: the authority takes only the key, and only a good one that signed the request.
use std::process::Command;

use jiff::Timestamp;
use pki::{CertificateAuthority, Issued, PkiError, Subject, Validity, certificate_der};
use rcgen::{CertificateParams, DnType, IsCa, KeyPair, PublicKeyData as _, RsaKeySize};
use x509_parser::prelude::{FromDer as _, X509Certificate};

fn now() -> Timestamp {
    "2026-11-23T08:00:00Z".parse().unwrap()
}

fn issue(request_pem: &str) -> Result<Issued, PkiError> {
    let authority = CertificateAuthority::create(&Subject::new("Authority"), Validity::of_days(now(), 365)).unwrap();
    authority.issue_client_from_request(request_pem, &Subject::new("Horizon"), Validity::of_days(now(), 30))
}

fn request(key: &KeyPair) -> String {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, "Somebody else");
    parameters.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    parameters.serialize_request(key).unwrap().pem().unwrap()
}

#[test]
fn the_key_is_certified_and_nothing_else_of_the_request() {
    for key in [
        KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap(),
        KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap(),
        KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap(),
    ] {
        let issued = issue(&request(&key)).unwrap();
        assert!(issued.private_key_pem.is_none(), "the authority has never seen it");
        let der = certificate_der(&issued.certificate_pem).unwrap();
        let (_, certificate) = X509Certificate::from_der(&der).unwrap();
        assert_eq!(certificate.public_key().raw, key.subject_public_key_info());
        assert_eq!(certificate.subject().to_string(), "CN=Horizon");
        assert!(!certificate.is_ca());
    }
}

#[test]
fn a_request_that_was_changed_after_signing_is_refused() {
    let key = KeyPair::generate().unwrap();
    let der = rcgen::CertificateParams::default().serialize_request(&key).unwrap().der().to_vec();
    // The default common name of the request, one letter changed.
    let at = der.windows(5).position(|bytes| bytes == b"rcgen").unwrap();
    let mut changed = der;
    changed[at] = b'R';
    let pem = pem_of(&changed);
    assert!(matches!(issue(&pem), Err(PkiError::RequestSignatureInvalid)));
}

#[test]
fn what_is_no_request_is_refused() {
    let key = KeyPair::generate().unwrap();
    for nonsense in ["", "nonsense", &key.serialize_pem(), &pem_of(b"nonsense"), &"A".repeat(20_000)] {
        assert!(matches!(issue(nonsense), Err(PkiError::RequestUnreadable)), "{nonsense:.60}");
    }
}

#[test]
fn weak_keys_are_refused() {
    let make = |arguments: &[&str]| Command::new("openssl").args(arguments).output();
    let subject = ["-nodes", "-subj", "/CN=weak", "-keyout", "/dev/null"];
    let Ok(rsa) = make(&[&["req", "-new", "-newkey", "rsa:1024"], &subject[..]].concat()) else {
        println!("openssl is not installed: weak keys, which nothing else here makes, are not tried");
        return;
    };
    let rsa = String::from_utf8(rsa.stdout).unwrap();
    assert!(matches!(issue(&rsa), Err(PkiError::KeyNotAccepted { found }) if found == "RSA 1024"));
    let curve = ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-192"];
    let small = String::from_utf8(make(&[&curve, &subject[..]].concat()).unwrap().stdout).unwrap();
    assert!(matches!(issue(&small), Err(PkiError::KeyNotAccepted { .. })), "{small}");
}

fn pem_of(der: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::from("-----BEGIN CERTIFICATE REQUEST-----\n");
    for (number, group) in der.chunks(3).enumerate() {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let index = (bits >> (18 - 6 * place)) & 63;
            text.push(if place <= group.len() { char::from(ALPHABET[index as usize]) } else { '=' });
        }
        if number % 16 == 15 {
            text.push('\n');
        }
    }
    text + "\n-----END CERTIFICATE REQUEST-----\n"
}
