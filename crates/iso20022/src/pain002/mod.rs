//! pain.002, customer payment status report: the statuses of a pain.001, at group, block and payment level.
//!
//! One set of values serves both generations (.03 and .10); writer and reader stream payment by payment, because the report
//! on a message of 100 000 payments may name each of them.

mod builder;
mod paths;
mod reader;
mod values;
mod writer;

pub use reader::{Item, Reader};
pub use values::{
    GroupHeader, OriginalGroup, OriginalPaymentInformation, OriginalTransaction, Status, StatusReason,
    TransactionStatus, TransactionsPerStatus,
};
pub use writer::Writer;
