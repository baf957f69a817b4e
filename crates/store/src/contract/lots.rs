//! Lots of accepted payments, and the events that move them from stage to stage.

use jiff::civil::Date;
use payments::{Event, Lot, LotId, MessageId, Stage};

use crate::StoreError;

/// Reads lots and their events.
pub trait ReadLots {
    /// A lot. A transaction locks it: what it writes back rests on what it read.
    fn lot(&mut self, id: LotId) -> Result<Option<Lot>, StoreError>;

    /// Lots by their ids, in the order of the ids; unknown ones are left out. A transaction locks them as [`ReadLots::lot`]
    /// does, in this order. Any number in one call.
    fn lots(&mut self, ids: &[LotId]) -> Result<Vec<Lot>, StoreError>;

    /// The lots of a message, in order.
    fn lots_of(&mut self, message: MessageId) -> Result<Vec<Lot>, StoreError>;

    /// Lots in a stage whose execution date is not after `date`, by execution date and id, after the given one, at most
    /// `limit`. All pages together cost what they find.
    fn lots_in_stage(
        &mut self,
        stage: Stage,
        date: Date,
        after: Option<&Lot>,
        limit: u32,
    ) -> Result<Vec<Lot>, StoreError>;

    /// Those of these stages in which there are lots whose execution date is not after `date`.
    fn stages_with_lots(&mut self, stages: &[Stage], date: Date) -> Result<Vec<Stage>, StoreError>;

    /// The events of a message's lots, oldest first.
    fn events_of(&mut self, message: MessageId) -> Result<Vec<Event>, StoreError>;

    /// The newest event of a lot.
    fn last_event(&mut self, id: LotId) -> Result<Option<Event>, StoreError>;

    /// The newest events of lots, in the order of the lots' ids. Any number in one call.
    fn last_events(&mut self, ids: &[LotId]) -> Result<Vec<Event>, StoreError>;
}

/// Adds lots and their events.
pub trait AddLots {
    /// Stores new lots.
    fn insert_lots(&mut self, lots: &[Lot]) -> Result<(), StoreError>;

    /// Stores events.
    fn append_events(&mut self, events: &[Event]) -> Result<(), StoreError>;
}

/// Moves lots from stage to stage.
pub trait WriteLots: AddLots + ReadLots {
    /// Writes back lots that were read in this transaction, each once. The limit under which a lot was accepted never
    /// changes. Any number in one call.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when the stage of one would go back, [`StoreError::Missing`] when there is no such lot.
    /// PostgreSQL finds both out at the end of the job.
    fn update_lots(&mut self, lots: &[&Lot]) -> Result<(), StoreError>;

    /// The same for one.
    ///
    /// # Errors
    /// As [`WriteLots::update_lots`].
    fn update_lot(&mut self, lot: &Lot) -> Result<(), StoreError> {
        self.update_lots(&[lot])
    }
}
