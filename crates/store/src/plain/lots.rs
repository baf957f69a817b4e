//! Reading lots and their events.

use std::collections::BTreeSet;

use jiff::civil::Date;
use payments::{Event, Lot, LotId, MessageId, Stage};

use super::executor::{Executor, plain_statements, values};
use crate::codec::{Coded, day, packed};
use crate::row_mapping::*;
use crate::{ReadLots, StoreError};

plain_statements! {
    const LOT = ("SELECT ", lot_columns!(), " FROM lot WHERE message = $1 AND number = $2"; skip " FOR NO KEY UPDATE");
    /// Lots by their packed ids.
    const LOTS = (
        sqlite: ["SELECT ", lot_columns!(), " FROM json_each($1) w
            JOIN lot ON message = w.value >> 32 AND number = w.value & 0xffffffff ORDER BY message, number"],
        postgres: ["SELECT ", lot_columns!(), " FROM lot
            WHERE (message, number) IN (SELECT w >> 32, w & 4294967295 FROM unnest($1::bigint[]) w)
            ORDER BY message, number"; skip " FOR NO KEY UPDATE"],
    );
    const LOTS_OF = ("SELECT ", lot_columns!(), " FROM lot WHERE message = $1 ORDER BY number");
    /// In the order of the index, which SQLite ends with the table's key. The first condition on the date follows from the
    /// last; the planner does not see it.
    const LOTS_IN_STAGE = (
        sqlite: ["SELECT ", lot_columns!(), " FROM lot INDEXED BY lot_by_stage
            WHERE stage = $1 AND execution_date BETWEEN $3 AND $2 AND (execution_date, message, number) > ($3, $4, $5)
            ORDER BY execution_date, message, number LIMIT $6"],
        postgres: ["SELECT ", lot_columns!(), " FROM lot
            WHERE stage = $1 AND execution_date BETWEEN $3 AND $2 AND (execution_date, message, number) > ($3, $4, $5)
            ORDER BY execution_date, message, number LIMIT $6"],
    );
    const STAGES_WITH_LOTS = (
        sqlite: ["SELECT s.value FROM json_each($1) s WHERE EXISTS (SELECT 1 FROM lot INDEXED BY lot_by_stage
            WHERE stage = s.value AND execution_date <= $2)"],
        postgres: ["SELECT s FROM unnest($1::bigint[]) s WHERE EXISTS (SELECT 1 FROM lot
            WHERE stage = s AND execution_date <= $2)"],
    );
    const EVENTS_OF = ("SELECT ", event_columns!(), " FROM event WHERE message = $1 ORDER BY id");
    const LAST_EVENTS = (
        sqlite: ["SELECT ", event_columns!(), " FROM json_each($1) w
            JOIN event ON event.id = (SELECT max(id) FROM event WHERE message = w.value >> 32 AND lot = w.value & 0xffffffff)
            ORDER BY message, lot"],
        postgres: ["SELECT ", event_columns!(), " FROM unnest($1::bigint[]) w
            CROSS JOIN LATERAL (SELECT * FROM event WHERE message = w >> 32 AND lot = w & 4294967295
                ORDER BY id DESC LIMIT 1) e
            ORDER BY message, lot"],
    );
    const LAST_EVENT = ("SELECT ", event_columns!(), " FROM event WHERE message = $1 AND lot = $2 ORDER BY id DESC LIMIT 1");
}

impl<S: Executor> ReadLots for S {
    fn lot(&mut self, id: LotId) -> Result<Option<Lot>, StoreError> {
        self.optional(&LOT, values![id.message.0, id.number], read_lot)
    }

    fn lots(&mut self, ids: &[LotId]) -> Result<Vec<Lot>, StoreError> {
        let ids = packed_lots(ids)?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        self.list_wanted(&LOTS, values![ids.as_slice()], ids.len(), read_lot)
    }

    fn lots_of(&mut self, message: MessageId) -> Result<Vec<Lot>, StoreError> {
        self.list(&LOTS_OF, values![message.0], read_lot)
    }

    fn lots_in_stage(
        &mut self,
        stage: Stage,
        date: Date,
        after: Option<&Lot>,
        limit: u32,
    ) -> Result<Vec<Lot>, StoreError> {
        let before_first = (day(Date::MIN), BEFORE_FIRST_ID, 0);
        let (after, message, number) =
            after.map_or(before_first, |lot| (day(lot.execution_date), lot.id.message.0, lot.id.number));
        self.list(&LOTS_IN_STAGE, values![stage.code(), day(date), after, message, number, limit], read_lot)
    }

    fn stages_with_lots(&mut self, stages: &[Stage], date: Date) -> Result<Vec<Stage>, StoreError> {
        let stages: Vec<i64> = stages.iter().map(|stage| stage.code()).collect();
        self.list(&STAGES_WITH_LOTS, values![stages.as_slice(), day(date)], |row| row.code())
    }

    fn events_of(&mut self, message: MessageId) -> Result<Vec<Event>, StoreError> {
        self.list(&EVENTS_OF, values![message.0], read_event)
    }

    fn last_event(&mut self, id: LotId) -> Result<Option<Event>, StoreError> {
        self.optional(&LAST_EVENT, values![id.message.0, id.number], read_event)
    }

    fn last_events(&mut self, ids: &[LotId]) -> Result<Vec<Event>, StoreError> {
        let ids = packed_lots(ids)?;
        if ids.is_empty() { Ok(Vec::new()) } else { self.list(&LAST_EVENTS, values![ids.as_slice()], read_event) }
    }
}

/// Each id once, as one integer.
fn packed_lots(ids: &[LotId]) -> Result<Vec<i64>, StoreError> {
    let ids: BTreeSet<&LotId> = ids.iter().collect();
    ids.into_iter().map(|id| packed(id.message.0, id.number)).collect()
}
