//! Requests that two readers could understand differently, and handshakes that fail, get a clear answer.
use crate::support::raw::Raw;
use crate::support::{self, World};
use pki::{CertificateAuthority, Subject, Validity};

#[tokio::test(flavor = "multi_thread")]
async fn ambiguous_requests_are_refused_and_their_connection_is_closed() {
    let world = World::start().await;
    let chunk = "5\r\n<?xml\r\n0\r\n\r\n";
    let chunked = "Transfer-Encoding: chunked\r\n";
    let both = "Content-Length + Transfer-Encoding";
    for (fields, body, named) in [
        ("", "", "Host × 0"),
        ("Host: localhost\r\nHost: elsewhere\r\n", "", "Host × 2"),
        ("Host: x y\r\n", "", "Host: \\\"x y\\\""),
        ("Host: \r\n", "", "Host: \\\"\\\""),
        ("Host: user@localhost\r\n", "", "Host: \\\"user@localhost\\\""),
        ("Host: localhost\r\nTransfer-Encoding: gzip, chunked\r\n", chunk, "Transfer-Encoding: \\\"gzip, chunked\\\""),
        (
            "Host: localhost\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
            chunk,
            "Transfer-Encoding × 2",
        ),
        (&format!("Host: localhost\r\nContent-Length: 5\r\n{chunked}"), chunk, both),
        (&format!("Host: localhost\r\n{chunked}Content-Length: 5\r\n"), chunk, both),
    ] {
        let mut raw = Raw::connect(&world, &world.manage).await;
        let head = format!("POST /v1/payments HTTP/1.1\r\nContent-Type: application/xml\r\n{fields}\r\n");
        raw.send(&format!("{head}{body}GET /v1/heartbeat HTTP/1.1\r\nHost: localhost\r\n\r\n")).await;
        let answer = raw.read_to_end().await;
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("TDAM-9011"), "{fields}: {answer}");
        assert!(answer.contains(named), "{named}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1").count(), 1, "nothing more is answered: {answer}");
    }
    world.assert_nothing_stored("ambiguous");
}

#[tokio::test(flavor = "multi_thread")]
async fn chunks_are_taken_on_a_connection_that_stays_open() {
    let world = World::start().await;
    let mut raw = Raw::connect(&world, &world.manage).await;
    for number in 1..=2 {
        let message = support::messages::payments(&format!("CHUNKED-{number}"), 1);
        let chunks = format!("{:x}\r\n{message}\r\n0\r\n\r\n", message.len());
        raw.send("POST /v1/payments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/xml\r\n").await;
        raw.send(&format!("transfer-encoding: Chunked\r\n\r\n{chunks}")).await;
        raw.read_until(&format!("<OrgnlMsgId>CHUNKED-{number}</OrgnlMsgId>")).await;
        let answer = raw.read_until("</Document>").await;
        assert!(!answer.to_ascii_lowercase().contains("connection: close"), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_with_a_foreign_certificate_reads_the_alert() {
    let world = World::start().await;
    let validity = Validity::of_days(jiff::Timestamp::now(), 7);
    let foreign = CertificateAuthority::create(&Subject::new("Another authority"), validity).unwrap();
    let issued = foreign.issue_client(&Subject::new("Grāmatvedība"), validity).unwrap();
    for _ in 0..20 {
        // Under TLS 1.3 the client believes that it is connected, and sends.
        let mut raw = Raw::connect(&world, &issued).await;
        let _ = raw.try_send(&support::raw::head("POST", "/v1/payments", &["Content-Length: 4000"])).await;
        let _ = raw.try_send(&"<a>".repeat(1000)).await;
        let failure = raw.failure().await;
        assert!(failure.contains("alert"), "{failure}");
    }
}
