//! Dates and times as XML Schema 1.0 writes them: proleptic Gregorian calendar, no year 0000, `24:00:00` as the
//! end of a day, time zones up to 14 hours, seconds below 60.

pub(super) fn is_date(text: &str) -> bool {
    let mut at = Cursor::new(text);
    at.date() && at.zone_and_end()
}

pub(super) fn is_date_time(text: &str) -> bool {
    let mut at = Cursor::new(text);
    at.date() && at.take(b'T') && at.time() && at.zone_and_end()
}

pub(super) fn is_time(text: &str) -> bool {
    let mut at = Cursor::new(text);
    at.time() && at.zone_and_end()
}

pub(super) fn is_year(text: &str) -> bool {
    let mut at = Cursor::new(text);
    at.year().is_some() && at.zone_and_end()
}

pub(super) fn is_year_month(text: &str) -> bool {
    let mut at = Cursor::new(text);
    at.year().is_some() && at.take(b'-') && at.month().is_some() && at.zone_and_end()
}

struct Cursor<'t> {
    bytes: &'t [u8],
}

/// What the calendar needs to know of a year.
struct Year {
    is_leap: bool,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str) -> Self {
        Cursor { bytes: text.as_bytes() }
    }

    #[inline]
    fn take(&mut self, wanted: u8) -> bool {
        match self.bytes.split_first() {
            Some((&first, rest)) if first == wanted => {
                self.bytes = rest;
                true
            }
            _ => false,
        }
    }

    #[inline]
    fn two_digits(&mut self) -> Option<u32> {
        match self.bytes {
            [a, b, rest @ ..] if a.is_ascii_digit() && b.is_ascii_digit() => {
                self.bytes = rest;
                Some(u32::from(a - b'0') * 10 + u32::from(b - b'0'))
            }
            _ => None,
        }
    }

    /// At least four digits, no leading zero beyond four, not zero.
    fn year(&mut self) -> Option<Year> {
        self.take(b'-');
        let digits = self.bytes.iter().take_while(|b| b.is_ascii_digit()).count();
        let (year, rest) = self.bytes.split_at(digits);
        if digits < 4 || (digits > 4 && year[0] == b'0') || year.iter().all(|&b| b == b'0') {
            return None;
        }
        self.bytes = rest;
        // 10 000 is a multiple of 400: the last four digits decide.
        let last = year[digits - 4..].iter().fold(0u32, |number, b| number * 10 + u32::from(b - b'0'));
        Some(Year { is_leap: last.is_multiple_of(400) || (last.is_multiple_of(4) && !last.is_multiple_of(100)) })
    }

    fn month(&mut self) -> Option<u32> {
        self.two_digits().filter(|month| (1..=12).contains(month))
    }

    fn date(&mut self) -> bool {
        let Some(year) = self.year() else {
            return false;
        };
        if !self.take(b'-') {
            return false;
        }
        let Some(month) = self.month() else {
            return false;
        };
        let days = match month {
            2 if year.is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        self.take(b'-') && self.two_digits().is_some_and(|day| (1..=days).contains(&day))
    }

    fn time(&mut self) -> bool {
        let Some(hour) = self.two_digits() else {
            return false;
        };
        if !self.take(b':') {
            return false;
        }
        let Some(minute) = self.two_digits() else {
            return false;
        };
        if !self.take(b':') {
            return false;
        }
        let Some(second) = self.two_digits() else {
            return false;
        };
        let mut fraction_is_zero = true;
        if self.take(b'.') {
            let digits = self.bytes.iter().take_while(|b| b.is_ascii_digit()).count();
            if digits == 0 {
                return false;
            }
            let (fraction, rest) = self.bytes.split_at(digits);
            fraction_is_zero = fraction.iter().all(|&b| b == b'0');
            self.bytes = rest;
        }
        let ends_day = hour == 24 && minute == 0 && second == 0 && fraction_is_zero;
        (hour <= 23 && minute <= 59 && second <= 59) || ends_day
    }

    /// An optional time zone, and nothing after it.
    fn zone_and_end(&mut self) -> bool {
        if self.bytes.is_empty() || self.bytes == b"Z" {
            return true;
        }
        if !self.take(b'+') && !self.take(b'-') {
            return false;
        }
        let (Some(hour), true, Some(minute)) = (self.two_digits(), self.take(b':'), self.two_digits()) else {
            return false;
        };
        self.bytes.is_empty() && minute <= 59 && (hour <= 13 || (hour == 14 && minute == 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for good in [
            "2024-02-29",
            "2000-02-29",
            "-0001-01-01",
            "12024-02-29",
            "2026-11-23Z",
            "2026-11-23+14:00",
            "2026-11-23-13:59",
        ] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "",
            "2023-02-29",
            "1900-02-29",
            "0000-01-01",
            "2026-13-01",
            "2026-00-01",
            "2026-04-31",
            "2026-11-23T",
            "26-11-23",
            "02026-11-23",
            "2026-11-23+14:01",
            "2026-11-23+15:00",
            "2026-11-23 ",
            "2026-1-23",
            "+2026-11-23",
            "2026-11-23z",
            "2026-11-23+02",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }

    #[test]
    fn times() {
        for good in ["00:00:00", "23:59:59.999", "24:00:00", "24:00:00.000", "12:00:00Z", "12:00:00.5+02:00"] {
            assert!(is_time(good), "{good}");
            assert!(is_date_time(&format!("2026-11-23T{good}")), "{good}");
        }
        for bad in ["24:00:01", "23:60:00", "23:59:60", "12:00", "12:00:00.", "1:00:00", "24:00:00.1"] {
            assert!(!is_time(bad), "{bad}");
        }
        assert!(!is_date_time("2026-11-23"));
        assert!(!is_date_time("2026-11-23t12:00:00"));
        assert!(is_year("2026") && is_year("2026+02:00") && !is_year("26") && !is_year("0000"));
        assert!(is_year_month("2026-11") && !is_year_month("2026-13") && !is_year_month("2026"));
    }
}
