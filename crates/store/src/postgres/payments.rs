//! Reads payments back page by page, so that memory does not grow with the request.

use ::payments::{MessageId, PaymentId};

use super::session::Session;
use crate::codec::{Columns, packed, packed_payment, unpacked_payment};
use crate::row_mapping::{payment_columns, read_payment};
use crate::statement::statements;
use crate::{ReadPayments, StoreError, StoredPayment, bounds};

statements! {
    const PAYMENTS: Statement = ("SELECT ", payment_columns!(), " FROM payment WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT $3");
    const PAYMENTS_OF_LOT: Statement = ("SELECT ", payment_columns!(), " FROM payment
        WHERE id BETWEEN $1 AND $2 AND lot = $4 ORDER BY id LIMIT $3");
    const LAST_OF_LOT: Statement = ("SELECT last FROM lot WHERE message = $1 AND number = $2");
    const PAYMENTS_BY_ID: Statement = ("SELECT p.id, p.id, p.block, p.lot, p.minor, p.creditor, p.record
        FROM unnest($1::bigint[]) WITH ORDINALITY AS w (id, place) JOIN payment p ON p.id = w.id ORDER BY w.place");
}

impl ReadPayments for Session<'_> {
    fn payments(
        &mut self,
        message: MessageId,
        lot: Option<u32>,
        from: u32,
        limit: u32,
        each: &mut dyn FnMut(StoredPayment<'_>) -> Result<(), StoreError>,
    ) -> Result<u32, StoreError> {
        let connection = self.connection;
        // The search for the rest of a lot must not run through all that follows it in the message.
        let last = match lot {
            Some(lot) => connection.optional(LAST_OF_LOT, &[&message.0, &i64::from(lot)], |row| row.small())?,
            None => None,
        };
        let mut first = packed(message.0, from)?;
        let last = packed(message.0, last.unwrap_or(u32::MAX))?;
        let mut given = 0;
        while given < limit && first <= last {
            let page = i64::from(limit - given).min(bounds::PAGE_ROWS);
            let rows = match lot {
                Some(lot) => connection.rows(PAYMENTS_OF_LOT, &[&first, &last, &page, &i64::from(lot)])?,
                None => connection.rows(PAYMENTS, &[&first, &last, &page])?,
            };
            for row in &rows {
                let payment = read_payment(&mut Columns::of(row))?;
                first = packed(message.0, payment.ordinal)? + 1;
                each(payment)?;
                given += 1;
            }
            if (rows.len() as i64) < page {
                break;
            }
        }
        Ok(given)
    }

    fn payments_of(
        &mut self,
        ids: &[PaymentId],
        each: &mut dyn FnMut(PaymentId, StoredPayment<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        for some in ids.chunks(bounds::PAGE_ROWS as usize) {
            let packed: Vec<i64> = some.iter().map(|id| packed_payment(*id)).collect::<Result<_, _>>()?;
            for row in &self.connection.rows(PAYMENTS_BY_ID, &[&packed])? {
                let mut row = Columns::of(row);
                let id = unpacked_payment(row.integer()?)?;
                each(id, read_payment(&mut row)?)?;
            }
        }
        Ok(())
    }
}
