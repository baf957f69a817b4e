//! Reading refusals.

use payments::{MessageId, Refusal};

use super::executor::{Executor, plain_statements, values};
use crate::row_mapping::{read_refusal, refusal_columns};
use crate::{ReadRefusals, StoreError};

plain_statements! {
    const REFUSALS_OF = ("SELECT ", refusal_columns!(), "
        FROM refusal WHERE message = $1 ORDER BY first, id");
    /// The index `refusal_of` finds what begins inside, `refusal_range_of` a range that began before.
    const REFUSALS_BETWEEN = ("SELECT ", refusal_columns!(), ", id FROM refusal WHERE message = $1 AND first BETWEEN $2 AND $3
        UNION ALL SELECT ", refusal_columns!(), ", id
        FROM refusal WHERE message = $1 AND first < $2 AND first < last AND last >= $2
        ORDER BY first, id");
}

impl<S: Executor> ReadRefusals for S {
    fn refusals_of(&mut self, message: MessageId) -> Result<Vec<Refusal>, StoreError> {
        self.list(&REFUSALS_OF, values![message.0], |row| read_refusal(message, row))
    }

    fn refusals_between(&mut self, message: MessageId, first: u32, last: u32) -> Result<Vec<Refusal>, StoreError> {
        self.list(&REFUSALS_BETWEEN, values![message.0, first, last], |row| read_refusal(message, row))
    }
}
