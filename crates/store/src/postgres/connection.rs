//! One connection: its transaction, its prepared statements, and its first error.
//!
//! The closures of the contract are synchronous, so one thread at a time uses a connection and waits for every answer;
//! `driver.rs` decides which thread moves the bytes. The connection remembers the first error of a transaction: it does
//! not send later statements, and commits nothing, even if the closure ignores its errors.
//!
//! A statement may take long on a host that serves. So while one waits, the store finds out whether its host still
//! serves ([`super::hosts`]); a dead host does not cost the statement its whole time limit.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use telemetry::Counter;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Statement as Prepared};

use super::access::Access;
use super::codec::{Trouble, trouble};
use super::driver::Driver;
use super::hosts::Host;
use crate::codec::Columns;
use crate::statement::Statement;
use crate::{StoreError, bounds};

/// Values of a statement, in order.
pub(super) type Values<'v> = &'v [&'v (dyn ToSql + Sync)];

/// The same for a statement whose answer the connection reads later.
pub(super) type OwnedValues = Vec<Box<dyn ToSql + Sync + Send>>;

/// Values that a statement takes with it.
macro_rules! owned {
    ($($value:expr),* $(,)?) => {
        vec![$(Box::new($value) as Box<dyn tokio_postgres::types::ToSql + Sync + Send>),*]
    };
}
pub(super) use owned;

/// The check of the number of changed rows.
type Check = Box<dyn FnOnce(&Connection, u64) -> Result<(), StoreError> + Send>;

/// A statement on its way.
struct Later {
    answer: Pin<Box<dyn Future<Output = Result<u64, tokio_postgres::Error>> + Send>>,
    check: Check,
    /// How large it is, where that counts.
    bytes: usize,
}

/// A connection, with or without a transaction.
pub(super) struct Connection {
    access: Access,
    host: Arc<Host>,
    /// The host's generation when the connection was made.
    generation: u64,
    client: Arc<Client>,
    /// Moves its bytes. Ends after the client.
    driver: Driver,
    statements: RefCell<HashMap<&'static str, Prepared>>,
    later: RefCell<VecDeque<Later>>,
    trouble: RefCell<Option<Trouble>>,
    gives_way: Cell<bool>,
    /// When the database is to plan the statements anew, and how long those plans are good for then.
    plans: Cell<(Instant, Duration)>,
    /// Answers for which a thread waited.
    answers: Counter,
}

impl Connection {
    pub(super) fn new(access: Access, host: Arc<Host>, client: Client, driver: Driver, answers: Counter) -> Connection {
        Connection {
            access,
            generation: host.generation(),
            host,
            client: Arc::new(client),
            driver,
            statements: RefCell::default(),
            later: RefCell::default(),
            trouble: RefCell::default(),
            gives_way: Cell::new(false),
            plans: Cell::new((Instant::now() + bounds::PLANS_KEPT_FIRST, bounds::PLANS_KEPT_FIRST)),
            answers,
        }
    }

    /// Whether another transaction can be begun on it.
    pub(super) fn is_sound(&self) -> bool {
        self.driver.tick();
        self.host.generation() == self.generation
            && !self.client.is_closed()
            && !matches!(*self.trouble.borrow(), Some(Trouble::Lost(_)))
    }

    /// What went wrong since the transaction began.
    pub(super) fn trouble(&self) -> Option<Trouble> {
        self.trouble.borrow().clone()
    }

    /// Ends the transaction with this error, even if the closure ignores it.
    pub(super) fn spoil(&self, trouble: Trouble) -> StoreError {
        let error = trouble.error().clone();
        self.trouble.borrow_mut().get_or_insert(trouble);
        error
    }

    /// Whether the job that runs now waits for no lock, but is undone and runs again later.
    pub(super) fn set_gives_way(&self, gives_way: bool) {
        self.gives_way.set(gives_way);
    }

    /// Undoes a job that gives way: not all the rows that it locks were free.
    pub(super) fn yield_to_others(&self) -> StoreError {
        self.spoil(Trouble::Again(StoreError::InTheWay("it has locked what this one needs".to_owned())))
    }

    /// Whether it does.
    pub(super) fn gives_way(&self) -> bool {
        self.gives_way.get()
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
        self.later.borrow_mut().clear();
    }

    /// Begins a transaction; its first answer comes with that of the statement that follows.
    pub(super) fn begin(&self, sql: &str) {
        self.begin_anew();
        self.forget_old_plans();
        self.send(sql);
    }

    /// Lets the database plan the statements anew from time to time, at growing intervals. It keeps a plan until it has counted
    /// the rows of a table again, and a plan that it made while the table was empty may read all of it for one row.
    fn forget_old_plans(&self) {
        let (until, kept) = self.plans.get();
        if Instant::now() >= until {
            let kept = (kept * 2).min(bounds::PLANS_KEPT_MAX);
            self.plans.set((Instant::now() + kept, kept));
            self.send("DISCARD PLANS");
        }
    }

    /// Ends the transaction. Sends the rollback without waiting for it.
    pub(super) fn rollback(&self) {
        self.send("ROLLBACK");
        self.driver.tick();
    }

    /// Waits for an answer.
    pub(super) fn answer<T>(
        &self,
        future: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, StoreError> {
        self.answer_within(self.access.patience, future)
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
        // One that came with an earlier one is there already.
        if let Poll::Ready(answer) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return self.heard(answer);
        }
        self.answers.inc();
        while waited < patience {
            let look = self.access.look().min(patience - waited);
            if let Some(answer) = self.driver.wait(look, future.as_mut()) {
                return self.heard(answer);
            }
            waited += look;
            if self.host.has_lost(self.generation) {
                return Err(self.lose("the database's host does not serve any more"));
            }
            if waited >= self.access.silence_max {
                self.access.ask(&self.host, self.access.silence_max);
            }
        }
        self.access.hosts.leave(&self.host);
        Err(self.lose("the database does not answer"))
    }

    fn heard<T>(&self, answer: Result<T, tokio_postgres::Error>) -> Result<T, StoreError> {
        self.host.listen(&answer);
        answer.map_err(|error| self.spoil(trouble(&self.first_of(error), self.gives_way.get())))
    }

    fn lose(&self, why: &str) -> StoreError {
        self.spoil(Trouble::Lost(StoreError::Unavailable(why.to_owned())))
    }

    /// The statement that failed first: what follows a failed one fails of that.
    fn first_of(&self, error: tokio_postgres::Error) -> tokio_postgres::Error {
        let mut context = Context::from_waker(Waker::noop());
        for mut later in self.later.borrow_mut().drain(..) {
            if let Poll::Ready(Err(earlier)) = later.answer.as_mut().poll(&mut context) {
                return earlier;
            }
        }
        error
    }

    pub(super) fn statement(&self, statement: Statement) -> Result<Prepared, StoreError> {
        if let Some(prepared) = self.statements.borrow().get(statement.sql()) {
            return Ok(prepared.clone());
        }
        let prepared = self.answer(self.client.prepare(statement.sql()))?;
        self.statements.borrow_mut().insert(statement.sql(), prepared.clone());
        Ok(prepared)
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Runs a statement; returns how many rows it changed.
    pub(super) fn execute(&self, statement: Statement, values: Values<'_>) -> Result<u64, StoreError> {
        let prepared = self.statement(statement)?;
        self.answer(self.client.execute(&prepared, values))
    }

    /// Sends a statement that changes rows, and continues. [`Connection::collect`], which ends every job, reads its
    /// result and gives `check` the number of changed rows.
    pub(super) fn execute_later(
        &self,
        statement: Statement,
        values: OwnedValues,
        check: impl FnOnce(&Connection, u64) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        self.put_on_its_way(statement, values, 0, Box::new(check))
    }

    /// The same for one of the statements that insert many rows, which has so many bytes: the database works on it while the
    /// caller makes the next one. Beyond a bound of bytes on their way it waits for the oldest.
    pub(super) fn insert_later(
        &self,
        statement: Statement,
        values: OwnedValues,
        bytes: usize,
    ) -> Result<(), StoreError> {
        self.put_on_its_way(statement, values, bytes, Box::new(|_, _| Ok(())))?;
        if bytes >= bounds::STATEMENT_BYTES {
            self.driver.tick();
        }
        while let Some(oldest) = self.oldest_of_too_many() {
            self.collect_one(oldest)?;
        }
        Ok(())
    }

    fn oldest_of_too_many(&self) -> Option<Later> {
        let mut later = self.later.borrow_mut();
        let on_their_way: usize = later.iter().map(|statement| statement.bytes).sum();
        if on_their_way > bounds::STATEMENT_BYTES_ON_THEIR_WAY_MAX { later.pop_front() } else { None }
    }

    fn put_on_its_way(
        &self,
        statement: Statement,
        values: OwnedValues,
        bytes: usize,
        check: Check,
    ) -> Result<(), StoreError> {
        let prepared = self.statement(statement)?;
        if let Some(trouble) = &*self.trouble.borrow() {
            return Err(trouble.error().clone());
        }
        let client = Arc::clone(&self.client);
        let mut answer: Pin<Box<dyn Future<Output = _> + Send>> =
            Box::pin(async move { client.execute_raw(&prepared, values).await });
        // One poll puts it on its way. Only what could not be sent has an answer already.
        if let Poll::Ready(unsent) = answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            answer = Box::pin(std::future::ready(unsent));
        }
        self.later.borrow_mut().push_back(Later { answer, check, bytes });
        Ok(())
    }

    /// Waits for everything that is on its way; the first thing that went wrong is the transaction's trouble.
    pub(super) fn collect(&self) {
        loop {
            let next = self.later.borrow_mut().pop_front();
            match next.map(|next| self.collect_one(next)) {
                Some(Ok(())) => {}
                Some(Err(_)) | None => return,
            }
        }
    }

    fn collect_one(&self, Later { answer, check, .. }: Later) -> Result<(), StoreError> {
        let checked = self.answer(answer).and_then(|changed| check(self, changed));
        checked.map_err(|error| self.spoil(Trouble::Failed(error)))
    }

    /// Inserts one row and returns its id.
    pub(super) fn insert(&self, statement: Statement, values: Values<'_>) -> Result<i64, StoreError> {
        self.optional(statement, values, |row| row.integer())?.ok_or(StoreError::Missing("row"))
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
        statement: Statement,
        values: Values<'_>,
        read: impl FnOnce(&mut Columns<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let prepared = self.statement(statement)?;
        let row = self.answer(self.client.query_opt(&prepared, values))?;
        row.map(|row| read(&mut Columns::of(&row))).transpose()
    }

    /// The one row of a sum or a count.
    pub(super) fn one<T>(
        &self,
        statement: Statement,
        values: Values<'_>,
        read: impl FnOnce(&mut Columns<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.optional(statement, values, read)?.ok_or(StoreError::Missing("row"))
    }

    /// All rows, as they came.
    pub(super) fn rows(
        &self,
        statement: Statement,
        values: Values<'_>,
    ) -> Result<Vec<tokio_postgres::Row>, StoreError> {
        let prepared = self.statement(statement)?;
        self.answer(self.client.query(&prepared, values))
    }

    /// All rows.
    pub(super) fn list<T>(
        &self,
        statement: Statement,
        values: Values<'_>,
        mut read: impl FnMut(&mut Columns<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.rows(statement, values)?;
        rows.iter().map(|row| read(&mut Columns::of(row))).collect()
    }

    /// All rows of a question over everything, a page in memory at a time. Within a transaction.
    pub(super) fn all(
        &self,
        statement: Statement,
        each: &mut dyn FnMut(&mut Columns<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        const FETCH: &str = "FETCH FORWARD 5000 FROM everything";
        self.batch("SAVEPOINT everything")?;
        let walked =
            self.batch_unhurried(&format!("DECLARE everything NO SCROLL CURSOR FOR {}", statement.sql())).and_then(
                |()| loop {
                    // Not prepared: the cursor's columns are others each time.
                    let rows = self.answer_within(bounds::UNHURRIED_MAX, self.client.query(FETCH, &[]))?;
                    if rows.is_empty() {
                        return Ok(());
                    }
                    rows.iter().try_for_each(|row| each(&mut Columns::of(row)))?;
                },
            );
        match &walked {
            // The statement may have failed over a damaged row: the transaction goes on as if it had not been sent.
            Err(StoreError::Corrupt(_)) => {
                self.trouble.borrow_mut().take_if(|trouble| matches!(trouble, Trouble::Failed(_)));
                self.batch("ROLLBACK TO everything; RELEASE everything")?;
            }
            Err(_) => {}
            Ok(()) => self.batch("CLOSE everything; RELEASE everything")?,
        }
        walked
    }
}
