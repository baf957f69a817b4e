//! Values in the lexical forms that the schemas ask for, and the checks that keep a written message valid.

use std::io::Write as _;

use jiff::civil;
use money::{Currency, Decimal};

use super::WriteError;
use super::escape::fits;
use crate::DateTime;

/// What the schemas' simple types allow (`totalDigits`, `fractionDigits`, `maxLength`).
pub(crate) struct Limits;

impl Limits {
    /// Codes of the published lists.
    pub(crate) const CODE: usize = 4;
    /// `Max34Text`: an account number that is no IBAN.
    pub(crate) const OTHER_ACCOUNT: usize = 34;
    /// `Max35Text`: names of towns and districts.
    pub(crate) const PLACE: usize = 35;
    /// `Max16Text`: numbers of buildings, boxes and post codes.
    pub(crate) const ADDRESS_NUMBER: usize = 16;
    /// `Max10Text`: codes of regulatory reporting.
    pub(crate) const REGULATORY_CODE: usize = 10;
    /// `Max35Text`: references and identifiers.
    pub(crate) const IDENTIFIER: usize = 35;
    /// `Max140Text`: names and remittance lines.
    pub(crate) const NAME: usize = 140;
    /// `Max105Text`: a line of a reason.
    pub(crate) const REASON_LINE: usize = 105;
    /// `Max70Text`: parts of an address, names of accounts.
    pub(crate) const ADDRESS_PART: usize = 70;
    /// `Max500Text`: additional information.
    pub(crate) const INFORMATION: usize = 500;
    /// `AdrLine` of an address.
    pub(crate) const ADDRESS_LINES: usize = 7;
}

/// `EntryStatus2Code`, which the older generation lists in the schema.
pub(crate) const ENTRY_STATUSES_OLDER: [&str; 3] = ["BOOK", "PDNG", "INFO"];
/// `BalanceType12Code`, which the older generation lists in the schema.
pub(crate) const BALANCE_TYPES_OLDER: [&str; 10] =
    ["XPCD", "OPAV", "ITAV", "CLAV", "FWAV", "CLBD", "ITBD", "OPBD", "PRCD", "INFO"];

/// `DecimalNumber` and amounts: digits in all.
const TOTAL_DIGITS_MAX: u32 = 18;
/// Amounts: digits after the point.
const AMOUNT_FRACTION_DIGITS_MAX: u32 = 5;
/// `DecimalNumber`: digits after the point.
const NUMBER_FRACTION_DIGITS_MAX: u32 = 17;
/// `Max15NumericText`.
const COUNT_MAX: u64 = 999_999_999_999_999;
/// `Number`: 18 digits.
const SEQUENCE_MAX: u64 = 999_999_999_999_999_999;

/// A value that may not be changed, of one to `chars_max` characters.
#[inline]
pub(crate) fn bounded<'t>(element: &'static str, text: &'t str, chars_max: usize) -> Result<&'t str, WriteError> {
    if text.is_empty() {
        return Err(WriteError::Missing { element });
    }
    if !fits(text, chars_max) {
        return Err(WriteError::value(element, text));
    }
    Ok(text)
}

/// A code that the schema itself lists.
pub(crate) fn listed<'t>(element: &'static str, text: &'t str, allowed: &[&str]) -> Result<&'t str, WriteError> {
    if allowed.contains(&text) { Ok(text) } else { Err(WriteError::value(element, text)) }
}

/// `[A-Z]{2}`.
pub(crate) fn country(text: &str) -> Result<&str, WriteError> {
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(text);
    }
    Err(WriteError::value("Ctry", text))
}

/// `[A-Z]{3}`.
pub(crate) fn currency_code<'t>(element: &'static str, text: &'t str) -> Result<&'t str, WriteError> {
    Currency::new(text).map_err(|_| WriteError::value(element, text))?;
    Ok(text)
}

/// `[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}`.
pub(crate) fn iban(text: &str) -> Result<&str, WriteError> {
    let bytes = text.as_bytes();
    let matches = (5..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes[4..].iter().all(u8::is_ascii_alphanumeric);
    if matches { Ok(text) } else { Err(WriteError::value("IBAN", text)) }
}

/// A BIC by the pattern of its generation.
pub(crate) fn bic(text: &str, dec_2014: bool) -> Result<&str, WriteError> {
    let upper_or_digit = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let matches = matches!(bytes.len(), 8 | 11)
        && if dec_2014 {
            bytes[..4].iter().all(upper_or_digit)
                && bytes[4..6].iter().all(u8::is_ascii_uppercase)
                && bytes[6..].iter().all(upper_or_digit)
        } else {
            bytes[..6].iter().all(u8::is_ascii_uppercase)
                && matches!(bytes[6], b'A'..=b'Z' | b'2'..=b'9')
                && matches!(bytes[7], b'A'..=b'N' | b'P'..=b'Z' | b'0'..=b'9')
                && bytes[8..].iter().all(upper_or_digit)
        };
    if matches { Ok(text) } else { Err(WriteError::value("BIC", text)) }
}

/// Whether a BIC has the form of 2014, whose bank may have digits, and not that of the older generation.
pub(crate) fn is_bic_of_2014_only(text: &str) -> bool {
    bic(text, true).is_ok() && bic(text, false).is_err()
}

/// `[A-Z0-9]{18}[0-9]{2}`.
pub(crate) fn lei(text: &str) -> Result<&str, WriteError> {
    let bytes = text.as_bytes();
    let matches = bytes.len() == 20
        && bytes[..18].iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && bytes[18..].iter().all(u8::is_ascii_digit);
    if matches { Ok(text) } else { Err(WriteError::value("LEI", text)) }
}

/// A UUID of version 4 in lower case.
pub(crate) fn uetr(text: &str) -> Result<&str, WriteError> {
    let bytes = text.as_bytes();
    let matches = bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            14 => *byte == b'4',
            19 => matches!(byte, b'8' | b'9' | b'a' | b'b'),
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        });
    if matches { Ok(text) } else { Err(WriteError::value("UETR", text)) }
}

/// A number of transactions or entries.
pub(crate) fn count(out: &mut Vec<u8>, element: &'static str, number: u64) -> Result<(), WriteError> {
    limited(out, element, number, COUNT_MAX)
}

/// A sequence number.
pub(crate) fn sequence(out: &mut Vec<u8>, element: &'static str, number: u64) -> Result<(), WriteError> {
    limited(out, element, number, SEQUENCE_MAX)
}

fn limited(out: &mut Vec<u8>, element: &'static str, number: u64, max: u64) -> Result<(), WriteError> {
    if number > max {
        return Err(WriteError::value(element, &number.to_string()));
    }
    push_digits(out, number, 1);
    Ok(())
}

/// A control sum, signed.
pub(crate) fn number(out: &mut Vec<u8>, element: &'static str, value: Decimal) -> Result<(), WriteError> {
    decimal(out, element, value, NUMBER_FRACTION_DIGITS_MAX)
}

/// The number of an amount: never negative.
#[inline]
pub(crate) fn amount(out: &mut Vec<u8>, element: &'static str, value: Decimal) -> Result<(), WriteError> {
    if value.is_negative() {
        return Err(WriteError::value(element, &value.to_string()));
    }
    decimal(out, element, value, AMOUNT_FRACTION_DIGITS_MAX)
}

fn decimal(
    out: &mut Vec<u8>,
    element: &'static str,
    value: Decimal,
    fraction_digits_max: u32,
) -> Result<(), WriteError> {
    let refused = || WriteError::value(element, &value.to_string());
    // Zeros at the end are kept as given (`12.50`) unless they are more than the schema allows.
    let value = if value.scale() > fraction_digits_max { value.normalised() } else { value };
    let scale = value.scale();
    let units = value.units_at_scale(scale).and_then(|units| i64::try_from(units).ok()).ok_or_else(refused)?;
    let magnitude = units.unsigned_abs();
    if scale > fraction_digits_max || magnitude >= 10_u64.pow(TOTAL_DIGITS_MAX) {
        return Err(refused());
    }
    if units < 0 {
        out.push(b'-');
    }
    // 10^17 at most.
    let one = 10_u64.pow(scale);
    push_digits(out, magnitude / one, 1);
    if scale > 0 {
        out.push(b'.');
        push_digits(out, magnitude % one, scale as usize);
    }
    Ok(())
}

/// Appends decimal digits, with leading zeros up to a width.
#[inline]
fn push_digits(out: &mut Vec<u8>, number: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let (mut rest, mut at) = (number, digits.len());
    while rest > 0 {
        at -= 1;
        // A remainder by ten fits a byte.
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.extend_from_slice(&digits[at.min(digits.len() - width)..]);
}

/// `YYYY-MM-DD`.
#[inline]
pub(crate) fn date(out: &mut Vec<u8>, element: &'static str, date: civil::Date) -> Result<(), WriteError> {
    let year = u64::try_from(date.year()).ok().filter(|year| *year > 0);
    let Some(year) = year else {
        return Err(WriteError::value(element, &date.to_string()));
    };
    push_digits(out, year, 4);
    out.push(b'-');
    push_digits(out, u64::from(date.month().unsigned_abs()), 2);
    out.push(b'-');
    push_digits(out, u64::from(date.day().unsigned_abs()), 2);
    Ok(())
}

/// `YYYY-MM-DDThh:mm:ss`, with fraction and offset where there are any.
pub(crate) fn date_time(out: &mut Vec<u8>, element: &'static str, value: DateTime) -> Result<(), WriteError> {
    let offset_is_legal = value.offset_minutes.is_none_or(|minutes| minutes.unsigned_abs() <= 14 * 60);
    if value.local.year() < 1 || !offset_is_legal {
        return Err(WriteError::value(element, &value.to_string()));
    }
    write!(out, "{value}")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use money::Decimal;

    use super::{amount, bic, number, uetr};

    fn written(value: Decimal) -> Option<String> {
        let mut out = Vec::new();
        amount(&mut out, "Amt", value).ok()?;
        Some(String::from_utf8(out).unwrap())
    }

    #[test]
    fn amounts_keep_their_digits_within_the_schema() {
        assert_eq!(written(Decimal::new(1_250, 2)).unwrap(), "12.50");
        assert_eq!(written(Decimal::new(5, 2)).unwrap(), "0.05");
        assert_eq!(written(Decimal::ZERO).unwrap(), "0");
        assert_eq!(written(Decimal::new(12_500_000_000, 9)).unwrap(), "12.5");
        assert_eq!(written(Decimal::new(999_999_999_999_999_999, 2)).unwrap(), "9999999999999999.99");
        assert_eq!(written(Decimal::new(1_000_000_000_000_000_000, 2)), None);
        assert_eq!(written(Decimal::new(1, 6)), None);
        assert_eq!(written(Decimal::new(-1, 2)), None);
    }

    #[test]
    fn control_sums_may_be_negative_and_fine() {
        let mut out = Vec::new();
        number(&mut out, "CtrlSum", Decimal::new(-123, 17)).unwrap();
        assert_eq!(out, b"-0.00000000000000123");
    }

    #[test]
    fn patterns_are_those_of_the_generation() {
        assert!(bic("TRELLV22", false).is_ok() && bic("TRELLV22XXX", true).is_ok());
        assert!(bic("T1ELLV22", false).is_err() && bic("T1ELLV22", true).is_ok());
        assert!(bic("TRELLV1O", false).is_err() && bic("TRELLV1O", true).is_ok());
        assert!(uetr("8a562c67-ca16-48ba-b074-65581be6f001").is_ok());
        assert!(uetr("8a562c67-ca16-58ba-b074-65581be6f001").is_err());
    }
}
