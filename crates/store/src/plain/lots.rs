//! Reading lots and their events.

use jiff::civil::Date;
use payments::{Event, Lot, LotId, MessageId, Stage};

use super::executor::{Executor, plain_statements, values};
use crate::codec::{Coded, day};
use crate::row_mapping::*;
use crate::{ReadLots, StoreError};

plain_statements! {
    const LOT = ("SELECT ", lot_columns!(), " FROM lot WHERE message = $1 AND number = $2"; skip " FOR NO KEY UPDATE");
    const LOTS_OF = ("SELECT ", lot_columns!(), " FROM lot WHERE message = $1 ORDER BY number");
    /// Found by stage and date, then put in order: those that are due are few, and leave the stage.
    const LOTS_IN_STAGE = (
        sqlite: ["SELECT ", lot_columns!(), " FROM lot INDEXED BY lot_by_stage
            WHERE stage = $1 AND execution_date <= $2 AND (message, number) > ($3, $4)
            ORDER BY message, number LIMIT $5"],
        postgres: ["SELECT ", lot_columns!(), " FROM lot
            WHERE stage = $1 AND execution_date <= $2 AND (message, number) > ($3, $4)
            ORDER BY message, number LIMIT $5"],
    );
    const EVENTS_OF = ("SELECT ", event_columns!(), " FROM event WHERE message = $1 ORDER BY id");
    const LAST_EVENT = ("SELECT ", event_columns!(), " FROM event WHERE message = $1 AND lot = $2 ORDER BY id DESC LIMIT 1");
}

impl<S: Executor> ReadLots for S {
    fn lot(&mut self, id: LotId) -> Result<Option<Lot>, StoreError> {
        self.optional(&LOT, values![id.message.0, id.number], read_lot)
    }

    fn lots_of(&mut self, message: MessageId) -> Result<Vec<Lot>, StoreError> {
        self.list(&LOTS_OF, values![message.0], read_lot)
    }

    fn lots_in_stage(
        &mut self,
        stage: Stage,
        date: Date,
        after: Option<LotId>,
        limit: u32,
    ) -> Result<Vec<Lot>, StoreError> {
        let (message, number) = after.map_or((BEFORE_FIRST_ID, 0), |after| (after.message.0, after.number));
        self.list(&LOTS_IN_STAGE, values![stage.code(), day(date), message, number, limit], read_lot)
    }

    fn events_of(&mut self, message: MessageId) -> Result<Vec<Event>, StoreError> {
        self.list(&EVENTS_OF, values![message.0], read_event)
    }

    fn last_event(&mut self, id: LotId) -> Result<Option<Event>, StoreError> {
        self.optional(&LAST_EVENT, values![id.message.0, id.number], read_event)
    }
}
