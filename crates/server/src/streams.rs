//! The clients' routes on connections that the server did not accept itself.
//!
//! A program with a stream that has identified the other end (a listener of another kind, a fuzzer with bytes in
//! memory) gets what a client gets after its TLS handshake: a place among the connections, HTTP, and identification on
//! every request. The program ends idle and old connections itself, since no listener checks their ages.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use exchange::Exchange;
use telemetry::metrics::channel::CONNECTIONS;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use crate::connections::{Bounds, Connections};
use crate::http::HttpServer;
use crate::service::{Published, Service};
use crate::{Limits, QuotaSettings, routes};

/// Serves clients on streams.
pub struct ClientStreams {
    routes: Router,
    head_timeout: Duration,
    connections: Arc<Connections>,
}

/// The peer at the other end of a stream.
#[derive(Clone, Copy, Debug)]
pub struct StreamPeer {
    /// Where the connection comes from.
    pub address: IpAddr,
    /// SHA-256 of the certificate that the peer has proved to hold; `None` when it showed none.
    pub certificate: Option<[u8; 32]>,
    /// Whether it speaks HTTP/2; HTTP/1.1 otherwise.
    pub is_http2: bool,
}

impl ClientStreams {
    /// The routes for clients of an exchange. Long answers lie in the folder until they have been read.
    #[must_use]
    pub fn new(exchange: Exchange, limits: Limits, answer_folder: PathBuf) -> ClientStreams {
        let measure = exchange.telemetry().gauge(&CONNECTIONS, ["clients"]);
        let connections = Connections::new(Bounds::of_clients(&limits), measure);
        let head_timeout = limits.head_timeout;
        let service = Service::new(exchange, limits, QuotaSettings::default(), answer_folder, Published::default());
        ClientStreams { routes: routes::secure(Arc::new(service)), head_timeout, connections }
    }

    /// Speaks HTTP until either side ends the connection. When `stop` becomes true, answers the current requests and
    /// ends it. `false` when there was no place for another connection.
    pub async fn serve<S>(&self, stream: S, peer: StreamPeer, stop: watch::Receiver<bool>) -> bool
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Some(place) = self.connections.admit(peer.address.to_canonical(), peer.certificate) else { return false };
        let speaker = HttpServer::new(self.routes.clone(), self.head_timeout, Arc::clone(&self.connections), stop);
        speaker.serve_stream(Box::new(stream), peer.is_http2, &place).await;
        true
    }
}
