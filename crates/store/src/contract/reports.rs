//! Reports that online users asked for.

use crate::{OnlineUserId, Report, ReportId, StoreError};

/// Reads reports.
pub trait ReadReports {
    /// A report.
    fn report(&mut self, id: ReportId) -> Result<Option<Report>, StoreError>;

    /// The reports of an online user, by id, after the given one, at most `limit`.
    fn reports_of(
        &mut self,
        user: OnlineUserId,
        after: Option<ReportId>,
        limit: u32,
    ) -> Result<Vec<Report>, StoreError>;
}

/// Adds reports; none is ever changed.
pub trait WriteReports: ReadReports {
    /// Stores a report (id and number in the argument are ignored) and returns it with id and number. Numbers count from 1 for
    /// each account and message type, without gaps.
    fn insert_report(&mut self, report: &Report) -> Result<Report, StoreError>;
}
