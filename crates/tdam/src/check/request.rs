//! A report request (camt.060): the schema with the documented tolerance, then rules that need only the request.

use std::io::Read;

use iso20022::MessageType;
use iso20022::camt060::{Item, Reader};
use rulebook::{Code, Guideline, report_request};
use xsd::ReadError;

use super::verdict::{Finding, Layer, Task, Verdict, bounds, of_form, of_schema};

pub(super) fn check(
    message_type: MessageType,
    document: &mut dyn Read,
    task: &Task,
    verdict: &mut Verdict,
) -> Result<(), ReadError> {
    let guideline = Guideline::latvia();
    let mut reader = Reader::new(message_type, document, bounds(task));
    let mut ruled_out = Verdict::default();
    let mut requests = 0_u32;
    let end = loop {
        match reader.next() {
            Ok(Some(Item::ReportingRequest(request))) => {
                let place = (u64::from(request.position.line), u64::from(request.position.column));
                for objection in report_request::objections(&request, &guideline, task.business_day) {
                    let text = objection.text(task.language);
                    let found = (objection.value, objection.expected);
                    ruled_out.keep(finding(objection.code, objection.element, place, found, text), task);
                }
                requests += 1;
                let most = exchange::bounds::REPORT_REQUESTS_MAX;
                if requests == most + 1 {
                    let text = Code::TooManyReportRequests.entry().explanation.in_language(task.language).to_owned();
                    let found = (String::new(), most.to_string());
                    ruled_out.keep(finding(Code::TooManyReportRequests, "RptgReq", place, found, text), task);
                }
            }
            Ok(Some(Item::GroupHeader(_))) => {}
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    let sorted = reader.verdict();
    verdict.tolerated = sorted.tolerated().count() as u64;
    for finding in sorted.refused() {
        verdict.keep(of_schema(finding, task.language), task);
    }
    verdict.total = reader.findings().total().saturating_sub(verdict.tolerated);
    if end.is_ok() && verdict.total == 0 && reader.omitted() > 0 {
        verdict.keep(of_form(&exchange::too_many_occurrences(reader.first_omitted()), task.language), task);
    } else if end.is_ok() && verdict.total == 0 {
        (verdict.findings, verdict.total) = (ruled_out.findings, ruled_out.total);
    }
    end
}

fn finding(code: Code, element: &str, place: (u64, u64), found: (String, String), text: String) -> Finding {
    Finding {
        layer: Layer::Guideline,
        code,
        line: place.0,
        column: place.1,
        path: element.to_owned(),
        end_to_end_id: None,
        value: found.0,
        expected: found.1,
        text,
    }
}
