//! Enrolment, renewal and revocation over the wire, and what those get who have no right to them.
use exchange::{EnrolmentKind, OnlineUserId, RevocationReason};
use pki::{Issued, certificate_der, describe};
use protocol::EnrollmentRules;

use crate::support::{Answer, World, certificate_request, fingerprint, get, messages, post};

async fn code(world: &World, kind: EnrolmentKind) -> String {
    world.exchange.operator().make_enrolment_code(OnlineUserId(1), kind).await.unwrap().code.to_string()
}

async fn send(world: &World, path: &str, code: &str, body: impl Into<reqwest::Body>) -> Answer {
    let request = world.anonymous().post(world.enrollment_url(path)).bearer_auth(code).body(body);
    Answer::of(request.send().await.unwrap()).await
}

async fn rules(world: &World, code: &str) -> Answer {
    let request = world.anonymous().get(world.enrollment_url("/v1/enrollment")).bearer_auth(code);
    Answer::of(request.send().await.unwrap()).await
}

fn issued(chain: &str, key: &rcgen::KeyPair) -> Issued {
    let info = describe(&certificate_der(chain).unwrap()).unwrap();
    let (certificate_pem, chain_pem) = (chain.to_owned(), chain.to_owned());
    Issued { certificate_pem, chain_pem, private_key_pem: Some(key.serialize_pem()), info }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_code_to_the_first_payment_and_to_the_next_certificate() {
    let world = World::start().await;
    let code = code(&world, EnrolmentKind::Request).await;
    let told: EnrollmentRules = serde_json::from_str(&rules(&world, &code).await.text).unwrap();
    assert_eq!(told.subject, "/O=Daugavas novada pašvaldība/CN=Grāmatvedība");
    assert_eq!(told.subject_alternative_name, "urn:tdam:online-user:1");
    assert!(told.openssl.contains(&told.subject) && told.kind == "request", "{told:?}");
    assert_eq!(told.code_tries_left, Some(5));

    let key = rcgen::KeyPair::generate().unwrap();
    let request = rcgen::CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
    let answer = send(&world, "/v1/enrollment", &code, request.clone()).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (200, Some("application/pem-certificate-chain"))
    );
    let again = send(&world, "/v1/enrollment", &code, request).await;
    assert_eq!(again.text, answer.text, "a lost answer comes again");
    send(&world, "/v1/enrollment", &code, certificate_request()).await.problem(409, "TDAM-1022");

    let identity = issued(&answer.text, &key);
    let client = world.client(&identity);
    let paid = post(&client, world.url("/v1/payments"), messages::payments("FIRST", 1)).await;
    assert!(paid.status.is_success() && paid.text.contains("<GrpSts>ACCP</GrpSts>"), "{paid:?}");

    // The world's own certificate and this one are two.
    post(&client, world.url("/v1/certificates"), certificate_request()).await.problem(409, "TDAM-1024");
    let operator = world.exchange.operator();
    assert!(operator.revoke_certificate(fingerprint(&world.manage)).await.unwrap());
    let told = get(&client, world.url("/v1/certificates/enrollment")).await;
    let told: EnrollmentRules = serde_json::from_str(&told.text).unwrap();
    assert!(told.code_valid_until.is_none() && told.subject.ends_with("/CN=Grāmatvedība"), "{told:?}");
    let next_key = rcgen::KeyPair::generate().unwrap();
    let request = rcgen::CertificateParams::default().serialize_request(&next_key).unwrap().pem().unwrap();
    let renewed = post(&client, world.url("/v1/certificates"), request).await;
    let next = world.client(&issued(&renewed.text, &next_key));
    for client in [&client, &next] {
        assert_eq!(get(client, world.url("/v1/heartbeat")).await.status.as_u16(), 200, "both are valid");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_open_nothing_when_they_are_missing_guessed_or_used_elsewhere() {
    let world = World::start().await;
    let code = code(&world, EnrolmentKind::Request).await;
    let without = get(&world.anonymous(), world.enrollment_url("/v1/enrollment")).await;
    without.problem(401, "TDAM-1014");
    assert!(without.header("www-authenticate").is_some(), "{without:?}");
    let basic = world.anonymous().get(world.enrollment_url("/v1/enrollment")).basic_auth("code", Some(&code));
    Answer::of(basic.send().await.unwrap()).await.problem(401, "TDAM-1014");
    let guessed = format!("{}{}", &code[..9], &code[9..].chars().rev().collect::<String>());
    for _ in 0..5 {
        rules(&world, &guessed).await.problem(401, "TDAM-1014");
    }
    rules(&world, &code).await.problem(401, "TDAM-1014");
    send(&world, "/v1/enrollment", &code, certificate_request()).await.problem(401, "TDAM-1014");
    // A code opens no other listener, and a certificate opens nothing here.
    let elsewhere = world.anonymous().get(world.url("/v1/heartbeat")).bearer_auth(&code);
    Answer::of(elsewhere.send().await.unwrap()).await.problem(401, "TDAM-1001");
    for path in ["/v1/heartbeat", "/v1/payments?msg_id=A", "/v1/certificates", "/ca.pem", "/metrics"] {
        let answer = get(&world.client(&world.manage), world.enrollment_url(path)).await;
        answer.problem(404, "TDAM-9001");
    }
    get(&world.client(&world.manage), world.url("/v1/enrollment")).await.problem(404, "TDAM-9001");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_are_too_long_or_too_weak_are_refused_by_name() {
    let world = World::start().await;
    let code = code(&world, EnrolmentKind::Request).await;
    let long = send(&world, "/v1/enrollment", &code, vec![b'A'; 20_000]).await;
    assert_eq!(long.status.as_u16(), 413, "{long:?}");
    let client = world.client(&world.manage);
    assert_eq!(post(&client, world.url("/v1/certificates"), vec![b'A'; 20_000]).await.status.as_u16(), 413);
    let p521 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512).unwrap();
    let p521 = rcgen::CertificateParams::default().serialize_request(&p521).unwrap().pem().unwrap();
    let problem = send(&world, "/v1/enrollment", &code, p521.clone()).await.problem(400, "TDAM-1013");
    assert!(problem.detail.unwrap().contains("EC P-521"));
    post(&client, world.url("/v1/certificates"), p521).await.problem(400, "TDAM-1013");
    post(&client, world.url("/v1/certificates"), "nonsense").await.problem(400, "TDAM-1013");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_store_is_picked_up_once() {
    let world = World::start().await;
    let code = code(&world, EnrolmentKind::KeyStore).await;
    let told: EnrollmentRules = serde_json::from_str(&rules(&world, &code).await.text).unwrap();
    assert_eq!(told.kind, "key_store");
    send(&world, "/v1/enrollment", &code, certificate_request()).await.problem(409, "TDAM-1023");
    let request = world.anonymous().post(world.enrollment_url("/v1/enrollment/key-store")).bearer_auth(&code);
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/x-pkcs12");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert!(response.bytes().await.unwrap().len() > 500);
    send(&world, "/v1/enrollment/key-store", &code, "").await.problem(409, "TDAM-1022");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_certificate_is_on_the_list_that_everybody_may_read() {
    let world = World::start().await;
    let anybody =
        reqwest::Client::builder().no_proxy().tls_backend_preconfigured(world.tls(None, &[])).build().unwrap();
    let operator = world.exchange.operator();
    assert!(operator.revoke_certificate_for(fingerprint(&world.view), RevocationReason::KeyCompromise).await.unwrap());
    world.revocation_list().await;
    let response = anybody.get(world.plain_url("/ca.crl")).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/pkix-crl");
    let list = world.authority.read_revocation_list(&response.bytes().await.unwrap()).unwrap();
    assert_eq!(list.serials, std::slice::from_ref(&world.view.info.serial));
}
