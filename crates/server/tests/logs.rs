//! The log's lines about requests, and the data that it must never hold.
//!
//! A process of its own: it has one log, in which requests of other tests must not stand.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

#[path = "suite/support/mod.rs"]
#[allow(dead_code, reason = "the suite uses more of it")]
mod support;

use std::io;
use std::sync::{Arc, Mutex};

use store::StoreError;
use support::{OURS, THEIRS, World, get, messages, post};
use tracing::Instrument as _;
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

/// Work on the store's threads.
async fn in_the_store(world: &World) {
    let write = |_: &mut dyn store::Writing| {
        tracing::info!("a job writes");
        Ok::<_, StoreError>(())
    };
    world.store.write(write).await.unwrap();
    let read = |_: &mut dyn store::Reading| {
        tracing::info!("a job reads");
        Ok::<_, StoreError>(())
    };
    world.store.read(read).await.unwrap();
}

// One test in this file: the subscriber is the whole process's.
#[tokio::test(flavor = "multi_thread")]
async fn requests_are_found_in_the_log_and_their_contents_are_not() {
    let log = Log::default();
    let level = tracing_subscriber::EnvFilter::new("trace,rustls=info,h2=info,hyper=info,hyper_util=info,reqwest=info");
    tracing_subscriber::fmt().with_env_filter(level).with_ansi(false).with_writer(log.clone()).init();

    let world = World::start().await;
    let client = world.client(&world.manage);
    let request = client.post(world.url("/v1/payments")).header("x-request-id", "find-me-1");
    let request = request.header("content-type", "application/xml").body(messages::payments("SECRET/ID", 2));
    request.send().await.unwrap();
    get(&client, world.url("/v1/payments?msg_id=SECRET%2FID")).await;
    post(&client, world.url("/v1/payments"), "<SECRET").await;
    get(&client, world.url("/v1/secret-path")).await;
    get(&world.anonymous(), world.url("/v1/accounts")).await;
    in_the_store(&world).instrument(tracing::info_span!("request", request_id = "find-me-2")).await;

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let line = |of: &str| text.lines().find(|line| line.contains(of)).unwrap_or_else(|| panic!("no {of} in {text}"));
    let found = line("request_id=find-me-1");
    for said in ["method=\"POST\"", "route=\"/v1/payments\"", "status=", "duration_us=", "online_user=1"] {
        assert!(found.contains(said), "{said} is missing: {found}");
    }
    assert!(found.contains(&format!("bytes_in={}", messages::payments("SECRET/ID", 2).len())), "{found}");
    assert!(line("status=401").contains("route=\"/v1/accounts\""));
    assert!(line("status=404").contains("server::access"));

    // What other tasks and threads do for a request is found by its id too.
    let submission = "request{request_id=\"find-me-1\" online_user=1}:submission{submission=1}";
    assert!(line("submission answered").contains(submission), "{}", line("submission answered"));
    for in_the_store in ["a job writes", "a job reads"] {
        assert!(line(in_the_store).contains("request{request_id=\"find-me-2\"}"), "{}", line(in_the_store));
    }
    assert!(line("a job writes").contains(":job{job="), "{}", line("a job writes"));

    for secret in ["SECRET", "secret-path", OURS, THEIRS, "BEGIN CERTIFICATE", "Rekins", "pašvaldība"] {
        assert!(!text.contains(secret), "{secret} is in the log: {}", line(secret));
    }
}
