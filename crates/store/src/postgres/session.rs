//! One transaction or snapshot, as the contract sees it. Each topic's file implements the topic for it; topics written
//! once for both engines (`crate::plain`) come here as statements with values.
//!
//! A snapshot is one state. A transaction sees at each statement what is committed by then. The rows on which it
//! decides do not change, because it locks them when it reads them:
//!
//! | read by | locked until the end | against |
//! |---|---|---|
//! | `business_day`, `book` | the business day, shared | bookings on a day that is over |
//! | `identity` | the certificate, shared | payments after a revocation |
//! | `lock_registration` | issuing to the online user | more certificates than may overlap |
//! | `enrolment_code` | the code | codes used twice |
//! | `insert_submission`, `activations` | the client | two decisions about its messages that do not see each other |
//! | `book` | the accounts, in the order of their ids | balances, holds and use of limits that overwrite each other |
//! | `accounts`, `accounts_by_iban` in a job that runs again | the same | a job that is always overtaken |
//! | `lot`, `lots` | the lots, in the order of their ids | steps taken twice |
//! | `last_sequence`, `account_days`, `balance_before`, `entries`, `audit` | the sequencer | sums that disagree |
//!
//! Every use case takes locks in this order. The database resolves the deadlocks that remain, and the store runs one of the
//! jobs again. Keys never change, so no lock keeps others from referring to a row.

use std::collections::HashMap;

use ledger::{AccountId, AccountState, Limits};
use payments::MessageId;
use tokio_postgres::types::{ToSql, Type};

use super::connection::{Connection, Values};
use super::news::TELL;
use super::node::Own;
use super::sequencer::Pending;
use crate::codec::Columns;
use crate::plain::executor::{Executor, Plain, Value};
use crate::statement::{Locks, Statement};
use crate::unit_of_work::Loaded;
use crate::{Deciding, Reading, StoreError, Writing};

/// State and limits of accounts as a transaction has read them without a lock.
type Seen = HashMap<AccountId, (AccountState, Limits)>;

/// A transaction that its owner has begun and will end.
pub(super) struct Session<'c> {
    pub(super) connection: &'c Connection,
    pub(super) own: Own,
    pub(super) locks: Locks,
    wrote: bool,
    announced: bool,
    changes_rights: bool,
    /// Rows loaded for decisions.
    pub(super) loaded: Loaded,
    /// What changes of accounts may rest on.
    pub(super) seen: Seen,
    pub(super) pending: Pending,
    /// A submission that is to be answered here, is not active, and stays so as long as this transaction leaves it.
    pub(super) open: Option<MessageId>,
}

impl<'c> Session<'c> {
    pub(super) fn reading(connection: &'c Connection, own: Own) -> Session<'c> {
        Session {
            connection,
            own,
            locks: Locks::None,
            wrote: false,
            announced: false,
            changes_rights: false,
            loaded: Loaded::default(),
            seen: Seen::default(),
            pending: Pending::default(),
            open: None,
        }
    }

    /// `again`: the job has run before, and another one was in its way. `pending`: the transaction's additions so far.
    pub(super) fn writing(connection: &'c Connection, own: Own, again: bool, pending: Pending) -> Session<'c> {
        let locks = if again { Locks::Again } else { Locks::Waiting };
        Session { locks, pending, ..Session::reading(connection, own) }
    }

    /// Whether there is anything to commit.
    pub(super) fn has_written(&self) -> bool {
        self.wrote
    }

    /// The transaction's additions so far.
    pub(super) fn into_pending(self) -> Pending {
        self.pending
    }

    /// The connection for a change.
    pub(super) fn changing(&mut self) -> &'c Connection {
        self.wrote = true;
        self.connection
    }

    /// The same for a change that others may be waiting for.
    pub(super) fn announcing(&mut self) -> &'c Connection {
        self.announce();
        self.changing()
    }

    /// The same for a look at bookings: no other transaction books meanwhile, and this transaction's additions are
    /// included.
    pub(super) fn booked(&mut self) -> Result<&'c Connection, StoreError> {
        self.settle()?;
        Ok(self.connection)
    }

    fn with_values<T>(
        &self,
        statement: Statement,
        values: &[Value<'_>],
        run: impl FnOnce(Values<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let prepared = self.connection.statement(statement)?;
        if prepared.params().len() != values.len() {
            return Err(StoreError::Refused(format!("{} values for {:?}", values.len(), statement.sql())));
        }
        let values: Vec<Box<dyn ToSql + Sync + '_>> = values
            .iter()
            .zip(prepared.params())
            .map(|(value, of_type)| parameter(value, of_type))
            .collect::<Result<_, _>>()?;
        run(&values.iter().map(|value| &**value as &(dyn ToSql + Sync)).collect::<Vec<_>>())
    }
}

/// A value as the type that the statement wants: integers have several widths here.
fn parameter<'v>(value: &'v Value<'_>, of_type: &Type) -> Result<Box<dyn ToSql + Sync + 'v>, StoreError> {
    let wide = |_| StoreError::TooBig("an integer of a narrow column");
    Ok(match (*value, of_type) {
        (Value::Integer(value), &Type::INT2) => Box::new(i16::try_from(value).map_err(wide)?),
        (Value::Integer(value), &Type::INT4) => Box::new(i32::try_from(value).map_err(wide)?),
        (Value::Integer(value), _) => Box::new(value),
        (Value::Text(text), _) => Box::new(text),
        (Value::Bytes(bytes), _) => Box::new(bytes),
        (Value::Integers(list), _) => Box::new(list),
        (Value::Null, &Type::INT2) => Box::new(None::<i16>),
        (Value::Null, &Type::INT4) => Box::new(None::<i32>),
        (Value::Null, &Type::TEXT) => Box::new(None::<&str>),
        (Value::Null, &Type::BYTEA) => Box::new(None::<&[u8]>),
        (Value::Null, _) => Box::new(None::<i64>),
    })
}

impl Executor for Session<'_> {
    fn read_wanted(
        &mut self,
        statement: &Plain,
        values: &[Value<'_>],
        wanted: usize,
        each: &mut dyn FnMut(&mut Columns<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (locking, gives_way) = (&statement.postgres, self.connection.gives_way());
        let form = locking.form(self.locks, gives_way);
        let rows = self.with_values(form, values, |values| self.connection.rows(form, values))?;
        if rows.len() < wanted && locking.leaves_out(self.locks, gives_way) {
            return Err(self.connection.yield_to_others());
        }
        rows.iter().try_for_each(|row| each(&mut Columns::of(row)))
    }

    fn change(&mut self, statement: &Plain, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let (connection, form) = (self.changing(), statement.postgres.form(Locks::None, false));
        self.with_values(form, values, |values| connection.execute(form, values))
    }

    fn change_one(&mut self, statement: &Plain, values: &[Value<'_>]) -> Result<Option<i64>, StoreError> {
        let (connection, form) = (self.changing(), statement.postgres.form(Locks::None, false));
        self.with_values(form, values, |values| connection.optional(form, values, |row| row.integer()))
    }

    /// Sent with the next statement; the database notifies once.
    fn announce(&mut self) {
        if !std::mem::replace(&mut self.announced, true) {
            self.connection.send(TELL);
        }
    }

    /// The database's triggers count the change, and notify.
    fn change_rights(&mut self) {
        self.changes_rights = true;
    }

    fn rights_are_changed(&self) -> bool {
        self.changes_rights
    }

    fn settle(&mut self) -> Result<(), StoreError> {
        if self.locks == Locks::None { Ok(()) } else { self.pending.settle(self.connection) }
    }
}

impl Reading for Session<'_> {}

impl Deciding for Session<'_> {}

impl Writing for Session<'_> {}
