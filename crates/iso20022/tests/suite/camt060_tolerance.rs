//! Tolerated omissions of real clients in a camt.060.001.03: three elements, and nothing else.

use iso20022::MessageType;
use iso20022::camt060::{Item, Reader};
use jiff::civil::date;

const OWNER: &str = "<AcctOwnr><Pty><Nm>Paraugu ministrija</Nm></Pty></AcctOwnr>";
const TIMES: &str = "<FrToTm><FrTm>00:00:00</FrTm></FrToTm>";
const QUERY_TYPE: &str = "<Tp>ALLL</Tp>";

/// A request for a statement of a day, with these parts.
fn request(message_type: MessageType, owner: &str, times: &str, query_type: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"{}\"><AcctRptgReq>\
         <GrpHdr><MsgId>IZR-1</MsgId><CreDtTm>2026-11-23T09:00:00</CreDtTm></GrpHdr>\
         <RptgReq><Id>1</Id><ReqdMsgNmId>camt.053.001.02</ReqdMsgNmId>\
         <Acct><Id><IBAN>LV07TREL5180453053000</IBAN></Id></Acct>{owner}\
         <RptgPrd><FrToDt><FrDt>2026-11-20</FrDt><ToDt>2026-11-22</ToDt></FrToDt>{times}{query_type}</RptgPrd>\
         </RptgReq></AcctRptgReq></Document>",
        message_type.namespace()
    )
}

/// Numbers of findings refused and tolerated, and whether the message is acceptable. The request must be read in any case.
fn verdict(message_type: MessageType, xml: &str) -> (usize, usize, bool) {
    let mut reader = Reader::new(message_type, xml.as_bytes(), xsd::Bounds::default());
    let mut requests = 0;
    while let Some(item) = reader.next().unwrap() {
        if let Item::ReportingRequest(request) = item {
            requests += 1;
            assert_eq!(request.requested_message_name, "camt.053.001.02");
            assert_eq!(request.account.unwrap().iban, Some("LV07TREL5180453053000"));
            let period = request.period.unwrap();
            assert_eq!((period.from_date, period.to_date), (Some(date(2026, 11, 20)), Some(date(2026, 11, 22))));
        }
    }
    assert_eq!(requests, 1, "{xml}");
    let verdict = reader.verdict();
    (verdict.refused().count(), verdict.tolerated().count(), verdict.is_acceptable())
}

#[test]
fn each_of_the_three_may_be_missing_and_all_together() {
    let v03 = MessageType::Camt060V03;
    assert_eq!(verdict(v03, &request(v03, OWNER, TIMES, QUERY_TYPE)), (0, 0, true));
    for owner in [OWNER, ""] {
        for times in [TIMES, ""] {
            for query_type in [QUERY_TYPE, ""] {
                let (refused, tolerated, acceptable) = verdict(v03, &request(v03, owner, times, query_type));
                let missing = [owner, times, query_type].iter().any(|part| part.is_empty());
                assert_eq!((refused, acceptable), (0, true), "{owner:?} {times:?} {query_type:?}");
                assert_eq!(tolerated > 0, missing, "{owner:?} {times:?} {query_type:?}");
            }
        }
    }
}

#[test]
fn whatever_else_is_wrong_stands() {
    let v03 = MessageType::Camt060V03;
    let complete = request(v03, OWNER, TIMES, QUERY_TYPE);
    for (right, wrong) in [
        ("<MsgId>IZR-1</MsgId>", ""),
        ("<CreDtTm>2026-11-23T09:00:00</CreDtTm>", "<CreDtTm>2026-11-23</CreDtTm>"),
        ("<Nm>Paraugu ministrija</Nm>", "<Nm></Nm>"),
        ("<Pty><Nm>Paraugu ministrija</Nm></Pty>", ""),
        ("<FrTm>00:00:00</FrTm>", ""),
        ("<FrTm>00:00:00</FrTm>", "<FrTm>24:30:00</FrTm>"),
        (QUERY_TYPE, "<Tp>NEW1</Tp>"),
        (QUERY_TYPE, "<Tp>ALLL</Tp><Tp>ALLL</Tp>"),
        (QUERY_TYPE, "<Type>ALLL</Type>"),
        ("<Id>1</Id>", "<Id>1</Id><Id>1</Id>"),
        ("</RptgPrd>", "</RptgPrd><ReqdTxTp><Sts>BOOK</Sts></ReqdTxTp>"),
    ] {
        let xml = complete.replace(right, wrong);
        assert_ne!(xml, complete, "{right}");
        let (refused, _, acceptable) = verdict(v03, &xml);
        assert!(refused > 0 && !acceptable, "{wrong:?} in place of {right:?}");
    }
}

#[test]
fn the_newer_generation_is_taken_by_its_schema() {
    let v05 = MessageType::Camt060V05;
    assert_eq!(verdict(v05, &request(v05, OWNER, "", QUERY_TYPE)), (0, 0, true));
    for (owner, query_type) in [("", QUERY_TYPE), (OWNER, "")] {
        let (refused, tolerated, acceptable) = verdict(v05, &request(v05, owner, TIMES, query_type));
        assert_eq!((refused, tolerated, acceptable), (1, 0, false));
    }
}

#[test]
fn findings_that_nobody_kept_are_not_tolerated() {
    let v03 = MessageType::Camt060V03;
    let xml = request(v03, "", "", "");
    let bounds = xsd::Bounds::default().with_findings_max(1);
    let mut reader = Reader::new(v03, xml.as_bytes(), bounds);
    while reader.next().unwrap().is_some() {}
    assert!(reader.findings().total() > 1 && !reader.verdict().is_acceptable());
}
