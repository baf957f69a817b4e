//! What other programs write for the same thing: nothing, a placeholder, a letter in two pieces, a moment in another zone.

use exchange::AcceptancePolicy;
use exchange::Settings;
use jiff::civil::date;
use rulebook::Code;

use super::support::messages::{File, payment, report_request};
use super::support::*;

/// One payment, to be rewritten.
fn one(message_id: &str, iban: &str) -> File {
    File::new(message_id, vec![payment(&format!("{message_id}-1"), 10_00, iban)])
}

#[tokio::test]
async fn an_address_that_says_nothing_is_none() {
    let treasury = TestExchange::new().await;
    for (number, address) in
        ["<PstlAdr/>", "<PstlAdr></PstlAdr>", "<PstlAdr><AdrLine> </AdrLine></PstlAdr>", "<PstlAdr>\n  </PstlAdr>"]
            .into_iter()
            .enumerate()
    {
        let (debtor, creditor) = (format!("<Dbtr><Nm>Ministrija</Nm>{address}"), format!("Supplier Ltd</Nm>{address}"));
        let file = one(&format!("ADR-{number}"), GERMAN);
        for file in [file.clone(), File { message_id: format!("ADR-{number}-3"), ..file }.older()] {
            let file = File {
                blocks: vec![super::support::messages::Block { id: file.message_id.clone(), ..file.blocks[0].clone() }],
                ..file
            };
            let xml = file.xml().replace("<Dbtr><Nm>Ministrija</Nm>", &debtor).replace("Supplier Ltd</Nm>", &creditor);
            let xml = xml
                .replace(&format!("ADR-{number}-1<"), &format!("{}-1<", file.message_id))
                .replace("Invoice ", &format!("Invoice {} ", file.message_id));
            let answer = treasury.answer(&xml).await;
            assert_eq!(group_status(&answer), "ACCP", "{address}: {answer}");
        }
    }
    // One with something in it is looked at.
    let half =
        one("ADR-9", GERMAN).xml().replace("Supplier Ltd</Nm>", "Supplier Ltd</Nm><PstlAdr><Ctry>DE</Ctry></PstlAdr>");
    assert!(treasury.answer(&half).await.contains("TDAM-3503"));
}

#[tokio::test]
async fn a_placeholder_for_a_bic_is_no_bic() {
    let treasury = TestExchange::new().await;
    for (number, bic) in iso20022::bounds::PLACEHOLDER_BICS.into_iter().enumerate() {
        let agent =
            |element: &str| format!("<CdtrAgt><FinInstnId><{element}>{bic}</{element}></FinInstnId></CdtrAgt><Cdtr>");
        let newer =
            one(&format!("BIC-{number}"), GERMAN).xml().replace("<Cdtr>", &agent("BICFI")).replace("TRELLV22", bic);
        assert_eq!(group_status(&treasury.answer(&newer).await), "ACCP", "{bic}");
        let older = one(&format!("OLD-{number}"), GERMAN).older().xml().replace("<Cdtr>", &agent("BIC"));
        assert_eq!(group_status(&treasury.answer(&older).await), "ACCP", "{bic}");
    }
    let other = "<CdtrAgt><FinInstnId><BICFI>AAAARO22</BICFI></FinInstnId></CdtrAgt><Cdtr>";
    let answer = treasury.answer(&one("BIC-X", GERMAN).xml().replace("<Cdtr>", other)).await;
    assert!(answer.contains("TDAM-3109"), "a bank of another country still is one: {answer}");
    assert_eq!(
        treasury.balance(&ministry_account()).await.1,
        iso20022::bounds::PLACEHOLDER_BICS.len() as i64 * 2 * 10_00
    );
}

#[tokio::test]
async fn a_letter_in_two_pieces_is_the_letter() {
    let treasury = TestExchange::new().await;
    let decomposed = "S\u{30c}k\u{327}e\u{304}rsla";
    let xml = one("NFC-1", &municipality_account()).xml();
    let xml = xml.replace("Supplier Ltd", decomposed).replace("Invoice NFC-1-1", decomposed);
    assert_eq!(group_status(&treasury.answer(&xml).await), "ACCP");
    // The same payment, composed, is the same payment.
    let again = one("NFC-2", &municipality_account()).xml();
    let again = again.replace("Supplier Ltd", "Šķērsla").replace("Invoice NFC-2-1", "Šķērsla");
    let answer = treasury.answer(&again).await;
    assert!(answer.contains("TDAM-5008"), "{answer}");
}

#[tokio::test]
async fn a_moment_is_executed_on_its_day_in_latvia() {
    let treasury = TestExchange::new().await;
    let caller = treasury.caller(Role::Manager).await;
    for (number, written, day) in [
        (1, "2026-11-23T22:30:00Z", date(2026, 11, 24)),
        (2, "2026-11-24T00:30:00+02:00", date(2026, 11, 24)),
        (3, "2026-11-23T17:30:00-05:00", date(2026, 11, 24)),
        (4, "2026-11-24T11:59:00+14:00", date(2026, 11, 23)),
        // Without an offset it is the time here.
        (5, "2026-11-23T23:59:59", date(2026, 11, 23)),
        (6, "2026-11-23T24:00:00", date(2026, 11, 24)),
    ] {
        let id = format!("DAY-{number}");
        let xml = one(&id, ESTONIAN).xml().replace("<Dt>2026-11-23</Dt>", &format!("<DtTm>{written}</DtTm>"));
        treasury.answer(&xml).await;
        let overview = treasury.exchange.status_overview(&caller, &id).await.unwrap().judged().unwrap();
        assert_eq!(overview.blocks[0].requested_execution_date, Some(day), "{written}");
    }
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_sepa_payment_has_a_text_or_a_reference() {
    let treasury = TestExchange::with(AcceptancePolicy::Partial, Settings::default()).await;
    let reference = "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>";
    let with = |file: File| file.xml().replace("</RmtInf>", reference);
    let answer = treasury.answer(&with(one("REF-1", GERMAN))).await;
    assert!(answer.contains("TDAM-3308") && answer.contains("<Cd>CH17</Cd>"), "{answer}");
    let internal = treasury.answer(&with(one("REF-2", &municipality_account()))).await;
    assert_eq!(group_status(&internal), "ACCP");
    let alone = with(one("REF-3", GERMAN)).replace("<Ustrd>Invoice REF-3-1</Ustrd>", "");
    assert_eq!(group_status(&treasury.answer(&alone).await), "ACCP");
    // A blank text is none, and a blank reference too.
    let blank_text = with(one("REF-4", GERMAN)).replace("<Ustrd>Invoice REF-4-1</Ustrd>", "<Ustrd> </Ustrd>");
    let blank_text = blank_text.replace("RF18539007547034", "RF712348231");
    assert_eq!(group_status(&treasury.answer(&blank_text).await), "ACCP");
    let blank_reference = with(one("REF-5", GERMAN)).replace("RF18539007547034", " ");
    assert_eq!(group_status(&treasury.answer(&blank_reference).await), "ACCP");
}

#[tokio::test]
async fn a_report_of_changes_alone_is_refused() {
    let treasury = TestExchange::new().await;
    for wanted in ["CHNG", "MODF"] {
        let request = report_request("camt.052.001.08", &ministry_account(), TODAY, TODAY);
        let request = request.replace("<Tp>ALLL</Tp>", &format!("<Tp>{wanted}</Tp>"));
        let (caller, received) = treasury.receive(Role::Viewer, request.as_bytes()).await.unwrap();
        let failure = treasury.exchange.order_reports(&caller, received).await.unwrap_err();
        assert_eq!((failure.code, failure.detail.as_str()), (Code::ReportOfChangesNotOffered, wanted));
    }
}
