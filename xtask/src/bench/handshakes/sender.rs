//! Makes connections one after another, several at once, and asks nothing on them.

use std::fmt;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::client::Resumption;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, HandshakeKind, RootCertStore, SupportedProtocolVersion};
use tdam::installation::Folder;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::identity::{Identity, KeyKind};
use crate::attack::failed::Failed;

/// Sessions that one connection's line keeps for the next.
const SESSIONS: usize = 8;
/// Handshakes of each line before the measurement: the second one resumes.
const WARM_UP: u32 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    Tls13,
    Tls12,
}

/// A kind of handshake.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) version: Version,
    pub(super) key: KeyKind,
    pub(super) is_resumed: bool,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = if self.version == Version::Tls13 { "TLS 1.3" } else { "TLS 1.2" };
        match self.is_resumed {
            true => write!(f, "{version}, resumed"),
            false => write!(f, "{version}, {}", self.key),
        }
    }
}

/// Sends handshakes of one kind.
pub(super) struct Sender {
    configuration: ClientConfig,
    kind: Kind,
}

/// Lines of connections; each has its own sessions.
pub(super) struct Warm {
    lines: Vec<TlsConnector>,
    kind: Kind,
}

impl Sender {
    pub(super) fn new(folder: &Folder, identity: &Identity, kind: Kind) -> Result<Sender, Failed> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(&fs::read(folder.authority_certificate())?) {
            roots.add(certificate?)?;
        }
        let version: &'static SupportedProtocolVersion =
            if kind.version == Version::Tls13 { &rustls::version::TLS13 } else { &rustls::version::TLS12 };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut configuration = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])?
            .with_root_certificates(roots)
            .with_client_auth_cert(identity.chain.clone(), identity.key.clone_key())?;
        configuration.alpn_protocols = vec![b"http/1.1".to_vec()];
        configuration.resumption = Resumption::disabled();
        Ok(Sender { configuration, kind })
    }

    /// Lines that have connected before.
    pub(super) async fn warm(&self, to: SocketAddr, lines: usize) -> Result<Warm, Failed> {
        let line = || {
            let mut configuration = self.configuration.clone();
            if self.kind.is_resumed {
                configuration.resumption = Resumption::in_memory_sessions(SESSIONS);
            }
            TlsConnector::from(Arc::new(configuration))
        };
        let lines: Vec<TlsConnector> = (0..lines).map(|_| line()).collect();
        for line in &lines {
            for _ in 0..WARM_UP {
                connect(line, to).await?;
            }
        }
        Ok(Warm { lines, kind: self.kind })
    }
}

impl Warm {
    /// Connects until the time is over; how often, and how long it took.
    pub(super) async fn send(self, to: SocketAddr, time: Duration) -> Result<(u64, Duration), Failed> {
        let begun = Instant::now();
        let expected = if self.kind.is_resumed { HandshakeKind::Resumed } else { HandshakeKind::Full };
        let lines: Vec<_> = self
            .lines
            .into_iter()
            .map(|line| {
                tokio::spawn(async move {
                    let mut done = 0;
                    while begun.elapsed() < time {
                        let kind = connect(&line, to).await?;
                        if kind != Some(expected) {
                            return Err(io::Error::other(format!("a handshake was {kind:?} instead of {expected:?}")));
                        }
                        done += 1;
                    }
                    Ok(done)
                })
            })
            .collect();
        let mut done = 0_u64;
        for line in lines {
            done += line.await??;
        }
        Ok((done, begun.elapsed()))
    }
}

/// Connects, says that nothing will come, and reads until the server has ended too.
async fn connect(line: &TlsConnector, to: SocketAddr) -> io::Result<Option<HandshakeKind>> {
    let stream = TcpStream::connect(to).await?;
    stream.set_nodelay(true)?;
    let mut stream = line.connect(ServerName::from(to.ip()), stream).await?;
    stream.shutdown().await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(stream.get_ref().1.handshake_kind())
}
