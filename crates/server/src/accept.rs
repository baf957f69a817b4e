//! The accept loop: handshakes, connections, and the stop that finishes accepted requests.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::Router;
use rustls::ServerConfig;
use rustls::pki_types::CertificateDer;
use telemetry::metrics::channel as metrics;
use telemetry::{Gauge, Telemetry};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tracing::debug;

use crate::bounds;
use crate::connections::{Bounds, Connections, HandshakePlace, Handshakes, Incidents, Place};
use crate::http::{HttpServer, Transport};
use crate::measures::UnderWay;
use crate::proxied::{self, Proxies, Unproxied};
use crate::rights::end_without_rights;
use crate::service::Service;

/// A listener and what it serves.
pub(crate) struct Listener {
    /// What it is called in the metrics.
    pub(crate) name: &'static str,
    pub(crate) socket: TcpListener,
    /// `None` for the plain one.
    pub(crate) tls: Option<Arc<ArcSwap<ServerConfig>>>,
    pub(crate) routes: Router,
    pub(crate) bounds: Bounds,
    /// Who may say for whom it connects.
    pub(crate) proxies: Proxies,
}

/// State that the tasks of a listener share.
struct Shared {
    connections: Arc<Connections>,
    handshakes: Arc<Handshakes>,
    handshake_timeout: Duration,
    handshakes_under_way: Gauge,
    incidents: CountedIncidents,
}

/// Incidents that the log counts.
struct CountedIncidents {
    crowded_out: Incidents,
    unfinished: Incidents,
    failed: Incidents,
    no_place: Incidents,
    unread: Incidents,
    no_handles: Incidents,
    proxy_header: Incidents,
}

impl Shared {
    /// A place for a handshake. Another one may have to end for it.
    fn handshake_of(&self, address: SocketAddr) -> HandshakePlace {
        let (place, gone) = self.handshakes.begin(address.ip());
        if gone.is_some() {
            self.incidents.crowded_out.happened(address.ip(), "more handshakes than may be open at once");
        }
        place
    }

    /// A place for a connection. `None` when all that it may have are busy: then it is closed.
    fn admit(&self, address: SocketAddr, certificate: Option<[u8; 32]>) -> Option<Place> {
        let address = address.ip().to_canonical();
        let place = self.connections.admit(address, certificate);
        if place.is_none() {
            self.incidents.no_place.happened(address, "all connections that it may have are busy");
        }
        place
    }
}

/// Accepts connections until the stop, then waits for open connections for a bounded time.
pub(crate) async fn serve(listener: Listener, service: &Service, mut stop: watch::Receiver<bool>) {
    let (limits, telemetry) = (service.limits(), service.measures().telemetry());
    let shared = Arc::new(Shared {
        connections: Connections::new(listener.bounds, telemetry.gauge(&metrics::CONNECTIONS, [listener.name])),
        handshakes: Handshakes::new(
            limits.handshakes_max,
            bounds::HANDSHAKES_OF_ADDRESS.of_count(limits.handshakes_max),
        ),
        handshake_timeout: limits.handshake_timeout,
        handshakes_under_way: telemetry.gauge(&metrics::HANDSHAKES, []),
        incidents: CountedIncidents::new(telemetry),
    });
    let speaker = HttpServer::new(listener.routes, limits.head_timeout, Arc::clone(&shared.connections), stop.clone());
    let ages = tokio::spawn(look_at_ages(Arc::clone(&shared), limits.answer_window));
    let ends = tokio::spawn(end_without_rights(service.exchange().clone(), Arc::clone(&shared.connections)));
    let mut tasks = JoinSet::new();
    loop {
        // Finished connections are forgotten as they end, so the set does not grow.
        while tasks.try_join_next().is_some() {}
        let accepted = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => break,
            accepted = accept(&listener.socket, &shared.incidents) => accepted,
        };
        let Some((socket, address)) = accepted else { continue };
        let (shared, speaker) = (Arc::clone(&shared), speaker.clone());
        match &listener.tls {
            Some(tls) => {
                let acceptor = TlsAcceptor::from(tls.load_full());
                if listener.proxies.contain(address.ip()) {
                    let Some(waiting) = listener.proxies.place() else {
                        shared.incidents.no_place.happened(address.ip(), "too many wait for their PROXY header");
                        continue;
                    };
                    tasks.spawn(async move {
                        let Some(known) = proxied(&shared, &speaker, socket, address).await else { return };
                        drop(waiting);
                        let place = shared.handshake_of(known.1);
                        secure(shared, speaker, known.0, known.1, acceptor, place).await;
                    });
                } else {
                    let place = shared.handshake_of(address);
                    tasks.spawn(secure(shared, speaker, socket, address, acceptor, place));
                }
            }
            None => {
                // Here, in the order of arrival: which task runs first is chance, and who came last must not give way.
                let Some(place) = shared.admit(address, None) else { continue };
                tasks.spawn(async move { speaker.serve(Transport::Plain(socket), &place).await });
            }
        }
    }
    drop(listener.socket);
    if tokio::time::timeout(limits.stop_time_max, async { while tasks.join_next().await.is_some() {} }).await.is_err() {
        debug!(connections = tasks.len(), "connections are cut off: they outlasted the time for a stop");
    }
    tasks.shutdown().await;
    ages.abort();
    ends.abort();
}

/// The next connection. `None` when the system had nothing for us after all.
async fn accept(socket: &TcpListener, incidents: &CountedIncidents) -> Option<(TcpStream, SocketAddr)> {
    match socket.accept().await {
        Ok((stream, address)) => {
            // Answers are written whole; waiting to fill a packet only delays them.
            let _ = stream.set_nodelay(true);
            Some((stream, address))
        }
        Err(error) => {
            // Out of file handles, or the client left at once: never a reason to stop, but none to spin either.
            if error.kind() != std::io::ErrorKind::ConnectionAborted {
                incidents.no_handles.happened(std::net::Ipv4Addr::UNSPECIFIED.into(), &error);
            }
            tokio::time::sleep(bounds::ACCEPT_PAUSE).await;
            None
        }
    }
}

async fn look_at_ages(shared: Arc<Shared>, answer_window: Duration) {
    let mut clock = tokio::time::interval(bounds::AGES_LOOKED_AT_EVERY);
    clock.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        clock.tick().await;
        shared.connections.look_at_ages(answer_window, &shared.incidents.unread);
        shared.incidents.tell();
    }
}

/// Whose connection it is that a proxy has made. `None`: it is closed.
async fn proxied(
    shared: &Shared,
    speaker: &HttpServer,
    mut socket: TcpStream,
    proxy: SocketAddr,
) -> Option<(TcpStream, SocketAddr)> {
    let read = tokio::select! {
        read = proxied::source(&mut socket, proxy, shared.handshake_timeout) => read,
        () = speaker.stopping() => return None,
    };
    match read {
        Ok(address) => Some((socket, address)),
        Err(Unproxied::Header(error)) => {
            shared.incidents.proxy_header.happened(proxy.ip(), error);
            None
        }
        // A health check by the proxy, mostly.
        Err(Unproxied::Unfinished) => {
            debug!(%proxy, "a proxy's connection ended before its header");
            None
        }
    }
}

/// Does the handshake, then speaks HTTP. After a failed handshake the client gets an alert that it can read.
async fn secure(
    shared: Arc<Shared>,
    speaker: HttpServer,
    socket: TcpStream,
    address: SocketAddr,
    acceptor: TlsAcceptor,
    mut place: HandshakePlace,
) {
    let under_way = UnderWay::begin(&shared.handshakes_under_way);
    let has_spoken = place.has_spoken();
    let begun = async {
        // An error or the end comes again when it is read.
        let _ = socket.readable().await;
        has_spoken();
        acceptor.accept(socket).into_fallible().await
    };
    let handshake = tokio::time::timeout(shared.handshake_timeout, begun);
    let outcome = tokio::select! {
        outcome = handshake => outcome,
        () = place.cancelled() => return,
        () = speaker.stopping() => return,
    };
    let stream = match outcome {
        Ok(Ok(stream)) => stream,
        Ok(Err((error, socket))) => {
            // A client that connects and leaves, such as a check by a load balancer, is no failure.
            if error.kind() == std::io::ErrorKind::InvalidData {
                shared.incidents.failed.happened(address.ip(), &error);
            } else {
                debug!(%address, %error, "a handshake broke off");
            }
            tokio::select! {
                () = close_readably(socket) => {}
                () = place.cancelled() => {}
            }
            return;
        }
        Err(_) => {
            shared.incidents.unfinished.happened(address.ip(), "it took too long");
            return;
        }
    };
    drop((place, under_way));
    let certificate = certificate_of(&stream);
    if let Some(place) = shared.admit(address, certificate) {
        place.connection().keep_certificates(chain_of(&stream));
        speaker.serve(Transport::Secure(Box::new(stream)), &place).await;
    }
}

fn certificate_of(stream: &TlsStream<TcpStream>) -> Option<[u8; 32]> {
    chain_of(stream).first().map(|der| pki::fingerprint(der))
}

fn chain_of(stream: &TlsStream<TcpStream>) -> &[CertificateDer<'static>] {
    let (_, session) = stream.get_ref();
    session.peer_certificates().unwrap_or_default()
}

/// Closes a connection so that the last written bytes reach the client. The system discards them when bytes of the
/// client are unread, and under TLS 1.3 a client sends its first request before it can know of an alert.
async fn close_readably(mut socket: TcpStream) {
    let drained = async {
        socket.shutdown().await?;
        let mut buffer = [0; 4096];
        let mut left = bounds::ALERT_DISCARD_BYTES_MAX;
        while left > 0 {
            match socket.read(&mut buffer).await? {
                0 => break,
                read => left = left.saturating_sub(read),
            }
        }
        Ok::<_, std::io::Error>(())
    };
    // An error means that the client is gone.
    let _ = tokio::time::timeout(bounds::ALERT_TIME_MAX, drained).await;
}

impl CountedIncidents {
    fn new(telemetry: &Telemetry) -> CountedIncidents {
        let incidents = |line, label| Incidents::new(line, telemetry.counter(&metrics::CONNECTION_INCIDENTS, [label]));
        CountedIncidents {
            crowded_out: incidents("half-open connections are closed to let others in", "crowded_out"),
            unfinished: incidents("a TLS handshake was not finished", "handshake_unfinished"),
            failed: incidents("a TLS handshake failed", "handshake_failed"),
            no_place: incidents("a connection was closed: no place is left", "no_place"),
            unread: incidents("a connection was cut off", "unread"),
            no_handles: incidents("a connection could not be accepted", "not_accepted"),
            proxy_header: incidents("a proxy's connection was closed: its PROXY header is not taken", "proxy_header"),
        }
    }

    fn tell(&self) {
        let CountedIncidents { crowded_out, unfinished, failed, no_place, unread, no_handles, proxy_header } = self;
        for incidents in [crowded_out, unfinished, failed, no_place, unread, no_handles, proxy_header] {
            incidents.tell();
        }
    }
}
