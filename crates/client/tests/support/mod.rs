//! An unreliable line: a TLS listener that takes requests and then does what a script says, one connection a step. It
//! represents the network and a restarting exchange, not the exchange's behaviour.

use std::sync::{Arc, Mutex};

use client::{Client, ClientBuilder};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What happens to one connection.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// It is closed before TLS.
    Refuse,
    /// The request is read and the connection closed without an answer.
    CloseWithoutAnswer,
    /// The request is read and this much of an answer written.
    Answer(String),
    /// The request is read and nothing ever comes.
    Silence,
}

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrived {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct Line {
    pub(crate) url: String,
    pub(crate) authority_pem: String,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl Line {
    /// Listens and follows the script; connections after its end are refused.
    pub(crate) async fn listen(script: Vec<Step>) -> Line {
        let mut parameters = CertificateParams::new(Vec::new()).unwrap();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())),
            )
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&arrived);
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        tokio::spawn(async move {
            for step in script {
                let (socket, _) = listener.accept().await.unwrap();
                if matches!(step, Step::Refuse) {
                    continue;
                }
                let Ok(mut stream) = acceptor.accept(socket).await else { continue };
                let request = read_request(&mut stream).await;
                seen.lock().unwrap().push(request);
                match step {
                    Step::Answer(answer) => {
                        let _ = stream.write_all(answer.as_bytes()).await;
                        let _ = stream.shutdown().await;
                    }
                    Step::Silence => {
                        tokio::spawn(async move {
                            std::future::pending::<()>().await;
                            drop(stream);
                        });
                    }
                    Step::CloseWithoutAnswer | Step::Refuse => {}
                }
            }
        });
        Line { url, authority_pem: authority.pem(), arrived }
    }

    /// A client of this line, without an identity of its own.
    pub(crate) fn client(&self) -> ClientBuilder {
        Client::builder().url(&self.url).certificate_authority_pem(self.authority_pem.clone())
    }

    /// What arrived so far.
    pub(crate) fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }
}

async fn read_request(stream: &mut (impl AsyncReadExt + Unpin)) -> Arrived {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return Arrived::default();
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap().to_lowercase();
    let length: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.trim().parse().unwrap());
    while bytes.len() < head_end + length {
        if stream.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            break;
        }
    }
    Arrived { head, body: bytes[head_end..].to_vec() }
}

/// A complete answer.
pub(crate) fn answer(status: &str, headers: &[(&str, &str)], body: &str) -> Step {
    let mut text = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    Step::Answer(format!("{text}\r\n{body}"))
}
