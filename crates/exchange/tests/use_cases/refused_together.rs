//! Payments that one decision refuses, or that their block takes with it: each has the same reason in every answer, with its own
//! amount or none.

use exchange::{AccountState, Limits, MessageOverview, Preferences, Settings};
use jiff::civil::date;
use rulebook::{Code, Language};

use super::reasons::{both_sizes, lines, overview, told_by};
use super::support::messages::{File, Payment, payment};
use super::support::*;
use exchange::AcceptancePolicy::{AllOrNothing, Partial};

/// The second account holds 500.00: the first payment leaves 200.00, which the second one does not find enough.
fn beyond_the_funds(message_id: &str) -> String {
    let one = |name: &str, cents| payment(&format!("{message_id}-{name}"), cents, ESTONIAN);
    let payments = vec![one("A", 300_00), one("B", 300_00), one("C", 1_00), one("D", 250_00)];
    File::new(message_id, payments).from(&ministry_second_account()).xml()
}

/// `EndToEndId`, value and what was expected of each refused payment.
fn parts(json: &MessageOverview) -> Vec<(&str, &str, &str)> {
    let mut parts = Vec::new();
    for refused in &json.refused {
        let [reason] = refused.reasons.as_slice() else { panic!("{json:?}") };
        assert_eq!(refused.count, 1, "{json:?}");
        parts.push((refused.end_to_end_id.as_deref().unwrap(), &*reason.value, &*reason.expected));
    }
    parts
}

#[tokio::test]
async fn each_payment_beyond_the_funds_tells_its_own_amount_or_none() {
    for settings in both_sizes() {
        for acceptance in [Partial, AllOrNothing] {
            let treasury = TestExchange::with(acceptance, settings.clone()).await;
            let answer = treasury.answer(&beyond_the_funds("MSG-1")).await;
            assert_eq!(texts(&treasury.status("MSG-1").await, "AddtlInf"), texts(&answer, "AddtlInf"));
            let json = overview(&treasury, "MSG-1").await;
            assert_eq!(told_by(&json), lines(&answer));
            let told = [
                ("MSG-1-B", "300.00 EUR", "200.00 EUR"),
                // It was covered itself, and refused because of the one before it.
                ("MSG-1-C", "", "200.00 EUR"),
                ("MSG-1-D", "250.00 EUR", "200.00 EUR"),
            ];
            assert_eq!(parts(&json), told, "{acceptance:?}");
            for refused in &json.refused {
                let reason = &refused.reasons[0];
                let [latvian, english] = Language::ALL.map(|language| reason.sentence(language));
                assert_eq!(latvian.contains("200.00 EUR"), english.contains("200.00 EUR"), "{latvian}");
                assert_eq!(latvian.contains(&*reason.value), english.contains(&*reason.value), "{latvian}");
            }
            treasury.check_invariants().await;
        }
    }
}

#[tokio::test]
async fn each_payment_beyond_the_limit_of_a_day_tells_its_own_amount_or_none() {
    for settings in both_sizes() {
        for acceptance in [Partial, AllOrNothing] {
            let treasury = TestExchange::with(acceptance, settings.clone()).await;
            let limits = Limits { per_payment: None, per_day: Some(100_00) };
            treasury.exchange.operator().set_account_limits(&ministry_account(), limits).await.unwrap();
            let cents = [60_00, 50_00, 1_00, 40_01];
            let payments = cents.iter().zip(["A", "B", "C", "D"]).map(|(cents, name)| payment(name, *cents, ESTONIAN));
            let answer = treasury.answer(&File::new("MSG-1", payments.collect()).xml()).await;
            let json = overview(&treasury, "MSG-1").await;
            assert_eq!(told_by(&json), lines(&answer));
            let left = "40.00 EUR";
            assert_eq!(parts(&json), [("B", "50.00 EUR", left), ("C", "", left), ("D", "40.01 EUR", left)]);
        }
    }
}

#[tokio::test]
async fn a_range_that_is_not_named_tells_what_was_left_and_nobodys_amount() {
    for settings in both_sizes() {
        for acceptance in [Partial, AllOrNothing] {
            let settings = Settings { refusals_named_max: 2, ..settings.clone() };
            let treasury = TestExchange::with(acceptance, settings).await;
            let answer = treasury.answer(&beyond_the_funds("MSG-1")).await;
            let told = "The account has not enough funds (3 payments, from number 2 to 4 of the file; 200.00 EUR left)";
            assert!(lines(&answer).iter().any(|line| line.ends_with(told)), "{answer}");
            let json = overview(&treasury, "MSG-1").await;
            let of_block = json.blocks[0].reasons.iter();
            let reason = of_block.chain(json.refused.iter().flat_map(|refused| &refused.reasons)).next().unwrap();
            assert_eq!((&*reason.value, &*reason.expected), ("", "200.00 EUR"));
            assert_eq!(reason.sentence(Language::English), told);
            let latvian = "Kontā nepietiek līdzekļu (3 maksājumi, faila 2.–4.; atlicis 200.00 EUR)";
            assert_eq!(reason.sentence(Language::Latvian), latvian);
            assert_eq!(texts(&treasury.status("MSG-1").await, "AddtlInf"), texts(&answer, "AddtlInf"));
        }
    }
}

/// A block with a used `PmtInfId`, of which one payment has a fault of its own, beside a good block.
fn with_a_refused_block(message_id: &str) -> String {
    let of = |name: &str| format!("{message_id}-{name}");
    let bad = |payment: Payment| Payment { creditor_iban: "EE382200221020145686".to_owned(), ..payment };
    let mut file = File::new(message_id, vec![payment(&of("GOOD"), 1_00, ESTONIAN)]);
    let mut block = file.blocks[0].clone();
    block.id = "MSG-0-B1".to_owned();
    block.payments = vec![payment(&of("A"), 2_00, ESTONIAN), bad(payment(&of("B"), 3_00, ESTONIAN))];
    file.blocks.push(block);
    file.xml()
}

#[tokio::test]
async fn a_good_payment_of_a_refused_block_says_so_in_every_answer() {
    for settings in both_sizes() {
        for every in [false, true] {
            let treasury = TestExchange::with(Partial, settings.clone()).await;
            let preferences = Preferences { lists_every_payment: every, ..Preferences::default() };
            treasury.exchange.operator().set_preferences(treasury.ministry, preferences).await.unwrap();
            treasury.answer(&File::new("MSG-0", vec![payment("0", 9_00, ESTONIAN)]).xml()).await;
            let answer = treasury.answer(&with_a_refused_block("MSG-1")).await;
            assert_eq!(texts(&treasury.status("MSG-1").await, "AddtlInf"), texts(&answer, "AddtlInf"));
            let told = |name: &str| {
                let of = |payment: &&str| texts(payment, "OrgnlEndToEndId") == [name];
                texts(&answer, "TxInfAndSts").into_iter().find(of).map(|payment| texts(payment, "AddtlInf").concat())
            };
            assert_eq!(told("MSG-1-A").is_some(), every, "{answer}");
            assert!(told("MSG-1-A").is_none_or(|told| told.contains(Code::RefusedWithBlock.id())), "{answer}");
            assert!(told("MSG-1-B").is_some_and(|told| told.contains(Code::CreditorIbanCheckDigits.id())), "{answer}");
            let json = overview(&treasury, "MSG-1").await;
            assert_eq!(json.blocks[1].reasons[0].code, Code::PaymentInformationIdUsed);
            let codes: Vec<(u32, Code)> =
                json.refused.iter().map(|refused| (refused.count, refused.reasons[0].code)).collect();
            assert_eq!(codes, [(1, Code::RefusedWithBlock), (1, Code::CreditorIbanCheckDigits)]);
        }
    }
}

#[tokio::test]
async fn an_account_that_cannot_pay_is_named() {
    let treasury = TestExchange::new().await;
    let operator = treasury.exchange.operator();
    operator.set_account_state(&ministry_account(), AccountState::Blocked).await.unwrap();
    let payments = vec![payment("A", 1_00, ESTONIAN), payment("B", 2_00, ESTONIAN)];
    let answer = treasury.answer(&File::new("MSG-1", payments).xml()).await;
    let told = format!("TDAM-4005: The account {} is blocked.", ministry_account());
    assert!(lines(&answer).contains(&told), "{answer}");
    // One that is blocked between acceptance and the day of execution.
    operator.set_account_state(&ministry_account(), AccountState::Open).await.unwrap();
    let ahead = date(2026, 11, 24);
    let payments = vec![payment("C", 1_00, &municipality_account()), payment("D", 2_00, &municipality_account())];
    let answer = treasury.answer(&File::new("MSG-2", payments).on(ahead).xml()).await;
    assert_eq!(group_status(&answer), "ACCP");
    operator.set_account_state(&ministry_account(), AccountState::Blocked).await.unwrap();
    operator.set_business_day(ahead).await.unwrap();
    treasury.carry_out().await;
    assert_eq!(lines(&treasury.status("MSG-2").await), [told.clone(), told]);
}

#[tokio::test]
async fn as_many_reasons_of_a_payment_are_told_as_the_offline_check_tells() {
    for settings in both_sizes() {
        let treasury = TestExchange::with(Partial, settings).await;
        let wrong = "<RgltryRptg><DbtCdtRptgInd>DEBT</DbtCdtRptgInd><Dtls><Tp>EKK</Tp><Cd>1</Cd></Dtls></RgltryRptg>";
        let file = File::new("MSG-1", vec![payment("A", 1_00, ESTONIAN), payment("B", 1_00, GERMAN)]);
        let xml = file.xml().replacen("<RmtInf>", &format!("{}<RmtInf>", wrong.repeat(10)), 1);
        let xml = xml.replacen("<Nm>Supplier Ltd</Nm>", "<Nm>_</Nm>", 1).replacen("Invoice A", "*", 1);
        let answer = treasury.answer(&xml).await;
        // Ten malformed codes, the missing share of all reported once, and two texts.
        let json = overview(&treasury, "MSG-1").await;
        assert_eq!(json.refused[0].reasons.len(), 13, "{json:?}");
        assert_eq!(told_by(&json), lines(&answer));
        assert_eq!(texts(&treasury.status("MSG-1").await, "AddtlInf"), texts(&answer, "AddtlInf"));
    }
}
