//! The values of the warning header: what the exchange will refuse later unless somebody acts.
//!
//! A list of tokens with parameters as RFC 9651 writes it, so that a general parser reads it: `TDAM-1071;days=12;ends="2026-12-31"`.
//! Readers pass over what they do not know.

use std::fmt;

/// So many warnings are read of one answer.
pub const WARNINGS_MAX: usize = 16;

/// One warning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Warning {
    /// The code of the catalogue.
    pub code: String,
    /// Days until it becomes true; 0 on the last day.
    pub days_left: Option<i64>,
    /// The last day before it does (`YYYY-MM-DD`, Europe/Riga).
    pub ends: Option<String>,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)?;
        if let Some(days) = self.days_left {
            write!(f, ";days={days}")?;
        }
        if let Some(ends) = &self.ends {
            write!(f, ";ends=\"{ends}\"")?;
        }
        Ok(())
    }
}

impl Warning {
    /// The field's value with several warnings.
    #[must_use]
    pub fn list(warnings: &[Warning]) -> String {
        warnings.iter().map(Warning::to_string).collect::<Vec<_>>().join(", ")
    }

    /// The warnings of a field's value, up to [`WARNINGS_MAX`].
    #[must_use]
    pub fn read(value: &str) -> Vec<Warning> {
        value.split(',').take(WARNINGS_MAX).filter_map(Warning::read_one).collect()
    }

    fn read_one(text: &str) -> Option<Warning> {
        let mut parts = text.split(';').map(str::trim);
        let code = parts.next()?;
        let is_code = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let mut warning = is_code.then(|| Warning { code: code.to_owned(), ..Warning::default() })?;
        for (name, value) in parts.filter_map(|parameter| parameter.split_once('=')) {
            let value = value.trim_matches('"');
            match name {
                "days" => warning.days_left = value.parse().ok(),
                "ends" => warning.ends = Some(value.to_owned()).filter(|day| is_day(day)),
                _ => {}
            }
        }
        Some(warning)
    }
}

/// Whether it looks like a day; it is shown to people.
fn is_day(text: &str) -> bool {
    text.len() == "YYYY-MM-DD".len() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_read_as_they_were_written_and_what_is_unknown_is_passed_over() {
        let ends = |day: &str| Some(day.to_owned());
        let warnings = [
            Warning { code: "TDAM-1071".to_owned(), days_left: Some(12), ends: ends("2026-12-31") },
            Warning { code: "TDAM-1072".to_owned(), days_left: Some(0), ends: ends("2026-12-19") },
            Warning { code: "TDAM-9999".to_owned(), days_left: None, ends: None },
        ];
        let written = Warning::list(&warnings);
        let expected = "TDAM-1071;days=12;ends=\"2026-12-31\", TDAM-1072;days=0;ends=\"2026-12-19\", TDAM-9999";
        assert_eq!(written, expected);
        assert_eq!(Warning::read(&written), warnings);
        let odd = Warning::read("A-1;new=1;days=soon;ends=\"\u{1b}[2J\", ;days=1, A B");
        assert_eq!(odd, [Warning { code: "A-1".to_owned(), days_left: None, ends: None }]);
        assert_eq!(Warning::read(&"A,".repeat(100)).len(), WARNINGS_MAX);
    }
}
