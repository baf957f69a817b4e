//! The one loader of the data files: lines of fields separated by tabs, `#` begins a comment line.
//!
//! It runs while the crate is compiled, so that a damaged file stops the build and reading costs nothing at run time.

/// The lines of a data file, one after the other.
pub(crate) struct Rows {
    rest: &'static [u8],
}

/// One line's fields.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    line: &'static [u8],
}

impl Rows {
    pub(crate) const fn of(text: &'static str) -> Rows {
        Rows { rest: text.as_bytes() }
    }

    /// The next line that is neither empty nor a comment.
    pub(crate) const fn next(&mut self) -> Option<Row> {
        while !self.rest.is_empty() {
            let (line, rest) = split_before(self.rest, b'\n');
            self.rest = rest;
            if !line.is_empty() && line[0] != b'#' {
                return Some(Row { line });
            }
        }
        None
    }
}

impl Row {
    /// The field at a place, from 0; empty when the line has fewer.
    pub(crate) const fn field(self, place: usize) -> &'static [u8] {
        let (mut field, mut rest) = split_before(self.line, b'\t');
        let mut at = 0;
        while at < place {
            (field, rest) = split_before(rest, b'\t');
            at += 1;
        }
        field
    }
}

/// What stands before and after the first `separator`; all and nothing when there is none.
const fn split_before(bytes: &'static [u8], separator: u8) -> (&'static [u8], &'static [u8]) {
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == separator {
            let (before, after) = bytes.split_at(at);
            return (before, after.split_at(1).1);
        }
        at += 1;
    }
    (bytes, &[])
}

/// A decimal number of a data file.
pub(crate) const fn number(field: &[u8]) -> u32 {
    assert!(!field.is_empty(), "a number has digits");
    let (mut value, mut at) = (0, 0);
    while at < field.len() {
        assert!(field[at].is_ascii_digit(), "a number has only digits");
        value = value * 10 + (field[at] - b'0') as u32;
        at += 1;
    }
    value
}

/// A field as text.
pub(crate) const fn text(field: &'static [u8]) -> &'static str {
    match std::str::from_utf8(field) {
        Ok(text) => text,
        Err(_) => panic!("the data files are UTF-8"),
    }
}
