//! The Treasury's usage guideline as values: rules, all texts that users read, IBAN, BIC, EKK, AMK, calendar, cut-offs.
//!
//! The exchange, the payments and the documentation must say the same about the same mistake. So there is one
//! [`catalogue`] of codes with their texts in Latvian and English, one table of [`rules`] that refer to it, and one
//! [`Guideline`] value with every decision that differs between treasuries. A [`Checker`] applies them to a pain.001 as
//! it is read, a payment at a time, and allocates nothing for a payment that is in order.
//!
//! Nothing here reads a clock or a file: the business day and the time of receipt are arguments ([`CheckContext`]).
//!
//! ```
//! use rulebook::catalogue::Arguments;
//! use rulebook::{Code, Language};
//!
//! let code: Code = "TDAM-3107".parse().unwrap();
//! assert_eq!(code.iso_reason(), Some("AC03"));
//! let found = Arguments { value: "LV91TREL1060000100000", ..Arguments::default() };
//! assert_eq!(
//!     code.entry().text(Language::English, &found),
//!     "The check digits of the payee's IBAN LV91TREL1060000100000 do not fit, so something in it is mistyped."
//! );
//! ```

pub mod bounds;
pub mod calendar;
pub mod catalogue;
pub mod characters;
pub mod check;
pub mod classification;
pub mod code_sets;
pub mod country;
pub mod currency;
mod data;
pub mod execution_date;
pub mod guideline;
pub mod identification;
pub mod report_request;
mod route;
pub mod rules;
pub mod usage;

pub use calendar::Calendar;
pub use catalogue::{Code, Entry, Language};
pub use check::{CheckContext, CheckedBlock, CheckedPayment, Checker, Finding, Scope, Sink, UltimateDebtor};
pub use classification::{Amk, Ekk};
pub use code_sets::CodeSet;
pub use country::Country;
pub use guideline::Guideline;
pub use identification::{Bic, Iban};
pub use route::Route;
pub use rules::Rule;
