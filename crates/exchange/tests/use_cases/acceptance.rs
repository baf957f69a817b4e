//! All or nothing, or partial acceptance.

use exchange::{AcceptancePolicy, Settings, Status};
use money::Decimal;
use rulebook::{Code, Language};

use super::support::messages::{File, payment};
use super::support::*;

#[tokio::test]
async fn all_or_nothing_refuses_everything_for_one_bad_payment() {
    let treasury = TestExchange::with(AcceptancePolicy::AllOrNothing, Settings::default()).await;
    let payments = vec![payment("GOOD", 10_00, ESTONIAN), payment("BAD", 10_00, "EE382200221020145686")];
    let answer = treasury.answer(&File::new("MSG-1", payments).xml()).await;
    assert_eq!(group_status(&answer), "RJCT");
    // Only the bad one has a reason of its own.
    assert_eq!(texts(&answer, "OrgnlEndToEndId"), ["BAD"]);
    assert!(answer.contains("TDAM-4024") && answer.contains("TDAM-3107"), "{answer}");
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 0));
    // Later the answer is still the same.
    assert_eq!(treasury.status("MSG-1").await, answer);
    let caller = treasury.caller(Role::Manager).await;
    let overview = treasury.exchange.status_overview(&caller, "MSG-1").await.unwrap().judged().unwrap();
    assert_eq!((overview.status, overview.refused_total), (Status::Rejected, 2));
    assert_eq!(overview.reasons[0].code, Code::RefusedByPolicy);
    assert_eq!(overview.counts[0].total, Some(Decimal::parse("20.00").unwrap()));
    assert_eq!(overview.blocks[0].payment_information_id, "MSG-1-B1");
    let [refused] = overview.refused.as_slice() else { panic!("{overview:?}") };
    assert_eq!((refused.first, refused.block, refused.line), (1, Some(0), 6));
    assert_eq!(refused.end_to_end_id.as_deref(), Some("BAD"));
    assert_eq!(refused.amount.map(|amount| amount.value.to_string()).as_deref(), Some("10.00"));
    for language in Language::ALL {
        let sentence = refused.reasons[0].sentence(language);
        assert!(sentence.contains("EE382200221020145686"), "{sentence}");
    }
    treasury.check_invariants().await;
}

#[tokio::test]
async fn all_or_nothing_accepts_what_is_all_good() {
    let treasury = TestExchange::with(AcceptancePolicy::AllOrNothing, Settings::default()).await;
    let answer = treasury.answer(&File::of_many("MSG-1", 5, ESTONIAN).xml()).await;
    assert_eq!(group_status(&answer), "ACCP");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn missing_funds_refuse_the_whole_message_where_it_is_all_or_nothing() {
    for small in [10, 1_000] {
        let settings = Settings { small_message_payments_max: small, ..Settings::default() };
        let treasury = TestExchange::with(AcceptancePolicy::AllOrNothing, settings).await;
        let mut file = File::of_many("MSG-1", 30, ESTONIAN).from(&ministry_second_account());
        file.blocks[0].payments[20].cents = 600_00;
        let answer = treasury.answer(&file.xml()).await;
        assert_eq!(group_status(&answer), "RJCT");
        assert!(answer.contains("AM04"), "{answer}");
        assert_eq!(treasury.balance(&ministry_second_account()).await, (50_000, 0));
        treasury.check_invariants().await;
    }
}

#[tokio::test]
async fn one_refused_block_leaves_the_others() {
    let treasury = TestExchange::new().await;
    let mut file = File::new("MSG-1", vec![payment("A", 10_00, ESTONIAN), payment("B", 5_00, GERMAN)]);
    let mut other = file.blocks[0].clone();
    other.id = "OTHER".to_owned();
    other.debtor_iban = municipality_account();
    other.payments = vec![payment("C", 1_00, ESTONIAN), payment("D", 2_00, ESTONIAN)];
    file.blocks.push(other);
    let answer = treasury.answer(&file.xml()).await;
    assert_eq!(group_status(&answer), "PART");
    assert_eq!(texts(&answer, "PmtInfSts"), ["ACCP", "RJCT"]);
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 15_00));
    let later = treasury.status("MSG-1").await;
    assert_eq!(texts(&later, "PmtInfSts"), ["ACCP", "RJCT"]);
    let caller = treasury.caller(Role::Manager).await;
    let overview = treasury.exchange.status_overview(&caller, "MSG-1").await.unwrap().judged().unwrap();
    assert_eq!(overview.blocks[0].reasons, []);
    let [reason] = overview.blocks[1].reasons.as_slice() else { panic!("{overview:?}") };
    assert_eq!((reason.code, &*reason.value), (Code::AccountNotYours, municipality_account().as_str()));
    assert_eq!((overview.refused[0].block, overview.refused[0].count), (Some(1), 2));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_message_whose_only_block_is_refused_tells_so_by_the_block() {
    let treasury = TestExchange::new().await;
    let payments = vec![payment("A", 10_00, ESTONIAN), payment("B", 5_00, GERMAN)];
    let answer = treasury.answer(&File::new("MSG-1", payments).from(&municipality_account()).xml()).await;
    assert_eq!(group_status(&answer), "RJCT");
    let caller = treasury.caller(Role::Manager).await;
    let overview = treasury.exchange.status_overview(&caller, "MSG-1").await.unwrap().judged().unwrap();
    assert_eq!(overview.blocks[0].reasons[0].code, Code::AccountNotYours);
    assert!(overview.blocks[0].reasons[0].value.contains(&municipality_account()), "{overview:?}");
    assert_eq!((overview.refused.len(), overview.refused_total), (0, 2));
}

#[tokio::test]
async fn sums_beyond_what_can_be_booked_are_told_exactly_and_amounts_as_the_file_has_them() {
    let treasury = TestExchange::new().await;
    let odd = "10.001";
    let file = File::new("MSG-1", vec![payment("GOOD", 10_00, ESTONIAN), payment("ODD", 10_00, GERMAN)]).xml();
    let (before, last) = file.rsplit_once(">10.00<").unwrap();
    let file = format!("{before}>{odd}<{last}").replace("<CtrlSum>20.00<", "<CtrlSum>20.001<");
    let answer = treasury.answer(&file).await;
    assert_eq!(group_status(&answer), "PART", "{answer}");
    let caller = treasury.caller(Role::Manager).await;
    let overview = treasury.exchange.status_overview(&caller, "MSG-1").await.unwrap().judged().unwrap();
    let rejected = overview.counts.iter().find(|count| count.status == Status::Rejected).unwrap();
    assert_eq!(rejected.total, Some(Decimal::parse(odd).unwrap()));
    assert_eq!((rejected.currency, overview.refused[0].amount), (None, None));
}
