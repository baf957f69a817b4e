//! camt.052 (account report), camt.053 (statement) and camt.054 (debit/credit notification), both generations.
//!
//! One model, one writer and one reader serve all six messages.

mod entry;
mod entry_builder;
mod names;
mod paths;
mod reader;
mod report;
mod report_builder;
mod values;
mod writer;

pub use reader::{Item, Reader};
pub use values::{
    Balance, BankTransactionCode, Batch, DomainCode, Entry, EntryTotal, GroupHeader, Pagination, Period,
    ProprietaryAmount, References, Report, ReportAccount, ReturnInformation, TransactionDetails, TransactionsSummary,
};
pub use writer::Writer;
