//! Whether a submission has to be signed is decided with the submission: a demand that came since it began counts.
use std::time::Duration;

use exchange::{Fingerprint, MessageId, Mode, RequestEvidence, UserChange};
use rulebook::Code;

use super::restart::left_over;
use super::support::messages::File;
use super::support::*;

async fn demand(treasury: &TestExchange) {
    let caller = treasury.caller(Role::Manager).await;
    let change = UserChange::RequireSignature(true);
    assert!(treasury.exchange.operator().change_online_user(caller.identity().user.id, change).await.unwrap());
}

/// Receives a body, demands signatures of its sender, then submits it without one.
async fn demanded_meanwhile(treasury: &TestExchange, xml: &str, mode: Mode) -> Code {
    let (caller, received) = treasury.receive(Role::Manager, xml.as_bytes()).await.unwrap();
    demand(treasury).await;
    let options = exchange::SubmitOptions {
        request_id: "test".to_owned(),
        wait: Duration::from_secs(300),
        mode,
        ..exchange::SubmitOptions::default()
    };
    treasury.exchange.submit(&caller, received, options).await.unwrap_err().code
}

#[tokio::test]
async fn a_demand_since_the_submission_began_is_met_or_the_submission_refused() {
    for (payments, mode) in [(2, Mode::Execute), (300, Mode::Execute), (2, Mode::Test), (300, Mode::Test)] {
        let treasury = TestExchange::with_small_chunks().await;
        let xml = File::of_many("MSG-1", payments, ESTONIAN).xml();
        assert_eq!(demanded_meanwhile(&treasury, &xml, mode).await, Code::SignatureRequired, "{payments} {mode:?}");
        assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 0));
        treasury.check_invariants().await;
    }
}

#[tokio::test]
async fn what_was_answered_before_the_demand_stays_answered() {
    let treasury = TestExchange::new().await;
    let xml = File::of_many("MSG-1", 2, ESTONIAN).xml();
    let answer = treasury.answer(&xml).await;
    demand(&treasury).await;
    let again = answered(treasury.submit(Role::Manager, &xml).await);
    assert_eq!(again, (answer, true));
}

async fn sign(treasury: &TestExchange, submission: MessageId) {
    let certificate = b"the certificate".to_vec();
    let sha256 = Fingerprint(pki::fingerprint(&certificate));
    let evidence = RequestEvidence {
        received_at: MORNING.parse().unwrap(),
        method: "POST".to_owned(),
        authority: "exchange.example".to_owned(),
        target: "/v1/payments".to_owned(),
        content_digest: String::new(),
        signature_input: String::new(),
        signature: String::new(),
        fields: String::new(),
        certificate: sha256,
        issuers: Vec::new(),
        authority_key: Vec::new(),
    };
    let kept = treasury.store.write(move |writing| {
        writing.insert_evidence_certificate(&sha256, &certificate)?;
        Ok::<_, exchange::Failure>(writing.insert_evidence(submission, &evidence)?)
    });
    kept.await.unwrap();
}

#[tokio::test]
async fn a_submission_that_a_restart_left_is_judged_by_what_it_was_signed_with() {
    for is_signed in [false, true] {
        let treasury = TestExchange::with_small_chunks().await;
        let submission = left_over(&treasury, &File::of_many("MSG-1", 300, ESTONIAN).xml()).await;
        if is_signed {
            sign(&treasury, submission).await;
        }
        demand(&treasury).await;
        let treasury = treasury.restart();
        treasury.exchange.work_now().await.unwrap();
        let caller = treasury.caller(Role::Manager).await;
        let outcome = treasury.exchange.outcome(&caller, submission, Duration::ZERO).await;
        if is_signed {
            assert_eq!(group_status(&answered(outcome).0), "ACCP");
        } else {
            assert_eq!(outcome.unwrap_err().code, Code::SignatureRequired);
        }
        treasury.check_invariants().await;
    }
}
