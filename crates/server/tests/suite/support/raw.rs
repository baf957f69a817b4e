//! HTTP/1.1 over TLS by hand: for clients that stall, leave, or ask before they send.

use std::sync::Arc;
use std::time::Duration;

use pki::Issued;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::World;

/// Ends a test that hangs; it measures nothing.
const WATCHDOG: Duration = Duration::from_secs(300);

pub struct Raw {
    stream: TlsStream<TcpStream>,
    seen: Vec<u8>,
}

impl Raw {
    pub async fn connect(world: &World, identity: &Issued) -> Raw {
        Raw::connect_as(world, Some(identity)).await
    }

    pub async fn connect_as(world: &World, identity: Option<&Issued>) -> Raw {
        let socket = TcpStream::connect(world.addresses.secure).await.unwrap();
        let connector = TlsConnector::from(Arc::new(world.tls(identity, &["http/1.1"])));
        let stream = connector.connect("localhost".try_into().unwrap(), socket).await.unwrap();
        Raw { stream, seen: Vec::new() }
    }

    pub async fn send(&mut self, text: &str) {
        self.try_send(text).await.unwrap();
    }

    pub async fn try_send(&mut self, text: &str) -> std::io::Result<()> {
        self.stream.write_all(text.as_bytes()).await?;
        self.stream.flush().await
    }

    /// Reads until this text has come.
    pub async fn read_until(&mut self, text: &str) -> String {
        let watchdog = tokio::time::Instant::now() + WATCHDOG;
        loop {
            let seen = String::from_utf8_lossy(&self.seen).into_owned();
            if seen.contains(text) {
                return seen;
            }
            let mut buffer = [0; 4096];
            let read = tokio::time::timeout_at(watchdog, self.stream.read(&mut buffer)).await;
            let read = read.unwrap_or_else(|_| panic!("{text:?} did not come, but {seen:?}"));
            let count = read.unwrap_or_else(|error| panic!("{text:?} did not come, but {error}, {seen:?}"));
            assert_ne!(count, 0, "{text:?} did not come before the end, but {seen:?}");
            self.seen.extend_from_slice(&buffer[..count]);
        }
    }

    /// Whether this text is among what has come so far, without waiting for more.
    pub async fn has_seen(&mut self, text: &str) -> bool {
        let mut buffer = [0; 4096];
        while let Ok(Ok(count @ 1..)) = tokio::time::timeout(Duration::ZERO, self.stream.read(&mut buffer)).await {
            self.seen.extend_from_slice(&buffer[..count]);
        }
        String::from_utf8_lossy(&self.seen).contains(text)
    }

    /// How the connection fails when it is read from.
    pub async fn failure(&mut self) -> String {
        let mut rest = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(30), self.stream.read_to_end(&mut rest)).await.unwrap();
        read.expect_err("the connection has to fail").to_string()
    }

    /// Reads to the end of the connection.
    pub async fn read_to_end(mut self) -> String {
        // An abrupt end is an end too.
        let _ = tokio::time::timeout(WATCHDOG, self.stream.read_to_end(&mut self.seen)).await.unwrap();
        String::from_utf8_lossy(&self.seen).into_owned()
    }
}

pub fn head(method: &str, path: &str, fields: &[&str]) -> String {
    let fields: String = fields.iter().map(|field| format!("{field}\r\n")).collect();
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n")
}
