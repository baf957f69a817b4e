//! Texts in two languages, and how values get into them.

use std::fmt::Write as _;
use std::str::FromStr;

use crate::bounds::{EXCERPT_CHARS_MAX, PLACE_CHARS_MAX};
use crate::characters::is_unseen;

/// A language that the catalogue speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Latvian, the language of the service.
    #[default]
    Latvian,
    /// English.
    English,
}

impl Language {
    /// Both, Latvian first.
    pub const ALL: [Language; 2] = [Language::Latvian, Language::English];

    /// The language tag (BCP 47): `lv`, `en`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Language::Latvian => "lv",
            Language::English => "en",
        }
    }
}

/// The text is no language that the catalogue speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownLanguage;

impl FromStr for Language {
    type Err = UnknownLanguage;

    /// Reads a language tag by its primary part: `lv`, `en-GB`.
    fn from_str(tag: &str) -> Result<Language, UnknownLanguage> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        Language::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary)).ok_or(UnknownLanguage)
    }
}

/// A text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// Latvian.
    pub lv: &'static str,
    /// English.
    pub en: &'static str,
}

impl Text {
    /// The text in a language.
    #[must_use]
    pub const fn in_language(&self, language: Language) -> &'static str {
        match language {
            Language::Latvian => self.lv,
            Language::English => self.en,
        }
    }
}

/// The values that a detail's placeholders stand for. They are shortened when they are filled in: `value` to
/// [`EXCERPT_CHARS_MAX`], the others to [`PLACE_CHARS_MAX`] characters.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arguments<'a> {
    /// `{element}`: where in the message, as a path of element names.
    pub element: &'a str,
    /// `{value}`: what was found.
    pub value: &'a str,
    /// `{expected}`: what was expected: a count, a sum, a limit, a date.
    pub expected: &'a str,
    /// `{given}`: what was given, where a rule measures it: characters mostly.
    pub given: &'a str,
}

impl Arguments<'_> {
    /// The template with its placeholders replaced; `None` when one of them has no value.
    pub(super) fn fill(&self, template: &str) -> Option<String> {
        let mut filled = String::with_capacity(template.len() + self.value.len().min(EXCERPT_CHARS_MAX));
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}')?;
            let (value, chars_max) = match name {
                "element" => (self.element, PLACE_CHARS_MAX),
                "value" => (self.value, EXCERPT_CHARS_MAX),
                "expected" => (self.expected, PLACE_CHARS_MAX),
                "given" => (self.given, PLACE_CHARS_MAX),
                _ => return None,
            };
            if value.is_empty() {
                return None;
            }
            filled.push_str(before);
            // Writing to a String cannot fail.
            let _ = write!(filled, "{}", Shortened { text: value, chars_max });
            rest = after;
        }
        filled.push_str(rest);
        Some(filled)
    }
}

impl<'t> Arguments<'t> {
    /// The values that stand in a text that was made of the template; `None` when it was not, or could have been made of others.
    pub(super) fn read(template: &str, text: &'t str) -> Option<Arguments<'t>> {
        let mut found = Arguments::default();
        let (before, mut to_read) = template.split_once('{')?;
        let mut rest = text.strip_prefix(before)?;
        loop {
            let (name, after) = to_read.split_once('}')?;
            let (literal, next) = after.split_once('{').map_or((after, None), |(literal, next)| (literal, Some(next)));
            let end = if next.is_some() { rest.find(literal)? } else { rest.strip_suffix(literal)?.len() };
            let (value, after) = rest.split_at_checked(end)?;
            match name {
                "element" => found.element = value,
                "value" => found.value = value,
                "expected" => found.expected = value,
                "given" => found.given = value,
                _ => return None,
            }
            match next {
                Some(next) => (to_read, rest) = (next, after.strip_prefix(literal)?),
                None => break,
            }
        }
        found.fill(template).is_some_and(|filled| filled == text).then_some(found)
    }
}

/// A text shown up to a number of characters: ends of lines and tabs as `␣`, and what nobody would see, or what a terminal
/// would obey, by its number.
pub(crate) struct Shortened<'a> {
    pub(crate) text: &'a str,
    pub(crate) chars_max: usize,
}

impl std::fmt::Display for Shortened<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (shown, character) in self.text.chars().enumerate() {
            if shown == self.chars_max {
                return f.write_char('…');
            }
            match character {
                '\t' | '\n' | '\r' => f.write_char('␣')?,
                unseen if unseen.is_control() || is_unseen(unseen) => write!(f, "[U+{:04X}]", u32::from(unseen))?,
                seen => f.write_char(seen)?,
            }
        }
        Ok(())
    }
}
