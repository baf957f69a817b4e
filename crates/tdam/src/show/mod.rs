//! Messages of the exchange for people: the status of payments, and the entries of an account.

pub(crate) mod report;
pub(crate) mod statement;
mod statement_table;
pub(crate) mod status;
mod status_table;

use std::fmt;
use std::path::Path;

pub(crate) use statement_table::{Listing, as_json, print as print_report};
pub(crate) use status_table::print as print_status;

/// Where a reader finds what a listing leaves out.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rest<'a> {
    /// Options of the command that was given.
    Options(&'a str),
    /// The message, where it lies already.
    File(&'a Path),
}

impl fmt::Display for Rest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rest::Options(options) => f.write_str(options),
            Rest::File(path) => path.display().fmt(f),
        }
    }
}

/// An amount as people read it: thousands apart, `1 234 567.80`.
pub(crate) fn grouped(decimal: &str) -> String {
    let (sign, number) = decimal.strip_prefix('-').map_or(("", decimal), |number| ("-", number));
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut text = String::from(sign);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            // A narrow no-break space would be finer; a plain blank survives every terminal.
            text.push(' ');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_stand_apart() {
        for (plain, shown) in [
            ("0.00", "0.00"),
            ("999.99", "999.99"),
            ("1000", "1 000"),
            ("-1234567.80", "-1 234 567.80"),
            ("5000000000.00", "5 000 000 000.00"),
        ] {
            assert_eq!(grouped(plain), shown);
        }
    }
}
