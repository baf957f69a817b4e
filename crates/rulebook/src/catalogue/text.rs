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
    /// The values that stand in a text that was made of the template; `None` when it was not, or could have been made of others:
    /// a value that holds the words between two placeholders can be split at either place.
    pub(super) fn read(template: &str, text: &'t str) -> Option<Arguments<'t>> {
        let (names, literals) = placeholders(template)?;
        let (before, literals) = literals.split_first()?;
        let (behind, between) = literals.split_last()?;
        let values = text.strip_prefix(before)?.strip_suffix(behind)?;
        let (mut from_front, mut rest) = (Vec::with_capacity(names.len()), values);
        for literal in between {
            let (value, after) = rest.split_once(literal)?;
            from_front.push(value);
            rest = after;
        }
        from_front.push(rest);
        let (mut from_back, mut rest) = (Vec::with_capacity(names.len()), values);
        for literal in between.iter().rev() {
            let (before, value) = rest.rsplit_once(literal)?;
            from_back.push(value);
            rest = before;
        }
        from_back.push(rest);
        // From the front each value ends as early as it can, from the back as late. No other values fit where both agree.
        if !from_front.iter().eq(from_back.iter().rev()) {
            return None;
        }
        let mut found = Arguments::default();
        for (name, value) in names.into_iter().zip(from_front) {
            match name {
                "element" => found.element = value,
                "value" => found.value = value,
                "expected" => found.expected = value,
                "given" => found.given = value,
                _ => return None,
            }
        }
        found.fill(template).is_some_and(|filled| filled == text).then_some(found)
    }
}

/// The names of a template's placeholders, and the words before, between and behind them; `None` when it has no placeholder.
fn placeholders(template: &str) -> Option<(Vec<&str>, Vec<&str>)> {
    let mut pieces = template.split('{');
    let (mut names, mut literals) = (Vec::new(), vec![pieces.next()?]);
    for piece in pieces {
        let (name, literal) = piece.split_once('}')?;
        names.push(name);
        literals.push(literal);
    }
    (!names.is_empty()).then_some((names, literals))
}

/// A text shown up to a number of characters: ends of lines and tabs as `␣`, invisible characters and those that a
/// terminal would obey by their numbers.
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read<'t>(template: &str, text: &'t str) -> Option<[&'t str; 4]> {
        Arguments::read(template, text).map(|read| [read.element, read.value, read.expected, read.given])
    }

    #[test]
    fn a_text_that_other_values_could_have_made_is_not_read() {
        const EARLIER: &str = "PmtInfId `{value}` was in message `{expected}` of {given} already.";
        let made = |value, expected| {
            let arguments = Arguments { value, expected, given: "2026-11-23", ..Arguments::default() };
            arguments.fill(EARLIER).unwrap()
        };
        assert_eq!(read(EARLIER, &made("A", "B")), Some(["", "A", "B", "2026-11-23"]));
        // Words of the template that stand elsewhere than where they split it.
        assert_eq!(read(EARLIER, &made("A` of B", "C")), Some(["", "A` of B", "C", "2026-11-23"]));
        for (value, expected) in [
            ("A` was in message `B", "C"),
            ("A", "B` was in message `C"),
            ("A", "B` of C"),
            // The two share a mark.
            ("A", " was in message `B"),
        ] {
            assert_eq!(read(EARLIER, &made(value, expected)), None, "{value} {expected}");
        }
    }

    #[test]
    fn words_behind_the_last_value_split_nothing() {
        let template = "{element} `{value}` begins or ends with `/`, or holds `//`.";
        let text = "PmtInf/PmtInfId `/A` begins or ends with `/`, or holds `//`.";
        assert_eq!(read(template, text), Some(["PmtInf/PmtInfId", "/A", "", ""]));
    }

    #[test]
    fn a_text_of_another_template_is_not_read() {
        assert_eq!(
            read("The EKK `{value}` lacks its share.", "The EKK `` lacks its share."),
            None,
            "nothing is no value"
        );
        assert_eq!(read("The EKK `{value}` lacks its share.", "The account `A` is closed."), None);
        assert_eq!(read("{value} is {value}", "A is B"), None);
        assert_eq!(read("No placeholder.", "No placeholder."), None);
    }
}
