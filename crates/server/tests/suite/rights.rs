//! Rights that end: known callers cost no question to the store, and nothing that is open outlives a revocation.
use std::time::Duration;

use crate::support::h2::RawH2;
use crate::support::raw::{Raw, head};
use crate::support::{Answer, OURS, THEIRS, World, fingerprint, get, messages, post};
use store::{SqliteOptions, Store};

/// Ends a test that hangs; it measures nothing.
const WATCHDOG: Duration = Duration::from_secs(300);
/// An IBAN that nobody can have: the answer about each payment is long.
const NOBODYS: &str = "LV00TREL1060000300000";

fn revoke(world: &World, certificate: &pki::Issued) -> impl Future<Output = ()> {
    let (operator, certificate) = (world.exchange.operator(), fingerprint(certificate));
    async move { assert!(operator.revoke_certificate(certificate).await.unwrap()) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_is_read_once_until_rights_change() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    // A change of rights costs a question at most twice: of the request, and of its connection, which looks after itself.
    let reads = async || {
        for _ in 0..50 {
            let answer = get(&client, world.url("/v1/heartbeat")).await;
            assert_eq!(answer.status.as_u16(), 200);
        }
        let metrics = world.metrics().await;
        let line = metrics.lines().find_map(|line| line.strip_prefix("tdam_identities_read_total "));
        line.unwrap().parse::<u32>().unwrap()
    };
    let known = reads().await;
    assert!((1..=2).contains(&known), "{known}");
    revoke(&world, &world.view).await;
    let after = reads().await;
    assert!((known + 1..=4).contains(&after), "{known}, then {after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_business_day_that_was_opened_shows_at_once() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    for day in ["2026-11-23", "2026-11-24", "2026-11-25"] {
        world.store.write(move |tx| tx.set_business_day(day.parse().unwrap())).await.unwrap();
        let answer = get(&client, world.url("/v1/heartbeat")).await;
        let heartbeat: protocol::Heartbeat = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(heartbeat.business_day, day);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_ends_with_the_rights_of_its_caller() {
    let world = World::start().await;
    let mut uploads = Raw::connect(&world, &world.manage).await;
    let fields = ["Content-Type: application/xml", "Content-Length: 1000000", "Expect: 100-continue"];
    uploads.send(&head("POST", "/v1/payments", &fields)).await;
    uploads.read_until("100 Continue").await;
    uploads.send("<Document>").await;
    // Another one's rights change nothing for it.
    revoke(&world, &world.view).await;
    let refused = get(&world.client(&world.view), world.url("/v1/heartbeat")).await;
    refused.problem(401, "TDAM-1003");
    assert!(!uploads.has_seen("HTTP/1.1 4").await);
    revoke(&world, &world.manage).await;
    let told = uploads.read_to_end().await;
    assert!(told.contains("HTTP/1.1 401") && told.contains("TDAM-1003"), "{told}");
    world.assert_nothing_stored("a revoked one's upload");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_an_outcome_is_refused_when_its_rights_end() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    let request = client.post(world.url("/v1/payments")).header("content-type", "application/xml");
    let request = request.header("prefer", "wait=0").body(messages::payments("WAITED", 15_000));
    let receipt = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(receipt.status.as_u16(), 202, "{receipt:?}");
    let location = receipt.header("location").unwrap().to_owned();
    // Another online user of the client waits for it.
    let mut waits = Raw::connect(&world, &world.view).await;
    waits.send(&head("GET", &location, &["Prefer: wait=300"])).await;
    revoke(&world, &world.view).await;
    waits.read_until("TDAM-1003").await;
    let request = client.get(world.url(&location)).header("prefer", "wait=300");
    let outcome = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(outcome.status.as_u16(), 200, "the message itself is not touched: {outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_on_its_way_ends_with_the_rights_of_its_reader() {
    // Nothing else ends it.
    let world = World::with(|settings| settings.limits.answer_window = Duration::from_secs(24 * 3600)).await;
    let message = messages::payments("LONG", 1500).replace(THEIRS, NOBODYS);
    assert_eq!(post(&world.client(&world.manage), world.url("/v1/payments"), message).await.status.as_u16(), 200);
    let mut reads_slowly = RawH2::connect(&world, &world.view, 1_000).await;
    let stream = reads_slowly.get("/v1/payments?msg_id=LONG").await;
    reads_slowly.head_of(stream).await;
    revoke(&world, &world.view).await;
    let got = reads_slowly.until_the_end().await;
    assert!(got <= 1_000, "{got} bytes of the answer came");
    // Others read on.
    let answer = get(&world.client(&world.manage), world.url("/v1/payments?msg_id=LONG")).await;
    assert_eq!(answer.status.as_u16(), 200);
}

/// Of two downloads one shows the account that is withdrawn.
#[tokio::test(flavor = "multi_thread")]
async fn a_report_on_its_way_ends_with_the_grant_of_its_account() {
    let world = World::with(|settings| settings.limits.answer_window = Duration::from_secs(24 * 3600)).await;
    let client = world.client(&world.manage);
    let payments = messages::payments("LONG", 1_500);
    assert_eq!(post(&client, world.url("/v1/payments"), payments).await.status.as_u16(), 200);
    world.exchange.work_now().await.unwrap();
    let refused = messages::payments("REFUSED", 1_500).replace(THEIRS, NOBODYS);
    assert_eq!(post(&client, world.url("/v1/payments"), refused).await.status.as_u16(), 200);
    let report = post(&client, world.url("/v1/reports"), messages::report_request("REPORT", &[OURS])).await;
    assert_eq!(report.status.as_u16(), 200, "{report:?}");
    let location = report.header("content-location").unwrap().to_owned();
    let mut shows = RawH2::connect(&world, &world.manage, 1_000).await;
    let stream = shows.get(&location).await;
    shows.head_of(stream).await;
    let mut others = RawH2::connect(&world, &world.manage, 1_000).await;
    let stream = others.get("/v1/payments?msg_id=REFUSED").await;
    others.head_of(stream).await;
    let user = exchange::OnlineUserId(1);
    let withdraw = exchange::UserChange::Withdraw(exchange::Grants::All);
    assert!(world.exchange.operator().change_online_user(user, withdraw).await.unwrap());
    let got = shows.until_the_end().await;
    assert!(got <= 1_000, "{got} bytes of the report came");
    get(&client, world.url(&location)).await.problem(403, "TDAM-6021");
    let ordered = post(&client, world.url("/v1/reports"), messages::report_request("AGAIN", &[OURS])).await;
    ordered.problem(403, "TDAM-6021");
    let accounts = get(&client, world.url("/v1/accounts")).await;
    assert!(!accounts.text.contains(OURS), "{accounts:?}");
    let suspended = world.exchange.operator().change_online_user(user, exchange::UserChange::Suspend).await;
    assert!(suspended.unwrap());
    others.until_the_end().await;
    get(&client, world.url("/v1/heartbeat")).await.problem(403, "TDAM-1007");
}

/// A change past the serving process, which no command of ours makes: it is noticed all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_beside_the_service_is_noticed() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    assert_eq!(get(&client, world.url("/v1/heartbeat")).await.status.as_u16(), 200);
    let beside = Store::open_existing(world.folder.path(), SqliteOptions::default()).unwrap();
    let certificate = fingerprint(&world.manage);
    let revoked = beside.write(move |tx| tx.revoke_certificate(&certificate, jiff::Timestamp::now())).await;
    assert!(revoked.unwrap());
    let noticed = async {
        while get(&client, world.url("/v1/heartbeat")).await.status.as_u16() == 200 {
            tokio::time::sleep(crate::support::BETWEEN_LOOKS).await;
        }
    };
    tokio::time::timeout(WATCHDOG, noticed).await.expect("a refusal");
    get(&client, world.url("/v1/heartbeat")).await.problem(401, "TDAM-1003");
}
