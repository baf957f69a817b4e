//! The server as a value: bound to its addresses, then run until the stop.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use arc_swap::ArcSwap;
use exchange::Exchange;
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::accept::{self, Listener};
use crate::connections::Bounds;
use crate::proxied::Proxies;
use crate::quota_settings::QuotaSettings;
use crate::service::{Published, Service};
use crate::tls::Configurations;
use crate::{Libraries, ServerError, ServerSettings, TlsMaterial, routes, tls};

/// A server that is bound to its addresses and not yet running.
pub struct Server {
    secure: TcpListener,
    plain: Option<TcpListener>,
    enrollment: Option<TcpListener>,
    metrics: Option<TcpListener>,
    tls: Arc<ArcSwap<ServerConfig>>,
    tls_of_enrollment: Arc<ArcSwap<ServerConfig>>,
    service: Arc<Service>,
    addresses: Addresses,
    proxies: Proxies,
}

/// Where a server listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// For clients, with mutual TLS.
    pub secure: SocketAddr,
    /// Without TLS, if there is such a listener.
    pub plain: Option<SocketAddr>,
    /// For enrolment, with TLS and without client certificate, if there is such a listener.
    pub enrollment: Option<SocketAddr>,
    /// For metrics, if there is such a listener.
    pub metrics: Option<SocketAddr>,
}

/// Exchanges certificates and quotas of a running server.
#[derive(Clone)]
pub struct Reload {
    tls: Arc<ArcSwap<ServerConfig>>,
    tls_of_enrollment: Arc<ArcSwap<ServerConfig>>,
    service: Arc<Service>,
}

impl Server {
    /// Binds the listeners. Clients can connect from now on, and are served when [`Server::run`] is called.
    ///
    /// # Errors
    /// When an address cannot be had, or certificates and key cannot be used.
    pub async fn bind(settings: ServerSettings, exchange: Exchange) -> Result<Server, ServerError> {
        let tls = Configurations::of(&settings.tls)?;
        exchange.prove_health().await;
        let (secure, secure_address) = listen(settings.address).await?;
        let (plain, plain_address) = listen_if_asked(settings.plain_address).await?;
        let (enrollment, enrollment_address) = listen_if_asked(settings.enrollment_address).await?;
        let (metrics, metrics_address) = listen_if_asked(settings.metrics_address).await?;
        let documentation_base = plain_address.map(|address| match settings.plain_host {
            Some(host) => format!("http://{host}:{}", address.port()),
            None => format!("http://{address}"),
        });
        // As many as may do a handshake.
        let proxies = Proxies::new(&settings.proxies, settings.limits.handshakes_max);
        let authority_pem = settings.authority_pem.as_deref().map(tls::certificates_only);
        let service = Service::new(
            exchange,
            settings.limits,
            settings.quotas,
            settings.answer_folder,
            Published { authority_pem, documentation_base, support: settings.support, libraries: settings.libraries },
        );
        Ok(Server {
            secure,
            plain,
            enrollment,
            metrics,
            tls: Arc::new(ArcSwap::new(tls.of_clients)),
            tls_of_enrollment: Arc::new(ArcSwap::new(tls.of_enrollment)),
            service: Arc::new(service),
            addresses: Addresses {
                secure: secure_address,
                plain: plain_address,
                enrollment: enrollment_address,
                metrics: metrics_address,
            },
            proxies,
        })
    }

    /// Where the server listens; with the ports that the system chose.
    #[must_use]
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// By which certificates and quotas are exchanged while the server runs.
    #[must_use]
    pub fn reload(&self) -> Reload {
        Reload {
            tls: Arc::clone(&self.tls),
            tls_of_enrollment: Arc::clone(&self.tls_of_enrollment),
            service: Arc::clone(&self.service),
        }
    }

    /// Serves until `stop` becomes true (or its sender is gone). Then it accepts nothing more, finishes what it
    /// accepted for at most [`crate::Limits::stop_time_max`], and returns.
    ///
    /// The future has no type of its own, so that all that serves is compiled with this crate and not with the program.
    pub fn run(self, stop: watch::Receiver<bool>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(self.serve(stop))
    }

    async fn serve(self, stop: watch::Receiver<bool>) {
        let exchange = self.service.exchange().clone();
        let health = exchange.watch_health(stop.clone());
        let rights = exchange.watch_rights(stop.clone());
        let limits = self.service.limits();
        let listener = Listener {
            name: "clients",
            socket: self.secure,
            tls: Some(self.tls),
            routes: routes::secure(Arc::clone(&self.service)),
            bounds: Bounds::of_clients(limits),
            proxies: self.proxies.clone(),
        };
        let secure = accept::serve(listener, &self.service, stop.clone());
        let service = &self.service;
        let open = |name, socket: Option<TcpListener>, tls, routes, bounds, proxies| {
            let stop = stop.clone();
            async move {
                if let Some(socket) = socket {
                    accept::serve(Listener { name, socket, tls, routes, bounds, proxies }, service, stop).await;
                }
            }
        };
        let plain = open(
            "plain",
            self.plain,
            None,
            routes::plain(Arc::clone(&self.service)),
            Bounds::plain(limits),
            Proxies::none(),
        );
        let of_enrollment = routes::for_enrollment(Arc::clone(&self.service));
        let (tls, bounds) = (Some(self.tls_of_enrollment), Bounds::of_enrollment(limits));
        let enrollment = open("enrollment", self.enrollment, tls, of_enrollment, bounds, self.proxies);
        let metrics = open(
            "metrics",
            self.metrics,
            None,
            routes::metrics(Arc::clone(&self.service)),
            Bounds::of_metrics(),
            Proxies::none(),
        );
        let served = async { tokio::join!(secure, plain, enrollment, metrics, health, rights) };
        tokio::select! {
            _ = served => {}
            () = self.service.measures().watch_the_event_loop() => {}
        }
        self.service.finish_work().await;
    }
}

impl Reload {
    /// Takes up new certificates. Connections made from now on use them; open ones stay as they are.
    ///
    /// # Errors
    /// When certificates and key cannot be used; the old ones stay in use.
    pub fn certificates(&self, material: &TlsMaterial) -> Result<(), ServerError> {
        let Configurations { of_clients, of_enrollment } = Configurations::of(material)?;
        self.tls.store(of_clients);
        self.tls_of_enrollment.store(of_enrollment);
        Ok(())
    }

    /// The certificates of a text are served at `/ca.pem` from now on, if something is served there at all.
    pub fn authority(&self, authority_pem: &str) {
        self.service.set_authority_pem(tls::certificates_only(authority_pem));
    }

    /// These client libraries are given out from now on.
    pub fn libraries(&self, libraries: Libraries) {
        self.service.set_libraries(libraries);
    }

    /// These quotas hold from now on. What online users and addresses have used stays used.
    pub fn quotas(&self, quotas: QuotaSettings) {
        self.service.quotas().reload(quotas);
    }
}

async fn listen_if_asked(
    address: Option<SocketAddr>,
) -> Result<(Option<TcpListener>, Option<SocketAddr>), ServerError> {
    match address {
        Some(address) => listen(address).await.map(|(listener, address)| (Some(listener), Some(address))),
        None => Ok((None, None)),
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServerError> {
    let fails = |source| ServerError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(fails)?;
    let bound = listener.local_addr().map_err(fails)?;
    Ok((listener, bound))
}
