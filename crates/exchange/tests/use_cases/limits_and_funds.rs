//! Funds and limits of an account.

use exchange::{AccountState, Limits};

use super::support::messages::{File, payment};
use super::support::*;

fn refused(answer: &str) -> Vec<&str> {
    texts(answer, "OrgnlEndToEndId")
}

#[tokio::test]
async fn file_order_decides_who_gets_the_money() {
    let treasury = TestExchange::new().await;
    let payments = vec![payment("A", 300_00, ESTONIAN), payment("B", 300_00, ESTONIAN), payment("C", 1_00, ESTONIAN)];
    let answer = treasury.answer(&File::new("MSG-1", payments).from(&ministry_second_account()).xml()).await;
    assert_eq!(group_status(&answer), "PART");
    // Once the funds do not cover a payment, those after it are refused too, however small.
    assert_eq!(refused(&answer), ["B", "C"]);
    assert!(answer.contains("AM04"), "{answer}");
    assert_eq!(treasury.balance(&ministry_second_account()).await, (500_00, 300_00));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn held_money_is_not_promised_twice() {
    let treasury = TestExchange::new().await;
    let file = |id: &str| File::new(id, vec![payment(id, 300_00, ESTONIAN)]).from(&ministry_second_account());
    assert_eq!(group_status(&treasury.answer(&file("X").xml()).await), "ACCP");
    assert_eq!(group_status(&treasury.answer(&file("Y").xml()).await), "RJCT");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn limits_of_a_payment_and_of_a_day_hold() {
    let treasury = TestExchange::new().await;
    let limits = Limits { per_payment: Some(50_00), per_day: Some(100_00) };
    treasury.exchange.operator().set_account_limits(&ministry_account(), limits).await.unwrap();
    let payments = vec![
        payment("A", 50_01, ESTONIAN),
        payment("B", 50_00, ESTONIAN),
        payment("C", 50_00, ESTONIAN).saying("other"),
        payment("D", 1, ESTONIAN),
    ];
    let answer = treasury.answer(&File::new("MSG-1", payments).xml()).await;
    assert_eq!(refused(&answer), ["A", "D"]);
    assert!(answer.contains("TDAM-4010") && answer.contains("TDAM-4011"), "{answer}");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_blocked_account_pays_nothing() {
    let treasury = TestExchange::new().await;
    let operator = treasury.exchange.operator();
    operator.set_account_state(&ministry_account(), AccountState::Blocked).await.unwrap();
    let answer = treasury.answer(&File::new("MSG-1", vec![payment("A", 1_00, ESTONIAN)]).xml()).await;
    assert_eq!(group_status(&answer), "RJCT");
    assert!(answer.contains("AC06"), "{answer}");
    treasury.check_invariants().await;
}
