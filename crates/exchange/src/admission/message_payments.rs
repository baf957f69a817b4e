//! The payments of a message that is decided on, wherever they are at that moment: in memory, or staged.

use payments::{MessageId, Refusal};
use store::{Deciding, StoreError};

use crate::admission::assessment::Assessment;
use crate::admission::payment_in_file::PaymentInFile;

/// The payments of the message that is decided on.
pub(crate) trait Payments {
    /// Stores payments that are not staged yet.
    fn store(&self, writing: &mut dyn Deciding, message: MessageId, assessment: &Assessment) -> Result<(), StoreError>;

    /// How the file calls the payments of `refusal`, with their blocks and lines, at most `limit`.
    fn describe(
        &self,
        writing: &mut dyn Deciding,
        refusal: &Refusal,
        limit: usize,
    ) -> Result<Vec<PaymentInFile>, StoreError>;

    /// The digest of their stored data.
    fn digest(&self) -> [u8; 32];

    /// Discards the stage.
    fn forget(&self, writing: &mut dyn Deciding, message: MessageId) -> Result<(), StoreError>;
}
