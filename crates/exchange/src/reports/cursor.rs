//! Where the pages of a report begin, and which of its entries stand on one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;
use store::{EntryRange, Reading, Report, ReportId};

use crate::Failure;
use crate::bounds::REPORTS_REMEMBERED_MAX;

/// Where the pages of reports begin, as far as they were read: reading on needs no counting from the start.
#[derive(Debug, Default)]
pub(crate) struct PageCursors {
    known: Mutex<HashMap<ReportId, Vec<Cursor>>>,
}

/// Where a page begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor {
    pub(crate) after: Option<(Date, i64)>,
    /// Booked balance before its first entry.
    pub(crate) balance: i64,
}

/// The entries of one page.
pub(super) fn range(report: &Report, after: Option<(Date, i64)>, limit: u32) -> EntryRange {
    EntryRange {
        account: report.account,
        from: report.from,
        to: report.to,
        last_sequence: report.last_sequence,
        after,
        credits_only: report.credits_only,
        limit,
    }
}

impl Cursor {
    /// The place after an entry.
    pub(crate) fn after(self, date: Date, sequence: i64, minor: i64) -> Result<Cursor, Failure> {
        let balance = self.balance.checked_add(minor);
        let balance = balance.ok_or_else(|| Failure::unexpected("a report's balance is more than can be counted"))?;
        Ok(Cursor { after: Some((date, sequence)), balance })
    }
}

impl PageCursors {
    /// Where a page begins; walks there from the nearest known place.
    pub(super) fn find(
        &self,
        reading: &mut dyn Reading,
        report: &Report,
        page: u32,
        entries_per_page: u32,
    ) -> Result<Cursor, Failure> {
        let mut cursors = vec![Cursor { after: None, balance: report.opening }];
        cursors.extend(self.known(report.id));
        let wanted = page as usize - 1;
        while cursors.len() <= wanted {
            let mut cursor = cursors[cursors.len() - 1];
            let mut overflow = Ok(());
            reading.entry_amounts(&range(report, cursor.after, entries_per_page), &mut |date, sequence, minor| {
                match cursor.after(date, sequence, minor) {
                    Ok(next) => cursor = next,
                    Err(failure) => overflow = Err(failure),
                }
                Ok(())
            })?;
            overflow?;
            self.learn(report.id, u32::try_from(cursors.len()).unwrap_or(u32::MAX), cursor);
            cursors.push(cursor);
        }
        Ok(cursors[wanted])
    }

    /// Remembers where page `page` of a report ends and the next one begins.
    pub(super) fn learn(&self, report: ReportId, page: u32, end: Cursor) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REPORTS_REMEMBERED_MAX && !known.contains_key(&report) {
            known.clear();
        }
        let cursors = known.entry(report).or_default();
        // The first page begins where the report does, which needs no remembering.
        if cursors.len() + 1 == page as usize {
            cursors.push(end);
        }
    }

    fn known(&self, report: ReportId) -> Vec<Cursor> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&report).cloned().unwrap_or_default()
    }
}
