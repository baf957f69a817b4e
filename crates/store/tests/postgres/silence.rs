//! A host of the database falls silent while its connections stay: service soon continues on another host, for all
//! callers at once. The store waits for a host that serves, for any duration of a statement.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use store::bounds::BODY_INLINE_BYTES_MAX;
use store::{PostgresOptions, Store, StoreError};
use tokio_postgres::NoTls;

use crate::cluster::Cluster;
use crate::fresh;
use crate::proxy::{Proxy, Trouble};
use crate::writing::*;

const SILENCE_MAX: Duration = Duration::from_millis(500);
/// Enough for a busy machine: a host that takes longer counts as silent.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Time limit of a statement, or of its wait for a lock. The tests end long before, so a statement ends only because
/// the store found out that its host does not serve.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(3600);
/// Ends a test that hangs; it measures nothing.
const WATCHDOG: Duration = Duration::from_secs(300);

/// The same database by two ways, which are two hosts for the store.
fn by_two_ways(cluster: &Cluster, options: PostgresOptions) -> ([Proxy; 2], PostgresOptions) {
    let ways = [(); 2].map(|()| Proxy::before(cluster.port()));
    let [one, other] = [ways[0].port(), ways[1].port()];
    let url = format!("postgresql://owner@127.0.0.1:{one},127.0.0.1:{other}/postgres?target_session_attrs=read-write");
    let options = PostgresOptions {
        url,
        silence_max: SILENCE_MAX,
        connect_timeout: CONNECT_TIMEOUT,
        statement_timeout: STATEMENT_TIMEOUT,
        lock_timeout: STATEMENT_TIMEOUT,
        ..options
    };
    (ways, options)
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let watchdog = Instant::now() + WATCHDOG;
    while !holds() {
        assert!(Instant::now() < watchdog, "{what}");
        std::thread::sleep(crate::BETWEEN_LOOKS);
    }
}

/// So many readings at once, each with a connection of its own; all of them stay in the pool.
fn read_at_once(store: &Store, count: u32) {
    let inside = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for _ in 0..count {
            scope.spawn(|| {
                let read = || {
                    store.read_blocking(|snapshot| {
                        let lines = snapshot.audit(1, 1)?;
                        inside.fetch_add(1, Ordering::SeqCst);
                        eventually("all read", || inside.load(Ordering::SeqCst) >= count);
                        Ok::<_, StoreError>(lines)
                    })
                };
                eventually("it can be read", || read().is_ok());
            });
        }
    });
}

/// A client with its own direct connection to the database.
struct Operator {
    runtime: tokio::runtime::Runtime,
    client: tokio_postgres::Client,
}

impl Operator {
    fn of(url: &str) -> Operator {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (client, connection) = runtime.block_on(tokio_postgres::connect(url, NoTls)).unwrap();
        runtime.spawn(connection);
        Operator { runtime, client }
    }

    fn run(&self, sql: &str) {
        self.runtime.block_on(self.client.batch_execute(sql)).unwrap();
    }

    /// How many of the store's statements wait for this.
    fn waiting_for(&self, event: &str) -> i64 {
        const SQL: &str = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tdam' AND wait_event = $1";
        self.runtime.block_on(self.client.query_one(SQL, &[&event])).unwrap().get(0)
    }
}

/// Writers and readers that never stop.
struct Load {
    stop: Arc<AtomicBool>,
    writers: Vec<JoinHandle<Vec<String>>>,
    readers: Vec<JoinHandle<()>>,
    answers: Arc<Mutex<Answers>>,
}

struct Answers {
    last: Instant,
    longest_silence: Duration,
}

impl Load {
    fn on(store: &Store, name: &str) -> Load {
        let stop = Arc::new(AtomicBool::new(false));
        let answers = Arc::new(Mutex::new(Answers { last: Instant::now(), longest_silence: Duration::ZERO }));
        let writer = |writer: usize| {
            let (store, stop, answers) = (store.clone(), Arc::clone(&stop), Arc::clone(&answers));
            let name = name.to_owned();
            std::thread::spawn(move || {
                let mut acknowledged = Vec::new();
                for number in 0.. {
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                    let detail = format!("{name}/{writer}/{number}");
                    match append(&store, detail.clone()) {
                        Ok(()) => {
                            acknowledged.push(detail);
                            answers.lock().unwrap().come();
                        }
                        // Unknown: the host stood still for longer than the store searches the outcome.
                        Err(StoreError::Unavailable(_) | StoreError::OutcomeUnknown(_)) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
                acknowledged
            })
        };
        let reader = |_| {
            let (store, stop) = (store.clone(), Arc::clone(&stop));
            std::thread::spawn(move || {
                while !stop.load(Ordering::SeqCst) {
                    match store.read_blocking(|snapshot| snapshot.audit(1, 10)) {
                        Ok(_) | Err(StoreError::Unavailable(_)) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            })
        };
        let (writers, readers) = ((0..4).map(writer).collect(), (0..2).map(reader).collect());
        Load { stop, writers, readers, answers }
    }

    /// The longest time between two answers since this was last asked.
    fn longest_silence(&self) -> Duration {
        std::mem::take(&mut self.answers.lock().unwrap().longest_silence)
    }

    /// The acknowledged data.
    fn end(self) -> Vec<String> {
        self.stop.store(true, Ordering::SeqCst);
        self.readers.into_iter().for_each(|reader| reader.join().unwrap());
        self.writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    }
}

impl Answers {
    fn come(&mut self) {
        self.longest_silence = self.longest_silence.max(self.last.elapsed());
        self.last = Instant::now();
    }
}

fn more_commits(store: &Store, count: u64) {
    let goal = store.counters().commits + count;
    eventually("jobs are done", || store.counters().commits >= goal);
}

/// The acknowledged data are there, and nothing twice.
fn assert_once(store: &Store, acknowledged: &[String]) {
    let written = details(store);
    let once: std::collections::HashSet<&String> = written.iter().collect();
    assert_eq!(once.len(), written.len(), "nothing is there twice");
    for detail in acknowledged {
        assert!(once.contains(detail), "{detail} was acknowledged");
    }
    assert_sound(store, written.len());
}

/// One host after the other is replaced under load, and stands still with all connections.
#[test]
fn service_goes_on_by_the_other_host() {
    let Some((cluster, options)) = fresh() else { return };
    let (ways, options) = by_two_ways(cluster, options);
    let store = Store::open_postgres(options).unwrap();
    let mut acknowledged = Vec::new();
    for (silent, speaking) in [(0, 1), (1, 0)] {
        let load = Load::on(&store, &format!("{}", acknowledged.len()));
        read_at_once(&store, 6);
        more_commits(&store, 50);
        load.longest_silence();
        let before = ways[speaking].accepted();
        ways[silent].make(Trouble::Replaced);
        more_commits(&store, 200);
        let silence = load.longest_silence();
        assert!(silence > SILENCE_MAX / 2, "{silence:?}: it was found out too soon to be true");
        assert!(ways[speaking].accepted() > before);
        // Readings succeed while the host is still silent: the idle connections to it block no caller.
        read_at_once(&store, 6);
        ways[silent].make(Trouble::None);
        acknowledged.extend(load.end());
    }
    assert_once(&store, &acknowledged);
}

/// The only host stands still, and resumes after the store gave it up: earlier bytes arrive now, commits too.
#[test]
fn what_arrives_late_happens_once() {
    let Some((cluster, options)) = fresh() else { return };
    let proxy = Proxy::before(cluster.port());
    let url = format!("postgresql://owner@127.0.0.1:{}/postgres", proxy.port());
    let options = PostgresOptions {
        url,
        silence_max: SILENCE_MAX,
        connect_timeout: CONNECT_TIMEOUT,
        resolve_max: SILENCE_MAX * 4,
        ..options
    };
    let store = Store::open_postgres(options).unwrap();
    let load = Load::on(&store, "late");
    for _ in 0..3 {
        more_commits(&store, 50);
        proxy.make(Trouble::Standstill);
        let given_up = store.counters().failed_jobs;
        eventually("jobs are given up", || store.counters().failed_jobs > given_up);
        proxy.make(Trouble::None);
    }
    more_commits(&store, 50);
    assert_once(&store, &load.end());
}

/// Longer than a silence by far, and never on a living host.
fn several_silences() {
    // The test waits for something not to happen.
    std::thread::sleep(SILENCE_MAX * 5);
}

#[test]
fn a_statement_that_waits_for_a_lock_is_not_cut() {
    let Some((cluster, options)) = fresh() else { return };
    let role = format!("slow_{}", options.schema);
    let (owner, operator) = (Operator::of(&cluster.url()), Operator::of(&cluster.url()));
    owner.run(&format!("CREATE ROLE {role} LOGIN"));
    let (_ways, options) = by_two_ways(cluster, options);
    let url = options.url.replace("owner@", &format!("{role}@"));
    let store =
        Store::open_postgres(PostgresOptions { url, owner_url: Some(cluster.url()), readers: 1, ..options.clone() });
    let store = store.unwrap();
    append(&store, "before".to_owned()).unwrap();
    details(&store);
    operator.run(&format!("BEGIN; LOCK TABLE {}.audit IN ACCESS EXCLUSIVE MODE", options.schema));
    // A server that accepts no new connections serves existing ones.
    for others in ["CONNECTION LIMIT -1", "CONNECTION LIMIT 0"] {
        owner.run(&format!("ALTER ROLE {role} {others}"));
        let reading = {
            let store = store.clone();
            std::thread::spawn(move || store.read_blocking(|snapshot| snapshot.audit(1, 10)))
        };
        eventually("the reading waits", || owner.waiting_for("relation") == 1);
        several_silences();
        assert!(!reading.is_finished(), "{others}: it waits");
        operator.run("COMMIT");
        assert_eq!(reading.join().unwrap().unwrap().len(), 1, "{others}");
        operator.run(&format!("BEGIN; LOCK TABLE {}.audit IN ACCESS EXCLUSIVE MODE", options.schema));
    }
}

#[test]
fn a_commit_that_waits_for_a_replica_is_not_cut() {
    let Some(cluster) = Cluster::start(false) else { return };
    let (ways, options) = by_two_ways(&cluster, PostgresOptions::new(cluster.url()));
    let store = Store::open_postgres(options).unwrap();
    append(&store, "before".to_owned()).unwrap();
    let operator = Operator::of(&cluster.url());
    operator.run("SET synchronous_commit = local");
    operator.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    operator.run("SELECT pg_reload_conf()");
    let runs = Arc::new(AtomicU32::new(0));
    let writing = {
        let (store, runs, line) = (store.clone(), Arc::clone(&runs), line("waited for".to_owned()));
        std::thread::spawn(move || {
            store.write_blocking(move |tx| {
                runs.fetch_add(1, Ordering::SeqCst);
                tx.append_audit(&line)
            })
        })
    };
    eventually("the commit waits", || operator.waiting_for("SyncRep") == 1);
    several_silences();
    assert!(!writing.is_finished());
    assert_eq!(operator.waiting_for("SyncRep"), 1);
    assert_eq!(operator.waiting_for("transactionid"), 0, "nobody finds out whether it happened");
    operator.run("ALTER SYSTEM RESET synchronous_standby_names");
    operator.run("SELECT pg_reload_conf()");
    writing.join().unwrap().unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 1, "it ran once");
    assert_eq!(ways[1].accepted(), 0, "nobody looked elsewhere");
    assert_eq!(details(&store), ["before", "waited for"]);
}

/// As a primary does that has become a replica without ending its connections.
#[test]
fn a_host_that_takes_no_writes_any_more_is_left() {
    let Some(cluster) = Cluster::start(false) else { return };
    let (_ways, options) = by_two_ways(&cluster, PostgresOptions::new(cluster.url()));
    let store = Store::open_postgres(options).unwrap();
    append(&store, "before".to_owned()).unwrap();
    details(&store);
    let (operator, owner) = (Operator::of(&cluster.url()), Operator::of(&cluster.url()));
    operator.run("BEGIN; LOCK TABLE tdam.audit IN ACCESS EXCLUSIVE MODE");
    let reading = {
        let store = store.clone();
        std::thread::spawn(move || store.read_blocking(|snapshot| snapshot.audit(1, 10)))
    };
    eventually("the reading waits", || owner.waiting_for("relation") == 1);
    owner.run("ALTER DATABASE postgres SET default_transaction_read_only = on");
    // The lock is still held, so only leaving the host can end the reading.
    eventually("the reading ends", || reading.is_finished());
    let read = reading.join().unwrap();
    assert!(matches!(read, Err(StoreError::Unavailable(_))), "{read:?}");
    operator.run("COMMIT");
    owner.run("ALTER DATABASE postgres RESET default_transaction_read_only");
    assert_eq!(details(&store), ["before"]);
}

/// Like a primary that its replicas have left: it answers everything but commits. The first commit without an answer in
/// its whole time makes all callers use another host, although another commit still waits.
#[test]
fn a_host_that_answers_no_commit_is_not_used_again() {
    let Some((cluster, options)) = fresh() else { return };
    let (ways, options) = by_two_ways(cluster, options);
    // No host is silent here, so a busy machine may take its time to connect.
    let options = PostgresOptions { statement_timeout: SILENCE_MAX, connect_timeout: WATCHDOG, ..options };
    let store = Store::open_postgres(options).unwrap();
    append(&store, "before".to_owned()).unwrap();
    read_at_once(&store, 4);
    ways[0].make(Trouble::SwallowCommits);
    let write = |detail: &'static str| {
        let store = store.clone();
        std::thread::spawn(move || append(&store, detail.to_owned()))
    };
    let first = write("first");
    several_silences();
    let second = write("second");
    first.join().unwrap().unwrap();
    let before = ways[1].accepted();
    // Idle connections to the host that was left are not used, so new ones are made.
    read_at_once(&store, 4);
    assert!(ways[1].accepted() >= before + 4);
    let mut count = 0;
    while !second.is_finished() {
        append(&store, format!("{count}")).unwrap();
        count += 1;
    }
    second.join().unwrap().unwrap();
    assert!(count > 0, "others write while the second one still waits");
    ways[0].make(Trouble::None);
    assert_sound(&store, count + 3);
}

/// The others do not take over from a node whose host falls silent: it renews its lease through another host in time.
#[test]
fn signs_of_life_find_the_other_way() {
    let Some((cluster, options)) = fresh() else { return };
    // Finding out takes a silence and an attempt to connect, the other way a second attempt.
    let lease = SILENCE_MAX + CONNECT_TIMEOUT * 4;
    let options = PostgresOptions { lease, ..options };
    let (ways, through) = by_two_ways(cluster, options.clone());
    let [node, other] = [through, options].map(|options| Store::open_postgres(options).unwrap());
    let _serving = [node.lock_for_serving().unwrap(), other.lock_for_serving().unwrap()];
    let sent = submission(&node);
    let id = node.write_blocking(move |tx| tx.insert_submission(&sent)).unwrap();
    ways[0].make(Trouble::BlackHole);
    let begun = Instant::now();
    while begun.elapsed() < lease * 3 / 2 {
        let claimed = other.write_blocking(move |tx| tx.claim_submission(id)).unwrap();
        assert!(!claimed, "after {:?}", begun.elapsed());
    }
    assert!(ways[1].accepted() > 0);
}

/// A large body on its way: its sender gets an error soon, and sends it again through another host.
#[test]
fn a_body_on_its_way_is_given_up_soon() {
    let Some((cluster, options)) = fresh() else { return };
    let (ways, options) = by_two_ways(cluster, options);
    let store = Store::open_postgres(options).unwrap();
    let bytes: Vec<u8> = (0..4 * BODY_INLINE_BYTES_MAX).map(|index| index as u8).collect();
    let mut sink = store.body_sink().unwrap();
    sink.append(&bytes).unwrap();
    ways[0].make(Trouble::BlackHole);
    let finishing = std::thread::spawn(move || sink.finish());
    eventually("the body is given up", || finishing.is_finished());
    let kept = finishing.join().unwrap();
    assert!(matches!(kept, Err(StoreError::Unavailable(_))), "{kept:?}");
    let mut sink = store.body_sink().unwrap();
    sink.append(&bytes).unwrap();
    let body = sink.finish().unwrap();
    let mut read = Vec::new();
    std::io::Read::read_to_end(&mut store.open_body(&body).unwrap(), &mut read).unwrap();
    assert_eq!(read, bytes);
}
