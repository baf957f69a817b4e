//! Certificates that the authority issues, judged by the libraries that must accept them: webpki (rustls) and OpenSSL.
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use pki::{
    CertificateAuthority, Holder, KeyInFile, PkiError, Subject, Validity, certificate_der, describe, fingerprint,
};
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::WebPkiClientVerifier;
use x509_parser::prelude::{FromDer as _, ParsedExtension, X509Certificate};

fn now() -> Timestamp {
    "2026-11-23T08:00:00Z".parse().unwrap()
}

fn unix(time: Timestamp) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(time.as_second().try_into().unwrap()))
}

fn authority() -> CertificateAuthority {
    CertificateAuthority::create(&Subject::new("Test authority").of("Valsts kase"), Validity::of_days(now(), 3650))
        .unwrap()
}

fn roots(authority: &CertificateAuthority) -> Arc<RootCertStore> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate_der().to_vec().into()).unwrap();
    Arc::new(roots)
}

fn der(pem: &str) -> CertificateDer<'static> {
    certificate_der(pem).unwrap().into()
}

#[test]
fn webpki_accepts_a_server_certificate_for_its_names_and_its_time_only() {
    let authority = authority();
    let issued = authority.issue_server(&["localhost", "127.0.0.1", "::1"], Validity::of_days(now(), 90)).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(roots(&authority), provider).build().unwrap();
    let verify = |name: &str, time: Timestamp| {
        let name = ServerName::try_from(name.to_owned()).unwrap();
        verifier.verify_server_cert(&der(&issued.certificate_pem), &[], &name, &[], unix(time)).map(|_| ())
    };
    for name in ["localhost", "127.0.0.1", "::1"] {
        verify(name, now()).unwrap();
    }
    assert!(verify("example.org", now()).is_err());
    assert!(verify("localhost", "2027-11-23T08:00:00Z".parse().unwrap()).is_err(), "after its end");
    assert!(verify("localhost", "2026-11-22T08:00:00Z".parse().unwrap()).is_err(), "before its beginning");
}

#[test]
fn webpki_accepts_a_client_certificate_as_client_only_and_of_its_authority_only() {
    let authority = authority();
    let subject = Subject::new("Grāmatvedības sistēma").of("Jelgavas valstspilsētas pašvaldība");
    let client = authority.issue_client(&subject, Validity::of_days(now(), 365)).unwrap();
    let server = authority.issue_server(&["localhost"], Validity::of_days(now(), 365)).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = |authority: &CertificateAuthority| {
        WebPkiClientVerifier::builder_with_provider(roots(authority), Arc::clone(&provider)).build().unwrap()
    };
    verifier(&authority).verify_client_cert(&der(&client.certificate_pem), &[], unix(now())).unwrap();
    assert!(verifier(&authority).verify_client_cert(&der(&server.certificate_pem), &[], unix(now())).is_err());

    // Another authority of the very same name has another key.
    let namesake = self::authority();
    assert!(verifier(&namesake).verify_client_cert(&der(&client.certificate_pem), &[], unix(now())).is_err());
    assert!(client.info.subject.contains("Grāmatvedības sistēma"), "{}", client.info.subject);
}

#[test]
fn certificates_carry_the_extensions_that_other_stacks_insist_on() {
    let authority = authority();
    let client = authority.issue_client(&Subject::new("Horizon"), Validity::of_days(now(), 365)).unwrap();
    let client_der = der(&client.certificate_pem);
    let (_, certificate) = X509Certificate::from_der(&client_der).unwrap();
    let (_, issuer) = X509Certificate::from_der(authority.certificate_der()).unwrap();

    assert!(!certificate.is_ca());
    assert!(certificate.basic_constraints().unwrap().unwrap().critical);
    assert!(certificate.key_usage().unwrap().unwrap().value.digital_signature());
    let purposes = certificate.extended_key_usage().unwrap().unwrap().value;
    assert!(purposes.client_auth && !purposes.server_auth);
    let key_id = |certificate: &X509Certificate<'_>| {
        certificate.iter_extensions().find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::SubjectKeyIdentifier(id) => Some(id.0.to_vec()),
            _ => None,
        })
    };
    let authority_key_id = certificate.iter_extensions().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(id) => id.key_identifier.as_ref().map(|id| id.0.to_vec()),
        _ => None,
    });
    assert!(key_id(&certificate).is_some());
    assert_eq!(authority_key_id, key_id(&issuer), "the chain can be built by key identifiers");

    let usage = issuer.key_usage().unwrap().unwrap().value;
    assert!(issuer.is_ca() && usage.key_cert_sign() && usage.crl_sign());
    assert_eq!(issuer.basic_constraints().unwrap().unwrap().value.path_len_constraint, Some(0));
}

#[test]
fn a_certificate_names_its_holder_as_the_house_numbers_it() {
    let authority = authority();
    let holders = [Some(Holder::OnlineUser(7)), Some(Holder::Person(i64::MAX)), None];
    for holder in holders {
        let subject = Subject::new("Horizon");
        let subject = holder.map_or(subject.clone(), |holder| subject.held_by(holder));
        let issued = authority.issue_client(&subject, Validity::of_days(now(), 365)).unwrap();
        assert_eq!(issued.info.holder, holder);
        assert_eq!(issued.info.authority_key_identifier, authority.key_identifier());
        assert!(issued.info.server_names.is_empty());
    }
    assert_eq!(Holder::OnlineUser(7).urn(), "urn:tdam:online-user:7");
    assert_eq!(Holder::Person(7).urn(), "urn:tdam:person:7");
    for urn in ["urn:tdam:online-user:", "urn:tdam:online-user:-7", "urn:tdam:person:0", "urn:tdam:other:7", "7", ""] {
        assert_eq!(Holder::of_urn(urn), None, "{urn}");
    }
}

#[test]
fn serial_numbers_are_random_and_positive() {
    let authority = authority();
    let issue = || authority.issue_client(&Subject::new("Horizon"), Validity::of_days(now(), 365)).unwrap().info.serial;
    let (one, other) = (issue(), issue());
    assert_ne!(one, other);
    for serial in [one, other] {
        assert_eq!(serial.len(), 34, "128 random bits behind a leading one: {serial}");
        assert!(serial.starts_with("01"), "{serial}");
    }
}

#[test]
fn a_certificate_ends_with_its_authority_at_the_latest() {
    let authority = CertificateAuthority::create(&Subject::new("Short"), Validity::of_days(now(), 10)).unwrap();
    let issued = authority.issue_client(&Subject::new("Horizon"), Validity::of_days(now(), 365)).unwrap();
    assert_eq!(issued.info.not_after, authority.info().not_after);
    let later = "2027-01-01T00:00:00Z".parse().unwrap();
    let too_late = authority.issue_client(&Subject::new("Horizon"), Validity::of_days(later, 365));
    assert!(matches!(too_late, Err(PkiError::ValidityImpossible)));
}

#[test]
fn an_authority_is_taken_up_again_from_its_files() {
    let key = KeyInFile::generate().unwrap();
    let key_pem = key.to_pem();
    let authority =
        CertificateAuthority::create_root(&Subject::new("Root"), Validity::of_days(now(), 3650), Box::new(key));
    let authority = authority.unwrap();
    let load = |certificate: &str, key: &str| {
        CertificateAuthority::load(certificate, Box::new(KeyInFile::from_pem(key).unwrap()))
    };
    let again = load(authority.certificate_pem(), &key_pem).unwrap();
    let issued = again.issue_client(&Subject::new("Horizon"), Validity::of_days(now(), 365)).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(roots(&authority), provider).build().unwrap();
    verifier.verify_client_cert(&der(&issued.certificate_pem), &[], unix(now())).unwrap();

    let mixed = load(authority.certificate_pem(), &KeyInFile::generate().unwrap().to_pem());
    assert!(matches!(mixed, Err(PkiError::KeyMismatch)), "{mixed:?}");
    let no_authority = load(&issued.certificate_pem, issued.private_key_pem.as_ref().unwrap());
    assert!(matches!(no_authority, Err(PkiError::NotAnAuthority)), "{no_authority:?}");
    assert!(matches!(load("nonsense", &key_pem), Err(PkiError::NotPem)));
}

#[test]
fn a_description_says_what_the_certificate_says() {
    let authority = authority();
    let issued = authority.issue_client(&Subject::new("Horizon").of("Klients"), Validity::of_days(now(), 30)).unwrap();
    let der = certificate_der(&issued.certificate_pem).unwrap();
    let info = describe(&der).unwrap();
    assert_eq!(info, issued.info);
    assert_eq!(info.fingerprint, fingerprint(&der));
    assert_eq!(info.subject, "O=Klients, CN=Horizon");
    assert_eq!(info.not_after, "2026-12-23T08:00:00Z".parse().unwrap());
    assert!(info.not_before < now());
    let mut longer = der.clone();
    longer.push(0);
    assert!(matches!(describe(&longer), Err(PkiError::NotACertificate)));
    assert!(matches!(describe(b"nonsense"), Err(PkiError::NotACertificate)));
}

#[test]
fn names_that_cannot_stand_in_a_certificate_are_refused() {
    let authority = authority();
    let validity = Validity::of_days(now(), 30);
    for name in ["", "line\nbreak", &"a".repeat(65)] {
        let outcome = authority.issue_client(&Subject::new(name), validity);
        assert!(matches!(outcome, Err(PkiError::NameNotAllowed(_))), "{name:?}: {outcome:?}");
    }
    assert!(matches!(authority.issue_server(&[], validity), Err(PkiError::NoServerName)));
}

#[test]
fn private_keys_do_not_show_in_debug_output() {
    let authority = authority();
    let issued = authority.issue_client(&Subject::new("Horizon"), Validity::of_days(now(), 30)).unwrap();
    for text in [format!("{authority:?}"), format!("{issued:?}")] {
        assert!(!text.contains("PRIVATE KEY"), "{text}");
    }
}

#[test]
fn openssl_verifies_the_chain() {
    if Command::new("openssl").arg("version").output().is_err() {
        println!("openssl is not installed: its verdict on our chains is not asked for");
        return;
    }
    let folder = std::env::temp_dir().join(format!("pki-openssl-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    // OpenSSL judges by the machine's clock.
    let now = Timestamp::now();
    let authority = CertificateAuthority::create(&Subject::new("Test authority"), Validity::of_days(now, 30)).unwrap();
    let client = authority.issue_client(&Subject::new("Horizon").of("Ķekava"), Validity::of_days(now, 7)).unwrap();
    let server = authority.issue_server(&["localhost", "127.0.0.1"], Validity::of_days(now, 7)).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("ca.pem", authority.certificate_pem());
    write("client.pem", &client.certificate_pem);
    write("server.pem", &server.certificate_pem);
    for (purpose, file, verdict) in [
        ("sslclient", "client.pem", true),
        ("sslserver", "server.pem", true),
        ("sslclient", "server.pem", false),
        ("sslserver", "client.pem", false),
    ] {
        let output = Command::new("openssl")
            .current_dir(&folder)
            .args(["verify", "-x509_strict", "-CAfile", "ca.pem", "-purpose", purpose, file])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.success(), verdict, "{purpose} {file}: {text}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
