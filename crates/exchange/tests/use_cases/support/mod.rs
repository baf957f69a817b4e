//! A treasury for tests: two clients, their accounts and online users, and a clock that stands still.

pub mod messages;
pub mod settlement_files;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use exchange::settlement_port::SettlementSystem;
use exchange::{
    AcceptancePolicy, AccessMode, AccountKind, Caller, ClientId, Clock, Exchange, Failure, Fingerprint,
    IncomingPayment, Limits, Mode, NewAccount, NewCertificate, NewClient, NewOnlineUser, OnlineUserId, Presented,
    Received, Settings, Store, SubmitOptions, Submitted,
};
use iso20022::MessageType;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use money::Currency;
use rulebook::{Code, Iban};
use store::{PostgresOptions, SqliteOptions};

/// A Monday, and a business day of both Latvia and TARGET.
pub const TODAY: Date = date(2026, 11, 23);
/// 10:00 in Riga: before every cut-off.
pub const MORNING: &str = "2026-11-23T08:00:00Z";

/// Accounts of other banks.
pub const ESTONIAN: &str = "EE382200221020145685";
pub const GERMAN: &str = "DE89370400440532013000";

/// Long enough for every test's work; no test waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(300);

/// What the ministry's account opens with, in cents.
pub const OPENING: i64 = 1_000_000_00;

/// Its shown time, and the real elapsed time.
pub struct SetClock {
    shown: AtomicI64,
    passed: AtomicI64,
    /// It runs since then.
    running: Option<Instant>,
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.shown.load(Ordering::SeqCst)).unwrap() + self.by_itself()
    }

    fn monotonic(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.passed.load(Ordering::SeqCst)).unwrap()) + self.by_itself()
    }
}

impl SetClock {
    pub fn showing(now: Timestamp) -> Arc<SetClock> {
        Arc::new(SetClock { shown: AtomicI64::new(now.as_microsecond()), passed: AtomicI64::new(0), running: None })
    }

    /// A running clock.
    pub fn running(now: Timestamp) -> Arc<SetClock> {
        let (shown, passed) = (AtomicI64::new(now.as_microsecond()), AtomicI64::new(0));
        Arc::new(SetClock { shown, passed, running: Some(Instant::now()) })
    }

    fn by_itself(&self) -> Duration {
        self.running.map(|since| since.elapsed()).unwrap_or_default()
    }

    pub fn advance(&self, by: SignedDuration) {
        self.jump(by);
        self.passed.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }

    /// It shows something else from now on, and no time passes.
    pub fn jump(&self, by: SignedDuration) {
        self.shown.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

/// Who sends.
#[derive(Clone, Copy, Debug)]
pub enum Role {
    /// The ministry's bookkeeping: may pay.
    Manager,
    /// A second system of the ministry: may pay.
    OtherManager,
    /// A third one: may look.
    Viewer,
    /// The municipality's bookkeeping: may pay.
    Neighbour,
}

pub struct TestExchange {
    pub exchange: Exchange,
    pub clock: Arc<SetClock>,
    pub store: Store,
    pub settings: Settings,
    place: Arc<Place>,
    /// `None`: settlement is simulated.
    system: Option<Arc<dyn SettlementSystem>>,
    pub ministry: ClientId,
}

/// IBAN of the ministry's budget account.
pub fn ministry_account() -> String {
    treasury_iban(1)
}

/// IBAN of the ministry's second account.
pub fn ministry_second_account() -> String {
    treasury_iban(2)
}

/// IBAN of the municipality's account.
pub fn municipality_account() -> String {
    treasury_iban(3)
}

/// An IBAN of the Treasury with right check digits.
pub fn treasury_iban(number: u64) -> String {
    Iban::with_check_digits("LV", &format!("TREL{number:013}0").replace("TREL0", "TREL")).unwrap().as_str().to_owned()
}

fn fingerprint(role: Role) -> Fingerprint {
    Fingerprint([role as u8 + 1; 32])
}

pub fn here() -> IpAddr {
    "127.0.0.1".parse().unwrap()
}

/// Where the data of a test is.
pub enum Place {
    /// SQLite.
    Folder(tempfile::TempDir),
    /// A schema of a private cluster, served by a role that does not own it.
    Schema(Box<PostgresOptions>),
}

/// So many random histories are tried: few in the gate, as many as `TDAM_SEEDS` says in a long search.
pub fn seeds(usual: u64) -> u64 {
    std::env::var("TDAM_SEEDS").map_or(usual, |text| text.parse().unwrap())
}

/// Whether `TDAM_TEST_STORE` chooses PostgreSQL.
pub fn is_on_postgresql() -> bool {
    std::env::var_os("TDAM_TEST_STORE").is_some_and(|store| store == "postgresql")
}

impl Place {
    /// SQLite, or with `TDAM_TEST_STORE=postgresql` PostgreSQL.
    pub fn chosen() -> Place {
        match std::env::var("TDAM_TEST_STORE").as_deref() {
            Ok("postgresql") => Place::database().expect("TDAM_TEST_STORE=postgresql needs PostgreSQL"),
            Ok(other) if other != "sqlite" => panic!("TDAM_TEST_STORE={other}: sqlite or postgresql"),
            _ => Place::folder(),
        }
    }

    pub fn folder() -> Place {
        Place::Folder(tempfile::tempdir().unwrap())
    }

    /// `None` where PostgreSQL is not installed.
    pub fn database() -> Option<Place> {
        let cluster = crate::cluster::shared()?;
        let (owner_url, schema) = (Some(cluster.url()), cluster.new_name());
        let options = PostgresOptions { owner_url, schema, ..PostgresOptions::new(cluster.clerk_url()) };
        Some(Place::Schema(Box::new(options)))
    }

    fn open(&self) -> Store {
        match self {
            Place::Folder(folder) => Store::open(folder.path(), SqliteOptions::default()).unwrap(),
            Place::Schema(options) => {
                let store = Store::open_postgres((**options).clone()).unwrap();
                drop(store.lock_for_serving().unwrap());
                store
            }
        }
    }
}

impl TestExchange {
    /// A treasury whose ministry has partial acceptance.
    pub async fn new() -> TestExchange {
        TestExchange::with(AcceptancePolicy::Partial, Settings::default()).await
    }

    /// A treasury in which a dozen payments is a large message already.
    pub async fn with_small_chunks() -> TestExchange {
        TestExchange::with_small_chunks_at(Place::chosen()).await
    }

    pub async fn with_small_chunks_at(place: Place) -> TestExchange {
        TestExchange::with_small_chunks_and(place, Settings::default()).await
    }

    pub async fn with_small_chunks_and(place: Place, settings: Settings) -> TestExchange {
        let settings = Settings {
            small_message_payments_max: 10,
            stage_chunk_payments: 64,
            execute_chunk_payments: 50,
            ..settings
        };
        TestExchange::at(place, AcceptancePolicy::Partial, settings).await
    }

    pub async fn with(acceptance: AcceptancePolicy, settings: Settings) -> TestExchange {
        TestExchange::at(Place::chosen(), acceptance, settings).await
    }

    /// One that several nodes can share, with small chunks. `None` where PostgreSQL is not installed.
    pub async fn on_postgresql() -> Option<TestExchange> {
        let place = Place::database()?;
        let settings = Settings { small_message_payments_max: 10, stage_chunk_payments: 64, ..Settings::default() };
        Some(TestExchange::at(place, AcceptancePolicy::Partial, settings).await)
    }

    /// One of a certain store.
    pub async fn placed(place: Place, acceptance: AcceptancePolicy, settings: Settings) -> TestExchange {
        TestExchange::at(place, acceptance, settings).await
    }

    async fn at(place: Place, acceptance: AcceptancePolicy, settings: Settings) -> TestExchange {
        let settings = Settings { is_sandbox: true, ..settings };
        TestExchange::founded(place, acceptance, settings, SetClock::showing(MORNING.parse().unwrap())).await
    }

    /// One whose time may not be simulated.
    pub async fn in_production(place: Place, clock: Arc<SetClock>) -> TestExchange {
        TestExchange::in_production_with(place, clock, Settings::default()).await
    }

    /// The same with settings.
    pub async fn in_production_with(place: Place, clock: Arc<SetClock>, settings: Settings) -> TestExchange {
        TestExchange::founded(place, AcceptancePolicy::Partial, settings, clock).await
    }

    async fn founded(
        place: Place,
        acceptance: AcceptancePolicy,
        settings: Settings,
        clock: Arc<SetClock>,
    ) -> TestExchange {
        let mut treasury = TestExchange::open(Arc::new(place), clock, settings, None);
        treasury.exchange.operator().note_sandbox(treasury.settings.is_sandbox).await.unwrap();
        treasury.populate(acceptance).await.unwrap();
        treasury
    }

    /// Another node that shares the store, on a machine of its own.
    pub fn node_with(&self, clock: Arc<SetClock>, settings: Settings) -> TestExchange {
        let system = self.system.clone();
        TestExchange { ministry: self.ministry, ..TestExchange::open(Arc::clone(&self.place), clock, settings, system) }
    }

    fn open(
        place: Arc<Place>,
        clock: Arc<SetClock>,
        settings: Settings,
        system: Option<Arc<dyn SettlementSystem>>,
    ) -> TestExchange {
        let store = place.open();
        let exchange = match system.clone() {
            Some(system) => Exchange::with_settlement(store.clone(), settings.clone(), clock.clone(), system),
            None => Exchange::new(store.clone(), settings.clone(), clock.clone()),
        };
        TestExchange { exchange, clock, store, settings, place, system, ministry: ClientId(0) }
    }

    /// Another node that shares the store.
    pub fn another_node(&self) -> TestExchange {
        self.node_with(Arc::clone(&self.clock), self.settings.clone())
    }

    /// A process over a copy of its data.
    pub fn over(&self, copy: tempfile::TempDir) -> TestExchange {
        let (place, clock, settings) = (Place::Folder(copy), Arc::clone(&self.clock), self.settings.clone());
        let system = self.system.clone();
        TestExchange { ministry: self.ministry, ..TestExchange::open(Arc::new(place), clock, settings, system) }
    }

    /// The folder of its data; `None` where they are in a database server.
    pub fn folder(&self) -> Option<&std::path::Path> {
        match &*self.place {
            Place::Folder(folder) => Some(folder.path()),
            Place::Schema(_) => None,
        }
    }

    /// The schema of its data; `None` where they are in a folder.
    pub fn database(&self) -> Option<&PostgresOptions> {
        match &*self.place {
            Place::Folder(_) => None,
            Place::Schema(options) => Some(options),
        }
    }

    /// The process ends and another one opens the same store.
    pub fn restart(self) -> TestExchange {
        let TestExchange { exchange, clock, store, settings, place, system, ministry } = self;
        drop((exchange, store));
        TestExchange { ministry, ..TestExchange::open(place, clock, settings, system) }
    }

    /// The process ends, and the next one has this settlement system.
    pub fn settled_by(self, system: Arc<dyn SettlementSystem>) -> TestExchange {
        TestExchange { system: Some(system), ..self }.restart()
    }

    async fn populate(&mut self, acceptance: AcceptancePolicy) -> Result<(), Failure> {
        let operator = self.exchange.operator();
        operator.prepare(TODAY).await?;
        let client = |name: &str, acceptance| NewClient {
            name: name.to_owned(),
            registration_number: "90000000001".to_owned(),
            acceptance,
            preferences: exchange::Preferences::default(),
        };
        self.ministry = operator.insert_client(client("Ministrija", acceptance)).await?;
        let municipality = operator.insert_client(client("Pašvaldība", AcceptancePolicy::Partial)).await?;
        let account = |client, iban, opening| NewAccount {
            client,
            iban,
            owner_name: if client == municipality { "Pašvaldība" } else { "Ministrija" }.to_owned(),
            kind: AccountKind::BudgetExpenditure,
            currency: Currency::EUR,
            opening,
            limits: Limits::default(),
        };
        operator.insert_account(account(self.ministry, ministry_account(), OPENING)).await?;
        operator.insert_account(account(self.ministry, ministry_second_account(), 50_000)).await?;
        operator.insert_account(account(municipality, municipality_account(), 0)).await?;
        for (role, client, mode) in [
            (Role::Manager, self.ministry, AccessMode::Manage),
            (Role::OtherManager, self.ministry, AccessMode::Manage),
            (Role::Viewer, self.ministry, AccessMode::View),
            (Role::Neighbour, municipality, AccessMode::Manage),
        ] {
            let user = operator
                .insert_online_user(NewOnlineUser {
                    client,
                    name: format!("{role:?}"),
                    mode,
                    registration_valid_until: date(2028, 12, 31),
                    allowed_networks: vec!["127.0.0.0/8".parse().unwrap()],
                    accounts: exchange::Grants::All,
                    signature_required: false,
                })
                .await?;
            self.insert_certificate(role, user).await?;
        }
        Ok(())
    }

    async fn insert_certificate(&self, role: Role, user: OnlineUserId) -> Result<(), Failure> {
        let certificate = NewCertificate {
            fingerprint: fingerprint(role),
            user,
            serial: format!("{role:?}"),
            not_before: "2026-01-01T00:00:00Z".parse().unwrap(),
            not_after: "2027-01-01T00:00:00Z".parse().unwrap(),
        };
        self.exchange.operator().insert_certificate(certificate).await
    }

    pub async fn authorise(&self, role: Role) -> Result<Caller, Failure> {
        self.authorise_as(role, "test").await
    }

    pub async fn authorise_as(&self, role: Role, request_id: &str) -> Result<Caller, Failure> {
        let presented = Presented { fingerprint: fingerprint(role), address: here() };
        self.exchange.authorise(&presented, request_id).await
    }

    pub async fn audit_lines(&self) -> Vec<store::AuditLine> {
        let lines = self.store.read(|reading| Ok::<_, Failure>(reading.audit(0, u32::MAX)?)).await.unwrap();
        lines.into_iter().map(|chained| chained.line).collect()
    }

    pub async fn caller(&self, role: Role) -> Caller {
        self.authorise(role).await.unwrap()
    }

    pub async fn revoke(&self, role: Role) {
        assert!(self.exchange.operator().revoke_certificate(fingerprint(role)).await.unwrap());
    }

    pub async fn receive(&self, role: Role, body: &[u8]) -> Result<(Caller, Received), Failure> {
        let caller = self.authorise(role).await?;
        let mut intake = self.exchange.intake(&caller)?;
        // In pieces, as a network brings them.
        for piece in body.chunks(1_000) {
            intake.append(piece)?;
        }
        Ok((caller, intake.finish()?))
    }

    pub async fn submit(&self, role: Role, body: &str) -> Result<Submitted, Failure> {
        self.submit_with(role, body, Mode::Execute, PATIENCE).await
    }

    pub async fn submit_with(&self, role: Role, body: &str, mode: Mode, wait: Duration) -> Result<Submitted, Failure> {
        let (caller, received) = self.receive(role, body.as_bytes()).await?;
        let options = SubmitOptions { request_id: "test".to_owned(), wait, mode, ..SubmitOptions::default() };
        self.exchange.submit(&caller, received, options).await
    }

    /// Submits as the manager and expects an answer.
    pub async fn answer(&self, body: &str) -> String {
        answered(self.submit(Role::Manager, body).await).0
    }

    pub async fn code(&self, role: Role, body: &str) -> Code {
        match self.submit(role, body).await {
            Err(failure) => failure.code,
            Ok(submitted) => panic!("taken: {submitted:?}"),
        }
    }

    /// A pain.002 now.
    pub async fn status(&self, message_id: &str) -> String {
        let caller = self.caller(Role::Manager).await;
        let status = self.exchange.status(&caller, message_id).await.unwrap();
        valid(status.message_type, status.pain002)
    }

    /// Carries out all that is due, over several settlement cycles.
    pub async fn carry_out(&self) {
        for _ in 0..4 {
            self.exchange.work_now().await.unwrap();
            self.clock.advance(SignedDuration::try_from(self.settings.settlement.cycle).unwrap());
        }
    }

    pub async fn credit(&self, iban: &str, minor: i64) {
        let payment = IncomingPayment {
            iban: iban.to_owned(),
            minor,
            debtor_name: "Jānis Bērziņš".to_owned(),
            debtor_iban: ESTONIAN.to_owned(),
            end_to_end_id: "IN-1".to_owned(),
            remittance: "Nodoklis".to_owned(),
            ..IncomingPayment::default()
        };
        self.exchange.operator().credit(payment).await.unwrap();
    }

    /// Booked balance, held, in cents.
    pub async fn balance(&self, iban: &str) -> (i64, i64) {
        let iban = iban.to_owned();
        self.store
            .read(move |reading| {
                let account = reading.accounts_by_iban(&[&iban])?.remove(0).ledger;
                Ok::<_, Failure>((account.balance, account.held))
            })
            .await
            .unwrap()
    }

    /// After any operations: nothing may be out of balance, doubled or lost.
    pub async fn check_invariants(&self) {
        let report = self.store.check().unwrap();
        assert_eq!(report.problems, Vec::<String>::new());
    }
}

/// The pain.002 of an answer, and whether it was given before.
pub fn answered(submitted: Result<Submitted, Failure>) -> (String, bool) {
    match submitted {
        Ok(Submitted::Answer { message_type, pain002, repeated }) => (valid(message_type, pain002), repeated),
        other => panic!("no answer: {other:?}"),
    }
}

/// The text of a pain.002 such as we publish that we write them.
fn valid(message_type: MessageType, xml: Vec<u8>) -> String {
    let findings = against_published_schema(message_type, &xml);
    assert!(findings.is_empty(), "{findings:?} in {}", String::from_utf8_lossy(&xml));
    String::from_utf8(xml).unwrap()
}

/// The findings of our published schema of a message.
pub fn against_published_schema(message_type: MessageType, xml: &[u8]) -> Vec<String> {
    let schema = xsd::Schema::from_model(publication::model(message_type)).unwrap();
    let nothing = xsd::Selection::new(&schema, &[]).unwrap();
    let mut validator = xsd::Validator::new(&schema, &nothing, xml, xsd::Bounds::default());
    while !matches!(validator.next().unwrap(), xsd::Event::End) {}
    validator.findings().iter().map(ToString::to_string).collect()
}

/// The texts of all elements of a name.
pub fn texts<'x>(xml: &'x str, name: &str) -> Vec<&'x str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    xml.split(&open).skip(1).filter_map(|rest| rest.split(&close).next()).collect()
}

pub fn group_status(xml: &str) -> &str {
    texts(xml, "GrpSts")[0]
}

/// The bodies in files of their own, without the file that names the database.
pub fn body_files(data: &std::path::Path) -> Vec<std::path::PathBuf> {
    let files = std::fs::read_dir(data.join("bodies")).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| !path.ends_with("tdam.id")).collect()
}
