//! A report put together from its pages: a long one comes in several messages, each complete.

use money::Decimal;

use super::statement::{ListedEntry, StatedBalance, Statement};

/// A report: its pages, in order; at least one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Report<'s> {
    pages: &'s [Statement],
}

/// Whether balances and entries fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// There is nothing to hold the entries against: a camt.054 has no balances.
    Unchecked,
    /// On each page, and from page to page.
    AddsUp,
    /// Closing balance minus what it should be, on this page.
    Differs { page: u32, by: Decimal },
    /// This page opens with another balance than the one before it ended with.
    DoesNotContinue { page: u32 },
}

/// The reports that pages make.
pub(crate) fn reports(pages: &[Statement]) -> impl Iterator<Item = Report<'_>> {
    pages.chunk_by(Statement::is_continued_by).map(|pages| Report { pages })
}

impl<'s> Report<'s> {
    pub(crate) fn first(&self) -> &'s Statement {
        // Invariant: `chunk_by` gives no empty pieces.
        &self.pages[0]
    }

    pub(crate) fn pages(&self) -> &'s [Statement] {
        self.pages
    }

    /// The entries that are listed.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &'s ListedEntry> {
        self.pages.iter().flat_map(|page| &page.entries)
    }

    /// Entries in all, listed or not.
    pub(crate) fn entries_total(&self) -> u64 {
        self.credits_count() + self.debits_count()
    }

    pub(crate) fn credits_count(&self) -> u64 {
        self.pages.iter().map(|page| page.credits_count).sum()
    }

    pub(crate) fn debits_count(&self) -> u64 {
        self.pages.iter().map(|page| page.debits_count).sum()
    }

    /// What came in; `None` when the sum does not fit.
    pub(crate) fn credits(&self) -> Option<Decimal> {
        self.sum(|page| page.credits)
    }

    /// What went out, above 0; `None` when the sum does not fit.
    pub(crate) fn debits(&self) -> Option<Decimal> {
        self.sum(|page| page.debits)
    }

    fn sum(&self, of: impl Fn(&Statement) -> Decimal) -> Option<Decimal> {
        let add = |sum: Decimal, page: &Statement| if page.overflow { None } else { sum.checked_add(of(page)) };
        self.pages.iter().try_fold(Decimal::new(0, 2), add)
    }

    pub(crate) fn opening(&self) -> Option<&'s StatedBalance> {
        self.first().opening()
    }

    pub(crate) fn closing(&self) -> Option<&'s StatedBalance> {
        self.pages.last().and_then(Statement::closing)
    }

    /// The closing balances of the days before the last, where the client wants those of each day.
    pub(crate) fn closings_of_days(&self) -> impl Iterator<Item = &'s StatedBalance> {
        let closing = self.closing();
        let of_days = self.pages.iter().flat_map(|page| &page.balances).filter(|balance| balance.kind == "CLBD");
        of_days.filter(move |balance| closing.is_none_or(|closing| closing.date != balance.date))
    }

    /// Whether each page adds up, and each begins where the one before it ended.
    pub(crate) fn verdict(&self) -> Verdict {
        let mut verdict = Verdict::Unchecked;
        let mut before: Option<&StatedBalance> = None;
        for page in self.pages {
            let Some(by) = page.difference() else { continue };
            if !by.is_zero() {
                return Verdict::Differs { page: page.page, by };
            }
            let (opening, closing) = (page.opening(), page.closing());
            if before.is_some_and(|before| opening.is_some_and(|opening| opening.amount != before.amount)) {
                return Verdict::DoesNotContinue { page: page.page };
            }
            verdict = Verdict::AddsUp;
            before = closing;
        }
        verdict
    }
}

impl Verdict {
    /// Whether something does not fit.
    pub(crate) fn is_wrong(self) -> bool {
        matches!(self, Verdict::Differs { .. } | Verdict::DoesNotContinue { .. })
    }
}
