//! Values of a type, right at its limits and one step beyond them, made from the schema.

use tdam::generate::random::Random;
use xsd::Model;
use xsd::model::{Builtin, Content, Facets, TypeName};

use super::pattern;

/// A type of values with the facets of all its steps.
pub(super) struct ValueType<'m> {
    builtin: Builtin,
    /// Outermost step first.
    steps: Vec<&'m Facets>,
}

const LETTERS: &[char] = &['a', 'Z', '0', '9', ' ', '.', ',', '-', '/', '&', '<', '>', '"', '\'', 'ā', 'Ņ', 'ž', '€'];
/// A text whose type has no limit.
const LENGTH_USUAL_MAX: u64 = 40;

impl<'m> ValueType<'m> {
    /// The type of this name; of a complex type, that of its value. `None` if there is no value.
    pub(super) fn of(model: &'m Model, type_name: &TypeName) -> Option<ValueType<'m>> {
        let mut steps = Vec::new();
        let mut at = type_name;
        loop {
            match at {
                TypeName::Builtin(builtin) => return Some(ValueType { builtin: *builtin, steps }),
                TypeName::Named(name) => match (model.simple_type(name), model.complex_type(name)) {
                    (Some(simple), _) => {
                        steps.push(&simple.facets);
                        at = &simple.base;
                    }
                    (None, Some(complex)) => match &complex.content {
                        Content::Value(base) => at = base,
                        Content::Empty | Content::Elements(_) => return None,
                    },
                    (None, None) => return None,
                },
            }
        }
    }

    fn least(&self, facet: impl Fn(&Facets) -> Option<u64>) -> Option<u64> {
        self.steps.iter().filter_map(|step| facet(step)).min()
    }

    fn length_range(&self) -> (u64, u64) {
        let exact = self.least(|facets| facets.length);
        let min = exact.or(self.steps.iter().filter_map(|step| step.min_length).max()).unwrap_or(0);
        let max = exact.or(self.least(|facets| facets.max_length)).unwrap_or(min + LENGTH_USUAL_MAX);
        (min, max)
    }

    fn enumeration(&self) -> Option<&'m [String]> {
        self.steps.iter().map(|step| step.enumeration.as_slice()).find(|values| !values.is_empty())
    }

    fn pattern(&self) -> Option<&'m str> {
        self.steps.iter().find_map(|step| step.patterns.first()).map(String::as_str)
    }

    /// A value of the type, unescaped.
    pub(super) fn right(&self, random: &mut Random) -> String {
        if let Some(values) = self.enumeration() {
            return values[random.below(values.len() as u64) as usize].clone();
        }
        if let Some(pattern) = self.pattern() {
            return pattern::matching(pattern, random);
        }
        match self.builtin {
            Builtin::Decimal | Builtin::Integer => {
                let fraction = self.least(|facets| facets.fraction_digits).unwrap_or(4);
                let total = self.least(|facets| facets.total_digits).unwrap_or(12);
                let fraction = random.below(fraction.min(total) + 1);
                let whole = random.below(total - fraction + 1);
                let full = random.chance(25);
                number(if full { total - fraction } else { whole }, fraction, random)
            }
            Builtin::Boolean => random.one_of(&["true", "false", "1", "0"]).to_owned(),
            Builtin::Date => date(random) + zone(random),
            Builtin::DateTime => date(random) + "T" + time(random) + zone(random),
            Builtin::Time => time(random).to_owned() + zone(random),
            Builtin::GYear => date(random)[..4].to_owned(),
            Builtin::GYearMonth => date(random)[..7].to_owned(),
            Builtin::Base64Binary => random.one_of(&["TWFu", "TQ==", "TW Fu"]).to_owned(),
            _ => {
                let (min, max) = self.length_range();
                let length = match random.below(4) {
                    0 => min,
                    1 => max,
                    _ => min + random.below(max.min(min + LENGTH_USUAL_MAX) - min + 1),
                };
                text(length, random)
            }
        }
    }

    /// A value one step beyond one facet, and which; it may be right by accident.
    pub(super) fn beyond(&self, random: &mut Random) -> (&'static str, String) {
        if self.enumeration().is_some() {
            let right = self.right(random);
            return match random.below(4) {
                0 => ("enumeration, other case", right.to_lowercase()),
                1 => ("enumeration, longer", right + "X"),
                2 => ("enumeration, shorter", right.chars().skip(1).collect()),
                _ => ("enumeration, with a blank", format!(" {right}")),
            };
        }
        if self.pattern().is_some() {
            return self.beyond_pattern(random);
        }
        match self.builtin {
            Builtin::Decimal | Builtin::Integer => self.beyond_number(random),
            Builtin::Boolean => ("boolean", random.one_of(&["True", "yes", "2", "", "01"]).to_owned()),
            Builtin::Date => ("date", random.one_of(WRONG_DATES).to_owned() + zone(random)),
            Builtin::DateTime if random.chance(50) => {
                ("date of dateTime", random.one_of(WRONG_DATES).to_owned() + "T" + time(random))
            }
            Builtin::DateTime => ("time of dateTime", date(random) + "T" + random.one_of(WRONG_TIMES)),
            Builtin::Time => ("time", random.one_of(WRONG_TIMES).to_owned()),
            Builtin::GYear | Builtin::GYearMonth => (
                "year and month",
                random.one_of(&["2026-13", "2026-00", "2026-1", "26-01", "2026-11-01", "02026-11"]).to_owned(),
            ),
            Builtin::Base64Binary => ("base64", random.one_of(&["T", "TQ=", "TWF$", "=TWF"]).to_owned()),
            _ => {
                let (min, max) = self.length_range();
                match random.below(3) {
                    0 if min > 0 => ("minLength - 1", text(min - 1, random)),
                    1 => ("maxLength", text(max, random)),
                    _ => ("maxLength + 1", text(max + 1, random)),
                }
            }
        }
    }

    fn beyond_pattern(&self, random: &mut Random) -> (&'static str, String) {
        let mut value: Vec<char> = self.right(random).chars().collect();
        let at = random.below(value.len() as u64 + 1) as usize;
        let strange = random.one_of(&['a', 'Z', '0', '-', '+', ' ', '.', '€', '\u{660}', '\u{FF21}']);
        let what = match random.below(3) {
            0 => {
                value.insert(at, strange);
                "pattern, a character more"
            }
            1 => {
                value.pop();
                "pattern, a character less"
            }
            _ => {
                if let Some(place) = value.get_mut(at) {
                    *place = strange;
                }
                "pattern, another character"
            }
        };
        (what, value.into_iter().collect())
    }

    fn beyond_number(&self, random: &mut Random) -> (&'static str, String) {
        let fraction = self.least(|facets| facets.fraction_digits);
        let total = self.least(|facets| facets.total_digits);
        let lowest = self.steps.iter().find_map(|step| step.min_inclusive.as_deref().or(step.min_exclusive.as_deref()));
        let highest =
            self.steps.iter().find_map(|step| step.max_inclusive.as_deref().or(step.max_exclusive.as_deref()));
        match (random.below(5), fraction, total, lowest, highest) {
            (0, Some(digits), ..) => ("fractionDigits + 1", number(1, digits + 1, random)),
            (1, fraction, Some(digits), ..) => {
                let fraction = random.below(fraction.unwrap_or(0) + 1);
                ("totalDigits + 1", number((digits + 1).saturating_sub(fraction), fraction, random))
            }
            (2, _, _, Some(limit), _) => {
                ("minInclusive crossed", format!("-{limit}.{}1", "0".repeat(random.below(3) as usize)))
            }
            (2 | 3, _, _, _, Some(limit)) => ("maxInclusive crossed", format!("{limit}.1")),
            (3, ..) => {
                // Zeros that do not count, or do they?
                let zeros = "0".repeat(random.below(25) as usize);
                ("zeros around a number", format!("{zeros}1.5{zeros}"))
            }
            _ => {
                let written = [
                    "", "+", "-", ".", "1e3", "INF", "NaN", "1,5", "1 000", "+-1", "0x1", "１", "-0", "+0.0", ".5",
                    "5.",
                ];
                ("number written otherwise", random.one_of(&written).to_owned())
            }
        }
    }
}

const WRONG_DATES: &[&str] = &[
    "2023-02-29",
    "1900-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-04-31",
    "0000-01-01",
    "26-01-01",
    "2026-1-01",
    "02026-01-01",
    "12026-01-01",
    "-2026-01-01",
    "+2026-01-01",
    "2026/01/01",
    "2026-01-01 ",
    "20260101",
    "2026-01-32",
];
const WRONG_TIMES: &[&str] = &[
    "24:00:01",
    "24:00:00",
    "25:00:00",
    "23:60:00",
    "23:59:60",
    "12:00",
    "12:00:00.",
    "12:00:00,5",
    "1:00:00",
    "12:00:00+14:01",
    "12:00:00+14:00",
    "12:00:00-13:59",
    "12:00:00+2:00",
    "12:00:00 Z",
    "12:00:00z",
    "12:00:00.0000000001",
];

fn number(whole: u64, fraction: u64, random: &mut Random) -> String {
    let mut digits = |count: u64| -> String { (0..count).map(|_| random.one_of(&['1', '2', '9'])).collect() };
    let (whole, fraction) = (digits(whole), digits(fraction));
    match (whole.is_empty(), fraction.is_empty()) {
        (true, true) => "0".to_owned(),
        (_, true) => whole,
        (true, false) => format!("0.{fraction}"),
        (false, false) => format!("{whole}.{fraction}"),
    }
}

fn date(random: &mut Random) -> String {
    format!("20{:02}-{:02}-{:02}", random.below(100), 1 + random.below(12), 1 + random.below(28))
}

fn time(random: &mut Random) -> &'static str {
    random.one_of(&["00:00:00", "23:59:59", "12:30:15.5", "24:00:00", "09:00:00.123456"])
}

fn zone(random: &mut Random) -> &'static str {
    random.one_of(&["", "", "Z", "+02:00", "-14:00", "+13:59"])
}

fn text(length: u64, random: &mut Random) -> String {
    (0..length).map(|_| if random.chance(70) { 'x' } else { random.one_of(LETTERS) }).collect()
}

/// As it is written between tags or quotes.
pub(super) fn escaped(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
