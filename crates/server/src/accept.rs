//! The accept loop: handshakes, connections, and the stop that finishes what was accepted.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::Router;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tracing::debug;

use crate::bounds;
use crate::identity::Peer;
use crate::service::Service;

/// A listener and what it serves.
pub(crate) struct Listener {
    pub(crate) socket: TcpListener,
    /// `None` for the plain one.
    pub(crate) tls: Option<Arc<ArcSwap<ServerConfig>>>,
    pub(crate) routes: Router,
}

/// Accepts until told to stop, then waits for open connections, but not for ever.
pub(crate) async fn serve(listener: Listener, service: &Service, mut stop: watch::Receiver<bool>) {
    let limits = service.limits();
    let places = Arc::new(Semaphore::new(limits.connections_max));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        // Finished connections are forgotten as they end, so the set does not grow.
        while connections.try_join_next().is_some() {}
        let accepted = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => break,
            accepted = accept(&listener.socket, &places) => accepted,
        };
        let Some((socket, address, place)) = accepted else { continue };
        let connection = Connection {
            address,
            handshake_timeout: limits.handshake_timeout,
            head_timeout: limits.head_timeout,
            routes: listener.routes.clone(),
            watcher: graceful.watcher(),
            _place: place,
        };
        match &listener.tls {
            Some(tls) => {
                let acceptor = TlsAcceptor::from(tls.load_full());
                connections.spawn(connection.secure(socket, acceptor));
            }
            None => {
                let peer = Peer { address: address.ip().to_canonical(), certificate: None };
                connections.spawn(connection.speak(socket, peer, None, None));
            }
        }
    }
    drop(listener.socket);
    if tokio::time::timeout(limits.stop_time_max, graceful.shutdown()).await.is_err() {
        debug!(connections = connections.len(), "connections are cut off: they outlasted the time for a stop");
    }
    connections.shutdown().await;
}

/// The next connection, once there is place for it. `None` when the system had nothing for us after all.
async fn accept(
    socket: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match socket.accept().await {
        Ok((stream, address)) => {
            // Answers are written whole; waiting to fill a packet only delays them.
            let _ = stream.set_nodelay(true);
            Some((stream, address, place))
        }
        Err(error) => {
            // Out of file descriptors, or the client left at once: never a reason to stop, but none to spin either.
            debug!(%error, "a connection could not be accepted");
            tokio::time::sleep(Duration::from_millis(20)).await;
            None
        }
    }
}

struct Connection {
    address: SocketAddr,
    handshake_timeout: Duration,
    head_timeout: Duration,
    routes: Router,
    watcher: hyper_util::server::graceful::Watcher,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    async fn secure(self, socket: TcpStream, acceptor: TlsAcceptor) {
        let address = self.address;
        let stream = match tokio::time::timeout(self.handshake_timeout, acceptor.accept(socket)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                debug!(%address, %error, "handshake failed");
                return;
            }
            Err(_) => {
                debug!(%address, "handshake took too long");
                return;
            }
        };
        let (_, session) = stream.get_ref();
        let certificate = session.peer_certificates().and_then(<[_]>::first);
        let peer = Peer {
            address: address.ip().to_canonical(),
            certificate: certificate.map(|certificate| pki::fingerprint(certificate)),
        };
        let is_http2 = session.alpn_protocol() == Some(b"h2");
        let time_max = peer.certificate.is_none().then_some(bounds::ANONYMOUS_CONNECTION_TIME_MAX);
        self.speak(stream, peer, Some(is_http2), time_max).await;
    }

    /// Speaks HTTP until the other side leaves, the server stops, or the time is over.
    async fn speak<S>(self, stream: S, peer: Peer, is_http2: Option<bool>, time_max: Option<Duration>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let address = self.address;
        let inner = TowerToHyperService::new(self.routes.clone());
        let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(peer);
            let inner = inner.clone();
            async move { Ok::<_, Infallible>(answer(inner, request).await) }
        });
        let http = self.http(is_http2);
        let connection = http.serve_connection(TokioIo::new(stream), service).into_owned();
        let connection = self.watcher.watch(connection);
        let outcome = match time_max {
            Some(time_max) => tokio::time::timeout(time_max, connection).await.unwrap_or(Ok(())),
            None => connection.await,
        };
        if let Err(error) = outcome {
            debug!(%address, %error, "connection ended");
        }
    }

    fn http(&self, is_http2: Option<bool>) -> auto::Builder<TokioExecutor> {
        let mut http = auto::Builder::new(TokioExecutor::new());
        http.http1()
            .timer(TokioTimer::new())
            .header_read_timeout(self.head_timeout)
            .max_headers(bounds::HEADER_FIELDS_MAX)
            .max_buf_size(bounds::READ_BUFFER_BYTES);
        http.http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(bounds::STREAMS_MAX)
            .initial_stream_window_size(bounds::WINDOW_BYTES)
            .initial_connection_window_size(bounds::WINDOW_BYTES)
            .max_header_list_size(bounds::HEAD_BYTES_MAX)
            .keep_alive_interval(bounds::PING_INTERVAL)
            .keep_alive_timeout(bounds::PING_TIMEOUT);
        match is_http2 {
            Some(true) => http.http2_only(),
            // Without TLS nobody negotiates; HTTP/1.1 is what monitoring speaks.
            Some(false) | None => http.http1_only(),
        }
    }
}

async fn answer(
    routes: TowerToHyperService<Router>,
    request: hyper::Request<hyper::body::Incoming>,
) -> axum::response::Response {
    use hyper::service::Service as _;
    match routes.call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
