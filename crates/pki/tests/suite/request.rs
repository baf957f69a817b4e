//! Certificate requests: the authority takes only the key, and only a good one that signed the request.
use std::process::Command;

use jiff::Timestamp;
use pki::{CertificateAuthority, CertificateRequest, Issued, PkiError, Subject, Validity, certificate_der};
use rcgen::{CertificateParams, DnType, IsCa, KeyPair, PublicKeyData as _, RsaKeySize};
use x509_parser::prelude::{FromDer as _, X509Certificate};

fn now() -> Timestamp {
    "2026-11-23T08:00:00Z".parse().unwrap()
}

fn issue(request_pem: &str) -> Result<Issued, PkiError> {
    let authority = CertificateAuthority::create(&Subject::new("Authority"), Validity::of_days(now(), 365)).unwrap();
    authority.certify(
        &CertificateRequest::read(request_pem.as_bytes())?,
        &Subject::new("Horizon"),
        Validity::of_days(now(), 30),
    )
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

/// The same key has the same bytes in every request: of a point one form is taken.
#[test]
fn a_compressed_point_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let ran = |arguments: &str| {
        let ran = Command::new("openssl").args(arguments.split(' ')).current_dir(folder.path()).output();
        ran.is_ok_and(|ran| ran.status.success())
    };
    if !ran("ecparam -name prime256v1 -genkey -noout -out key") {
        println!("openssl is not installed: no compressed point is tried");
        return;
    }
    assert!(ran("ec -in key -conv_form compressed -out compressed"));
    assert!(ran("req -new -key compressed -subj /CN=Horizon -out request"));
    let outcome = issue(&std::fs::read_to_string(folder.path().join("request")).unwrap());
    let expected = "EC with a compressed point";
    assert!(matches!(&outcome, Err(PkiError::KeyNotAccepted { found }) if found == expected), "{outcome:?}");
}

/// A request that OpenSSL makes; `None` when it is not installed, or cannot make such a one.
fn made_by_openssl(arguments: &[&str]) -> Option<String> {
    let fixed = ["-nodes", "-subj", "/CN=Horizon", "-keyout", "/dev/null"];
    let made = Command::new("openssl").args(["req", "-new"]).args(arguments).args(fixed).output();
    let made = made.ok().filter(|made| made.status.success())?;
    String::from_utf8(made.stdout).ok()
}

#[test]
fn keys_and_signatures_that_are_not_accepted_are_named() {
    if made_by_openssl(&["-newkey", "rsa:2048"]).is_none() {
        println!("openssl is not installed: keys that nothing else here makes are not tried");
        return;
    }
    let curve = |name: &'static str| vec!["-newkey", "ec", "-pkeyopt", name];
    for (arguments, expected) in [
        (vec!["-newkey", "rsa:1024"], "RSA 1024"),
        (vec!["-newkey", "rsa:2048", "-pkeyopt", "rsa_keygen_pubexp:3"], "RSA 2048 with the exponent 3"),
        (vec!["-newkey", "rsa:8192"], "RSA 8192"),
        (curve("ec_paramgen_curve:P-521"), "EC P-521"),
        (curve("ec_paramgen_curve:P-224"), "EC P-224"),
        (curve("ec_paramgen_curve:secp256k1"), "EC secp256k1"),
        (curve("ec_paramgen_curve:brainpoolP256r1"), "EC brainpoolP256r1"),
        (
            vec!["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"],
            "EC with parameters of its own",
        ),
        (vec!["-newkey", "ed25519"], "Ed25519"),
    ] {
        let request = made_by_openssl(&arguments).unwrap_or_else(|| panic!("openssl makes no {arguments:?}"));
        let outcome = issue(&request);
        assert!(
            matches!(&outcome, Err(PkiError::KeyNotAccepted { found }) if found == expected),
            "{expected}: {outcome:?}"
        );
    }
    for (arguments, expected) in [
        (vec!["-newkey", "rsa:2048", "-sha1"], "RSA with SHA-1"),
        (vec!["-newkey", "rsa:2048", "-md5"], "RSA with MD5"),
        ([&curve("ec_paramgen_curve:P-256")[..], &["-sha1"]].concat(), "ECDSA with SHA-1"),
        ([&curve("ec_paramgen_curve:P-256")[..], &["-sha512"]].concat(), "ECDSA with SHA-512"),
    ] {
        let request = made_by_openssl(&arguments).unwrap_or_else(|| panic!("openssl makes no {arguments:?}"));
        let outcome = issue(&request);
        assert!(
            matches!(&outcome, Err(PkiError::RequestAlgorithmNotAccepted { found }) if found == expected),
            "{expected}: {outcome:?}"
        );
    }
    for arguments in [
        vec!["-newkey", "rsa:4096", "-sha512"],
        vec!["-newkey", "rsa:3072", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"],
        curve("ec_paramgen_curve:P-384"),
        [&curve("ec_paramgen_curve:P-384")[..], &["-sha384"]].concat(),
        curve("ec_paramgen_curve:prime256v1"),
    ] {
        let request = made_by_openssl(&arguments).unwrap_or_else(|| panic!("openssl makes no {arguments:?}"));
        issue(&request).unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
    }
}

#[test]
fn the_same_request_is_known_by_its_digest() {
    let key = KeyPair::generate().unwrap();
    let (one, other) = (request(&key), request(&key));
    let digest = |pem: &str| CertificateRequest::read(pem.as_bytes()).unwrap().digest();
    assert_eq!(digest(&one), digest(&format!("some words before it\n{one}")));
    assert_ne!(digest(&one), digest(&other), "signed anew");
    let der = rcgen::CertificateParams::default().serialize_request(&key).unwrap();
    let as_pem = CertificateRequest::read(der.pem().unwrap().as_bytes()).unwrap();
    assert_eq!(CertificateRequest::read(der.der()).unwrap().digest(), as_pem.digest(), "PEM and DER are one request");
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
