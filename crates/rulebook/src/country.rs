//! Countries by their two-letter code (ISO 3166-1), and which of them belong to SEPA.

use std::fmt;

use jiff::civil::Date;

use crate::data::{Row, Rows, number};

/// A country of ISO 3166-1, or Kosovo under its user-assigned code `XK`, which has IBANs and BICs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// A country's row of the data file.
#[derive(Clone, Copy)]
struct Facts {
    sepa_since: Option<Date>,
    /// The country whose IBANs its banks issue.
    iban_country: [u8; 2],
}

const PLACES: usize = 26 * 26;

static FACTS: [Option<Facts>; PLACES] = load(include_str!("../data/countries.tsv"));

const fn load(text: &'static str) -> [Option<Facts>; PLACES] {
    let mut table = [None; PLACES];
    let mut rows = Rows::of(text);
    while let Some(row) = rows.next() {
        let code = letters(row.field(0));
        let at = place(code);
        assert!(table[at].is_none(), "a country stands once in the file");
        let iban_country = if row.field(2).is_empty() { code } else { letters(row.field(2)) };
        table[at] = Some(Facts { sepa_since: date(row, 1), iban_country });
    }
    table
}

/// Where a code of two capital letters stands in a table of all such codes.
pub(crate) const fn place(code: [u8; 2]) -> usize {
    (code[0] - b'A') as usize * 26 + (code[1] - b'A') as usize
}

/// How many places such a table has.
pub(crate) const fn places() -> usize {
    PLACES
}

/// A field of two capital letters.
pub(crate) const fn letters(field: &[u8]) -> [u8; 2] {
    assert!(field.len() == 2 && field[0].is_ascii_uppercase() && field[1].is_ascii_uppercase(), "a country code");
    [field[0], field[1]]
}

const fn date(row: Row, at: usize) -> Option<Date> {
    let field = row.field(at);
    if field.len() != 10 {
        assert!(field.is_empty() || field[0] == b'-', "a date or -");
        return None;
    }
    let (year, rest) = field.split_at(4);
    let (month, day) = rest.split_at(3);
    let (month, day) = (number(month.split_at(1).1), number(day.split_at(1).1));
    Some(jiff::civil::date(number(year) as i16, month as i8, day as i8))
}

impl Country {
    /// Latvia.
    pub const LV: Country = Country(*b"LV");

    /// The country with this code of two capital letters; `None` when ISO 3166-1 has none.
    #[must_use]
    pub fn new(code: &str) -> Option<Country> {
        match *code.as_bytes() {
            [first, second] => Country::from_letters([first, second]),
            _ => None,
        }
    }

    pub(crate) fn from_letters(code: [u8; 2]) -> Option<Country> {
        let known = code.iter().all(u8::is_ascii_uppercase) && FACTS[place(code)].is_some();
        known.then_some(Country(code))
    }

    /// The two letters.
    #[must_use]
    pub fn code(&self) -> &str {
        // Only capital ASCII letters get in.
        std::str::from_utf8(&self.0).unwrap_or("ZZ")
    }

    /// Whether the country's banks take part in the SEPA schemes on a day (European Payments Council).
    #[must_use]
    pub fn is_sepa(self, day: Date) -> bool {
        FACTS[place(self.0)].and_then(|facts| facts.sepa_since).is_some_and(|since| since <= day)
    }

    /// The country whose IBANs the country's banks issue: itself, except for territories such as Réunion (France).
    #[must_use]
    pub fn iban_country(self) -> Country {
        FACTS[place(self.0)].map_or(self, |facts| Country(facts.iban_country))
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
