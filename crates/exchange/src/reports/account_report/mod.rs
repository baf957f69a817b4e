//! The form of account reports (camt.052, camt.053, camt.054): the head of a page, and its entries.
//!
//! The exchange shows what it booked this way, and `tdam generate` what it draws. So an importer that reads generated
//! files meets nothing else in operation.

mod entry;
mod head;

pub use self::entry::{OrderedPayment, Origin, OutsideCredit, ReportedEntry, Returned, entry_reference, write_entry};
pub use self::head::{AccountHead, PageHeader, Sums, balance, write_account_head, write_page_header};

use iso20022::MessageType;
use iso20022::common::{Amount, CreditDebit};
use money::{Currency, Decimal};

/// The account that is reported on, and who keeps it.
#[derive(Clone, Copy, Debug)]
pub struct ReportedAccount<'a> {
    /// IBAN.
    pub iban: &'a str,
    /// Its currency.
    pub currency: Currency,
    /// Its owner.
    pub owner_name: &'a str,
    /// BIC of who keeps it.
    pub servicer_bic: &'a str,
    /// Name of who keeps it.
    pub servicer_name: &'a str,
}

/// Whether a report has entries only, without balances.
#[must_use]
pub fn is_notification(message_type: MessageType) -> bool {
    matches!(message_type, MessageType::Camt054V02 | MessageType::Camt054V08)
}

fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn magnitude(minor: i64, currency: Currency) -> (Amount, CreditDebit) {
    let direction = if minor < 0 { CreditDebit::Debit } else { CreditDebit::Credit };
    let value = Decimal::new(i128::from(minor.unsigned_abs()), currency.minor_digits());
    (Amount { value, currency }, direction)
}
