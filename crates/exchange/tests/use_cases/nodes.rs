//! The same large message at several nodes that share a database: one works on it, the others wait for that.
//!
//! Returns at once where PostgreSQL is not installed.

use std::time::Duration;

use exchange::{Exchange, Failure, MessageId, Mode, Submitted};
use rulebook::Code;

use super::restart::left_over;
use super::support::messages::File;
use super::support::*;

const PATIENCE: Duration = Duration::from_secs(300);

/// Submits without waiting and expects a receipt of this submission.
async fn expect_receipt(treasury: &TestExchange, xml: &str, of: MessageId) {
    receipt(treasury.submit_with(Role::Manager, xml, Mode::Execute, Duration::ZERO).await, of);
}

fn receipt(submitted: Result<Submitted, Failure>, of: MessageId) {
    let Ok(Submitted::InProgress { submission, receipt, .. }) = submitted else { panic!("{submitted:?}") };
    assert_eq!(submission, of);
    assert_eq!(group_status(&String::from_utf8(receipt).unwrap()), "RCVD");
}

/// Every submission that the ministry ever made and that was not forgotten.
async fn submissions(treasury: &TestExchange) -> Vec<MessageId> {
    let client = treasury.ministry;
    let read = treasury.store.read(move |reading| Ok::<_, Failure>(reading.submissions_of(client, None, 100)?));
    read.await.unwrap()
}

#[tokio::test]
async fn what_one_node_works_on_another_waits_for() {
    let Some(one) = TestExchange::on_postgresql().await else { return };
    let (other, third) = (one.another_node(), one.another_node());
    let xml = File::of_many("MSG-1", 300, ESTONIAN).xml();
    // Received by the first node, which lives and has not begun to judge it.
    let submission = left_over(&one, &xml).await;
    expect_receipt(&other, &xml, submission).await;
    let caller = one.caller(Role::Manager).await;
    for node in [&other, &third] {
        receipt(node.exchange.outcome(&caller, submission, Duration::ZERO).await, submission);
    }
    let neighbour = one.caller(Role::Neighbour).await;
    let foreign = third.exchange.outcome(&neighbour, submission, PATIENCE).await;
    assert_eq!(foreign.unwrap_err().code, Code::NotFound, "at once");

    let outcome = |node: &TestExchange| {
        let (exchange, caller): (Exchange, _) = (node.exchange.clone(), caller.clone());
        async move { exchange.outcome(&caller, submission, PATIENCE).await }
    };
    let (worked, resent, at_other, at_third) =
        tokio::join!(one.exchange.work_now(), other.submit(Role::Manager, &xml), outcome(&other), outcome(&third));
    worked.unwrap();
    let (answer, _) = answered(one.exchange.outcome(&caller, submission, Duration::ZERO).await);
    assert_eq!(group_status(&answer), "ACCP");
    for outcome in [resent, at_other, at_third] {
        assert_eq!(answered(outcome), (answer.clone(), true));
    }
    assert_eq!(submissions(&one).await, [submission]);
    one.check_invariants().await;
}

#[tokio::test]
async fn who_waits_for_a_node_that_goes_takes_the_work_over() {
    let Some(one) = TestExchange::on_postgresql().await else { return };
    let other = one.another_node();
    let xml = File::of_many("MSG-1", 300, ESTONIAN).xml();
    let submission = left_over(&one, &xml).await;
    expect_receipt(&other, &xml, submission).await;
    // An orderly stop, so that no node has to wait for the lease to lapse.
    drop(one);
    let (answer, _) = answered(other.submit(Role::Manager, &xml).await);
    assert_eq!(group_status(&answer), "ACCP");
    let caller = other.caller(Role::Manager).await;
    assert_eq!(answered(other.exchange.outcome(&caller, submission, Duration::ZERO).await).0, answer);
    assert_eq!(submissions(&other).await, [submission]);
    assert_eq!(other.balance(&ministry_account()).await, (OPENING, 300_00));
    other.check_invariants().await;
}

/// The client asks another node than the one that worked on it, and still gets the reason.
#[tokio::test]
async fn why_nothing_came_of_it_elsewhere_is_told_here() {
    let Some(one) = TestExchange::on_postgresql().await else { return };
    let other = one.another_node();
    let xml = File::of_many("MSG-1", 300, ESTONIAN).xml().replace("MSG-1-299</EndToEndId>", "</EndToEndId>");
    let submission = left_over(&one, &xml).await;
    expect_receipt(&other, &xml, submission).await;
    let (worked, refused) = tokio::join!(one.exchange.work_now(), other.submit(Role::Manager, &xml));
    worked.unwrap();
    let failure = refused.unwrap_err();
    assert_eq!((failure.code, failure.findings_total), (Code::ValueLength, 1), "{failure:?}");
    // A client that sends it once more gets the same refusal again.
    assert_eq!(other.code(Role::Manager, &xml).await, Code::ValueLength);
    other.check_invariants().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn at_the_same_moment_one_node_gets_the_work() {
    let Some(one) = TestExchange::on_postgresql().await else { return };
    let nodes = [one.another_node(), one.another_node(), one];
    for round in 1..=5 {
        let xml = File::of_many(&format!("MSG-{round}"), 100, ESTONIAN).xml();
        let submit = |node: usize| nodes[node].submit(Role::Manager, &xml);
        let (first, second, third) = tokio::join!(submit(0), submit(1), submit(2));
        let answers = [first, second, third].map(answered);
        assert!(answers.iter().all(|(answer, _)| *answer == answers[0].0), "{answers:?}");
        assert_eq!(answers.iter().filter(|(_, repeated)| !repeated).count(), 1, "one of them did the work");
        assert_eq!(submissions(&nodes[0]).await.len(), round);
    }
    assert_eq!(nodes[0].balance(&ministry_account()).await, (OPENING, 5 * 100_00));
    nodes[0].check_invariants().await;
}
