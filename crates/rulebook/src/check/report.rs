//! Makes findings about one item of the message. Nothing is allocated until there is one.

use std::fmt::Display;

use iso20022::common::Position;

use super::finding::{Excerpt, Finding, Scope, Sink};
use crate::Code;

/// Collects the findings about one item.
pub(super) struct Report<'s> {
    sink: &'s mut dyn Sink,
    scope: Scope,
    position: Position,
    clean: bool,
}

impl<'s> Report<'s> {
    pub(super) fn about(scope: Scope, position: Position, sink: &'s mut dyn Sink) -> Report<'s> {
        Report { sink, scope, position, clean: true }
    }

    /// Something is wrong: `value` was found where `expected` should be.
    pub(super) fn found(&mut self, code: Code, element: &'static str, value: impl Display, expected: impl Display) {
        self.measured(code, element, value, expected, "");
    }

    /// The same where so much was `given`.
    pub(super) fn measured(
        &mut self,
        code: Code,
        element: &'static str,
        value: impl Display,
        expected: impl Display,
        given: impl Display,
    ) {
        let [value, given] = [value.to_string(), given.to_string()].map(|text| Excerpt::of(&text));
        let expected = Excerpt::of_expected(&expected.to_string());
        self.pass_on(Finding { code, scope: self.scope, position: self.position, element, value, expected, given });
    }

    /// Something is missing, or the rule alone says what is wrong.
    pub(super) fn missing(&mut self, code: Code, element: &'static str) {
        self.found(code, element, "", "");
    }

    /// A finding made about the head of the block concerns this payment of it.
    pub(super) fn found_in_block(&mut self, finding: &Finding) {
        self.pass_on(Finding { scope: self.scope, position: self.position, ..finding.clone() });
    }

    /// Whether nothing was found.
    pub(super) fn is_clean(&self) -> bool {
        self.clean
    }

    fn pass_on(&mut self, finding: Finding) {
        self.clean = false;
        self.sink.report(finding);
    }
}
