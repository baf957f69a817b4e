//! Who may call, and the answers to all others.
use crate::support::raw::{Raw, head};
use crate::support::{self, World, fingerprint, get, messages, post};
use pki::{CertificateAuthority, Subject, Validity};

#[tokio::test(flavor = "multi_thread")]
async fn without_certificate_there_is_a_problem_that_says_so_and_nothing_else() {
    let world = World::start().await;
    let client = world.anonymous();
    for path in ["/v1/heartbeat", "/v1/errors", "/v1/payments?msg_id=A", "/nonsense"] {
        let problem = get(&client, world.url(path)).await.problem(401, "TDAM-1001");
        assert!(problem.documentation.unwrap().starts_with("http://127.0.0.1:"), "readable without certificate");
        assert!(!problem.texts.lv.remedy.is_empty() && !problem.texts.en.remedy.is_empty());
    }
    post(&client, world.url("/v1/payments"), messages::payments("A", 1)).await.problem(401, "TDAM-1001");
    world.assert_nothing_stored("no certificate");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_a_foreign_authority_fails_in_tls() {
    let world = World::start().await;
    let now = jiff::Timestamp::now();
    // Of the same name even: what counts is the key.
    let foreign = CertificateAuthority::create(&Subject::new("Test authority"), Validity::of_days(now, 7)).unwrap();
    let issued = foreign.issue_client(&Subject::new("Grāmatvedība"), Validity::of_days(now, 7)).unwrap();
    let outcome = world.client(&issued).get(world.url("/v1/heartbeat")).send().await;
    assert!(outcome.is_err(), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_not_registered_is_refused() {
    let world = World::start().await;
    let validity = Validity::of_days(jiff::Timestamp::now(), 7);
    let issued = world.authority.issue_client(&Subject::new("Grāmatvedība"), validity).unwrap();
    get(&world.client(&issued), world.url("/v1/heartbeat")).await.problem(401, "TDAM-1002");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_certificate_is_refused_on_the_next_request_of_an_open_connection() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    let first = client.get(world.url("/v1/heartbeat")).send().await.unwrap();
    assert_eq!(first.status().as_u16(), 200);
    first.bytes().await.unwrap();

    assert!(world.exchange.operator().revoke_certificate(fingerprint(&world.manage)).await.unwrap());
    get(&client, world.url("/v1/heartbeat")).await.problem(401, "TDAM-1003");
    post(&client, world.url("/v1/payments"), messages::payments("A", 1)).await.problem(401, "TDAM-1003");
    world.assert_nothing_stored("revoked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_from_an_address_that_is_not_allowed_is_refused() {
    let world = World::start().await;
    get(&world.client(&world.elsewhere), world.url("/v1/heartbeat")).await.problem(403, "TDAM-1008");
}

/// A browser adds the certificate to whatever a page asks.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_a_web_page_sends_changes_nothing() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    let (origin, site) = (("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"));
    for fields in [&[origin][..], &[site], &[origin, site], &[("Origin", "null")], &[("Sec-Fetch-Site", "same-origin")]]
    {
        let with = |request: reqwest::RequestBuilder| {
            fields.iter().fold(request, |to, (name, value)| to.header(*name, *value))
        };
        let body = messages::payments("PAGE", 1);
        let submit = client.post(world.url("/v1/payments")).header("Content-Type", "application/xml").body(body);
        let cancel = client.post(world.url("/v1/payments/cancel?msg_id=PAGE")).body("x=1");
        for request in [submit, cancel] {
            let refused = with(request).send().await.unwrap();
            assert_eq!(refused.status().as_u16(), 403, "{fields:?}");
            assert!(refused.text().await.unwrap().contains("TDAM-1052"), "{fields:?}");
        }
        let read = with(client.get(world.url("/v1/heartbeat"))).send().await.unwrap();
        assert_eq!(read.status().as_u16(), 200, "{fields:?}");
    }
    world.assert_nothing_stored("from a page");
    let typed = client.post(world.url("/v1/payments")).header("Sec-Fetch-Site", "none");
    let typed =
        typed.header("Content-Type", "application/xml").body(messages::payments("PAGE", 1)).send().await.unwrap();
    assert_eq!(typed.status().as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_user_may_look_and_not_pay() {
    let world = World::start().await;
    let client = world.client(&world.view);
    let answer = get(&client, world.url("/v1/heartbeat")).await;
    let heartbeat: protocol::Heartbeat = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(heartbeat.caller.access_mode, "view");
    assert_eq!(heartbeat.caller.online_user, "Pārskati");
    assert_eq!(heartbeat.business_day, "2026-11-23");
    assert!((5..=7).contains(&heartbeat.caller.certificate_days_left), "{heartbeat:?}");

    let answer = post(&client, world.url("/v1/payments"), messages::payments("A", 1)).await;
    answer.problem(403, "TDAM-1009");
    // Before a byte of the body has come, for any declared type.
    for content_type in ["application/xml", "text/html"] {
        let mut raw = Raw::connect(&world, &world.view).await;
        let fields = [&format!("Content-Type: {content_type}"), "Content-Length: 1000000"];
        raw.send(&head("POST", "/v1/payments", &fields)).await;
        let answer = raw.read_until("TDAM-1009").await;
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    }
    world.assert_nothing_stored("a View user");
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_those_of_the_caller() {
    let world = World::start().await;
    let answer = get(&world.client(&world.manage), world.url("/v1/accounts")).await;
    let list: protocol::AccountList = serde_json::from_str(&answer.text).unwrap();
    let [account] = list.accounts.as_slice() else { panic!("{list:?}") };
    assert_eq!((account.iban.as_str(), account.available.as_str()), (support::OURS, "10000.00"));
    assert!(account.may_debit && account.state == "open" && account.currency == "EUR");
}
