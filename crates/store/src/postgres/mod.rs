//! The store in a PostgreSQL database, where several nodes may share it: many transactions at once, kept apart by row
//! locks; set-based statements; commits whose outcome is always found out.

mod access;
mod accounts;
mod attempts;
mod audit;
mod bodies;
mod check;
mod codec;
mod connection;
mod connector;
mod driver;
mod duplicates;
mod entries;
mod group;
mod hosts;
mod lots;
mod messages;
mod migrate;
mod news;
mod node;
mod nodes;
mod options;
mod payment_rows;
mod payments;
mod pool;
mod probe;
mod queue;
mod reconciliation;
mod refusals;
mod retention;
mod rights;
mod rights_lease;
mod room;
mod sequencer;
mod server_log;
mod session;
mod staging;
mod statements;
mod submissions;
mod tls;
mod together;
mod writer;

use std::fmt;
use std::io::Read;
use std::sync::{Arc, OnceLock};

pub(crate) use migrate::Absent;
pub use options::PostgresOptions;
pub(crate) use retention::BodyKeeper;
use telemetry::Telemetry;
use telemetry::metrics::store::ANSWERS;

use crate::figures::{ReadFigures, Readings, WriteFigures};
use crate::job::{Outcome, ReadJob, Work};
use crate::lines::Owner;
use crate::{BodySink, CheckReport, Counters, News, Reading, RoomState, StoreError, StoredBody};
use bodies::Bodies;
use connector::Connector;
use driver::Background;
use news::Listener;
use node::Node;
use pool::Pool;
use writer::Writers;

/// An open database. Fields are dropped in this order: the runtime, which moves the bytes, is the last to end.
pub(crate) struct Postgres {
    writers: Writers,
    bodies: Arc<Bodies>,
    pool: Arc<Pool>,
    long_pool: Arc<Pool>,
    node: Arc<Node>,
    connector: Connector,
    options: PostgresOptions,
    listener: OnceLock<Listener>,
    identity: String,
    telemetry: Telemetry,
    _runtime: Background,
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres")
            .field("options", &self.options)
            .field("writers", &self.writers)
            .finish_non_exhaustive()
    }
}

impl Postgres {
    pub(crate) fn open(options: PostgresOptions, absent: Absent) -> Result<Postgres, StoreError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("store-connections")
            .enable_all()
            .build()
            .map_err(|error| StoreError::Unavailable(format!("no runtime for connections: {error}")))?;
        let handle = runtime.handle().clone();
        let runtime = Background::new(runtime);
        let telemetry = Telemetry::new();
        let answers = |of| telemetry.counter(&ANSWERS, [of]);
        let connector = Connector::new(options.serving()?, &options, handle.clone(), answers("other"))?;
        let owner =
            options.owner()?.map(|owner| Connector::new(owner, &options, handle, answers("other"))).transpose()?;
        migrate::migrate(&connector, owner.as_ref(), &options, absent)?;
        let identity = migrate::identity(&connector.connect()?)?;
        let node = Arc::new(Node::new(options.lease));
        let pool = |readings, count| {
            let figures = ReadFigures::of(&telemetry, readings);
            Arc::new(Pool::new(connector.counting(answers("read")), Arc::clone(&node), &options, count, figures))
        };
        let (pool, long_pool) = (pool(Readings::Short, options.readers), pool(Readings::Long, options.long_readers));
        let bodies = Arc::new(Bodies::new(connector.clone(), Arc::clone(&pool), Arc::clone(&node)));
        let writers =
            Writers::start(&connector.counting(answers("write")), &node, &options, WriteFigures::of(&telemetry))?;
        let listener = OnceLock::new();
        Ok(Postgres {
            writers,
            bodies,
            pool,
            long_pool,
            node,
            connector,
            options,
            listener,
            identity,
            telemetry,
            _runtime: runtime,
        })
    }

    pub(crate) fn identity(&self) -> &str {
        &self.identity
    }

    pub(crate) fn telemetry(&self) -> &Telemetry {
        &self.telemetry
    }

    /// Whether the database that answers now is the one that was opened.
    pub(crate) fn verify(&self) -> Result<(), StoreError> {
        if migrate::identity(&*self.pool.connection()?)? == self.identity {
            return Ok(());
        }
        let file = format!("the schema {}", self.options.schema).into();
        let reason = format!("of the database does not belong to the exchange {} any more", self.identity);
        Err(StoreError::WrongDatabase { file, reason })
    }

    /// Several may serve: each is a node that the others know of.
    pub(crate) fn register_for_serving(&self) -> Result<(), StoreError> {
        for line in self.advice()? {
            tracing::warn!(line, "the database's configuration lets confidential values into its log; it should say");
        }
        self.node.id(&self.connector).map(drop)
    }

    pub(crate) fn advice(&self) -> Result<Vec<String>, StoreError> {
        server_log::advice(&*self.pool.connection()?)
    }

    pub(crate) async fn write(&self, job: Work, of: Owner) -> Outcome {
        self.writers.write(job, of).await
    }

    pub(crate) async fn read(&self, job: ReadJob) -> Outcome {
        Arc::clone(&self.pool).read(job).await
    }

    pub(crate) async fn read_long(&self, job: ReadJob) -> Outcome {
        Arc::clone(&self.long_pool).read(job).await
    }

    pub(crate) fn read_blocking(&self, job: &mut dyn FnMut(&mut dyn Reading)) -> Result<(), StoreError> {
        self.pool.read_blocking(job)
    }

    pub(crate) fn body_sink(&self) -> BodySink {
        BodySink::new(Arc::clone(&self.bodies) as _)
    }

    pub(crate) fn open_body(&self, body: &StoredBody) -> Result<Box<dyn Read + Send>, StoreError> {
        self.bodies.read(body)
    }

    pub(crate) fn remove_body(&self, name: &str) -> Result<(), StoreError> {
        self.bodies.remove(name)
    }

    pub(crate) fn sweep_orphans(&self) -> Result<usize, StoreError> {
        self.bodies.sweep()
    }

    /// Begins to listen when this is first asked for: most who open a store want no news.
    pub(crate) fn news(&self) -> News {
        self.listener().news()
    }

    fn listener(&self) -> &Listener {
        self.listener.get_or_init(|| Listener::start(&self.connector, &self.options.schema))
    }

    pub(crate) fn rights_news(&self) -> News {
        self.listener().rights_news()
    }

    pub(crate) fn room(&self) -> Result<RoomState, StoreError> {
        room::state(&*self.pool.connection()?)
    }

    /// In a connection of its own, which is closed with what it has prepared.
    pub(crate) fn prepare_statements(&self) -> Result<usize, StoreError> {
        statements::prepare_all(&self.connector.connect()?)
    }

    pub(crate) fn counters(&self) -> Counters {
        let answers = |of| self.telemetry.counter(&ANSWERS, [of]).get();
        let (answers, read_answers) = (answers("write"), answers("read"));
        let reads = self.pool.reads() + self.long_pool.reads();
        Counters { reads, answers, read_answers, ..self.writers.counters() }
    }

    pub(crate) fn keep_bodies(&self) -> Result<BodyKeeper, StoreError> {
        BodyKeeper::begin(&self.pool)
    }

    pub(crate) fn bodies_are_kept(&self) -> Result<bool, StoreError> {
        retention::is_kept(&*self.pool.connection()?)
    }

    pub(crate) fn check(
        &self,
        depth: crate::Bodies,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<CheckReport, StoreError> {
        self.long_pool.with_snapshot(|connection| check::check(connection, depth, progress))
    }
}
