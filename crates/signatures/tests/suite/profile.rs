//! What a submission's signature must be.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair as _,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use signatures::profile::{AGE_SECONDS_MAX, SIGNATURES_MAX, SKEW_SECONDS_MAX, verify_kept};
use signatures::{Algorithm, Fault, PublicKey, Request, SignatureInput, digest, signatures_of, verify};

const NOW: i64 = 1_795_000_000;
const FINGERPRINT: &str = "64451ad6129a3b908fcc81fa5827189b478013c11e5cf915edff07731a1d8565";
const COVERED: &str = "\"@method\" \"@authority\" \"@target-uri\" \"content-digest\"";

struct Signer {
    pair: EcdsaKeyPair,
    key: PublicKey,
}

impl Signer {
    fn of(algorithm: &'static EcdsaSigningAlgorithm, key: fn(Vec<u8>) -> PublicKey) -> Signer {
        let pair = EcdsaKeyPair::generate(algorithm).unwrap();
        let key = key(pair.public_key().as_ref().to_vec());
        Signer { pair, key }
    }

    fn p256() -> Signer {
        Signer::of(&ECDSA_P256_SHA256_FIXED_SIGNING, PublicKey::P256)
    }

    /// Signs what an input says, and adds both fields.
    fn sign(&self, request: &mut Request, label: &str, input: &str) {
        let read: SignatureInput = signatures_of(&format!("x={input}"), "x=:AA==:").unwrap().remove(0).input;
        let base = read.base(request).unwrap();
        let signature = self.pair.sign(&SystemRandom::new(), base.as_bytes()).unwrap();
        add(&mut request.signature_input, &format!("{label}={input}"));
        add(&mut request.signature, &format!("{label}=:{}:", STANDARD.encode(signature)));
    }
}

fn add(field: &mut Option<String>, member: &str) {
    *field = Some(field.take().map_or_else(|| member.to_owned(), |before| format!("{before}, {member}")));
}

fn request(body: &[u8]) -> Request {
    Request {
        method: "POST".to_owned(),
        authority: Request::normal_authority("Exchange.Example:443"),
        path_and_query: "/v1/payments?mode=test".to_owned(),
        content_digest: Some(digest::field(&digest::sha256(body))),
        signature_input: None,
        signature: None,
        fields: vec![("content-type".to_owned(), "application/xml".to_owned())],
    }
}

fn input(more: &str) -> String {
    format!("({COVERED});created={NOW};keyid=\"{FINGERPRINT}\"{more}")
}

#[test]
fn a_signed_request_verifies_and_covers_its_body() {
    let signers = [
        (Signer::p256(), Algorithm::EcdsaP256Sha256),
        (Signer::of(&ECDSA_P384_SHA384_FIXED_SIGNING, PublicKey::P384), Algorithm::EcdsaP384Sha384),
    ];
    for (signer, algorithm) in signers {
        for more in ["", ";expires=1795000100", ";nonce=\"n\";tag=\"t\"", &format!(";alg=\"{}\"", algorithm.name())] {
            let mut request = request(b"body");
            signer.sign(&mut request, "sig1", &input(more));
            let verified = verify(&request, FINGERPRINT, &signer.key, NOW).unwrap();
            assert_eq!((verified.algorithm, verified.created), (algorithm, NOW));
            assert_eq!(verified.sha256, digest::sha256(b"body"));
            verify_kept(&request, FINGERPRINT, &signer.key).unwrap();
        }
    }
}

#[test]
fn every_change_after_signing_is_found() {
    let signer = Signer::p256();
    let mut signed = request(b"body");
    signer.sign(&mut signed, "sig1", &format!("({COVERED} \"content-type\");created={NOW};keyid=\"{FINGERPRINT}\""));
    let changes: [fn(&mut Request); 7] = [
        |request| request.method = "PUT".to_owned(),
        |request| request.authority = "other.example".to_owned(),
        |request| request.path_and_query = "/v1/payments".to_owned(),
        |request| request.content_digest = Some(digest::field(&digest::sha256(b"other"))),
        |request| request.fields[0].1 = "text/xml".to_owned(),
        |request| {
            request.signature_input =
                request.signature_input.take().map(|input| input.replace(";created", ";tag=\"t\";created"))
        },
        |request| request.signature = Some(format!("sig1=:{}:", STANDARD.encode([7; 64]))),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut changed = signed.clone();
        change(&mut changed);
        assert_ne!(changed, signed);
        assert_eq!(verify(&changed, FINGERPRINT, &signer.key, NOW).unwrap_err(), Fault::Wrong, "change {number}");
    }
    assert_eq!(verify(&signed, FINGERPRINT, &Signer::p256().key, NOW).unwrap_err(), Fault::Wrong, "another key");
}

#[test]
fn each_way_of_not_being_signed_has_its_fault() {
    let signer = Signer::p256();
    let fault = |input: &str, now: i64| {
        let mut request = request(b"body");
        signer.sign(&mut request, "sig1", input);
        verify(&request, FINGERPRINT, &signer.key, now).unwrap_err()
    };
    assert_eq!(verify(&request(b"body"), FINGERPRINT, &signer.key, NOW).unwrap_err(), Fault::Missing);
    assert_eq!(fault(&input(""), NOW - SKEW_SECONDS_MAX - 1), Fault::TooEarly(SKEW_SECONDS_MAX + 1));
    assert_eq!(fault(&input(""), NOW + AGE_SECONDS_MAX + 1), Fault::TooOld(AGE_SECONDS_MAX + 1));
    assert_eq!(fault(&input(";expires=1795000001"), NOW + 3), Fault::Expired(2));
    assert_eq!(fault(&input(";expires=1"), NOW), Fault::Parameter("expires"));
    assert_eq!(fault(&input(";alg=\"rsa-pss-sha512\""), NOW), Fault::Algorithm("rsa-pss-sha512".to_owned()));
    assert_eq!(fault(&input(";alg=\"hmac-sha256\""), NOW), Fault::Algorithm("hmac-sha256".to_owned()));
    let keyless = format!("({COVERED});created={NOW};keyid=\"other\"");
    assert_eq!(fault(&keyless, NOW), Fault::OtherKey(vec!["other".to_owned()]));
    let timeless = format!("({COVERED});keyid=\"{FINGERPRINT}\"");
    assert_eq!(fault(&timeless, NOW), Fault::NoParameter("created"));
    for name in ["@method", "@authority", "@target-uri", "content-digest"] {
        let left_out = input("").replace(&format!("\"{name}\""), "").replace("  ", " ");
        assert_eq!(fault(&left_out, NOW), Fault::NotCovered(name));
    }
    let mut unknown = request(b"body");
    signer.sign(&mut unknown, "sig1", &input(""));
    for (component, absent) in
        [("x-absent\"", "x-absent"), ("content-type\";sf", "content-type"), ("@method\"", "@method")]
    {
        let more = format!("{COVERED} \"{component})");
        let mut unknown = unknown.clone();
        unknown.signature_input = unknown.signature_input.map(|input| input.replace(&format!("{COVERED})"), &more));
        assert_eq!(verify(&unknown, FINGERPRINT, &signer.key, NOW).unwrap_err(), Fault::Absent(absent.to_owned()));
    }
    let mut no_digest = request(b"body");
    no_digest.content_digest = Some("sha-512=:AAAA:".to_owned());
    signer.sign(&mut no_digest, "sig1", &input(""));
    assert_eq!(verify(&no_digest, FINGERPRINT, &signer.key, NOW).unwrap_err(), Fault::NoDigest);
    no_digest.content_digest = Some("sha-256=5".to_owned());
    assert_eq!(verify(&no_digest, FINGERPRINT, &signer.key, NOW).unwrap_err(), Fault::Malformed("Content-Digest"));
}

/// A client that renews its certificate signs with both for a while.
#[test]
fn of_several_signatures_the_own_one_counts() {
    let (old, new) = (Signer::p256(), Signer::p256());
    let mut request = request(b"body");
    old.sign(&mut request, "old", &input("").replace(FINGERPRINT, "aa"));
    new.sign(&mut request, "new", &input(""));
    assert_eq!(verify(&request, FINGERPRINT, &new.key, NOW).unwrap().label, "new");
    assert_eq!(verify(&request, "aa", &old.key, NOW).unwrap().label, "old");
    assert_eq!(verify(&request, "aa", &new.key, NOW).unwrap_err(), Fault::Wrong);
    for number in 0..SIGNATURES_MAX {
        new.sign(&mut request, &format!("more{number}"), &input(""));
    }
    assert_eq!(verify(&request, FINGERPRINT, &new.key, NOW).unwrap_err(), Fault::TooMany);
}
