//! The international bank account number (ISO 13616), checked by its country's structure and its check digits.

use std::fmt;
use std::str::FromStr;

use super::mod97::continue_remainder;
use crate::bounds::IBAN_LENGTH_MAX;
use crate::country::{Country, letters, place, places};
use crate::data::{Rows, number};

/// A valid IBAN in its electronic form, without blanks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iban {
    characters: [u8; IBAN_LENGTH_MAX],
    length: u8,
}

/// Why a text is no IBAN, in the order in which it is examined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IbanError {
    /// It does not begin with a country of the IBAN registry.
    Country,
    /// Another length than the country's IBANs have.
    Length {
        /// How many characters the country's IBANs have.
        expected: u8,
    },
    /// A character that the country's IBANs do not have at that place, blanks and small letters included.
    Character {
        /// The place, from 1.
        place: u8,
    },
    /// The check digits (places 3 and 4) do not fit: something is mistyped.
    CheckDigits,
}

impl fmt::Display for IbanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IbanError::Country => f.write_str("an IBAN begins with a country of the IBAN registry"),
            IbanError::Length { expected } => write!(f, "an IBAN of this country has {expected} characters"),
            IbanError::Character { place } => write!(f, "character {place} cannot stand in an IBAN of this country"),
            IbanError::CheckDigits => f.write_str("the check digits of the IBAN do not fit"),
        }
    }
}

impl std::error::Error for IbanError {}

/// How many runs of one kind of character a country's structure has at most.
const RUNS_MAX: usize = 4;

/// The structure of a country's IBAN.
#[derive(Clone, Copy)]
struct Structure {
    length: u8,
    /// Kind (`n`, `a`, `c`) and count of each run after the check digits.
    runs: [(u8, u8); RUNS_MAX],
}

static STRUCTURES: [Option<Structure>; places()] = load(include_str!("../../data/iban-structures.tsv"));

const fn load(text: &'static str) -> [Option<Structure>; places()] {
    let mut table = [None; places()];
    let mut rows = Rows::of(text);
    while let Some(row) = rows.next() {
        let at = place(letters(row.field(0)));
        assert!(table[at].is_none(), "a country stands once in the file");
        table[at] = Some(structure(number(row.field(1)), row.field(2)));
    }
    table
}

const fn structure(length: u32, runs_text: &[u8]) -> Structure {
    let mut runs = [(b'n', 0); RUNS_MAX];
    let (mut run, mut at, mut count, mut total) = (0, 0, 0, 4);
    while at < runs_text.len() {
        match runs_text[at] {
            digit @ b'0'..=b'9' => count = count * 10 + (digit - b'0'),
            kind => {
                assert!(matches!(kind, b'n' | b'a' | b'c') && count > 0, "runs are counts and n, a or c");
                runs[run] = (kind, count);
                (run, total, count) = (run + 1, total + count as u32, 0);
            }
        }
        at += 1;
    }
    assert!(total == length && length as usize <= IBAN_LENGTH_MAX, "the runs add up to the length");
    Structure { length: length as u8, runs }
}

fn structure_of(bytes: &[u8]) -> Option<Structure> {
    match bytes {
        &[first @ b'A'..=b'Z', second @ b'A'..=b'Z', ..] => STRUCTURES[place([first, second])],
        _ => None,
    }
}

/// The first place, from 0, whose character the structure does not allow.
fn first_misfit(bytes: &[u8], structure: &Structure) -> Option<usize> {
    let check_digits = bytes[2..4].iter().position(|byte| !byte.is_ascii_digit());
    if let Some(at) = check_digits {
        return Some(at + 2);
    }
    let mut at = 4;
    for &(kind, count) in &structure.runs {
        let run = &bytes[at..at + usize::from(count)];
        let misfit = match kind {
            b'n' => run.iter().position(|byte| !byte.is_ascii_digit()),
            b'a' => run.iter().position(|byte| !byte.is_ascii_uppercase()),
            _ => run.iter().position(|byte| !byte.is_ascii_uppercase() && !byte.is_ascii_digit()),
        };
        if let Some(misfit) = misfit {
            return Some(at + misfit);
        }
        at += run.len();
    }
    None
}

impl Iban {
    /// Reads an IBAN in its electronic form: capital letters and digits, no blanks.
    ///
    /// ```
    /// use rulebook::{Iban, identification::IbanError};
    ///
    /// assert_eq!(Iban::parse("LV07TREL5180453053000").unwrap().bank_code(), "TREL");
    /// assert_eq!(Iban::parse("LV91TREL1060000100000"), Err(IbanError::CheckDigits));
    /// ```
    ///
    /// # Errors
    /// When the country has no IBANs, its structure is another one, or the check digits do not fit.
    pub fn parse(text: &str) -> Result<Iban, IbanError> {
        let bytes = text.as_bytes();
        let structure = structure_of(bytes).ok_or(IbanError::Country)?;
        if bytes.len() != usize::from(structure.length) {
            return Err(IbanError::Length { expected: structure.length });
        }
        if let Some(misfit) = first_misfit(bytes, &structure) {
            // An IBAN has at most 34 characters.
            return Err(IbanError::Character { place: misfit as u8 + 1 });
        }
        let (head, body) = bytes.split_at(4);
        // 00, 01 and 99 leave the same remainder as 97, 98 and 02, but are never computed.
        let computable = !matches!(&head[2..], b"00" | b"01" | b"99");
        if !computable || continue_remainder(continue_remainder(0, body), head) != 1 {
            return Err(IbanError::CheckDigits);
        }
        let mut characters = [0; IBAN_LENGTH_MAX];
        characters[..bytes.len()].copy_from_slice(bytes);
        Ok(Iban { characters, length: structure.length })
    }

    /// Makes the IBAN of an account: computes the check digits for a country's account identification (BBAN).
    ///
    /// ```
    /// let iban = rulebook::Iban::with_check_digits("LV", "TREL5180453053000").unwrap();
    /// assert_eq!(iban.as_str(), "LV07TREL5180453053000");
    /// ```
    ///
    /// # Errors
    /// When the country has no IBANs or the account identification has another structure.
    pub fn with_check_digits(country: &str, account: &str) -> Result<Iban, IbanError> {
        let country = Country::new(country).ok_or(IbanError::Country)?;
        let structure = structure_of(country.code().as_bytes()).ok_or(IbanError::Country)?;
        if account.len() + 4 != usize::from(structure.length) {
            return Err(IbanError::Length { expected: structure.length });
        }
        let mut characters = [0; IBAN_LENGTH_MAX];
        characters[..2].copy_from_slice(country.code().as_bytes());
        characters[2..4].copy_from_slice(b"00");
        characters[4..4 + account.len()].copy_from_slice(account.as_bytes());
        let bytes = &characters[..usize::from(structure.length)];
        if let Some(misfit) = first_misfit(bytes, &structure) {
            return Err(IbanError::Character { place: misfit as u8 + 1 });
        }
        let remainder = continue_remainder(continue_remainder(0, &bytes[4..]), &bytes[..4]);
        let check = 98 - remainder as u8;
        characters[2..4].copy_from_slice(&[b'0' + check / 10, b'0' + check % 10]);
        Ok(Iban { characters, length: structure.length })
    }

    /// What IBANs of a country look like, as the registry writes it: `LV2!n4!a13!c`. `None` when it has none.
    #[must_use]
    pub fn structure_of_country(country: Country) -> Option<String> {
        let structure = structure_of(country.code().as_bytes())?;
        let runs = structure.runs.iter().filter(|(_, count)| *count > 0);
        let runs = runs.map(|&(kind, count)| format!("{count}!{}", char::from(kind)));
        Some(runs.fold(format!("{country}2!n"), |text, run| text + &run))
    }

    /// The regular expression (XML Schema's) of a country's IBANs whose account identification begins with `start`:
    /// for Latvia and `TREL` it is `LV[0-9]{2}TREL[0-9A-Z]{13}`. `None` when the country has no IBANs.
    #[must_use]
    pub fn pattern_of_country(country: Country, start: &str) -> Option<String> {
        let structure = structure_of(country.code().as_bytes())?;
        let mut pattern = format!("{country}[0-9]{{2}}{start}");
        let mut given = start.len();
        for &(kind, count) in structure.runs.iter().filter(|(_, count)| *count > 0) {
            let open = usize::from(count).saturating_sub(given);
            given = given.saturating_sub(usize::from(count));
            let class = match kind {
                b'n' => "[0-9]",
                b'a' => "[A-Z]",
                _ => "[0-9A-Z]",
            };
            if open > 0 {
                pattern.push_str(&format!("{class}{{{open}}}"));
            }
        }
        Some(pattern)
    }

    /// The regular expression (XML Schema's) that every IBAN matches: ISO 20022's would let small letters pass.
    pub const PATTERN: &'static str = "[A-Z]{2}[0-9]{2}[0-9A-Z]{1,30}";

    /// The electronic form: `LV07TREL5180453053000`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII gets in.
        std::str::from_utf8(&self.characters[..usize::from(self.length)]).unwrap_or_default()
    }

    /// The country whose registry the account is in.
    #[must_use]
    pub fn country(&self) -> Country {
        // Every country of the IBAN registry stands in the table of countries (tested).
        Country::from_letters([self.characters[0], self.characters[1]]).unwrap_or(Country::LV)
    }

    /// The first four characters of the account identification: in Latvia the bank (`TREL`).
    #[must_use]
    pub fn bank_code(&self) -> &str {
        &self.as_str()[4..8]
    }

    /// The form for people: groups of four.
    #[must_use]
    pub fn printed(&self) -> String {
        let groups: Vec<&str> =
            self.as_str().as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
        groups.join(" ")
    }
}

impl FromStr for Iban {
    type Err = IbanError;

    fn from_str(text: &str) -> Result<Iban, IbanError> {
        Iban::parse(text)
    }
}

impl fmt::Display for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
