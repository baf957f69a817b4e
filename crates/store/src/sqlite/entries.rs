//! Entries: booking journals, day totals, and reading them back with what caused them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{AccountId, CreditId, EntryKind, EntrySource, Journal};
use payments::PaymentId;
use rusqlite::{Connection, params};

use super::codec::failed;
use super::query::{execute, list, one, optional, prepare};
use super::session::Session;
use crate::booking::{Bounds, Dates, DayTotals, read_source, source_columns};
use crate::codec::{Coded, Columns, day, packed_payment, timestamp, unpacked_payment};
use crate::row_mapping::read_day;
use crate::statement::statements;
use crate::{
    AccountDay, EntryCause, EntryRange, EntryView, IncomingCredit, Original, ReadEntries, StoreError, WriteEntries,
};

statements! {
    const LAST_SEQUENCE: Statement = ("SELECT last_sequence FROM state");
    const MOVE_SEQUENCE: Statement = ("UPDATE state SET last_sequence = ?1");
    const BALANCE_BEFORE: Statement = ("SELECT coalesce(sum(credit - debit), 0) FROM account_day WHERE account = ?1 AND date < ?2");
    const DAYS: Statement = ("SELECT date, credit, credit_count, debit, debit_count FROM account_day
        WHERE account = ?1 AND date BETWEEN ?2 AND ?3 ORDER BY date");
    const CURRENCY: Statement = ("SELECT currency FROM account WHERE id = ?1");
    const APPEND: Statement = ("INSERT INTO entry (account, booking_date, sequence, value_date, minor, kind, source,
            source_id, source_lot, counter_account)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    const ADD_TO_DAY: Statement = ("INSERT INTO account_day (account, date, credit, credit_count, debit, debit_count)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (account, date) DO UPDATE SET
            credit = credit + excluded.credit, credit_count = credit_count + excluded.credit_count,
            debit = debit + excluded.debit, debit_count = debit_count + excluded.debit_count");
    /// Blocks and messages are not joined: neighbouring entries mostly share them, see `Causes`.
    const ENTRIES: Statement = ("SELECT e.sequence, e.booking_date, e.value_date, e.minor, e.kind, e.source, e.source_id,
            e.source_lot, p.block, p.record
        FROM entry e LEFT JOIN payment p ON e.source = 0 AND p.id = e.source_id
        WHERE e.account = ?1 AND (e.booking_date, e.sequence) > (?2, ?3) AND e.booking_date <= ?4
          AND e.sequence <= ?5 AND e.minor BETWEEN ?6 AND ?7
        ORDER BY e.booking_date, e.sequence LIMIT ?8");
    const AMOUNTS: Statement = ("SELECT booking_date, sequence, minor FROM entry
        WHERE account = ?1 AND (booking_date, sequence) > (?2, ?3) AND booking_date <= ?4 AND sequence <= ?5
          AND minor BETWEEN ?6 AND ?7
        ORDER BY booking_date, sequence LIMIT ?8");
    const BLOCK_CAUSE: Statement = ("SELECT m.message_id, b.payment_information_id, b.debtor_name, b.debtor_iban
        FROM block b JOIN message m ON m.id = b.message WHERE b.message = ?1 AND b.number = ?2");
    const CREDIT_CAUSE: Statement = ("SELECT account, minor, debtor_name, debtor_iban, end_to_end_id, remittance, returned,
            arrived_at, record
        FROM incoming_credit WHERE id = ?1");
    const ORIGINAL_CAUSE: Statement = ("SELECT m.message_id, b.payment_information_id, p.record
        FROM payment p JOIN block b ON b.message = ?2 AND b.number = p.block JOIN message m ON m.id = b.message
        WHERE p.id = ?1");
}

impl ReadEntries for Session<'_> {
    fn last_sequence(&mut self) -> Result<i64, StoreError> {
        let last = optional(self.connection()?, LAST_SEQUENCE, [], |row| row.integer())?;
        last.ok_or(StoreError::Missing("state"))
    }

    fn balance_before(&mut self, account: AccountId, date: Date) -> Result<i64, StoreError> {
        one(self.connection()?, BALANCE_BEFORE, [account.0, day(date)], |row| row.integer())
    }

    fn account_days(&mut self, account: AccountId, from: Date, to: Date) -> Result<Vec<AccountDay>, StoreError> {
        list(self.connection()?, DAYS, [account.0, day(from), day(to)], read_day)
    }

    fn entry_amounts(
        &mut self,
        range: &EntryRange,
        each: &mut dyn FnMut(Date, i64, i64) -> Result<(), StoreError>,
    ) -> Result<u32, StoreError> {
        let mut statement = prepare(self.connection()?, AMOUNTS)?;
        let mut rows = statement.query(values_of(range)).map_err(failed)?;
        let mut dates = Dates::default();
        let mut given = 0;
        while let Some(row) = rows.next().map_err(failed)? {
            let mut columns = Columns::of(row);
            each(dates.booking.date(columns.integer()?)?, columns.integer()?, columns.integer()?)?;
            given += 1;
        }
        Ok(given)
    }

    fn entries(
        &mut self,
        range: &EntryRange,
        each: &mut dyn FnMut(EntryView<'_>) -> Result<(), StoreError>,
    ) -> Result<u32, StoreError> {
        let connection = self.connection()?;
        let mut statement = prepare(connection, ENTRIES)?;
        let mut rows = statement.query(values_of(range)).map_err(failed)?;
        let mut causes = Causes::new(connection);
        let mut dates = Dates::default();
        let mut given = 0;
        while let Some(row) = rows.next().map_err(failed)? {
            let mut columns = Columns::of(row);
            let sequence = columns.integer()?;
            let booking_date = dates.booking.date(columns.integer()?)?;
            let value_date = dates.value.date(columns.integer()?)?;
            let minor = columns.integer()?;
            let kind: EntryKind = columns.code()?;
            let source = read_source(columns.integer()?, columns.integer()?, columns.small_if_any()?)?;
            let cause = match source {
                EntrySource::Payment { message, .. } => {
                    let block = columns.small()?;
                    causes.payment(message, block, columns.bytes_ref()?)?
                }
                EntrySource::Incoming { id } => causes.incoming(id)?,
                EntrySource::Lot { .. } | EntrySource::Opening => EntryCause::None,
            };
            each(EntryView { sequence, booking_date, value_date, minor, kind, source, cause })?;
            given += 1;
        }
        Ok(given)
    }
}

impl WriteEntries for Session<'_> {
    fn append_journals(&mut self, journals: &[&Journal]) -> Result<(), StoreError> {
        let mut last = self.last_sequence()?;
        let connection = self.connection()?;
        let (mut rows, mut days) = (Vec::new(), DayTotals::default());
        for journal in journals {
            journal.check().map_err(|error| StoreError::Refused(error.to_string()))?;
            self.check_currency(journal)?;
            days.add(journal)?;
            for entry in &journal.entries {
                last += 1;
                rows.push((entry.account, day(journal.booking_date), last, day(journal.value_date), entry));
            }
        }
        // Sequences follow the journals; rows go in by account, so that each account's pages are filled one after another.
        rows.sort_unstable_by_key(|(account, booking_date, sequence, ..)| (*account, *booking_date, *sequence));
        let mut statement = prepare(connection, APPEND)?;
        for (account, booking_date, sequence, value_date, entry) in rows {
            let (source, source_id, source_lot) = source_columns(entry.source)?;
            let counter_account = entry.counter_account.map(|account| account.0);
            let (kind, minor) = (entry.kind.code(), entry.minor);
            let values = params![
                account.0,
                booking_date,
                sequence,
                value_date,
                minor,
                kind,
                source,
                source_id,
                source_lot,
                counter_account,
            ];
            statement.execute(values).map_err(failed)?;
        }
        let mut statement = prepare(connection, ADD_TO_DAY)?;
        for (account, totals) in days.into_iter() {
            let values = params![
                account.0,
                day(totals.date),
                totals.credit,
                totals.credit_count as i64,
                totals.debit,
                totals.debit_count as i64,
            ];
            statement.execute(values).map_err(failed)?;
        }
        execute(connection, MOVE_SEQUENCE, [last]).map(drop)
    }
}

impl Session<'_> {
    /// Accounts of a journal exist and have its currency.
    fn check_currency(&self, journal: &Journal) -> Result<(), StoreError> {
        let accounts: BTreeSet<AccountId> = journal.entries.iter().map(|entry| entry.account).collect();
        for account in accounts {
            let currency = match self.loaded.account(account) {
                Some(known) => Some(known.currency),
                None => optional(self.connection()?, CURRENCY, [account.0], |row| row.currency())?,
            };
            if currency.ok_or(StoreError::Missing("account of an entry"))? != journal.currency {
                return Err(StoreError::Refused(format!(
                    "account {} has another currency than the journal",
                    account.0
                )));
            }
        }
        Ok(())
    }
}

/// The values of a statement that reads a range.
fn values_of(range: &EntryRange) -> [i64; 8] {
    let Bounds { after_date, after_sequence, to, least, most } = Bounds::of(range);
    [range.account.0, after_date, after_sequence, to, range.last_sequence, least, most, i64::from(range.limit)]
}

/// The block of the entry before, and room for an incoming credit: read again only when it is another one, into the
/// same memory.
struct Causes<'c> {
    connection: &'c Connection,
    block: Option<(i64, u32)>,
    message_id: String,
    payment_information_id: String,
    debtor_name: String,
    debtor_iban: String,
    credit: IncomingCredit,
    original: OriginalCause,
}

/// The shown details of the payment that a credit returns.
#[derive(Default)]
struct OriginalCause {
    message_id: String,
    payment_information_id: String,
    record: Vec<u8>,
}

impl<'c> Causes<'c> {
    fn new(connection: &'c Connection) -> Causes<'c> {
        Causes {
            connection,
            block: None,
            message_id: String::new(),
            payment_information_id: String::new(),
            debtor_name: String::new(),
            debtor_iban: String::new(),
            credit: IncomingCredit {
                account: AccountId(0),
                minor: 0,
                debtor_name: String::new(),
                debtor_iban: String::new(),
                end_to_end_id: String::new(),
                remittance: String::new(),
                record: None,
                returned: None,
                arrived_at: Timestamp::UNIX_EPOCH,
            },
            original: OriginalCause::default(),
        }
    }

    fn payment<'s>(&'s mut self, message: i64, block: u32, record: &'s [u8]) -> Result<EntryCause<'s>, StoreError> {
        if self.block != Some((message, block)) {
            let found = optional(self.connection, BLOCK_CAUSE, [message, i64::from(block)], |row| {
                set(&mut self.message_id, row.text_ref()?);
                set(&mut self.payment_information_id, row.text_ref()?);
                set(&mut self.debtor_name, row.text_ref()?);
                set(&mut self.debtor_iban, row.text_ref()?);
                Ok(())
            })?;
            found.ok_or_else(|| StoreError::Corrupt(format!("block {block} of message {message} is missing")))?;
            self.block = Some((message, block));
        }
        Ok(EntryCause::Payment {
            message_id: &self.message_id,
            payment_information_id: &self.payment_information_id,
            debtor_name: &self.debtor_name,
            debtor_iban: &self.debtor_iban,
            record,
        })
    }

    fn incoming(&mut self, id: CreditId) -> Result<EntryCause<'_>, StoreError> {
        let credit = &mut self.credit;
        let found = optional(self.connection, CREDIT_CAUSE, [id.0], |row| {
            credit.account = AccountId(row.integer()?);
            credit.minor = row.integer()?;
            set(&mut credit.debtor_name, row.text_ref()?);
            set(&mut credit.debtor_iban, row.text_ref()?);
            set(&mut credit.end_to_end_id, row.text_ref()?);
            set(&mut credit.remittance, row.text_ref()?);
            credit.returned = row.integer_if_any()?.map(unpacked_payment).transpose()?;
            credit.arrived_at = timestamp(row.integer()?)?;
            credit.record = row.bytes_if_any()?;
            Ok(())
        })?;
        found.ok_or_else(|| StoreError::Corrupt(format!("incoming credit {} is missing", id.0)))?;
        let has_original = match self.credit.returned {
            Some(payment) => self.find_original(payment)?,
            None => false,
        };
        let OriginalCause { message_id, payment_information_id, record } = &self.original;
        let original = has_original.then_some(Original { message_id, payment_information_id, record });
        Ok(EntryCause::Incoming { credit: &self.credit, original })
    }

    fn find_original(&mut self, payment: PaymentId) -> Result<bool, StoreError> {
        let original = &mut self.original;
        let found = optional(self.connection, ORIGINAL_CAUSE, [packed_payment(payment)?, payment.message.0], |row| {
            set(&mut original.message_id, row.text_ref()?);
            set(&mut original.payment_information_id, row.text_ref()?);
            original.record.clear();
            original.record.extend_from_slice(row.bytes_ref()?);
            Ok(())
        })?;
        Ok(found.is_some())
    }
}

fn set(text: &mut String, value: &str) {
    text.clear();
    text.push_str(value);
}
