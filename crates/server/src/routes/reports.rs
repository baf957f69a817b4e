//! `/v1/reports`: a camt.060 orders reports; their pages are read one by one.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Uri;
use axum::response::Response;
use exchange::{Caller, ReportHandle, ReportId, ReportPage};
use protocol::{ReportLink, ReportList, headers, routes};
use rulebook::Code;
use tracing::Instrument as _;

use super::path::Name;
use super::query::{invalid, parameters};
use crate::answer::{self, Answer};
use crate::identity::{Context, Identified};
use crate::outgoing::deliver;
use crate::pages_ahead::PageOf;
use crate::service::Service;
use crate::{body, bounds};

/// `POST`: one report is answered with its first page, several with a list of where they are.
pub(crate) async fn order(
    State(service): State<Arc<Service>>,
    Identified(caller): Identified,
    Context(context): Context,
    request: Request,
) -> Answer {
    let [] = parameters(request.uri(), [])?;
    let received = body::take_in(&service, &context, &caller, request, bounds::REPORT_REQUEST_BYTES_MAX).await?;
    let client = caller.identity().client.id;
    let turn = service.shares().turn_to_order(client).await?;
    let exchange = service.exchange().clone();
    let orderer = caller.clone();
    let ordered = async move {
        let _turn = turn;
        exchange.order_reports(&orderer, received).await
    };
    let reports = service.carry_through(ordered).await?;
    match reports.as_slice() {
        [report] => {
            let _turn = service.shares().turn_to_read(client).await?;
            let page = service.exchange().report_page(&caller, report.report, 1).await?;
            deliver(&service, &context, client, page_answer(report.report, page)).await
        }
        reports => list(reports),
    }
}

/// `GET`: a page of a report.
pub(crate) async fn page(
    State(service): State<Arc<Service>>,
    Identified(caller): Identified,
    Context(context): Context,
    Name(id): Name,
    uri: Uri,
) -> Answer {
    let [page] = parameters(&uri, [routes::PAGE])?;
    // An id that is no number names no report.
    let report = id.parse().map(ReportId).map_err(|_| Code::ReportNotFound)?;
    let page = match page {
        Some(page) => page.parse().ok().filter(|page| *page != 0).ok_or_else(|| invalid(routes::PAGE))?,
        None => 1,
    };
    let client = caller.identity().client.id;
    let of = PageOf { user: caller.identity().user.id, report, page };
    let mut turn = None;
    let made = match service.pages_ahead().take(of).await {
        Some(made) => service.exchange().made_page(&caller, made?)?,
        None => {
            turn = Some(service.shares().turn_to_read(client).await?);
            service.exchange().report_page(&caller, report, page).await?
        }
    };
    // Who asks for a second page reads on.
    if page > 1 {
        for next in (page..made.pages).take(bounds::PAGES_AHEAD_OF_USER) {
            make_ahead(&service, &caller, PageOf { page: next.saturating_add(1), ..of });
        }
    }
    let answer = deliver(&service, &context, client, page_answer(report, made)).await;
    drop(turn);
    answer
}

/// Makes a page while the client reads the one before, in a turn of the client's.
fn make_ahead(service: &Arc<Service>, caller: &Caller, of: PageOf) {
    let Some(sender) = service.pages_ahead().announce(of) else { return };
    let (service, caller) = (Arc::clone(service), caller.clone());
    let making = async move {
        let Ok(_turn) = service.shares().turn_to_read(caller.identity().client.id).await else { return };
        if !sender.is_closed() {
            // The client may have left meanwhile; then no request needs the page.
            let _ = sender.send(service.exchange().report_page(&caller, of.report, of.page).await);
        }
    };
    tokio::spawn(making.in_current_span());
}

fn page_answer(report: ReportId, page: ReportPage) -> Response {
    let ReportPage { message_type, xml, page, pages, .. } = page;
    let mut response = answer::message(message_type, xml);
    let mut links = vec![headers::link(&routes::report_page(report.0, 1), "first")];
    if page > 1 {
        links.push(headers::link(&routes::report_page(report.0, page - 1), "prev"));
    }
    if page < pages {
        links.push(headers::link(&routes::report_page(report.0, page.saturating_add(1)), "next"));
    }
    answer::set(&mut response, "link", &links.join(", "));
    answer::set(&mut response, "content-location", &routes::report_page(report.0, page));
    response
}

fn list(reports: &[ReportHandle]) -> Answer {
    let links: Vec<ReportLink> = reports.iter().map(link).collect();
    let items: Vec<String> = links.iter().map(|link| headers::link(&link.location, "item")).collect();
    let mut response = answer::json(&ReportList { reports: links })?;
    answer::set(&mut response, "link", &items.join(", "));
    Ok(response)
}

fn link(report: &ReportHandle) -> ReportLink {
    ReportLink {
        id: report.report.0,
        message_type: report.message_type.to_string(),
        account: report.iban.clone(),
        from: report.from.to_string(),
        to: report.to.to_string(),
        pages: report.pages,
        location: routes::report_page(report.report.0, 1),
    }
}
