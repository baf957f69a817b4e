//! Clients behind a TCP proxy: only a configured one says who connects, and it must.
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use server::proxy_header::{FIXED_BYTES, Fixed, ProxyHeaderError, VARIABLE_BYTES_MAX};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::support::{World, get};

const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";
/// The source of the world's online user that may come from another network only.
const ELSEWHERE: [u8; 4] = [192, 0, 2, 7];
const LOOPBACK: [u8; 4] = [127, 0, 0, 1];
const PROXY: u8 = 0x21;
const LOCAL: u8 = 0x20;
const TCP4: u8 = 0x11;

fn header(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
    let length = u16::try_from(rest.len()).unwrap().to_be_bytes();
    [&SIGNATURE[..], &[command, family], &length, rest].concat()
}

fn addresses(source: [u8; 4]) -> Vec<u8> {
    [&source[..], &[127, 0, 0, 1], &50_000_u16.to_be_bytes(), &443_u16.to_be_bytes()].concat()
}

fn of(source: [u8; 4]) -> Vec<u8> {
    header(PROXY, TCP4, &addresses(source))
}

/// A TLV of so many bytes.
fn added(bytes: usize) -> Vec<u8> {
    [&[0xea][..], &u16::try_from(bytes).unwrap().to_be_bytes(), &vec![7; bytes]].concat()
}

/// What a heartbeat is answered after this beginning; `None`: the connection ended before.
async fn answered(address: SocketAddr, tls: rustls::ClientConfig, beginning: &[u8]) -> Option<String> {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(beginning).await.unwrap();
    let name = ServerName::from(address.ip());
    let mut stream = TlsConnector::from(Arc::new(tls)).connect(name, socket).await.ok()?;
    stream.write_all(b"GET /v1/heartbeat HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    Some(String::from_utf8(answer).unwrap())
}

async fn behind_a_proxy() -> World {
    World::with(|settings| settings.proxies = vec!["127.0.0.1/32".parse().unwrap()]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_that_a_proxy_tells_decides() {
    let world = behind_a_proxy().await;
    let address = world.addresses.secure;
    let status = async |issued: &pki::Issued, beginning: &[u8]| {
        let answer = answered(address, world.tls(Some(issued), &["http/1.1"]), beginning).await.expect("an answer");
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    assert_eq!(status(&world.elsewhere, &of(ELSEWHERE)).await, "200");
    assert_eq!(status(&world.elsewhere, &of(LOOPBACK)).await, "403", "not its network");
    assert_eq!(status(&world.manage, &of(LOOPBACK)).await, "200");
    assert_eq!(status(&world.manage, &of(ELSEWHERE)).await, "403", "the proxy's own address counts for nothing");
    // What proxies add is skipped, and a connection of the proxy's own has its own address.
    let with_more = [addresses(ELSEWHERE), added(200), added(0)].concat();
    assert_eq!(status(&world.elsewhere, &header(PROXY, TCP4, &with_more)).await, "200");
    assert_eq!(status(&world.manage, &header(LOCAL, 0, &[])).await, "200");
    assert_eq!(status(&world.elsewhere, &header(LOCAL, TCP4, &addresses(ELSEWHERE))).await, "403");
    let mut ipv6 = [0; 36];
    ipv6[15] = 1;
    assert_eq!(status(&world.manage, &header(PROXY, 0x21, &ipv6)).await, "403", "::1 is none of its networks");
    let mapped: Vec<u8> = [&[0; 10][..], &[0xff, 0xff], &LOOPBACK, &[0; 20]].concat();
    assert_eq!(
        status(&world.manage, &header(PROXY, 0x21, &mapped)).await,
        "200",
        "the IPv4 address that it stands for"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_without_a_header_that_is_taken_is_cut_off() {
    let world = behind_a_proxy().await;
    let refused = [
        Vec::new(),
        b"PROXY TCP4 192.0.2.7 127.0.0.1 50000 443\r\n".to_vec(),
        header(0x22, TCP4, &addresses(LOOPBACK)),
        header(0x11, TCP4, &addresses(LOOPBACK)),
        header(PROXY, 0x12, &addresses(LOOPBACK)),
        header(PROXY, 0, &[]),
        header(PROXY, TCP4, &addresses(LOOPBACK)[..11]),
        header(PROXY, TCP4, &[addresses(LOOPBACK), vec![0xea, 0, 9, 1]].concat()),
        header(PROXY, TCP4, &[addresses(LOOPBACK), added(VARIABLE_BYTES_MAX)].concat()),
    ];
    let count = refused.len();
    for beginning in refused {
        let answer = answered(world.addresses.secure, world.tls(Some(&world.manage), &["http/1.1"]), &beginning).await;
        assert_eq!(answer, None, "{beginning:?}");
    }
    let metrics = world.metrics().await;
    let counted = format!("tdam_connection_incidents_total{{incident=\"proxy_header\"}} {count}\n");
    assert!(metrics.contains(&counted), "{counted}{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_from_elsewhere_is_no_handshake() {
    let world = World::with(|settings| settings.proxies = vec!["192.0.2.0/24".parse().unwrap()]).await;
    let spoofed =
        answered(world.addresses.secure, world.tls(Some(&world.elsewhere), &["http/1.1"]), &of(ELSEWHERE)).await;
    assert_eq!(spoofed, None);
    let answer = get(&world.client(&world.manage), world.url("/v1/heartbeat")).await;
    assert_eq!(answer.status.as_u16(), 200, "who comes directly needs none");
}

proptest::proptest! {
    /// No bytes make the parser panic, or read beyond its bound.
    #[test]
    fn any_bytes_are_a_header_or_refused(head: [u8; FIXED_BYTES], is_ours: bool, rest: Vec<u8>) {
        let mut head = head;
        if is_ours {
            head[..12].copy_from_slice(SIGNATURE);
        }
        match Fixed::parse(&head) {
            Ok(fixed) => {
                assert!(is_ours && fixed.length <= VARIABLE_BYTES_MAX);
                let _ = fixed.source(&rest);
            }
            Err(ProxyHeaderError::TooLong(length)) => assert!(length > VARIABLE_BYTES_MAX),
            Err(_) => {}
        }
    }
}
