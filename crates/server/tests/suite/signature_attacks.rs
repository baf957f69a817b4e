//! The rows of the attack table about signatures, each with what the caller got.
use pki::Issued;
use signatures::{Algorithm, digest, profile};

use crate::support::signing::{CHECK, PAYMENTS, Signed, Signing, keyid};
use crate::support::{World, messages};

/// Refuses a request with this code; the detail says these words.
async fn refused(world: &World, signed: &Signed, path: &str, (status, code): (u16, &str), words: &str) {
    let problem = signed.send(world, &world.manage, path).await.problem(status, code);
    assert!(problem.detail.as_deref().unwrap_or_default().contains(words), "{words}: {problem:?}");
}

const INVALID: (u16, &str) = (401, "TDAM-1011");

/// Somebody who recorded a signed request can repeat it, and gets what its sender got. It opens nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn a_recorded_signature_is_good_for_its_own_request_only() {
    let world = World::start().await;
    let recorded = Signed::by(&world, &world.manage, PAYMENTS, &messages::payments("RECORDED", 2), 0);
    for target in ["/v1/payments?mode=test", "/v1/payments?", "/v1//payments", "/v1/reports"] {
        let answer = recorded.send(&world, &world.manage, target).await;
        assert_ne!(answer.status.as_u16(), 200, "{target}: {answer:?}");
    }
    refused(&world, &recorded, "/v1/payments?mode=test", INVALID, "signature").await;
    let other = messages::payments("OTHER", 2);
    let with_other_body = Signed { body: other.clone(), ..recorded.clone() };
    refused(&world, &with_other_body, PAYMENTS, (400, "TDAM-1012"), "").await;
    let mut with_other_digest = with_other_body;
    with_other_digest.request.content_digest = Some(digest::field(&digest::sha256(other.as_bytes())));
    refused(&world, &with_other_digest, PAYMENTS, INVALID, "signature").await;
    let of_somebody_else = recorded.send(&world, &world.view, PAYMENTS).await;
    of_somebody_else.problem(403, "TDAM-1009");
    world.assert_nothing_stored("a recorded signature");
    let first = recorded.send(&world, &world.manage, PAYMENTS).await;
    let again = recorded.send(&world, &world.manage, PAYMENTS).await;
    assert_eq!((first.status.as_u16(), again.header("x-answer-repeated")), (200, Some("true")), "{again:?}");
    assert_eq!(first.text, again.text);
}

/// A field that names the request cannot be exchanged once it is covered.
#[tokio::test(flavor = "multi_thread")]
async fn a_covered_field_cannot_be_changed() {
    let world = World::start().await;
    let mut signing = Signing::usual(&world.manage, 0);
    signing.components.push("idempotency-key".to_owned());
    signing.fields.push(("idempotency-key".to_owned(), "run-1".to_owned()));
    let body = messages::payments("COVERED", 2);
    let good = signing.sign(&world, &world.manage, PAYMENTS, &body);
    let mut other_key = good.clone();
    other_key.request.fields[0].1 = "run-2".to_owned();
    refused(&world, &other_key, PAYMENTS, INVALID, "signature").await;
    let mut without = good.clone();
    without.request.fields.clear();
    refused(&world, &without, PAYMENTS, INVALID, "idempotency-key").await;
    let twice = good.send_with(&world, &world.manage, PAYMENTS, &[("idempotency-key", "run-2")]).await;
    twice.problem(401, "TDAM-1011");
    world.assert_nothing_stored("a changed field");
    assert_eq!(good.send(&world, &world.manage, PAYMENTS).await.status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn times_components_keys_and_algorithms_are_held_to_the_profile() {
    let world = World::start().await;
    let body = messages::payments("PROFILE", 2);
    let now = jiff::Timestamp::now().as_second();
    let usual = || Signing::usual(&world.manage, 0);
    let mut cases: Vec<(Signing, &str)> = vec![
        (Signing { created: Some(now + profile::SKEW_SECONDS_MAX + 30), ..usual() }, "created +"),
        (Signing { created: Some(now - profile::AGE_SECONDS_MAX - 30), ..usual() }, "created -"),
        (Signing { created: None, ..usual() }, "created"),
        (Signing { created: Some(now - 60), expires: Some(now - 30), ..usual() }, "expires -"),
        (Signing { expires: Some(now - 30), ..usual() }, "expires"),
        (Signing { keyid: keyid(&world.view), ..usual() }, "keyid="),
        (Signing { keyid: String::new(), ..usual() }, "keyid="),
        (Signing { algorithm: Algorithm::EcdsaP256Sha256, is_der: true, ..usual() }, "signature"),
    ];
    for missing in profile::COVERED {
        let components = profile::COVERED.into_iter().filter(|name| *name != missing).map(str::to_owned).collect();
        cases.push((Signing { components, ..usual() }, missing));
    }
    let mut twice = usual();
    twice.components.push("@method".to_owned());
    cases.push((twice, "@method"));
    let mut unknown = usual();
    unknown.components.push("@query-param".to_owned());
    cases.push((unknown, "@query-param"));
    for (signing, words) in cases {
        refused(&world, &signing.sign(&world, &world.manage, PAYMENTS, &body), PAYMENTS, INVALID, words).await;
    }
    // The key of another certificate, named as the own one.
    let foreign = usual().sign(&world, &world.view, PAYMENTS, &body);
    refused(&world, &foreign, PAYMENTS, INVALID, "signature").await;
    world.assert_nothing_stored("a signature outside the profile");
    let within = Signing { created: Some(now - 60), expires: Some(now + 60), names_algorithm: true, ..usual() };
    let answer = within.sign(&world, &world.manage, PAYMENTS, &body).send(&world, &world.manage, PAYMENTS).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_contradict_each_other_or_have_no_end_are_refused() {
    let world = World::start().await;
    let body = messages::payments("FIELDS", 2);
    let good = Signed::by(&world, &world.manage, PAYMENTS, &body, 0);
    let foreign = Signing::usual(&world.manage, 0).sign(&world, &world.view, PAYMENTS, &body);
    // A label occurs once: nobody has to know which of two counts.
    refused(&world, &good.clone().and(&foreign), PAYMENTS, INVALID, "Signature-Input").await;
    refused(&world, &foreign.and(&good), PAYMENTS, INVALID, "Signature-Input").await;
    let changed = |change: &dyn Fn(&mut signatures::Request)| {
        let mut changed = good.clone();
        change(&mut changed.request);
        changed
    };
    let cases = [
        changed(&|request| request.signature = None),
        changed(&|request| request.signature_input = None),
        changed(&|request| request.signature = Some("sig2=:AA==:".to_owned())),
        changed(&|request| request.signature = Some("sig1=:not base64:".to_owned())),
        changed(&|request| request.signature = Some("sig1=(\"a\")".to_owned())),
        changed(&|request| request.signature_input = Some("sig1=\"text\"".to_owned())),
        changed(&|request| request.content_digest = None),
        changed(&|request| request.content_digest = Some("sha-512=:AA==:".to_owned())),
        changed(&|request| {
            let input = request.signature_input.clone().unwrap();
            request.signature_input = Some(format!("{input}, {}", "a;b, ".repeat(900).trim_end_matches(", ")));
        }),
    ];
    for case in cases {
        let answer = case.send(&world, &world.manage, PAYMENTS).await;
        answer.problem(INVALID.0, INVALID.1);
    }
    // More signatures than anybody looks at.
    let mut many = good.clone();
    for number in 2..=profile::SIGNATURES_MAX + 1 {
        let signing = Signing { label: format!("sig{number}"), ..Signing::usual(&world.view, 0) };
        many = many.and(&signing.sign(&world, &world.view, PAYMENTS, &body));
    }
    refused(&world, &many, PAYMENTS, INVALID, "Signature").await;
    let packed = good.send_with(&world, &world.manage, PAYMENTS, &[("content-encoding", "gzip")]).await;
    packed.problem(415, "TDAM-1051");
    world.assert_nothing_stored("contradicting fields");
    let second = Signing { label: "old".to_owned(), ..Signing::usual(&world.view, 0) };
    let both = second.sign(&world, &world.view, PAYMENTS, &body).and(&good);
    assert_eq!(both.send(&world, &world.manage, PAYMENTS).await.status.as_u16(), 200, "during a renewal");
    let metrics = world.metrics().await;
    assert!(metrics.contains("tdam_submission_signatures_total{outcome=\"verified\"} 1\n"), "{metrics}");
}

/// A certificate of the manager with another key.
async fn with_key(world: &World, key: &rcgen::KeyPair) -> Issued {
    let mut parameters = rcgen::CertificateParams::default();
    parameters.distinguished_name.push(rcgen::DnType::CommonName, "Grāmatvedība");
    let request = parameters.serialize_request(key).unwrap();
    let request = pki::CertificateRequest::read(request.der()).unwrap();
    let validity = pki::Validity::of_days(jiff::Timestamp::now(), 7);
    let mut issued = world.authority.certify(&request, &pki::Subject::new("Grāmatvedība"), validity).unwrap();
    issued.private_key_pem = Some(key.serialize_pem());
    let certificate = exchange::NewCertificate {
        fingerprint: exchange::Fingerprint(issued.info.fingerprint),
        user: exchange::OnlineUserId(1),
        serial: issued.info.serial.clone(),
        not_before: issued.info.not_before,
        not_after: issued.info.not_after,
    };
    world.exchange.operator().insert_certificate(certificate).await.unwrap();
    issued
}

#[tokio::test(flavor = "multi_thread")]
async fn every_key_signs_by_its_algorithms_over_tls() {
    let world = World::start().await;
    let p384 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
    let rsa = rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap();
    let (p384, rsa) = (with_key(&world, &p384).await, with_key(&world, &rsa).await);
    let cases = [
        (&world.manage, Algorithm::EcdsaP256Sha256, false),
        (&p384, Algorithm::EcdsaP384Sha384, false),
        (&p384, Algorithm::EcdsaP384Sha384, true),
        (&rsa, Algorithm::RsaPssSha512, false),
        (&rsa, Algorithm::RsaPssSha512, true),
        (&rsa, Algorithm::RsaV15Sha256, true),
    ];
    for (number, (issued, algorithm, names_algorithm)) in cases.into_iter().enumerate() {
        let signing = Signing { algorithm, names_algorithm, ..Signing::usual(issued, 0) };
        let body = messages::payments(&format!("KEY-{number}"), 1);
        let answer = signing.sign(&world, issued, PAYMENTS, &body).send(&world, issued, PAYMENTS).await;
        assert_eq!(answer.status.as_u16(), 200, "{algorithm:?}: {answer:?}");
    }
    // Unnamed, the algorithm is the usual one of the key; and a P-256 signature is none of a P-384 key.
    let unnamed = Signing { algorithm: Algorithm::RsaV15Sha256, ..Signing::usual(&rsa, 0) };
    let body = messages::payments("KEY-9", 1);
    let unnamed = unnamed.sign(&world, &rsa, PAYMENTS, &body).send(&world, &rsa, PAYMENTS).await;
    unnamed.problem(401, "TDAM-1011");
    let named = Signing { names_algorithm: true, ..Signing::usual(&p384, 0) };
    let named = named.sign(&world, &world.manage, PAYMENTS, &body).send(&world, &p384, PAYMENTS).await;
    let problem = named.problem(401, "TDAM-1011");
    assert!(problem.detail.as_deref().unwrap_or_default().contains("alg=ecdsa-p256-sha256"), "{problem:?}");
}

/// What `/v1/signature-check` says: the code, the steps that failed, and the whole answer.
async fn checked(
    world: &World,
    signed: &Signed,
    more: &[(&str, &str)],
) -> (Option<String>, Vec<String>, serde_json::Value) {
    let answer = signed.send_with(world, &world.manage, CHECK, more).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
    let said: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
    let steps = said["steps"].as_array().unwrap().iter().filter(|step| step["passed"] == false);
    let failed = steps.map(|step| step["step"].as_str().unwrap().to_owned()).collect();
    let code = said["code"].as_str().map(str::to_owned);
    assert_eq!(said["accepted"].as_bool().unwrap(), code.is_none(), "{said:#}");
    (code, failed, said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_learns_step_by_step_what_is_wrong_with_its_signature() {
    let world = World::start().await;
    let body = messages::payments("CHECKED", 2);
    let good = Signed::by(&world, &world.manage, CHECK, &body, 0);
    let (code, failed, said) = checked(&world, &good, &[]).await;
    assert_eq!((code, failed), (None, Vec::<String>::new()), "{said:#}");
    assert_eq!(said["steps"].as_array().unwrap().len(), 8);
    assert_eq!(said["keyid"], keyid(&world.manage));
    assert_eq!(said["algorithms"], serde_json::json!(["ecdsa-p256-sha256"]));
    let base = said["signature_base"].as_str().unwrap();
    assert!(base.starts_with("\"@method\": POST\n\"@authority\": localhost:"), "{base}");
    assert!(base.contains(&format!("\"@target-uri\": {}\n", world.url(CHECK))), "{base}");

    let usual = || Signing::usual(&world.manage, 0);
    let sign = |signing: Signing| signing.sign(&world, &world.manage, CHECK, &body);
    let der = sign(Signing { is_der: true, ..usual() });
    let (code, failed, said) = checked(&world, &der, &[]).await;
    assert_eq!((code.as_deref(), failed), (Some("TDAM-1011"), vec!["signature".to_owned()]));
    assert!(said.to_string().contains("no DER"), "{said:#}");

    let other_place = Signed::by(&world, &world.manage, PAYMENTS, &body, 0);
    let (code, failed, _) = checked(&world, &other_place, &[]).await;
    assert_eq!((code.as_deref(), failed), (Some("TDAM-1011"), vec!["signature".to_owned()]));

    // Each step goes on after one that failed.
    let mut wrong = sign(Signing { created: Some(1), components: vec!["@method".to_owned()], ..usual() });
    wrong.body = messages::payments("ANOTHER", 2);
    let (code, failed, said) = checked(&world, &wrong, &[]).await;
    assert_eq!(
        (code.as_deref(), failed),
        (Some("TDAM-1011"), ["covered", "time", "digest"].map(str::to_owned).to_vec())
    );
    let covered = said["steps"].as_array().unwrap().iter().find(|step| step["step"] == "covered").unwrap();
    assert_eq!(covered["detail"], "-@authority -@target-uri -content-digest");

    let foreign = sign(Signing { keyid: keyid(&world.view), ..usual() });
    let (code, failed, said) = checked(&world, &foreign, &[]).await;
    assert_eq!((code.as_deref(), failed), (Some("TDAM-1011"), vec!["key".to_owned()]));
    assert!(said.to_string().contains(&format!("keyid={} expected", keyid(&world.manage))), "{said:#}");

    let mut other_body = good.clone();
    other_body.body = messages::payments("ANOTHER", 2);
    let (code, failed, _) = checked(&world, &other_body, &[("accept-language", "lv")]).await;
    assert_eq!((code.as_deref(), failed), (Some("TDAM-1012"), vec!["digest".to_owned()]));

    let mut unsigned = good.clone();
    (unsigned.request.signature, unsigned.request.signature_input) = (None, None);
    let (code, failed, said) = checked(&world, &unsigned, &[]).await;
    assert_eq!((code.as_deref(), failed), (Some("TDAM-1010"), vec!["fields".to_owned()]));
    assert_eq!(said["required"], false);
    let (code, failed, _) = checked(&world, &good, &[("content-encoding", "gzip")]).await;
    assert_eq!((code.as_deref(), failed), (Some("TDAM-1051"), vec!["encoding".to_owned()]));

    world.assert_nothing_stored("a checked signature");
    let metrics = world.metrics().await;
    assert!(
        metrics.contains("tdam_submission_signatures_total{outcome=\"invalid\"} 0\n"),
        "it counts as nothing: {metrics}"
    );
    let too_long = Signed { body: "x".repeat(server::bounds::SIGNATURE_CHECK_BYTES_MAX as usize + 1), ..good };
    too_long.send(&world, &world.manage, CHECK).await.problem(413, "TDAM-2007");
}
