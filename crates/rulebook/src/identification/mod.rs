//! Identifications of accounts and banks: IBAN, BIC, creditor reference.

mod bic;
mod creditor_reference;
mod iban;
mod mod97;

pub use bic::{Bic, BicError};
pub use creditor_reference::has_right_check_digits;
pub use iban::{Iban, IbanError};
