//! Writing lots and their events.

use payments::{Event, Lot};

use super::connection::{Connection, OwnedValues, owned};
use super::session::Session;
use crate::codec::{Coded, day, micros};
use crate::row_mapping::{event_columns, lot_columns, lot_values};
use crate::statement::statements;
use crate::{AddLots, StoreError, WriteLots};

statements! {
    const INSERT: Statement = ("INSERT INTO lot (", lot_columns!(), ")
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
            $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[],
            $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[])");
    /// Under which limit it was accepted never changes.
    const UPDATE: Statement = ("UPDATE lot SET block = $3, debtor = $4, route = $5::bigint, execution_date = $6::bigint,
            first = $7, last = $8, count = $9, total = $10, stage = $11::bigint, executed_below = $12, booked = $13,
            booked_count = $14, refused = $15, refused_count = $16
        WHERE message = $1 AND number = $2 AND stage <= $11::bigint");
    const STAGE: Statement = ("SELECT stage FROM lot WHERE message = $1 AND number = $2");
    const EVENTS: Statement = ("INSERT INTO event (", event_columns!(), ")
        SELECT message, lot, stage, at, business_day, actor, reason
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[])
            WITH ORDINALITY AS e (message, lot, stage, at, business_day, actor, reason, place) ORDER BY place");
}

impl AddLots for Session<'_> {
    fn insert_lots(&mut self, lots: &[Lot]) -> Result<(), StoreError> {
        let connection = self.announcing();
        if lots.is_empty() {
            return Ok(());
        }
        let rows: Vec<[i64; 16]> = lots.iter().map(lot_values).collect();
        let column = |place: usize| rows.iter().map(|row| row[place]).collect::<Vec<i64>>();
        let limits: Vec<Option<i64>> = lots.iter().map(|lot| lot.limit_per_payment).collect();
        let mut values: OwnedValues = (0..16).map(|place| Box::new(column(place)) as _).collect();
        values.push(Box::new(limits));
        connection.execute_later(INSERT, values, |_, _| Ok(()))
    }

    fn append_events(&mut self, events: &[Event]) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let messages: Vec<i64> = events.iter().map(|event| event.lot.message.0).collect();
        let lots: Vec<i64> = events.iter().map(|event| i64::from(event.lot.number)).collect();
        let stages: Vec<i64> = events.iter().map(|event| event.stage.code()).collect();
        let times: Vec<i64> = events.iter().map(|event| micros(event.at)).collect();
        let days: Vec<i64> = events.iter().map(|event| day(event.business_day)).collect();
        let actors: Vec<String> = events.iter().map(|event| event.actor.clone()).collect();
        let reasons: Vec<Option<String>> = events.iter().map(|event| event.reason.clone()).collect();
        let values = owned![messages, lots, stages, times, days, actors, reasons];
        self.announcing().execute_later(EVENTS, values, |_, _| Ok(()))
    }
}

impl WriteLots for Session<'_> {
    fn update_lot(&mut self, lot: &Lot) -> Result<(), StoreError> {
        let values: OwnedValues = lot_values(lot).into_iter().map(|value| Box::new(value) as _).collect();
        let (message, number) = (lot.id.message.0, i64::from(lot.id.number));
        self.changing().execute_later(UPDATE, values, move |connection: &Connection, changed| {
            if changed == 1 {
                return Ok(());
            }
            match connection.optional(STAGE, &[&message, &number], |row| row.code::<payments::Stage>())? {
                Some(stage) => Err(StoreError::Refused(format!("a lot does not go back from {stage:?}"))),
                None => Err(StoreError::Missing("lot")),
            }
        })
    }
}
