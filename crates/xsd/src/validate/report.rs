//! Notes findings, with the path of what is open.

use std::fmt::Write as _;

use super::Validator;
use super::path::{Tail, shown_path};
use crate::error::Position;
use crate::finding::{Finding, Rule};

impl Validator<'_> {
    /// Notes a finding about what begins at `at` in the window. `tail` is put behind the path of the open elements.
    pub(super) fn report(&mut self, at: u64, tail: Tail<'_>, rule: Rule, value: &str, expected: String) {
        let position = match self.findings.has_room() {
            true => self.tokens.locate(at),
            false => Position::START,
        };
        self.report_at(position, tail, rule, value, expected);
    }

    pub(super) fn report_at(&mut self, position: Position, tail: Tail<'_>, rule: Rule, value: &str, expected: String) {
        if !self.findings.has_room() {
            self.findings.count_only();
            return;
        }
        let mut path = self.path();
        let _ = write!(path, "{tail}");
        let path = shown_path(path);
        self.findings.push(Finding { position, path, rule, value: crate::values::shown(value), expected });
    }
}
