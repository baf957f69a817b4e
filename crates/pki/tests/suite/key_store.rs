//! Key stores, opened by their users' programs: OpenSSL and Java.
use std::path::Path;
use std::process::Command;

use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use pki::{
    CertificateAuthority, Issued, KeyStoreEncryption, PkiError, Subject, Validity, certificate_der, random_password,
};

const PASSWORD: &str = "sandbox";

fn issued() -> Issued {
    let validity = Validity::of_days("2026-11-23T08:00:00Z".parse().unwrap(), 3650);
    let authority = CertificateAuthority::create(&Subject::new("Test authority"), validity).unwrap();
    authority.issue_client(&Subject::new("Daugava grāmatvedība").of("Daugavas novada pašvaldība"), validity).unwrap()
}

/// What a program says of the file; `None` when the program is not installed.
fn said(program: &str, arguments: &[&str], file: &Path) -> Option<(bool, String)> {
    let ran = match Command::new(program).args(arguments).arg(file).output() {
        Ok(ran) => ran,
        Err(error) => {
            println!("not tried with {program}: {error}");
            return None;
        }
    };
    let text = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    Some((ran.status.success(), text))
}

#[test]
fn a_key_store_has_the_key_its_certificate_and_the_authoritys() {
    let issued = issued();
    let bytes = issued.key_store("accounting", PASSWORD).unwrap();
    let store = KeyStore::from_pkcs12(&bytes, PASSWORD, Pkcs12ImportPolicy::Strict).unwrap();
    let (alias, chain) = store.private_key_chain().unwrap();
    assert_eq!((alias, chain.certs().len()), ("accounting", 2));
    assert_eq!(chain.certs()[0].as_der(), certificate_der(&issued.certificate_pem).unwrap());
    assert!(KeyStore::from_pkcs12(&bytes, "another", Pkcs12ImportPolicy::Strict).is_err());
    let key = issued.private_key_pem.clone().unwrap();
    let of_store = rcgen::KeyPair::try_from(chain.key().as_der()).unwrap();
    assert_eq!(rcgen::KeyPair::from_pem(&key).unwrap().public_key_raw(), of_store.public_key_raw());
    let kept_by_its_owner = Issued { private_key_pem: None, ..issued };
    assert!(matches!(kept_by_its_owner.key_store("accounting", PASSWORD), Err(PkiError::KeyUnreadable)));
}

#[test]
fn openssl_and_java_open_it_and_see_todays_encryption() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), issued().key_store("accounting", PASSWORD).unwrap()).unwrap();
    let openssl = ["pkcs12", "-info", "-nodes", "-passin", "pass:sandbox", "-in"];
    if let Some((opened, text)) = said("openssl", &openssl, file.path()) {
        assert!(opened, "{text}");
        for expected in ["PBES2", "AES-256-CBC", "hmacWithSHA256", "MAC: sha256", "BEGIN PRIVATE KEY"] {
            assert!(text.contains(expected), "{expected} is not in {text}");
        }
        assert_eq!(text.matches("BEGIN CERTIFICATE").count(), 2, "{text}");
    }
    let wrong = ["pkcs12", "-nodes", "-passin", "pass:another", "-in"];
    if let Some((opened, text)) = said("openssl", &wrong, file.path()) {
        assert!(!opened, "{text}");
    }
    let keytool = ["-list", "-v", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore"];
    if let Some((opened, text)) = said("keytool", &keytool, file.path()) {
        assert!(opened, "{text}");
        for expected in ["Alias name: accounting", "Entry type: PrivateKeyEntry", "Certificate chain length: 2"] {
            assert!(text.contains(expected), "{expected} is not in {text}");
        }
    }
}

#[test]
fn triple_des_is_there_by_name_and_rc2_never() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let bytes = issued().key_store_encrypted("accounting", PASSWORD, KeyStoreEncryption::TripleDes).unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let openssl = ["pkcs12", "-info", "-nodes", "-legacy", "-passin", "pass:sandbox", "-in"];
    if let Some((opened, text)) = said("openssl", &openssl, file.path()) {
        assert!(opened, "{text}");
        assert_eq!(text.matches("pbeWithSHA1And3-KeyTripleDES-CBC").count(), 2, "{text}");
        assert!(text.contains("MAC: sha1") && !text.contains("RC2"), "{text}");
        assert_eq!(text.matches("BEGIN CERTIFICATE").count(), 2, "{text}");
    }
    let keytool = ["-list", "-v", "-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore"];
    if let Some((opened, text)) = said("keytool", &keytool, file.path()) {
        assert!(opened && text.contains("Certificate chain length: 2"), "{text}");
    }
}

#[test]
fn passwords_differ_and_are_long() {
    let (first, second) = (random_password().unwrap(), random_password().unwrap());
    assert_ne!(first, second);
    assert!(first.len() > 20 && first.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{first}");
}
