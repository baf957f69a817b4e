//! camt.060, account reporting request: the reports that a client requests, and their accounts.

mod builder;
mod paths;
mod reader;
mod tolerance;
mod values;
mod writer;

pub(crate) use paths::collect;
pub use reader::{Item, Reader};
pub use tolerance::Verdict;
pub use values::{
    FloorLimit, GroupHeader, ReportingPeriod, ReportingRequest, ReportingSequence, RequestedTransactionType,
};
pub use writer::Writer;
