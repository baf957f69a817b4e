//! TCP, TLS and HTTP/1.1 as an attacker speaks them: by hand, so that a request can stop in the middle, lie or be slow.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::failed::Failed;

/// Longest head of an answer.
const HEAD_BYTES_MAX: usize = 64 << 10;
/// Longest kept answer; the reader counts and discards the rest.
const BODY_BYTES_KEPT: usize = 1 << 20;
/// Bytes of one read.
const PIECE_BYTES: usize = 64 << 10;

/// Which protocol is negotiated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaks {
    Http1,
    Http2,
}

/// Who connects, and from where.
#[derive(Clone)]
pub(crate) struct Identity {
    config: Arc<ClientConfig>,
    from: Ipv4Addr,
}

impl Identity {
    /// An online user's certificate from its folder; `None` connects without one.
    pub(crate) fn new(
        authority: &Path,
        user: Option<&Path>,
        speaks: Speaks,
        from: Ipv4Addr,
    ) -> Result<Identity, Failed> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(&fs::read(authority)?) {
            roots.add(certificate?)?;
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
            .with_root_certificates(roots);
        let mut config = match user {
            Some(user) => {
                let pem = fs::read(user.join("certificate.pem"))?;
                let chain: Vec<_> = CertificateDer::pem_slice_iter(&pem).collect::<Result<_, _>>()?;
                let key = PrivateKeyDer::from_pem_slice(&fs::read(user.join("key.pem"))?)?;
                builder.with_client_auth_cert(chain, key)?
            }
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = match speaks {
            Speaks::Http1 => vec![b"http/1.1".to_vec()],
            Speaks::Http2 => vec![b"h2".to_vec()],
        };
        // A resumed session would hide the cost of a handshake.
        config.resumption = rustls::client::Resumption::disabled();
        Ok(Identity { config: Arc::new(config), from })
    }

    /// The same from another address of this machine.
    pub(crate) fn coming_from(&self, from: Ipv4Addr) -> Identity {
        Identity { config: Arc::clone(&self.config), from }
    }

    pub(crate) async fn connect(&self, to: SocketAddr) -> Result<TlsStream<TcpStream>, Failed> {
        let socket = connect(self.from, to, None).await?;
        self.secure(socket).await
    }

    pub(crate) async fn secure(&self, socket: TcpStream) -> Result<TlsStream<TcpStream>, Failed> {
        let name = ServerName::try_from("localhost")?;
        Ok(TlsConnector::from(Arc::clone(&self.config)).connect(name, socket).await?)
    }
}

/// A TCP connection from an address of this machine; with so much room for what it has not read.
pub(crate) async fn connect(from: Ipv4Addr, to: SocketAddr, room_bytes: Option<u32>) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    if let Some(bytes) = room_bytes {
        socket.set_recv_buffer_size(bytes)?;
    }
    socket.bind(SocketAddr::from((from, 0)))?;
    let stream = socket.connect(to).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// An answer; of a long body only the beginning is kept.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    pub(crate) body_bytes: u64,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The number of the problem in it.
    pub(crate) fn code(&self) -> Option<String> {
        let value: serde_json::Value = serde_json::from_slice(&self.body).ok()?;
        Some(value.get("code")?.as_str()?.to_owned())
    }

    /// Status, and the code of the problem if it is one.
    pub(crate) fn short(&self) -> String {
        match self.code() {
            Some(code) => format!("{} ({code})", self.status),
            None => self.status.to_string(),
        }
    }
}

fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

/// The host that requests by hand name.
pub(crate) const HOST: &str = "localhost";

/// The head of a request, complete but for its body.
pub(crate) fn head(method: &str, path: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: {HOST}\r\n");
    for (name, value) in fields {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.into_bytes()
}

/// Sends a request and reads its answer.
pub(crate) async fn call<S>(
    stream: &mut S,
    method: &str,
    path: &str,
    fields: &[(&str, &str)],
    body: &[u8],
) -> Result<Reply, Failed>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let length = body.len().to_string();
    let mut all = fields.to_vec();
    if !body.is_empty() {
        all.push(("content-length", &length));
    }
    let head = head(method, path, &all);
    let (mut reading, mut writing) = tokio::io::split(stream);
    let write = async {
        writing.write_all(&head).await?;
        writing.write_all(body).await?;
        writing.flush().await
    };
    let mut read = std::pin::pin!(read(&mut reading));
    // An early refusal comes before everything is written.
    tokio::select! {
        reply = &mut read => return reply,
        written = write => if let Err(error) = written {
            return tokio::time::timeout(Duration::from_secs(5), read).await.unwrap_or(Err(error.into()));
        },
    }
    read.await
}

/// Reads an answer.
pub(crate) async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> Result<Reply, Failed> {
    let mut seen = Vec::new();
    let end = loop {
        if let Some(end) = seen.windows(4).position(|some| some == b"\r\n\r\n") {
            break end;
        }
        if seen.len() > HEAD_BYTES_MAX {
            return Err("the head of the answer does not end".into());
        }
        let mut piece = [0; 4096];
        let count = stream.read(&mut piece).await?;
        if count == 0 {
            return Err("the connection ended before the answer".into());
        }
        seen.extend_from_slice(&piece[..count]);
    };
    let head = String::from_utf8_lossy(&seen[..end]).into_owned();
    let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok()).ok_or("no status")?;
    let rest = seen[end + 4..].to_vec();
    let mut reply = Reply { status, head, body: Vec::new(), body_bytes: 0 };
    if field(&reply.head, "transfer-encoding").is_some() {
        read_chunks(stream, rest, &mut reply).await?;
    } else if let Some(length) = field(&reply.head, "content-length").and_then(|length| length.parse::<u64>().ok()) {
        let mut left = length.saturating_sub(rest.len() as u64);
        keep(&mut reply, &rest);
        // Most answers end with the first bytes.
        let mut piece = vec![0; if left > 0 { PIECE_BYTES } else { 0 }];
        while left > 0 {
            let count = stream.read(&mut piece).await?;
            if count == 0 {
                return Err("the connection ended in the middle of the answer".into());
            }
            keep(&mut reply, &piece[..count]);
            left = left.saturating_sub(count as u64);
        }
    }
    Ok(reply)
}

fn keep(reply: &mut Reply, bytes: &[u8]) {
    reply.body_bytes += bytes.len() as u64;
    let room = BODY_BYTES_KEPT.saturating_sub(reply.body.len());
    reply.body.extend_from_slice(&bytes[..bytes.len().min(room)]);
}

async fn read_chunks<S: AsyncRead + Unpin>(stream: &mut S, rest: Vec<u8>, reply: &mut Reply) -> Result<(), Failed> {
    let mut stream = tokio::io::BufReader::new(io::Cursor::new(rest).chain(stream));
    loop {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            line.push(stream.read_u8().await?);
        }
        let size = usize::from_str_radix(String::from_utf8_lossy(&line).trim(), 16)?;
        let mut piece = vec![0; size.min(16 << 20) + 2];
        stream.read_exact(&mut piece).await?;
        keep(reply, &piece[..size]);
        if size == 0 {
            return Ok(());
        }
    }
}
