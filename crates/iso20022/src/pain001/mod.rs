//! pain.001, customer credit transfer initiation: an accounting system sends it to pay.
//!
//! One set of values serves both generations (.03 and .09); the reader hands out a payment at a time, borrowed
//! from its own buffers, so that memory does not grow with the file.

mod builder;
mod paths;
mod reader;
mod values;
mod writer;

pub(crate) use paths::collect;
pub use reader::{Item, Reader};
pub use values::{CreditTransfer, GroupHeader, PaymentInformation, RequestedAmount};
pub use writer::Writer;
