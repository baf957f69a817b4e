//! Common properties of all answers of the server, and answers to requests that miss a route.
use crate::support::raw::{Raw, head};
use crate::support::{self, Answer, World, get, messages};

#[tokio::test(flavor = "multi_thread")]
async fn a_sane_request_id_is_echoed_and_another_one_replaced() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    let send = async |id: &str| {
        let request = client.get(world.url("/v1/heartbeat")).header("x-request-id", id);
        Answer::of(request.send().await.unwrap()).await.header("x-request-id").unwrap().to_owned()
    };
    assert_eq!(send("f81d4fae-7dec-11d0").await, "f81d4fae-7dec-11d0");
    let replaced = send("no spaces allowed").await;
    assert!(replaced != "no spaces allowed" && replaced.len() > 8, "{replaced}");
    assert_ne!(send(&"x".repeat(65)).await, replaced, "each request has its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_forbids_caching_and_names_its_language() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    for path in ["/v1/heartbeat", "/v1/errors", "/nonsense"] {
        let answer = get(&client, world.url(path)).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("content-language"), Some("en"), "{path}");
    }
    let request = client.get(world.url("/nonsense")).header("accept-language", "lv-LV, en;q=0.5");
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(answer.header("content-language"), Some("lv"));
    let problem = answer.problem(404, "TDAM-9001");
    assert_eq!(problem.title, problem.texts.lv.title);
    assert_ne!(problem.title, problem.texts.en.title);
}

#[tokio::test(flavor = "multi_thread")]
async fn schemas_are_read_with_and_without_a_certificate_and_may_be_kept() {
    let world = World::start().await;
    let (client, anybody) = (world.client(&world.manage), world.anonymous());
    let list: protocol::SchemaList =
        serde_json::from_str(&get(&anybody, world.plain_url("/v1/schemas")).await.text).unwrap();
    assert_eq!(list.schemas.len(), 12);
    for link in list.schemas {
        let answer = get(&client, world.url(&link.href)).await;
        assert_eq!(answer.header("content-type"), Some("application/xml; charset=utf-8"));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=3600"));
        let model = xsd::model::read_xsd(answer.text.as_bytes()).unwrap();
        assert_eq!(model.target_namespace, link.namespace);
        assert_eq!(get(&anybody, world.plain_url(&link.href)).await.text, answer.text);
    }
    for unknown in ["/v1/schemas/pain.008.001.02", "/v1/schemas/pain.001.001.09.xsd", "/v1/schemas/pain.001"] {
        let answer = get(&client, world.url(unknown)).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        answer.problem(404, "TDAM-9001");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_comes_as_xml_to_those_who_ask_for_it() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    let request = client.get(world.url("/nonsense")).header("accept", "application/xml, application/json;q=0.5");
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(answer.status.as_u16(), 404);
    assert_eq!(answer.header("content-type"), Some("application/problem+xml"));
    assert!(answer.text.contains("<problem xmlns=\"urn:ietf:rfc:7807\">"), "{}", answer.text);
    assert!(answer.text.contains("<code>TDAM-9001</code>"), "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_method_is_told_the_right_ones() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    let answer = Answer::of(client.delete(world.url("/v1/payments")).send().await.unwrap()).await;
    answer.problem(405, "TDAM-9002");
    let allow = answer.header("allow").unwrap();
    assert!(allow.contains("GET") && allow.contains("POST"), "{allow}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unclear_queries_are_refused() {
    let world = World::start().await;
    let client = world.client(&world.manage);
    for path in [
        "/v1/payments",
        "/v1/payments?msg_id=",
        "/v1/payments?msgid=A",
        "/v1/payments?msg_id=A&msg_id=B",
        "/v1/payments?submission=x",
        "/v1/reports/1?page=0",
        "/v1/accounts?all=1",
    ] {
        get(&client, world.url(path)).await.problem(400, "TDAM-2022");
    }
    let answer = support::post(&client, world.url("/v1/payments?mode=tset"), messages::payments("A", 1)).await;
    answer.problem(400, "TDAM-2022");
    world.assert_nothing_stored("a mistyped mode must not execute");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_versions_of_http_are_spoken() {
    let world = World::start().await;
    let answer = world.client(&world.manage).get(world.url("/v1/heartbeat")).send().await.unwrap();
    assert_eq!(answer.version(), reqwest::Version::HTTP_2);
    let old = world.client_builder(None).tls_backend_preconfigured(world.tls(Some(&world.manage), &["http/1.1"]));
    let old = old.build().unwrap();
    let answer = old.get(world.url("/v1/heartbeat")).send().await.unwrap();
    assert_eq!(answer.version(), reqwest::Version::HTTP_11);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_versions_of_tls_are_spoken() {
    let world = World::start().await;
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let tls = world.tls_of(&[version], Some(&world.manage), &["h2"]);
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap();
        assert_eq!(get(&client, world.url("/v1/heartbeat")).await.status.as_u16(), 200, "{version:?}");
        let tls = world.tls_of(&[version], None, &["http/1.1"]);
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap();
        get(&client, world.url("/v1/heartbeat")).await.problem(401, "TDAM-1001");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_before_sending_is_told_to_go_on_or_refused_at_once() {
    let world = World::start().await;
    // As curl does with large files.
    let mut curl = Raw::connect(&world, &world.manage).await;
    let fields = ["Content-Type: application/xml", "Content-Length: 4", "Expect: 100-continue"];
    curl.send(&head("POST", "/v1/payments", &fields)).await;
    curl.read_until("HTTP/1.1 100 Continue\r\n\r\n").await;
    curl.send("<x/>").await;
    curl.read_until("TDAM-").await;

    let mut refused = Raw::connect(&world, &world.manage).await;
    let fields = ["Content-Type: text/html", "Content-Length: 4", "Expect: 100-continue"];
    refused.send(&head("POST", "/v1/payments", &fields)).await;
    let answer = refused.read_until("TDAM-2011").await;
    assert!(answer.starts_with("HTTP/1.1 415"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn health_names_every_condition_and_only_some_of_them_stop_a_load_balancer() {
    let world = World::start().await;
    let client = reqwest::Client::builder().no_proxy().tls_backend_preconfigured(world.tls(None, &[])).build().unwrap();
    let ask = async |path: &str| {
        let answer = get(&client, world.plain_url(path)).await;
        (answer.status.as_u16(), serde_json::from_str::<protocol::Health>(&answer.text).unwrap())
    };
    let health = world.exchange.health();
    // No work of the exchange clears this one.
    health.raise(exchange::Alarm::FilesOpen, "2 files");
    let (status, told) = ask("/health/ready").await;
    assert_eq!((status, told.status.as_str()), (200, "alarm"));
    let [condition] = told.conditions.as_slice() else { panic!("{told:?}") };
    assert_eq!((condition.condition.as_str(), condition.reason.as_str()), ("files_open", "2 files"));

    health.raise(exchange::Alarm::ClockWrong, "3 days ahead");
    let (status, told) = ask("/health").await;
    assert_eq!((status, told.status.as_str(), told.conditions.len()), (503, "unavailable", 2));
    assert_eq!(told.conditions[0].condition, "clock_wrong", "the worst stands first");
    assert_eq!(ask("/health/live").await.0, 200, "a restart does not set a clock");

    health.raise(exchange::Alarm::WorkStandsStill, "for ever");
    assert_eq!(ask("/health/live").await.0, 503);
    for alarm in [exchange::Alarm::FilesOpen, exchange::Alarm::ClockWrong, exchange::Alarm::WorkStandsStill] {
        health.clear(alarm);
    }
    let (status, told) = ask("/health").await;
    assert_eq!((status, told.status.as_str()), (200, "ok"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plain_listener_serves_what_needs_no_certificate() {
    let world = World::start().await;
    let client = reqwest::Client::builder().no_proxy().tls_backend_preconfigured(world.tls(None, &[])).build().unwrap();
    let health = get(&client, world.plain_url("/health")).await;
    assert_eq!(health.status.as_u16(), 200);
    assert_eq!(serde_json::from_str::<protocol::Health>(&health.text).unwrap().status, "ok");
    for path in ["/health/ready", "/health/live"] {
        assert_eq!(get(&client, world.plain_url(path)).await.status.as_u16(), 200, "{path}");
    }

    let authority = get(&client, world.plain_url("/ca.pem")).await;
    assert_eq!(authority.text, world.authority.certificate_pem());

    let catalogue = get(&client, world.plain_url("/v1/errors")).await;
    let catalogue: protocol::ErrorCatalogue = serde_json::from_str(&catalogue.text).unwrap();
    assert_eq!(catalogue.errors.len(), rulebook::Code::ALL.len());
    let entry = get(&client, world.plain_url("/v1/errors/TDAM-2006")).await;
    assert_eq!(serde_json::from_str::<protocol::CatalogueEntry>(&entry.text).unwrap().http_status, Some(400));

    for path in ["/v1/errors/TDAM-1", "/v1/errors/%FF", "/v1/schemas/%C3%28"] {
        get(&client, world.plain_url(path)).await.problem(404, "TDAM-9001");
    }
    get(&client, world.plain_url("/v1/accounts")).await.problem(404, "TDAM-9001");
}
