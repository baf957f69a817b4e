//! A stub between testee and exchange that ends TLS: it says what the exchange cannot be made to say, and passes on everything else.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use signatures::digest;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::attack::failed::Failed;
use crate::attack::wire::{self, Identity};

/// Longest request that the stub takes.
const REQUEST_BYTES_MAX: usize = 16 << 20;
/// Fields that belong to one connection, or that `wire` writes itself.
const NOT_PASSED_ON: [&str; 6] =
    ["host", "connection", "content-length", "expect", "transfer-encoding", "accept-encoding"];
/// Fields of an answer that are passed back.
const PASSED_BACK: [&str; 9] = [
    "content-type",
    "location",
    "retry-after",
    "link",
    "preference-applied",
    "x-message-type",
    "x-request-id",
    "x-answer-repeated",
    "x-exchange-warning",
];

/// What the stub does with a request.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reaction {
    /// Answers with this status; without one the request is passed on.
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// A problem document, or another JSON body.
    #[serde(default)]
    problem: Option<Value>,
    #[serde(default)]
    json: Option<Value>,
    #[serde(default)]
    text: Option<String>,
    /// Members that a JSON answer of the exchange gets besides.
    #[serde(default)]
    merge: Map<String, Value>,
    /// Members that are put into each object of a list: the name of the list's member, and the members.
    #[serde(default)]
    merge_each: BTreeMap<String, Map<String, Value>>,
    /// How many requests it is for [default: one].
    #[serde(default)]
    times: Option<u32>,
}

/// A listening stub; it ends with its case.
pub(super) struct Stub {
    pub(super) address: SocketAddr,
    script: Arc<Mutex<VecDeque<Reaction>>>,
    requests: Arc<Mutex<Vec<Value>>>,
    listening: tokio::task::JoinHandle<()>,
}

/// What every connection of a stub knows.
struct Shared {
    acceptor: TlsAcceptor,
    exchange: SocketAddr,
    identity: Identity,
    script: Arc<Mutex<VecDeque<Reaction>>>,
    requests: Arc<Mutex<Vec<Value>>>,
}

/// A request as it came.
struct Request {
    method: String,
    target: String,
    fields: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Stub {
    /// Listens with this certificate and key, and passes on as this identity.
    pub(super) async fn listen(
        certificate: &Path,
        key: &Path,
        exchange: SocketAddr,
        identity: Identity,
    ) -> Result<Stub, Failed> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&std::fs::read(certificate)?).collect::<Result<_, _>>()?;
        let key = PrivateKeyDer::from_pem_slice(&std::fs::read(key)?)?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut tls = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (script, requests) = (Arc::default(), Arc::default());
        let shared = Arc::new(Shared {
            acceptor: TlsAcceptor::from(Arc::new(tls)),
            exchange,
            identity,
            script: Arc::clone(&script),
            requests: Arc::clone(&requests),
        });
        let listening = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let shared = Arc::clone(&shared);
                tokio::spawn(async move {
                    // A client that does not accept the certificate goes away, and says so itself.
                    let Ok(stream) = shared.acceptor.accept(socket).await else { return };
                    let _ = shared.serve(stream).await;
                });
            }
        });
        Ok(Stub { address, script, requests, listening })
    }

    pub(super) fn plan(&self, script: Vec<Reaction>) {
        *self.script.lock().unwrap_or_else(PoisonError::into_inner) = script.into();
    }

    /// The requests so far, each with `method`, `path`, `headers` and the digest of its body.
    pub(super) fn requests(&self) -> Value {
        Value::Array(self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Shared {
    /// The requests of one connection.
    async fn serve<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> Result<(), Failed> {
        let mut stream = BufReader::new(stream);
        while let Some(request) = read(&mut stream).await? {
            self.note(&request);
            let reaction = self.next();
            let (status, fields, body) = match reaction.status {
                Some(status) => made(status, &reaction),
                None => self.passed_on(&request, &reaction).await?,
            };
            let mut head = format!("HTTP/1.1 {status} Stub\r\ncontent-length: {}\r\n", body.len());
            fields.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
            stream.write_all(format!("{head}\r\n").as_bytes()).await?;
            stream.write_all(&body).await?;
            stream.flush().await?;
        }
        Ok(stream.shutdown().await?)
    }

    fn note(&self, request: &Request) {
        let headers: Map<String, Value> =
            request.fields.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        let sha256: String = digest::sha256(&request.body).iter().map(|byte| format!("{byte:02x}")).collect();
        let noted = json!({
            "method": request.method, "path": request.target, "headers": headers, "sha256": sha256, "bytes": request.body.len(),
        });
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(noted);
    }

    fn next(&self) -> Reaction {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(first) = script.front_mut() else { return Reaction::default() };
        match &mut first.times {
            Some(times) if *times > 1 => {
                *times -= 1;
                first.clone()
            }
            _ => script.pop_front().unwrap_or_default(),
        }
    }

    async fn passed_on(&self, request: &Request, reaction: &Reaction) -> Result<Answer, Failed> {
        let fields: Vec<(&str, &str)> = request
            .fields
            .iter()
            .filter(|(name, _)| !NOT_PASSED_ON.contains(&name.as_str()))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let mut stream = self.identity.connect(self.exchange).await?;
        let reply = wire::call(&mut stream, &request.method, &request.target, &fields, &request.body).await?;
        let back = reply.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        let back = back.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        let mut fields: Vec<_> = back.filter(|(name, _)| PASSED_BACK.contains(&name.as_str())).collect();
        fields.extend(reaction.headers.clone());
        let mut body = reply.body;
        if let Ok(mut value @ Value::Object(_)) = serde_json::from_slice::<Value>(&body) {
            merge(&mut value, reaction);
            body = value.to_string().into_bytes();
        }
        Ok((reply.status, fields, body))
    }
}

type Answer = (u16, Vec<(String, String)>, Vec<u8>);

/// An answer of the stub itself.
fn made(status: u16, reaction: &Reaction) -> Answer {
    let (content_type, body) = match (&reaction.problem, &reaction.json, &reaction.text) {
        (Some(problem), ..) => ("application/problem+json", problem.to_string()),
        (None, Some(json), _) => ("application/json", json.to_string()),
        (None, None, text) => ("text/plain", text.clone().unwrap_or_default()),
    };
    let mut fields = vec![("content-type".to_owned(), content_type.to_owned())];
    fields.retain(|(name, _)| !reaction.headers.keys().any(|other| other.eq_ignore_ascii_case(name)));
    fields.extend(reaction.headers.clone());
    (status, fields, body.into_bytes())
}

fn merge(value: &mut Value, reaction: &Reaction) {
    let Some(members) = value.as_object_mut() else { return };
    members.extend(reaction.merge.clone());
    for (list, more) in &reaction.merge_each {
        let elements = members.get_mut(list).and_then(Value::as_array_mut);
        for element in elements.into_iter().flatten().filter_map(Value::as_object_mut) {
            element.extend(more.clone());
        }
    }
}

/// The next request; `None` when the client has ended.
async fn read<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>) -> Result<Option<Request>, Failed> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) if head.is_empty() => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        if head.len() > REQUEST_BYTES_MAX {
            return Err("the head of a request does not end".into());
        }
    }
    let head = String::from_utf8(head)?;
    let mut lines = head.lines();
    let mut first = lines.next().unwrap_or_default().split_whitespace();
    let (method, target) = (first.next().unwrap_or_default().to_owned(), first.next().unwrap_or_default().to_owned());
    let fields: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let field = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    if field("expect").is_some() {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        stream.flush().await?;
    }
    let mut body = Vec::new();
    if field("transfer-encoding").is_some() {
        read_chunks(stream, &mut body).await?;
    } else if let Some(length) = field("content-length").and_then(|length| length.parse::<usize>().ok()) {
        body.resize(length.min(REQUEST_BYTES_MAX), 0);
        stream.read_exact(&mut body).await?;
    }
    Ok(Some(Request { method, target, fields, body }))
}

async fn read_chunks<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    body: &mut Vec<u8>,
) -> Result<(), Failed> {
    loop {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            line.push(stream.read_u8().await?);
        }
        let size = usize::from_str_radix(String::from_utf8_lossy(&line).trim(), 16)?;
        if body.len() + size > REQUEST_BYTES_MAX {
            return Err("the request is too long for the stub".into());
        }
        let mut piece = vec![0; size + 2];
        stream.read_exact(&mut piece).await?;
        body.extend_from_slice(piece.get(..size).unwrap_or_default());
        if size == 0 {
            return Ok(());
        }
    }
}
