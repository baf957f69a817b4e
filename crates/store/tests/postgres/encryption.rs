//! TLS to the database: the store verifies its certificate and its name.

use std::fs;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use store::{PostgresOptions, Store, StoreError};

use crate::cluster::Cluster;
use crate::writing::*;

/// An authority, and a certificate of it for a name, all in PEM: authority, certificate, key.
fn certificate_for(name: &str) -> (String, String, String) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let authority_pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    (authority_pem, certificate.pem(), key.serialize_pem())
}

#[test]
fn the_certificate_and_the_name_of_the_database_are_verified() {
    let (authority, certificate, key) = certificate_for("localhost");
    let Some(cluster) = Cluster::start_with_tls(&certificate, &key) else { return };
    let folder = tempfile::tempdir().unwrap();
    let [ours, others] = ["ours.pem", "others.pem"].map(|name| folder.path().join(name));
    fs::write(&ours, authority).unwrap();
    fs::write(&others, certificate_for("localhost").0).unwrap();
    let options = |host: &str, authority| PostgresOptions {
        authority: Some(authority),
        ..PostgresOptions::new(format!("postgresql://owner@{host}:{}/postgres", cluster.port()))
    };
    let store = Store::open_postgres(options("localhost", ours.clone())).unwrap();
    append(&store, "in secret".to_owned()).unwrap();
    assert_sound(&store, 1);
    let another_authority = Store::open_postgres(options("localhost", others)).unwrap_err();
    let said = &another_authority;
    assert!(
        matches!(said, StoreError::Unavailable(text) if text.contains("invalid peer certificate")),
        "{another_authority}"
    );
    let another_name = Store::open_postgres(options("127.0.0.1", ours)).unwrap_err();
    assert!(matches!(&another_name, StoreError::Unavailable(text) if text.contains("not valid for")), "{another_name}");
}
