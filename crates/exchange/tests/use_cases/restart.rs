//! A process ends at a bad moment and another one takes over.

use std::time::Duration;

use exchange::{Mode, Submitted};
use store::NewSubmission;

use super::support::messages::File;
use super::support::*;

/// Leaves a submission behind as a killed process does: durable, partly staged, not answered.
pub async fn left_over(treasury: &TestExchange, xml: &str) -> exchange::MessageId {
    let caller = treasury.caller(Role::Manager).await;
    let mut sink = treasury.store.body_sink().unwrap();
    sink.append(xml.as_bytes()).unwrap();
    let submission = NewSubmission {
        user: caller.identity().user.id,
        client: caller.identity().client.id,
        certificate: caller.identity().certificate.fingerprint,
        request_id: "before".to_owned(),
        received_at: MORNING.parse().unwrap(),
        body: sink.finish().unwrap(),
    };
    let stage = move |writing: &mut dyn store::Writing| {
        let id = writing.insert_submission(&submission)?;
        let row = store::PaymentRow { ordinal: 0, block: 0, lot: None, minor: 1, creditor: None, record: b"half" };
        writing.stage_payments(id, &[row])?;
        Ok::<_, exchange::Failure>(id)
    };
    treasury.store.write(stage).await.unwrap()
}

#[tokio::test]
async fn an_unanswered_submission_is_answered_after_the_restart() {
    let treasury = TestExchange::with_small_chunks().await;
    let xml = File::of_many("MSG-1", 300, ESTONIAN).xml();
    let submission = left_over(&treasury, &xml).await;
    let treasury = treasury.restart();
    treasury.exchange.work_now().await.unwrap();
    let caller = treasury.caller(Role::Manager).await;
    let (answer, _) = answered(treasury.exchange.outcome(&caller, submission, Duration::ZERO).await);
    assert_eq!(group_status(&answer), "ACCP");
    // A client that sends it again gets that same answer.
    let (again, repeated) = answered(treasury.submit(Role::Manager, &xml).await);
    assert_eq!((again, repeated), (answer, true));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_resend_before_the_leftover_is_taken_up_does_so_and_nothing_is_doubled() {
    let treasury = TestExchange::with_small_chunks().await;
    let xml = File::of_many("MSG-1", 300, ESTONIAN).xml();
    let submission = left_over(&treasury, &xml).await;
    let treasury = treasury.restart();
    let (answer, _) = answered(treasury.submit(Role::Manager, &xml).await);
    assert_eq!(group_status(&answer), "ACCP");
    let message =
        treasury.store.read(move |reading| Ok::<_, exchange::Failure>(reading.message(submission)?)).await.unwrap();
    assert_eq!(message.map(|message| message.answer), Some(answer.into_bytes()));
    treasury.exchange.work_now().await.unwrap();
    treasury.carry_out().await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 300_00, 0));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn execution_goes_on_where_it_was() {
    let mut treasury = TestExchange::with_small_chunks().await;
    let mut file = File::of_many("MSG-1", 200, ESTONIAN);
    for payment in file.blocks[0].payments.iter_mut().skip(100) {
        payment.creditor_iban = municipality_account();
    }
    treasury.answer(&file.xml()).await;
    for _ in 0..4 {
        treasury = treasury.restart();
        treasury.carry_out().await;
    }
    assert_eq!(group_status(&treasury.status("MSG-1").await), "ACSC");
    assert_eq!(treasury.balance(&municipality_account()).await, (100_00, 0));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn what_was_received_before_the_end_is_answered_after_it() {
    let treasury = TestExchange::with_small_chunks().await;
    let xml = File::of_many("MSG-1", 500, ESTONIAN).xml();
    // A runtime of its own stands for the process: its tasks end with it, wherever they are.
    let process = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let sending = xml.clone();
    let task = process.spawn(async move {
        let submitted = treasury.submit_with(Role::Manager, &sending, Mode::Execute, Duration::ZERO).await.unwrap();
        assert!(matches!(submitted, Submitted::InProgress { .. }), "{submitted:?}");
        treasury
    });
    let treasury = task.await.unwrap();
    tokio::task::spawn_blocking(move || process.shutdown_timeout(Duration::from_secs(60))).await.unwrap();
    let treasury = treasury.restart();
    let (answer, _) = answered(treasury.submit(Role::Manager, &xml).await);
    assert_eq!(group_status(&answer), "ACCP");
    treasury.exchange.work_now().await.unwrap();
    treasury.carry_out().await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 500_00, 0));
    treasury.check_invariants().await;
}
