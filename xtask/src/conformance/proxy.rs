//! A line between testee and exchange that is cut and slowed down as a case says; it sees TCP only, and what TLS carries stays closed to it;
//! but it counts bytes, and the version of TLS that both sides agree on is not secret.
//!
//! Faults come by connection, in the order in which connections are made. So a case is the same in each run.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use super::hello::{self, Beginning};
use crate::attack::failed::Failed;

/// Bytes of one read.
const PIECE_BYTES: usize = 64 << 10;

/// What happens to one connection.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fault {
    /// It is closed as soon as it is made.
    #[serde(default)]
    pub(super) refuse: bool,
    /// Nothing is passed on, and nothing closed.
    #[serde(default)]
    pub(super) silence: bool,
    /// It is cut once so many bytes of the client have passed: in the request.
    #[serde(default)]
    pub(super) cut_request_after: Option<u64>,
    /// It is cut once so many bytes of the exchange have passed: in the answer.
    #[serde(default)]
    pub(super) cut_answer_after: Option<u64>,
    /// Once so many bytes of the client have passed, nothing of the exchange reaches the client any more; the case cuts the line when
    /// the exchange has executed the message (`suite: known`).
    #[serde(default)]
    pub(super) hold_answer_after: Option<u64>,
    /// Bytes that pass at a time, in both directions, with a pause after each.
    #[serde(default)]
    pub(super) trickle_bytes: Option<usize>,
    /// That pause.
    #[serde(default)]
    pub(super) pause_ms: u64,
    /// How many connections it happens to; 0: all from now on.
    #[serde(default)]
    pub(super) times: Option<u32>,
}

/// What passed.
#[derive(Debug, Default)]
pub(super) struct Passed {
    pub(super) connections: AtomicU64,
    /// Those that neither side has closed yet.
    pub(super) open: AtomicU64,
    pub(super) from_client: AtomicU64,
    pub(super) from_exchange: AtomicU64,
    /// Connections by the version of TLS that they agreed on.
    versions: Mutex<BTreeMap<String, u64>>,
}

impl Passed {
    pub(super) fn versions(&self) -> BTreeMap<String, u64> {
        self.versions.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts from nothing again; what is open stays open.
    pub(super) fn forget(&self) {
        for count in [&self.connections, &self.from_client, &self.from_exchange] {
            count.store(0, Ordering::Relaxed);
        }
        self.versions.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// A listening proxy; it ends with its case.
pub(super) struct Proxy {
    pub(super) address: SocketAddr,
    faults: Arc<Mutex<VecDeque<Fault>>>,
    pub(super) passed: Arc<Passed>,
    cuts: tokio::sync::broadcast::Sender<()>,
    listening: tokio::task::JoinHandle<()>,
}

impl Proxy {
    pub(super) async fn listen(exchange: SocketAddr) -> Result<Proxy, Failed> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let faults = Arc::new(Mutex::new(VecDeque::new()));
        let passed = Arc::new(Passed::default());
        let (cuts, _) = tokio::sync::broadcast::channel(1);
        let listening = tokio::spawn({
            let (faults, passed, cuts) = (Arc::clone(&faults), Arc::clone(&passed), cuts.clone());
            async move {
                while let Ok((client, _)) = listener.accept().await {
                    passed.connections.fetch_add(1, Ordering::Relaxed);
                    passed.open.fetch_add(1, Ordering::Relaxed);
                    let (fault, passed, mut cut) = (next(&faults), Arc::clone(&passed), cuts.subscribe());
                    tokio::spawn(async move {
                        tokio::select! {
                            _ = carry(client, exchange, &fault, &passed) => {}
                            _ = cut.recv() => {}
                        }
                        passed.open.fetch_sub(1, Ordering::Relaxed);
                    });
                }
            }
        });
        Ok(Proxy { address, faults, passed, cuts, listening })
    }

    /// What happens to the next connections; those that are open stay as they are.
    pub(super) fn plan(&self, faults: Vec<Fault>) {
        *self.faults.lock().unwrap_or_else(PoisonError::into_inner) = faults.into();
    }

    /// Cuts every connection.
    pub(super) fn cut(&self) {
        // Without connections there is nobody to hear of it.
        let _ = self.cuts.send(());
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.cut();
        self.listening.abort();
    }
}

fn next(faults: &Mutex<VecDeque<Fault>>) -> Fault {
    let mut faults = faults.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(first) = faults.front_mut() else { return Fault::default() };
    match &mut first.times {
        Some(0) => first.clone(),
        Some(times) if *times > 1 => {
            *times -= 1;
            first.clone()
        }
        _ => faults.pop_front().unwrap_or_default(),
    }
}

/// Which side bytes come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Client,
    Exchange,
}

async fn carry(client: TcpStream, exchange: SocketAddr, fault: &Fault, passed: &Passed) -> std::io::Result<()> {
    if fault.refuse {
        // A reset, as of a machine that does not know the connection.
        return client.set_zero_linger();
    }
    if fault.silence {
        std::future::pending::<()>().await;
    }
    let server = TcpStream::connect(exchange).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (client_reads, client_writes) = client.into_split();
    let (server_reads, server_writes) = server.into_split();
    let sent = AtomicU64::new(0);
    let up = pass(client_reads, server_writes, From::Client, fault, &sent, passed);
    let down = pass(server_reads, client_writes, From::Exchange, fault, &sent, passed);
    // A direction that fails ends both; one that ends well leaves the other.
    tokio::try_join!(up, down).map(drop)
}

/// Passes bytes of one side on. `sent` counts those of the client on this connection.
async fn pass(
    mut reads: OwnedReadHalf,
    mut writes: OwnedWriteHalf,
    from: From,
    fault: &Fault,
    sent: &AtomicU64,
    passed: &Passed,
) -> std::io::Result<()> {
    let mut piece = vec![0; fault.trickle_bytes.unwrap_or(PIECE_BYTES).clamp(1, PIECE_BYTES)];
    let mut count = 0;
    let (cut_after, all) = match from {
        From::Client => (fault.cut_request_after, &passed.from_client),
        From::Exchange => (fault.cut_answer_after, &passed.from_exchange),
    };
    // The exchange's first bytes, until they say which TLS it is.
    let mut beginning = (from == From::Exchange).then(Vec::new);
    loop {
        let mut read = reads.read(&mut piece).await?;
        if read == 0 {
            return writes.shutdown().await;
        }
        if let Some(after) = cut_after {
            read = read.min(usize::try_from(after.saturating_sub(count)).unwrap_or(usize::MAX));
        }
        count += read as u64;
        all.fetch_add(read as u64, Ordering::Relaxed);
        if let Some(bytes) = &mut beginning {
            bytes.extend_from_slice(piece.get(..read).unwrap_or_default());
            match hello::read(bytes) {
                Beginning::Unfinished => {}
                Beginning::Other => beginning = None,
                Beginning::Agreed(version) => {
                    *passed.versions.lock().unwrap_or_else(PoisonError::into_inner).entry(version).or_default() += 1;
                    beginning = None;
                }
            }
        }
        if from == From::Client {
            sent.fetch_add(read as u64, Ordering::Relaxed);
        }
        let held = fault.hold_answer_after.is_some_and(|after| sent.load(Ordering::Relaxed) >= after);
        if from == From::Client || !held {
            writes.write_all(piece.get(..read).unwrap_or_default()).await?;
        }
        if cut_after.is_some_and(|after| count >= after) {
            return Err(std::io::ErrorKind::ConnectionAborted.into());
        }
        if fault.pause_ms > 0 {
            tokio::time::sleep(Duration::from_millis(fault.pause_ms)).await;
        }
    }
}
