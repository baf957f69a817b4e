//! The two forms of rows: JSON lines, and CSV as RFC 4180 has it.
//!
//! People open CSV in spreadsheets, which take a text that begins with certain characters for a formula. Names, references and remittance
//! texts come from clients and from payers outside, so such a text gets an apostrophe before it, and the spreadsheet shows it
//! (OWASP, CSV injection). Numbers stay numbers.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::Value;

/// Writes a JSON object on a line of its own.
pub(super) fn json_line(to: &mut dyn Write, value: &Value) -> io::Result<()> {
    serde_json::to_writer(&mut *to, value)?;
    to.write_all(b"\n")
}

/// A text that begins with one of these can be a formula; of each sign also the wide form.
const BEGINS_FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Where lists have semicolons, as in Latvia, a spreadsheet may begin a cell behind one.
const BEGINS_CELL: [char; 2] = [';', '\t'];

/// The field, with an apostrophe before whatever a spreadsheet could take for a formula.
fn without_formulas(field: &str) -> Cow<'_, str> {
    let is_plain = |text: &str| !text.starts_with(BEGINS_FORMULA);
    if is_number(field) || is_plain(field) && field.split(BEGINS_CELL).all(is_plain) {
        return Cow::Borrowed(field);
    }
    let mut shown = String::with_capacity(field.len() + 2);
    let mut begins = true;
    for sign in field.chars() {
        if begins && BEGINS_FORMULA.contains(&sign) {
            shown.push('\'');
        }
        shown.push(sign);
        begins = BEGINS_CELL.contains(&sign);
    }
    Cow::Owned(shown)
}

fn is_number(field: &str) -> bool {
    let digits = field.strip_prefix('-').unwrap_or(field);
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits.split_once('.').map_or(is_digits(digits), |(whole, part)| is_digits(whole) && is_digits(part))
}

/// Writes a row of fields.
pub(super) fn csv_line(to: &mut dyn Write, fields: &[&str]) -> io::Result<()> {
    for (place, field) in fields.iter().enumerate() {
        if place > 0 {
            to.write_all(b",")?;
        }
        let shown = without_formulas(field);
        if shown.contains(['"', ',', '\n', '\r']) {
            write!(to, "\"{}\"", shown.replace('"', "\"\""))?;
        } else {
            to.write_all(shown.as_bytes())?;
        }
    }
    to.write_all(b"\r\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn fields_with_marks_of_csv_are_quoted() {
        let mut line = Vec::new();
        super::csv_line(&mut line, &["plain", "a,b", "say \"x\"", "", "two\nlines"]).unwrap_or_default();
        assert_eq!(String::from_utf8_lossy(&line), "plain,\"a,b\",\"say \"\"x\"\"\",,\"two\nlines\"\r\n");
    }

    #[test]
    fn a_text_is_no_formula_and_an_amount_stays_a_number() {
        for (field, written) in [
            ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""),
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+37120000000", "'+37120000000"),
            ("-2+3", "'-2+3"),
            ("-", "'-"),
            ("-1.", "'-1."),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("-12.50", "-12.50"),
            ("7", "7"),
            ("a=b", "a=b"),
            ("a; b", "a; b"),
            ("a;=b", "a;'=b"),
            ("＝1+1", "'＝1+1"),
        ] {
            let mut line = Vec::new();
            super::csv_line(&mut line, &[field]).unwrap_or_default();
            assert_eq!(String::from_utf8_lossy(&line), format!("{written}\r\n"));
        }
    }
}
