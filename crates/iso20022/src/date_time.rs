//! `ISODateTime`: a local date and time with the offset that the writer gave, or none.
//!
//! Neither a bare civil time nor an instant is enough: a message may leave the offset out, and what it wrote must come
//! back as it was. The reader cuts fractions finer than a nanosecond; years outside 0001–9999 are not business dates.

use std::fmt;
use std::str::FromStr;

use jiff::tz::Offset;
use jiff::{Timestamp, civil};

/// A date and time as a message states it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DateTime {
    /// Date and wall-clock time.
    pub local: civil::DateTime,
    /// Minutes east of UTC; `None` where the message states no offset.
    pub offset_minutes: Option<i16>,
}

/// The text is no date and time of the form `YYYY-MM-DDThh:mm:ss[.fff][Z|±hh:mm]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date and time (YYYY-MM-DDThh:mm:ss)")]
pub struct DateTimeError;

/// The first day that every message can write.
const FIRST_DAY: civil::Date = civil::date(1, 1, 1);

/// `xs:dateTime` allows offsets up to 14 hours either way.
const OFFSET_MINUTES_MAX: i16 = 14 * 60;

impl DateTime {
    /// A time without offset.
    #[must_use]
    pub const fn local(local: civil::DateTime) -> DateTime {
        DateTime { local, offset_minutes: None }
    }

    /// The wall-clock time of an instant in its time zone, with the offset in force then; fractions of a second stay.
    #[must_use]
    pub fn from_zoned(zoned: &jiff::ZonedDateTime) -> DateTime {
        // Whole minutes: offsets with seconds ended in 1972 and `xs:dateTime` cannot write them.
        let minutes = zoned.offset().seconds() / 60;
        DateTime { local: zoned.datetime(), offset_minutes: i16::try_from(minutes).ok() }
    }

    /// The moment; `None` without an offset, which only its reader's place can supply.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        let offset = Offset::from_seconds(i32::from(self.offset_minutes?) * 60).ok()?;
        offset.to_timestamp(self.local).ok()
    }

    /// Reads the lexical form of `xs:dateTime`, without blanks around it.
    ///
    /// # Errors
    /// When the text has another form, or a year that is not four digits.
    pub fn parse(text: &str) -> Result<DateTime, DateTimeError> {
        let (date, rest) = text.split_once('T').ok_or(DateTimeError)?;
        let date = parse_date(date).ok_or(DateTimeError)?;
        let (time, offset_minutes) = split_offset(rest).ok_or(DateTimeError)?;
        // `24:00:00` is the midnight that ends the day.
        if time
            .strip_prefix("24:00:00")
            .is_some_and(|tail| tail.trim_end_matches('0').trim_start_matches('.').is_empty())
        {
            let next = date.tomorrow().map_err(|_| DateTimeError)?;
            return Ok(DateTime { local: next.to_datetime(civil::Time::midnight()), offset_minutes });
        }
        let time = parse_time(time).ok_or(DateTimeError)?;
        Ok(DateTime { local: date.to_datetime(time), offset_minutes })
    }
}

impl FromStr for DateTime {
    type Err = DateTimeError;

    fn from_str(text: &str) -> Result<DateTime, DateTimeError> {
        DateTime::parse(text)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // jiff writes `YYYY-MM-DDThh:mm:ss` with as many fraction digits as there are: the lexical form of xs:dateTime.
        write!(f, "{}", self.local)?;
        match self.offset_minutes {
            None => Ok(()),
            Some(0) => f.write_str("Z"),
            Some(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

/// A date of `xs:date` whose year has more digits than a business date, or a sign: returns the last or first possible
/// day, so that the rule about the date finds it too far away, not missing.
pub(crate) fn date_beyond_years(text: &str) -> Option<civil::Date> {
    let (is_before, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (year, rest) = digits.split_once('-')?;
    let is_year = year.len() >= 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let is_day = matches!(rest.as_bytes(), &[m1, m2, b'-', d1, d2, ..] if two_digits(m1, m2).is_some() && two_digits(d1, d2).is_some());
    let is_beyond = is_before || year.len() > 4;
    (is_year && is_day && is_beyond).then_some(if is_before { FIRST_DAY } else { civil::Date::MAX })
}

/// A date of the form `YYYY-MM-DD`, optionally with an offset (which `xs:date` allows, but no client uses).
pub(crate) fn parse_date(text: &str) -> Option<civil::Date> {
    let bytes = text.as_bytes();
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, ref rest @ ..] = bytes else {
        return None;
    };
    if !rest.is_empty() {
        split_offset(text.get(10..)?)?;
    }
    let year = i16::from(two_digits(y1, y2)?) * 100 + i16::from(two_digits(y3, y4)?);
    civil::Date::new(year, two_digits(m1, m2)?, two_digits(d1, d2)?).ok()
}

/// A time of the form `hh:mm:ss[.fraction]`.
pub(crate) fn parse_time(text: &str) -> Option<civil::Time> {
    let &[h1, h2, b':', m1, m2, b':', s1, s2, ref rest @ ..] = text.as_bytes() else {
        return None;
    };
    let mut nanoseconds = 0_i32;
    match rest {
        [] => {}
        [b'.', digits @ ..] if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) => {
            for place in 0..9 {
                nanoseconds = nanoseconds * 10 + digits.get(place).map_or(0, |digit| i32::from(digit - b'0'));
            }
        }
        _ => return None,
    }
    civil::Time::new(two_digits(h1, h2)?, two_digits(m1, m2)?, two_digits(s1, s2)?, nanoseconds).ok()
}

/// A time of `xs:time`, whose offset is dropped: a reporting period is local to the account.
pub(crate) fn parse_time_with_offset(text: &str) -> Option<civil::Time> {
    let (time, _) = split_offset(text)?;
    parse_time(time)
}

/// Splits `12:00:00+02:00` into the time and its minutes; no offset gives `None` beside the text.
fn split_offset(text: &str) -> Option<(&str, Option<i16>)> {
    if let Some(time) = text.strip_suffix('Z') {
        return Some((time, Some(0)));
    }
    let Some(at) = text.len().checked_sub(6).filter(|at| matches!(text.as_bytes()[*at], b'+' | b'-')) else {
        return Some((text, None));
    };
    let &[sign, h1, h2, b':', m1, m2] = &text.as_bytes()[at..] else {
        return None;
    };
    let minutes = i16::from(two_digits(h1, h2)?) * 60 + i16::from(two_digits(m1, m2)?);
    if minutes > OFFSET_MINUTES_MAX {
        return None;
    }
    Some((text.get(..at)?, Some(if sign == b'-' { -minutes } else { minutes })))
}

fn two_digits(tens: u8, ones: u8) -> Option<i8> {
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return None;
    }
    i8::try_from((tens - b'0') * 10 + (ones - b'0')).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::DateTime;

    #[test]
    fn what_was_written_comes_back() {
        for text in
            ["2026-11-23T14:44:06", "2026-11-23T14:44:06.25+02:00", "2026-11-23T00:00:00Z", "2026-03-01T23:59:59-03:30"]
        {
            assert_eq!(DateTime::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn the_end_of_a_day_is_the_next_midnight() {
        assert_eq!(DateTime::parse("2026-12-31T24:00:00.00Z").unwrap().to_string(), "2027-01-01T00:00:00Z");
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "2026-11-23",
            "2026-11-23 14:44:06",
            "2026-11-23T14:44",
            "2026-02-30T00:00:00",
            "2026-11-23T14:44:06.",
            "2026-11-23T14:44:06+15:00",
            "2026-11-23T24:00:01",
            "12026-11-23T14:44:06",
            "2026-11-23Tā4:44:06",
        ] {
            assert!(DateTime::parse(text).is_err(), "{text}");
        }
    }
}
