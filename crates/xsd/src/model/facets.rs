//! Facets and the treatment of white space, by the names that XML Schema gives them: schema documents and table texts use both.

use super::{Facets, WhiteSpace};

impl WhiteSpace {
    /// As XML Schema spells it.
    pub fn name(self) -> &'static str {
        match self {
            WhiteSpace::Preserve => "preserve",
            WhiteSpace::Replace => "replace",
            WhiteSpace::Collapse => "collapse",
        }
    }

    /// From the spelling of XML Schema.
    pub fn from_name(name: &str) -> Option<WhiteSpace> {
        match name {
            "preserve" => Some(WhiteSpace::Preserve),
            "replace" => Some(WhiteSpace::Replace),
            "collapse" => Some(WhiteSpace::Collapse),
            _ => None,
        }
    }
}

impl Facets {
    /// The facets by the names that XML Schema gives them.
    pub fn list(&self) -> Vec<(&'static str, String)> {
        let number = |word, number: Option<u64>| number.map(|number| (word, number.to_string()));
        let limit = |word, limit: &Option<String>| limit.clone().map(|limit| (word, limit));
        let single = [
            number("length", self.length),
            number("minLength", self.min_length),
            number("maxLength", self.max_length),
            number("totalDigits", self.total_digits),
            number("fractionDigits", self.fraction_digits),
            limit("minInclusive", &self.min_inclusive),
            limit("maxInclusive", &self.max_inclusive),
            limit("minExclusive", &self.min_exclusive),
            limit("maxExclusive", &self.max_exclusive),
            self.white_space.map(|white_space| ("whiteSpace", white_space.name().to_owned())),
        ];
        let mut list: Vec<_> = single.into_iter().flatten().collect();
        list.extend(self.patterns.iter().map(|pattern| ("pattern", pattern.clone())));
        list.extend(self.enumeration.iter().map(|value| ("enumeration", value.clone())));
        list
    }

    /// Sets the facet that XML Schema calls `word`; false if it was set before.
    pub(super) fn set(&mut self, word: &str, value: &str) -> Result<bool, String> {
        fn number(slot: &mut Option<u64>, value: &str) -> Result<bool, String> {
            let number = value.parse().map_err(|_| format!("`{value}` is not a number"))?;
            Ok(slot.replace(number).is_none())
        }
        fn text(slot: &mut Option<String>, value: &str) -> Result<bool, String> {
            Ok(slot.replace(value.to_owned()).is_none())
        }
        match word {
            "length" => number(&mut self.length, value),
            "minLength" => number(&mut self.min_length, value),
            "maxLength" => number(&mut self.max_length, value),
            "totalDigits" => number(&mut self.total_digits, value),
            "fractionDigits" => number(&mut self.fraction_digits, value),
            "minInclusive" => text(&mut self.min_inclusive, value),
            "maxInclusive" => text(&mut self.max_inclusive, value),
            "minExclusive" => text(&mut self.min_exclusive, value),
            "maxExclusive" => text(&mut self.max_exclusive, value),
            "whiteSpace" => {
                let white_space =
                    WhiteSpace::from_name(value).ok_or_else(|| format!("`{value}` is no treatment of white space"))?;
                Ok(self.white_space.replace(white_space).is_none())
            }
            "pattern" => {
                self.patterns.push(value.to_owned());
                Ok(true)
            }
            "enumeration" => {
                self.enumeration.push(value.to_owned());
                Ok(true)
            }
            _ => Err(format!("`{word}` is not a supported facet")),
        }
    }
}
