//! camt.060, account reporting request: which reports on which account a client asks for.

mod values;

pub use values::{
    FloorLimit, GroupHeader, ReportingPeriod, ReportingRequest, ReportingSequence, RequestedTransactionType,
};
