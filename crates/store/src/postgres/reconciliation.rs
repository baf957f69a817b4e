//! The data of the invariants from the rows, for a database at rest.

use payments::invariants::{Facts, PaymentFact};

use super::connection::Connection;
use super::options::WHOLE_TABLES;
use super::session::Session;
use crate::codec::{Columns, unpacked_payment};
use crate::reconciliation::{Everything, all_but_payments, all_or_nothing, readable_rows};
use crate::statement::{Statement, statements};
use crate::{CheckReport, ReadReconciliation, StoreError};

statements! {
    const PAYMENTS: Statement = ("SELECT p.id, p.lot, p.minor, coalesce(d.count, 0), coalesce(d.minor, 0),
            EXISTS (SELECT 1 FROM refusal r WHERE r.message = f.message AND r.first = p.id & 4294967295
                AND (r.lot IS NULL OR r.lot = p.lot))
            OR EXISTS (SELECT 1 FROM refusal r WHERE r.message = f.message AND r.first < r.last
                AND r.first <= p.id & 4294967295 AND r.last >= p.id & 4294967295
                AND (r.lot IS NULL OR r.lot = p.lot))
        FROM flip f JOIN payment p ON p.id BETWEEN f.message << 32 AND (f.message << 32) + 4294967295
        LEFT JOIN (SELECT source_id, count(*) AS count, sum(minor)::bigint AS minor FROM entry
            WHERE source = 0 AND minor < 0 GROUP BY source_id) d ON d.source_id = p.id");
}

impl ReadReconciliation for Session<'_> {
    fn facts(&mut self) -> Result<Facts, StoreError> {
        let connection = self.connection;
        all_or_nothing(|report| facts(connection, report))
    }
}

impl Everything for Connection {
    fn each(
        &self,
        statement: Statement,
        each: &mut dyn FnMut(&mut Columns<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.all(statement, each)
    }
}

pub(super) fn facts(connection: &Connection, report: &mut CheckReport) -> Result<Facts, StoreError> {
    connection.batch(WHOLE_TABLES)?;
    let mut facts = all_but_payments(connection, report)?;
    readable_rows(report, connection, ("a payment", PAYMENTS), read_payment, |payment| facts.payment(payment))?;
    Ok(facts)
}

fn read_payment(row: &mut Columns<'_>) -> Result<PaymentFact, StoreError> {
    Ok(PaymentFact {
        id: unpacked_payment(row.integer()?)?,
        lot: row.small_if_any()?,
        minor: row.integer()?,
        debits: row.small()?,
        debited: row.integer()?,
        refused: row.flag()?,
    })
}
