//! Messages that are staged in chunks.

use std::time::Duration;

use exchange::{MessageStatus, MessageType, Mode, Submitted};
use rulebook::Code;

use super::restart::left_over;
use super::support::messages::{File, payment};
use super::support::*;

#[tokio::test]
async fn five_hundred_payments_go_all_the_way() {
    let treasury = TestExchange::with_small_chunks().await;
    let mut file = File::of_many("MSG-1", 500, ESTONIAN);
    for place in (0..500).step_by(5) {
        file.blocks[0].payments[place].creditor_iban = municipality_account();
    }
    file.blocks[0].payments[123].creditor_iban = "EE382200221020145686".to_owned();
    let answer = treasury.answer(&file.xml()).await;
    assert_eq!(group_status(&answer), "PART");
    assert_eq!(texts(&answer, "OrgnlEndToEndId"), ["MSG-1-123"]);
    treasury.check_invariants().await;
    treasury.carry_out().await;
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING - 499_00, 0));
    assert_eq!(treasury.balance(&municipality_account()).await, (100_00, 0));
    let status = treasury.status("MSG-1").await;
    assert_eq!(texts(&status, "DtldSts")[..2], ["ACSC", "RJCT"]);
    treasury.check_invariants().await;
}

#[tokio::test]
async fn who_does_not_wait_gets_a_receipt_and_comes_back() {
    let treasury = TestExchange::with_small_chunks().await;
    let file = File::of_many("MSG-1", 500, ESTONIAN).xml();
    let submitted = treasury.submit_with(Role::Manager, &file, Mode::Execute, Duration::ZERO).await.unwrap();
    let Submitted::InProgress { submission, message_type, receipt } = submitted else { panic!("{submitted:?}") };
    assert_eq!(message_type, MessageType::Pain002V10);
    assert!(String::from_utf8(receipt).unwrap().contains("<GrpSts>RCVD</GrpSts>"));
    let caller = treasury.caller(Role::Manager).await;
    let outcome = treasury.exchange.outcome(&caller, submission, Duration::from_secs(60)).await;
    assert_eq!(group_status(&answered(outcome).0), "ACCP");
    let neighbour = treasury.caller(Role::Neighbour).await;
    let outcome = treasury.exchange.outcome(&neighbour, submission, Duration::ZERO).await;
    assert_eq!(outcome.unwrap_err().code, Code::NotFound);
}

/// Received and durable, but not judged: the view of a client that has a receipt and asks by `MsgId`.
#[tokio::test]
async fn a_message_that_waits_for_its_answer_has_a_status_by_its_msg_id() {
    let treasury = TestExchange::with_small_chunks().await;
    for number in 1..=3 {
        left_over(&treasury, &File::of_many(&format!("MSG-{number}"), 300, ESTONIAN).xml()).await;
    }
    let caller = treasury.caller(Role::Manager).await;
    let status = treasury.exchange.status(&caller, "MSG-2").await.unwrap();
    assert_eq!(status.message_type, MessageType::Pain002V10);
    let status = String::from_utf8(status.pain002).unwrap();
    assert_eq!((group_status(&status), texts(&status, "OrgnlMsgId")), ("RCVD", vec!["MSG-2"]));
    let MessageStatus::Received(received) = treasury.exchange.status_overview(&caller, "MSG-2").await.unwrap() else {
        panic!("nobody has judged it");
    };
    assert_eq!((received.message_id(), received.number_of_transactions()), ("MSG-2", 300));
    // A colleague sees it too; another client does not, and a message that was never sent is not found.
    let viewer = treasury.caller(Role::Viewer).await;
    assert!(treasury.exchange.status(&viewer, "MSG-3").await.is_ok());
    let neighbour = treasury.caller(Role::Neighbour).await;
    for (caller, message_id) in [(&neighbour, "MSG-2"), (&caller, "MSG-4"), (&caller, "MSG")] {
        let failure = treasury.exchange.status(caller, message_id).await.unwrap_err();
        assert_eq!((failure.code, failure.detail.as_str()), (Code::NotFound, message_id));
        assert_eq!(treasury.exchange.status_overview(caller, message_id).await.unwrap_err().code, Code::NotFound);
    }
    let treasury = treasury.restart();
    treasury.exchange.work_now().await.unwrap();
    assert_eq!(group_status(&treasury.status("MSG-2").await), "ACSP");
    assert!(treasury.exchange.status_overview(&caller, "MSG-2").await.unwrap().judged().is_some());
}

/// "There is none" would make the client send it again.
#[tokio::test]
async fn a_message_that_waits_is_not_said_to_be_none_while_its_body_cannot_be_read() {
    let treasury = TestExchange::with_small_chunks().await;
    // On PostgreSQL bodies are in the database.
    let Some(bodies) = treasury.folder().map(|folder| folder.join("bodies")) else { return };
    left_over(&treasury, &File::of_many("MSG-1", 3_000, ESTONIAN).xml()).await;
    let caller = treasury.caller(Role::Manager).await;
    let away = bodies.with_extension("away");
    std::fs::rename(&bodies, &away).unwrap();
    for message_id in ["MSG-1", "MSG-2"] {
        let failure = treasury.exchange.status(&caller, message_id).await.unwrap_err();
        assert_eq!(failure.code, Code::InternalError);
        assert_eq!(treasury.exchange.status_overview(&caller, message_id).await.unwrap_err().code, Code::InternalError);
    }
    std::fs::rename(&away, &bodies).unwrap();
    assert!(treasury.exchange.status(&caller, "MSG-1").await.is_ok());
    assert_eq!(treasury.exchange.status(&caller, "MSG-2").await.unwrap_err().code, Code::NotFound);
}

#[tokio::test]
async fn a_schema_error_at_the_end_leaves_nothing_and_the_receipt_finds_it() {
    let treasury = TestExchange::with_small_chunks().await;
    let file = File::of_many("MSG-1", 500, ESTONIAN).xml().replace("MSG-1-499</EndToEndId>", "</EndToEndId>");
    let submitted = treasury.submit_with(Role::Manager, &file, Mode::Execute, Duration::ZERO).await.unwrap();
    let Submitted::InProgress { submission, .. } = submitted else { panic!("{submitted:?}") };
    let caller = treasury.caller(Role::Manager).await;
    let failure = treasury.exchange.outcome(&caller, submission, Duration::from_secs(60)).await.unwrap_err();
    assert_eq!((failure.code, failure.findings_total), (Code::ValueLength, 1), "{failure:?}");
    // It is kept for those who come later still.
    let again = treasury.exchange.outcome(&caller, submission, Duration::ZERO).await.unwrap_err();
    assert_eq!(again, failure);
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_tail_without_funds_is_named_up_to_a_bound_and_told_by_the_block_beyond() {
    for (named_max, named) in [(10_000, 100), (10, 0)] {
        let settings = exchange::Settings {
            small_message_payments_max: 10,
            stage_chunk_payments: 64,
            refusals_named_max: named_max,
            ..exchange::Settings::default()
        };
        let treasury = TestExchange::with(exchange::AcceptancePolicy::Partial, settings).await;
        let file = File::of_many("MSG-1", 600, ESTONIAN).from(&ministry_second_account());
        let answer = treasury.answer(&file.xml()).await;
        assert_eq!(group_status(&answer), "PART");
        assert_eq!(texts(&answer, "OrgnlEndToEndId").len(), named);
        assert_eq!(answer.contains("from number 501 to 600"), named == 0, "{answer}");
        assert_eq!(texts(&treasury.status("MSG-1").await, "OrgnlEndToEndId").len(), named);
        treasury.check_invariants().await;
    }
}

#[tokio::test]
async fn many_small_messages_at_once_share_commits() {
    let treasury = TestExchange::new().await;
    let files: Vec<String> = (0..64)
        .map(|number| File::new(&format!("M{number}"), vec![payment(&format!("E{number}"), 1_00, ESTONIAN)]).xml())
        .collect();
    let before = treasury.store.counters();
    let mut tasks = tokio::task::JoinSet::new();
    let treasury = std::sync::Arc::new(treasury);
    for file in files {
        let treasury = treasury.clone();
        tasks.spawn(async move { group_status(&treasury.answer(&file).await).to_owned() });
    }
    while let Some(status) = tasks.join_next().await {
        assert_eq!(status.unwrap(), "ACCP");
    }
    let after = treasury.store.counters();
    assert_eq!(after.jobs - before.jobs, 64);
    // In PostgreSQL each has its own.
    assert!(treasury.folder().is_none() || after.commits - before.commits < 64, "{before:?} {after:?}");
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 64_00));
    treasury.check_invariants().await;
}
