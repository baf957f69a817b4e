//! The OpenAPI description against the server: what is served is described, what is described is served, and answers are as described.

use exchange::{EnrolmentKind, OnlineUserId};
use protocol::routes::{self, Method, ROUTES, Route};
use reqwest::RequestBuilder;
use serde_json::Value;

use crate::every_route::{Asking, everywhere, furnished, target};
use crate::support::description::Description;
use crate::support::{Answer, World, certificate_request, get, messages, post};

async fn description(world: &World) -> Description {
    Description(get(&world.anonymous(), world.plain_url(routes::OPENAPI)).await.json())
}

async fn sent(request: RequestBuilder) -> Answer {
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_listener_gives_the_description_that_the_reference_has() {
    let world = World::start().await;
    let urls = [world.url(routes::OPENAPI), world.plain_url(routes::OPENAPI), world.enrollment_url(routes::OPENAPI)];
    for url in urls {
        let answer = get(&world.client(&world.manage), url).await;
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.json(), protocol::openapi::document());
    }
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/openapi.json");
    let page: Value = serde_json::from_str(&std::fs::read_to_string(page).unwrap()).unwrap();
    assert!(page == protocol::openapi::document(), "cargo xtask docs writes docs/reference/openapi.json anew");
}

/// Each route with a request that succeeds, and with requests that are refused: by query, body, and certificate.
#[tokio::test(flavor = "multi_thread")]
async fn answers_and_refusals_of_every_route_are_as_described() {
    let world = furnished().await;
    let asking = Asking::of(&world).await;
    let described = description(&world).await;
    for (route, is_plain) in everywhere() {
        let target = target(route);
        for accept in ["application/json", "application/xml"] {
            let answer = asking.answer(asking.request(route, &target, is_plain), &[accept]).await;
            assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
            described.holds(route, &answer);
        }
        let mistyped = format!("{}?mistyped=1", target.split('?').next().unwrap_or_default());
        let refused = [
            asking.answer(asking.request(route, &mistyped, is_plain), &[]).await,
            asking.answer(asking.request(route, &target, is_plain).body("<wrong"), &[]).await,
            asking.answer(asking.request(route, &target, is_plain).header("content-encoding", "br"), &[]).await,
            asking.answer(asking.request(route, &target, is_plain), &["*/*;q=0"]).await,
        ];
        for answer in &refused {
            described.holds(route, answer);
        }
        if !is_plain {
            let url = world.url(&target);
            for client in [world.anonymous(), world.client(&world.view), world.client(&world.elsewhere)] {
                let request = if route.method == Method::Get { client.get(&url) } else { client.post(&url) };
                described.holds(route, &sent(request).await);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_later_is_as_described_too() {
    let world = furnished().await;
    let described = description(&world).await;
    let client = world.client(&world.manage);
    let route = |method, path: &str| ROUTES.iter().find(|route| route.path == path && route.method == method).unwrap();

    let (reports, page) = (route(Method::Post, routes::REPORTS), route(Method::Get, routes::REPORT));
    let several = messages::report_request("R2", &[crate::support::OURS, crate::support::OURS]);
    described.holds(reports, &post(&client, world.url(routes::REPORTS), several).await);
    described.holds(page, &get(&client, world.url("/v1/reports/1?page=7")).await);
    described.holds(page, &get(&client, world.url("/v1/reports/77")).await);

    let (submit, status) = (route(Method::Post, routes::PAYMENTS), route(Method::Get, routes::PAYMENTS));
    let changed = messages::payments("EVERY", 3);
    described.holds(submit, &post(&client, world.url(routes::PAYMENTS), changed).await);
    described.holds(submit, &post(&client, world.url(routes::PAYMENTS), "<html/>").await);
    let large =
        client.post(world.url(routes::PAYMENTS)).header("content-type", "application/xml").header("prefer", "wait=0");
    described.holds(submit, &sent(large.body(messages::payments("LARGE", 2_000))).await);
    described.holds(status, &get(&client, world.url("/v1/payments?submission=3")).await);
    described.holds(status, &get(&client, world.url("/v1/payments?msg_id=NONE")).await);
    let warned = get(&client, world.url(routes::HEARTBEAT)).await;
    assert!(warned.header("x-exchange-warning").is_some(), "the certificate ends in a week: {warned:?}");
    described.holds(route(Method::Get, routes::HEARTBEAT), &warned);

    let cancel = route(Method::Post, routes::PAYMENTS_CANCEL);
    world.exchange.work_now().await.unwrap();
    for (query, status) in [("msg_id=EVERY", 409), ("msg_id=EVERY&end_to_end_id=NONE", 404), ("msg_id=", 400)] {
        let answer = post(&client, world.url(&format!("{}?{query}", routes::PAYMENTS_CANCEL)), "").await;
        assert_eq!(answer.status.as_u16(), status, "{answer:?}");
        described.holds(cancel, &answer);
    }

    let error = route(Method::Get, routes::ERROR);
    described.holds(error, &get(&client, world.plain_url("/v1/errors/TDAM-0000")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn enrolment_is_as_described() {
    let world = World::start().await;
    let described = description(&world).await;
    let make = async |user, kind| {
        world.exchange.operator().make_enrolment_code(OnlineUserId(user), kind).await.unwrap().code.to_string()
    };
    for route in ROUTES.iter().filter(|route| route.is_for_enrollment()) {
        let url = world.enrollment_url(route.path);
        // Of two users: each has one certificate already, and may have one more.
        let (user, kind) = match route.path {
            routes::ENROLLMENT_KEY_STORE => (2, EnrolmentKind::KeyStore),
            _ => (1, EnrolmentKind::Request),
        };
        let ask = |code: &str| match route.method {
            Method::Get => world.anonymous().get(&url).bearer_auth(code),
            Method::Post => world.anonymous().post(&url).bearer_auth(code).body(certificate_request()),
        };
        let code = make(user, kind).await;
        let answer = sent(ask(&code)).await;
        assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
        described.holds(route, &answer);
        for refused in [ask(&code), ask("wrong"), ask("wrong").header("accept", "*/*;q=0"), world.anonymous().get(&url)]
        {
            let answer = sent(refused).await;
            // What has another method there is another route.
            if answer.status.as_u16() != 405 {
                described.holds(route, &answer);
            }
        }
    }
}

/// A route that a listener lacks is not found there, and a described one is never unknown.
#[tokio::test(flavor = "multi_thread")]
async fn listeners_have_what_the_description_says_and_nothing_else() {
    let world = furnished().await;
    let asking = Asking::of(&world).await;
    let described = description(&world).await;
    let names: Vec<&str> = described.0["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    for path in names {
        let route = |method: Method| ROUTES.iter().find(|route| route.path == path && route.method == method);
        for method in [Method::Get, Method::Post] {
            let is_described = described.0["paths"][path][method.name().to_ascii_lowercase()].is_object();
            assert_eq!(is_described, route(method).is_some(), "{} {path}", method.name());
        }
    }
    let unknown = |answer: &Answer| matches!(answer.json()["code"].as_str(), Some("TDAM-9001" | "TDAM-9002"));
    for route in &ROUTES {
        let target = path_of(route);
        for (name, client, url) in [
            ("plain", &world.anonymous(), world.plain_url(&target)),
            ("enrolment", &world.anonymous(), world.enrollment_url(&target)),
            ("clients", client_of(&asking, route), world.url(&target)),
        ] {
            let request = if route.method == Method::Get { client.get(url) } else { client.post(url) };
            let answer = sent(request.header("accept", "*/*;q=0")).await;
            let listeners = described.operation(route)["x-listeners"].as_array().unwrap();
            let is_here = listeners.iter().any(|listener| listener == name);
            assert_eq!(!unknown(&answer), is_here, "{name} {} {target}: {answer:?}", route.method.name());
        }
    }
}

fn client_of<'a>(asking: &'a Asking<'_>, route: &Route) -> &'a reqwest::Client {
    if route.is_for_operators() { asking.operator() } else { asking.online_user() }
}

fn path_of(route: &Route) -> String {
    route
        .path
        .replace("{id}", "1")
        .replace("{name}", "new.pdf")
        .replace("{language}", "java")
        .replace("{code}", "TDAM-2006")
        .replace("{page}", "contents")
        .replace("{message}", "pain.001.001.09")
}
