//! Who may do what, at every moment.

use std::net::IpAddr;

use exchange::{Fingerprint, Presented};
use jiff::SignedDuration;
use rulebook::Code;

use super::support::messages::{File, payment};
use super::support::*;

#[tokio::test]
async fn each_way_of_not_being_allowed_has_its_code() {
    let treasury = TestExchange::new().await;
    let unknown = Presented { fingerprint: Fingerprint([99; 32]), address: here() };
    let refused = treasury.exchange.authorise(&unknown, "unknown-1").await.unwrap_err();
    assert_eq!(refused.code, Code::UnknownCertificate);
    let elsewhere: IpAddr = "192.0.2.1".parse().unwrap();
    let from_elsewhere = Presented { fingerprint: Fingerprint([1; 32]), address: elsewhere };
    let refused = treasury.exchange.authorise(&from_elsewhere, "elsewhere-1").await.unwrap_err();
    assert_eq!(refused.code, Code::IpAddressNotAllowed);
    assert!(refused.sentence(rulebook::Language::English).contains("192.0.2.1"), "{refused}");
    // An IPv4 address as a dual-stack listener shows it.
    let mapped: IpAddr = "::ffff:127.0.0.1".parse().unwrap();
    let from_here = Presented { fingerprint: Fingerprint([1; 32]), address: mapped };
    treasury.exchange.authorise(&from_here, "mapped-1").await.unwrap();
    treasury.revoke(Role::Manager).await;
    assert_eq!(treasury.authorise(Role::Manager).await.unwrap_err().code, Code::CertificateRevoked);
    treasury.clock.advance(SignedDuration::from_hours(24 * 60));
    assert_eq!(treasury.authorise(Role::Viewer).await.unwrap_err().code, Code::CertificateExpired);
}

#[tokio::test]
async fn refusals_leave_audit_lines_and_the_chain_verifies() {
    let treasury = TestExchange::new().await;
    treasury.revoke(Role::Manager).await;
    treasury.authorise(Role::Manager).await.unwrap_err();
    let lines = treasury.store.read(|reading| Ok::<_, exchange::Failure>(reading.audit(0, 1_000)?)).await.unwrap();
    let last = &lines.last().unwrap().line;
    assert_eq!(last.action, "request.refused");
    assert!(last.detail.starts_with("TDAM-1003"), "{last:?}");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_flood_of_refusals_leaves_a_few_lines_that_tell_of_all() {
    let treasury = TestExchange::new().await;
    treasury.revoke(Role::Manager).await;
    let before = treasury.audit_lines().await.len();
    for number in 0..500 {
        treasury.authorise_as(Role::Manager, &format!("flood-{number}")).await.unwrap_err();
    }
    // A user refused in the middle of a flood has a separate line at once.
    let elsewhere = Presented { fingerprint: Fingerprint([2; 32]), address: "192.0.2.1".parse().unwrap() };
    treasury.exchange.authorise(&elsewhere, "quiet-1").await.unwrap_err();
    let at_once = treasury.audit_lines().await[before..].to_vec();
    let details: Vec<&str> = at_once.iter().map(|line| line.detail.as_str()).collect();
    assert_eq!(at_once.len(), 2, "{details:?}");
    assert!(details[0].contains("address 127.0.0.1 request flood-0"), "{details:?}");
    assert!(details[1].contains("address 192.0.2.1 request quiet-1"), "{details:?}");

    treasury.clock.advance(SignedDuration::from_mins(1));
    treasury.exchange.work_now().await.unwrap();
    let later = treasury.audit_lines().await[before + 2..].to_vec();
    let [summary] = later.as_slice() else { panic!("{later:?}") };
    assert!(summary.detail.starts_with("TDAM-1003 online user 1 count 500 first "), "{summary:?}");
    assert!(summary.detail.ends_with("request flood-499"), "{summary:?}");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn refusals_of_many_are_bounded_too() {
    let treasury = TestExchange::new().await;
    let before = treasury.audit_lines().await.len();
    let callers = 1_000;
    for number in 0..callers {
        let mut fingerprint = [77; 32];
        fingerprint[..4].copy_from_slice(&u32::to_be_bytes(number));
        let unknown = Presented { fingerprint: Fingerprint(fingerprint), address: here() };
        treasury.exchange.authorise(&unknown, &format!("unknown-{number}")).await.unwrap_err();
    }
    treasury.clock.advance(SignedDuration::from_mins(1));
    treasury.exchange.work_now().await.unwrap();
    let lines = treasury.audit_lines().await[before..].to_vec();
    let most = exchange::bounds::REFUSAL_LINES_AT_ONCE_MAX + exchange::bounds::REFUSAL_KINDS_MAX + 1;
    assert!(lines.len() <= most, "{} lines", lines.len());
    // Each is counted: those with lines of their own, and the others together.
    let counted = |line: &store::AuditLine| {
        let mut words = line.detail.split(' ').skip_while(|word| *word != "count");
        words.nth(1).map_or(1, |count| count.parse::<u32>().unwrap())
    };
    assert_eq!(lines.iter().map(counted).sum::<u32>(), callers);
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_viewer_may_look_and_not_pay() {
    let treasury = TestExchange::new().await;
    let file = File::new("MSG-1", vec![payment("A", 12_50, ESTONIAN)]).xml();
    assert_eq!(treasury.code(Role::Viewer, &file).await, Code::ViewUserMayNotPay);
    treasury.answer(&file).await;
    let viewer = treasury.caller(Role::Viewer).await;
    let status = treasury.exchange.status_overview(&viewer, "MSG-1").await.unwrap().judged().unwrap();
    assert_eq!(status.status, exchange::Status::Accepted);
    let accounts = treasury.exchange.accounts(&viewer).await.unwrap();
    assert_eq!(accounts.len(), 2);
    assert!(accounts.iter().all(|account| !account.may_debit));
}

#[tokio::test]
async fn somebody_elses_account_and_none_at_all_are_answered_alike() {
    let treasury = TestExchange::new().await;
    let codes = |answer: &str| texts(answer, "AddtlInf").first().map(|text| text[..9].to_owned());
    let somebodys = File::new("MSG-1", vec![payment("A", 1_00, ESTONIAN)]).from(&municipality_account());
    let nobodys = File::new("MSG-2", vec![payment("B", 1_00, ESTONIAN)]).from(&treasury_iban(77));
    let (somebodys, nobodys) = (treasury.answer(&somebodys.xml()).await, treasury.answer(&nobodys.xml()).await);
    assert_eq!(group_status(&somebodys), "RJCT");
    assert_eq!(codes(&somebodys), codes(&nobodys));
    assert!(somebodys.contains("TDAM-4003"), "{somebodys}");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_certificate_revoked_between_request_and_decision_stops_the_message() {
    let treasury = TestExchange::new().await;
    let file = File::new("MSG-1", vec![payment("A", 12_50, ESTONIAN)]).xml();
    let (caller, received) = treasury.receive(Role::Manager, file.as_bytes()).await.unwrap();
    treasury.revoke(Role::Manager).await;
    let options = exchange::SubmitOptions { request_id: "test".to_owned(), ..Default::default() };
    let failure = treasury.exchange.submit(&caller, received, options).await.unwrap_err();
    assert_eq!(failure.code, Code::CertificateRevoked);
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 0));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_client_sees_only_its_own_messages() {
    let treasury = TestExchange::new().await;
    treasury.answer(&File::new("MSG-1", vec![payment("A", 12_50, ESTONIAN)]).xml()).await;
    let neighbour = treasury.caller(Role::Neighbour).await;
    let failure = treasury.exchange.status(&neighbour, "MSG-1").await.unwrap_err();
    assert_eq!(failure.code, Code::NotFound);
}
