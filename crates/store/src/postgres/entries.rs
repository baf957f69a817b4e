//! Entries: reading them back with what caused them. The sequencer numbers and books them.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use ledger::{AccountId, CreditId, EntrySource, Journal};
use tokio_postgres::types::ToSql;

use super::accounts::check_currency;
use super::connection::Connection;
use super::session::Session;
use crate::booking::{Bounds, Dates, read_source};
use crate::codec::{Columns, day, timestamp, unpacked_payment};
use crate::row_mapping::read_day;
use crate::statement::statements;
use crate::{
    AccountDay, EntryCause, EntryRange, EntryView, IncomingCredit, Original, ReadEntries, StoreError, WriteEntries,
    bounds,
};

statements! {
    const LAST_SEQUENCE: Statement = ("SELECT last_sequence FROM tail");
    const BALANCE_BEFORE: Statement = ("SELECT coalesce(sum(credit - debit), 0)::bigint FROM account_day
        WHERE account = $1 AND date < $2::bigint");
    const DAYS: Statement = ("SELECT date, credit, credit_count, debit, debit_count FROM account_day
        WHERE account = $1 AND date BETWEEN $2::bigint AND $3::bigint ORDER BY date");
    /// First the page, in the order of its index, then what its entries stand for: so the work does not grow with the
    /// account. The first condition on the date follows from the second; the planner does not see it.
    const ENTRIES: Statement = ("SELECT e.sequence, e.booking_date, e.value_date, e.minor, e.kind, e.source, e.source_id,
            e.source_lot, p.block, p.record
        FROM (SELECT * FROM entry
            WHERE account = $1 AND booking_date >= $2::bigint AND (booking_date, sequence) > ($2::bigint, $3)
                AND booking_date <= $4::bigint AND sequence <= $5 AND minor BETWEEN $6 AND $7
            ORDER BY booking_date, sequence LIMIT $8) e
        LEFT JOIN payment p ON e.source = 0 AND p.id = e.source_id
        ORDER BY e.booking_date, e.sequence");
    const AMOUNTS: Statement = ("SELECT booking_date, sequence, minor FROM entry
        WHERE account = $1 AND booking_date >= $2::bigint AND (booking_date, sequence) > ($2::bigint, $3)
            AND booking_date <= $4::bigint AND sequence <= $5 AND minor BETWEEN $6 AND $7
        ORDER BY booking_date, sequence LIMIT $8");
    const BLOCK_CAUSES: Statement = ("SELECT b.message, b.number, m.message_id, b.payment_information_id, b.debtor_name,
            b.debtor_iban
        FROM unnest($1::bigint[], $2::bigint[]) AS w (message, number)
        JOIN block b ON b.message = w.message AND b.number = w.number JOIN message m ON m.id = b.message");
    /// A packed payment has its message in the upper half.
    const CREDIT_CAUSES: Statement = ("SELECT c.id, c.account, c.minor, c.debtor_name, c.debtor_iban, c.end_to_end_id,
            c.remittance, c.returned, c.arrived_at, c.record, m.message_id, b.payment_information_id, p.record
        FROM incoming_credit c LEFT JOIN payment p ON p.id = c.returned
        LEFT JOIN block b ON b.message = c.returned >> 32 AND b.number = p.block
        LEFT JOIN message m ON m.id = b.message
        WHERE c.id = ANY($1::bigint[])");
}

impl ReadEntries for Session<'_> {
    fn last_sequence(&mut self) -> Result<i64, StoreError> {
        let last = self.booked()?.optional(LAST_SEQUENCE, &[], |row| row.integer())?;
        last.ok_or(StoreError::Missing("sequencer"))
    }

    fn balance_before(&mut self, account: AccountId, date: Date) -> Result<i64, StoreError> {
        self.booked()?.one(BALANCE_BEFORE, &[&account.0, &day(date)], |row| row.integer())
    }

    fn account_days(&mut self, account: AccountId, from: Date, to: Date) -> Result<Vec<AccountDay>, StoreError> {
        self.booked()?.list(DAYS, &[&account.0, &day(from), &day(to)], read_day)
    }

    fn entry_amounts(
        &mut self,
        range: &EntryRange,
        each: &mut dyn FnMut(Date, i64, i64) -> Result<(), StoreError>,
    ) -> Result<u32, StoreError> {
        let connection = self.booked()?;
        let mut left = Bounds::of(range);
        let mut dates = Dates::default();
        let mut given = 0;
        while given < range.limit {
            let page = i64::from(range.limit - given).min(bounds::PAGE_ROWS);
            let rows = connection.rows(AMOUNTS, &values_of(range, &left, &page))?;
            for row in &rows {
                let mut columns = Columns::of(row);
                let (booked_on, sequence, minor) = (columns.integer()?, columns.integer()?, columns.integer()?);
                each(dates.booking.date(booked_on)?, sequence, minor)?;
                given += 1;
                (left.after_date, left.after_sequence) = (booked_on, sequence);
            }
            if (rows.len() as i64) < page {
                break;
            }
        }
        Ok(given)
    }

    /// Page by page, so that memory does not grow with the request. Each page takes at most three queries, for any
    /// number of causes.
    fn entries(
        &mut self,
        range: &EntryRange,
        each: &mut dyn FnMut(EntryView<'_>) -> Result<(), StoreError>,
    ) -> Result<u32, StoreError> {
        let connection = self.booked()?;
        let mut bounds_left = Bounds::of(range);
        let mut causes = Causes::default();
        let mut dates = Dates::default();
        let mut given = 0;
        while given < range.limit {
            let page = i64::from(range.limit - given).min(bounds::PAGE_ROWS);
            let rows = connection.rows(ENTRIES, &values_of(range, &bounds_left, &page))?;
            causes.learn(connection, &rows)?;
            for row in &rows {
                let mut columns = Columns::of(row);
                let sequence = columns.integer()?;
                let booked_on = columns.integer()?;
                let booking_date = dates.booking.date(booked_on)?;
                let value_date = dates.value.date(columns.integer()?)?;
                let minor = columns.integer()?;
                let kind = columns.code()?;
                let source = read_source(columns.integer()?, columns.integer()?, columns.small_if_any()?)?;
                let cause = match source {
                    EntrySource::Payment { message, .. } => {
                        causes.payment(message, columns.small()?, columns.bytes_ref()?)?
                    }
                    EntrySource::Incoming { id } => causes.incoming(id)?,
                    EntrySource::Lot { .. } | EntrySource::Opening => EntryCause::None,
                };
                each(EntryView { sequence, booking_date, value_date, minor, kind, source, cause })?;
                given += 1;
                (bounds_left.after_date, bounds_left.after_sequence) = (booked_on, sequence);
            }
            if (rows.len() as i64) < page {
                break;
            }
        }
        Ok(given)
    }
}

impl WriteEntries for Session<'_> {
    fn append_journals(&mut self, journals: &[&Journal]) -> Result<(), StoreError> {
        for journal in journals {
            journal.check().map_err(|error| StoreError::Refused(error.to_string()))?;
            check_currency(self.changing(), &self.loaded, journal)?;
        }
        journals.iter().for_each(|journal| self.pending.book(journal));
        Ok(())
    }
}

/// The values of a statement that reads a page of a range.
fn values_of<'v>(range: &'v EntryRange, left: &'v Bounds, page: &'v i64) -> [&'v (dyn ToSql + Sync); 8] {
    let Bounds { after_date, after_sequence, to, least, most } = left;
    [&range.account.0, after_date, after_sequence, to, &range.last_sequence, least, most, page]
}

/// Blocks and credits that the entries of a page refer to. Those of the pages before are forgotten.
#[derive(Default)]
struct Causes {
    blocks: HashMap<(i64, u32), BlockCause>,
    credits: HashMap<CreditId, (IncomingCredit, Option<OriginalCause>)>,
}

/// The shown details of the payment that a credit returns.
struct OriginalCause {
    message_id: String,
    payment_information_id: String,
    record: Vec<u8>,
}

/// What entries show of a block and its message.
struct BlockCause {
    message_id: String,
    payment_information_id: String,
    debtor_name: String,
    debtor_iban: String,
}

impl Causes {
    fn learn(&mut self, connection: &Connection, rows: &[tokio_postgres::Row]) -> Result<(), StoreError> {
        let (mut blocks, mut credits) = (BTreeSet::new(), Vec::new());
        for row in rows {
            let mut columns = Columns::of(row);
            for _ in 0..5 {
                columns.integer()?;
            }
            match read_source(columns.integer()?, columns.integer()?, columns.small_if_any()?)? {
                EntrySource::Payment { message, .. } => {
                    blocks.insert((message, columns.small()?));
                }
                EntrySource::Incoming { id } => credits.push(id),
                EntrySource::Lot { .. } | EntrySource::Opening => {}
            }
        }
        self.learn_blocks(connection, blocks)?;
        self.learn_credits(connection, credits)
    }

    fn learn_blocks(&mut self, connection: &Connection, wanted: BTreeSet<(i64, u32)>) -> Result<(), StoreError> {
        self.blocks.retain(|block, _| wanted.contains(block));
        let missing: Vec<(i64, u32)> = wanted.into_iter().filter(|block| !self.blocks.contains_key(block)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let messages: Vec<i64> = missing.iter().map(|(message, _)| *message).collect();
        let numbers: Vec<i64> = missing.iter().map(|(_, number)| i64::from(*number)).collect();
        let found = connection.list(BLOCK_CAUSES, &[&messages, &numbers], |row| {
            let key = (row.integer()?, row.small()?);
            let (message_id, payment_information_id) = (row.text()?, row.text()?);
            let (debtor_name, debtor_iban) = (row.text()?, row.text()?);
            Ok((key, BlockCause { message_id, payment_information_id, debtor_name, debtor_iban }))
        })?;
        self.blocks.extend(found);
        Ok(())
    }

    fn learn_credits(&mut self, connection: &Connection, wanted: Vec<CreditId>) -> Result<(), StoreError> {
        self.credits.clear();
        if wanted.is_empty() {
            return Ok(());
        }
        let wanted: Vec<i64> = wanted.into_iter().map(|credit| credit.0).collect();
        let found = connection.list(CREDIT_CAUSES, &[&wanted], |row| {
            let id = CreditId(row.integer()?);
            let credit = IncomingCredit {
                account: AccountId(row.integer()?),
                minor: row.integer()?,
                debtor_name: row.text()?,
                debtor_iban: row.text()?,
                end_to_end_id: row.text()?,
                remittance: row.text()?,
                returned: row.integer_if_any()?.map(unpacked_payment).transpose()?,
                arrived_at: timestamp(row.integer()?)?,
                record: row.bytes_if_any()?,
            };
            let original = (row.text_if_any()?, row.text_if_any()?, row.bytes_if_any()?);
            let original = match original {
                (Some(message_id), Some(payment_information_id), Some(record)) => {
                    Some(OriginalCause { message_id, payment_information_id, record })
                }
                (None, None, None) => None,
                _ => return Err(StoreError::Corrupt(format!("half of the payment that credit {} gives back", id.0))),
            };
            Ok((id, (credit, original)))
        })?;
        self.credits.extend(found);
        Ok(())
    }

    fn payment<'s>(&'s self, message: i64, block: u32, record: &'s [u8]) -> Result<EntryCause<'s>, StoreError> {
        let missing = || StoreError::Corrupt(format!("block {block} of message {message} is missing"));
        let BlockCause { message_id, payment_information_id, debtor_name, debtor_iban } =
            self.blocks.get(&(message, block)).ok_or_else(missing)?;
        Ok(EntryCause::Payment { message_id, payment_information_id, debtor_name, debtor_iban, record })
    }

    fn incoming(&self, id: CreditId) -> Result<EntryCause<'_>, StoreError> {
        let missing = || StoreError::Corrupt(format!("incoming credit {} is missing", id.0));
        let (credit, original) = self.credits.get(&id).ok_or_else(missing)?;
        let original = original.as_ref().map(|original| Original {
            message_id: &original.message_id,
            payment_information_id: &original.payment_information_id,
            record: &original.record,
        });
        Ok(EntryCause::Incoming { credit, original })
    }
}
