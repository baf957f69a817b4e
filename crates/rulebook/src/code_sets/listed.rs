//! Codes with their names, read from a data file while the crate is compiled.

use crate::data::{Rows, text};

/// A code of a published list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedCode {
    /// The code: `SALA`.
    pub code: &'static str,
    /// What it is called: `Salary payment`.
    pub name: &'static str,
}

/// How many codes a file has.
pub(super) const fn count(file: &'static str) -> usize {
    let mut rows = Rows::of(file);
    let mut count = 0;
    while rows.next().is_some() {
        count += 1;
    }
    count
}

/// The codes of a file, which must be sorted so that they can be found.
pub(super) const fn load<const N: usize>(file: &'static str) -> [ListedCode; N] {
    let mut codes = [ListedCode { code: "", name: "" }; N];
    let mut rows = Rows::of(file);
    let mut at = 0;
    while let Some(row) = rows.next() {
        let listed = ListedCode { code: text(row.field(0)), name: text(row.field(1)) };
        assert!(!listed.code.is_empty() && !listed.name.is_empty(), "a code and its name");
        assert!(at == 0 || is_before(codes[at - 1].code, listed.code), "the codes are sorted, each stands once");
        codes[at] = listed;
        at += 1;
    }
    codes
}

/// Whether a text stands before another, by bytes.
pub(super) const fn is_before(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut at = 0;
    while at < left.len() && at < right.len() {
        if left[at] != right[at] {
            return left[at] < right[at];
        }
        at += 1;
    }
    left.len() < right.len()
}
