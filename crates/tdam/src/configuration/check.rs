//! The times of the regular check.

use std::time::Duration;

use exchange::CheckSettings;
use jiff::civil::Time;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `[check]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Check {
    #[serde(with = "time_of_day")]
    pub daily_at: Option<Time>,
    pub after_start_seconds: u64,
}

impl Default for Check {
    fn default() -> Check {
        Check { daily_at: Some(Time::constant(3, 0, 0, 0)), after_start_seconds: 600 }
    }
}

impl Check {
    /// The use cases' settings; `None` without regular checks.
    #[must_use]
    pub fn settings(&self) -> Option<CheckSettings> {
        let after_start = Duration::from_secs(self.after_start_seconds);
        self.daily_at.map(|daily_at| CheckSettings { daily_at, after_start })
    }
}

/// Hours and minutes; an empty text stands for none.
mod time_of_day {
    use super::{Deserialize, Deserializer, Error, Serializer, Time};

    const FORM: &str = "%H:%M";

    pub(super) fn serialize<S: Serializer>(time: &Option<Time>, to: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => to.collect_str(&time.strftime(FORM)),
            None => to.serialize_str(""),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Time>, D::Error> {
        let text = String::deserialize(from)?;
        if text.is_empty() {
            return Ok(None);
        }
        let wrong = |_| D::Error::custom(format!("{text:?} is no time of day like \"03:00\""));
        Time::strptime(FORM, &text).map(Some).map_err(wrong)
    }
}
