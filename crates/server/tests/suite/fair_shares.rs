//! Clients never take another client's share: places, bodies, answers, connections.
use std::time::Duration;

use crate::support::h2::RawH2;
use crate::support::raw::{Raw, head};
use crate::support::{self, Answer, OURS, THEIRS, World, certify, get, messages, post};
use exchange::{MessageId, NewOnlineUser};
use pki::Issued;
use store::{AccessMode, ClientId, StoreError, SubmissionState};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

const XML: &str = "Content-Type: application/xml";
/// An account whose check digits are wrong, so that each payment to it is refused.
const NOBODYS: &str = "LV00TREL1060000300000";

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

/// Whether the server closes a connection, which nothing else would end.
async fn is_closed(socket: &mut TcpStream) -> bool {
    let read = tokio::time::timeout(Duration::from_secs(60), socket.read(&mut [0; 64])).await;
    matches!(read, Ok(Ok(0) | Err(_)))
}

#[tokio::test(flavor = "multi_thread")]
async fn half_open_connections_give_way_to_those_who_finish_their_handshake() {
    let world = World::with(|settings| settings.limits.handshakes_max = 16).await;
    let mut silent = Vec::new();
    for _ in 0..60 {
        silent.push(TcpStream::connect(world.addresses.secure).await.unwrap());
    }
    for _ in 0..3 {
        let client = world.client(&world.manage);
        assert_eq!(get(&client, world.url("/v1/heartbeat")).await.status.as_u16(), 200);
    }
    assert!(is_closed(&mut silent[0]).await, "the oldest has given way");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_has_its_share_of_connections_and_loses_the_idle_one_first() {
    // An eighth of them for a certificate: two.
    let world = World::with(|settings| settings.limits.connections_max = 16).await;
    let mut connections = Vec::new();
    for _ in 0..3 {
        let mut raw = Raw::connect(&world, &world.manage).await;
        raw.send(&head("GET", "/v1/heartbeat", &[])).await;
        raw.read_until("registration_days_left").await;
        connections.push(raw);
    }
    let mut connections = connections.into_iter();
    connections.next().unwrap().read_to_end().await;
    for mut kept in connections {
        kept.send(&head("GET", "/v1/accounts", &[])).await;
        kept.read_until(OURS).await;
    }
    assert_eq!(get(&world.client(&world.view), world.url("/v1/heartbeat")).await.status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_only_answers_pings_is_closed() {
    let world = World::with(|settings| settings.limits.connection_idle_max = Duration::from_secs(1)).await;
    let mut idle = RawH2::connect(&world, &world.manage, 65_535).await;
    let stream = idle.get("/v1/heartbeat").await;
    idle.head_of(stream).await;
    idle.until_the_end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_certificate_loses_its_connection() {
    let world = World::start().await;
    let mut open = RawH2::connect(&world, &world.manage, 65_535).await;
    let stream = open.get("/v1/heartbeat").await;
    open.head_of(stream).await;
    assert!(world.exchange.operator().revoke_certificate(support::fingerprint(&world.manage)).await.unwrap());
    let stream = open.get("/v1/heartbeat").await;
    open.head_of(stream).await;
    open.until_the_end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_sends_slowly_uses_up_its_own_share_only() {
    // Of eight places a client gets four, and a certificate two.
    let world = World::with(|settings| settings.limits.requests_in_flight_max = 8).await;
    let neighbour = neighbour(&world).await;
    let mut slow = Vec::new();
    for _ in 0..2 {
        let mut raw = Raw::connect(&world, &world.manage).await;
        raw.send(&head("POST", "/v1/payments", &[XML, "Content-Length: 1000", "Expect: 100-continue"])).await;
        raw.read_until("100 Continue").await;
        slow.push(raw);
    }
    let refused = get(&world.client(&world.manage), world.url("/v1/heartbeat")).await;
    let problem = refused.problem(429, "TDAM-9003");
    assert_eq!(refused.header("retry-after"), Some("2"));
    assert!(problem.detail.unwrap().contains("requests in work"), "the budget is named");

    for other in [&world.view, &neighbour] {
        assert_eq!(get(&world.client(other), world.url("/v1/heartbeat")).await.status.as_u16(), 200);
    }
    drop(slow);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_drips_is_given_up() {
    let world = World::with(|settings| settings.limits.body_window = Duration::from_secs(1)).await;
    let mut drips = Raw::connect(&world, &world.manage).await;
    drips.send(&head("POST", "/v1/payments", &[XML, "Content-Length: 100000"])).await;
    // As slow as the attack; never silent for long.
    let dripping = async {
        while drips.try_send("<").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
            if drips.has_seen("TDAM-9006").await {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), dripping).await.unwrap();
    world.assert_nothing_stored("given up");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_nobody_reads_count_against_their_client_and_end_its_connection() {
    let world = World::with(|settings| {
        // A quarter for a client: room for one of the answers below.
        settings.limits.unsent_file_bytes_max = 4 << 20;
        settings.limits.answer_window = Duration::from_secs(3);
    })
    .await;
    let neighbour = neighbour(&world).await;
    // Each payment is refused with a reason of its own, so the answer is long.
    let message = messages::payments("LONG", 1500).replace(THEIRS, NOBODYS);
    let answer = post(&world.client(&world.manage), world.url("/v1/payments"), message).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    let length = answer.text.len();
    assert!((512 << 10..1 << 20).contains(&length), "the fixture's answer has {length} bytes");

    let mut never_reads = RawH2::connect(&world, &world.view, 0).await;
    let stream = never_reads.get("/v1/payments?msg_id=LONG").await;
    never_reads.head_of(stream).await;
    // Another request of this client finds no room; the server serves other clients.
    let client = world.client(&world.manage);
    let refused = get(&client, world.url("/v1/payments?msg_id=LONG")).await;
    assert!(refused.problem(429, "TDAM-9003").detail.unwrap().contains("unread answers"));
    assert_eq!(get(&world.client(&neighbour), world.url("/v1/accounts")).await.status.as_u16(), 200);
    assert_eq!(get(&client, world.url("/v1/accounts")).await.status.as_u16(), 200);

    assert_eq!(never_reads.until_the_end().await, 0, "it made no room for anything");
    // The room is free again once the connection is gone; that may take the server another moment.
    let deadline = tokio::time::Instant::now() + Duration::from_secs(60);
    loop {
        let answer = get(&client, world.url("/v1/payments?msg_id=LONG")).await;
        if answer.status.as_u16() == 200 {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn long_answers_arrive_whole() {
    let world = World::start().await;
    let message = messages::payments("WHOLE", 1500).replace(THEIRS, NOBODYS);
    for protocol in ["h2", "http/1.1"] {
        let tls = world.tls(Some(&world.manage), &[protocol]);
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap();
        let answer = post(&client, world.url("/v1/payments"), message.clone()).await;
        assert_eq!(answer.status.as_u16(), 200);
        assert_eq!(answer.header("content-length"), Some(answer.text.len().to_string().as_str()));
        assert!(answer.text.len() > 64 << 10 && answer.text.trim_end().ends_with("</Document>"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_do_not_hide_the_plain_listener() {
    let world = World::with(|settings| settings.limits.plain_connections_max = 8).await;
    let plain = world.addresses.plain.unwrap();
    let mut idle = Vec::new();
    for _ in 0..50 {
        idle.push(TcpStream::connect(plain).await.unwrap());
    }
    let client = reqwest::Client::builder().no_proxy().tls_backend_preconfigured(world.tls(None, &[])).build().unwrap();
    assert_eq!(get(&client, world.plain_url("/health")).await.status.as_u16(), 200);
    assert!(is_closed(&mut idle[0]).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn readings_of_one_client_leave_the_others_theirs() {
    // One for each of two clients at a time; the others of each wait in its own line.
    let world = World::with(|settings| settings.limits.readings_max = 2).await;
    let neighbour = neighbour(&world).await;
    let client = world.client(&world.manage);
    post(&client, world.url("/v1/payments"), messages::payments("READ", 50)).await;
    let many = (0..30).map(|_| get(&client, world.url("/v1/payments?msg_id=READ")));
    let other = world.client(&neighbour);
    let (answers, none): (Vec<Answer>, Answer) =
        tokio::join!(futures_util::future::join_all(many), get(&other, world.url("/v1/payments?msg_id=READ")));
    none.problem(404, "TDAM-9001");
    assert!(answers.iter().all(|answer| answer.status.as_u16() == 200), "all had their turn");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_message_counts_until_it_is_answered_although_its_sender_has_left() {
    // One of two for each client.
    let world = World::with(|settings| settings.limits.large_submissions_max = 2).await;
    let long = messages::payments("LEFT", 4_000);
    let length = format!("Content-Length: {}", long.len());
    let mut leaves = Raw::connect(&world, &world.manage).await;
    leaves.send(&head("POST", "/v1/payments", &[XML, &length])).await;
    leaves.send(&long).await;
    let is_open = || {
        let found = world.store.read_blocking(|reading| reading.submission(MessageId(1)));
        found
            .unwrap_or_else(|error: StoreError| panic!("{error}"))
            .map(|found| found.state == SubmissionState::Received)
    };
    while is_open().is_none() {
        tokio::time::sleep(crate::support::BETWEEN_LOOKS).await;
    }
    drop(leaves);
    // A shorter one would overtake it if the place were free.
    let client = world.client(&world.manage);
    let sent = post(&client, world.url("/v1/payments"), messages::payments("NEXT", 200)).await;
    assert_eq!(sent.status.as_u16(), 200, "{sent:?}");
    assert_eq!(is_open(), Some(false), "the place was given on while the work went on");
    let status = get(&client, world.url("/v1/payments?msg_id=LEFT")).await;
    assert_eq!(status.status.as_u16(), 200, "what was taken is answered: {status:?}");
}

/// The niceness of a thread, and its name.
#[cfg(target_os = "linux")]
fn niceness(stat: &std::path::Path) -> Option<(String, i32)> {
    // The thread may have ended meanwhile.
    let stat = std::fs::read_to_string(stat).ok()?;
    let (name, rest) = stat.split_once('(')?.1.rsplit_once(") ")?;
    // proc(5): the niceness is field 19, and the rest begins with field 3.
    Some((name.to_owned(), rest.split(' ').nth(16)?.parse().ok()?))
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn large_messages_are_read_at_a_lower_priority_than_requests_are_answered() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    let world = World::start().await;
    let is_answered = Arc::new(AtomicBool::new(false));
    let (_, own) = niceness("/proc/thread-self/stat".as_ref()).unwrap();
    let looks = tokio::task::spawn_blocking({
        let is_answered = Arc::clone(&is_answered);
        move || {
            let mut seen = Vec::new();
            while !is_answered.load(Ordering::Relaxed) {
                let threads = std::fs::read_dir("/proc/self/task").unwrap().flatten();
                let threads = threads.filter_map(|thread| niceness(&thread.path().join("stat")));
                seen.extend(threads.filter(|(name, _)| name == "tdam-reading").map(|(_, niceness)| niceness - own));
            }
            seen
        }
    });
    let client = world.client(&world.manage);
    let answer = post(&client, world.url("/v1/payments"), messages::payments("LOW", 4_000)).await;
    is_answered.store(true, Ordering::Relaxed);
    assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
    let seen = looks.await.unwrap();
    // A thread has its priority a moment after it has its name.
    assert!(seen.contains(&exchange::bounds::READING_NICENESS.min(19 - own)), "{seen:?}");
}
