//! A whole exchange on SQLite behind a real server on loopback, with an authority and three online users.
pub mod description;
pub mod h2;
pub mod libraries;
pub mod messages;
pub mod office;
pub mod raw;
pub mod signing;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use exchange::{
    Exchange, Issuing, MessageId, NewAccount, NewCertificate, NewClient, NewOnlineUser, Settings, SystemClock,
};
use jiff::Timestamp;
use jiff::civil::{date, time};
use ledger::Limits;
use money::Currency;
use pki::{CertificateAuthority, Issued, Subject, Validity, certificate_der};
use protocol::Problem;
use reqwest::StatusCode;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use server::{Addresses, Reload, Server, ServerSettings, TlsMaterial};
use store::{AcceptancePolicy, AccessMode, AccountKind, Fingerprint, OnlineUserId, SqliteOptions, Store, StoreError};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The pause between two looks at something that another thread or process does. A look without a pause takes the
/// processor from whom it waits for, and each look over a new connection leaves a port that cannot be used for a minute.
pub const BETWEEN_LOOKS: std::time::Duration = std::time::Duration::from_millis(5);

/// The account that the first client pays from.
pub const OURS: &str = "LV07TREL5180453053000";
/// The second client's account.
pub const THEIRS: &str = "LV33TREL1060000300000";

pub struct World {
    pub folder: TempDir,
    pub store: Store,
    pub exchange: Exchange,
    pub authority: Arc<CertificateAuthority>,
    pub addresses: Addresses,
    pub reload: Reload,
    /// May pay.
    pub manage: Issued,
    /// May only look.
    pub view: Issued,
    /// Registered, but for another network.
    pub elsewhere: Issued,
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl World {
    pub async fn start() -> World {
        World::with(|_| ()).await
    }

    /// A world whose server's settings are changed a little.
    pub async fn with(change: impl FnOnce(&mut ServerSettings)) -> World {
        World::of(Settings::default(), change).await
    }

    /// The same, of an exchange with other settings too.
    pub async fn of(settings: Settings, change: impl FnOnce(&mut ServerSettings)) -> World {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), SqliteOptions::default()).unwrap();
        let now = Timestamp::now();
        let authority =
            CertificateAuthority::create(&Subject::new("Test authority"), Validity::of_days(now, 400)).unwrap();
        let authority = Arc::new(authority);
        let issuing = Issuing {
            authority: Arc::clone(&authority),
            next: None,
            published_days: 90,
            certificate_days: 7,
            revocation_list_valid: Duration::from_secs(24 * 3600),
        };
        let settings = Settings { business_time: Some(time(10, 0, 0, 0)), issuing: Some(issuing), ..settings };
        let exchange = Exchange::new(store.clone(), settings, Arc::new(SystemClock));
        let [manage, view, elsewhere] = register(&exchange, &authority).await;

        let address = "127.0.0.1:0".parse().unwrap();
        let mut settings = ServerSettings::new(address, material(&authority));
        settings.plain_address = Some(address);
        settings.enrollment_address = Some(address);
        settings.metrics_address = Some(address);
        settings.authority_pem = Some(authority.certificate_pem().to_owned());
        change(&mut settings);
        let server = Server::bind(settings, exchange.clone()).await.unwrap();
        let addresses = server.addresses();
        let reload = server.reload();
        let (stop, stopped) = watch::channel(false);
        let work = exchange.clone();
        let running = tokio::spawn(async move {
            tokio::join!(server.run(stopped.clone()), work.work(stopped));
        });
        World { folder, store, exchange, authority, addresses, reload, manage, view, elsewhere, stop, running }
    }

    /// Tells server and background work to stop.
    pub fn tell_to_stop(&self) {
        self.stop.send(true).unwrap();
    }

    /// Waits until the server has stopped.
    pub async fn stopped(&mut self) {
        (&mut self.running).await.unwrap();
    }

    pub fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.addresses.secure.port())
    }

    pub fn plain_url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addresses.plain.unwrap())
    }

    pub fn enrollment_url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.addresses.enrollment.unwrap().port())
    }

    /// The revocation list, as soon as the background work has signed one.
    pub async fn revocation_list(&self) -> Vec<u8> {
        self.exchange.work_now().await.unwrap();
        self.exchange.revocation_list().unwrap().der.clone()
    }

    /// What Prometheus would read now.
    pub async fn metrics(&self) -> String {
        let url = format!("http://{}/metrics", self.addresses.metrics.unwrap());
        get(&self.anonymous(), url).await.text
    }

    /// A client with this certificate; connections are kept open.
    pub fn client(&self, identity: &Issued) -> reqwest::Client {
        self.client_builder(Some(identity)).build().unwrap()
    }

    pub fn anonymous(&self) -> reqwest::Client {
        self.client_builder(None).build().unwrap()
    }

    pub fn client_builder(&self, identity: Option<&Issued>) -> reqwest::ClientBuilder {
        reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls(identity, &["h2", "http/1.1"]))
            .no_proxy()
            .timeout(Duration::from_secs(300))
    }

    /// TLS that trusts the world's authority.
    pub fn tls(&self, identity: Option<&Issued>, protocols: &[&str]) -> rustls::ClientConfig {
        self.tls_of(rustls::DEFAULT_VERSIONS, identity, protocols)
    }

    pub fn tls_of(
        &self,
        versions: &[&'static rustls::SupportedProtocolVersion],
        identity: Option<&Issued>,
        protocols: &[&str],
    ) -> rustls::ClientConfig {
        tls_trusting(&[&self.authority], versions, identity, protocols)
    }

    /// Asserts that nothing that was sent has left anything behind: no submission, no file.
    pub fn assert_nothing_stored(&self, because: &str) {
        for id in 1..=3 {
            let submission = self.store.read_blocking(|reading| reading.submission(MessageId(id)));
            let submission: Result<_, StoreError> = submission;
            assert!(submission.unwrap().is_none(), "{because}: submission {id} is stored");
        }
        // A thread removes the file of a discarded body, maybe after the answer. The watchdog ends a test that hangs;
        // it measures nothing.
        let watchdog = Instant::now() + Duration::from_secs(300);
        while self.body_files() > 0 {
            assert!(Instant::now() < watchdog, "{because}: a body file is left");
            std::thread::sleep(BETWEEN_LOOKS);
        }
    }

    pub fn body_files(&self) -> usize {
        count_files(&self.folder.path().join("bodies"))
    }
}

/// TLS that trusts these authorities.
pub fn tls_trusting(
    authorities: &[&CertificateAuthority],
    versions: &[&'static rustls::SupportedProtocolVersion],
    identity: Option<&Issued>,
    protocols: &[&str],
) -> rustls::ClientConfig {
    let mut roots = rustls::RootCertStore::empty();
    for authority in authorities {
        roots.add(authority.certificate_der().to_vec().into()).unwrap();
    }
    let builder = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots);
    let mut tls = match identity {
        None => builder.with_no_client_auth(),
        Some(issued) => {
            let chain = CertificateDer::pem_slice_iter(issued.certificate_pem.as_bytes());
            let key = issued.private_key_pem.as_ref().unwrap();
            builder
                .with_client_auth_cert(
                    chain.map(|certificate| certificate.unwrap()).collect(),
                    PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
                )
                .unwrap()
        }
    };
    tls.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    tls
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}

/// Without the file that names the database.
fn count_files(folder: &Path) -> usize {
    let is_body = |entry: &std::fs::DirEntry| entry.file_name() != "tdam.id";
    std::fs::read_dir(folder).map_or(0, |files| files.flatten().filter(is_body).count())
}

pub fn material(authority: &CertificateAuthority) -> TlsMaterial {
    let server = authority.issue_server(&["localhost", "127.0.0.1"], Validity::of_days(Timestamp::now(), 7)).unwrap();
    TlsMaterial {
        certificate_chain_pem: server.chain_pem,
        private_key_pem: server.private_key_pem.unwrap(),
        client_authorities_pem: authority.certificate_pem().to_owned(),
    }
}

async fn register(exchange: &Exchange, authority: &CertificateAuthority) -> [Issued; 3] {
    let operator = exchange.operator();
    operator.prepare(date(2026, 11, 23)).await.unwrap();
    let client = |name: &str| NewClient {
        name: name.to_owned(),
        registration_number: "90000000000".to_owned(),
        acceptance: AcceptancePolicy::Partial,
        preferences: Default::default(),
    };
    let ours = operator.insert_client(client("Daugavas novada pašvaldība")).await.unwrap();
    let theirs = operator.insert_client(client("Ventas novada pašvaldība")).await.unwrap();
    for (client, iban, opening) in [(ours, OURS, 1_000_000), (theirs, THEIRS, 0)] {
        let account = NewAccount {
            client,
            iban: iban.to_owned(),
            owner_name: "Novada pašvaldība".to_owned(),
            kind: AccountKind::BudgetExpenditure,
            currency: Currency::EUR,
            opening,
            limits: Limits::default(),
        };
        operator.insert_account(account).await.unwrap();
    }
    let user = |name: &str, mode, network: &str| NewOnlineUser {
        client: ours,
        name: name.to_owned(),
        mode,
        registration_valid_until: date(2099, 12, 31),
        allowed_networks: vec![network.parse().unwrap()],
        accounts: exchange::Grants::All,
        signature_required: false,
    };
    let mut issued = Vec::new();
    for user in [
        user("Grāmatvedība", AccessMode::Manage, "127.0.0.0/8"),
        user("Pārskati", AccessMode::View, "127.0.0.0/8"),
        user("Citur", AccessMode::Manage, "192.0.2.0/24"),
    ] {
        let name = user.name.clone();
        let id = operator.insert_online_user(user).await.unwrap();
        issued.push(certify(exchange, authority, &name, id).await);
    }
    issued.try_into().unwrap()
}

/// A registered certificate of an online user.
pub async fn certify(exchange: &Exchange, authority: &CertificateAuthority, name: &str, user: OnlineUserId) -> Issued {
    let issued = authority.issue_client(&Subject::new(name), Validity::of_days(Timestamp::now(), 7)).unwrap();
    register_certificate(exchange, &issued, user).await;
    issued
}

/// Lets a certificate in.
pub async fn register_certificate(exchange: &Exchange, issued: &Issued, user: OnlineUserId) {
    let certificate = NewCertificate {
        fingerprint: Fingerprint(issued.info.fingerprint),
        user,
        serial: issued.info.serial.clone(),
        not_before: issued.info.not_before,
        not_after: issued.info.not_after,
    };
    exchange.operator().insert_certificate(certificate).await.unwrap();
}

/// An answer read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn of(response: reqwest::Response) -> Answer {
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, text: response.text().await.unwrap() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The problem, which must be of this status and code.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Problem {
        let problem: Problem = serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no problem: {self:?}"));
        assert_eq!((self.status.as_u16(), problem.code.as_str()), (status, code), "{self:?}");
        assert_eq!(problem.status, status);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self.header("x-request-id"), Some(problem.request_id.as_str()));
        problem
    }
}

pub async fn post(client: &reqwest::Client, url: String, body: impl Into<reqwest::Body>) -> Answer {
    let request = client.post(url).header("content-type", "application/xml").body(body);
    Answer::of(request.send().await.unwrap()).await
}

pub async fn get(client: &reqwest::Client, url: String) -> Answer {
    Answer::of(client.get(url).send().await.unwrap()).await
}

pub fn fingerprint(issued: &Issued) -> Fingerprint {
    Fingerprint(pki::fingerprint(&certificate_der(&issued.certificate_pem).unwrap()))
}

/// A certificate request with a new key (PEM).
pub fn certificate_request() -> String {
    let key = rcgen::KeyPair::generate().unwrap();
    rcgen::CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap()
}
