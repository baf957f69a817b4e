//! The reader of a pain.001 on messages as clients write them: prefixes, comments, both generations, and mistakes.

use iso20022::MessageType;
use iso20022::bounds::REGULATORY_DETAILS_MAX;
use iso20022::common::{CodeOrProprietary, Position};
use iso20022::pain001::{Item, Reader, RequestedAmount};
use jiff::civil::date;

const V03: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<p:Document xmlns:p="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03">
  <p:CstmrCdtTrfInitn>
    <p:GrpHdr>
      <p:MsgId>ALGAS-11</p:MsgId><p:CreDtTm>2026-11-23T09:30:00.000+02:00</p:CreDtTm>
      <p:NbOfTxs>1</p:NbOfTxs><p:CtrlSum>1250.00</p:CtrlSum>
      <p:InitgPty><p:Nm>Paraugu <!-- un citu --> ministrija</p:Nm><p:Id><p:OrgId>
        <p:BICOrBEI>TRELLV22</p:BICOrBEI><p:Othr><p:Id>90000000001</p:Id></p:Othr><p:Othr><p:Id>2</p:Id><p:SchmeNm><p:Cd>TXID</p:Cd></p:SchmeNm>
        <p:Issr>VID</p:Issr></p:Othr>
      </p:OrgId></p:Id></p:InitgPty>
    </p:GrpHdr>
    <p:PmtInf>
      <p:PmtInfId>ALGAS</p:PmtInfId><p:PmtMtd>TRF</p:PmtMtd><p:BtchBookg>1</p:BtchBookg>
      <p:PmtTpInf><p:SvcLvl><p:Cd>SEPA</p:Cd></p:SvcLvl><p:CtgyPurp><p:Cd>SALA</p:Cd></p:CtgyPurp></p:PmtTpInf>
      <p:ReqdExctnDt>2026-11-24</p:ReqdExctnDt>
      <p:Dbtr><p:Nm><![CDATA[Paraugu & ministrija]]></p:Nm></p:Dbtr>
      <p:DbtrAcct><p:Id><p:IBAN>LV07TREL5180453053000</p:IBAN></p:Id><p:Ccy>EUR</p:Ccy></p:DbtrAcct>
      <p:DbtrAgt><p:FinInstnId><p:BIC>TRELLV22</p:BIC></p:FinInstnId></p:DbtrAgt>
      <p:CdtTrfTxInf>
        <p:PmtId><p:EndToEndId>E1</p:EndToEndId></p:PmtId>
        <p:Amt><p:InstdAmt Ccy="EUR">1250.00</p:InstdAmt></p:Amt>
        <p:CdtrAgt><p:FinInstnId><p:BIC>HABALV22</p:BIC></p:FinInstnId></p:CdtrAgt>
        <p:Cdtr><p:Nm>Anna B&#275;rzi&#x146;a</p:Nm><p:PstlAdr><p:TwnNm>R&#299;ga</p:TwnNm><p:Ctry>LV</p:Ctry>
          <p:AdrLine>Br&#299;v&#299;bas iela 1</p:AdrLine><p:AdrLine>LV-1010</p:AdrLine></p:PstlAdr>
          <p:Id><p:PrvtId><p:Othr><p:Id>010190-12345</p:Id></p:Othr></p:PrvtId></p:Id></p:Cdtr>
        <p:CdtrAcct><p:Id><p:IBAN>LV80BANK0000435195001</p:IBAN></p:Id></p:CdtrAcct>
        <p:RgltryRptg><p:DbtCdtRptgInd>DEBT</p:DbtCdtRptgInd>
          <p:Dtls><p:Tp>EKK</p:Tp><p:Cd>1110</p:Cd><p:Amt Ccy="EUR">1000.00</p:Amt></p:Dtls>
          <p:Dtls><p:Tp>EKK</p:Tp><p:Cd>1210</p:Cd><p:Amt Ccy="EUR">250.00</p:Amt></p:Dtls></p:RgltryRptg>
        <p:RgltryRptg><p:Dtls><p:Tp>AMK</p:Tp><p:Ctry>LV</p:Ctry><p:Cd>111</p:Cd></p:Dtls></p:RgltryRptg>
        <p:RmtInf><p:Ustrd>Darba alga par novembri</p:Ustrd></p:RmtInf>
      </p:CdtTrfTxInf>
    </p:PmtInf>
  </p:CstmrCdtTrfInitn>
</p:Document>
"#;

/// A short .09 with one payment, whose parts can be replaced.
const V09: &str = r#"<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-23T09:30:00</CreDtTm><NbOfTxs>1</NbOfTxs><InitgPty/></GrpHdr>
<PmtInf><PmtInfId>P1</PmtInfId><PmtMtd>TRF</PmtMtd><ReqdExctnDt><Dt>2026-11-24</Dt></ReqdExctnDt>
<Dbtr><Id><OrgId><AnyBIC>TRELLV22</AnyBIC></OrgId></Id></Dbtr><DbtrAcct><Id><IBAN>LV07TREL5180453053000</IBAN></Id></DbtrAcct>
<DbtrAgt><FinInstnId><BICFI>TRELLV22</BICFI></FinInstnId></DbtrAgt>
<CdtTrfTxInf><PmtId><EndToEndId>E1</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">1.10</InstdAmt></Amt></CdtTrfTxInf>
</PmtInf></CstmrCdtTrfInitn></Document>"#;

#[test]
fn the_older_generation_with_all_that_xml_allows() {
    let mut reader = Reader::new(MessageType::Pain001V03, V03.as_bytes(), xsd::Bounds::default());
    let Some(Item::GroupHeader(header)) = reader.next().unwrap() else { panic!("no header") };
    assert_eq!(header.position, Position { line: 4, column: 5 });
    assert_eq!((header.message_id, header.number_of_transactions), ("ALGAS-11", 1));
    assert_eq!(header.creation_date_time, "2026-11-23T09:30:00.000+02:00");
    assert_eq!(header.control_sum.unwrap().to_string(), "1250.00");
    assert_eq!(header.initiating_party.name, Some("Paraugu  ministrija"));
    assert_eq!(header.initiating_party.organisation_bic, Some("TRELLV22"));
    assert_eq!(header.initiating_party.identification, Some("90000000001"), "the first");
    let of_the_second = (header.initiating_party.identification_scheme, header.initiating_party.identification_issuer);
    assert_eq!(of_the_second, (None, None), "scheme and issuer are those of the first");

    let Some(Item::PaymentInformation(block)) = reader.next().unwrap() else { panic!("no block") };
    assert_eq!((block.payment_information_id, block.batch_booking), ("ALGAS", Some(true)));
    assert_eq!(block.requested_execution_date, Some(date(2026, 11, 24)));
    assert_eq!(block.debtor.name, Some("Paraugu & ministrija"));
    assert_eq!(block.debtor_agent.bic, Some("TRELLV22"));
    assert_eq!(
        (block.payment_type.service_levels, block.payment_type.category_purpose),
        (&[CodeOrProprietary::Code("SEPA")][..], Some("SALA"))
    );
    assert_eq!((block.number_of_transactions, block.ultimate_debtor), (None, None));

    let Some(Item::CreditTransfer(payment)) = reader.next().unwrap() else { panic!("no payment") };
    assert_eq!((payment.end_to_end_id, payment.instruction_id), ("E1", None));
    let Some(RequestedAmount::Instructed(amount)) = payment.amount else { panic!("no amount") };
    assert_eq!((amount.value.to_string(), amount.currency.code()), ("1250.00".to_owned(), "EUR"));
    let creditor = payment.creditor.unwrap();
    assert_eq!((creditor.name, creditor.is_private), (Some("Anna Bērziņa"), true));
    assert_eq!(creditor.identification, Some("010190-12345"));
    assert_eq!(creditor.postal_address.town_name, Some("Rīga"));
    assert_eq!(creditor.postal_address.address_lines, ["Brīvības iela 1", "LV-1010"]);
    let codes: Vec<_> = payment.regulatory_reporting.iter().map(|d| (d.indicator, d.kind, d.code, d.country)).collect();
    let expected = [
        (Some("DEBT"), Some("EKK"), Some("1110"), None),
        (Some("DEBT"), Some("EKK"), Some("1210"), None),
        (None, Some("AMK"), Some("111"), Some("LV")),
    ];
    assert_eq!(codes, expected);
    assert_eq!(payment.remittance.unstructured, ["Darba alga par novembri"]);

    assert_eq!(reader.next().unwrap(), Some(Item::EndOfPaymentInformation { block: 0 }));
    assert_eq!(reader.next().unwrap(), None);
    assert!(reader.findings().is_empty(), "{:?}", reader.findings());
}

#[test]
fn a_party_and_its_agent_with_all_that_identifies_them() {
    let xml = V09
        .replace(
            "<AnyBIC>TRELLV22</AnyBIC>",
            "<AnyBIC>TRELLV22</AnyBIC><LEI>529900T8BM49AURSDO55</LEI><Othr>\
            <Id>90000000001</Id><SchmeNm><Cd>TXID</Cd></SchmeNm><Issr>VID</Issr></Othr>",
        )
        .replace("<Dbtr><Id>", "<Dbtr><PstlAdr><BldgNm>Pils</BldgNm><TwnNm>Rīga</TwnNm><Ctry>LV</Ctry></PstlAdr><Id>")
        .replace("<BICFI>TRELLV22</BICFI>", "<Othr><Id>NOTPROVIDED</Id></Othr>");
    let mut reader = Reader::new(MessageType::Pain001V09, xml.as_bytes(), xsd::Bounds::default());
    reader.next().unwrap();
    let Some(Item::PaymentInformation(block)) = reader.next().unwrap() else { panic!("no block") };
    let debtor = block.debtor;
    assert_eq!((debtor.organisation_bic, debtor.lei), (Some("TRELLV22"), Some("529900T8BM49AURSDO55")));
    assert_eq!(debtor.identification, Some("90000000001"));
    assert_eq!(debtor.identification_scheme, Some(CodeOrProprietary::Code("TXID")));
    assert_eq!(debtor.identification_issuer, Some("VID"));
    assert_eq!(debtor.postal_address.building_name, Some("Pils"));
    assert_eq!((block.debtor_agent.bic, block.debtor_agent.other), (None, Some("NOTPROVIDED")));
    while reader.next().unwrap().is_some() {}
    assert!(reader.findings().is_empty(), "{:?}", reader.findings());
}

/// All items of a .09 in short, and the findings.
fn outline(xml: &str) -> (Vec<String>, Vec<String>) {
    let mut reader = Reader::new(MessageType::Pain001V09, xml.as_bytes(), xsd::Bounds::default());
    let mut items = Vec::new();
    while let Some(item) = reader.next().unwrap() {
        items.push(match item {
            Item::GroupHeader(header) => format!("header {}", header.message_id),
            Item::PaymentInformation(block) => {
                let day = block.requested_execution_date.map_or("no date".to_owned(), |day| day.to_string());
                format!("block {} {} {day}", block.block, block.payment_information_id)
            }
            Item::CreditTransfer(payment) => {
                let amount = match payment.amount {
                    Some(RequestedAmount::Instructed(amount)) => format!("{} {}", amount.value, amount.currency),
                    other => format!("{other:?}"),
                };
                format!("payment {} in {}: {} {amount}", payment.ordinal, payment.block, payment.end_to_end_id)
            }
            Item::EndOfPaymentInformation { block } => format!("end {block}"),
        });
    }
    let findings = reader.findings().iter().map(|finding| format!("{} {}", finding.path, finding.rule)).collect();
    (items, findings)
}

#[test]
fn the_newer_generation() {
    let (items, findings) = outline(V09);
    assert_eq!(items, ["header M1", "block 0 P1 2026-11-24", "payment 0 in 0: E1 1.10 EUR", "end 0"]);
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn a_date_and_time_gives_its_date() {
    let xml = V09.replace("<Dt>2026-11-24</Dt>", "<DtTm>2026-11-24T23:59:59+02:00</DtTm>");
    let (items, findings) = outline(&xml);
    assert_eq!((items[1].as_str(), findings.len()), ("block 0 P1 2026-11-24", 0));
}

#[test]
fn blocks_and_payments_are_counted_through_the_message() {
    let block = &V09[V09.find("<PmtInf>").unwrap()..V09.find("</CstmrCdtTrfInitn>").unwrap()];
    let payment = &V09[V09.find("<CdtTrfTxInf>").unwrap()..V09.find("</PmtInf>").unwrap()];
    let xml = V09.replace("</CstmrCdtTrfInitn>", &format!("{block}</CstmrCdtTrfInitn>"));
    let xml = xml.replacen(payment, &payment.repeat(2), 1);
    let (items, findings) = outline(&xml);
    let payments: Vec<_> = items.iter().filter_map(|item| item.strip_prefix("payment ")).collect();
    assert_eq!(payments, ["0 in 0: E1 1.10 EUR", "1 in 0: E1 1.10 EUR", "2 in 1: E1 1.10 EUR"]);
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn what_can_be_read_of_an_invalid_message_is_given() {
    for (right, wrong, item, finding) in [
        ("1.10<", "1,10<", "payment 0 in 0: E1 None", "CdtTrfTxInf[1]/Amt/InstdAmt not-a-decimal"),
        ("\"EUR\"", "\"Eur\"", "payment 0 in 0: E1 None", "InstdAmt/@Ccy pattern"),
        ("<EndToEndId>E1</EndToEndId>", "", "payment 0 in 0:  1.10 EUR", "missing-element"),
        ("2026-11-24", "2026-11-31", "block 0 P1 no date", "ReqdExctnDt/Dt not-a-date"),
        ("<MsgId>M1</MsgId>", "<MsgId>M1</MsgId><MsgId>M2</MsgId>", "header M1", "unexpected-element"),
        ("<PmtId>", "<Purpose/><PmtId>", "payment 0 in 0: E1 1.10 EUR", "unexpected-element"),
    ] {
        let xml = V09.replace(right, wrong);
        let (items, findings) = outline(&xml);
        assert!(items.iter().any(|read| read == item), "{wrong}: {items:?}");
        assert!(findings.iter().any(|found| found.ends_with(finding)), "{wrong}: {findings:?}");
    }
}

#[test]
fn a_block_without_payments_is_still_a_block() {
    let payment = &V09[V09.find("<CdtTrfTxInf>").unwrap()..V09.find("</PmtInf>").unwrap()];
    let (items, findings) = outline(&V09.replace(payment, ""));
    assert_eq!(items, ["header M1", "block 0 P1 2026-11-24", "end 0"]);
    assert_eq!(findings.len(), 1, "{findings:?}");
}

#[test]
fn what_ends_reading_is_an_error_and_stays_one() {
    let cut = &V09[..V09.len() - 40];
    let mut reader = Reader::new(MessageType::Pain001V09, cut.as_bytes(), xsd::Bounds::default());
    let error = loop {
        match reader.next() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("a document that is cut off was read to its end"),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, xsd::ReadError::NotWellFormed { .. }), "{error}");
    assert!(reader.next().is_err());
}

#[test]
fn what_passes_the_bounds_is_counted_and_left_out() {
    let detail = "<Dtls><Tp>EKK</Tp><Cd>2221</Cd></Dtls>";
    let reporting = format!("</Amt><RgltryRptg>{}</RgltryRptg>", detail.repeat(REGULATORY_DETAILS_MAX + 3));
    let xml = V09.replace("</Amt>", &reporting);
    let mut reader = Reader::new(MessageType::Pain001V09, xml.as_bytes(), xsd::Bounds::default());
    let mut kept = 0;
    while let Some(item) = reader.next().unwrap() {
        if let Item::CreditTransfer(payment) = item {
            kept = payment.regulatory_reporting.len();
        }
    }
    assert_eq!((kept, reader.omitted()), (REGULATORY_DETAILS_MAX, 3));
    assert!(reader.findings().is_empty());
}

#[test]
fn a_year_beyond_those_that_are_counted_is_kept_as_it_was_written() {
    for (written, nearest) in [("12026-11-24", jiff::civil::Date::MAX), ("-2026-11-24", date(1, 1, 1))] {
        let xml = V03.replace("<p:ReqdExctnDt>2026-11-24<", &format!("<p:ReqdExctnDt>{written}<"));
        let mut reader = Reader::new(MessageType::Pain001V03, xml.as_bytes(), xsd::Bounds::default());
        let mut seen = 0;
        while let Some(item) = reader.next().unwrap() {
            let Item::PaymentInformation(block) = item else { continue };
            assert_eq!(block.execution_date_beyond_years, Some(written));
            assert_eq!(block.requested_execution_date, Some(nearest));
            seen += 1;
        }
        assert_eq!(seen, 1, "{:?}", reader.findings());
    }
}
