//! What those get whose certificate is no good: in TLS, or at their next request.
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use pki::{CertificateAuthority, Issued, Subject, Validity};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::support::{World, fingerprint, get};

/// Certificates beside the client's own: more than any chain needs.
const CHAIN_PADDING: usize = 200;

async fn fails_in_tls(world: &World, identity: &Issued, what: &str) {
    let outcome = world.client(identity).get(world.url("/v1/heartbeat")).send().await;
    assert!(outcome.is_err(), "{what}: {outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_out_of_time_of_nobody_or_of_another_kind_fail_in_tls() {
    let world = World::start().await;
    let (now, subject) = (Timestamp::now(), Subject::new("Grāmatvedība"));
    let minutes = |minutes| now + SignedDuration::from_mins(minutes);
    let issue = |from, to| {
        let validity = Validity { not_before: minutes(from), not_after: minutes(to) };
        world.authority.issue_client(&subject, validity).unwrap()
    };
    fails_in_tls(&world, &issue(-4, -1), "expired").await;
    fails_in_tls(&world, &issue(60, 120), "not yet valid").await;
    let server = world.authority.issue_server(&["localhost"], Validity::of_days(now, 7)).unwrap();
    fails_in_tls(&world, &server, "of a server").await;

    let key = rcgen::KeyPair::generate().unwrap();
    let itself = rcgen::CertificateParams::default().self_signed(&key).unwrap();
    let self_signed =
        Issued { certificate_pem: itself.pem(), private_key_pem: Some(key.serialize_pem()), ..world.manage.clone() };
    fails_in_tls(&world, &self_signed, "self-signed").await;
    let namesake = CertificateAuthority::create(&Subject::new("Test authority"), Validity::of_days(now, 7)).unwrap();
    let of_namesake = namesake.issue_client(&subject, Validity::of_days(now, 7)).unwrap();
    fails_in_tls(&world, &of_namesake, "of an authority of the same name").await;

    let padded = format!("{}{}", world.manage.certificate_pem, of_namesake.certificate_pem.repeat(CHAIN_PADDING));
    let oversized = Issued { certificate_pem: padded, ..world.manage.clone() };
    fails_in_tls(&world, &oversized, "an oversized chain").await;
    let good = get(&world.client(&world.manage), world.url("/v1/heartbeat")).await;
    assert_eq!(good.status.as_u16(), 200, "nobody else is the worse for it");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_connection_opens_nothing_after_a_revocation_in_both_versions_of_http() {
    for protocol in ["http/1.1", "h2"] {
        let world = World::start().await;
        let tls = world.tls(Some(&world.manage), &[protocol]);
        let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build().unwrap();
        let first = client.get(world.url("/v1/heartbeat")).send().await.unwrap();
        let is_http2 = first.version() == reqwest::Version::HTTP_2;
        assert_eq!((first.status().as_u16(), is_http2), (200, protocol == "h2"));
        first.bytes().await.unwrap();
        assert!(world.exchange.operator().revoke_certificate(fingerprint(&world.manage)).await.unwrap());
        get(&client, world.url("/v1/heartbeat")).await.problem(401, "TDAM-1003");
    }
}

/// A session that is resumed skips the verification of the certificate; the exchange asks all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_resumed_session_opens_nothing_after_a_revocation() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let world = World::start().await;
        let tls = Arc::new(world.tls_of(&[version], Some(&world.manage), &["http/1.1"]));
        let (first, _) = heartbeat(&world, &tls).await;
        assert!(first.starts_with("HTTP/1.1 200"), "{first}");
        assert!(world.exchange.operator().revoke_certificate(fingerprint(&world.manage)).await.unwrap());
        let (second, kind) = heartbeat(&world, &tls).await;
        assert_eq!(kind, Some(rustls::HandshakeKind::Resumed), "{version:?}");
        assert!(second.starts_with("HTTP/1.1 401") && second.contains("TDAM-1003"), "{second}");
    }
}

async fn heartbeat(world: &World, tls: &Arc<rustls::ClientConfig>) -> (String, Option<rustls::HandshakeKind>) {
    let socket = TcpStream::connect(("127.0.0.1", world.addresses.secure.port())).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::clone(tls)).connect(name, socket).await.unwrap();
    stream.write_all(b"GET /v1/heartbeat HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    // The end without a goodbye is an end too.
    let _ = stream.read_to_end(&mut answer).await;
    (String::from_utf8_lossy(&answer).into_owned(), stream.get_ref().1.handshake_kind())
}
