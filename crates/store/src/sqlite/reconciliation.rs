//! The data of the invariants from the rows, for a database at rest.

use payments::invariants::{Facts, PaymentFact};
use rusqlite::{Connection, Rows};

use super::codec::failed;
use super::query::{list, prepare};
use super::session::Session;
use crate::codec::{Columns, packed_payment, unpacked_payment};
use crate::reconciliation::{Everything, all_but_payments, all_or_nothing};
use crate::statement::{Statement, statements};
use crate::{CheckReport, ReadReconciliation, StoreError};

statements! {
    const PAYMENTS: Statement = ("SELECT p.id, p.lot, p.minor,
            EXISTS (SELECT 1 FROM refusal r WHERE r.message = f.message AND r.first = p.id & 0xffffffff
                AND (r.lot IS NULL OR r.lot = p.lot))
            OR EXISTS (SELECT 1 FROM refusal r WHERE r.message = f.message AND r.first < r.last
                AND r.first <= p.id & 0xffffffff AND r.last >= p.id & 0xffffffff
                AND (r.lot IS NULL OR r.lot = p.lot))
        FROM flip f JOIN payment p ON p.id BETWEEN f.message << 32 AND (f.message << 32) + 0xffffffff
        ORDER BY p.id");
    const DEBITS: Statement = ("SELECT source_id, count(*), sum(minor) FROM entry
        WHERE source = 0 AND minor < 0 GROUP BY source_id ORDER BY source_id");
}

impl ReadReconciliation for Session<'_> {
    fn facts(&mut self) -> Result<Facts, StoreError> {
        let connection = self.connection()?;
        all_or_nothing(|report| facts(connection, report))
    }
}

impl Everything for Connection {
    fn each(
        &self,
        statement: Statement,
        each: &mut dyn FnMut(&mut Columns<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        list(self, statement, [], |row| each(row)).map(drop)
    }
}

pub(super) fn facts(connection: &Connection, report: &mut CheckReport) -> Result<Facts, StoreError> {
    let mut facts = all_but_payments(connection, report)?;
    let walked = payments(connection, &mut facts, report);
    report.readable("payments", walked)?;
    Ok(facts)
}

/// Both in the order of payments' ids, so one walk beside the other puts them together.
fn payments(connection: &Connection, facts: &mut Facts, report: &mut CheckReport) -> Result<(), StoreError> {
    let mut payments = prepare(connection, PAYMENTS)?;
    let mut payments = payments.query([]).map_err(failed)?;
    let mut debits = prepare(connection, DEBITS)?;
    let mut debits = debits.query([]).map_err(failed)?;
    let mut debit = next_debit(&mut debits, report)?;
    while let Some(row) = payments.next().map_err(failed)? {
        let read = read_payment(&mut Columns::of(row));
        let Some(payment) = report.readable("a payment", read)? else { continue };
        let id = packed_payment(payment.id)?;
        while debit.is_some_and(|debit| debit.payment < id) {
            debit = next_debit(&mut debits, report)?;
        }
        let own = debit.filter(|debit| debit.payment == id);
        let (debits, debited) = own.map_or((0, 0), |debit| (debit.count, debit.minor));
        facts.payment(PaymentFact { debits, debited, ..payment });
    }
    Ok(())
}

/// Without its entries.
fn read_payment(row: &mut Columns<'_>) -> Result<PaymentFact, StoreError> {
    Ok(PaymentFact {
        id: unpacked_payment(row.integer()?)?,
        lot: row.small_if_any()?,
        minor: row.integer()?,
        debits: 0,
        debited: 0,
        refused: row.flag()?,
    })
}

/// The entries of a payment on the payer's account.
#[derive(Clone, Copy)]
struct Debit {
    payment: i64,
    count: u32,
    minor: i64,
}

fn next_debit(rows: &mut Rows<'_>, report: &mut CheckReport) -> Result<Option<Debit>, StoreError> {
    while let Some(row) = rows.next().map_err(failed)? {
        let read = read_debit(&mut Columns::of(row));
        if let Some(debit) = report.readable("the entries of a payment", read)? {
            return Ok(Some(debit));
        }
    }
    Ok(None)
}

fn read_debit(row: &mut Columns<'_>) -> Result<Debit, StoreError> {
    Ok(Debit { payment: row.integer()?, count: row.small()?, minor: row.integer()? })
}
