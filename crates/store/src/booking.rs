//! Entries on their way in and out: what caused them as columns, the totals of a day, the bounds of a search.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ledger::{AccountId, CreditId, EntrySource, Journal};

use crate::codec::{date, day, packed, unpacked};
use crate::{AccountDay, EntryRange, StoreError};

const OF_PAYMENT: i64 = 0;
const OF_LOT: i64 = 1;
const OF_INCOMING: i64 = 2;
const OF_OPENING: i64 = 3;

/// (`source`, `source_id`, `source_lot`)
pub(crate) fn source_columns(source: EntrySource) -> Result<(i64, i64, Option<u32>), StoreError> {
    Ok(match source {
        EntrySource::Payment { message, ordinal } => (OF_PAYMENT, packed(message, ordinal)?, None),
        EntrySource::Lot { message, lot, first } => (OF_LOT, packed(message, first)?, Some(lot)),
        EntrySource::Incoming { id } => (OF_INCOMING, id.0, None),
        // The column takes no NULL; what stands there is never read.
        EntrySource::Opening => (OF_OPENING, 0, None),
    })
}

pub(crate) fn read_source(source: i64, id: i64, lot: Option<u32>) -> Result<EntrySource, StoreError> {
    match (source, lot) {
        (OF_PAYMENT, None) => {
            let (message, ordinal) = unpacked(id)?;
            Ok(EntrySource::Payment { message, ordinal })
        }
        (OF_LOT, Some(lot)) => {
            let (message, first) = unpacked(id)?;
            Ok(EntrySource::Lot { message, lot, first })
        }
        (OF_INCOMING, None) => Ok(EntrySource::Incoming { id: CreditId(id) }),
        (OF_OPENING, None) => Ok(EntrySource::Opening),
        _ => Err(StoreError::Corrupt(format!("source {source} of an entry, lot {lot:?}"))),
    }
}

/// The amounts that journals add to the totals of their days, by account.
#[derive(Debug, Default)]
pub(crate) struct DayTotals(BTreeMap<(AccountId, Date), AccountDay>);

impl DayTotals {
    pub(crate) fn add(&mut self, journal: &Journal) -> Result<(), StoreError> {
        for entry in &journal.entries {
            let of_day = (entry.account, journal.booking_date);
            let totals = self.0.entry(of_day).or_insert_with(|| empty_day(journal.booking_date));
            add(totals, entry.minor).ok_or(StoreError::TooBig("the totals of a day"))?;
        }
        Ok(())
    }

    /// By account and day.
    pub(crate) fn into_iter(self) -> impl Iterator<Item = (AccountId, AccountDay)> {
        self.0.into_iter().map(|((account, _), totals)| (account, totals))
    }
}

fn empty_day(date: Date) -> AccountDay {
    AccountDay { date, credit: 0, credit_count: 0, debit: 0, debit_count: 0 }
}

fn add(day: &mut AccountDay, minor: i64) -> Option<()> {
    if minor < 0 {
        day.debit = day.debit.checked_sub(minor)?;
        day.debit_count += 1;
    } else {
        day.credit = day.credit.checked_add(minor)?;
        day.credit_count += 1;
    }
    Some(())
}

/// A range of entries as a search compares columns with it.
pub(crate) struct Bounds {
    pub(crate) after_date: i64,
    pub(crate) after_sequence: i64,
    pub(crate) to: i64,
    pub(crate) least: i64,
    pub(crate) most: i64,
}

impl Bounds {
    pub(crate) fn of(range: &EntryRange) -> Bounds {
        // Before the first day, or after the entry given, whichever is later.
        let start = (day(range.from) - 1, i64::MAX);
        let after = range.after.map_or(start, |(date, sequence)| start.max((day(date), sequence)));
        let (least, most) = match range.credits_only {
            None => (i64::MIN, i64::MAX),
            Some(true) => (0, i64::MAX),
            Some(false) => (i64::MIN, -1),
        };
        Bounds { after_date: after.0, after_sequence: after.1, to: day(range.to), least, most }
    }
}

/// The dates of the entry before; most entries have the same.
#[derive(Default)]
pub(crate) struct Dates {
    pub(crate) booking: LastDate,
    pub(crate) value: LastDate,
}

#[derive(Default)]
pub(crate) struct LastDate(Option<(i64, Date)>);

impl LastDate {
    pub(crate) fn date(&mut self, day: i64) -> Result<Date, StoreError> {
        match self.0 {
            Some((last, date)) if last == day => Ok(date),
            _ => Ok(self.0.insert((day, date(day)?)).1),
        }
    }
}
