//! All or nothing, or what is good of it.

use exchange::{AcceptancePolicy, Settings, Status};

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
    assert!(answer.contains("TDAM-4021") && answer.contains("TDAM-3107"), "{answer}");
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 0));
    // Later the answer is still the same.
    assert_eq!(treasury.status("MSG-1").await, answer);
    let caller = treasury.caller(Role::Manager).await;
    let overview = treasury.exchange.status_overview(&caller, "MSG-1").await.unwrap();
    assert_eq!((overview.status, overview.refused_total), (Status::Rejected, 2));
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
    treasury.check_invariants().await;
}
