//! A value as the document has it, and its conversions.
//!
//! An unreadable value is `None`: the schema has refused it, and the findings say so.

use std::borrow::Cow;
use std::str::FromStr;

use jiff::civil;
use money::{Currency, Decimal};
use unicode_normalization::{UnicodeNormalization, is_nfc};
use xsd::Attributes;

use super::Arena;
use crate::bounds::PLACEHOLDER_BICS;
use crate::common::{self, Amount, CodeOrProprietary, CreditDebit};
use crate::date_time::{DateTime, date_beyond_years, parse_date, parse_time_with_offset};

/// A value that was selected.
#[derive(Clone, Copy)]
pub(crate) struct Leaf<'e, 'a> {
    pub(super) arena: &'a Arena,
    pub(crate) text: &'e str,
    pub(super) attributes: &'e Attributes<'e>,
}

impl<'a> Leaf<'_, 'a> {
    /// A copy of the text that lives as long as the item.
    #[inline]
    pub(crate) fn kept(&self) -> &'a str {
        self.arena.text(&self.composed())
    }

    /// The text in NFC: some systems write a letter and its mark as two characters, and mean the letter.
    #[inline]
    pub(crate) fn composed(&self) -> Cow<'_, str> {
        if self.text.is_ascii() || is_nfc(self.text) {
            return Cow::Borrowed(self.text);
        }
        Cow::Owned(self.text.nfc().collect())
    }

    /// Whether nothing is to be seen of it.
    #[inline]
    pub(super) fn is_blank(&self) -> bool {
        common::is_blank(self.text)
    }

    /// Whether it only stands where the schema or a program wants a BIC.
    pub(super) fn is_placeholder_bic(&self) -> bool {
        PLACEHOLDER_BICS.contains(&self.text)
    }

    /// Keeps a BIC; a placeholder is none.
    pub(crate) fn keep_bic(&self, slot: &mut Option<&'a str>) {
        if !self.is_placeholder_bic() {
            self.keep(slot);
        }
    }

    /// Keeps the text unless there is one: an invalid document may repeat what the schema has once.
    #[inline]
    pub(crate) fn keep(&self, slot: &mut Option<&'a str>) {
        if slot.is_none() {
            *slot = Some(self.kept());
        }
    }

    /// The same where the schema has exactly one.
    #[inline]
    pub(crate) fn keep_mandatory(&self, slot: &mut &'a str) {
        if slot.is_empty() {
            *slot = self.kept();
        }
    }

    /// Keeps the text as a code, unless the choice was made before.
    pub(crate) fn keep_code(&self, slot: &mut Option<CodeOrProprietary<'a>>) {
        slot.get_or_insert_with(|| CodeOrProprietary::Code(self.kept()));
    }

    /// Keeps the text as a house's own, unless the choice was made before.
    pub(crate) fn keep_proprietary(&self, slot: &mut Option<CodeOrProprietary<'a>>) {
        slot.get_or_insert_with(|| CodeOrProprietary::Proprietary(self.kept()));
    }

    /// An amount with its `Ccy`.
    #[inline]
    pub(crate) fn amount(&self) -> Option<Amount> {
        let currency = Currency::new(self.attributes.get("Ccy")?).ok()?;
        Some(Amount { value: self.decimal()?, currency })
    }

    pub(crate) fn decimal(&self) -> Option<Decimal> {
        Decimal::parse(self.text).ok()
    }

    pub(crate) fn number<N: FromStr>(&self) -> Option<N> {
        self.text.parse().ok()
    }

    /// A date, or the date of a date and time as written (its offset: [`Leaf::date_time`]). One beyond the years that can be counted is the nearest that can be.
    pub(crate) fn date(&self) -> Option<civil::Date> {
        parse_date(self.text)
            .or_else(|| self.date_time().map(|time| time.local.date()))
            .or_else(|| date_beyond_years(self.text))
    }

    /// Whether [`Leaf::date`] gives the nearest date that can be counted instead of the one that is written.
    pub(crate) fn is_beyond_years(&self) -> bool {
        parse_date(self.text).is_none() && self.date_time().is_none() && date_beyond_years(self.text).is_some()
    }

    pub(crate) fn date_time(&self) -> Option<DateTime> {
        DateTime::parse(self.text).ok()
    }

    /// A time, whose offset is dropped.
    pub(crate) fn time(&self) -> Option<civil::Time> {
        parse_time_with_offset(self.text)
    }

    pub(crate) fn credit_debit(&self) -> Option<CreditDebit> {
        CreditDebit::from_code(self.text)
    }

    /// `xs:boolean`.
    pub(crate) fn boolean(&self) -> Option<bool> {
        match self.text {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }
}
