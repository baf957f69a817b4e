//! camt.060 in, camt.052 and camt.054 out.

use exchange::{Failure, ReportHandle, Settings};
use iso20022::camt::{Item, Reader};
use iso20022::common::{CodeOrProprietary, CreditDebit};
use jiff::civil::{Date, date};
use money::Money;
use rulebook::{Code, Language};

use super::support::messages::{File, payment, report_request, report_requests};
use super::support::*;

/// The values of a page, in cents.
#[derive(Debug, Default)]
struct Said {
    balances: Vec<(String, Option<String>, i64)>,
    entries: Vec<(String, i64)>,
}

fn signed(amount: iso20022::common::Amount, direction: CreditDebit) -> i64 {
    let minor = Money::from_decimal(amount.value, amount.currency).unwrap().minor();
    if direction == CreditDebit::Credit { minor } else { -minor }
}

fn read(message_type: exchange::MessageType, xml: &[u8]) -> Said {
    let mut said = Said::default();
    let mut reader = Reader::new(message_type, xml, xsd::Bounds::default());
    while let Some(item) = reader.next().unwrap() {
        match item {
            Item::Report(report) => {
                for balance in report.balances {
                    let CodeOrProprietary::Code(code) = balance.balance_type else { panic!("{balance:?}") };
                    let minor = signed(balance.amount, balance.credit_debit);
                    said.balances.push((code.to_owned(), balance.sub_type.map(str::to_owned), minor));
                }
            }
            Item::Entry(entry) => {
                let reference = entry.account_servicer_reference.unwrap().to_owned();
                said.entries.push((reference, signed(entry.amount, entry.credit_debit)));
            }
            _ => {}
        }
    }
    let findings = against_published_schema(message_type, xml);
    assert!(findings.is_empty(), "{findings:?} in {}", String::from_utf8_lossy(xml));
    said
}

async fn order(treasury: &TestExchange, role: Role, request: &str) -> Result<Vec<ReportHandle>, Failure> {
    let (caller, received) = treasury.receive(role, request.as_bytes()).await?;
    treasury.exchange.order_reports(&caller, received).await
}

async fn page(treasury: &TestExchange, role: Role, handle: &ReportHandle, page: u32) -> (Said, String) {
    let caller = treasury.caller(role).await;
    let page = treasury.exchange.report_page(&caller, handle.report, page).await.unwrap();
    (read(page.message_type, &page.xml), String::from_utf8(page.xml).unwrap())
}

#[tokio::test]
async fn opening_plus_entries_is_the_interim_balance() {
    let treasury = TestExchange::new().await;
    let payments = vec![payment("A", 12_50, ESTONIAN), payment("B", 7_50, &municipality_account())];
    treasury.answer(&File::new("MSG-1", payments).xml()).await;
    treasury.carry_out().await;
    treasury.credit(&ministry_account(), 5_00).await;
    for message_name in ["camt.052.001.02", "camt.052.001.08"] {
        let request = report_request(message_name, &ministry_account(), TODAY, TODAY);
        let handles = order(&treasury, Role::Viewer, &request).await.unwrap();
        let (said, xml) = page(&treasury, Role::Viewer, &handles[0], 1).await;
        assert_eq!(said.balances[0], ("OPBD".to_owned(), None, 0));
        assert_eq!(said.balances[1], ("ITBD".to_owned(), None, OPENING - 20_00 + 5_00));
        assert_eq!(said.entries.iter().map(|(_, minor)| minor).sum::<i64>(), OPENING - 15_00);
        if message_name.ends_with("08") {
            insta::assert_snapshot!("account_report", xml);
        }
    }
}

#[tokio::test]
async fn a_closed_day_has_a_closing_balance_and_the_next_opens_with_it() {
    let treasury = TestExchange::new().await;
    treasury.answer(&File::new("MSG-1", vec![payment("A", 7_50, &municipality_account())]).xml()).await;
    treasury.carry_out().await;
    let next = treasury.exchange.operator().advance_business_day().await.unwrap();
    assert_eq!(next, date(2026, 11, 24));
    treasury.credit(&ministry_account(), 1_00).await;
    let said = async |from: Date, to: Date| {
        let request = report_request("camt.052.001.08", &ministry_account(), from, to);
        let handles = order(&treasury, Role::Manager, &request).await.unwrap();
        page(&treasury, Role::Manager, &handles[0], 1).await.0
    };
    let (yesterday, today) = (said(TODAY, TODAY).await, said(next, next).await);
    assert_eq!(yesterday.balances[1], ("CLBD".to_owned(), None, OPENING - 7_50));
    assert_eq!(today.balances[0].2, OPENING - 7_50);
    assert_eq!(today.balances[1], ("ITBD".to_owned(), None, OPENING - 6_50));
}

#[tokio::test]
async fn pages_chain_and_hold_each_entry_once_whatever_is_booked_meanwhile() {
    let settings = Settings { entries_per_page: 7, ..Settings::default() };
    let treasury = TestExchange::with(exchange::AcceptancePolicy::Partial, settings).await;
    treasury.answer(&File::of_many("MSG-1", 30, &municipality_account()).xml()).await;
    treasury.carry_out().await;
    let request = report_request("camt.052.001.08", &ministry_account(), TODAY, TODAY);
    let handle = order(&treasury, Role::Manager, &request).await.unwrap().remove(0);
    // The opening entry and 30 payments.
    assert_eq!(handle.pages, 5);
    treasury.credit(&ministry_account(), 1_00).await;
    let mut references = std::collections::BTreeSet::new();
    // The last page first: it must not depend on the others having been read.
    let (last, _) = page(&treasury, Role::Manager, &handle, 5).await;
    let mut balance = 0;
    for number in 1..=5 {
        let (said, xml) = page(&treasury, Role::Manager, &handle, number).await;
        assert_eq!(said.balances[0].2, balance, "page {number}");
        balance += said.entries.iter().map(|(_, minor)| minor).sum::<i64>();
        assert_eq!(said.balances[1].2, balance, "page {number}");
        assert_eq!(said.balances[1].1.is_some(), number < 5);
        assert_eq!(xml.contains("<LastPgInd>true</LastPgInd>"), number == 5);
        references.extend(said.entries.into_iter().map(|(reference, _)| reference));
    }
    assert_eq!((references.len(), balance), (31, OPENING - 30_00));
    assert_eq!(last.balances[1].2, balance);
    let caller = treasury.caller(Role::Manager).await;
    let failure = treasury.exchange.report_page(&caller, handle.report, 6).await.unwrap_err();
    assert_eq!(failure.code, Code::ReportPageNotFound);
}

#[tokio::test]
async fn the_payee_is_notified_of_its_credits() {
    let treasury = TestExchange::new().await;
    treasury.answer(&File::new("MSG-1", vec![payment("A", 7_50, &municipality_account())]).xml()).await;
    treasury.carry_out().await;
    let request = report_request("camt.054.001.08", &municipality_account(), TODAY, TODAY);
    let handle = order(&treasury, Role::Neighbour, &request).await.unwrap().remove(0);
    let (said, xml) = page(&treasury, Role::Neighbour, &handle, 1).await;
    assert_eq!(said.entries.len(), 1);
    assert_eq!(said.entries[0].1, 7_50);
    // The payee's classification, and nothing of the payer's numbering.
    assert!(xml.contains("EKK/21490") && !xml.contains("EKK/2221") && !xml.contains("I-A"), "{xml}");
    assert!(xml.contains("<EndToEndId>A</EndToEndId>"), "{xml}");
}

#[tokio::test]
async fn what_cannot_be_reported_has_its_code() {
    let treasury = TestExchange::new().await;
    let own = ministry_account();
    let cases = [
        (report_request("camt.052.001.08", &municipality_account(), TODAY, TODAY), Code::ReportAccountNotYours),
        (report_request("camt.052.001.08", &treasury_iban(99), TODAY, TODAY), Code::ReportAccountNotYours),
        (report_request("camt.053.001.08", &own, TODAY, TODAY), Code::ReportTypeUnknown),
        (report_request("camt.052.001.08", &own, date(2023, 12, 31), TODAY), Code::ReportPeriodTooOld),
        (report_request("camt.052.001.08", &own, date(2026, 11, 24), date(2026, 11, 25)), Code::ReportPeriodInFuture),
        (report_request("camt.052.001.08", &own, TODAY, date(2026, 11, 1)), Code::ReportPeriodInvalid),
    ];
    for (request, code) in cases {
        assert_eq!(order(&treasury, Role::Manager, &request).await.unwrap_err().code, code);
    }
}

/// The published schema of a camt.060 is narrower than ISO 20022's where the exchange refuses, and nowhere else.
#[tokio::test]
async fn what_the_published_schema_refuses_is_refused_with_the_published_code() {
    let treasury = TestExchange::new().await;
    let own = ministry_account();
    let request = report_request("camt.052.001.08", &own, TODAY, TODAY);
    let message_type = exchange::MessageType::Camt060V05;
    assert_eq!(against_published_schema(message_type, request.as_bytes()), [] as [&str; 0]);
    let account = format!("<Acct><Id><IBAN>{own}</IBAN></Id></Acct>");
    let usage = rulebook::usage::Usage::of(message_type, &treasury.settings.guideline);
    assert_eq!(usage.restrictions.len(), 4);
    for restriction in usage.restrictions {
        let broken = match restriction.path.rsplit('/').next().unwrap() {
            "ReqdMsgNmId" => request.replace("camt.052.001.08", "camt.053.001.08"),
            "Acct" => request.replace(&account, ""),
            "Othr" => request.replace(&account, "<Acct><Id><Othr><Id>1</Id></Othr></Id></Acct>"),
            "IBAN" => request.replace(&own, GERMAN),
            other => panic!("how is {other} broken?"),
        };
        assert_ne!(broken, request, "{restriction:?}");
        assert!(!against_published_schema(message_type, broken.as_bytes()).is_empty(), "{restriction:?}");
        let code = order(&treasury, Role::Manager, &broken).await.unwrap_err().code;
        let rulebook::usage::Because::Refused(codes) = restriction.because else { panic!("{restriction:?}") };
        assert_eq!(codes, [code], "{restriction:?}");
    }
}

#[tokio::test]
async fn a_request_that_repeats_beyond_what_is_read_is_refused_whole() {
    let treasury = TestExchange::new().await;
    let request = |limits: usize| {
        let limit = "<FlrLmt><Amt Ccy=\"EUR\">1.00</Amt><CdtDbtInd>BOTH</CdtDbtInd></FlrLmt>".repeat(limits);
        let request = report_request("camt.052.001.08", &ministry_account(), TODAY, TODAY);
        let wanted = "<ReqdTxTp><Sts><Cd>BOOK</Cd></Sts><CdtDbtInd>CRDT</CdtDbtInd>";
        request.replace("</RptgPrd>", &format!("</RptgPrd>{wanted}{limit}</ReqdTxTp>"))
    };
    assert_eq!(order(&treasury, Role::Manager, &request(100)).await.unwrap().len(), 1);
    let failure = order(&treasury, Role::Manager, &request(101)).await.unwrap_err();
    assert_eq!(
        (failure.code, failure.detail.as_str(), failure.expected.as_str()),
        (Code::TooManyOccurrences, "FlrLmt", "100")
    );
    assert_eq!(failure.sentence(Language::English), "FlrLmt occurs more than 100 times.");
    // Nothing was fixed for it: the next report is the second one.
    let handle = order(&treasury, Role::Manager, &request(1)).await.unwrap().remove(0);
    let (_, xml) = page(&treasury, Role::Manager, &handle, 1).await;
    assert!(xml.contains("<ElctrncSeqNb>2</ElctrncSeqNb>"), "{xml}");
}

#[tokio::test]
async fn no_two_entries_of_any_accounts_share_a_reference() {
    let treasury = TestExchange::new().await;
    let payments = vec![payment("A", 7_50, &municipality_account()), payment("B", 2_50, &ministry_second_account())];
    treasury.answer(&File::new("MSG-1", payments).xml()).await;
    treasury.carry_out().await;
    for iban in [ministry_account(), ministry_second_account(), municipality_account()] {
        treasury.credit(&iban, 1_00).await;
    }
    let mut references = Vec::new();
    for (role, iban) in [
        (Role::Manager, ministry_account()),
        (Role::Manager, ministry_second_account()),
        (Role::Neighbour, municipality_account()),
    ] {
        let request = report_request("camt.052.001.08", &iban, TODAY, TODAY);
        let handle = order(&treasury, role, &request).await.unwrap().remove(0);
        let (said, _) = page(&treasury, role, &handle, 1).await;
        references.extend(said.entries.into_iter().map(|(reference, _)| reference));
    }
    // Two openings, two payments seen from both sides, three credits.
    assert_eq!(references.len(), 9);
    assert!(references.iter().all(|reference| reference.len() <= 35), "{references:?}");
    let distinct: std::collections::BTreeSet<&String> = references.iter().collect();
    assert_eq!(distinct.len(), references.len(), "{references:?}");
}

#[tokio::test]
async fn several_requests_make_several_reports_that_only_their_user_reads() {
    let treasury = TestExchange::new().await;
    let (first, second) = (ministry_account(), ministry_second_account());
    let request =
        report_requests(&[("camt.052.001.08", &first, TODAY, TODAY), ("camt.054.001.02", &second, TODAY, TODAY)]);
    let handles = order(&treasury, Role::Manager, &request).await.unwrap();
    assert_eq!(handles.len(), 2);
    assert_eq!(handles[1].message_type, exchange::MessageType::Camt054V02);
    let viewer = treasury.caller(Role::Viewer).await;
    let failure = treasury.exchange.report_page(&viewer, handles[0].report, 1).await.unwrap_err();
    assert_eq!(failure.code, Code::ReportNotFound);
    let (said, _) = page(&treasury, Role::Manager, &handles[1], 1).await;
    assert_eq!((said.balances.len(), said.entries.len()), (0, 1));
}
