//! Submissions whose work ended the process: tried a few times, then set aside until an operator decides.

use std::time::Duration;

use exchange::{Failure, MessageId, Mode};
use rulebook::Code;

use super::restart::left_over;
use super::support::messages::File;
use super::support::*;

/// Processes that end while they work on a submission, so many before it is set aside.
const ENDS: u32 = exchange::bounds::SUBMISSION_ATTEMPTS_MAX;

/// A process begins to work on the submission and ends: its attempt is committed, nothing else.
async fn end_while_working(treasury: TestExchange, submission: MessageId) -> TestExchange {
    let begins = treasury.store.write(move |writing| {
        let is_claimed = writing.claim_submission(submission)?;
        Ok::<_, Failure>((is_claimed, writing.count_attempt(submission)?))
    });
    assert!(begins.await.unwrap().0, "no other process is at it");
    treasury.restart()
}

async fn set_aside(treasury: TestExchange, xml: &str) -> (TestExchange, MessageId) {
    let submission = left_over(&treasury, xml).await;
    let mut treasury = treasury.restart();
    for _ in 1..ENDS {
        treasury = end_while_working(treasury, submission).await;
    }
    treasury.exchange.work_now().await.unwrap();
    (treasury, submission)
}

async fn attempts(treasury: &TestExchange, id: MessageId) -> u32 {
    let read =
        treasury.store.read(move |reading| Ok::<_, Failure>(reading.submission(id)?.map(|found| found.attempts)));
    read.await.unwrap().unwrap()
}

#[tokio::test]
async fn a_submission_that_ended_too_many_processes_is_set_aside_and_the_rest_goes_on() {
    let treasury = TestExchange::with_small_chunks().await;
    let xml = File::of_many("POISON", 300, ESTONIAN).xml();
    let innocent = left_over(&treasury, &File::of_many("INNOCENT", 300, ESTONIAN).xml()).await;
    let (treasury, submission) = set_aside(treasury, &xml).await;
    let caller = treasury.caller(Role::Manager).await;
    let (answer, _) = answered(treasury.exchange.outcome(&caller, innocent, Duration::ZERO).await);
    assert_eq!(group_status(&answer), "ACCP");

    // A client that comes back, sends the same bytes again or tries them out gets the same problem, and the exchange tries nothing.
    let failure = treasury.exchange.outcome(&caller, submission, Duration::ZERO).await.unwrap_err();
    assert_eq!(failure.code, Code::SubmissionSetAside);
    assert!(!failure.is_temporary(), "a client that repeats by itself must not");
    let by_message_id = treasury.exchange.status(&caller, "POISON").await.unwrap_err();
    assert_eq!(by_message_id, failure, "a client that asks by MsgId learns the same");
    for (role, mode) in
        [(Role::Manager, Mode::Execute), (Role::OtherManager, Mode::Execute), (Role::Manager, Mode::Test)]
    {
        let failure = treasury.submit_with(role, &xml, mode, Duration::from_secs(60)).await.unwrap_err();
        assert_eq!(failure.code, Code::SubmissionSetAside, "{role:?} {mode:?}");
    }
    treasury.exchange.work_now().await.unwrap();
    assert!(is_raised(&treasury), "the alarm stands");
    let shown = treasury.exchange.operator().set_aside().await.unwrap();
    assert_eq!(shown.submissions.len(), 1);
    assert_eq!((shown.submissions[0].submission, shown.submissions[0].attempts), (submission.0, ENDS));
    assert_eq!(
        (shown.submissions[0].client.as_str(), shown.submissions[0].request_id.as_str()),
        ("Ministrija", "before")
    );
    treasury.check_invariants().await;
}

#[tokio::test]
async fn the_last_attempt_allowed_is_made() {
    let treasury = TestExchange::with_small_chunks().await;
    let submission = left_over(&treasury, &File::of_many("MSG-1", 300, ESTONIAN).xml()).await;
    let mut treasury = treasury.restart();
    for _ in 2..ENDS {
        treasury = end_while_working(treasury, submission).await;
    }
    treasury.exchange.work_now().await.unwrap();
    let caller = treasury.caller(Role::Manager).await;
    let (answer, _) = answered(treasury.exchange.outcome(&caller, submission, Duration::ZERO).await);
    assert_eq!(group_status(&answer), "ACCP");
    assert_eq!(attempts(&treasury, submission).await, ENDS);
}

#[tokio::test]
async fn an_operator_has_it_tried_again() {
    let xml = File::of_many("MSG-1", 300, ESTONIAN).xml();
    let (treasury, submission) = set_aside(TestExchange::with_small_chunks().await, &xml).await;
    let operator = treasury.exchange.operator().acting_as("inga (uid 1000)");
    operator.retry_submission(submission).await.unwrap();
    let again = operator.retry_submission(submission).await.unwrap_err();
    assert_eq!(again.code, Code::NotFound, "it is not set aside any more");
    treasury.exchange.work_now().await.unwrap();
    let caller = treasury.caller(Role::Manager).await;
    let (answer, _) = answered(treasury.exchange.outcome(&caller, submission, Duration::ZERO).await);
    assert_eq!(group_status(&answer), "ACCP");
    assert_eq!(audited(&treasury, "submission.retried").await, ["operator inga (uid 1000)"]);
    assert_eq!(audited(&treasury, "submission.set-aside").await, ["exchange"]);
    treasury.check_invariants().await;
}

#[tokio::test]
async fn an_operator_refuses_it() {
    let xml = File::of_many("MSG-1", 300, ESTONIAN).xml();
    let (treasury, submission) = set_aside(TestExchange::with_small_chunks().await, &xml).await;
    let operator = treasury.exchange.operator();
    operator.refuse_submission(submission).await.unwrap();
    assert_eq!(operator.refuse_submission(submission).await.unwrap_err().code, Code::NotFound);
    let caller = treasury.caller(Role::Manager).await;
    let failure = treasury.exchange.outcome(&caller, submission, Duration::ZERO).await.unwrap_err();
    assert_eq!(failure.code, Code::RefusedByOperator);
    assert!(operator.set_aside().await.unwrap().submissions.is_empty());
    treasury.exchange.work_now().await.unwrap();
    assert!(!is_raised(&treasury));
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 0));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_lot_that_ended_the_process_more_than_once_is_set_aside() {
    let treasury = TestExchange::with_small_chunks().await;
    treasury.answer(&File::of_many("POISON", 3, ESTONIAN).xml()).await;
    treasury.answer(&File::of_many("INNOCENT", 3, ESTONIAN).xml()).await;
    let lots = treasury.store.read(|reading| {
        let day = jiff::civil::Date::MAX;
        Ok::<_, Failure>(reading.lots_in_stage(payments::Stage::Held, day, None, 10)?)
    });
    let poison = lots.await.unwrap()[0].id.to_string();
    // Two processes began with it and ended.
    for _ in 0..exchange::bounds::WORK_ATTEMPTS_MAX {
        let work = poison.clone();
        treasury.store.write(move |writing| Ok::<_, Failure>(writing.count_work_attempt(&work)?)).await.unwrap();
    }
    let treasury = treasury.restart();
    work_until(&treasury, async || treasury.balance(&ministry_account()).await == (OPENING - 3_00, 3_00)).await;
    let operator = treasury.exchange.operator();
    let shown = operator.set_aside().await.unwrap();
    assert_eq!(shown.works.iter().map(|work| work.work.as_str()).collect::<Vec<_>>(), [poison.as_str()]);

    operator.retry_work(&poison).await.unwrap();
    assert_eq!(operator.retry_work(&poison).await.unwrap_err().code, Code::NotFound);
    work_until(&treasury, async || treasury.balance(&ministry_account()).await == (OPENING - 6_00, 0)).await;
    assert!(operator.set_aside().await.unwrap().works.is_empty());
    treasury.check_invariants().await;
}

#[tokio::test]
async fn after_a_restart_many_lots_are_carried_out_together_and_none_stays_counted() {
    let treasury = TestExchange::with_small_chunks().await;
    // One process ended with the first of them, which is no reason to set it aside.
    for number in 0..12 {
        treasury.answer(&File::of_many(&format!("MSG-{number}"), 3, ESTONIAN).xml()).await;
    }
    let lots = treasury.store.read(|reading| {
        let day = jiff::civil::Date::MAX;
        Ok::<_, Failure>(reading.lots_in_stage(payments::Stage::Held, day, None, 100)?)
    });
    let first = lots.await.unwrap()[0].id.to_string();
    treasury.store.write(move |writing| Ok::<_, Failure>(writing.count_work_attempt(&first)?)).await.unwrap();
    let treasury = treasury.restart();
    work_until(&treasury, async || treasury.balance(&ministry_account()).await == (OPENING - 36_00, 0)).await;
    let left = treasury.store.read(|reading| Ok::<_, Failure>(reading.work_attempts()?)).await.unwrap();
    assert_eq!(left, []);
    assert_eq!(audited(&treasury, "work.set-aside").await, Vec::<String>::new());
    treasury.check_invariants().await;
}

/// Lets the background work run, over settlement cycles, until something is so.
async fn work_until(treasury: &TestExchange, mut is_so: impl AsyncFnMut() -> bool) {
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let exchange = treasury.exchange.clone();
    let work = tokio::spawn(async move { exchange.work(stopping).await });
    let mut news = treasury.store.news();
    while !is_so().await {
        treasury.clock.advance(jiff::SignedDuration::try_from(treasury.settings.settlement.cycle).unwrap());
        let _ = tokio::time::timeout(Duration::from_millis(50), news.changed()).await;
    }
    stop.send(true).unwrap();
    work.await.unwrap();
}

fn is_raised(treasury: &TestExchange) -> bool {
    treasury.exchange.health().conditions().iter().any(|condition| condition.alarm == exchange::Alarm::SetAside)
}

/// Who did something, by the audit chain.
async fn audited(treasury: &TestExchange, action: &'static str) -> Vec<String> {
    let lines = treasury.store.read(|reading| Ok::<_, Failure>(reading.audit(0, 1_000)?)).await.unwrap();
    lines.into_iter().filter(|line| line.line.action == action).map(|line| line.line.actor).collect()
}
