//! HTTP on one connection, until the other side leaves, the server stops, or the connection gets the order to close.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::server::TlsStream;
use tracing::debug;

use crate::bounds;
use crate::connections::{AnswerBody, CloseOrder, Connections, OpenConnection, Place};
use crate::head_watch::{HeadWatch, Heads, Stream};
use crate::identity::Peer;

/// What a connection runs on.
pub(crate) enum Transport {
    Plain(TcpStream),
    Secure(Box<TlsStream<TcpStream>>),
}

/// Speaks HTTP on the connections of one listener.
#[derive(Clone)]
pub(crate) struct HttpServer {
    routes: Router,
    head_timeout: Duration,
    connections: Arc<Connections>,
    stop: watch::Receiver<bool>,
}

impl HttpServer {
    pub(crate) fn new(
        routes: Router,
        head_timeout: Duration,
        connections: Arc<Connections>,
        stop: watch::Receiver<bool>,
    ) -> HttpServer {
        HttpServer { routes, head_timeout, connections, stop }
    }

    /// Ready when the server stops.
    pub(crate) async fn stopping(&self) {
        // A sender that is gone means the same.
        let _ = self.stop.clone().wait_for(|stop| *stop).await;
    }

    pub(crate) async fn serve(&self, transport: Transport, place: &Place) {
        match transport {
            // Without TLS there is no negotiation; monitoring speaks HTTP/1.1.
            Transport::Plain(stream) => self.serve_stream(Box::new(stream), false, place).await,
            Transport::Secure(stream) => {
                let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                self.serve_stream(stream, is_http2, place).await;
            }
        }
    }

    /// Speaks on any stream.
    pub(crate) async fn serve_stream(&self, stream: Box<dyn Stream>, is_http2: bool, place: &Place) {
        let heads = Heads::default();
        let stream = HeadWatch::new(stream, (!is_http2).then(|| heads.clone()));
        let open = place.connection();
        let inner = TowerToHyperService::new(self.routes.clone());
        let peer = Peer::new(Arc::clone(open), Arc::clone(&self.connections));
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let (inner, peer, heads) = (inner.clone(), peer.clone(), heads.clone());
            async move { Ok::<_, Infallible>(answer(inner, request, peer, heads).await) }
        });
        let http = self.http(is_http2);
        let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service).into_owned());
        let mut stopping = pin!(self.stopping());
        let mut is_stopping = false;
        let outcome = loop {
            tokio::select! {
                outcome = connection.as_mut() => break outcome,
                order = open.told() => match order {
                    CloseOrder::Cut => return,
                    CloseOrder::Close => connection.as_mut().graceful_shutdown(),
                    CloseOrder::Stay => {}
                },
                () = stopping.as_mut(), if !is_stopping => {
                    is_stopping = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        };
        if let Err(error) = outcome {
            debug!(address = %open.address, %error, "connection ended");
        }
    }

    fn http(&self, is_http2: bool) -> auto::Builder<TokioExecutor> {
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
            .max_send_buf_size(bounds::SEND_BUFFER_BYTES)
            .keep_alive_interval(bounds::PING_INTERVAL)
            .keep_alive_timeout(bounds::PING_TIMEOUT);
        if is_http2 { http.http2_only() } else { http.http1_only() }
    }
}

async fn answer(
    routes: TowerToHyperService<Router>,
    mut request: hyper::Request<Incoming>,
    peer: Peer,
    heads: Heads,
) -> hyper::Response<AnswerBody<Body>> {
    let guard = OpenConnection::request(peer.connection(), heads.clone());
    if let Some(seen) = heads.take() {
        request.extensions_mut().insert(seen);
    }
    request.extensions_mut().insert(peer);
    let response = match routes.call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    response.map(|body| AnswerBody::new(body, guard))
}
