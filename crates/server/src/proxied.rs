//! Connections by way of a TCP proxy: whose they are, by the header that the proxy sends first ([`crate::proxy_header`]).

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::proxy_header::{FIXED_BYTES, Fixed, ProxyHeaderError};

/// The proxies of a listener, and how many of their connections may still lack their header.
#[derive(Clone, Debug)]
pub(crate) struct Proxies {
    networks: Arc<[IpNet]>,
    unknown: Arc<Semaphore>,
}

/// Why a proxy's connection is closed.
#[derive(Debug)]
pub(crate) enum Unproxied {
    /// Its header is not taken.
    Header(ProxyHeaderError),
    /// It ended, or took too long.
    Unfinished,
}

impl Proxies {
    pub(crate) fn new(networks: &[IpNet], unknown_max: usize) -> Proxies {
        Proxies { networks: networks.into(), unknown: Arc::new(Semaphore::new(unknown_max)) }
    }

    pub(crate) fn none() -> Proxies {
        Proxies::new(&[], 0)
    }

    /// Whether an address is a proxy's.
    pub(crate) fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// A place to wait for a header; `None` when too many wait.
    pub(crate) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.unknown).try_acquire_owned().ok()
    }
}

/// Reads the header of a proxy's connection; returns whose connection it is, the proxy's own included.
pub(crate) async fn source(
    socket: &mut TcpStream,
    proxy: SocketAddr,
    within: Duration,
) -> Result<SocketAddr, Unproxied> {
    let reading = async {
        let mut fixed = [0; FIXED_BYTES];
        socket.read_exact(&mut fixed).await.map_err(|_| Unproxied::Unfinished)?;
        let header = Fixed::parse(&fixed).map_err(Unproxied::Header)?;
        // Its bound is the parser's.
        let mut rest = vec![0; header.length];
        socket.read_exact(&mut rest).await.map_err(|_| Unproxied::Unfinished)?;
        header.source(&rest).map_err(Unproxied::Header)
    };
    let read = tokio::time::timeout(within, reading).await.unwrap_or(Err(Unproxied::Unfinished))?;
    Ok(read.unwrap_or(proxy))
}
