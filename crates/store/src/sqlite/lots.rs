//! Lots, their events, and refusals.

use jiff::civil::Date;
use payments::{Event, Lot, LotId, MessageId, Refusal, Stage};
use rusqlite::{Connection, params, params_from_iter};

use super::codec::failed;
use super::query::{execute, list, optional, prepare};
use crate::StoreError;
use crate::codec::{Coded, day, micros};
use crate::reads::*;

pub(super) fn lot(connection: &Connection, id: LotId) -> Result<Option<Lot>, StoreError> {
    const SQL: &str = concat!("SELECT ", lot_columns!(), " FROM lot WHERE message = ?1 AND number = ?2");
    optional(connection, SQL, params![id.message.0, id.number], read_lot)
}

pub(super) fn lots_of(connection: &Connection, message: MessageId) -> Result<Vec<Lot>, StoreError> {
    const SQL: &str = concat!("SELECT ", lot_columns!(), " FROM lot WHERE message = ?1 ORDER BY number");
    list(connection, SQL, [message.0], read_lot)
}

pub(super) fn lots_in_stage(
    connection: &Connection,
    stage: Stage,
    date: Date,
    after: Option<LotId>,
    limit: u32,
) -> Result<Vec<Lot>, StoreError> {
    // Found by stage and date, then put in order: those that are due are few, and leave the stage.
    const SQL: &str = concat!(
        "SELECT ",
        lot_columns!(),
        " FROM lot INDEXED BY lot_by_stage
          WHERE stage = ?1 AND execution_date <= ?2 AND (message, number) > (?3, ?4)
          ORDER BY message, number LIMIT ?5"
    );
    let (message, number) = after.map_or((-1, 0), |after| (after.message.0, after.number));
    list(connection, SQL, params![stage.code(), day(date), message, number, limit], read_lot)
}

pub(super) fn insert_lots(connection: &Connection, lots: &[Lot]) -> Result<(), StoreError> {
    const SQL: &str = concat!(
        "INSERT INTO lot (",
        lot_columns!(),
        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
    );
    let mut statement = prepare(connection, SQL)?;
    for lot in lots {
        let values = lot_values(lot).into_iter().map(Some).chain([lot.limit_per_payment]);
        statement.execute(params_from_iter(values)).map_err(failed)?;
    }
    Ok(())
}

/// Under which limit it was accepted never changes.
pub(super) fn update_lot(connection: &Connection, lot: &Lot) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE lot SET block = ?3, debtor = ?4, route = ?5, execution_date = ?6, first = ?7, last = ?8,
            count = ?9, total = ?10, stage = ?11, executed_below = ?12, booked = ?13, booked_count = ?14,
            refused = ?15, refused_count = ?16
        WHERE message = ?1 AND number = ?2 AND stage <= ?11";
    if execute(connection, SQL, lot_values(lot))? == 1 {
        return Ok(());
    }
    match self::lot(connection, lot.id)? {
        Some(stored) => Err(StoreError::Refused(format!("a lot does not go back from {:?}", stored.stage))),
        None => Err(StoreError::Missing("lot")),
    }
}

pub(super) fn events_of(connection: &Connection, message: MessageId) -> Result<Vec<Event>, StoreError> {
    const SQL: &str = concat!("SELECT ", event_columns!(), " FROM event WHERE message = ?1 ORDER BY id");
    list(connection, SQL, [message.0], read_event)
}

pub(super) fn last_event(connection: &Connection, id: LotId) -> Result<Option<Event>, StoreError> {
    const SQL: &str =
        concat!("SELECT ", event_columns!(), " FROM event WHERE message = ?1 AND lot = ?2 ORDER BY id DESC LIMIT 1");
    optional(connection, SQL, params![id.message.0, id.number], read_event)
}

pub(super) fn append_events(connection: &Connection, events: &[Event]) -> Result<(), StoreError> {
    const SQL: &str = concat!("INSERT INTO event (", event_columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    let mut statement = prepare(connection, SQL)?;
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

pub(super) fn refusals_of(connection: &Connection, message: MessageId) -> Result<Vec<Refusal>, StoreError> {
    const SQL: &str = "SELECT first, last, lot, count, code, detail, line, stage
        FROM refusal WHERE message = ?1 ORDER BY first, id";
    list(connection, SQL, [message.0], |row| read_refusal(message, row))
}

pub(super) fn refusals_between(
    connection: &Connection,
    message: MessageId,
    first: u32,
    last: u32,
) -> Result<Vec<Refusal>, StoreError> {
    // What begins inside is found by refusal_of, a range that began before by refusal_range_of.
    const SQL: &str = "SELECT first, last, lot, count, code, detail, line, stage, id
        FROM refusal WHERE message = ?1 AND first BETWEEN ?2 AND ?3
        UNION ALL
        SELECT first, last, lot, count, code, detail, line, stage, id
        FROM refusal WHERE message = ?1 AND first < ?2 AND first < last AND last >= ?2
        ORDER BY first, id";
    list(connection, SQL, params![message.0, first, last], |row| read_refusal(message, row))
}

pub(super) fn insert_refusals(connection: &Connection, refusals: &[Refusal]) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO refusal (message, first, last, lot, count, code, detail, line, stage)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let mut statement = prepare(connection, SQL)?;
    for refusal in refusals {
        let values = params![
            refusal.message.0,
            refusal.first,
            refusal.last,
            refusal.lot,
            refusal.count,
            refusal.code,
            refusal.detail,
            refusal.line,
            refusal.stage.code(),
        ];
        statement.execute(values).map_err(failed)?;
    }
    Ok(())
}
