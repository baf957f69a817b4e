//! Appends elements to the document: a tag, a value, and the check that the schema accepts the value.
//!
//! A value that the schema would refuse is an error where a correction would change the meaning (identifiers, amounts,
//! codes); elsewhere the writer cuts it or leaves it out (names, free text). `…_if` writes nothing for `None`.

use std::io::Write as _;

use jiff::civil;
use money::Decimal;

use super::WriteError;
use super::escape::push_text;
use super::values::{self, Limits};
use crate::DateTime;
use crate::common::{Amount, CodeOrProprietary};
use crate::dialect::Dialect;

/// The tags of an element, glued when the program is compiled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tag {
    /// What an error calls it.
    pub(super) name: &'static str,
    pub(super) open: &'static str,
    pub(super) open_with_currency: &'static str,
    pub(super) close: &'static str,
}

/// The tags of the element with this name; an error calls it by the second, where the name alone would not say which it is.
macro_rules! tag {
    ($name:literal) => {
        $crate::write::tag!($name, $name)
    };
    ($name:literal, $called:literal) => {
        $crate::write::Tag::glued(
            $called,
            concat!("<", $name, ">"),
            concat!("<", $name, " Ccy=\""),
            concat!("</", $name, ">"),
        )
    };
}
pub(crate) use tag;

impl Tag {
    #[inline]
    pub(crate) const fn glued(
        name: &'static str,
        open: &'static str,
        open_with_currency: &'static str,
        close: &'static str,
    ) -> Tag {
        Tag { name, open, open_with_currency, close }
    }
}

/// The part of a document that is being written.
pub(crate) struct Elements<'o> {
    out: &'o mut Vec<u8>,
    /// Names by which the generation of the message differs.
    pub(crate) dialect: Dialect,
}

type Written = Result<(), WriteError>;

impl<'o> Elements<'o> {
    pub(super) fn new(out: &'o mut Vec<u8>, dialect: Dialect) -> Elements<'o> {
        Elements { out, dialect }
    }

    /// Appends markup as it is.
    #[inline(always)]
    pub(crate) fn markup(&mut self, markup: &str) {
        self.out.extend_from_slice(markup.as_bytes());
    }

    /// An element around others.
    #[inline(always)]
    pub(crate) fn within(&mut self, tag: Tag, write: impl FnOnce(&mut Self) -> Written) -> Written {
        self.markup(tag.open);
        write(self)?;
        self.markup(tag.close);
        Ok(())
    }

    /// An element around others that only the newer generation has; the older has them without it.
    #[inline(always)]
    pub(crate) fn within_if_newer(&mut self, tag: Tag, write: impl FnOnce(&mut Self) -> Written) -> Written {
        if self.dialect.newer { self.within(tag, write) } else { write(self) }
    }

    /// An element with a text that is known to be right.
    #[inline(always)]
    pub(crate) fn text(&mut self, tag: Tag, text: &str) {
        self.markup(tag.open);
        push_text(self.out, text);
        self.markup(tag.close);
    }

    /// A value that may not be changed, of one to `chars_max` characters.
    #[inline(always)]
    pub(crate) fn bounded(&mut self, tag: Tag, text: &str, chars_max: usize) -> Written {
        self.text(tag, values::bounded(tag.name, text, chars_max)?);
        Ok(())
    }

    /// An identifier: up to 35 characters.
    #[inline(always)]
    pub(crate) fn identifier(&mut self, tag: Tag, text: &str) -> Written {
        self.bounded(tag, text, Limits::IDENTIFIER)
    }

    #[inline(always)]
    pub(crate) fn identifier_if(&mut self, tag: Tag, text: Option<&str>) -> Written {
        let Some(text) = text else { return Ok(()) };
        self.identifier(tag, text)
    }

    /// A code of one of the published lists: up to four characters.
    #[inline(always)]
    pub(crate) fn code(&mut self, tag: Tag, text: &str) -> Written {
        self.bounded(tag, text, Limits::CODE)
    }

    /// A code in an element of its own.
    #[inline(always)]
    pub(crate) fn code_within_if(&mut self, tag: Tag, text: Option<&str>) -> Written {
        let Some(text) = text else { return Ok(()) };
        self.within(tag, |w| w.code(Tag { name: tag.name, ..tag!("Cd") }, text))
    }

    /// A code that the schema itself lists.
    #[inline(always)]
    pub(crate) fn listed(&mut self, tag: Tag, text: &str, allowed: &[&str]) -> Written {
        self.text(tag, values::listed(tag.name, text, allowed)?);
        Ok(())
    }

    #[inline]
    pub(crate) fn listed_if(&mut self, tag: Tag, text: Option<&str>, allowed: &[&str]) -> Written {
        let Some(text) = text else { return Ok(()) };
        self.listed(tag, text, allowed)
    }

    /// `Cd` or `Prtry` in an element. The older generation may list the codes in the schema.
    pub(crate) fn choice_within(
        &mut self,
        tag: Tag,
        choice: CodeOrProprietary<'_>,
        listed_in_older: &[&str],
    ) -> Written {
        let code = Tag { name: tag.name, ..tag!("Cd") };
        let proprietary = Tag { name: tag.name, ..tag!("Prtry") };
        self.within(tag, |w| match choice {
            CodeOrProprietary::Code(text) if w.dialect.newer || listed_in_older.is_empty() => w.code(code, text),
            CodeOrProprietary::Code(text) => w.listed(code, text, listed_in_older),
            CodeOrProprietary::Proprietary(text) => w.identifier(proprietary, text),
        })
    }

    /// A choice in an element of its own.
    pub(crate) fn choice_within_if(&mut self, tag: Tag, choice: Option<CodeOrProprietary<'_>>) -> Written {
        let Some(choice) = choice else { return Ok(()) };
        self.choice_within(tag, choice, &[])
    }

    /// A text for people, cut to the schema's length; nothing for an empty text.
    #[inline(always)]
    pub(crate) fn prose_if(&mut self, tag: Tag, text: Option<&str>, chars_max: usize) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.text(tag, super::cut(text, chars_max));
        }
    }

    /// A currency code.
    #[inline]
    pub(crate) fn currency(&mut self, tag: Tag, text: &str) -> Written {
        self.text(tag, values::currency_code(tag.name, text)?);
        Ok(())
    }

    /// An amount with its currency.
    #[inline(always)]
    pub(crate) fn amount(&mut self, tag: Tag, amount: Amount) -> Written {
        self.markup(tag.open_with_currency);
        self.markup(amount.currency.code());
        self.markup("\">");
        values::amount(self.out, tag.name, amount.value)?;
        self.markup(tag.close);
        Ok(())
    }

    #[inline]
    pub(crate) fn amount_if(&mut self, tag: Tag, amount: Option<Amount>) -> Written {
        let Some(amount) = amount else { return Ok(()) };
        self.amount(tag, amount)
    }

    /// A sum without currency, signed.
    #[inline]
    pub(crate) fn sum_if(&mut self, tag: Tag, sum: Option<Decimal>) -> Written {
        let Some(sum) = sum else { return Ok(()) };
        self.value(tag, |out| values::number(out, tag.name, sum))
    }

    /// A number of transactions or entries.
    #[inline]
    pub(crate) fn count_if(&mut self, tag: Tag, number: Option<u64>) -> Written {
        let Some(number) = number else { return Ok(()) };
        self.value(tag, |out| values::count(out, tag.name, number))
    }

    /// A sequence number.
    #[inline]
    pub(crate) fn sequence_if(&mut self, tag: Tag, number: Option<u64>) -> Written {
        let Some(number) = number else { return Ok(()) };
        self.value(tag, |out| values::sequence(out, tag.name, number))
    }

    #[inline(always)]
    pub(crate) fn date(&mut self, tag: Tag, day: civil::Date) -> Written {
        self.value(tag, |out| values::date(out, tag.name, day))
    }

    /// A date in the `Dt` of an element of its own.
    #[inline]
    pub(crate) fn date_within_if(&mut self, tag: Tag, day: Option<civil::Date>) -> Written {
        let Some(day) = day else { return Ok(()) };
        self.within(tag, |w| w.date(tag!("Dt"), day))
    }

    /// A date that the newer generation offers as a choice of `Dt` and `DtTm`.
    #[inline]
    pub(crate) fn date_choice(&mut self, tag: Tag, day: civil::Date) -> Written {
        if self.dialect.newer { self.date_within_if(tag, Some(day)) } else { self.date(tag, day) }
    }

    #[inline]
    pub(crate) fn date_time(&mut self, tag: Tag, time: DateTime) -> Written {
        self.value(tag, |out| values::date_time(out, tag.name, time))
    }

    #[inline]
    pub(crate) fn date_time_if(&mut self, tag: Tag, time: Option<DateTime>) -> Written {
        let Some(time) = time else { return Ok(()) };
        self.date_time(tag, time)
    }

    /// `CreDtTm`, which no message may be without.
    pub(crate) fn created(&mut self, time: Option<DateTime>) -> Written {
        self.date_time(tag!("CreDtTm"), time.ok_or(WriteError::Missing { element: "CreDtTm" })?)
    }

    #[inline]
    pub(crate) fn time_if(&mut self, tag: Tag, time: Option<civil::Time>) -> Written {
        let Some(time) = time else { return Ok(()) };
        self.value(tag, |out| Ok(write!(out, "{time}")?))
    }

    #[inline]
    pub(crate) fn boolean_if(&mut self, tag: Tag, value: Option<bool>) {
        if let Some(value) = value {
            self.text(tag, if value { "true" } else { "false" });
        }
    }

    #[inline(always)]
    fn value(&mut self, tag: Tag, write: impl FnOnce(&mut Vec<u8>) -> Written) -> Written {
        self.markup(tag.open);
        write(self.out)?;
        self.markup(tag.close);
        Ok(())
    }
}
