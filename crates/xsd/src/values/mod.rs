//! Types of values, compiled: is this text a value of the type, and if not, why.

mod binary;
mod date_time;
mod decimal;

use std::borrow::Cow;

use crate::bounds::VALUE_SHOWN_CHARS_MAX;
use crate::error::SchemaError;
use crate::finding::Rule;
use crate::model::{Builtin, Facets, Model, SimpleType, TypeName, WhiteSpace};
use crate::pattern::Pattern;
use crate::tokenizer::name::key;
use decimal::Decimal;

/// A type of values with all its derivation steps folded together.
#[derive(Debug)]
pub(crate) struct ValueType {
    /// One that is no definition by facets.
    pub(crate) kind: Builtin,
    pub(crate) white_space: WhiteSpace,
    length: Option<u64>,
    length_min: u64,
    length_max: u64,
    has_length: bool,
    /// One per derivation step; all must match.
    patterns: Vec<Pattern>,
    /// One per derivation step; the value must be in all.
    enumerations: Vec<Enumeration>,
    total_digits_max: u64,
    fraction_digits_max: u64,
    min_inclusive: Option<Decimal>,
    max_inclusive: Option<Decimal>,
    min_exclusive: Option<Decimal>,
    max_exclusive: Option<Decimal>,
}

/// Allowed values of one derivation step.
#[derive(Debug)]
struct Enumeration {
    /// Values of up to 16 bytes, as keys; sorted.
    keys: Vec<u128>,
    /// Longer ones, sorted.
    long: Vec<String>,
    /// For messages.
    shown: String,
}

impl Enumeration {
    fn new(values: &[String]) -> Enumeration {
        let (short, long): (Vec<_>, Vec<_>) = values.iter().partition(|value| value.len() <= 16);
        let mut keys: Vec<u128> = short.iter().map(|value| key(value.as_bytes())).collect();
        keys.sort_unstable();
        let mut long: Vec<String> = long.into_iter().cloned().collect();
        long.sort_unstable();
        Enumeration { keys, long, shown: format!("one of {}", values.join(", ")) }
    }

    /// XML has no U+0000, so a key shorter than 16 bytes is not ambiguous.
    #[inline]
    fn contains(&self, value: &str) -> bool {
        if value.len() <= 16 {
            let key = key(value.as_bytes());
            if self.keys.len() <= 8 { self.keys.contains(&key) } else { self.keys.binary_search(&key).is_ok() }
        } else {
            self.long.binary_search_by(|long| long.as_str().cmp(value)).is_ok()
        }
    }
}

impl ValueType {
    /// The type of this name, following its bases.
    pub(crate) fn compile(model: &Model, type_name: &TypeName) -> Result<ValueType, SchemaError> {
        let mut steps: Vec<Cow<'_, SimpleType>> = Vec::new();
        let mut at = type_name.clone();
        let kind = loop {
            match &at {
                TypeName::Builtin(builtin) => match builtin.definition() {
                    Some(step) => {
                        at = step.base.clone();
                        steps.push(Cow::Owned(step));
                    }
                    None => break *builtin,
                },
                TypeName::Named(name) => {
                    let step = model
                        .simple_type(name)
                        .ok_or_else(|| definition(name, "this type of values is not defined"))?;
                    if steps.iter().any(|known| known.name == step.name) {
                        return Err(definition(name, "the type is derived from itself"));
                    }
                    steps.push(Cow::Borrowed(step));
                    at = step.base.clone();
                }
            }
        };
        let mut value_type = ValueType {
            kind,
            white_space: match kind {
                Builtin::String => WhiteSpace::Preserve,
                Builtin::NormalizedString => WhiteSpace::Replace,
                _ => WhiteSpace::Collapse,
            },
            length: None,
            length_min: 0,
            length_max: u64::MAX,
            has_length: false,
            patterns: Vec::new(),
            enumerations: Vec::new(),
            total_digits_max: u64::MAX,
            fraction_digits_max: u64::MAX,
            min_inclusive: None,
            max_inclusive: None,
            min_exclusive: None,
            max_exclusive: None,
        };
        for step in steps.iter().rev() {
            value_type.narrow(step)?;
        }
        Ok(value_type)
    }

    fn is_text(&self) -> bool {
        matches!(self.kind, Builtin::String | Builtin::NormalizedString | Builtin::Token)
    }

    /// Adds the facets of one derivation step.
    fn narrow(&mut self, step: &SimpleType) -> Result<(), SchemaError> {
        let facets: &Facets = &step.facets;
        let not_for = |what: &str| definition(&step.name, &format!("{what} is not supported for its base"));
        let lengths = [facets.length, facets.min_length, facets.max_length];
        if lengths.iter().any(Option::is_some) {
            if !self.is_text() && self.kind != Builtin::Base64Binary {
                return Err(not_for("a length"));
            }
            self.has_length = true;
        }
        if let Some(length) = facets.length {
            if self.length.is_some_and(|known| known != length) {
                return Err(definition(&step.name, "its length is not that of its base"));
            }
            self.length = Some(length);
        }
        self.length_min = self.length_min.max(facets.min_length.unwrap_or(0));
        self.length_max = self.length_max.min(facets.max_length.unwrap_or(u64::MAX));
        let is_number = matches!(self.kind, Builtin::Decimal | Builtin::Integer);
        let limits = [
            (&facets.min_inclusive, &mut self.min_inclusive, true),
            (&facets.max_inclusive, &mut self.max_inclusive, false),
            (&facets.min_exclusive, &mut self.min_exclusive, true),
            (&facets.max_exclusive, &mut self.max_exclusive, false),
        ];
        for (given, slot, is_lower) in limits {
            let Some(given) = given else { continue };
            if !is_number {
                return Err(not_for("a smallest or largest value"));
            }
            let limit =
                Decimal::parse(given).ok_or_else(|| definition(&step.name, &format!("`{given}` is not a number")))?;
            // A step may only narrow; where one does not, the narrower limit holds anyway.
            let replaces = match slot {
                None => true,
                Some(known) if is_lower => limit > *known,
                Some(known) => limit < *known,
            };
            if replaces {
                *slot = Some(limit);
            }
        }
        if !is_number && (facets.total_digits.is_some() || facets.fraction_digits.is_some()) {
            return Err(not_for("a number of digits"));
        }
        self.total_digits_max = self.total_digits_max.min(facets.total_digits.unwrap_or(u64::MAX));
        self.fraction_digits_max = self.fraction_digits_max.min(facets.fraction_digits.unwrap_or(u64::MAX));
        if let Some(white_space) = facets.white_space {
            if white_space < self.white_space {
                return Err(definition(&step.name, "white space is treated less than by its base"));
            }
            self.white_space = white_space;
        }
        self.patterns.extend(Pattern::of(facets)?);
        if !facets.enumeration.is_empty() {
            if !self.is_text() {
                return Err(definition(&step.name, "an enumeration of values other than texts is not supported"));
            }
            let values: Vec<String> =
                facets.enumeration.iter().map(|value| normalise(value, self.white_space).into_owned()).collect();
            self.enumerations.push(Enumeration::new(&values));
        }
        Ok(())
    }

    pub(crate) fn pattern_states(&self) -> usize {
        self.patterns.iter().map(Pattern::states).sum()
    }

    /// Whether a text, white space already treated, is a value of the type.
    #[inline]
    pub(crate) fn accepts(&self, value: &str) -> bool {
        let right_kind = match self.kind {
            Builtin::String | Builtin::NormalizedString | Builtin::Token => !self.has_length || self.length_fits(value),
            Builtin::Decimal | Builtin::Integer => self.number_fits(value),
            kind => lexical(kind, value) && (!self.has_length || self.length_fits(value)),
        };
        right_kind
            && self.patterns.iter().all(|pattern| pattern.matches(value))
            && self.enumerations.iter().all(|list| list.contains(value))
    }

    /// Counts characters only where the number of bytes does not decide.
    #[inline]
    fn length_fits(&self, value: &str) -> bool {
        let bytes = value.len() as u64;
        if self.length.is_none()
            && self.kind != Builtin::Base64Binary
            && bytes <= self.length_max
            && bytes.div_ceil(4) >= self.length_min
        {
            return true;
        }
        let length = self.length_of(value);
        length >= self.length_min && length <= self.length_max && self.length.is_none_or(|exact| exact == length)
    }

    fn length_of(&self, value: &str) -> u64 {
        match self.kind {
            Builtin::Base64Binary => binary::base64_length(value).unwrap_or(0),
            _ => value.chars().count() as u64,
        }
    }

    #[inline]
    fn number_fits(&self, value: &str) -> bool {
        let Some(shape) = decimal::Shape::of(value) else {
            return false;
        };
        (self.kind == Builtin::Decimal || !shape.has_point)
            && shape.total_digits() <= self.total_digits_max
            && shape.fraction_digits() <= self.fraction_digits_max
            && self.min_inclusive.as_ref().is_none_or(|min| shape >= *min)
            && self.max_inclusive.as_ref().is_none_or(|max| shape <= *max)
            && self.min_exclusive.as_ref().is_none_or(|min| shape > *min)
            && self.max_exclusive.as_ref().is_none_or(|max| shape < *max)
    }

    /// Reports all faults of a refused text: the rule and the expected value.
    pub(crate) fn explain(&self, value: &str, mut report: impl FnMut(Rule, String)) {
        let lexical_rule = match self.kind {
            Builtin::Decimal => Some((Rule::NotADecimal, "a decimal number")),
            Builtin::Integer => Some((Rule::NotAnInteger, "a whole number")),
            Builtin::Boolean => Some((Rule::NotABoolean, "true, false, 1 or 0")),
            Builtin::Date => Some((Rule::NotADate, "a date like 2026-11-23")),
            Builtin::DateTime => Some((Rule::NotADateTime, "a date and time like 2026-11-23T14:30:00+02:00")),
            Builtin::Time => Some((Rule::NotATime, "a time like 14:30:00")),
            Builtin::GYear => Some((Rule::NotAYear, "a year like 2026")),
            Builtin::GYearMonth => Some((Rule::NotAYearMonth, "a year and month like 2026-11")),
            Builtin::Base64Binary => Some((Rule::NotBase64, "base64")),
            _ => None,
        };
        if let Some((rule, expected)) = lexical_rule
            && !lexical(self.kind, value)
        {
            report(rule, expected.to_owned());
            return;
        }
        if self.has_length {
            let length = self.length_of(value);
            if let Some(exact) = self.length
                && length != exact
            {
                report(Rule::Length, format!("exactly {exact} characters, not {length}"));
            }
            if length < self.length_min {
                let min = self.length_min;
                report(Rule::MinLength, format!("at least {min} characters, not {length}"));
            }
            if length > self.length_max {
                let max = self.length_max;
                report(Rule::MaxLength, format!("at most {max} characters, not {length}"));
            }
        }
        if let Some(shape) = decimal::Shape::of(value)
            && matches!(self.kind, Builtin::Decimal | Builtin::Integer)
        {
            if shape.total_digits() > self.total_digits_max {
                let (max, given) = (self.total_digits_max, shape.total_digits());
                report(Rule::TotalDigits, format!("at most {max} digits, not {given}"));
            }
            if shape.fraction_digits() > self.fraction_digits_max {
                let (max, given) = (self.fraction_digits_max, shape.fraction_digits());
                report(Rule::FractionDigits, format!("at most {max} fraction digits, not {given}"));
            }
            if let Some(min) = self.min_inclusive.as_ref().filter(|min| shape < **min) {
                report(Rule::MinInclusive, format!("at least {min}"));
            }
            if let Some(max) = self.max_inclusive.as_ref().filter(|max| shape > **max) {
                report(Rule::MaxInclusive, format!("at most {max}"));
            }
            if let Some(min) = self.min_exclusive.as_ref().filter(|min| shape <= **min) {
                report(Rule::MinExclusive, format!("more than {min}"));
            }
            if let Some(max) = self.max_exclusive.as_ref().filter(|max| shape >= **max) {
                report(Rule::MaxExclusive, format!("less than {max}"));
            }
        }
        for pattern in self.patterns.iter().filter(|p| !p.matches(value)) {
            report(Rule::Pattern, format!("`{}`", pattern.source));
        }
        for list in self.enumerations.iter().filter(|l| !l.contains(value)) {
            report(Rule::Enumeration, list.shown.clone());
        }
    }
}

fn lexical(kind: Builtin, value: &str) -> bool {
    match kind {
        Builtin::Decimal => decimal::Shape::of(value).is_some(),
        Builtin::Integer => decimal::Shape::of(value).is_some_and(|shape| !shape.has_point),
        Builtin::Boolean => matches!(value, "true" | "false" | "1" | "0"),
        Builtin::Date => date_time::is_date(value),
        Builtin::DateTime => date_time::is_date_time(value),
        Builtin::Time => date_time::is_time(value),
        Builtin::GYear => date_time::is_year(value),
        Builtin::GYearMonth => date_time::is_year_month(value),
        Builtin::Base64Binary => binary::base64_length(value).is_some(),
        _ => true,
    }
}

fn definition(name: &str, reason: &str) -> SchemaError {
    SchemaError::Definition { name: name.to_owned(), reason: reason.to_owned() }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Treats white space; borrows where nothing but the ends changes.
pub(crate) fn normalise(value: &str, white_space: WhiteSpace) -> Cow<'_, str> {
    match white_space {
        WhiteSpace::Preserve => Cow::Borrowed(value),
        WhiteSpace::Replace if !value.contains(['\t', '\n', '\r']) => Cow::Borrowed(value),
        WhiteSpace::Replace => Cow::Owned(value.replace(['\t', '\n', '\r'], " ")),
        WhiteSpace::Collapse => {
            let trimmed = value.trim_matches(is_space);
            if trimmed.contains(['\t', '\n', '\r']) || trimmed.contains("  ") {
                let words: Vec<&str> = trimmed.split(is_space).filter(|w| !w.is_empty()).collect();
                Cow::Owned(words.join(" "))
            } else {
                Cow::Borrowed(trimmed)
            }
        }
    }
}

/// At most [`VALUE_SHOWN_CHARS_MAX`] characters of a value, for messages.
pub(crate) fn shown(value: &str) -> String {
    match value.char_indices().nth(VALUE_SHOWN_CHARS_MAX) {
        None => value.to_owned(),
        Some(_) => {
            let mut shown: String = value.chars().take(VALUE_SHOWN_CHARS_MAX - 1).collect();
            shown.push('…');
            shown
        }
    }
}
