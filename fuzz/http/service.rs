//! An exchange on SQLite in a temporary folder, and its callers.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use exchange::{
    AcceptancePolicy, AccessMode, AccountKind, Exchange, Fingerprint, NewAccount, NewCertificate, NewClient,
    NewOnlineUser, Settings, Store, SystemClock,
};
use jiff::Timestamp;
use jiff::civil::{date, time};
use ledger::Limits;
use money::Currency;
use server::{ClientStreams, StreamPeer};
use store::SqliteOptions;
use tempfile::TempDir;
use tokio::io::DuplexStream;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The account that the client pays from, as the seeds have it.
const OURS: &str = "LV07TREL5180453053000";
/// Another client's account.
const THEIRS: &str = "LV33TREL1060000300000";
/// A client that keeps the service waiting is sent away after so long.
const PATIENCE: Duration = Duration::from_millis(200);

/// Who sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sender {
    /// An online user who may pay.
    Manages,
    /// An online user who may only view.
    Views,
    /// A caller without certificate.
    Anonymous,
    /// A caller with an unregistered certificate.
    Unknown,
}

impl Sender {
    pub(super) const ALL: [Sender; 4] = [Sender::Manages, Sender::Views, Sender::Anonymous, Sender::Unknown];

    fn certificate(self) -> Option<[u8; 32]> {
        (self != Sender::Anonymous).then_some([self as u8; 32])
    }
}

/// A served exchange.
pub struct Service {
    runtime: Runtime,
    streams: Arc<ClientStreams>,
    _folder: TempDir,
}

impl Service {
    /// Makes one.
    pub fn new() -> Service {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), SqliteOptions::default()).expect("a store");
        let settings = Settings { business_time: Some(time(10, 0, 0, 0)), ..Settings::default() };
        let exchange = Exchange::new(store, settings, Arc::new(SystemClock));
        runtime.block_on(register(&exchange));
        runtime.block_on(exchange.prove_health());
        let limits = server::Limits {
            head_timeout: PATIENCE,
            body_idle_timeout: PATIENCE,
            wait_default: PATIENCE,
            wait_max: PATIENCE,
            ..server::Limits::default()
        };
        let streams = Arc::new(ClientStreams::new(exchange, limits, folder.path().to_owned()));
        Service { runtime, streams, _folder: folder }
    }

    pub(super) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Serves a stream until it ends.
    pub(super) fn serve(
        &self,
        stream: DuplexStream,
        sender: Sender,
        is_http2: bool,
        stop: watch::Receiver<bool>,
    ) -> JoinHandle<bool> {
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let peer = StreamPeer { address, certificate: sender.certificate(), is_http2 };
        let streams = Arc::clone(&self.streams);
        self.runtime.spawn(async move { streams.serve(stream, peer, stop).await })
    }
}

async fn register(exchange: &Exchange) {
    let operator = exchange.operator();
    operator.prepare(date(2026, 11, 23)).await.expect("a business day");
    let mut clients = Vec::new();
    for (iban, opening) in [(OURS, 1_000_000_000_000), (THEIRS, 0)] {
        let client = NewClient {
            name: "Novada pašvaldība".to_owned(),
            registration_number: "90000000000".to_owned(),
            acceptance: AcceptancePolicy::Partial,
            preferences: Default::default(),
        };
        let client = operator.insert_client(client).await.expect("a client");
        let account = NewAccount {
            client,
            iban: iban.to_owned(),
            owner_name: "Novada pašvaldība".to_owned(),
            kind: AccountKind::BudgetExpenditure,
            currency: Currency::EUR,
            opening,
            limits: Limits::default(),
        };
        operator.insert_account(account).await.expect("an account");
        clients.push(client);
    }
    for (sender, mode) in [(Sender::Manages, AccessMode::Manage), (Sender::Views, AccessMode::View)] {
        let user = NewOnlineUser {
            client: clients[0],
            name: format!("{mode:?}"),
            mode,
            registration_valid_until: date(2099, 12, 31),
            allowed_networks: vec!["127.0.0.0/8".parse().expect("a network")],
            accounts: exchange::Grants::All,
            signature_required: false,
        };
        let user = operator.insert_online_user(user).await.expect("an online user");
        let now = Timestamp::now();
        let certificate = NewCertificate {
            fingerprint: Fingerprint([sender as u8; 32]),
            user,
            serial: format!("{}", sender as u8),
            not_before: now - Duration::from_secs(3600),
            not_after: now + Duration::from_secs(30 * 24 * 3600),
        };
        operator.insert_certificate(certificate).await.expect("a certificate");
    }
}
