//! The reports that a camt.060 may request, as far as the request and its day alone can decide.
//!
//! Whether an account exists and is the caller's only the exchange knows.

use iso20022::MessageType;
use iso20022::camt060::ReportingRequest;
use jiff::civil::{Date, date};

use crate::catalogue::{Arguments, Language};
use crate::{Code, Guideline, Iban};

/// The reports that the exchange makes.
pub const REPORTS_OFFERED: [MessageType; 4] =
    [MessageType::Camt052V02, MessageType::Camt052V08, MessageType::Camt054V02, MessageType::Camt054V08];

/// `Tp` of a request for all entries.
const ALL_ENTRIES: &str = "ALLL";

/// Reports are given of this year and so many before (kase.gov.lv, account report).
const EARLIER_YEARS: i16 = 2;

/// Why a report cannot be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// What is wrong.
    pub code: Code,
    /// The element concerned, as a path from the request.
    pub element: &'static str,
    /// What was found; empty when something is missing.
    pub value: String,
    /// What was expected; empty when the code says it all.
    pub expected: String,
}

impl Objection {
    fn new(code: Code, element: &'static str) -> Objection {
        Objection { code, element, value: String::new(), expected: String::new() }
    }

    fn of(code: Code, element: &'static str, value: impl ToString, expected: impl ToString) -> Objection {
        Objection { code, element, value: value.to_string(), expected: expected.to_string() }
    }

    /// The same about a day whose year is beyond those that are counted, shown as it was written.
    #[must_use]
    pub fn showing(self, beyond_years: Option<&str>) -> Objection {
        match (self.code, beyond_years) {
            (Code::ReportPeriodInFuture | Code::ReportPeriodTooOld, Some(written)) => {
                Objection { value: written.to_owned(), ..self }
            }
            _ => self,
        }
    }

    /// What is wrong, with the values found.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let Objection { code, element, value, expected } = self;
        code.entry().text(language, &Arguments { element, value, expected, ..Arguments::default() })
    }
}

/// The report that a request names.
///
/// # Errors
/// When it is none that is offered.
pub fn report_type(message_name: &str) -> Result<MessageType, Objection> {
    let offered = REPORTS_OFFERED.into_iter().find(|report| report.name() == message_name);
    offered.ok_or_else(|| Objection::of(Code::ReportTypeUnknown, "RptgReq/ReqdMsgNmId", message_name, ""))
}

/// The requested entries (`Tp`): all of them, which reports have.
///
/// # Errors When the client requests only changes: it would take all entries for changes.
pub fn query_type(stated: Option<&str>) -> Result<(), Objection> {
    const ELEMENT: &str = "RptgReq/RptgPrd/Tp";
    match stated {
        None | Some(ALL_ENTRIES) => Ok(()),
        Some(changes) => Err(Objection::of(Code::ReportOfChangesNotOffered, ELEMENT, changes, ALL_ENTRIES)),
    }
}

/// The days that a report covers, both inclusive: this year and the two before, up to and including today; today where
/// nothing is said.
///
/// # Errors
/// When no report can be given of the days asked for.
pub fn period(from: Option<Date>, to: Option<Date>, today: Date) -> Result<(Date, Date), Objection> {
    const ELEMENT: &str = "RptgReq/RptgPrd/FrToDt";
    let from = from.or(to).unwrap_or(today);
    let to = to.unwrap_or(today).min(today.max(from));
    if from > today {
        return Err(Objection::of(Code::ReportPeriodInFuture, ELEMENT, from, today));
    }
    if from > to {
        return Err(Objection::of(Code::ReportPeriodInvalid, ELEMENT, from, to));
    }
    let earliest = today.year() - EARLIER_YEARS;
    if from.year() < earliest {
        return Err(Objection::of(Code::ReportPeriodTooOld, ELEMENT, from, date(earliest, 1, 1)));
    }
    Ok((from, to))
}

/// All reasons why the exchange cannot make the report, independent of the caller.
#[must_use]
pub fn objections(request: &ReportingRequest<'_>, guideline: &Guideline, today: Date) -> Vec<Objection> {
    let stated = request.period.unwrap_or_default();
    [
        report_type(request.requested_message_name).err(),
        account(request, guideline).err(),
        period(stated.from_date, stated.to_date, today).err().map(|found| found.showing(stated.beyond_years)),
        query_type(stated.query_type).err(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn account(request: &ReportingRequest<'_>, guideline: &Guideline) -> Result<(), Objection> {
    const ELEMENT: &str = "RptgReq/Acct/Id/IBAN";
    let iban = request.account.and_then(|account| account.iban).unwrap_or_default().replace(' ', "");
    if iban.is_empty() {
        return Err(Objection::new(Code::ReportAccountMissing, "RptgReq"));
    }
    match Iban::parse(&iban) {
        Ok(known) if guideline.is_own_account(&known) => Ok(()),
        _ => Err(Objection::of(Code::ReportAccountUnknown, ELEMENT, iban, "")),
    }
}
