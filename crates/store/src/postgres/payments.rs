//! Reads payments back page by page, so that memory does not grow with the request.

use ::payments::{LotId, MessageId, PaymentId, Refusal};

use super::connection::Values;
use super::session::Session;
use crate::codec::{Columns, packed, packed_payment, unpacked_payment};
use crate::row_mapping::{payment_columns, read_payment, read_refusal, refusal_columns};
use crate::statement::statements;
use crate::{LotRange, ReadLotPayments, ReadPayments, StoreError, StoredPayment, bounds};

statements! {
    const PAYMENTS: Statement = ("SELECT ", payment_columns!(), " FROM payment WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT $3");
    const PAYMENTS_OF_LOT: Statement = ("SELECT ", payment_columns!(), " FROM payment
        WHERE id BETWEEN $1 AND $2 AND lot = $4 ORDER BY id LIMIT $3");
    const LAST_OF_LOT: Statement = ("SELECT last FROM lot WHERE message = $1 AND number = $2");
    /// Each range by the table's own order, and no further than its limit.
    const PAYMENTS_IN: Statement = ("SELECT w.message, w.lot, p.*
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
            WITH ORDINALITY AS w (message, lot, first, last, most, place)
        CROSS JOIN LATERAL (SELECT ", payment_columns!(), " FROM payment
            WHERE id BETWEEN w.first AND w.last AND lot = w.lot ORDER BY id LIMIT w.most) p
        ORDER BY w.place, p.id LIMIT $6");
    /// As [`refusals_between`](crate::ReadRefusals::refusals_between) finds them.
    const REFUSALS_IN: Statement = ("SELECT w.message, w.lot, r.*
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])
            WITH ORDINALITY AS w (message, lot, first, last, place)
        CROSS JOIN LATERAL (SELECT ", refusal_columns!(), ", id FROM refusal
                WHERE message = w.message AND first BETWEEN w.first AND w.last
            UNION ALL SELECT ", refusal_columns!(), ", id FROM refusal
                WHERE message = w.message AND first < w.first AND first < last AND last >= w.first) r
        ORDER BY w.place, r.first, r.id");
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

impl ReadLotPayments for Session<'_> {
    /// Page by page, as [`ReadPayments::payments`].
    fn payments_in(
        &mut self,
        ranges: &[LotRange],
        each: &mut dyn FnMut(LotId, StoredPayment<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut left = ranges.to_vec();
        while !left.is_empty() {
            let number = |of: fn(&LotRange) -> i64| left.iter().map(of).collect::<Vec<i64>>();
            let place = |of: fn(&LotRange) -> u32| {
                left.iter().map(|range| packed(range.lot.message.0, of(range))).collect::<Result<Vec<i64>, _>>()
            };
            let (messages, lots) = (number(|range| range.lot.message.0), number(|range| range.lot.number.into()));
            let (first, last) = (place(|range| range.first)?, place(|range| range.last)?);
            let most = number(|range| range.limit.into());
            let values: Values<'_> = &[&messages, &lots, &first, &last, &most, &bounds::PAGE_ROWS];
            let rows = self.connection.rows(PAYMENTS_IN, values)?;
            let mut read = 0;
            for row in &rows {
                let mut row = Columns::of(row);
                let lot = LotId { message: MessageId(row.integer()?), number: row.small()? };
                let payment = read_payment(&mut row)?;
                // The ranges before it have been read to their ends.
                while left[read].lot != lot {
                    read += 1;
                }
                left[read].first = payment.ordinal.saturating_add(1);
                left[read].limit -= 1;
                each(lot, payment)?;
            }
            if (rows.len() as i64) < bounds::PAGE_ROWS {
                return Ok(());
            }
            left.drain(..read);
        }
        Ok(())
    }

    fn refusals_in(&mut self, ranges: &[LotRange]) -> Result<Vec<(LotId, Refusal)>, StoreError> {
        if ranges.is_empty() {
            return Ok(Vec::new());
        }
        let number = |of: fn(&LotRange) -> i64| ranges.iter().map(of).collect::<Vec<i64>>();
        let (messages, lots) = (number(|range| range.lot.message.0), number(|range| range.lot.number.into()));
        let (first, last) = (number(|range| range.first.into()), number(|range| range.last.into()));
        self.connection.list(REFUSALS_IN, &[&messages, &lots, &first, &last], |row| {
            let message = MessageId(row.integer()?);
            let lot = LotId { message, number: row.small()? };
            Ok((lot, read_refusal(message, row)?))
        })
    }
}
