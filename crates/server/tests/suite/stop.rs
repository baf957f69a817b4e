//! Stopping, and new certificates while running.
use std::time::Duration;

use crate::support::raw::{Raw, head};
use crate::support::{World, get, material, messages};
use pki::{CertificateAuthority, Subject, Validity};
use tokio::net::TcpStream;

/// Ends a test that hangs; it measures nothing.
const WATCHDOG: Duration = Duration::from_secs(300);

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_finishes_what_was_accepted_and_accepts_nothing_more() {
    let mut world = World::start().await;
    let message = messages::payments("STOP", 3);
    let length = format!("Content-Length: {}", message.len());
    let fields = ["Content-Type: application/xml", &length, "Expect: 100-continue"];
    let mut running = Raw::connect(&world, &world.manage).await;
    running.send(&head("POST", "/v1/payments", &fields)).await;
    running.read_until("100 Continue").await;
    let idle = world.client(&world.view);
    assert_eq!(get(&idle, world.url("/v1/heartbeat")).await.status.as_u16(), 200);

    world.tell_to_stop();
    // The listener is gone once a connection is refused.
    let watchdog = tokio::time::Instant::now() + WATCHDOG;
    while TcpStream::connect(world.addresses.secure).await.is_ok() {
        assert!(tokio::time::Instant::now() < watchdog, "connections are still accepted");
        tokio::time::sleep(crate::support::BETWEEN_LOOKS).await;
    }
    running.send(&message).await;
    let answer = running.read_until("</Document>").await;
    assert!(answer.contains("HTTP/1.1 200") && answer.contains("<GrpSts>ACCP</GrpSts>"), "{answer}");
    tokio::time::timeout(WATCHDOG, world.stopped()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_does_not_wait_for_ever() {
    let mut world = World::with(|settings| settings.limits.stop_time_max = Duration::from_millis(300)).await;
    let mut stuck = Raw::connect(&world, &world.manage).await;
    stuck.send(&head("POST", "/v1/payments", &["Content-Type: application/xml", "Content-Length: 5000"])).await;
    stuck.send("<?xml").await;
    assert_eq!(get(&world.client(&world.view), world.url("/v1/heartbeat")).await.status.as_u16(), 200);
    world.tell_to_stop();
    tokio::time::timeout(WATCHDOG, world.stopped()).await.unwrap();
    world.assert_nothing_stored("cut off");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_certificates_are_taken_up_while_running() {
    let world = World::start().await;
    let before = world.client(&world.manage);
    assert_eq!(get(&before, world.url("/v1/heartbeat")).await.status.as_u16(), 200);

    // A server certificate of another authority: who trusts only the old one cannot connect anew.
    let validity = Validity::of_days(jiff::Timestamp::now(), 7);
    let other = CertificateAuthority::create(&Subject::new("Next authority"), validity).unwrap();
    world.reload.certificates(&material(&other)).unwrap();
    let anew = world.client(&world.manage).get(world.url("/v1/heartbeat")).send().await;
    assert!(anew.is_err(), "{anew:?}");
    assert_eq!(get(&before, world.url("/v1/heartbeat")).await.status.as_u16(), 200, "open connections stay");

    let mut broken = material(&other);
    broken.private_key_pem = "nonsense".to_owned();
    assert!(world.reload.certificates(&broken).is_err());
    world.reload.certificates(&material(&world.authority)).unwrap();
    assert_eq!(get(&world.client(&world.manage), world.url("/v1/heartbeat")).await.status.as_u16(), 200);
}
