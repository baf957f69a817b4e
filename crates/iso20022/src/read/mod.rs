//! What all readers share: an arena for the values of one item, and the shapes that several messages have.
//!
//! A reader asks the validator for the parts it wants, copies their texts into an arena, lends the item out, and clears the
//! arena before the next one: no allocation for each element, and memory independent of the file.
//!
//! A tag of the selection is a *group* (the element whose parts these are) in its high byte and a *field* in its low byte;
//! field [`SELF`] is the element itself.

mod account;
mod arena;
mod party;
mod paths;
mod payment;
mod reason;

pub(crate) use account::{AccountDraft, AgentDraft};
pub(crate) use arena::{Arena, Kept, keep, within_bounds};
pub(crate) use party::PartyDraft;
pub(crate) use paths::{Paths, SELF, field, group, tag};
pub(crate) use payment::{PaymentTypeDraft, RemittanceDraft};
pub(crate) use reason::{ReasonDraft, choice};

use jiff::civil;
use money::{Currency, Decimal};
use xsd::Attributes;

use crate::common::{Amount, Position};
use crate::date_time::{DateTime, parse_date};

/// An amount with its `Ccy`; `None` when either cannot be read (the schema refused it then).
#[inline]
pub(crate) fn amount(text: &str, attributes: &Attributes<'_>) -> Option<Amount> {
    let value = Decimal::parse(text).ok()?;
    let currency = Currency::new(attributes.get("Ccy")?).ok()?;
    Some(Amount { value, currency })
}

/// A date, or the date of a date and time.
pub(crate) fn date(text: &str) -> Option<civil::Date> {
    parse_date(text).or_else(|| DateTime::parse(text).ok().map(|time| time.local.date()))
}

/// `xs:boolean`.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

pub(crate) fn place(position: xsd::Position) -> Position {
    let narrow = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Position { line: narrow(position.line), column: narrow(position.column) }
}
