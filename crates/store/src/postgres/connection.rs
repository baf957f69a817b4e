//! One connection: its transaction, its prepared statements, and what went wrong on it.
//!
//! The closures of the contract are synchronous, so each connection is used by one thread at a time, which waits for
//! every answer; the bytes are moved by the store's own small runtime. The first thing that goes wrong in a
//! transaction is remembered: what follows in it is not even sent, and nothing of it is committed whatever the closure
//! makes of its errors.
//!
//! A statement may take long on a host that serves. So while one waits, it is found out whether its host still does
//! ([`super::hosts`]); a host that is gone does not cost it all its patience.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, NoTls, Statement};

use super::codec::{Trouble, told, trouble};
use super::hosts::{Heard, Host, Hosts};
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
    hosts: Arc<Hosts>,
    tls: Option<Tls>,
    runtime: Handle,
    connect_timeout: Duration,
    silence_max: Duration,
    patience: Duration,
}

impl Connector {
    pub(super) fn new(config: Config, options: &PostgresOptions, runtime: Handle) -> Result<Connector, StoreError> {
        let tls = options.authority.as_deref().map(Tls::trusting).transpose()?;
        Ok(Connector {
            hosts: Arc::new(Hosts::of(&config)),
            tls,
            runtime,
            connect_timeout: options.connect_timeout,
            silence_max: options.silence_max.max(bounds::SILENCE_MIN),
            patience: options.statement_timeout + bounds::ANSWER_GRACE,
        })
    }

    pub(super) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    pub(super) fn user(&self) -> Option<&str> {
        self.hosts.user()
    }

    /// Waits for something of the runtime, for so long at most.
    fn wait<T>(&self, patience: Duration, future: impl Future<Output = T>) -> Option<T> {
        let _context = self.runtime.enter();
        wait_for(async { tokio::time::timeout(patience, future).await.ok() })
    }

    /// How often a waiting statement looks at what is known of its host.
    fn look(&self) -> Duration {
        self.silence_max / bounds::SILENCE_LOOKS
    }

    /// Connects to the first host that serves. Those that are silent are not waited for while others speak, but asked
    /// in the background.
    pub(super) fn connect(&self) -> Result<Connection, StoreError> {
        let mut refusal = StoreError::Unavailable("no host of the database is named".to_owned());
        let (hosts, silent) = self.hosts.in_order();
        for host in hosts {
            let _context = self.runtime.enter();
            let attempt = wait_for(self.attempt(host));
            self.hosts.note(host, Heard::from_attempt(&attempt));
            match attempt {
                Ok(client) => {
                    self.hosts.begin_with(host);
                    return Ok(self.connection(host, client));
                }
                Err((_, error)) => refusal = error,
            }
        }
        for host in silent {
            self.ask(host, self.look());
        }
        Err(refusal)
    }

    fn connection(&self, host: &Arc<Host>, client: Client) -> Connection {
        let (connector, host, generation) = (self.clone(), Arc::clone(host), host.generation());
        let (statements, trouble) = (RefCell::default(), RefCell::default());
        Connection { connector, host, generation, client, statements, trouble }
    }

    /// Tries to connect to a host. It is given its time, since one whose system lives and whose database does not takes
    /// the connection and never says a word; the library's own timeout ends before that.
    async fn attempt(&self, host: &Host) -> Result<Client, (Heard, StoreError)> {
        let answers = host.answers();
        let attempt = tokio::time::timeout(self.connect_timeout, self.client(host.config())).await;
        let (heard, told) = match attempt {
            Ok(attempt) => {
                host.listen(&attempt);
                match attempt {
                    Ok(client) => return Ok(client),
                    Err(error) => (Heard::from_error(&error), told(&error)),
                }
            }
            Err(_) => (Heard::Silence, "it does not answer".to_owned()),
        };
        // One that answers others meanwhile is only busy.
        let is_busy = heard == Heard::Silence && host.answers() != answers;
        let heard = if is_busy { Heard::Answer } else { heard };
        Err((heard, StoreError::Unavailable(format!("no connection to the database: {told}"))))
    }

    async fn client(&self, config: &Config) -> Result<Client, tokio_postgres::Error> {
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
    }

    /// Finds out in the background whether a host serves that somebody waits for in vain, unless that is done already or
    /// was done within this time.
    fn ask(&self, host: &Arc<Host>, pause: Duration) {
        if !host.begin_asking(pause) {
            return;
        }
        let (connector, host) = (self.clone(), Arc::clone(host));
        self.runtime.spawn(async move {
            let heard = Heard::from_attempt(&connector.attempt(&host).await);
            connector.hosts.note(&host, heard);
            if heard == Heard::Refusal {
                host.lose();
            }
            host.end_asking();
        });
    }
}

/// A connection, with or without a transaction.
pub(super) struct Connection {
    connector: Connector,
    host: Arc<Host>,
    /// What the host was in when the connection was made.
    generation: u64,
    client: Client,
    statements: RefCell<HashMap<&'static str, Statement>>,
    trouble: RefCell<Option<Trouble>>,
}

impl Connection {
    /// Whether another transaction can be begun on it.
    pub(super) fn is_sound(&self) -> bool {
        self.host.generation() == self.generation
            && !self.client.is_closed()
            && !matches!(*self.trouble.borrow(), Some(Trouble::Lost(_)))
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
    fn send(&self, sql: &str) {
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
        let (mut future, mut waited) = (pin!(future), Duration::ZERO);
        while waited < patience {
            let look = self.connector.look().min(patience - waited);
            if let Some(answer) = self.connector.wait(look, future.as_mut()) {
                self.host.listen(&answer);
                return answer.map_err(|error| self.spoil(trouble(&error)));
            }
            waited += look;
            if self.host.has_lost(self.generation) {
                return Err(self.lose("the database's host does not serve any more"));
            }
            if waited >= self.connector.silence_max {
                self.connector.ask(&self.host, self.connector.silence_max);
            }
        }
        self.connector.hosts.leave(&self.host);
        Err(self.lose("the database does not answer"))
    }

    fn lose(&self, why: &str) -> StoreError {
        self.spoil(Trouble::Lost(StoreError::Unavailable(why.to_owned())))
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
