//! Pattern facets: the regular expressions of XML Schema, compiled once into a table with one row per state.
//!
//! Any expression matches a value in one pass, with one table look-up per character; there is no backtracking that a
//! hostile value could drive. Expressions always match the whole value.

mod dfa;
mod parse;
mod set;

pub(crate) use dfa::Dfa;

use crate::error::SchemaError;
use crate::model::Facets;

/// The patterns of one derivation step: a value must match one of them.
#[derive(Debug)]
pub(crate) struct Pattern {
    dfa: Dfa,
    /// As given, for messages.
    pub(crate) source: String,
}

impl Pattern {
    /// `None` if the step has no patterns.
    pub(crate) fn of(facets: &Facets) -> Result<Option<Pattern>, SchemaError> {
        if facets.patterns.is_empty() {
            return Ok(None);
        }
        let alternatives = facets
            .patterns
            .iter()
            .map(|pattern| parse::parse(pattern).map_err(|reason| error(pattern, reason)))
            .collect::<Result<Vec<_>, _>>()?;
        let source = facets.patterns.join("` or `");
        let dfa = Dfa::build(&parse::Node::Either(alternatives)).map_err(|reason| error(&source, reason))?;
        Ok(Some(Pattern { dfa, source }))
    }

    /// Whether the whole value matches.
    #[inline]
    pub(crate) fn matches(&self, value: &str) -> bool {
        self.dfa.matches(value)
    }

    pub(crate) fn states(&self) -> usize {
        self.dfa.states()
    }
}

fn error(pattern: &str, reason: String) -> SchemaError {
    SchemaError::Pattern { pattern: pattern.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(sources: &[&str]) -> Result<Pattern, SchemaError> {
        let facets = Facets { patterns: sources.iter().map(|&s| s.to_owned()).collect(), ..Facets::default() };
        Pattern::of(&facets).map(|pattern| match pattern {
            Some(pattern) => pattern,
            None => unreachable!("the facets have a pattern"),
        })
    }

    fn check(source: &str, good: &[&str], bad: &[&str]) {
        let pattern = match pattern(&[source]) {
            Ok(pattern) => pattern,
            Err(error) => panic!("{error}"),
        };
        for value in good {
            assert!(pattern.matches(value), "{source} should match {value:?}");
        }
        for value in bad {
            assert!(!pattern.matches(value), "{source} should not match {value:?}");
        }
    }

    #[test]
    fn patterns_of_iso20022() {
        check(
            "[A-Z]{2,2}[0-9]{2,2}[a-zA-Z0-9]{1,30}",
            &["LV80BANK0000435195001", "LV801", "LV80123456789012345678901234567890"],
            &["", "LV80", "lv80BANK", "LV8ABANK", "LV80BANK ", "LV80Ā", "LV801234567890123456789012345678901"],
        );
        check(
            r"\+[0-9]{1,3}-[0-9()+\-]{1,30}",
            &["+371-67094222", "+1-(2)+3-4"],
            &["371-6", "+3711-6", "+371-", "+371-a"],
        );
        check(
            "[A-Z0-9]{4,4}[A-Z]{2,2}[A-Z0-9]{2,2}([A-Z0-9]{3,3}){0,1}",
            &["TRELLV22", "TRELLV22XXX"],
            &["TRELLV22X", "TRELLV2", "TREL1V22", "TRELLV22XXXX"],
        );
        check(r"[\+]{0,1}[0-9]{1,15}", &["+1", "1"], &["", "+", "++1"]);
    }

    #[test]
    fn operators() {
        check("a|bc*|", &["", "a", "b", "bccc"], &["ab", "c"]);
        check("(ab)+", &["ab", "abab"], &["", "aba"]);
        check("[^a-c]", &["d", "Ā", "\u{10FFFF}"], &["a", "", "dd"]);
        check("[a-z-[aeiou]]{2,}", &["bc", "xyz"], &["a", "ba", "b"]);
        check(".", &["x", "ž"], &["\n", "\r", "xy", ""]);
        check(r"\s\S", &[" x", "\tž"], &["xx", "  "]);
        check("[-a]", &["-", "a"], &["b"]);
        check("[a-]", &["-", "a"], &["b"]);
        check("^$", &["^$"], &[""]);
    }

    #[test]
    fn steps_are_alternatives() {
        let pattern = pattern(&["a+", "b"]);
        assert!(pattern.is_ok_and(|p| p.matches("aaa") && p.matches("b") && !p.matches("ab")));
    }

    #[test]
    fn what_is_not_supported_is_named() {
        for source in [r"\p{L}", r"\d", "a{1000000}", "(", "[", "a{2,1}", "*", r"\", "[b-a]", "a**", "]", "[]"] {
            assert!(pattern(&[source]).is_err(), "{source}");
        }
        // (a{0,20}){0,20}… grows without a bound unless refused
        assert!(pattern(&["((((a{0,99}){0,99}){0,99}){0,99}){0,99}"]).is_err());
    }
}
