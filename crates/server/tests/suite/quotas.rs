//! Quotas of requests and bytes: whom they bound, what they refuse, and what they say.
use std::time::Duration;

use crate::support::raw::{Raw, head};
use crate::support::{Answer, World, certify, get, messages, post};
use exchange::NewOnlineUser;
use pki::Issued;
use protocol::Quotas;
use server::{HolderQuotas, Quota, QuotaSettings};
use store::{AccessMode, ClientId};

const NONE: HolderQuotas = HolderQuotas { requests: None, bytes: None };
const XML: &str = "Content-Type: application/xml";
/// So little comes back that nothing depends on the speed of the machine.
const SLOWLY: u64 = 1;

fn requests(per_second: u64, burst: u64) -> HolderQuotas {
    HolderQuotas { requests: Some(Quota { per_second, burst }), bytes: None }
}

fn bytes(per_second: u64, burst: u64) -> HolderQuotas {
    HolderQuotas { requests: None, bytes: Some(Quota { per_second, burst }) }
}

async fn world(online_user: HolderQuotas, address: HolderQuotas) -> World {
    World::with(|settings| settings.quotas = QuotaSettings { online_user, address, enrolment: None }).await
}

/// An online user of the other client.
async fn neighbour(world: &World) -> Issued {
    let user = NewOnlineUser {
        client: ClientId(2),
        name: "Kaimiņi".to_owned(),
        mode: AccessMode::Manage,
        registration_valid_until: jiff::civil::date(2099, 12, 31),
        allowed_networks: vec!["127.0.0.0/8".parse().unwrap()],
        accounts: exchange::Grants::All,
        signature_required: false,
    };
    let id = world.exchange.operator().insert_online_user(user).await.unwrap();
    certify(&world.exchange, &world.authority, "Kaimiņi", id).await
}

async fn left(world: &World, identity: &Issued) -> Quotas {
    let answer = get(&world.client(identity), world.url("/v1/quotas")).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
    serde_json::from_str(&answer.text).unwrap()
}

/// A message with one payment, so long by the blanks at its end.
fn message(id: &str, length: usize) -> String {
    let mut message = messages::payments(id, 1);
    message.push_str(&" ".repeat(length - message.len()));
    message
}

/// Asks until a quota refuses: how often it was answered, and the refusal.
async fn until_refused(client: &reqwest::Client, url: &str) -> (u64, Answer) {
    let mut answered = 0;
    loop {
        let answer = get(client, url.to_owned()).await;
        if answer.status.as_u16() == 429 {
            return (answered, answer);
        }
        answered += 1;
    }
}

fn retry_after(refused: &Answer) -> Duration {
    let problem = refused.problem(429, "TDAM-9018");
    let seconds = problem.retry_after_seconds.unwrap();
    assert_eq!(refused.header("retry-after"), Some(seconds.to_string().as_str()));
    assert!(problem.detail.unwrap().contains(&format!("{seconds} s")));
    Duration::from_secs(seconds)
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_beyond_the_quota_are_refused_until_the_time_that_the_answer_names() {
    let world = world(requests(SLOWLY, 30), NONE).await;
    let client = world.client(&world.manage);
    let (answered, refused) = until_refused(&client, &world.url("/v1/accounts")).await;
    assert!(answered >= 27, "a tenth is the reserve: {answered}");
    assert!(refused.problem(429, "TDAM-9018").detail.unwrap().contains("online_user.requests"));
    let wait = retry_after(&refused);
    assert_eq!(wait, Duration::from_secs(1));
    // What the answer asks for, no more.
    tokio::time::sleep(wait).await;
    assert_eq!(get(&client, world.url("/v1/accounts")).await.status.as_u16(), 200);
    let metrics = world.metrics().await;
    let series = "tdam_quota_refusals_total{quota=\"online_user.requests\"} 1";
    assert!(metrics.contains(series), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn heartbeat_status_and_answers_have_a_reserve_and_new_messages_do_not() {
    let world = world(requests(SLOWLY, 100), NONE).await;
    let client = world.client(&world.manage);
    assert_eq!(post(&client, world.url("/v1/payments"), messages::payments("R", 1)).await.status.as_u16(), 200);
    until_refused(&client, &world.url("/v1/accounts")).await;
    for path in ["/v1/heartbeat", "/v1/payments?msg_id=R", "/v1/payments?submission=1"] {
        let answer = get(&client, world.url(path)).await;
        assert_eq!(answer.status.as_u16(), 200, "{path}: {answer:?}");
    }
    let again = post(&client, world.url("/v1/payments"), messages::payments("R2", 1)).await;
    retry_after(&again);
    let (answered, _) = until_refused(&client, &world.url("/v1/heartbeat")).await;
    assert!(answered >= 7, "ten in all: {answered}");
    let quota = left(&world, &world.manage).await.online_user.requests.unwrap();
    assert!(quota.left == 0 && quota.full_in_seconds >= 90, "{quota:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_is_told_and_asking_takes_nothing() {
    let world = World::start().await;
    let expected = QuotaSettings::default();
    let client = world.client(&world.manage);
    for _ in 0..3 {
        let told = left(&world, &world.manage).await;
        assert_eq!((told.online_user.name.as_str(), told.address.name.as_str()), ("Grāmatvedība", "127.0.0.1"));
        for (holder, quotas) in [(&told.online_user, expected.online_user), (&told.address, expected.address)] {
            let (requests, quota) = (holder.requests.as_ref().unwrap(), quotas.requests.unwrap());
            assert_eq!(requests.left + requests.reserve_left.unwrap(), quota.burst);
            assert_eq!((requests.burst, requests.per_second), (quota.burst, quota.per_second));
            let (bytes, quota) = (holder.bytes.as_ref().unwrap(), quotas.bytes.unwrap());
            assert_eq!((bytes.left, bytes.burst, bytes.full_in_seconds), (quota.burst, quota.burst, 0));
        }
    }
    let wrong = get(&client, world.url("/v1/quotas?of=others")).await;
    wrong.problem(400, "TDAM-2022");
    world.reload.quotas(QuotaSettings { online_user: NONE, address: NONE, enrolment: None });
    let answer = get(&client, world.url("/v1/quotas")).await;
    assert_eq!(answer.text.trim(), r#"{"online_user":{"name":"Grāmatvedība"},"address":{"name":"127.0.0.1"}}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_online_user_that_used_its_quota_up_takes_nothing_from_others() {
    let world = world(requests(SLOWLY, 20), requests(SLOWLY, 1000)).await;
    let neighbour = neighbour(&world).await;
    until_refused(&world.client(&world.manage), &world.url("/v1/accounts")).await;
    // Refusals take nothing of the address either.
    let before = left(&world, &world.manage).await.address.requests.unwrap().left;
    for _ in 0..5 {
        let refused = get(&world.client(&world.manage), world.url("/v1/accounts")).await;
        assert!(refused.status.as_u16() == 429 || refused.status.as_u16() == 200);
    }
    assert!(left(&world, &world.manage).await.address.requests.unwrap().left >= before.saturating_sub(5));
    for other in [&world.view, &neighbour] {
        let client = world.client(other);
        for _ in 0..10 {
            let answer = get(&client, world.url("/v1/accounts")).await;
            assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_online_users_of_an_address_share_its_quota() {
    let world = world(requests(SLOWLY, 1000), requests(SLOWLY, 20)).await;
    until_refused(&world.client(&world.manage), &world.url("/v1/accounts")).await;
    let (_, refused) = until_refused(&world.client(&world.view), &world.url("/v1/accounts")).await;
    assert!(refused.problem(429, "TDAM-9018").detail.unwrap().contains("address.requests"));
    let told = left(&world, &world.view).await;
    assert_eq!(told.address.requests.unwrap().left, 0);
    assert!(told.online_user.requests.unwrap().left > 800);
    let elsewhere = world.client_builder(Some(&world.manage)).local_address("127.0.0.2".parse().ok()).build().unwrap();
    let answer = get(&elsewhere, world.url("/v1/accounts")).await;
    assert_eq!(answer.status.as_u16(), 200, "another address has its own: {answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_fit_is_refused_before_it_is_sent() {
    let world = world(bytes(SLOWLY, 100_000), NONE).await;
    let client = world.client(&world.manage);
    let sent = post(&client, world.url("/v1/payments"), message("B", 60_000)).await;
    assert_eq!(sent.status.as_u16(), 200, "{sent:?}");
    let mut asks = Raw::connect(&world, &world.manage).await;
    asks.send(&head("POST", "/v1/payments", &[XML, "Content-Length: 60000", "Expect: 100-continue"])).await;
    let refused = asks.read_until("TDAM-9018").await;
    assert!(refused.contains("429") && !refused.contains("100 Continue"), "{refused}");
    let told = left(&world, &world.manage).await.online_user.bytes.unwrap();
    assert!((40_000..41_000).contains(&told.left), "nothing was taken: {told:?}");
    // The missing 20 000 bytes come back at one a second.
    let refused = post(&client, world.url("/v1/payments"), message("B2", 60_000)).await;
    let wait = retry_after(&refused).as_secs();
    assert!((19_000..=20_000).contains(&wait), "{wait}");
    assert!(refused.problem(429, "TDAM-9018").detail.unwrap().contains("online_user.bytes"));
    let status = get(&client, world.url("/v1/payments?msg_id=B2")).await;
    status.problem(404, "TDAM-9001");
    let fits = post(&client, world.url("/v1/payments"), message("B3", 30_000)).await;
    assert_eq!(fits.status.as_u16(), 200, "{fits:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_unknown_length_is_refused_when_it_outgrows_the_quota_and_what_came_counts() {
    let world = world(NONE, bytes(SLOWLY, 300_000)).await;
    let mut grows = Raw::connect(&world, &world.manage).await;
    grows.send(&head("POST", "/v1/payments", &[XML, "Transfer-Encoding: chunked"])).await;
    let whole = message("GROWS", 350_000);
    for piece in whole.as_bytes().chunks(50_000) {
        grows.send(&format!("{:x}\r\n{}\r\n", piece.len(), str::from_utf8(piece).unwrap())).await;
    }
    let refused = grows.read_until("TDAM-9018").await;
    assert!(refused.contains("address.bytes"), "{refused}");
    // Nobody knows how long it would be, so all must be there again.
    let wait: u64 = refused.split("retry-after: ").nth(1).unwrap().split("\r\n").next().unwrap().parse().unwrap();
    assert!((299_000..=300_000).contains(&wait), "{wait}");
    let told = left(&world, &world.manage).await.address.bytes.unwrap();
    assert!(told.left < 1_000, "{told:?}");
    let short = post(&world.client(&world.view), world.url("/v1/reports"), " ".repeat(10_000)).await;
    let wait = retry_after(&short).as_secs();
    assert!((9_000..=10_000).contains(&wait), "{wait}");
    world.assert_nothing_stored("refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_as_long_as_it_is_told_may_send_a_body_though_requests_are_short_too() {
    let both = HolderQuotas {
        requests: Some(Quota { per_second: 1, burst: 5 }),
        bytes: Some(Quota { per_second: 40_000, burst: 60_000 }),
    };
    let world = world(both, NONE).await;
    let client = world.client(&world.manage);
    let mut bodies = (0..).map(|number| message(&format!("W{number}"), 50_000));
    let refused = loop {
        let answer = post(&client, world.url("/v1/payments"), bodies.next().unwrap()).await;
        if answer.status.as_u16() == 429 {
            break answer;
        }
    };
    tokio::time::sleep(retry_after(&refused)).await;
    let answer = post(&client, world.url("/v1/payments"), bodies.next().unwrap()).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_quotas_hold_from_their_reload_on_and_what_was_used_stays_used() {
    let world = world(bytes(SLOWLY, 100_000), NONE).await;
    let client = world.client(&world.manage);
    post(&client, world.url("/v1/payments"), message("L", 60_000)).await;
    world.reload.quotas(QuotaSettings { online_user: bytes(SLOWLY, 200_000), address: NONE, enrolment: None });
    let told = left(&world, &world.manage).await.online_user.bytes.unwrap();
    assert!((140_000..141_000).contains(&told.left), "{told:?}");
    world.reload.quotas(QuotaSettings { online_user: bytes(SLOWLY, 50_000), address: NONE, enrolment: None });
    let told = left(&world, &world.manage).await.online_user.bytes.unwrap();
    assert!(told.left < 1_000, "{told:?}");
}

/// Who guesses codes is stopped by the address, whatever the codes are, and stops nobody who has a certificate.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_enrols_has_a_quota_of_its_own() {
    let enrolment = Some(Quota { per_second: SLOWLY, burst: 8 });
    let quotas = QuotaSettings { online_user: requests(SLOWLY, 1_000), address: requests(SLOWLY, 1_000), enrolment };
    let world = World::with(|settings| settings.quotas = quotas).await;
    let before = left(&world, &world.manage).await;
    let stranger = world.anonymous();
    let guess = async |path: &str| {
        let code = pki::EnrolmentSecret::generate().unwrap().to_string();
        let request = stranger.get(world.enrollment_url(path)).bearer_auth(code);
        Answer::of(request.send().await.unwrap()).await
    };
    let mut answered = 0;
    let refused = loop {
        // Paths that do not exist count too.
        let answer = guess(if answered % 2 == 0 { "/v1/enrollment" } else { "/v1/nothing" }).await;
        if answer.status.as_u16() == 429 {
            break answer;
        }
        answered += 1;
    };
    assert!(answered >= 8, "{answered}");
    assert!(refused.problem(429, "TDAM-9018").detail.unwrap().contains("enrolment.requests"));
    let wait = retry_after(&refused);
    assert_eq!(
        left(&world, &world.manage).await.address,
        before.address,
        "it takes nothing from the address's other quota"
    );
    assert_eq!(get(&world.client(&world.manage), world.url("/v1/accounts")).await.status.as_u16(), 200);
    assert!(world.metrics().await.contains("tdam_quota_refusals_total{quota=\"enrolment.requests\"} 1"));
    // What the answer asks for, no more.
    tokio::time::sleep(wait).await;
    guess("/v1/enrollment").await.problem(401, "TDAM-1014");
    world.reload.quotas(QuotaSettings { enrolment: None, ..quotas });
    for _ in 0..20 {
        guess("/v1/enrollment").await.problem(401, "TDAM-1014");
    }
}
