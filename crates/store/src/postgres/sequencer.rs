//! The sequencer: numbers rows that grow in the order of commits, entries and the audit chain.
//!
//! One row (table `tail`) counts both, and a transaction that locks it blocks all other commits until its own. So a
//! transaction gathers its bookings and audit lines, and locks the row last, when all else is done: one answer, one
//! bundle of statements, and the commit follow. Readers that page by sequences therefore never miss one that was
//! committed later with a smaller number.
//!
//! A transaction that reads bookings locks the row at that moment, so that sums, days and the newest sequence agree.

use std::future::Future;
use std::pin::Pin;
use std::task::Poll;

use ledger::{AccountId, Journal};
use tokio_postgres::types::ToSql;

use super::connection::Connection;
use crate::booking::{DayTotals, source_columns};
use crate::codec::{Coded, day, micros};
use crate::statement::statements;
use crate::{AuditLine, StoreError, audit_hash, bounds};

statements! {
    /// All other commits wait for this row. So from here on the database ends even a transaction with more time when
    /// its node stands still ([`bounds::STANDING_STILL_MAX`](crate::bounds::STANDING_STILL_MAX), in milliseconds).
    const LOCK: Statement = ("SELECT last_sequence, audit_sequence, audit_hash,
            set_config('idle_in_transaction_session_timeout', '2000', true) FROM tail FOR NO KEY UPDATE");
    const MOVE: Statement = ("UPDATE tail SET last_sequence = $1, audit_sequence = $2, audit_hash = $3");
    const ENTRIES: Statement = ("INSERT INTO entry (account, booking_date, sequence, value_date, minor, kind, source, source_id,
            source_lot, counter_account)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
            $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[])");
    const DAYS: Statement = ("INSERT INTO account_day AS d (account, date, credit, credit_count, debit, debit_count)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
        ON CONFLICT (account, date) DO UPDATE SET
            credit = d.credit + excluded.credit, credit_count = d.credit_count + excluded.credit_count,
            debit = d.debit + excluded.debit, debit_count = d.debit_count + excluded.debit_count");
    const LINES: Statement = ("INSERT INTO audit (sequence, at, actor, action, detail, hash)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bytea[])");
    const TRACE: Statement = ("INSERT INTO job (id) VALUES (gen_random_uuid()) RETURNING id::text");
}

/// Where the row stands, once this transaction has locked it.
#[derive(Clone, Copy, Debug)]
struct Position {
    last_sequence: i64,
    audit_sequence: i64,
    audit_hash: [u8; 32],
}

/// The additions of a transaction.
#[derive(Debug, Default)]
pub(super) struct Pending {
    journals: Vec<Journal>,
    lines: Vec<AuditLine>,
    /// How often the row is to be written as it is.
    proofs: usize,
    done: Done,
}

/// How far it has been written.
#[derive(Clone, Copy, Debug, Default)]
struct Done {
    journals: usize,
    lines: usize,
    proofs: usize,
    position: Option<Position>,
}

/// How far a transaction had come at a savepoint.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    journals: usize,
    lines: usize,
    proofs: usize,
    done: Done,
}

/// Rows of entries, column by column.
#[derive(Default)]
struct EntryColumns {
    account: Vec<i64>,
    booking_date: Vec<i64>,
    sequence: Vec<i64>,
    value_date: Vec<i64>,
    minor: Vec<i64>,
    kind: Vec<i64>,
    source: Vec<i64>,
    source_id: Vec<i64>,
    source_lot: Vec<Option<i64>>,
    counter_account: Vec<Option<i64>>,
}

/// Some of them, as one statement inserts them.
struct EntryPart<'e> {
    account: &'e [i64],
    booking_date: &'e [i64],
    sequence: &'e [i64],
    value_date: &'e [i64],
    minor: &'e [i64],
    kind: &'e [i64],
    source: &'e [i64],
    source_id: &'e [i64],
    source_lot: &'e [Option<i64>],
    counter_account: &'e [Option<i64>],
}

/// Rows of the totals of days, column by column.
#[derive(Default)]
struct DayColumns {
    account: Vec<i64>,
    date: Vec<i64>,
    credit: Vec<i64>,
    credit_count: Vec<i64>,
    debit: Vec<i64>,
    debit_count: Vec<i64>,
}

/// Rows of the audit chain, column by column.
#[derive(Default)]
struct LineColumns {
    sequence: Vec<i64>,
    at: Vec<i64>,
    actor: Vec<String>,
    action: Vec<String>,
    detail: Vec<String>,
    hash: Vec<Vec<u8>>,
}

impl Pending {
    pub(super) fn book(&mut self, journal: &Journal) {
        self.journals.push(journal.clone());
    }

    pub(super) fn note(&mut self, line: &AuditLine) {
        self.lines.push(line.clone());
    }

    /// Writes the row even if nothing is added: that shows that it can be written.
    pub(super) fn prove(&mut self) {
        self.proofs += 1;
    }

    /// Whether nothing is left to be written.
    pub(super) fn is_empty(&self) -> bool {
        let done = (self.done.journals, self.done.lines, self.done.proofs);
        (self.journals.len(), self.lines.len(), self.proofs) == done
    }

    /// Whether the row is locked.
    pub(super) fn holds_sequencer(&self) -> bool {
        self.done.position.is_some()
    }

    /// What stands now, for a savepoint.
    pub(super) fn mark(&self) -> Mark {
        Mark { journals: self.journals.len(), lines: self.lines.len(), proofs: self.proofs, done: self.done }
    }

    /// The transaction went back to its savepoint.
    pub(super) fn back_to(&mut self, mark: Mark) {
        self.journals.truncate(mark.journals);
        self.lines.truncate(mark.lines);
        self.proofs = mark.proofs;
        self.done = mark.done;
    }

    /// Locks the row and writes the gathered additions, for a transaction that reads them itself.
    pub(super) fn settle(&mut self, connection: &Connection) -> Result<(), StoreError> {
        if !self.holds_sequencer() {
            let position = connection.optional(LOCK, &[], read_position)?;
            self.done.position = Some(position.ok_or(StoreError::Missing("sequencer"))?);
        }
        if self.is_empty() { Ok(()) } else { self.write(connection, false) }
    }

    /// Leaves a trace of the transaction and locks the row if there is something to add, in one go. Returns the trace.
    pub(super) fn trace(&mut self, connection: &Connection) -> Result<String, StoreError> {
        for sql in [ENTRIES, DAYS, LINES, MOVE] {
            connection.statement(sql)?;
        }
        let (trace, lock) = (connection.statement(TRACE)?, connection.statement(LOCK)?);
        let client = connection.client();
        let wants_lock = !self.holds_sequencer() && !self.is_empty();
        let (id, locked) = connection.answer(async {
            let locked = async { if wants_lock { client.query_opt(&lock, &[]).await } else { Ok(None) } };
            tokio::try_join!(biased; client.query_one(&trace, &[]), locked)
        })?;
        if wants_lock {
            let row = locked.ok_or(StoreError::Missing("sequencer"))?;
            self.done.position = Some(read_position(&mut crate::codec::Columns::of(&row))?);
        }
        crate::codec::Columns::of(&id).text()
    }

    /// Writes the gathered additions and commits. An error of [`super::codec::Trouble::Lost`] leaves the outcome
    /// unknown.
    pub(super) fn commit(&mut self, connection: &Connection) -> Result<(), StoreError> {
        if self.is_empty() { connection.batch("COMMIT") } else { self.write(connection, true) }
    }

    fn write(&mut self, connection: &Connection, commit: bool) -> Result<(), StoreError> {
        let Some(mut position) = self.done.position else { return Err(StoreError::Missing("sequencer")) };
        let (entries, days) = self.booked(&mut position)?;
        let lines = self.noted(&mut position);
        let statements = [ENTRIES, DAYS, LINES, MOVE].map(|sql| connection.statement(sql));
        let [insert_entries, upsert_days, insert_lines, move_position] = statements;
        let (insert_entries, upsert_days) = (insert_entries?, upsert_days?);
        let (insert_lines, move_position) = (insert_lines?, move_position?);
        let client = connection.client();
        let moved: [&(dyn ToSql + Sync); 3] =
            [&position.last_sequence, &position.audit_sequence, &position.audit_hash.as_slice()];
        let parts = entries.parts();
        let entry_values: Vec<_> = parts.iter().map(EntryPart::values).collect();
        let (day_values, line_values) = (days.values(), lines.values());
        connection.answer(async {
            let booked = async {
                if entries.account.is_empty() {
                    return Ok(());
                }
                let inserted = entry_values.iter().map(|values| client.execute(&insert_entries, values));
                tokio::try_join!(
                    biased;
                    all_sent_at_once(inserted),
                    client.execute(&upsert_days, &day_values)
                )
                .map(drop)
            };
            let noted = async {
                if lines.sequence.is_empty() { Ok(0) } else { client.execute(&insert_lines, &line_values).await }
            };
            let committed = async { if commit { client.batch_execute("COMMIT").await } else { Ok(()) } };
            // In this order on the wire: each is sent when it is first polled.
            tokio::try_join!(biased; booked, noted, client.execute(&move_position, &moved), committed).map(drop)
        })?;
        self.done = Done {
            journals: self.journals.len(),
            lines: self.lines.len(),
            proofs: self.proofs,
            position: Some(position),
        };
        Ok(())
    }

    /// Sequences follow the journals; rows go in by account, so that each account's pages are filled one after another.
    fn booked(&self, position: &mut Position) -> Result<(EntryColumns, DayColumns), StoreError> {
        let mut order: Vec<(AccountId, i64, &Journal, usize)> = Vec::new();
        let mut days = DayTotals::default();
        for journal in &self.journals[self.done.journals..] {
            for (place, entry) in journal.entries.iter().enumerate() {
                position.last_sequence += 1;
                order.push((entry.account, position.last_sequence, journal, place));
            }
            days.add(journal)?;
        }
        order.sort_unstable_by_key(|(account, sequence, journal, _)| (*account, journal.booking_date, *sequence));
        let mut entries = EntryColumns::default();
        for (account, sequence, journal, place) in order {
            let entry = &journal.entries[place];
            let (source, source_id, source_lot) = source_columns(entry.source)?;
            entries.account.push(account.0);
            entries.booking_date.push(day(journal.booking_date));
            entries.sequence.push(sequence);
            entries.value_date.push(day(journal.value_date));
            entries.minor.push(entry.minor);
            entries.kind.push(entry.kind.code());
            entries.source.push(source);
            entries.source_id.push(source_id);
            entries.source_lot.push(source_lot.map(i64::from));
            entries.counter_account.push(entry.counter_account.map(|account| account.0));
        }
        let mut columns = DayColumns::default();
        for (account, totals) in days.into_iter() {
            columns.account.push(account.0);
            columns.date.push(day(totals.date));
            columns.credit.push(totals.credit);
            columns.credit_count.push(totals.credit_count as i64);
            columns.debit.push(totals.debit);
            columns.debit_count.push(totals.debit_count as i64);
        }
        Ok((entries, columns))
    }

    fn noted(&self, position: &mut Position) -> LineColumns {
        let mut lines = LineColumns::default();
        for line in &self.lines[self.done.lines..] {
            position.audit_sequence += 1;
            position.audit_hash = audit_hash(&position.audit_hash, position.audit_sequence, line);
            lines.sequence.push(position.audit_sequence);
            lines.at.push(micros(line.at));
            lines.actor.push(line.actor.clone());
            lines.action.push(line.action.clone());
            lines.detail.push(line.detail.clone());
            lines.hash.push(position.audit_hash.to_vec());
        }
        lines
    }
}

fn read_position(row: &mut crate::codec::Columns<'_>) -> Result<Position, StoreError> {
    Ok(Position { last_sequence: row.integer()?, audit_sequence: row.integer()?, audit_hash: row.digest()? })
}

/// Sends statements one after another, then waits for all of their answers.
async fn all_sent_at_once<S>(statements: impl Iterator<Item = S>) -> Result<(), tokio_postgres::Error>
where
    S: Future<Output = Result<u64, tokio_postgres::Error>>,
{
    let mut waiting: Vec<Pin<Box<S>>> = statements.map(Box::pin).collect();
    std::future::poll_fn(|context| {
        let mut failed = None;
        // The first poll sends.
        waiting.retain_mut(|statement| match statement.as_mut().poll(context) {
            Poll::Pending => true,
            Poll::Ready(Ok(_)) => false,
            Poll::Ready(Err(error)) => {
                failed.get_or_insert(error);
                false
            }
        });
        match failed {
            Some(error) => Poll::Ready(Err(error)),
            None if waiting.is_empty() => Poll::Ready(Ok(())),
            None => Poll::Pending,
        }
    })
    .await
}

impl EntryColumns {
    /// So few rows that the connection, which keeps the memory of its largest statement, keeps little.
    fn parts(&self) -> Vec<EntryPart<'_>> {
        let rows = self.account.len();
        let part = |first: usize| {
            let rows = first..rows.min(first + bounds::INSERT_ROWS_MAX);
            EntryPart {
                account: &self.account[rows.clone()],
                booking_date: &self.booking_date[rows.clone()],
                sequence: &self.sequence[rows.clone()],
                value_date: &self.value_date[rows.clone()],
                minor: &self.minor[rows.clone()],
                kind: &self.kind[rows.clone()],
                source: &self.source[rows.clone()],
                source_id: &self.source_id[rows.clone()],
                source_lot: &self.source_lot[rows.clone()],
                counter_account: &self.counter_account[rows],
            }
        };
        (0..rows).step_by(bounds::INSERT_ROWS_MAX).map(part).collect()
    }
}

impl EntryPart<'_> {
    fn values(&self) -> [&(dyn ToSql + Sync); 10] {
        [
            &self.account,
            &self.booking_date,
            &self.sequence,
            &self.value_date,
            &self.minor,
            &self.kind,
            &self.source,
            &self.source_id,
            &self.source_lot,
            &self.counter_account,
        ]
    }
}

impl DayColumns {
    fn values(&self) -> [&(dyn ToSql + Sync); 6] {
        [&self.account, &self.date, &self.credit, &self.credit_count, &self.debit, &self.debit_count]
    }
}

impl LineColumns {
    fn values(&self) -> [&(dyn ToSql + Sync); 6] {
        [&self.sequence, &self.at, &self.actor, &self.action, &self.detail, &self.hash]
    }
}
