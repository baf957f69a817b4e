//! The same message twice, in every way.

use rulebook::Code;

use super::support::messages::{File, payment};
use super::support::*;

#[tokio::test]
async fn the_same_bytes_get_the_same_answer_and_nothing_is_doubled() {
    let treasury = TestExchange::new().await;
    let file = File::new("MSG-1", vec![payment("A", 12_50, ESTONIAN)]).xml();
    let (first, repeated) = answered(treasury.submit(Role::Manager, &file).await);
    assert!(!repeated);
    let (second, repeated) = answered(treasury.submit(Role::Manager, &file).await);
    assert!(repeated);
    assert_eq!(first, second);
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 12_50));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn two_at_once_do_the_work_once_and_get_the_same_answer() {
    for treasury in [TestExchange::new().await, TestExchange::with_small_chunks().await] {
        let file = File::of_many("MSG-1", 50, ESTONIAN).xml();
        let (left, right) = tokio::join!(treasury.submit(Role::Manager, &file), treasury.submit(Role::Manager, &file));
        let ((left, left_repeated), (right, right_repeated)) = (answered(left), answered(right));
        assert_eq!(left, right);
        assert_ne!(left_repeated, right_repeated);
        assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 50_00));
        treasury.check_invariants().await;
    }
}

#[tokio::test]
async fn other_bytes_under_a_used_message_id_are_refused() {
    let treasury = TestExchange::new().await;
    treasury.answer(&File::new("MSG-1", vec![payment("A", 12_50, ESTONIAN)]).xml()).await;
    let other = File::new("MSG-1", vec![payment("B", 1_00, ESTONIAN)]).xml();
    let failure = treasury.submit(Role::Manager, &other).await.unwrap_err();
    assert_eq!((failure.code, failure.detail.as_str()), (Code::MessageIdUsed, "MSG-1"));
    assert_eq!(failure.code.iso_reason(), Some("DU01"));
    // When it was used, and its result.
    assert_eq!((&*failure.given, failure.expected.as_str()), ("2026-11-23 10:00", "ACCP"));
    assert!(failure.sentence(rulebook::Language::English).contains("other bytes"), "{failure}");
    let refused = File::new("MSG-2", vec![payment("C", 12_50, "EE382200221020145686")]).xml();
    treasury.answer(&refused).await;
    let again = refused.replace("EE382200221020145686", ESTONIAN);
    let failure = treasury.submit(Role::Manager, &again).await.unwrap_err();
    assert_eq!((failure.code, failure.expected.as_str()), (Code::MessageIdUsed, "RJCT"));
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 12_50));
}

#[tokio::test]
async fn other_bytes_at_once_leave_one_message() {
    let treasury = TestExchange::with_small_chunks().await;
    let small = File::of_many("MSG-1", 3, ESTONIAN).xml();
    let large = File::of_many("MSG-1", 200, GERMAN).xml();
    let (small, large) = tokio::join!(treasury.submit(Role::Manager, &small), treasury.submit(Role::Manager, &large));
    let refused: Vec<Code> = [small, large].into_iter().filter_map(Result::err).map(|failure| failure.code).collect();
    assert_eq!(refused, [Code::MessageIdUsed]);
    treasury.check_invariants().await;
}

#[tokio::test]
async fn another_online_user_of_the_client_does_not_get_the_answer() {
    let treasury = TestExchange::new().await;
    let file = File::new("MSG-1", vec![payment("A", 12_50, ESTONIAN)]).xml();
    treasury.answer(&file).await;
    let failure = treasury.submit(Role::OtherManager, &file).await.unwrap_err();
    assert_eq!((failure.code, failure.expected.as_str()), (Code::MessageOfAnotherUser, "ACCP"));
}

#[tokio::test]
async fn another_client_may_use_the_same_message_id() {
    let treasury = TestExchange::new().await;
    treasury.answer(&File::new("MSG-1", vec![payment("A", 12_50, ESTONIAN)]).xml()).await;
    treasury.credit(&municipality_account(), 5_00).await;
    let file = File::new("MSG-1", vec![payment("A", 5_00, ESTONIAN)]).from(&municipality_account()).xml();
    let (answer, repeated) = answered(treasury.submit(Role::Neighbour, &file).await);
    assert_eq!((group_status(&answer), repeated), ("ACCP", false));
    treasury.check_invariants().await;
}
