//! Writing lots and their events.

use payments::{Event, Lot};
use rusqlite::{params, params_from_iter};

use super::codec::failed;
use super::query::prepare;
use super::session::Session;
use crate::codec::{Coded, day, micros};
use crate::row_mapping::{event_columns, lot_columns, lot_values};
use crate::statement::statements;
use crate::{AddLots, ReadLots, StoreError, WriteLots};

statements! {
    const INSERT: Statement = ("INSERT INTO lot (", lot_columns!(), ")
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)");
    /// Under which limit it was accepted never changes.
    const UPDATE: Statement = ("UPDATE lot SET block = ?3, debtor = ?4, route = ?5, execution_date = ?6, first = ?7, last = ?8,
            count = ?9, total = ?10, stage = ?11, executed_below = ?12, booked = ?13, booked_count = ?14,
            refused = ?15, refused_count = ?16
        WHERE message = ?1 AND number = ?2 AND stage <= ?11");
    const EVENT: Statement = ("INSERT INTO event (", event_columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
}

impl AddLots for Session<'_> {
    fn insert_lots(&mut self, lots: &[Lot]) -> Result<(), StoreError> {
        let mut statement = prepare(self.announcing()?, INSERT)?;
        for lot in lots {
            let values = lot_values(lot).into_iter().map(Some).chain([lot.limit_per_payment]);
            statement.execute(params_from_iter(values)).map_err(failed)?;
        }
        Ok(())
    }

    fn append_events(&mut self, events: &[Event]) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let mut statement = prepare(self.announcing()?, EVENT)?;
        for event in events {
            let values = params![
                event.lot.message.0,
                event.lot.number,
                event.stage.code(),
                micros(event.at),
                day(event.business_day),
                event.actor,
                event.reason,
            ];
            statement.execute(values).map_err(failed)?;
        }
        Ok(())
    }
}

impl WriteLots for Session<'_> {
    fn update_lots(&mut self, lots: &[&Lot]) -> Result<(), StoreError> {
        let mut statement = prepare(self.connection()?, UPDATE)?;
        for lot in lots {
            if statement.execute(lot_values(lot)).map_err(failed)? == 1 {
                continue;
            }
            return match self.lot(lot.id)? {
                Some(stored) => Err(StoreError::Refused(format!("a lot does not go back from {:?}", stored.stage))),
                None => Err(StoreError::Missing("lot")),
            };
        }
        Ok(())
    }
}
