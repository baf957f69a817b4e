//! Measures what follows an acceptance: `cargo run --release -p exchange --example execution [messages] [URL of a PostgreSQL
//! database]`. Without a URL it is SQLite; with one, the schema `tdam_execution`, which must not be there yet.
//!
//! Messages of one payment each are accepted, executed, handed over and settled, step by step. Each line says for one payment how
//! much processor time of this process the step took, how many jobs of the store, commits and snapshots, and for how many
//! answers of the database server threads waited. Counts do not depend on what else the machine does. The last lines accept
//! and execute at the same time, as a serving process does.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use exchange::{
    AcceptancePolicy, AccessMode, AccountKind, Caller, Clock, Exchange, Failure, Fingerprint, Limits, Mode, NewAccount,
    NewCertificate, NewClient, NewOnlineUser, Preferences, Presented, Settings, Store, SubmitOptions, Submitted,
};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use money::Currency;
use rulebook::Iban;
use store::{Counters, PostgresOptions, SqliteOptions};
use tokio::sync::watch;

const CLIENTS: usize = 16;
const OPENING: i64 = 1_000_000_000;
const ESTONIAN: &str = "EE382200221020145685";
/// 10:00 in Riga, on a Monday.
const MORNING: &str = "2026-11-23T08:00:00Z";

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// A clock that the example moves.
struct SetClock(AtomicI64);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }
}

/// A treasury with clients that pay.
struct Treasury {
    exchange: Exchange,
    store: Store,
    clock: Arc<SetClock>,
    ibans: Vec<String>,
    cycle: Duration,
}

fn main() -> Outcome<()> {
    let messages: usize = std::env::args().nth(1).map_or(Ok(1_000), |count| count.parse())?;
    let folder = tempfile::tempdir()?;
    let store = match std::env::args().nth(2) {
        None => Store::open(folder.path(), SqliteOptions::default())?,
        Some(url) => {
            Store::open_postgres(PostgresOptions { schema: "tdam_execution".to_owned(), ..PostgresOptions::new(url) })?
        }
    };
    let _serving = store.lock_for_serving()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(measure(store, messages))
}

async fn measure(store: Store, messages: usize) -> Outcome<()> {
    let treasury = Arc::new(Treasury::found(store).await?);
    // What is done the first time only: statements are prepared, pages are made.
    treasury.accept("W", CLIENTS, false).await?;
    treasury.accept("X", CLIENTS, true).await?;
    treasury.settle().await?;
    let steps = Steps { treasury: Arc::clone(&treasury), messages };
    steps.step("internal: accept", treasury.accept("I", messages, false)).await?;
    steps.step("internal: execute", treasury.work()).await?;
    steps.step("SEPA: accept", treasury.accept("S", messages, true)).await?;
    steps.step("SEPA: dispatch, hand over", treasury.work()).await?;
    treasury.let_a_cycle_pass();
    steps.step("SEPA: settle", treasury.work()).await?;
    steps.step("nothing to do, a hundred times", treasury.work_in_vain(100)).await?;
    steps.step("internal: accept and execute", treasury.accept_while_working("J", messages, false)).await?;
    steps.step("SEPA: accept and dispatch", treasury.accept_while_working("T", messages, true)).await?;
    treasury.settle().await?;
    let problems = treasury.store.check()?.problems;
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}

/// Steps that are measured.
struct Steps {
    treasury: Arc<Treasury>,
    messages: usize,
}

impl Steps {
    async fn step(&self, what: &str, step: impl Future<Output = Outcome<()>>) -> Outcome<()> {
        let (counters, processor) = (self.treasury.store.counters(), processor_time());
        step.await?;
        let (spent, after) = (processor_time() - processor, self.treasury.store.counters());
        let each = |of: fn(&Counters) -> u64| (of(&after) - of(&counters)) as f64 / self.messages as f64;
        println!(
            "{what:<32} {:>8.1} µs {:>7.3} jobs {:>7.3} commits {:>7.3} snapshots {:>7.3} answers",
            spent.as_secs_f64() * 1e6 / self.messages as f64,
            each(|counters| counters.jobs),
            each(|counters| counters.commits),
            each(|counters| counters.reads),
            each(|counters| counters.answers),
        );
        Ok(())
    }
}

/// Processor time of this process, its threads and the kernel for them.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

fn fingerprint(client: usize) -> Fingerprint {
    Fingerprint([client as u8 + 1; 32])
}

impl Treasury {
    async fn found(store: Store) -> Outcome<Treasury> {
        let clock = Arc::new(SetClock(AtomicI64::new(MORNING.parse::<Timestamp>()?.as_microsecond())));
        let settings = Settings { is_sandbox: true, ..Settings::default() };
        let cycle = settings.settlement.cycle;
        let exchange = Exchange::new(store.clone(), settings, clock.clone());
        let operator = exchange.operator();
        operator.note_sandbox(true).await?;
        operator.prepare(date(2026, 11, 23)).await?;
        let mut ibans = Vec::new();
        for number in 0..CLIENTS {
            let client = NewClient {
                name: format!("Institution {number}"),
                registration_number: format!("900{number:08}"),
                acceptance: AcceptancePolicy::Partial,
                preferences: Preferences::default(),
            };
            let client = operator.insert_client(client).await?;
            let iban = Iban::with_check_digits("LV", &format!("TREL1000000{:06}", number + 1))?.as_str().to_owned();
            let account = NewAccount {
                client,
                iban: iban.clone(),
                owner_name: format!("Institution {number}"),
                kind: AccountKind::BudgetExpenditure,
                currency: Currency::EUR,
                opening: OPENING,
                limits: Limits::default(),
            };
            operator.insert_account(account).await?;
            let user = NewOnlineUser {
                client,
                name: format!("Bookkeeping {number}"),
                mode: AccessMode::Manage,
                registration_valid_until: date(2028, 12, 31),
                allowed_networks: vec!["127.0.0.0/8".parse()?],
                accounts: exchange::Grants::All,
                signature_required: false,
            };
            let user = operator.insert_online_user(user).await?;
            let certificate = NewCertificate {
                fingerprint: fingerprint(number),
                user,
                serial: format!("{number}"),
                not_before: "2026-01-01T00:00:00Z".parse()?,
                not_after: "2027-01-01T00:00:00Z".parse()?,
            };
            operator.insert_certificate(certificate).await?;
            ibans.push(iban);
        }
        Ok(Treasury { exchange, store, clock, ibans, cycle })
    }

    /// Accepts messages of one payment each, of all clients at once.
    async fn accept(self: &Arc<Self>, name: &'static str, messages: usize, to_bank: bool) -> Outcome<()> {
        let of_client = |client: usize| {
            let treasury = Arc::clone(self);
            tokio::spawn(async move {
                let presented = Presented { fingerprint: fingerprint(client), address: "127.0.0.1".parse()? };
                let caller = treasury.exchange.authorise(&presented, "measured").await?;
                for number in (client..messages).step_by(CLIENTS) {
                    treasury.submit(&caller, &treasury.message(name, number, client, to_bank)).await?;
                }
                Ok::<_, Box<dyn Error + Send + Sync>>(())
            })
        };
        for client in (0..CLIENTS).map(of_client).collect::<Vec<_>>() {
            client.await??;
        }
        Ok(())
    }

    async fn submit(&self, caller: &Caller, body: &str) -> Outcome<()> {
        let mut intake = self.exchange.intake(caller)?;
        intake.append(body.as_bytes())?;
        let options = SubmitOptions {
            request_id: "measured".to_owned(),
            wait: Duration::from_secs(60),
            mode: Mode::Execute,
            ..SubmitOptions::default()
        };
        match self.exchange.submit(caller, intake.finish()?, options).await? {
            Submitted::Answer { pain002, .. } => match String::from_utf8(pain002)? {
                accepted if accepted.contains("<GrpSts>ACCP") => Ok(()),
                other => Err(other.into()),
            },
            other => Err(format!("not answered: {other:?}").into()),
        }
    }

    fn message(&self, name: &str, number: usize, client: usize, to_bank: bool) -> String {
        let debtor = &self.ibans[client];
        let creditor = if to_bank { ESTONIAN } else { self.ibans[(client + 1) % CLIENTS].as_str() };
        let classification = if to_bank {
            ""
        } else {
            "<RgltryRptg><DbtCdtRptgInd>DEBT</DbtCdtRptgInd><Dtls><Tp>EKK</Tp><Cd>2221</Cd></Dtls></RgltryRptg>\
             <RgltryRptg><DbtCdtRptgInd>CRED</DbtCdtRptgInd><Dtls><Tp>EKK</Tp><Cd>21490</Cd></Dtls></RgltryRptg>"
        };
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CstmrCdtTrfInitn><GrpHdr>\
             <MsgId>{name}-{number}</MsgId><CreDtTm>2026-11-23T09:30:00</CreDtTm><NbOfTxs>1</NbOfTxs>\
             <CtrlSum>1.00</CtrlSum><InitgPty><Nm>Institution</Nm></InitgPty></GrpHdr><PmtInf>\
             <PmtInfId>{name}-{number}-1</PmtInfId><PmtMtd>TRF</PmtMtd><NbOfTxs>1</NbOfTxs><CtrlSum>1.00</CtrlSum>\
             <ReqdExctnDt><Dt>2026-11-23</Dt></ReqdExctnDt><Dbtr><Nm>Institution</Nm></Dbtr>\
             <DbtrAcct><Id><IBAN>{debtor}</IBAN></Id></DbtrAcct>\
             <DbtrAgt><FinInstnId><BICFI>TRELLV22</BICFI></FinInstnId></DbtrAgt>\
             <CdtTrfTxInf><PmtId><EndToEndId>{name}-{number}</EndToEndId></PmtId>\
             <Amt><InstdAmt Ccy=\"EUR\">1.00</InstdAmt></Amt><Cdtr><Nm>Supplier Ltd</Nm></Cdtr>\
             <CdtrAcct><Id><IBAN>{creditor}</IBAN></Id></CdtrAcct>{classification}\
             <RmtInf><Ustrd>Invoice {name}-{number}</Ustrd></RmtInf></CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>\n"
        )
    }

    async fn work(&self) -> Outcome<()> {
        Ok(self.exchange.work_now().await?)
    }

    async fn work_in_vain(&self, times: usize) -> Outcome<()> {
        for _ in 0..times {
            self.exchange.work_now().await?;
        }
        Ok(())
    }

    async fn settle(&self) -> Outcome<()> {
        self.work().await?;
        self.let_a_cycle_pass();
        self.work().await
    }

    fn let_a_cycle_pass(&self) {
        let cycle = SignedDuration::try_from(self.cycle).unwrap_or(SignedDuration::MAX);
        self.clock.0.fetch_add(i64::try_from(cycle.as_micros()).unwrap_or(0), Ordering::SeqCst);
    }

    /// As a serving process does it: the background works while messages come.
    async fn accept_while_working(self: &Arc<Self>, name: &'static str, messages: usize, to_bank: bool) -> Outcome<()> {
        let (stop, stopping) = watch::channel(false);
        let exchange = self.exchange.clone();
        let work = tokio::spawn(async move { exchange.work(stopping).await });
        let mut news = self.store.news();
        self.accept(name, messages, to_bank).await?;
        while self.is_any_held().await? {
            news.changed().await;
        }
        stop.send(true)?;
        Ok(work.await?)
    }

    async fn is_any_held(&self) -> Outcome<bool> {
        let held = self.store.read(|reading| {
            Ok::<_, Failure>(!reading.lots_in_stage(payments::Stage::Held, jiff::civil::Date::MAX, None, 1)?.is_empty())
        });
        Ok(held.await?)
    }
}
