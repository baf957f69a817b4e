//! Requests reports and reads them page by page.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use protocol::{ReportList, headers, routes};
use reqwest::StatusCode;
use reqwest::header::{LINK, LOCATION};

use crate::call::{Call, Reply, read_json, retry_after};
use crate::send::ACCEPT_MESSAGE;
use crate::{Body, Client, Document, Error, Language, bounds};

/// The pages of all reports that one camt.060 made, in order. Each page is a complete camt message.
#[derive(Debug)]
pub struct ReportPages<'c> {
    client: &'c Client,
    first: Option<ReportPage>,
    waiting: VecDeque<String>,
    pages: u32,
}

/// A page of a report.
#[derive(Debug)]
#[non_exhaustive]
pub struct ReportPage {
    /// Which page of its report this is, from 1.
    pub number: u32,
    /// Whether another page of the same report follows.
    pub has_next: bool,
    /// The camt.052, camt.053 or camt.054.
    pub document: Document,
}

impl Client {
    /// Asks for reports with a camt.060.
    ///
    /// ```no_run
    /// # async fn example(client: client::Client) -> Result<(), client::Error> {
    /// let mut pages = client.request_report(client::Body::file("camt060.xml"), None).await?;
    /// while let Some(page) = pages.next().await? {
    ///     println!("page {}: {} bytes", page.number, page.document.bytes().await?.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_refused`] when the request is not valid, or asks for an account that the online user may not see.
    pub async fn request_report(&self, camt060: Body, language: Option<Language>) -> Result<ReportPages<'_>, Error> {
        let mut call = Call::post(self.resolve(routes::REPORTS)?, ACCEPT_MESSAGE, &camt060);
        call.language = language;
        call.wait = Some(bounds::WAIT_DEFAULT);
        let reply = self.call(&call).await?;
        let mut pages = ReportPages { client: self, first: None, waiting: VecDeque::new(), pages: 0 };
        if reply.is_json() {
            let list: ReportList = read_json(&reply.document.bytes().await?)?;
            pages.waiting.extend(list.reports.into_iter().map(|report| report.location));
        } else if reply.status == StatusCode::ACCEPTED {
            let location = reply.header(LOCATION.as_str()).ok_or_else(no_location)?;
            pages.waiting.push_back(location.to_owned());
        } else {
            pages.take_first(reply);
        }
        Ok(pages)
    }

    /// One page of a report that was made before; `location` as a [`ReportList`] or a 202 gave it.
    ///
    /// # Errors
    /// [`Error::is_refused`] when there is no such report or page; [`Error::is_timeout`] when it is not made after the idle timeout.
    pub async fn report_page(&self, location: &str) -> Result<ReportPage, Error> {
        let reply = self.report_reply(location).await?;
        let has_next = next_link(&reply).is_some();
        Ok(ReportPage { number: page_number(location), has_next, document: reply.document })
    }

    /// Asks until the page is there.
    async fn report_reply(&self, location: &str) -> Result<Reply, Error> {
        let deadline = Instant::now() + self.limits.call_timeout;
        loop {
            let mut call = Call::get(self.resolve(location)?, ACCEPT_MESSAGE);
            call.wait = Some(bounds::WAIT_DEFAULT);
            let reply = self.call(&call).await?;
            if reply.status != StatusCode::ACCEPTED {
                return Ok(reply);
            }
            let pause = retry_after(&reply.headers)
                .unwrap_or(bounds::POLL_PAUSE)
                .clamp(Duration::from_millis(100), bounds::PAUSE_MAX);
            if Instant::now() + pause >= deadline {
                return Err(Error::timeout("waiting for a report to be made", self.limits.call_timeout));
            }
            tokio::time::sleep(pause).await;
        }
    }
}

impl ReportPages<'_> {
    /// The next page; `None` after the last one.
    ///
    /// # Errors
    /// As [`Client::report_page`].
    pub async fn next(&mut self) -> Result<Option<ReportPage>, Error> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        let Some(location) = self.waiting.pop_front() else { return Ok(None) };
        self.pages += 1;
        if self.pages > bounds::PAGES_MAX {
            return Err(Error::unexpected(format!("the report has more than {} pages", bounds::PAGES_MAX)));
        }
        let reply = self.client.report_reply(&location).await?;
        let next = next_link(&reply);
        let has_next = next.is_some();
        if let Some(next) = next {
            self.waiting.push_front(next);
        }
        Ok(Some(ReportPage { number: page_number(&location), has_next, document: reply.document }))
    }

    fn take_first(&mut self, reply: Reply) {
        let next = next_link(&reply);
        self.first = Some(ReportPage { number: 1, has_next: next.is_some(), document: reply.document });
        self.waiting.extend(next);
        self.pages = 1;
    }
}

fn next_link(reply: &Reply) -> Option<String> {
    headers::link_target(reply.header(LINK.as_str())?, "next").map(ToOwned::to_owned)
}

/// The page that a location names; the first when it names none.
fn page_number(location: &str) -> u32 {
    let query = location.split_once('?').map_or("", |(_, query)| query);
    query.split('&').find_map(|pair| pair.strip_prefix(routes::PAGE)?.strip_prefix('=')?.parse().ok()).unwrap_or(1)
}

fn no_location() -> Error {
    Error::unexpected("the report is being made, but the exchange did not say where it will be")
}
