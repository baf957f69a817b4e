//! camt.060, account reporting request: which reports on which account a client asks for.

mod draft;
mod reader;
mod tolerance;
mod values;
mod writer;

pub(crate) use reader::paths;
pub use reader::{Item, Reader};
pub use tolerance::Verdict;
pub use values::{
    FloorLimit, GroupHeader, ReportingPeriod, ReportingRequest, ReportingSequence, RequestedTransactionType,
};
pub use writer::Writer;
