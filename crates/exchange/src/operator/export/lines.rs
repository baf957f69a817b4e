//! The two forms of rows: JSON lines, and CSV as RFC 4180 has it.

use std::io::{self, Write};

use serde_json::Value;

/// Writes a JSON object on a line of its own.
pub(super) fn json_line(to: &mut dyn Write, value: &Value) -> io::Result<()> {
    serde_json::to_writer(&mut *to, value)?;
    to.write_all(b"\n")
}

/// Writes a row of fields.
pub(super) fn csv_line(to: &mut dyn Write, fields: &[&str]) -> io::Result<()> {
    for (place, field) in fields.iter().enumerate() {
        if place > 0 {
            to.write_all(b",")?;
        }
        if field.contains(['"', ',', '\n', '\r']) {
            write!(to, "\"{}\"", field.replace('"', "\"\""))?;
        } else {
            to.write_all(field.as_bytes())?;
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
}
