//! One connection: its transaction, its prepared statements, and what went wrong on it.
//!
//! The closures of the contract are synchronous, so each connection is used by one thread at a time, which waits for
//! every answer; the bytes are moved by the store's own small runtime. The first thing that goes wrong in a
//! transaction is remembered: what follows in it is not even sent, and nothing of it is committed whatever the closure
//! makes of its errors.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio_postgres::config::Host;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, NoTls, Statement};

use super::codec::{Trouble, told, trouble};
use super::options::PostgresOptions;
use super::tls::Tls;
use crate::blocking::wait_for;
use crate::codec::Columns;
use crate::{StoreError, bounds};

/// Values of a statement, in order.
pub(super) type Values<'v> = &'v [&'v (dyn ToSql + Sync)];

/// Makes connections.
#[derive(Clone)]
pub(super) struct Connector {
    /// One for each host.
    configs: Arc<[Config]>,
    tls: Option<Tls>,
    runtime: Handle,
    connect_timeout: Duration,
    patience: Duration,
}

impl Connector {
    pub(super) fn new(config: Config, options: &PostgresOptions, runtime: Handle) -> Result<Connector, StoreError> {
        let tls = options.authority.as_deref().map(Tls::trusting).transpose()?;
        Ok(Connector {
            configs: one_for_each_host(&config).into(),
            tls,
            runtime,
            connect_timeout: options.connect_timeout,
            patience: options.statement_timeout + bounds::ANSWER_GRACE,
        })
    }

    pub(super) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// One for each host.
    pub(super) fn configs(&self) -> &[Config] {
        &self.configs
    }

    pub(super) fn tls(&self) -> Option<&Tls> {
        self.tls.as_ref()
    }

    /// The longest that connecting to one host takes.
    pub(super) fn connect_timeout(&self) -> Duration {
        self.connect_timeout
    }

    pub(super) fn user(&self) -> Option<&str> {
        self.configs.iter().find_map(Config::get_user)
    }

    /// Waits for something of the runtime, for so long at most.
    fn wait<T>(&self, patience: Duration, future: impl Future<Output = T>) -> Option<T> {
        let _context = self.runtime.enter();
        wait_for(async { tokio::time::timeout(patience, future).await.ok() })
    }

    /// Connects to the first host that serves. Each is given its time, since one whose system lives and whose database
    /// does not takes the connection and never says a word; the library's own timeout ends before that.
    pub(super) fn connect(&self) -> Result<Connection, StoreError> {
        let mut refusal = StoreError::Unavailable("no host of the database is named".to_owned());
        for config in self.configs.iter() {
            match self.connect_to(config) {
                Ok(connection) => return Ok(connection),
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }

    fn connect_to(&self, config: &Config) -> Result<Connection, StoreError> {
        let connecting = async {
            match &self.tls {
                None => {
                    let (client, connection) = config.connect(NoTls).await?;
                    self.runtime.spawn(connection);
                    Ok(client)
                }
                Some(tls) => {
                    let (client, connection) = config.connect(tls.clone()).await?;
                    self.runtime.spawn(connection);
                    Ok(client)
                }
            }
        };
        match self.wait(self.connect_timeout, connecting) {
            Some(Ok(client)) => Ok(Connection {
                connector: self.clone(),
                client,
                statements: RefCell::default(),
                trouble: RefCell::default(),
            }),
            Some(Err(error)) => {
                let error: tokio_postgres::Error = error;
                Err(StoreError::Unavailable(format!("no connection to the database: {}", told(&error))))
            }
            None => Err(StoreError::Unavailable("no connection to the database: it does not answer".to_owned())),
        }
    }
}

/// The same for each host alone.
fn one_for_each_host(config: &Config) -> Vec<Config> {
    let (hosts, addresses, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let one = |index: usize| {
        let mut one = Config::new();
        match hosts.get(index) {
            Some(Host::Tcp(name)) => one.host(name),
            #[cfg(unix)]
            Some(Host::Unix(path)) => one.host_path(path),
            None => &mut one,
        };
        if let Some(address) = addresses.get(index) {
            one.hostaddr(*address);
        }
        // One port stands for all.
        if let Some(port) = ports.get(index).or(ports.first()) {
            one.port(*port);
        }
        if let Some(user) = config.get_user() {
            one.user(user);
        }
        if let Some(password) = config.get_password() {
            one.password(password);
        }
        if let Some(name) = config.get_dbname() {
            one.dbname(name);
        }
        if let Some(options) = config.get_options() {
            one.options(options);
        }
        if let Some(name) = config.get_application_name() {
            one.application_name(name);
        }
        if let Some(timeout) = config.get_connect_timeout() {
            one.connect_timeout(*timeout);
        }
        if let Some(timeout) = config.get_tcp_user_timeout() {
            one.tcp_user_timeout(*timeout);
        }
        one.ssl_mode(config.get_ssl_mode())
            .target_session_attrs(config.get_target_session_attrs())
            .keepalives(config.get_keepalives())
            .keepalives_idle(config.get_keepalives_idle());
        one
    };
    (0..hosts.len().max(addresses.len())).map(one).collect()
}

/// A connection, with or without a transaction.
pub(super) struct Connection {
    connector: Connector,
    client: Client,
    statements: RefCell<HashMap<&'static str, Statement>>,
    trouble: RefCell<Option<Trouble>>,
}

impl Connection {
    /// Whether another transaction can be begun on it.
    pub(super) fn is_sound(&self) -> bool {
        !self.client.is_closed() && !matches!(*self.trouble.borrow(), Some(Trouble::Lost(_)))
    }

    /// What went wrong since the transaction began.
    pub(super) fn trouble(&self) -> Option<Trouble> {
        self.trouble.borrow().clone()
    }

    /// Ends the transaction with this error, whatever the closure makes of it.
    pub(super) fn spoil(&self, trouble: Trouble) -> StoreError {
        let error = trouble.error().clone();
        self.trouble.borrow_mut().get_or_insert(trouble);
        error
    }

    /// Sends a statement without waiting for its answer: errors show in what follows.
    pub(super) fn send(&self, sql: &str) {
        let sending = pin!(self.client.batch_execute(sql));
        // One poll puts it on its way.
        let _ = sending.poll(&mut Context::from_waker(Waker::noop()));
    }

    /// Forgets what went wrong before: what follows is another matter.
    pub(super) fn begin_anew(&self) {
        *self.trouble.borrow_mut() = None;
    }

    /// Begins a transaction; its first answer comes with that of the statement that follows.
    pub(super) fn begin(&self, sql: &str) {
        self.begin_anew();
        self.send(sql);
    }

    pub(super) fn rollback(&self) {
        self.send("ROLLBACK");
    }

    /// Waits for an answer.
    pub(super) fn answer<T>(
        &self,
        future: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, StoreError> {
        self.answer_within(self.connector.patience, future)
    }

    fn answer_within<T>(
        &self,
        patience: Duration,
        future: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, StoreError> {
        if let Some(trouble) = &*self.trouble.borrow() {
            return Err(trouble.error().clone());
        }
        match self.connector.wait(patience, future) {
            Some(Ok(answer)) => Ok(answer),
            Some(Err(error)) => Err(self.spoil(trouble(&error))),
            None => Err(self.spoil(Trouble::Lost(StoreError::Unavailable("the database does not answer".to_owned())))),
        }
    }

    pub(super) fn statement(&self, sql: &'static str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.borrow().get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.answer(self.client.prepare(sql))?;
        self.statements.borrow_mut().insert(sql, statement.clone());
        Ok(statement)
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Runs a statement; returns how many rows it changed.
    pub(super) fn execute(&self, sql: &'static str, values: Values<'_>) -> Result<u64, StoreError> {
        let statement = self.statement(sql)?;
        self.answer(self.client.execute(&statement, values))
    }

    /// Inserts one row and returns its id.
    pub(super) fn insert(&self, sql: &'static str, values: Values<'_>) -> Result<i64, StoreError> {
        self.optional(sql, values, |row| row.integer())?.ok_or(StoreError::Missing("row"))
    }

    /// Statements without values, one after another.
    pub(super) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.answer(self.client.batch_execute(sql))
    }

    /// Statements that may take as long as they need.
    pub(super) fn batch_unhurried(&self, sql: &str) -> Result<(), StoreError> {
        self.answer_within(bounds::UNHURRIED_MAX, self.client.batch_execute(sql))
    }

    /// The row, if there is one.
    pub(super) fn optional<T>(
        &self,
        sql: &'static str,
        values: Values<'_>,
        read: impl FnOnce(&mut Columns<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let statement = self.statement(sql)?;
        let row = self.answer(self.client.query_opt(&statement, values))?;
        row.map(|row| read(&mut Columns::of(&row))).transpose()
    }

    /// All rows, as they came.
    pub(super) fn rows(&self, sql: &'static str, values: Values<'_>) -> Result<Vec<tokio_postgres::Row>, StoreError> {
        let statement = self.statement(sql)?;
        self.answer(self.client.query(&statement, values))
    }

    /// All rows.
    pub(super) fn list<T>(
        &self,
        sql: &'static str,
        values: Values<'_>,
        mut read: impl FnMut(&mut Columns<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.rows(sql, values)?;
        rows.iter().map(|row| read(&mut Columns::of(row))).collect()
    }

    /// All rows of a question over everything, a page in memory at a time. Within a transaction.
    pub(super) fn all(
        &self,
        sql: &str,
        each: &mut dyn FnMut(&mut Columns<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        const FETCH: &str = "FETCH FORWARD 5000 FROM everything";
        self.batch_unhurried(&format!("DECLARE everything NO SCROLL CURSOR FOR {sql}"))?;
        loop {
            // Not prepared: the cursor's columns are others each time.
            let rows = self.answer_within(bounds::UNHURRIED_MAX, self.client.query(FETCH, &[]))?;
            if rows.is_empty() {
                return self.batch("CLOSE everything");
            }
            for row in &rows {
                each(&mut Columns::of(row))?;
            }
        }
    }
}
