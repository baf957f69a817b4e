//! Payments as they are read back.

use ::payments::{LotId, MessageId, PaymentId, Refusal};
use rusqlite::params;

use super::codec::failed;
use super::query::{optional, prepare};
use super::session::Session;
use crate::codec::{Columns, packed, packed_payment};
use crate::row_mapping::{payment_columns, read_payment};
use crate::statement::statements;
use crate::{LotRange, ReadLotPayments, ReadPayments, ReadRefusals as _, StoreError, StoredPayment};

statements! {
    const PAYMENTS: Statement = ("SELECT ", payment_columns!(), " FROM payment WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3");
    const PAYMENTS_OF_LOT: Statement = ("SELECT ", payment_columns!(), " FROM payment
        WHERE id BETWEEN ?1 AND ?2 AND lot = ?4 ORDER BY id LIMIT ?3");
    const LAST_OF_LOT: Statement = ("SELECT last FROM lot WHERE message = ?1 AND number = ?2");
    const PAYMENT: Statement = ("SELECT ", payment_columns!(), " FROM payment WHERE id = ?1");
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
        let connection = self.connection()?;
        // The search for the rest of a lot must not run through all that follows it in the message.
        let last = match lot {
            Some(lot) => optional(connection, LAST_OF_LOT, [message.0, i64::from(lot)], |row| row.small())?,
            None => None,
        };
        let first = packed(message.0, from)?;
        let last = packed(message.0, last.unwrap_or(u32::MAX))?;
        let mut statement = prepare(connection, if lot.is_some() { PAYMENTS_OF_LOT } else { PAYMENTS })?;
        let mut rows = match lot {
            Some(lot) => statement.query(params![first, last, limit, lot]),
            None => statement.query(params![first, last, limit]),
        }
        .map_err(failed)?;
        let mut given = 0;
        while let Some(row) = rows.next().map_err(failed)? {
            each(read_payment(&mut Columns::of(row))?)?;
            given += 1;
        }
        Ok(given)
    }

    fn payments_of(
        &mut self,
        ids: &[PaymentId],
        each: &mut dyn FnMut(PaymentId, StoredPayment<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = prepare(self.connection()?, PAYMENT)?;
        for id in ids {
            let mut rows = statement.query([packed_payment(*id)?]).map_err(failed)?;
            while let Some(row) = rows.next().map_err(failed)? {
                each(*id, read_payment(&mut Columns::of(row))?)?;
            }
        }
        Ok(())
    }
}

impl ReadLotPayments for Session<'_> {
    fn payments_in(
        &mut self,
        ranges: &[LotRange],
        each: &mut dyn FnMut(LotId, StoredPayment<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = prepare(self.connection()?, PAYMENTS_OF_LOT)?;
        for LotRange { lot, first, last, limit } in ranges {
            let (first, last) = (packed(lot.message.0, *first)?, packed(lot.message.0, *last)?);
            let mut rows = statement.query(params![first, last, limit, lot.number]).map_err(failed)?;
            while let Some(row) = rows.next().map_err(failed)? {
                each(*lot, read_payment(&mut Columns::of(row))?)?;
            }
        }
        Ok(())
    }

    fn refusals_in(&mut self, ranges: &[LotRange]) -> Result<Vec<(LotId, Refusal)>, StoreError> {
        let mut all = Vec::new();
        for range in ranges {
            let found = self.refusals_between(range.lot.message, range.first, range.last)?;
            all.extend(found.into_iter().map(|refusal| (range.lot, refusal)));
        }
        Ok(all)
    }
}
