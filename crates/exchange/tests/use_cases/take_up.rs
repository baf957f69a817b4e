//! Submissions that a restart left over, beside those that keep arriving.

use std::time::Duration;

use exchange::{AcceptancePolicy, Mode, Settings, Submitted};
use rulebook::Code;

use super::restart::left_over;
use super::support::messages::File;
use super::support::*;

fn small_chunks() -> Settings {
    Settings { small_message_payments_max: 10, stage_chunk_payments: 64, ..Settings::default() }
}

#[tokio::test]
async fn a_receipt_from_before_the_restart_finds_why_nothing_came_of_it() {
    let treasury = TestExchange::with_small_chunks().await;
    let broken = File::of_many("MSG-1", 300, ESTONIAN).xml().replace("MSG-1-299</EndToEndId>", "</EndToEndId>");
    let submission = left_over(&treasury, &broken).await;
    let treasury = treasury.restart();
    treasury.exchange.work_now().await.unwrap();
    let caller = treasury.caller(Role::Manager).await;
    let failure = treasury.exchange.outcome(&caller, submission, Duration::ZERO).await.unwrap_err();
    assert_eq!(failure.code, Code::ValueLength, "{failure:?}");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_receipt_from_before_the_restart_finds_the_answer_that_a_resend_got() {
    let treasury = TestExchange::with_small_chunks().await;
    let xml = File::of_many("MSG-1", 300, ESTONIAN).xml();
    let submission = left_over(&treasury, &xml).await;
    let treasury = treasury.restart();
    let (answer, _) = answered(treasury.submit(Role::Manager, &xml).await);
    treasury.exchange.work_now().await.unwrap();
    let caller = treasury.caller(Role::Manager).await;
    let outcome = treasury.exchange.outcome(&caller, submission, Duration::ZERO).await;
    assert_eq!(answered(outcome), (answer, true));
    let other = treasury.caller(Role::Neighbour).await;
    let failure = treasury.exchange.outcome(&other, submission, Duration::ZERO).await.unwrap_err();
    assert_eq!(failure.code, Code::NotFound);
    treasury.check_invariants().await;
}

#[tokio::test]
async fn what_was_answered_in_the_meantime_is_not_staged_again() {
    let treasury = TestExchange::with(AcceptancePolicy::AllOrNothing, small_chunks()).await;
    left_over(&treasury, &File::of_many("OLD", 3_000, ESTONIAN).xml()).await;
    let treasury = treasury.restart();
    let mut file = File::of_many("NEW", 200, ESTONIAN);
    file.blocks[0].payments[7].creditor_iban = "EE382200221020145686".to_owned();
    // In progress when the exchange searches leftovers, answered when its turn would come.
    let submitted = treasury.submit_with(Role::Manager, &file.xml(), Mode::Execute, Duration::ZERO).await.unwrap();
    let Submitted::InProgress { submission, .. } = submitted else { panic!("{submitted:?}") };
    treasury.exchange.work_now().await.unwrap();
    let caller = treasury.caller(Role::Manager).await;
    let (answer, _) = answered(treasury.exchange.outcome(&caller, submission, Duration::from_secs(60)).await);
    assert_eq!(group_status(&answer), "RJCT");
    let staged = treasury.store.read(move |reading| {
        let count = reading.payments(submission, None, 0, u32::MAX, &mut |_| Ok(()))?;
        Ok::<_, exchange::Failure>(count)
    });
    assert_eq!(staged.await.unwrap(), 0);
    treasury.check_invariants().await;
}
