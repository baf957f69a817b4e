//! Rows of payments, as statements insert them: so few in each that a connection, which keeps the memory of its largest
//! statement, keeps little.

use super::connection::{Connection, owned};
use crate::codec::packed;
use crate::statement::statements;
use crate::{PaymentRow, StoreError, bounds};

statements! {
    const PAYMENTS: Statement = ("INSERT INTO payment (id, block, lot, minor, creditor, record)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[])");
}

/// What the columns of a row take on the wire beside its record.
const COLUMNS_BYTES: usize = 6 * 12;

/// The rows of a statement, column by column.
#[derive(Default)]
struct PaymentColumns {
    ids: Vec<i64>,
    blocks: Vec<i64>,
    lots: Vec<Option<i64>>,
    minors: Vec<i64>,
    creditors: Vec<Option<i64>>,
    records: Vec<Vec<u8>>,
    bytes: usize,
}

impl PaymentColumns {
    fn add(&mut self, message: i64, row: &PaymentRow<'_>) -> Result<(), StoreError> {
        self.ids.push(packed(message, row.ordinal)?);
        self.blocks.push(i64::from(row.block));
        self.lots.push(row.lot.map(i64::from));
        self.minors.push(row.minor);
        self.creditors.push(row.creditor.map(|account| account.0));
        self.records.push(row.record.to_vec());
        self.bytes += COLUMNS_BYTES + row.record.len();
        Ok(())
    }

    fn send(self, connection: &Connection) -> Result<(), StoreError> {
        let PaymentColumns { ids, blocks, lots, minors, creditors, records, bytes } = self;
        connection.insert_later(PAYMENTS, owned![ids, blocks, lots, minors, creditors, records], bytes)
    }
}

/// Sends payments of messages to the database. What goes wrong shows at the end of the job.
pub(super) fn insert<'r>(
    connection: &Connection,
    rows: impl Iterator<Item = (i64, PaymentRow<'r>)>,
) -> Result<(), StoreError> {
    let mut columns = PaymentColumns::default();
    for (message, row) in rows {
        columns.add(message, &row)?;
        if columns.bytes >= bounds::STATEMENT_BYTES || columns.ids.len() >= bounds::INSERT_ROWS_MAX {
            std::mem::take(&mut columns).send(connection)?;
        }
    }
    if columns.ids.is_empty() { Ok(()) } else { columns.send(connection) }
}
