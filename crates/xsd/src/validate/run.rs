//! Goes through a document to its end: by the short cut as far as that leads, and token by token where it does not.

use std::ops::ControlFlow;

use super::{Event, Found, Handover, Validator};
use crate::error::ReadError;
use crate::finding::Findings;

/// Keeps the first event, for callers who ask for one at a time.
struct First(Option<Found>);

impl Handover for First {
    #[inline]
    fn found(&mut self, _validator: &Validator<'_>, found: Found) -> ControlFlow<()> {
        self.0 = Some(found);
        ControlFlow::Break(())
    }
}

/// Hands each over as an event.
struct Visit<F>(F);

impl<F: FnMut(Event<'_>) -> ControlFlow<()>> Handover for Visit<F> {
    #[inline(always)]
    fn found(&mut self, validator: &Validator<'_>, found: Found) -> ControlFlow<()> {
        (self.0)(validator.event(found))
    }
}

impl Validator<'_> {
    /// The next selected event; validates other elements in passing.
    ///
    /// # Errors
    /// Only what ends reading; departures from the schema are [`Validator::findings`].
    #[allow(clippy::should_implement_trait, reason = "events borrow from the validator: no Iterator")]
    pub fn next(&mut self) -> Result<Event<'_>, ReadError> {
        let mut first = First(None);
        let found = loop {
            if self.quick(&mut first)?.is_break()
                && let Some(found) = first.0
            {
                break found;
            }
            if let Some(found) = self.general()? {
                break found;
            }
        };
        Ok(self.event(found))
    }

    /// Hands the selected events over, one after another, until `visit` breaks or after [`Event::End`]. The same as a
    /// loop over [`Validator::next`], for readers that want most of a document: no event costs a call.
    ///
    /// # Errors
    /// As [`Validator::next`].
    pub fn each(&mut self, visit: impl FnMut(Event<'_>) -> ControlFlow<()>) -> Result<(), ReadError> {
        let mut visit = Visit(visit);
        loop {
            if self.quick(&mut visit)?.is_break() {
                return Ok(());
            }
            if let Some(found) = self.general()?
                && (visit.found(self, found).is_break() || matches!(found, Found::End))
            {
                return Ok(());
            }
        }
    }

    /// Reads to the end, for those who want nothing but the findings.
    ///
    /// # Errors
    /// As [`Validator::next`].
    pub fn finish(mut self) -> Result<Findings, ReadError> {
        while !matches!(self.next()?, Event::End) {}
        Ok(self.findings)
    }
}
