//! camt.060: the reports that a client can request, and of which account.

use iso20022::MessageType;

use super::table::Narrowing::{Mandatory, NotUsed, Pattern, Values};
use super::table::{Table, Usage};
use crate::catalogue::Text;
use crate::report_request::REPORTS_OFFERED;
use crate::{Code, Guideline};

const ROOT: &str = "AcctRptgReq";

/// Rules besides the form.
const RULES: [(&str, Code); 6] = [
    ("RptgReq", Code::TooManyReportRequests),
    ("RptgReq/Acct/Id/IBAN", Code::ReportAccountNotYours),
    ("RptgReq/Acct/Id/IBAN", Code::ReportAccountNotGranted),
    ("RptgReq/RptgPrd/FrToDt", Code::ReportPeriodInvalid),
    ("RptgReq/RptgPrd/FrToDt/FrDt", Code::ReportPeriodTooOld),
    ("RptgReq/RptgPrd/FrToDt/FrDt", Code::ReportPeriodInFuture),
];

const PURPOSE: Text = Text {
    lv: "Klienta pieprasījums: kādu pārskatu (ReqdMsgNmId), par kuru kontu un kādu periodu. Atbilde ir pieprasītais pārskats.",
    en: "The client's request: which report (ReqdMsgNmId), of which account, for which period. It is answered with that report.",
};

pub(super) fn usage(message_type: MessageType, guideline: &Guideline) -> Usage {
    let mut table = Table::new(ROOT);
    let names = REPORTS_OFFERED.iter().map(|report| report.name().to_owned()).collect();
    let offered = Values { name: "ReportOffered", values: names };
    table.refuses("RptgReq/ReqdMsgNmId", offered, &[Code::ReportTypeUnknown]);
    table.refuses("RptgReq/Acct", Mandatory, &[Code::ReportAccountMissing]);
    table.refuses("RptgReq/Acct/Id/Othr", NotUsed, &[Code::ReportAccountMissing]);
    let own = Pattern { name: "TreasuryAccount", pattern: guideline.own_account_pattern() };
    table.refuses("RptgReq/Acct/Id/IBAN", own, &[Code::ReportAccountNotYours]);
    for (element, code) in RULES {
        table.rule(element, code);
    }
    notes(&mut table, message_type);
    table.sent_by_client(message_type, PURPOSE)
}

fn notes(table: &mut Table, message_type: MessageType) {
    table.note(
        "RptgReq/RptgPrd",
        "Ja perioda nav, pārskats ir par šodienu. Pieejams šis gads un divi iepriekšējie.",
        "Without a period the report is of today. This year and the two before are available.",
    );
    table.note(
        "RptgReq/RptgPrd/FrToDt/ToDt",
        "Ieskaitot šo dienu; ja tās nav, līdz šodienai.",
        "This day included; today where there is none.",
    );
    table.note(
        "RptgReq/RptgPrd/FrToTm",
        "Netiek ņemts vērā: pārskats ir par veselām dienām.",
        "Not looked at: reports are of whole days.",
    );
    table.note(
        "RptgReq/ReqdTxTp",
        "Ietekmē tikai camt.054: tikai ieskaitījumi (CRDT) vai tikai norakstījumi (DBIT). Pārskatā ar atlikumiem vienmēr ir visi ieraksti.",
        "Matters to a camt.054 only: credits (CRDT) or debits (DBIT) alone. A report with balances always has all entries.",
    );
    if message_type == MessageType::Camt060V03 {
        for element in ["RptgReq/AcctOwnr", "RptgReq/RptgPrd/FrToTm", "RptgReq/RptgPrd/Tp"] {
            table.note(
                element,
                "Pēc shēmas obligāts; apmaiņa pieņem pieprasījumu arī bez tā, jo daudzas sistēmas to neraksta.",
                "Mandatory by the schema; the exchange takes a request without it all the same, because many systems leave it out.",
            );
        }
    }
}
