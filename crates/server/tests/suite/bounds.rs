//! Too much, too long, too slow: what one client does must not cost the others.
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::support::raw::{Raw, head};
use crate::support::{self, Answer, World, get, messages, post};
use bytes::Bytes;
use tokio::net::TcpStream;

/// A body that is made as it is sent, and says how much was.
fn flood(beginning: &str, filling: &'static str, pieces: u64) -> (reqwest::Body, Arc<AtomicU64>) {
    let sent = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&sent);
    let beginning = Bytes::from(beginning.to_owned());
    let filling = Bytes::from(filling.repeat((64 << 10) / filling.len()));
    let pieces = (0..pieces).map(move |number| {
        let piece = if number == 0 { beginning.clone() } else { filling.clone() };
        counter.fetch_add(piece.len() as u64, Ordering::Relaxed);
        Ok::<_, std::convert::Infallible>(piece)
    });
    (reqwest::Body::wrap_stream(futures_util::stream::iter(pieces)), sent)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_that_can_never_be_a_message_is_refused_at_its_beginning() {
    let world = World::start().await;
    for protocol in ["h2", "http/1.1"] {
        let tls = world.tls(Some(&world.manage), &[protocol]);
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap();
        // 200 MiB of `<a>`, or as much of it as the client sends after the refusal.
        let (body, sent) = flood("<a>", "<a>", 200 << 4);
        let answer = post(&client, world.url("/v1/payments"), body).await;
        answer.problem(422, "TDAM-2106");
        let sent = sent.load(Ordering::Relaxed);
        assert!(sent < 100 << 20, "{protocol}: answered only after {sent} bytes");
        world.assert_nothing_stored("flood");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_only_after_sending_everything_gets_the_answer_too() {
    let world = World::start().await;
    let megabytes = 20;
    let length = format!("Content-Length: {}", megabytes << 20);
    let refused = [
        (None, "POST", "/v1/payments", "application/xml", "TDAM-1001"),
        (Some(&world.manage), "POST", "/v1/nonsense", "application/xml", "TDAM-9001"),
        (Some(&world.manage), "PUT", "/v1/payments", "application/xml", "TDAM-9002"),
        (Some(&world.manage), "POST", "/v1/payments", "text/html", "TDAM-2011"),
        (Some(&world.manage), "POST", "/v1/reports", "application/xml", "TDAM-2007"),
        (Some(&world.manage), "POST", "/v1/payments", "application/xml", "TDAM-2106"),
    ];
    for (identity, method, path, content_type, code) in refused {
        let mut client = Raw::connect_as(&world, identity).await;
        client.send(&head(method, path, &[&format!("Content-Type: {content_type}"), &length])).await;
        for _ in 0..megabytes {
            client.send(&"<a>".repeat((1 << 20) / 3 + 1)[..1 << 20]).await;
        }
        client.read_until(code).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_the_bound_is_refused_announced_or_not() {
    let world = World::with(|settings| settings.limits.body_bytes_max = 1 << 20).await;
    let client = world.client(&world.manage);
    // Announced: refused before a byte of it is sent.
    let mut raw = Raw::connect(&world, &world.manage).await;
    let fields = ["Content-Type: application/xml", "Content-Length: 1048577", "Expect: 100-continue"];
    raw.send(&head("POST", "/v1/payments", &fields)).await;
    let answer = raw.read_until("TDAM-2007").await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");

    let beginning = messages::payments("A", 1).replace("</Document>", "");
    let (body, _) = flood(&beginning, " ", 64);
    post(&client, world.url("/v1/payments"), body).await.problem(413, "TDAM-2007");
    let (body, _) = flood(&messages::report_request("A", &[support::OURS]), " ", 64);
    post(&client, world.url("/v1/reports"), body).await.problem(413, "TDAM-2007");
    world.assert_nothing_stored("too large");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_arrive_at_once_share_a_bound() {
    let world = World::with(|settings| settings.limits.body_bytes_in_flight_max = 1 << 20).await;
    let client = world.client(&world.manage);
    let (body, _) = flood(&messages::payments("A", 1).replace("</Document>", ""), " ", 64);
    let answer = post(&client, world.url("/v1/payments"), body).await;
    answer.problem(429, "TDAM-9003");
    assert_eq!(answer.header("retry-after"), Some("2"));
    world.assert_nothing_stored("too many bytes at once");

    // The server gave back the share of the refused request.
    let small = messages::payments("B", 1);
    assert_eq!(post(&client, world.url("/v1/payments?mode=test"), small).await.status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_beyond_the_bound_are_sent_away() {
    let world = World::with(|settings| settings.limits.requests_in_flight_max = 1).await;
    let mut holder = Raw::connect(&world, &world.manage).await;
    let fields = ["Content-Type: application/xml", "Content-Length: 1000", "Expect: 100-continue"];
    holder.send(&head("POST", "/v1/payments", &fields)).await;
    holder.read_until("100 Continue").await;

    let client = world.client(&world.view);
    get(&client, world.url("/v1/heartbeat")).await.problem(503, "TDAM-9004");
    // Monitoring does not wait for it.
    let plain = reqwest::Client::builder().no_proxy().tls_backend_preconfigured(world.tls(None, &[])).build().unwrap();
    assert_eq!(get(&plain, world.plain_url("/health")).await.status.as_u16(), 200);

    drop(holder);
    // Ends a test that hangs; it measures nothing.
    let watchdog = Instant::now() + Duration::from_secs(300);
    while get(&client, world.url("/v1/heartbeat")).await.status.as_u16() != 200 {
        assert!(Instant::now() < watchdog, "the turn of a client that left is not given on");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_stalls_is_given_up_and_a_client_that_leaves_is_forgotten() {
    let world = World::with(|settings| {
        settings.limits.body_idle_timeout = Duration::from_millis(300);
        // One at a time: the next one is served only when the one before is over.
        settings.limits.requests_in_flight_max = 1;
    })
    .await;
    let message = messages::payments("A", 1);
    let length = format!("Content-Length: {}", message.len());
    let fields = ["Content-Type: application/xml", &length];

    let mut stalls = Raw::connect(&world, &world.manage).await;
    stalls.send(&head("POST", "/v1/payments", &fields)).await;
    stalls.send(&message[..100]).await;
    let answer = stalls.read_until("TDAM-9006").await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");

    let mut leaves = Raw::connect(&world, &world.manage).await;
    leaves.send(&head("POST", "/v1/payments", &fields)).await;
    leaves.send(&message[..message.len() - 1]).await;
    drop(leaves);
    // What it left behind does not count as sent.
    assert_eq!(get(&world.client(&world.manage), world.url("/v1/heartbeat")).await.status.as_u16(), 200);
    world.assert_nothing_stored("stalled and left");
}

#[tokio::test(flavor = "multi_thread")]
async fn handshakes_that_never_end_hold_up_nobody_and_are_ended() {
    let world = World::with(|settings| settings.limits.handshake_timeout = Duration::from_secs(3)).await;
    let mut silent = Vec::new();
    for _ in 0..50 {
        silent.push(TcpStream::connect(world.addresses.secure).await.unwrap());
    }
    assert_eq!(get(&world.client(&world.manage), world.url("/v1/heartbeat")).await.status.as_u16(), 200);
    for socket in &silent {
        // Readable means: the server has closed it. The time ends a test that hangs.
        tokio::time::timeout(Duration::from_secs(300), socket.readable()).await.unwrap().unwrap();
        assert_eq!(socket.try_read(&mut [0; 16]).unwrap_or(0), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_that_never_end_and_connections_without_requests_are_ended() {
    let world = World::with(|settings| settings.limits.head_timeout = Duration::from_secs(2)).await;
    let mut drips = Raw::connect(&world, &world.manage).await;
    drips.send("GET /v1/heartbeat HTTP/1.1\r\nHost: local").await;
    assert_eq!(drips.read_to_end().await, "", "no answer to half a question");

    let mut idles = Raw::connect(&world, &world.manage).await;
    idles.send(&head("GET", "/v1/heartbeat", &[])).await;
    let answer = idles.read_to_end().await;
    assert!(answer.starts_with("HTTP/1.1 200"), "answered, and then ended: {answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_gives_way_when_no_place_is_left() {
    let world = World::with(|settings| settings.limits.connections_max = 1).await;
    let mut idle = Raw::connect(&world, &world.view).await;
    idle.send(&head("GET", "/v1/heartbeat", &[])).await;
    idle.read_until("registration_days_left").await;
    let _silent = TcpStream::connect(world.addresses.secure).await.unwrap();
    let answer = get(&world.client(&world.manage), world.url("/v1/heartbeat")).await;
    assert_eq!(answer.status.as_u16(), 200);
    idle.read_to_end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_is_too_long_is_refused() {
    let world = World::start().await;
    let field = format!("X-Filling: {}", "x".repeat(1 << 20));
    let mut raw = Raw::connect(&world, &world.manage).await;
    // The server has enough long before the end of it, so sending may fail.
    let _ = raw.try_send(&head("GET", "/v1/heartbeat", &[&field])).await;
    let answer = raw.read_to_end().await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");

    let client = world.client(&world.manage);
    let request = client.get(world.url("/v1/heartbeat")).header("x-filling", "x".repeat(32 << 10));
    assert_eq!(request.send().await.unwrap().status().as_u16(), 431);

    let request = client.get(world.url(&format!("/v1/payments?msg_id={}", "A".repeat(2000))));
    Answer::of(request.send().await.unwrap()).await.problem(400, "TDAM-2022");
}
