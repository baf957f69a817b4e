//! The exchange gives the same reason for ever: in the first answer, in every later status, as JSON.

use exchange::{AcceptancePolicy, MessageOverview, RefusalReason, Settings};
use jiff::civil::date;
use rulebook::{Code, Language};

use super::support::messages::{Block, File, payment};
use super::support::*;

/// Small messages are checked in memory, large ones staged.
pub(super) fn both_sizes() -> [Settings; 2] {
    [Settings::default(), Settings { small_message_payments_max: 1, stage_chunk_payments: 2, ..Settings::default() }]
}

pub(super) async fn overview(treasury: &TestExchange, message_id: &str) -> MessageOverview {
    let caller = treasury.caller(Role::Manager).await;
    treasury.exchange.status_overview(&caller, message_id).await.unwrap().judged().unwrap()
}

/// A message in which payments and blocks are refused for many reasons, some for several at once.
fn flawed(message_id: &str) -> String {
    let id = |name: &str| format!("{message_id}-{name}");
    let payments = vec![
        payment(&id("GOOD"), 10_00, ESTONIAN),
        payment(&id("CHARACTERS"), 11_00, GERMAN).saying("A_B*C_D"),
        payment(&id("SEVERAL"), 12_00, "EE382200221020145686").saying("A;B"),
        payment(&id("BOTHSIDES"), 13_00, &municipality_account()),
        payment(&id("UNKNOWN"), 14_00, &treasury_iban(77)),
        payment(&id("FUNDS"), 2_000_000_00, ESTONIAN),
    ];
    let mut file = File::new(message_id, payments);
    let block = |number: &str, debtor_iban, payments| Block { id: id(number), debtor_iban, date: TODAY, payments };
    // Refused for its head, for the account, and for what its payments add up to.
    file.blocks.push(block("B1", ministry_account(), vec![payment(&id("REPEATED"), 1_00, ESTONIAN)]));
    let others = vec![payment(&id("C"), 1_00, ESTONIAN), payment(&id("D"), 2_00, ESTONIAN).saying("x_y")];
    file.blocks.push(block("OTHER", municipality_account(), others));
    file.blocks.push(block("SUM", ministry_account(), vec![payment(&id("E"), 3_00, ESTONIAN)]));
    let xml = file.xml().replace("<CtrlSum>3.00</CtrlSum>", "<CtrlSum>3.33</CtrlSum>");
    let (before, after) = xml.split_once(&id("BOTHSIDES")).unwrap();
    let (here, after) = after.split_once("</CdtTrfTxInf>").unwrap();
    let start = here.find("<RgltryRptg>").unwrap();
    let end = here.rfind("</RgltryRptg>").unwrap() + "</RgltryRptg>".len();
    format!("{before}{}{}{}</CdtTrfTxInf>{after}", id("BOTHSIDES"), &here[..start], &here[end..])
}

#[tokio::test]
async fn the_status_tells_what_the_first_answer_told() {
    for settings in both_sizes() {
        let treasury = TestExchange::with(AcceptancePolicy::Partial, settings).await;
        let answer = treasury.answer(&flawed("MSG-1")).await;
        assert_eq!(group_status(&answer), "PART");
        let later = treasury.status("MSG-1").await;
        for element in ["PmtInfSts", "OrgnlEndToEndId", "TxSts", "Cd", "AddtlInf"] {
            assert_eq!(texts(&later, element), texts(&answer, element), "{element}");
        }
        let told = |code: Code| answer.contains(code.id());
        for code in [
            Code::CharacterNotAllowed,
            Code::CreditorIbanCheckDigits,
            Code::EkkPayerSideMissing,
            Code::EkkPayeeSideMissing,
            Code::CreditorAccountUnknown,
            Code::InsufficientFunds,
            Code::PaymentInformationIdRepeated,
            Code::AccountNotYours,
            Code::BlockControlSumWrong,
        ] {
            assert!(told(code), "{code}: {answer}");
        }
        assert!(!told(Code::RefusedWithBlock), "a block's reason is enough");
        treasury.carry_out().await;
        let settled = treasury.status("MSG-1").await;
        assert_eq!(texts(&settled, "AddtlInf"), texts(&answer, "AddtlInf"), "the status says what the answer said");
        let json = overview(&treasury, "MSG-1").await;
        assert_eq!(told_by(&json), lines(&answer));
        treasury.check_invariants().await;
    }
}

#[tokio::test]
async fn a_message_refused_as_a_whole_tells_its_reasons_as_values_too() {
    for settings in both_sizes() {
        let treasury = TestExchange::with(AcceptancePolicy::AllOrNothing, settings).await;
        let answer = treasury.answer(&flawed("MSG-1")).await;
        assert_eq!(group_status(&answer), "RJCT");
        assert_eq!(treasury.status("MSG-1").await, answer);
        let json = overview(&treasury, "MSG-1").await;
        assert_eq!(told_by(&json), lines(&answer));
        assert_eq!(json.reasons[0].code, Code::RefusedByPolicy);
        let wrong_sum = flawed("MSG-2").replacen("<NbOfTxs>10<", "<NbOfTxs>11<", 1);
        treasury.answer(&wrong_sum).await;
        let json = overview(&treasury, "MSG-2").await;
        let [reason] = json.reasons.as_slice() else { panic!("{json:?}") };
        assert_eq!(reason.code, Code::GroupNumberOfTransactionsWrong);
        assert_eq!((&*reason.value, &*reason.expected, &*reason.element), ("11", "10", "GrpHdr/NbOfTxs"));
        treasury.check_invariants().await;
    }
}

/// The sentences of an answer, each with its code: `AddtlInf` is broken into lines, and ends with that of the file.
pub(super) fn lines(answer: &str) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for line in texts(answer, "AddtlInf") {
        if line.starts_with("TDAM-") {
            told.push(line.to_owned());
        } else if line.strip_prefix("line ").is_none_or(|number| number.parse::<u32>().is_err())
            && let Some(last) = told.last_mut()
        {
            *last = format!("{last} {line}");
        }
    }
    told.sort();
    told
}

/// The same of values.
pub(super) fn told_by(overview: &MessageOverview) -> Vec<String> {
    let sentence = |reason: &RefusalReason| {
        let text = format!("{}: {}", reason.code.id(), reason.sentence(Language::English));
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    };
    let blocks = overview.blocks.iter().flat_map(|block| block.reasons.iter().chain(&block.notices));
    // The answer gives the reasons of a block and those of its payments once.
    let is_own = |refused: &&exchange::RefusedPayments| {
        let block = refused.block.and_then(|block| overview.blocks.get(block as usize));
        let with_block = refused.reasons.iter().all(|reason| reason.code == Code::RefusedWithBlock);
        !with_block && block.is_none_or(|block| block.reasons != refused.reasons)
    };
    let payments = overview.refused.iter().filter(is_own).flat_map(|refused| &refused.reasons);
    let mut told: Vec<String> = overview.reasons.iter().chain(blocks).chain(payments).map(sentence).collect();
    told.sort();
    told
}

#[tokio::test]
async fn the_parts_of_a_reason_are_values() {
    let treasury = TestExchange::new().await;
    treasury.answer(&flawed("MSG-1")).await;
    let json = overview(&treasury, "MSG-1").await;
    let reasons = |name: &str| {
        let of = |refused: &&exchange::RefusedPayments| refused.end_to_end_id.as_deref() == Some(name);
        json.refused.iter().find(of).unwrap().reasons.clone()
    };
    let [characters] = reasons("MSG-1-CHARACTERS").try_into().unwrap();
    assert_eq!((&*characters.element, &*characters.value), ("CdtTrfTxInf/RmtInf/Ustrd", "A_B*C_D"));
    assert_eq!(&*characters.expected, "_ (U+005F), * (U+002A)", "all of them, each once");
    let remedy = characters.remedy(Language::English);
    assert!(remedy.ends_with("_ → -; * → x."), "{remedy}");
    let codes: Vec<Code> = reasons("MSG-1-BOTHSIDES").iter().map(|reason| reason.code).collect();
    assert_eq!(codes, [Code::EkkPayerSideMissing, Code::EkkPayeeSideMissing]);
    let [payer, payee] = reasons("MSG-1-BOTHSIDES").try_into().unwrap();
    assert_ne!(payer.sentence(Language::Latvian), payee.sentence(Language::Latvian));
    let [funds] = reasons("MSG-1-FUNDS").try_into().unwrap();
    assert_eq!((&*funds.value, &*funds.expected), ("2000000.00 EUR", "999990.00 EUR"));
    assert_eq!(funds.sentence(Language::English), "The payment needs 2000000.00 EUR, but 999990.00 EUR are available.");
    assert_eq!(json.blocks[1].reasons[0].code, Code::PaymentInformationIdRepeated);
}

#[tokio::test]
async fn what_nobody_would_see_is_shown_by_its_number() {
    let treasury = TestExchange::new().await;
    let text = "A\u{301}b\u{200b}c\u{a0}q\u{308}";
    treasury.answer(&File::new("MSG-1", vec![payment("A", 1_00, GERMAN).saying(text)]).xml()).await;
    let json = overview(&treasury, "MSG-1").await;
    let reason = &json.refused[0].reasons[0];
    assert_eq!(&*reason.expected, "Á (U+00C1), U+200B, U+00A0, U+0308");
    assert_eq!(&*reason.value, "Áb[U+200B]c[U+00A0]q[U+0308]");
    let long = "x".repeat(150);
    treasury
        .answer(&File::new("MSG-2", vec![payment("B", 1_00, GERMAN)]).xml().replace("Supplier Ltd", &long[..71]))
        .await;
    let json = overview(&treasury, "MSG-2").await;
    let reason = &json.refused[0].reasons[0];
    assert_eq!((reason.code, &*reason.given, &*reason.expected), (Code::NameTooLong, "71", "70"));
}

#[tokio::test]
async fn a_rejection_says_nothing_twice() {
    let treasury = TestExchange::new().await;
    let file = File::new("MSG-1", vec![payment("A", 1_00, GERMAN).saying("SIMULATE REJECT AC04")]);
    treasury.answer(&file.xml()).await;
    treasury.carry_out().await;
    let status = treasury.status("MSG-1").await;
    assert!(status.contains("<Cd>AC04</Cd>"), "{status}");
    let told: Vec<&str> = texts(&status, "AddtlInf").into_iter().filter(|line| line.contains("AC04")).collect();
    assert_eq!(told, Vec::<&str>::new(), "{status}");
    let json = overview(&treasury, "MSG-1").await;
    let reason = &json.refused[0].reasons[0];
    assert!(!reason.sentence(Language::English).contains("AC04") && &*reason.value == "AC04", "{reason:?}");
}

#[tokio::test]
async fn a_payment_of_a_day_off_is_told_when_it_is_executed() {
    for settings in both_sizes() {
        let treasury = TestExchange::with(AcceptancePolicy::Partial, settings).await;
        let saturday = date(2026, 11, 28);
        let file = File::new("MSG-1", vec![payment("A", 1_00, ESTONIAN), payment("B", 2_00, &municipality_account())]);
        let answer = treasury.answer(&file.on(saturday).xml()).await;
        assert_eq!(group_status(&answer), "ACCP");
        assert!(answer.contains("TDAM-4025") && answer.contains("2026-11-30"), "{answer}");
        assert_eq!(texts(&treasury.status("MSG-1").await, "AddtlInf"), texts(&answer, "AddtlInf"));
        let json = overview(&treasury, "MSG-1").await;
        let [notice] = json.blocks[0].notices.as_slice() else { panic!("{json:?}") };
        assert_eq!((&*notice.value, &*notice.expected, &*notice.given), ("2026-11-28", "2026-11-30", "2"));
        assert_eq!(json.blocks[0].reasons, []);
        // On a business day in time there is no notice.
        let answer = treasury.answer(&File::new("MSG-2", vec![payment("C", 1_00, ESTONIAN)]).xml()).await;
        assert!(!answer.contains("AddtlInf"), "{answer}");
    }
    // After the cut-off.
    let settings = Settings { business_time: Some(jiff::civil::time(16, 0, 0, 0)), ..Settings::default() };
    let treasury = TestExchange::with(AcceptancePolicy::Partial, settings).await;
    let file = File::new("MSG-1", vec![payment("A", 1_00, ESTONIAN), payment("B", 2_00, &municipality_account())]);
    treasury.answer(&file.xml()).await;
    let json = overview(&treasury, "MSG-1").await;
    let [notice] = json.blocks[0].notices.as_slice() else { panic!("{json:?}") };
    assert_eq!((&*notice.expected, &*notice.given), ("2026-11-24", "1"), "the SEPA payment alone");
}

#[tokio::test]
async fn a_duplicate_names_the_message_that_had_it() {
    for settings in both_sizes() {
        let treasury = TestExchange::with(AcceptancePolicy::Partial, settings).await;
        treasury
            .answer(&File::new("MSG-1", vec![payment("A", 1_00, ESTONIAN), payment("B", 1_00, ESTONIAN)]).xml())
            .await;
        let again = File::new("MSG-2", vec![payment("A", 1_00, ESTONIAN), payment("C", 1_00, ESTONIAN)]);
        let answer = treasury.answer(&again.xml()).await;
        assert!(answer.contains("was in message `MSG-1` of"), "{answer}");
        let json = overview(&treasury, "MSG-2").await;
        let reasons = &json.refused[0].reasons;
        let codes: Vec<Code> = reasons.iter().map(|reason| reason.code).collect();
        assert_eq!(codes, [Code::EndToEndIdUsed, Code::InstructionIdUsed, Code::SameContent]);
        for reason in reasons {
            assert_eq!((&*reason.expected, &*reason.given), ("MSG-1", "2026-11-23"));
            for language in Language::ALL {
                let sentence = reason.sentence(language);
                assert!(sentence.contains("MSG-1") && sentence.contains("2026-11-23"), "{sentence}");
            }
        }
        let mut block = File::new("MSG-3", vec![payment("D", 1_00, ESTONIAN)]);
        block.blocks[0].id = "MSG-1-B1".to_owned();
        let answer = treasury.answer(&block.xml()).await;
        assert!(answer.contains("PmtInfId `MSG-1-B1` was in message `MSG-1` of 2026-11-23"), "{answer}");
        let json = overview(&treasury, "MSG-3").await;
        let [reason] = json.blocks[0].reasons.as_slice() else { panic!("{json:?}") };
        assert_eq!((reason.code, &*reason.expected), (Code::PaymentInformationIdUsed, "MSG-1"));
    }
}
