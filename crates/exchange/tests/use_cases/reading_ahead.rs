//! Large bodies that the node reads while they arrive. The answer is that of a body read when it is complete, and what
//! breaks off leaves nothing.

use std::time::Duration;

use exchange::{AcceptancePolicy, Caller, Failure, Intake, Mode, Received, Settings, SubmitOptions, Submitted};
use jiff::SignedDuration;
use rulebook::Code;

use super::restart::left_over;
use super::support::messages::{File, payment};
use super::support::*;

/// Pieces of a body as a connection brings them.
const PIECE_BYTES: usize = 10_000;

fn settings() -> Settings {
    Settings {
        small_message_payments_max: 10,
        stage_chunk_payments: 64,
        // As soon as a body is in a file.
        read_ahead_bytes_min: exchange::bounds::INLINE_BODY_BYTES_MAX as u64,
        // No test waits for it, and a slow machine is no slow sender.
        read_ahead_patience: Duration::from_secs(300),
        ..Settings::default()
    }
}

/// A treasury that reads bodies of some hundred payments ahead. In a folder: a database has no bodies to be read while they
/// arrive.
async fn reading_ahead() -> TestExchange {
    TestExchange::placed(Place::folder(), AcceptancePolicy::Partial, settings()).await
}

/// The same, without reading anything ahead.
async fn reading_later() -> TestExchange {
    let settings = Settings { read_ahead_bytes_min: u64::MAX, ..settings() };
    TestExchange::placed(Place::folder(), AcceptancePolicy::Partial, settings).await
}

/// How many bodies the node began to read ahead, and of how many it used the reading.
fn read_ahead(treasury: &TestExchange) -> (u32, u32) {
    let text = treasury.exchange.metrics();
    let of = |step: &str| {
        let series = format!("tdam_submissions_read_ahead_total{{step=\"{step}\"}} ");
        text.lines().find_map(|line| line.strip_prefix(&series)?.parse::<u32>().ok()).unwrap_or_default()
    };
    (of("begun"), of("used"))
}

/// The marks of bodies that are read ahead.
async fn marks(treasury: &TestExchange) -> Vec<(String, u32)> {
    let read = treasury.store.read(|reading| Ok::<_, Failure>(reading.work_attempts()?));
    read.await.unwrap().into_iter().map(|work| (work.work, work.attempts)).collect()
}

async fn until_begun(treasury: &TestExchange, before: u32) {
    while read_ahead(treasury).0 == before {
        tokio::time::sleep(crate::BETWEEN_LOOKS).await;
    }
}

async fn until_no_mark(treasury: &TestExchange) {
    while !marks(treasury).await.is_empty() {
        tokio::time::sleep(crate::BETWEEN_LOOKS).await;
    }
}

/// Half of the body has arrived, and a thread reads it.
async fn half_arrived(treasury: &TestExchange, body: &[u8]) -> (Caller, Intake) {
    let caller = treasury.caller(Role::Manager).await;
    let (begun, mut intake) = (read_ahead(treasury).0, treasury.exchange.intake(&caller).unwrap());
    for piece in body[..body.len() / 2].chunks(PIECE_BYTES) {
        intake.append(piece).unwrap();
        tokio::task::yield_now().await;
    }
    until_begun(treasury, begun).await;
    (caller, intake)
}

fn arrived(mut intake: Intake, body: &[u8]) -> Result<Received, Failure> {
    for piece in body[body.len() / 2..].chunks(PIECE_BYTES) {
        intake.append(piece)?;
    }
    intake.finish()
}

async fn submitted(treasury: &TestExchange, caller: &Caller, received: Received) -> Result<Submitted, Failure> {
    let options = SubmitOptions { request_id: "test".to_owned(), wait: Duration::from_secs(300), ..Default::default() };
    treasury.exchange.submit(caller, received, options).await
}

async fn in_two_halves(treasury: &TestExchange, body: &[u8]) -> Result<Submitted, Failure> {
    let (caller, intake) = half_arrived(treasury, body).await;
    submitted(treasury, &caller, arrived(intake, body)?).await
}

/// A message with refusals of all kinds: for the guideline, an account, a duplicate.
fn partly_refused() -> String {
    let mut file = File::of_many("MSG-1", 700, ESTONIAN);
    file.blocks[0].payments[3].creditor_iban = "EE382200221020145686".to_owned();
    file.blocks[0].payments[300].creditor_iban = municipality_account();
    file.blocks[0].payments[690] = payment("MSG-1-1", 1_00, ESTONIAN);
    file.xml()
}

#[tokio::test]
async fn the_answer_is_that_of_a_body_read_when_it_is_complete() {
    let good = File::of_many("MSG-1", 700, ESTONIAN).xml();
    let refused = partly_refused();
    let invalid = good.replacen("<EndToEndId>MSG-1-650</EndToEndId>", "", 1);
    let early = good.replacen("<CreDtTm>2026-11-23T09:30:00</CreDtTm>", "", 1);
    let broken = good.replacen("<EndToEndId>MSG-1-650</EndToEndId>", "<EndToEndId>MSG-1-650</EndToEnd>", 1);
    let cut = good[..good.len() - 40].to_owned();
    for body in [good, refused, invalid, early, broken, cut] {
        let (ahead, later) = (reading_ahead().await, reading_later().await);
        let given = in_two_halves(&ahead, body.as_bytes()).await;
        let expected = later.submit(Role::Manager, &body).await;
        match (given, expected) {
            (Ok(given), Ok(expected)) => assert_eq!(answered(Ok(given)), answered(Ok(expected))),
            (given, expected) => assert_eq!(given.unwrap_err(), expected.unwrap_err()),
        }
        assert_eq!((read_ahead(&ahead).0, read_ahead(&later)), (1, (0, 0)));
        until_no_mark(&ahead).await;
        ahead.carry_out().await;
        later.carry_out().await;
        assert_eq!(ahead.balance(&ministry_account()).await, later.balance(&ministry_account()).await);
        ahead.check_invariants().await;
    }
}

#[tokio::test]
async fn a_body_in_one_piece_and_one_in_trickles_get_the_same_answer() {
    let body = partly_refused();
    let mut answers = Vec::new();
    for piece in [usize::MAX, 65_537, 4_096, 700] {
        let treasury = reading_ahead().await;
        let caller = treasury.caller(Role::Manager).await;
        let mut intake = treasury.exchange.intake(&caller).unwrap();
        for piece in body.as_bytes().chunks(piece) {
            intake.append(piece).unwrap();
            tokio::task::yield_now().await;
        }
        answers.push(answered(submitted(&treasury, &caller, intake.finish().unwrap()).await));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(group_status(&answers[0].0), "PART");
}

#[tokio::test]
async fn a_reading_ahead_is_used() {
    let treasury = reading_ahead().await;
    let body = File::of_many("MSG-1", 700, ESTONIAN).xml();
    let (answer, repeated) = answered(in_two_halves(&treasury, body.as_bytes()).await);
    assert_eq!((group_status(&answer), repeated, read_ahead(&treasury)), ("ACCP", false, (1, 1)));
    until_no_mark(&treasury).await;
    // The same bytes get the stored answer, however they arrive.
    let again = answered(in_two_halves(&treasury, body.as_bytes()).await);
    assert_eq!((again, read_ahead(&treasury)), ((answer, true), (2, 1)));
    until_no_mark(&treasury).await;
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_trial_uses_it_and_leaves_nothing() {
    let treasury = reading_ahead().await;
    let body = partly_refused();
    let (caller, intake) = half_arrived(&treasury, body.as_bytes()).await;
    let received = arrived(intake, body.as_bytes()).unwrap();
    let options = SubmitOptions { mode: Mode::Test, ..SubmitOptions::default() };
    let (tried, _) = answered(treasury.exchange.submit(&caller, received, options).await);
    assert_eq!((group_status(&tried), read_ahead(&treasury)), ("PART", (1, 1)));
    assert_eq!(body_files(treasury.folder().unwrap()).len(), 0);
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 0));
}

#[tokio::test]
async fn a_body_that_breaks_off_leaves_nothing() {
    let treasury = reading_ahead().await;
    let body = File::of_many("MSG-1", 700, ESTONIAN).xml();
    let (_, intake) = half_arrived(&treasury, body.as_bytes()).await;
    assert_eq!(body_files(treasury.folder().unwrap()).len(), 1);
    drop(intake);
    until_no_mark(&treasury).await;
    assert_eq!(body_files(treasury.folder().unwrap()).len(), 0);
    let open = treasury.store.read(|reading| Ok::<_, Failure>(reading.unanswered_submissions(10)?)).await.unwrap();
    assert_eq!(open.len(), 0);
    treasury.check_invariants().await;
    let (answer, repeated) = answered(in_two_halves(&treasury, body.as_bytes()).await);
    assert_eq!((group_status(&answer), repeated, read_ahead(&treasury)), ("ACCP", false, (2, 1)));
}

#[tokio::test]
async fn the_same_bytes_twice_at_once_are_one_message() {
    let treasury = reading_ahead().await;
    let body = File::of_many("MSG-1", 700, ESTONIAN).xml();
    let (one, first) = half_arrived(&treasury, body.as_bytes()).await;
    // One body of a client is read ahead, so the other one is read when it is complete.
    let other = treasury.caller(Role::Manager).await;
    let mut second = treasury.exchange.intake(&other).unwrap();
    second.append(&body.as_bytes()[..body.len() / 2]).unwrap();
    let (first, second) = (arrived(first, body.as_bytes()).unwrap(), arrived(second, body.as_bytes()).unwrap());
    let (first, second) = tokio::join!(submitted(&treasury, &one, first), submitted(&treasury, &other, second));
    let ((first, is_first_repeated), (second, is_second_repeated)) = (answered(first), answered(second));
    assert_eq!((first, is_first_repeated), (second, !is_second_repeated));
    treasury.carry_out().await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 700_00, 0));
    treasury.check_invariants().await;
}

/// The message counts as received when it is complete, which is after the cut-off here.
#[tokio::test]
async fn a_cut_off_between_its_beginning_and_its_end_counts() {
    let body = File::of_many("MSG-1", 700, ESTONIAN).xml();
    let mut answers = Vec::new();
    for treasury in [reading_ahead().await, reading_later().await] {
        // 15:29:59 in Riga; the cut-off of SEPA is 15:30.
        treasury.clock.advance(SignedDuration::from_secs(5 * 3600 + 29 * 60 + 59));
        let caller = treasury.caller(Role::Manager).await;
        let mut intake = treasury.exchange.intake(&caller).unwrap();
        intake.append(&body.as_bytes()[..body.len() / 2]).unwrap();
        if answers.is_empty() {
            until_begun(&treasury, 0).await;
        }
        treasury.clock.advance(SignedDuration::from_secs(2));
        let received = arrived(intake, body.as_bytes()).unwrap();
        answers.push(answered(submitted(&treasury, &caller, received).await));
        let lots = treasury.store.read(|reading| {
            let stage = payments::Stage::Scheduled;
            Ok::<_, Failure>(reading.lots_in_stage(stage, jiff::civil::Date::MAX, None, 10)?.len())
        });
        assert_eq!(lots.await.unwrap(), 1, "the next day");
        assert_eq!(read_ahead(&treasury).1, 0);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn a_sender_that_pauses_is_read_when_its_body_is_complete() {
    let settings = Settings { read_ahead_patience: Duration::from_millis(1), ..settings() };
    let treasury = TestExchange::placed(Place::folder(), AcceptancePolicy::Partial, settings).await;
    let body = File::of_many("MSG-1", 700, ESTONIAN).xml();
    let (caller, intake) = half_arrived(&treasury, body.as_bytes()).await;
    // The thread waits for more, gives up, and its mark goes.
    until_no_mark(&treasury).await;
    let received = arrived(intake, body.as_bytes()).unwrap();
    let (answer, _) = answered(submitted(&treasury, &caller, received).await);
    assert_eq!((group_status(&answer), read_ahead(&treasury)), ("ACCP", (1, 0)));
}

/// A process ended while it read a body ahead: the mark is committed, nothing else.
async fn ended_while_reading_ahead(treasury: TestExchange, body: &str) -> TestExchange {
    let (_, intake) = half_arrived(&treasury, body.as_bytes()).await;
    let left = marks(&treasury).await;
    drop(intake);
    until_no_mark(&treasury).await;
    for (work, _) in left {
        treasury.store.write(move |writing| Ok::<_, Failure>(writing.count_work_attempt(&work)?)).await.unwrap();
    }
    treasury.restart()
}

#[tokio::test]
async fn after_a_process_that_ended_with_one_the_next_body_is_read_when_it_has_a_row() {
    let body = |number: u32| File::of_many(&format!("MSG-{number}"), 700, ESTONIAN).xml();
    let treasury = ended_while_reading_ahead(reading_ahead().await, &body(1)).await;
    let (answer, repeated) = answered(treasury.submit(Role::Manager, &body(1)).await);
    assert_eq!((group_status(&answer), repeated), ("ACCP", false));
    assert_eq!(read_ahead(&treasury).0, 0, "its attempts are counted in its row");
    // It was answered, so nothing is held against the client's messages any more.
    until_no_mark(&treasury).await;
    answered(in_two_halves(&treasury, body(2).as_bytes()).await);
    assert_eq!(read_ahead(&treasury), (1, 1));
    treasury.check_invariants().await;
}

/// What ends each process that reads it is set aside by the attempts at its row, and ends none any more.
#[tokio::test]
async fn what_ends_processes_is_set_aside_and_not_read_ahead_again() {
    let body = File::of_many("POISON", 700, ESTONIAN).xml();
    let mut treasury = ended_while_reading_ahead(reading_ahead().await, &body).await;
    let submission = left_over(&treasury, &body).await;
    for _ in 0..exchange::bounds::SUBMISSION_ATTEMPTS_MAX {
        let begins = treasury.store.write(move |writing| {
            writing.claim_submission(submission)?;
            Ok::<_, Failure>(writing.count_attempt(submission)?)
        });
        begins.await.unwrap();
        treasury = treasury.restart();
    }
    treasury.exchange.work_now().await.unwrap();
    for _ in 0..2 {
        let failure = treasury.submit(Role::Manager, &body).await.unwrap_err();
        assert_eq!((failure.code, read_ahead(&treasury)), (Code::SubmissionSetAside, (0, 0)));
    }
    // Another message of the client is answered, also when an operator has cleared the mark; none is read ahead meanwhile.
    let (work, _) = marks(&treasury).await.remove(0);
    treasury.store.write(move |writing| Ok::<_, Failure>(writing.clear_work_attempts(&work)?)).await.unwrap();
    let treasury = treasury.restart();
    let (answer, _) = answered(treasury.submit(Role::Manager, &File::of_many("MSG-1", 700, ESTONIAN).xml()).await);
    assert_eq!((group_status(&answer), read_ahead(&treasury).0), ("ACCP", 0));
}
