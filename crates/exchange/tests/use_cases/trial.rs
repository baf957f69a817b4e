//! `mode=test`: the full check, and nothing left of it.

use std::fs::{self, File as Pipe};
use std::io::{ErrorKind, Write as _};
use std::process::Command;
use std::time::Duration;

use exchange::{AccountState, Mode, SubmitOptions};
use rulebook::Code;

use super::support::messages::{File, payment};
use super::support::*;

#[tokio::test]
async fn a_trial_tells_all_and_leaves_an_audit_line() {
    for treasury in [TestExchange::new().await, TestExchange::with_small_chunks().await] {
        let mut file = File::of_many("MSG-1", 30, ESTONIAN);
        file.blocks[0].payments[3].creditor_iban = "EE382200221020145686".to_owned();
        file.blocks[0].payments[20].cents = OPENING;
        let xml = file.xml();
        let tried = treasury.submit_with(Role::Manager, &xml, Mode::Test, Duration::ZERO).await;
        let (tried, _) = answered(tried);
        assert_eq!(group_status(&tried), "PART");
        assert!(tried.contains("AM04") && tried.contains("AC03"), "{tried}");
        assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 0));
        let left = treasury
            .store
            .read(|reading| {
                let lines = reading.audit(0, 1_000)?;
                Ok::<_, exchange::Failure>((reading.unanswered_submissions(10)?, lines.last().cloned()))
            })
            .await
            .unwrap();
        assert_eq!(left.0, []);
        assert_eq!(left.1.unwrap().line.action, "payments.tried");
        // The MsgId is free, and no duplicate is found.
        file.blocks[0].payments[20].cents = 1_00;
        assert_eq!(texts(&treasury.answer(&file.xml()).await, "OrgnlEndToEndId"), ["MSG-1-3"]);
        treasury.check_invariants().await;
    }
}

#[tokio::test]
async fn a_trial_of_something_unreadable_says_so() {
    let treasury = TestExchange::new().await;
    let xml = File::new("MSG-1", vec![payment("A", 1_00, ESTONIAN)]).xml().replace("<PmtMtd>TRF</PmtMtd>", "");
    let failure = treasury.submit_with(Role::Manager, &xml, Mode::Test, Duration::ZERO).await.unwrap_err();
    assert_eq!(failure.findings_total, 1, "{failure:?}");
}

#[tokio::test]
async fn a_trial_under_a_used_message_id_tells_what_it_would_get() {
    for treasury in [TestExchange::new().await, TestExchange::with_small_chunks().await] {
        let file = File::of_many("MSG-1", 30, ESTONIAN);
        let answer = treasury.answer(&file.xml()).await;
        let tried = treasury.submit_with(Role::Manager, &file.xml(), Mode::Test, Duration::ZERO).await;
        assert_eq!(answered(tried).0, answer);
        let other = File::of_many("MSG-1", 31, ESTONIAN).xml();
        let failure = treasury.submit_with(Role::Manager, &other, Mode::Test, Duration::ZERO).await.unwrap_err();
        assert_eq!(failure.code, Code::MessageIdUsed);
        treasury.check_invariants().await;
    }
}

#[tokio::test]
async fn nobody_learns_by_trying_why_an_account_of_another_takes_nothing() {
    let mut told = Vec::new();
    for state in [AccountState::Blocked, AccountState::Closed] {
        let treasury = TestExchange::new().await;
        treasury.exchange.operator().set_account_state(&municipality_account(), state).await.unwrap();
        let xml = File::new("MSG-1", vec![payment("A", 1_00, &municipality_account())]).xml();
        let tried = treasury.submit_with(Role::Manager, &xml, Mode::Test, Duration::ZERO).await;
        for answer in [answered(tried).0, treasury.answer(&xml).await] {
            told.push(texts(&answer, "AddtlInf").into_iter().map(str::to_owned).collect::<Vec<_>>());
        }
    }
    assert!(told[0].iter().any(|text| text.contains("cannot be credited")), "{told:?}");
    assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
}

/// A pipe stands for the body, so the test sees how far the thread reads: a comment without end comes before the header.
#[tokio::test(flavor = "multi_thread")]
async fn a_trial_whose_client_leaves_before_the_header_is_read_no_further() {
    let treasury = TestExchange::with_small_chunks_at(Place::folder()).await;
    let xml = File::of_many("MSG-1", 2_000, ESTONIAN).xml();
    let (caller, received) = treasury.receive(Role::Manager, xml.as_bytes()).await.unwrap();
    let [body] = &body_files(treasury.folder().unwrap())[..] else { panic!("the body lies in a file") };
    fs::remove_file(body).unwrap();
    assert!(Command::new("mkfifo").arg(body).status().unwrap().success());
    let exchange = treasury.exchange.clone();
    let trial = tokio::spawn(async move {
        let options = SubmitOptions { mode: Mode::Test, ..SubmitOptions::default() };
        exchange.submit(&caller, received, options).await
    });
    let (head, pipe) = (xml[..xml.find("<GrpHdr>").unwrap()].to_owned(), body.clone());
    let mut pipe = tokio::task::spawn_blocking(move || {
        // Waits for the thread that reads.
        let mut pipe = Pipe::options().write(true).open(pipe).unwrap();
        pipe.write_all(head.as_bytes()).unwrap();
        pipe.write_all(b"<!--").unwrap();
        pipe
    })
    .await
    .unwrap();
    trial.abort();
    assert!(trial.await.unwrap_err().is_cancelled());
    let error = tokio::task::spawn_blocking(move || {
        loop {
            if let Err(error) = pipe.write_all(&[b'x'; 1 << 16]) {
                return error;
            }
        }
    });
    assert_eq!(error.await.unwrap().kind(), ErrorKind::BrokenPipe, "the thread has closed the body");
}
