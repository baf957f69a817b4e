//! One open connection in the table: its holder, whether it is idle, and whether it must close.

use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use exchange::{Caller, SigningCertificate};
use rustls::pki_types::CertificateDer;
use tokio::sync::Notify;

use super::AddressBlock;
use super::process_time::{millis, now};
use super::progress::Progress;
use crate::bounds::CERTIFICATE_BYTES_KEPT_MAX;
use crate::head_watch::Heads;

/// An order to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum CloseOrder {
    /// Nothing.
    Stay = 0,
    /// Answer the current requests, then close.
    Close = 1,
    /// Close now.
    Cut = 2,
}

/// Who a connection is counted under when all places are taken.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Holder {
    Client(i64),
    Certificate([u8; 32]),
    Address(AddressBlock),
}

/// An open connection.
pub(crate) struct OpenConnection {
    pub(super) id: u64,
    pub(crate) address: IpAddr,
    pub(super) block: AddressBlock,
    pub(crate) certificate: Option<[u8; 32]>,
    pub(super) opened: Duration,
    /// 0 until a request has shown it.
    client: AtomicI64,
    requests: AtomicU32,
    last_active: AtomicU64,
    order: AtomicU8,
    told_at: AtomicU64,
    told: Notify,
    answers: Mutex<Vec<Arc<Progress>>>,
    /// Callers whose answers show accounts, while an answer is on its way.
    showing: Mutex<Vec<Weak<Caller>>>,
    /// The certificates that the client showed, its own first.
    chain: OnceLock<Vec<Vec<u8>>>,
    /// The certificate as it verifies signatures; `None` inside when its key signs nothing.
    signer: OnceLock<Option<Arc<SigningCertificate>>>,
}

/// A request of a connection, from its head to the last byte of its answer.
pub(crate) struct RequestGuard {
    connection: Arc<OpenConnection>,
    heads: Heads,
}

impl OpenConnection {
    pub(super) fn new(id: u64, address: IpAddr, certificate: Option<[u8; 32]>) -> OpenConnection {
        let opened = now();
        OpenConnection {
            id,
            address,
            block: AddressBlock::of(address),
            certificate,
            opened,
            client: AtomicI64::new(0),
            requests: AtomicU32::new(0),
            last_active: AtomicU64::new(millis(opened)),
            order: AtomicU8::new(CloseOrder::Stay as u8),
            told_at: AtomicU64::new(0),
            told: Notify::new(),
            answers: Mutex::default(),
            showing: Mutex::default(),
            chain: OnceLock::new(),
            signer: OnceLock::new(),
        }
    }

    /// A request begins.
    pub(crate) fn request(self: &Arc<Self>, heads: Heads) -> RequestGuard {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.touch();
        RequestGuard { connection: Arc::clone(self), heads }
    }

    /// Keeps the certificates that the client showed, its own first, as far as they are not too large together.
    pub(crate) fn keep_certificates(&self, chain: &[CertificateDer<'_>]) {
        let mut bytes = 0;
        let fits = |der: &&CertificateDer<'_>| {
            bytes += der.len();
            bytes <= CERTIFICATE_BYTES_KEPT_MAX
        };
        self.chain.get_or_init(|| chain.iter().take_while(fits).map(|der| der.to_vec()).collect());
    }

    /// The certificate as it verifies signatures, where it was kept and its key signs. Read once, with the first signature.
    pub(crate) fn signer(&self, known: impl FnOnce() -> Vec<Vec<u8>>) -> Option<Arc<SigningCertificate>> {
        let (own, shown) = self.chain.get()?.split_first()?;
        let read = || {
            let candidates: Vec<Vec<u8>> = shown.iter().cloned().chain(known()).collect();
            SigningCertificate::of(own, &candidates).ok().map(Arc::new)
        };
        self.signer.get_or_init(read).clone()
    }

    /// The answer to this caller shows accounts, and is on its way while the caller is held.
    pub(crate) fn show(&self, caller: &Arc<Caller>) {
        let mut showing = self.showing.lock().unwrap_or_else(PoisonError::into_inner);
        showing.retain(|other| other.strong_count() > 0);
        showing.push(Arc::downgrade(caller));
    }

    /// The callers whose answers show accounts now.
    pub(crate) fn shown(&self) -> Vec<Arc<Caller>> {
        self.showing.lock().unwrap_or_else(PoisonError::into_inner).iter().filter_map(Weak::upgrade).collect()
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.requests.load(Ordering::Relaxed) == 0
    }

    /// When the last request began or ended, since the process began to serve.
    pub(super) fn last_active(&self) -> Duration {
        Duration::from_millis(self.last_active.load(Ordering::Relaxed))
    }

    /// `false` when it was known already.
    pub(super) fn set_client(&self, client: i64) -> bool {
        self.client.swap(client, Ordering::Relaxed) != client
    }

    pub(super) fn client(&self) -> Option<i64> {
        Some(self.client.load(Ordering::Relaxed)).filter(|client| *client != 0)
    }

    pub(super) fn holder(&self) -> Holder {
        match (self.client(), self.certificate) {
            (Some(client), _) => Holder::Client(client),
            (None, Some(certificate)) => Holder::Certificate(certificate),
            (None, None) => Holder::Address(self.block),
        }
    }

    /// Gives the connection's task an order; a weaker order after a stronger one changes nothing.
    pub(crate) fn tell(&self, order: CloseOrder) {
        if self.order.fetch_max(order as u8, Ordering::Relaxed) < order as u8 {
            self.told_at.store(millis(now()), Ordering::Relaxed);
            self.told.notify_one();
        }
    }

    pub(crate) fn order(&self) -> CloseOrder {
        match self.order.load(Ordering::Relaxed) {
            0 => CloseOrder::Stay,
            1 => CloseOrder::Close,
            _ => CloseOrder::Cut,
        }
    }

    /// When the last order was given.
    pub(super) fn told_at(&self) -> Duration {
        Duration::from_millis(self.told_at.load(Ordering::Relaxed))
    }

    /// Waits for the next order.
    pub(crate) async fn told(&self) -> CloseOrder {
        self.told.notified().await;
        self.order()
    }

    /// The answers that are on their way.
    pub(super) fn answers(&self) -> MutexGuard<'_, Vec<Arc<Progress>>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn touch(&self) {
        self.last_active.store(millis(now()), Ordering::Relaxed);
    }
}

impl RequestGuard {
    pub(super) fn connection(&self) -> &OpenConnection {
        &self.connection
    }
}

impl Drop for RequestGuard {
    fn drop(&mut self) {
        self.heads.expect();
        self.connection.touch();
        self.connection.requests.fetch_sub(1, Ordering::Relaxed);
    }
}
