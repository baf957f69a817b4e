//! Ordered reports.

use super::executor::{Executor, plain_statements, values};
use crate::codec::{count, day, micros};
use crate::row_mapping::*;
use crate::{OnlineUserId, ReadReports, Report, ReportId, StoreError, WriteReports};

plain_statements! {
    const REPORT = ("SELECT id, ", report_columns!(), " FROM report WHERE id = $1");
    const REPORTS_OF = ("SELECT id, ", report_columns!(), r#" FROM report WHERE "user" = $1 AND id > $2
        ORDER BY id LIMIT $3"#);
    /// In PostgreSQL a row counts, which each transaction that makes such a report locks.
    const NEXT_NUMBER = (
        sqlite: ["SELECT 1 + coalesce(max(number), 0) FROM report WHERE account = $1 AND message_type = $2"],
        postgres: ["INSERT INTO report_number AS n (account, message_type, number) VALUES ($1, $2, 1)
            ON CONFLICT (account, message_type) DO UPDATE SET number = n.number + 1 RETURNING number"],
    );
    const INSERT = ("INSERT INTO report (", report_columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) RETURNING id");
}

impl<S: Executor> ReadReports for S {
    fn report(&mut self, id: ReportId) -> Result<Option<Report>, StoreError> {
        self.optional(&REPORT, values![id.0], read_report)
    }

    fn reports_of(
        &mut self,
        user: OnlineUserId,
        after: Option<ReportId>,
        limit: u32,
    ) -> Result<Vec<Report>, StoreError> {
        let after = after.map_or(BEFORE_FIRST_ID, |after| after.0);
        self.list(&REPORTS_OF, values![user.0, after, limit], read_report)
    }
}

impl<S: Executor> WriteReports for S {
    fn insert_report(&mut self, report: &Report) -> Result<Report, StoreError> {
        let number = self.change_one(&NEXT_NUMBER, values![report.account.0, &report.message_type])?;
        let number = number.ok_or(StoreError::Missing("row"))?;
        let totals = &report.totals;
        let values = values![
            report.user.0,
            &report.message_type,
            &report.message_id,
            &report.request_message_id,
            report.account.0,
            day(report.from),
            day(report.to),
            number,
            report.last_sequence,
            report.last_day_closed,
            report.credits_only,
            report.opening,
            day(totals.date),
            totals.credit,
            count(totals.credit_count),
            totals.debit,
            count(totals.debit_count),
            micros(report.created_at),
            report.daily_balances,
        ];
        let id = self.change_one(&INSERT, values)?.map(ReportId).ok_or(StoreError::Missing("row"))?;
        Ok(Report { id, number, ..report.clone() })
    }
}
