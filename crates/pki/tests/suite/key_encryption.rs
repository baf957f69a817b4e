//! Private keys encrypted with a passphrase, opened by us and by OpenSSL.
use pki::{AuthorityKey as _, KeyInFile, PASSPHRASE_CHARS_MIN, PkiError, is_encrypted};

use crate::programs::{folder, openssl};

const PASSPHRASE: &str = "pareiza zirga baterija";

#[test]
fn a_key_is_opened_by_its_passphrase_and_by_no_other() {
    let key = KeyInFile::generate().unwrap();
    let encrypted = key.to_encrypted_pem(PASSPHRASE).unwrap();
    assert!(is_encrypted(&encrypted) && !is_encrypted(&key.to_pem()), "{encrypted}");
    assert!(!encrypted.contains("BEGIN PRIVATE KEY"), "{encrypted}");
    assert_ne!(encrypted, key.to_encrypted_pem(PASSPHRASE).unwrap(), "salted");

    let opened = KeyInFile::from_encrypted_pem(&encrypted, PASSPHRASE).unwrap();
    assert_eq!(opened.public_key(), key.public_key());
    let wrong = KeyInFile::from_encrypted_pem(&encrypted, "another passphrase");
    assert!(matches!(wrong, Err(PkiError::PassphraseWrong)), "{wrong:?}");
    assert!(matches!(KeyInFile::from_pem(&encrypted), Err(PkiError::KeyEncrypted)));
    let cut = &encrypted[..encrypted.len() - 80];
    assert!(matches!(KeyInFile::from_encrypted_pem(cut, PASSPHRASE), Err(PkiError::KeyUnreadable)));
}

#[test]
fn a_short_passphrase_is_refused() {
    let key = KeyInFile::generate().unwrap();
    let short = "ā".repeat(PASSPHRASE_CHARS_MIN - 1);
    assert!(matches!(key.to_encrypted_pem(&short), Err(PkiError::PassphraseTooShort)));
    key.to_encrypted_pem(&"ā".repeat(PASSPHRASE_CHARS_MIN)).unwrap();
}

#[test]
fn openssl_opens_our_keys_and_we_open_those_of_openssl() {
    let key = KeyInFile::generate().unwrap();
    let pass = "pass:correct-horse-battery";
    let encrypted = key.to_encrypted_pem("correct-horse-battery").unwrap();
    let folder = folder(&[("ours.pem", encrypted.as_bytes())]);
    let Some((opened, text)) = openssl(folder.path(), &format!("pkcs8 -in ours.pem -passin {pass} -out opened.pem"))
    else {
        return;
    };
    assert!(opened, "{text}");
    let theirs = std::fs::read_to_string(folder.path().join("opened.pem")).unwrap();
    assert_eq!(KeyInFile::from_pem(&theirs).unwrap().public_key(), key.public_key());
    let (opened, text) = openssl(folder.path(), "pkcs8 -in ours.pem -passin pass:another").unwrap();
    assert!(!opened, "{text}");
    let (_, text) = openssl(folder.path(), "asn1parse -in ours.pem").unwrap();
    assert!(text.contains("aes-256-cbc") && text.contains(":scrypt"), "{text}");

    for form in ["-v2 aes-256-cbc", "-scrypt", "-v2 aes-128-cbc -v2prf hmacWithSHA512"] {
        let made = format!("pkcs8 -topk8 -in opened.pem {form} -passout {pass} -out theirs.pem");
        let (made, text) = openssl(folder.path(), &made).unwrap();
        assert!(made, "{text}");
        let theirs = std::fs::read_to_string(folder.path().join("theirs.pem")).unwrap();
        let opened = KeyInFile::from_encrypted_pem(&theirs, "correct-horse-battery").unwrap();
        assert_eq!(opened.public_key(), key.public_key(), "{form}");
    }
}
