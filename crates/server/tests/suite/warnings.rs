//! What ends soon: a header on every answer to a known caller, and the heartbeat in words.
use jiff::Timestamp;
use pki::{Subject, Validity};
use reqwest::header::ACCEPT_LANGUAGE;

use super::support::office::{APPLICATIONS, Office};
use super::support::{self, *};

const WARNING: &str = "x-exchange-warning";

/// A certificate of the user who may pay, valid for so many days.
async fn certified(world: &World, days: u32) -> pki::Issued {
    let known = world.exchange.operator();
    let client = known.clients().await.unwrap().remove(0);
    let user = known.online_users(client.id).await.unwrap().remove(0);
    let validity = Validity::of_days(Timestamp::now(), days);
    let issued = world.authority.issue_client(&Subject::new("Grāmatvedība"), validity).unwrap();
    support::register_certificate(&world.exchange, &issued, user.id).await;
    issued
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_to_a_caller_whose_certificate_ends_soon_says_so() {
    let world = World::start().await;
    let client = world.client(&world.view);
    let answer = get(&client, world.url("/v1/heartbeat")).await;
    let heartbeat: protocol::Heartbeat = serde_json::from_str(&answer.text).unwrap();
    let ends: Timestamp = heartbeat.caller.certificate_not_after.parse().unwrap();
    let [warning] = heartbeat.caller.warnings.as_slice() else { panic!("{heartbeat:?}") };
    let days = warning.days_left;
    assert_eq!(
        (warning.code.as_str(), warning.ends.clone()),
        ("TDAM-1071", exchange::local_time(ends).date().to_string())
    );
    assert!((6..=7).contains(&days) && days == heartbeat.caller.certificate_days_left, "{heartbeat:?}");
    let expected = format!("TDAM-1071;days={days};ends=\"{}\"", warning.ends);
    assert_eq!(answer.header(WARNING), Some(expected.as_str()));
    assert!(warning.text.contains(&format!("days left: {days}")), "{}", warning.text);

    // Refusals are answers too: of the route, of the mode, of the message.
    get(&client, world.url("/v1/nowhere")).await.problem(404, "TDAM-9001");
    for path in ["/v1/nowhere", "/v1/accounts", "/v1/errors/TDAM-1071"] {
        assert_eq!(get(&client, world.url(path)).await.header(WARNING), Some(expected.as_str()), "{path}");
    }
    let refused = post(&client, world.url("/v1/payments"), messages::payments("A", 1)).await;
    refused.problem(403, "TDAM-1009");
    assert_eq!(refused.header(WARNING), Some(expected.as_str()));

    let latvian = client.get(world.url("/v1/heartbeat")).header(ACCEPT_LANGUAGE, "lv").send().await.unwrap();
    let latvian: protocol::Heartbeat = serde_json::from_str(&latvian.text().await.unwrap()).unwrap();
    assert!(latvian.caller.warnings[0].text.contains("Sertifikāta pēdējā diena"), "{latvian:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_is_warned() {
    let world = World::start().await;
    let far = world.client(&certified(&world, 90).await);
    let answer = get(&far, world.url("/v1/heartbeat")).await;
    assert_eq!((answer.header(WARNING), answer.text.contains("warnings")), (None, false), "{answer:?}");

    let known = world.exchange.operator();
    assert!(known.revoke_certificate(fingerprint(&world.manage)).await.unwrap());
    let refused = get(&world.client(&world.manage), world.url("/v1/heartbeat")).await;
    refused.problem(401, "TDAM-1003");
    assert_eq!(refused.header(WARNING), None, "who is refused is not told what the exchange knows");
    assert_eq!(get(&world.anonymous(), world.plain_url("/v1/errors/TDAM-1071")).await.header(WARNING), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_is_warned_of_the_end_of_the_own_certificate() {
    let world = World::start().await;
    let office = Office::open(&world).await;
    let ends = exchange::local_time(office.identity.info.not_after).date();
    let today = exchange::local_time(Timestamp::now()).date();
    let days = ends.duration_since(today).as_hours() / 24;
    let answer = office.get(APPLICATIONS).await;
    let warned = format!("TDAM-1073;days={days};ends=\"{ends}\"");
    assert_eq!((answer.status.as_u16(), answer.header(WARNING)), (200, Some(warned.as_str())), "{answer:?}");
    let list = office.get("/v1/operator/persons").await;
    let list: protocol::applications::PersonList = serde_json::from_str(&list.text).unwrap();
    assert_eq!(list.persons[0].certificate_days_left, Some(days), "{list:?}");
    assert_eq!(office.get("/v1/operator/nowhere").await.header(WARNING), Some(warned.as_str()));
}
