//! Reading reports page by page. Pages are made from the entries whenever they are read, so they always agree and cost no
//! storage. Balances chain from page to page.

use rulebook::catalogue::Code;
use store::{Reading, Report, ReportId, TreasuryAccount};

use super::cursor::{Cursor, range};
use super::daily_balances::ends_of_days;
use super::extent::{pages, type_of};
use crate::reports::page::{Page, add_up, write_page};
use crate::{Caller, Exchange, Failure, ReportPage, Settings};

impl Exchange {
    /// A page of a report, from 1.
    ///
    /// # Errors
    /// When this online user has no such report, it has fewer pages, or its account is no longer granted to the user.
    pub async fn report_page(&self, caller: &Caller, report: ReportId, page: u32) -> Result<ReportPage, Failure> {
        let (exchange, caller) = (self.clone(), caller.clone());
        let made = self.inner.store.read_long(move |reading| exchange.make_page(reading, &caller, report, page));
        made.await
    }

    /// The same page, made for an earlier request of the online user.
    ///
    /// # Errors
    /// When its account is no longer granted to the user.
    pub fn made_page(&self, caller: &Caller, page: ReportPage) -> Result<ReportPage, Failure> {
        caller.may_see(page.account).map(|()| page)
    }

    fn make_page(
        &self,
        reading: &mut dyn Reading,
        caller: &Caller,
        report: ReportId,
        page: u32,
    ) -> Result<ReportPage, Failure> {
        let not_found = || Failure::new(Code::ReportNotFound);
        let report = reading.report(report)?.filter(|report| report.user == caller.user()).ok_or_else(not_found)?;
        let account = reading.accounts(&[report.account])?.into_iter().next().ok_or_else(not_found)?;
        caller.may_see(report.account).map_err(|failure| failure.with_detail(account.iban.as_str()))?;
        let entries_per_page = self.inner.settings.entries_per_page.max(1);
        let pages = pages(&report.totals, entries_per_page);
        if page == 0 || page > pages {
            let failure = Failure::new(Code::ReportPageNotFound).with_detail(page.to_string());
            return Err(failure.with_expected(pages.to_string()));
        }
        let message_type = type_of(&report)?;
        let begin = self.inner.page_cursors.find(reading, &report, page, entries_per_page)?;
        let last = page == pages;
        let days = ends_of_days(reading, &report, self.inner.settings.guideline.working_days)?;
        let range = range(&report, begin.after, entries_per_page);
        let of = Page {
            report: &report,
            account: &account,
            message_type,
            number: page,
            last,
            begin,
            identification: &self.inner.settings.identification,
            ends_of_days: &days,
        };
        let (sums, end) = add_up(reading, &of, &range)?;
        // Before the page is written: the next one can begin meanwhile.
        self.inner.page_cursors.learn(report.id, page, end);
        let xml = write_page(reading, &of, &range, (sums, end))?;
        Ok(ReportPage { account: report.account, message_type, xml, page, pages })
    }
}

/// Writes all pages of a report without an order, one after another.
pub(crate) fn write_pages<E: From<Failure>>(
    reading: &mut dyn Reading,
    report: &Report,
    account: &TreasuryAccount,
    settings: &Settings,
    mut each: impl FnMut(u32, &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let entries_per_page = settings.entries_per_page.max(1);
    let message_type = type_of(report)?;
    let pages = pages(&report.totals, entries_per_page);
    let mut begin = Cursor { after: None, balance: report.opening };
    let days = ends_of_days(reading, report, settings.guideline.working_days)?;
    for number in 1..=pages {
        let range = range(report, begin.after, entries_per_page);
        let page = Page {
            report,
            account,
            message_type,
            number,
            last: number == pages,
            begin,
            identification: &settings.identification,
            ends_of_days: &days,
        };
        let (sums, end) = add_up(reading, &page, &range)?;
        let xml = write_page(reading, &page, &range, (sums, end))?;
        each(number, &xml)?;
        begin = end;
    }
    Ok(())
}
