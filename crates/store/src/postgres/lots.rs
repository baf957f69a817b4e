//! Lots, their events, and refusals.

use jiff::civil::Date;
use payments::{Event, Lot, LotId, MessageId, Refusal, Stage};

use super::connection::{Connection, Locking, OwnedValues, locking, owned};
use crate::StoreError;
use crate::codec::{Coded, day, micros};
use crate::reads::*;

/// In a transaction the lot is locked: what is written back rests on what was read.
pub(super) fn lot(connection: &Connection, id: LotId, locks: bool) -> Result<Option<Lot>, StoreError> {
    const SQL: Locking =
        locking!("SELECT ", lot_columns!(), " FROM lot WHERE message = $1 AND number = $2"; " FOR NO KEY UPDATE");
    let sql = connection.locking(locks, &SQL);
    let found = connection.optional(sql, &[&id.message.0, &i64::from(id.number)], read_lot)?;
    if found.is_none() && locks && connection.gives_way() {
        return Err(connection.yield_to_others());
    }
    Ok(found)
}

pub(super) fn lots_of(connection: &Connection, message: MessageId) -> Result<Vec<Lot>, StoreError> {
    const SQL: &str = concat!("SELECT ", lot_columns!(), " FROM lot WHERE message = $1 ORDER BY number");
    connection.list(SQL, &[&message.0], read_lot)
}

pub(super) fn lots_in_stage(
    connection: &Connection,
    stage: Stage,
    date: Date,
    after: Option<LotId>,
    limit: u32,
) -> Result<Vec<Lot>, StoreError> {
    const SQL: &str = concat!(
        "SELECT ",
        lot_columns!(),
        " FROM lot WHERE stage = $1::bigint AND execution_date <= $2::bigint AND (message, number) > ($3, $4)
          ORDER BY message, number LIMIT $5"
    );
    let (message, number) = after.map_or((-1, 0), |after| (after.message.0, i64::from(after.number)));
    connection.list(SQL, &[&stage.code(), &day(date), &message, &number, &i64::from(limit)], read_lot)
}

pub(super) fn insert_lots(connection: &Connection, lots: &[Lot]) -> Result<(), StoreError> {
    const SQL: &str = concat!(
        "INSERT INTO lot (",
        lot_columns!(),
        ") SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
            $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[],
            $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[])"
    );
    if lots.is_empty() {
        return Ok(());
    }
    let rows: Vec<[i64; 16]> = lots.iter().map(lot_values).collect();
    let column = |place: usize| rows.iter().map(|row| row[place]).collect::<Vec<i64>>();
    let limits: Vec<Option<i64>> = lots.iter().map(|lot| lot.limit_per_payment).collect();
    let mut values: OwnedValues = (0..16).map(|place| Box::new(column(place)) as _).collect();
    values.push(Box::new(limits));
    connection.execute_later(SQL, values, |_, _| Ok(()))
}

/// Under which limit it was accepted never changes.
pub(super) fn update_lot(connection: &Connection, lot: &Lot) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE lot SET block = $3, debtor = $4, route = $5::bigint, execution_date = $6::bigint,
            first = $7, last = $8, count = $9, total = $10, stage = $11::bigint, executed_below = $12, booked = $13,
            booked_count = $14, refused = $15, refused_count = $16
        WHERE message = $1 AND number = $2 AND stage <= $11::bigint";
    let values: OwnedValues = lot_values(lot).into_iter().map(|value| Box::new(value) as _).collect();
    let id = lot.id;
    connection.execute_later(SQL, values, move |connection, changed| {
        if changed == 1 {
            return Ok(());
        }
        match self::lot(connection, id, false)? {
            Some(stored) => Err(StoreError::Refused(format!("a lot does not go back from {:?}", stored.stage))),
            None => Err(StoreError::Missing("lot")),
        }
    })
}

pub(super) fn events_of(connection: &Connection, message: MessageId) -> Result<Vec<Event>, StoreError> {
    const SQL: &str = concat!("SELECT ", event_columns!(), " FROM event WHERE message = $1 ORDER BY id");
    connection.list(SQL, &[&message.0], read_event)
}

pub(super) fn last_event(connection: &Connection, id: LotId) -> Result<Option<Event>, StoreError> {
    const SQL: &str =
        concat!("SELECT ", event_columns!(), " FROM event WHERE message = $1 AND lot = $2 ORDER BY id DESC LIMIT 1");
    connection.optional(SQL, &[&id.message.0, &i64::from(id.number)], read_event)
}

pub(super) fn append_events(connection: &Connection, events: &[Event]) -> Result<(), StoreError> {
    const SQL: &str = concat!(
        "INSERT INTO event (",
        event_columns!(),
        ") SELECT message, lot, stage, at, business_day, actor, reason
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[])
            WITH ORDINALITY AS e (message, lot, stage, at, business_day, actor, reason, place) ORDER BY place"
    );
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
    connection.execute_later(SQL, values, |_, _| Ok(()))
}

pub(super) fn refusals_of(connection: &Connection, message: MessageId) -> Result<Vec<Refusal>, StoreError> {
    const SQL: &str = "SELECT first, last, lot, count, code, detail, line, stage
        FROM refusal WHERE message = $1 ORDER BY first, id";
    connection.list(SQL, &[&message.0], |row| read_refusal(message, row))
}

pub(super) fn refusals_between(
    connection: &Connection,
    message: MessageId,
    first: u32,
    last: u32,
) -> Result<Vec<Refusal>, StoreError> {
    // What begins inside is found by refusal_of, a range that began before by refusal_range_of.
    const SQL: &str = "SELECT first, last, lot, count, code, detail, line, stage, id
        FROM refusal WHERE message = $1 AND first BETWEEN $2 AND $3
        UNION ALL
        SELECT first, last, lot, count, code, detail, line, stage, id
        FROM refusal WHERE message = $1 AND first < $2 AND first < last AND last >= $2
        ORDER BY first, id";
    connection.list(SQL, &[&message.0, &i64::from(first), &i64::from(last)], |row| read_refusal(message, row))
}

pub(super) fn insert_refusals(connection: &Connection, refusals: &[Refusal]) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO refusal (message, first, last, lot, count, code, detail, line, stage)
        SELECT message, first, last, lot, count, code, detail, line, stage
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[],
            $8::bigint[], $9::bigint[])
            WITH ORDINALITY AS r (message, first, last, lot, count, code, detail, line, stage, place) ORDER BY place";
    if refusals.is_empty() {
        return Ok(());
    }
    let number = |of: fn(&Refusal) -> i64| refusals.iter().map(of).collect::<Vec<i64>>();
    let lots: Vec<Option<i64>> = refusals.iter().map(|refusal| refusal.lot.map(i64::from)).collect();
    let codes: Vec<String> = refusals.iter().map(|refusal| refusal.code.clone()).collect();
    let details: Vec<String> = refusals.iter().map(|refusal| refusal.detail.clone()).collect();
    let values = owned![
        number(|refusal| refusal.message.0),
        number(|refusal| i64::from(refusal.first)),
        number(|refusal| i64::from(refusal.last)),
        lots,
        number(|refusal| i64::from(refusal.count)),
        codes,
        details,
        number(|refusal| i64::from(refusal.line)),
        number(|refusal| refusal.stage.code()),
    ];
    connection.execute_later(SQL, values, |_, _| Ok(()))
}
