//! Whether reports add up: within each page, and from page to page.

use std::fmt;

use iso20022::MessageType;
use iso20022::camt::{Balance, Item, Reader};
use iso20022::common::CreditDebit;
use money::Decimal;
use xsd::Bounds;

use crate::Error;

/// Checks page after page of camt.052 or camt.053 messages: the first balance, the credits and the debits of a page make its second balance,
/// and the next page of the same report begins with that.
///
/// ```no_run
/// # async fn example(client: client::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use client::{BalanceCheck, Body};
/// let mut check = BalanceCheck::default();
/// let mut pages = client.request_report(Body::file("camt060.xml"), None).await?;
/// while let Some(page) = pages.next().await? {
///     let message_type = page.document.message_type().unwrap_or_default().to_owned();
///     let xml = page.document.bytes().await?;
///     check.page(&message_type, &xml)?;
///     std::fs::write(format!("page-{}.xml", page.number), xml)?;
/// }
/// check.verdict()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct BalanceCheck {
    pages: u32,
    /// Of the report read last: its identification and account, and the balance that its last page ended with.
    last: Option<(String, Decimal)>,
    wrong: Option<Unbalanced>,
}

/// A page that does not add up, or does not begin where the one before it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unbalanced {
    /// Which of the pages that were checked, from 1.
    pub page: u32,
    /// What the page should say.
    pub expected: String,
    /// What it says.
    pub stated: String,
}

impl fmt::Display for Unbalanced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "page {} does not add up: {} is stated, {} was expected; do not import the report, and ask the operator",
            self.page, self.stated, self.expected
        )
    }
}

impl std::error::Error for Unbalanced {}

impl BalanceCheck {
    /// Reads a page. `message_type` is [`Document::message_type`](crate::Document::message_type).
    ///
    /// # Errors
    /// [`Error::is_unexpected`] when it is no camt message that the library knows, or is not well-formed.
    pub fn page(&mut self, message_type: &str, xml: &[u8]) -> Result<(), Error> {
        let kind: MessageType = message_type
            .parse()
            .map_err(|_| Error::unexpected(format!("`{message_type}` is no message type that the library knows")))?;
        let broken = |error: xsd::ReadError| Error::unexpected(format!("the report cannot be read: {error}"));
        self.pages += 1;
        let mut reader = Reader::new(kind, xml, Bounds::default());
        let (mut report, mut balance, mut stated): (String, Option<Decimal>, Option<Decimal>) = Default::default();
        while let Some(item) = reader.next().map_err(broken)? {
            match item {
                Item::Report(head) => {
                    report = format!("{} {}", head.id, head.account.account.iban.unwrap_or_default());
                    balance = head.balances.first().and_then(signed);
                    stated = head.balances.last().filter(|_| head.balances.len() > 1).and_then(signed);
                    self.begins(&report, balance);
                }
                Item::Entry(entry) => {
                    let amount = by_direction(entry.amount.value, entry.credit_debit);
                    balance = balance.and_then(|balance| balance.checked_add(amount?));
                }
                Item::EndOfReport => {
                    if let Some(stated) = stated {
                        self.compare(balance, stated);
                        self.last = Some((std::mem::take(&mut report), stated));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether all pages so far add up.
    ///
    /// # Errors
    /// The first place where they do not.
    pub fn verdict(&self) -> Result<(), Unbalanced> {
        self.wrong.clone().map_or(Ok(()), Err)
    }

    /// A page of the report read last begins where that one ended.
    fn begins(&mut self, report: &str, first: Option<Decimal>) {
        let Some((last, ended)) = self.last.clone() else { return };
        if let Some(first) = first.filter(|_| last == report) {
            self.compare(Some(ended), first);
        }
    }

    fn compare(&mut self, expected: Option<Decimal>, stated: Decimal) {
        if expected.map(Decimal::normalised) != Some(stated.normalised()) && self.wrong.is_none() {
            let expected = expected.map_or("a sum that is too large".to_owned(), |sum| sum.to_string());
            self.wrong = Some(Unbalanced { page: self.pages, expected, stated: stated.to_string() });
        }
    }
}

fn signed(balance: &Balance<'_>) -> Option<Decimal> {
    by_direction(balance.amount.value, balance.credit_debit)
}

/// Negative for a debit.
fn by_direction(amount: Decimal, direction: CreditDebit) -> Option<Decimal> {
    match direction {
        CreditDebit::Credit => Some(amount),
        CreditDebit::Debit => Some(Decimal::new(amount.units_at_scale(amount.scale())?.checked_neg()?, amount.scale())),
    }
}
