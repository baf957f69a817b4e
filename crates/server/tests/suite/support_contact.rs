//! Where a client's staff find help: at `/`, and in answers that a program cannot fix.
use crate::support::{Answer, World, get};
use protocol::{ServiceDescription, SupportContact};
use server::Support;

fn contact(name: &str) -> SupportContact {
    SupportContact { name: name.to_owned(), email: "help@example.org".to_owned(), ..SupportContact::default() }
}

async fn world() -> World {
    let support = Support { latvian: contact("Palīdzība"), english: contact("Help") };
    World::with(|settings| settings.support = support).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_index_says_what_can_be_asked_for_and_where_help_is() {
    let world = world().await;
    let (client, anybody) = (world.client(&world.manage), world.anonymous());
    let ask = async |request: reqwest::RequestBuilder, language: &str| {
        let answer = Answer::of(request.header("accept-language", language).send().await.unwrap()).await;
        assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
        serde_json::from_str::<ServiceDescription>(&answer.text).unwrap()
    };
    let plain = ask(anybody.get(world.plain_url("/")), "lv").await;
    assert_eq!((plain.service.as_str(), plain.support), ("Valsts kase", Some(contact("Palīdzība"))));
    assert!(plain.routes.iter().any(|route| route.path == "/health"), "{:?}", plain.routes);
    assert!(plain.routes.iter().all(|route| route.path != "/v1/accounts"), "{:?}", plain.routes);

    let secure = ask(client.get(world.url("/")), "en").await;
    assert_eq!((secure.service.as_str(), secure.support), ("State Treasury", Some(contact("Help"))));
    let status = secure.routes.iter().find(|route| route.path == "/v1/payments" && route.method == "GET").unwrap();
    assert_eq!(status.answers, ["application/xml", "application/json"]);
    assert!(secure.routes.iter().any(|route| route.path == "/v1/payments?submission={submission}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_that_need_a_person_say_where_help_is_and_others_do_not() {
    let world = world().await;
    let stranger = get(&world.anonymous(), world.url("/v1/heartbeat")).await.problem(401, "TDAM-1001");
    assert_eq!(stranger.support, Some(contact("Help")));
    let elsewhere = get(&world.client(&world.elsewhere), world.url("/v1/heartbeat")).await.problem(403, "TDAM-1008");
    assert_eq!(elsewhere.support, Some(contact("Help")));
    let request = world.client(&world.elsewhere).get(world.url("/v1/heartbeat"));
    let request = request.header("accept", "application/xml").header("accept-language", "lv");
    let answer = Answer::of(request.send().await.unwrap()).await;
    let expected = "<support><name>Palīdzība</name><email>help@example.org</email></support>";
    assert!(answer.text.contains(expected), "{}", answer.text);

    let client = world.client(&world.manage);
    assert_eq!(get(&client, world.url("/v1/nonsense")).await.problem(404, "TDAM-9001").support, None);
    assert_eq!(get(&client, world.url("/v1/accounts?all=1")).await.problem(400, "TDAM-2022").support, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_configured_is_not_shown() {
    let world = World::start().await;
    let index = get(&world.anonymous(), world.plain_url("/")).await;
    assert!(!index.text.contains("support"), "{}", index.text);
    let refused = get(&world.anonymous(), world.url("/v1/heartbeat")).await;
    assert!(!refused.text.contains("\"support\""), "{}", refused.text);
}
