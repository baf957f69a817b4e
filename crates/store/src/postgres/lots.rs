//! Writing lots and their events.

use payments::{Event, Lot, LotId, Stage};

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
    const UPDATE: Statement = ("UPDATE lot l SET block = n.block, debtor = n.debtor, route = n.route,
            execution_date = n.execution_date, first = n.first, last = n.last, count = n.count, total = n.total,
            stage = n.stage, executed_below = n.executed_below, booked = n.booked, booked_count = n.booked_count,
            refused = n.refused, refused_count = n.refused_count
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
                $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[],
                $15::bigint[], $16::bigint[])
            AS n (message, number, block, debtor, route, execution_date, first, last, count, total, stage,
                executed_below, booked, booked_count, refused, refused_count)
        WHERE l.message = n.message AND l.number = n.number AND l.stage <= n.stage");
    /// Of the lots given with their new stages the first that is missing or further than that.
    const NOT_UPDATED: Statement = ("SELECT l.stage IS NULL, coalesce(l.stage, 0)
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS n (message, number, stage, place)
        LEFT JOIN lot l ON l.message = n.message AND l.number = n.number
        WHERE l.stage IS NULL OR l.stage > n.stage ORDER BY n.place LIMIT 1");
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
        let limits: Vec<Option<i64>> = lots.iter().map(|lot| lot.limit_per_payment).collect();
        let mut values = columns(lots.iter());
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
    fn update_lots(&mut self, lots: &[&Lot]) -> Result<(), StoreError> {
        if lots.is_empty() {
            return Ok(());
        }
        let written: Vec<(LotId, Stage)> = lots.iter().map(|lot| (lot.id, lot.stage)).collect();
        let values = columns(lots.iter().copied());
        self.changing().execute_later(UPDATE, values, move |connection: &Connection, changed| {
            if changed == written.len() as u64 { Ok(()) } else { Err(not_updated(connection, &written)) }
        })
    }
}

/// Their values, a column each.
fn columns<'l>(lots: impl Iterator<Item = &'l Lot>) -> OwnedValues {
    let rows: Vec<[i64; 16]> = lots.map(lot_values).collect();
    (0..16).map(|place| Box::new(rows.iter().map(|row| row[place]).collect::<Vec<i64>>()) as _).collect()
}

/// Why not all lots were written.
fn not_updated(connection: &Connection, written: &[(LotId, Stage)]) -> StoreError {
    let messages: Vec<i64> = written.iter().map(|(id, _)| id.message.0).collect();
    let numbers: Vec<i64> = written.iter().map(|(id, _)| i64::from(id.number)).collect();
    let stages: Vec<i64> = written.iter().map(|(_, stage)| stage.code()).collect();
    let stored = connection
        .optional(NOT_UPDATED, &[&messages, &numbers, &stages], |row| Ok((row.flag()?, row.code::<Stage>()?)));
    match stored {
        Ok(Some((false, stage))) => StoreError::Refused(format!("a lot does not go back from {stage:?}")),
        Ok(Some((true, _))) => StoreError::Missing("lot"),
        Ok(None) => StoreError::Corrupt("a lot was written twice in one call".to_owned()),
        Err(error) => error,
    }
}
