//! Orders reports: the exchange fixes each report at the moment of the camt.060, in a row with its last sequence, its
//! opening balance and its totals.

use std::io::Read as _;

use iso20022::MessageType;
use iso20022::camt060::{Item, Reader, ReportingRequest};
use iso20022::common::CreditDebit;
use jiff::Timestamp;
use jiff::civil::Date;
use rulebook::catalogue::Code;
use rulebook::report_request::{self, Objection};
use store::{AuditLine, Report, ReportId, TreasuryAccount, Writing};

use super::extent::{pages, totals, type_of};
use crate::access::actor::actor;
use crate::bounds::{REPORT_REQUEST_BYTES_MAX, REPORT_REQUESTS_MAX};
use crate::failure::{schema_findings, too_many_occurrences, unreadable};
use crate::reports::account_report::is_notification;
use crate::{Caller, Exchange, Failure, Received, ReportHandle};

/// One `RptgReq`, as far as it matters.
#[derive(Clone, Debug)]
struct Wanted {
    message_name: String,
    iban: String,
    from: Option<Date>,
    to: Option<Date>,
    /// The day as it was written, where its year is beyond those that are counted.
    beyond_years: Option<String>,
    direction: Option<CreditDebit>,
    /// The objection to a request for only a part of the period's entries.
    objection: Option<Objection>,
}

/// A camt.060 that was read to its end.
#[derive(Clone, Debug)]
struct Request {
    message_id: String,
    wanted: Vec<Wanted>,
}

impl Exchange {
    /// Orders the reports that a camt.060 asks for; each is fixed at this moment.
    ///
    /// # Errors
    /// When the message is not schema-valid, or a report cannot be given; then none is.
    pub async fn order_reports(&self, caller: &Caller, received: Received) -> Result<Vec<ReportHandle>, Failure> {
        let message_type = received.message_type();
        if !matches!(message_type, MessageType::Camt060V03 | MessageType::Camt060V05) {
            let failure = Failure::new(Code::WrongMessageForAddress).with_detail(message_type.name());
            return Err(failure.with_expected("camt.060"));
        }
        if received.size() > REPORT_REQUEST_BYTES_MAX {
            return Err(Failure::new(Code::MessageTooLarge).with_expected(REPORT_REQUEST_BYTES_MAX.to_string()));
        }
        let kept = received.keep().await?;
        kept.refuse_without_room()?;
        let (store, body) = (self.inner.store.clone(), kept.body().clone());
        let findings_max = self.inner.settings.findings_max;
        let request = crate::span::spawn_blocking(move || {
            let mut bytes = Vec::new();
            let body = store.open_body(&body)?;
            body.take(REPORT_REQUEST_BYTES_MAX)
                .read_to_end(&mut bytes)
                .map_err(|error| Failure::unexpected(format_args!("a body cannot be read back: {error}")))?;
            read_request(message_type, &bytes, findings_max)
        });
        let request = request.await.map_err(|error| Failure::unexpected(error))??;
        drop(kept);
        let (caller, now, entries_per_page) = (caller.clone(), self.now(), self.inner.settings.entries_per_page);
        let client = caller.identity().client.id;
        let fix_all = move |writing: &mut dyn Writing| {
            let mut handles = Vec::with_capacity(request.wanted.len());
            for (number, wanted) in (1_usize..).zip(&request.wanted) {
                let report = fix(writing, &caller, &request, number, wanted, now)?;
                handles.push(handle(&report, wanted, entries_per_page)?);
            }
            let ids: Vec<String> = handles.iter().map(|handle| handle.report.to_string()).collect();
            writing.append_audit(&AuditLine {
                at: now,
                actor: actor(caller.user()),
                action: "reports.ordered".to_owned(),
                // The check reads the numbers at the beginning.
                detail: format!("{} {}", ids.join(" "), caller.provenance()),
            })?;
            Ok(handles)
        };
        let store = &self.inner.store;
        if self.reserve_serves_reports() {
            store.write_with_reserve(fix_all).await
        } else {
            store.write_for(client, fix_all).await
        }
    }
}

/// Reads a camt.060, with the documented tolerance for what clients leave out.
fn read_request(message_type: MessageType, bytes: &[u8], findings_max: usize) -> Result<Request, Failure> {
    let bounds = xsd::Bounds::default().with_findings_max(findings_max);
    let mut reader = Reader::new(message_type, bytes, bounds);
    let mut request = Request { message_id: String::new(), wanted: Vec::new() };
    while let Some(item) = reader.next().map_err(|error| unreadable(&error))? {
        match item {
            Item::GroupHeader(header) => request.message_id = header.message_id.to_owned(),
            Item::ReportingRequest(wanted) if request.wanted.len() < REPORT_REQUESTS_MAX as usize => {
                request.wanted.push(Wanted::of(&wanted));
            }
            Item::ReportingRequest(_) => {
                let failure = Failure::new(Code::TooManyReportRequests);
                return Err(failure.with_expected(REPORT_REQUESTS_MAX.to_string()));
            }
        }
    }
    let verdict = reader.verdict();
    if verdict.is_acceptable() {
        // Whether the reader read all of the request.
        let is_whole = reader.omitted() == 0;
        return if is_whole { Ok(request) } else { Err(too_many_occurrences(reader.first_omitted())) };
    }
    let beyond = reader.findings().total() - reader.findings().as_slice().len() as u64;
    Err(schema_findings(verdict.refused(), beyond))
}

impl Wanted {
    fn of(request: &ReportingRequest<'_>) -> Wanted {
        let period = request.period.unwrap_or_default();
        let iban = request.account.and_then(|account| account.iban).unwrap_or_default();
        Wanted {
            message_name: request.requested_message_name.to_owned(),
            iban: iban.replace(' ', ""),
            from: period.from_date,
            to: period.to_date,
            beyond_years: period.beyond_years.map(ToOwned::to_owned),
            direction: request.transaction_type.and_then(|wanted| wanted.credit_debit),
            objection: report_request::query_type(period.query_type).err(),
        }
    }
}

/// Fixes one report.
fn fix(
    writing: &mut dyn Writing,
    caller: &Caller,
    request: &Request,
    number: usize,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<Report, Failure> {
    let today = writing.business_day()?;
    let message_type = report_request::report_type(&wanted.message_name).map_err(refused)?;
    let account = own_account(writing, caller, &wanted.iban)?;
    let as_written = |found: Objection| refused(found.showing(wanted.beyond_years.as_deref()));
    let (from, to) = report_request::period(wanted.from, wanted.to, today).map_err(as_written)?;
    wanted.objection.clone().map_or(Ok(()), |objection| Err(refused(objection)))?;
    // Balances are true only together with all entries; a notification has none.
    let is_notification = is_notification(message_type);
    let direction = wanted.direction.filter(|_| is_notification);
    let days = writing.account_days(account.ledger.id, from, to)?;
    let opening = writing.balance_before(account.ledger.id, from)?;
    let last_sequence = writing.last_sequence()?;
    Ok(writing.insert_report(&Report {
        id: ReportId(0),
        user: caller.user(),
        message_type: message_type.name().to_owned(),
        message_id: format!("TDAM{}-{:x}-{number}", caller.user().0, now.as_microsecond()),
        request_message_id: request.message_id.clone(),
        account: account.ledger.id,
        from,
        to,
        number: 0,
        last_sequence,
        last_day_closed: to < today,
        credits_only: direction.map(|direction| direction == CreditDebit::Credit),
        opening,
        totals: totals(&days, to, direction)?,
        created_at: now,
        daily_balances: caller.identity().client.preferences.daily_balances && !is_notification,
    })?)
}

/// An account that is granted to the caller. The answer must not reveal whether another client's exists.
fn own_account(reading: &mut dyn Writing, caller: &Caller, iban: &str) -> Result<TreasuryAccount, Failure> {
    if iban.is_empty() {
        return Err(Failure::new(Code::ReportAccountMissing));
    }
    let found = reading.accounts_by_iban(&[iban])?.into_iter().next();
    let own = found.filter(|account| account.client == Some(caller.client()));
    let own = own.ok_or_else(|| Failure::new(Code::ReportAccountNotYours).with_detail(iban))?;
    caller.may_see(own.ledger.id).map_err(|failure| failure.with_detail(iban))?;
    Ok(own)
}

/// Refusals that need only the request.
fn refused(objection: Objection) -> Failure {
    Failure::new(objection.code).with_detail(objection.value).with_expected(objection.expected)
}

fn handle(report: &Report, wanted: &Wanted, entries_per_page: u32) -> Result<ReportHandle, Failure> {
    Ok(ReportHandle {
        report: report.id,
        message_type: type_of(report)?,
        iban: wanted.iban.clone(),
        from: report.from,
        to: report.to,
        pages: pages(&report.totals, entries_per_page.max(1)),
    })
}
