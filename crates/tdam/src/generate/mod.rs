//! Makes messages that look like those of an accounting system and of the exchange: for trying out, for demonstrations,
//! benchmarks and tests.
//!
//! Its messages are valid by schema and guideline unless the settings ask for flaws. The settings alone decide them:
//! the same settings give the same bytes. It writes a message while it makes it: a million payments need no more memory
//! than ten.
//!
//! ```
//! use tdam::generate::PaymentBatch;
//!
//! let batch = PaymentBatch::new(1_000, 42, "2026-11-24".parse().unwrap());
//! let mut xml = Vec::new();
//! let summary = batch.write(&mut xml).unwrap();
//! assert_eq!(summary.transactions, 1_000);
//! assert!(xml.starts_with(b"<?xml"));
//! ```

mod account_entry;
mod account_report;
mod batch;
mod flaw;
mod outcome;
mod payment;
mod people;
mod placement;
mod plan;
pub mod random;
mod request;
mod status_report;

pub use account_report::{AccountReport, ReportSummary};
pub use batch::{GenerateError, Summary};
pub use flaw::{Flaw, Flawed};
pub(crate) use plan::DEBTOR_NAME;
pub use plan::{PayeeAccount, PaymentBatch};
pub use request::ReportRequest;
pub use status_report::StatusSummary;

/// Account that is debited when none is named: a budget account of the sandbox.
pub const DEBTOR_ACCOUNT: &str = "LV68TREL1000000001001";
/// Accounts of the Treasury that are credited when none is named, with the classification of the payee's side: those of the
/// sandbox's other institutions.
pub const PAYEE_ACCOUNTS: [(&str, &str); 3] =
    [("LV42TREL2000000002001", "21381"), ("LV15TREL2000000002002", "21399"), ("LV16TREL3000000003001", "F22010010")];
/// Most payments of one message.
pub const TRANSACTIONS_MAX: u32 = 10_000_000;
