//! The sender: one thread with many connections, each of which sends a request when it has the answer to the one before.
//!
//! It shares the machine with the server, so it does as little as it can: HTTP/1.1 by hand instead of a library.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use client::RequestSigner;
use jiff::civil::Date;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::client::TlsStream;

use super::super::server::Server;
use super::plan::Payer;
use super::request::{Kind, Requests};
use crate::attack::failed::Failed;
use crate::attack::wire::{self, Identity, Speaks};

/// A connection, and what it sends.
pub(super) struct Connection {
    stream: TlsStream<TcpStream>,
    user: String,
    requests: Requests,
    sent: Sent,
}

/// What a connection sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// How long each answer took.
    pub(super) latencies: Vec<Duration>,
    /// The last message.
    pub(super) last_message: Option<String>,
}

/// Who a connection belongs to, and what it sent.
pub(super) type Report = (String, Sent);

impl Connection {
    async fn send(&mut self) -> Result<(), Failed> {
        let (bytes, message_id) = self.requests.next()?;
        let begun = Instant::now();
        self.stream.write_all(&bytes).await?;
        self.stream.flush().await?;
        let reply = wire::read(&mut self.stream).await?;
        self.sent.latencies.push(begun.elapsed());
        self.sent.last_message = message_id.or(self.sent.last_message.take());
        self.requests.check(&reply)
    }

    async fn send_until(mut self, until: Instant) -> Result<Report, Failed> {
        while Instant::now() < until {
            self.send().await?;
        }
        Ok((self.user, self.sent))
    }
}

/// Connects; the payers take turns. Each connection has sent one request, which is not counted: measured are neither
/// handshakes nor what a first request finds cold.
pub(super) async fn connect(
    server: &Server,
    payers: &[(Payer, String)],
    kind: Kind,
    count: usize,
    day: Date,
) -> Result<Vec<Connection>, Failed> {
    let mut connections = Vec::with_capacity(count);
    for (payer, message_id) in payers.iter().cycle().take(count) {
        let folder = server.folder();
        let (authority, user) = (folder.authority_certificate(), folder.user(&payer.user));
        let identity = Identity::new(&authority, Some(&user), Speaks::Http1, Ipv4Addr::LOCALHOST)?;
        let stream = identity.connect(server.address()?).await?;
        let signer =
            RequestSigner::new(&std::fs::read(user.join("certificate.pem"))?, &std::fs::read(user.join("key.pem"))?)?;
        let requests = Requests::of(kind, payer, message_id, day, signer);
        let mut connection = Connection { stream, user: payer.user.clone(), requests, sent: Sent::default() };
        connection.send().await?;
        connection.sent = Sent::default();
        connections.push(connection);
    }
    Ok(connections)
}

/// Sends over all connections for so long.
pub(super) async fn send(connections: Vec<Connection>, duration: Duration) -> Result<Vec<Report>, Failed> {
    let until = Instant::now() + duration;
    let mut senders = JoinSet::new();
    for connection in connections {
        senders.spawn(connection.send_until(until));
    }
    let mut reports = Vec::new();
    while let Some(report) = senders.join_next().await {
        reports.push(report??);
    }
    Ok(reports)
}
