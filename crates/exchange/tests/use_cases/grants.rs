//! Accounts that are granted to an online user, one by one, and withdrawn; a suspension.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use exchange::{Caller, Failure, Grants, OnlineUserId, UserChange};
use rulebook::Code;

use super::support::messages::{File, payment, report_request};
use super::support::*;

fn these(iban: String) -> Grants {
    Grants::These(vec![iban])
}

async fn user(treasury: &TestExchange, role: Role) -> OnlineUserId {
    treasury.caller(role).await.identity().user.id
}

async fn change(treasury: &TestExchange, role: Role, change: UserChange) -> bool {
    let user = user(treasury, role).await;
    treasury.exchange.operator().change_online_user(user, change).await.unwrap()
}

async fn seen(treasury: &TestExchange, role: Role) -> Vec<String> {
    let caller = treasury.caller(role).await;
    let accounts = treasury.exchange.accounts(&caller).await.unwrap();
    accounts.into_iter().map(|account| account.iban).collect()
}

async fn order(treasury: &TestExchange, iban: &str) -> Result<exchange::ReportHandle, Failure> {
    let request = report_request("camt.052.001.08", iban, TODAY, TODAY);
    let (caller, received) = treasury.receive(Role::Manager, request.as_bytes()).await?;
    Ok(treasury.exchange.order_reports(&caller, received).await?.remove(0))
}

#[tokio::test]
async fn an_account_that_is_not_granted_has_its_own_code_and_another_clients_does_not_exist() {
    let treasury = TestExchange::new().await;
    assert!(change(&treasury, Role::Manager, UserChange::Withdraw(these(ministry_second_account()))).await);
    assert!(!change(&treasury, Role::Manager, UserChange::Withdraw(these(ministry_second_account()))).await, "once");
    assert_eq!(seen(&treasury, Role::Manager).await, [ministry_account()]);
    let mut both = vec![ministry_account(), ministry_second_account()];
    both.sort();
    assert_eq!(seen(&treasury, Role::OtherManager).await, both, "another user's are untouched");

    let cases = [
        (ministry_second_account(), Code::AccountNotGranted, Code::ReportAccountNotGranted),
        (municipality_account(), Code::AccountNotYours, Code::ReportAccountNotYours),
        (treasury_iban(99), Code::AccountNotYours, Code::ReportAccountNotYours),
    ];
    for (place, (iban, to_pay, to_see)) in cases.into_iter().enumerate() {
        let id = format!("MSG-{place}");
        let answer = treasury.answer(&File::new(&id, vec![payment(&id, 1_00, ESTONIAN)]).from(&iban).xml()).await;
        assert_eq!(group_status(&answer), "RJCT");
        let caller = treasury.caller(Role::Manager).await;
        let overview = treasury.exchange.status_overview(&caller, &id).await.unwrap().judged().unwrap();
        assert_eq!(overview.blocks[0].reasons[0].code, to_pay, "{iban}");
        assert_eq!(order(&treasury, &iban).await.unwrap_err().code, to_see, "{iban}");
    }
    assert!(change(&treasury, Role::Manager, UserChange::Grant(Grants::All)).await);
    let file = File::new("AGAIN", vec![payment("A", 1_00, ESTONIAN)]).from(&ministry_second_account()).xml();
    assert_eq!(group_status(&treasury.answer(&file).await), "ACCP");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn only_accounts_of_the_client_are_granted_and_a_later_one_to_nobody() {
    let treasury = TestExchange::new().await;
    let manager = user(&treasury, Role::Manager).await;
    let operator = treasury.exchange.operator();
    let other = operator.change_online_user(manager, UserChange::Grant(these(municipality_account()))).await;
    assert_eq!(other.unwrap_err().code, Code::DebtorAccountUnknown);
    let nobody = operator.change_online_user(OnlineUserId(4711), UserChange::Suspend).await;
    assert_eq!(nobody.unwrap_err().code, Code::NotFound);
    let later = treasury_iban(77);
    operator
        .insert_account(exchange::NewAccount {
            client: treasury.ministry,
            iban: later.clone(),
            owner_name: "Ministrija".to_owned(),
            kind: exchange::AccountKind::Donation,
            currency: money::Currency::EUR,
            opening: 0,
            limits: exchange::Limits::default(),
        })
        .await
        .unwrap();
    assert!(!seen(&treasury, Role::Manager).await.contains(&later));
    assert!(change(&treasury, Role::Manager, UserChange::Grant(these(later.clone()))).await);
    assert!(seen(&treasury, Role::Manager).await.contains(&later));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn one_operator_withdraws_an_account_and_two_grant_it() {
    let clock = SetClock::showing(MORNING.parse().unwrap());
    let treasury = TestExchange::in_production(Place::chosen(), clock).await;
    let before = seen(&treasury, Role::Manager).await;
    assert!(change(&treasury, Role::Manager, UserChange::Withdraw(these(ministry_account()))).await);
    let manager = user(&treasury, Role::Manager).await;
    for grants in [Grants::All, these(ministry_account())] {
        let granted = treasury.exchange.operator().change_online_user(manager, UserChange::Grant(grants)).await;
        assert_eq!(granted.unwrap_err().code, Code::GrantingNeedsTwo);
    }
    assert_eq!(seen(&treasury, Role::Manager).await.len(), before.len() - 1, "nothing of it took effect");
}

#[tokio::test]
async fn a_suspended_user_is_refused_everything_until_it_is_resumed() {
    let treasury = TestExchange::new().await;
    let manager = user(&treasury, Role::Manager).await;
    let operator = treasury.exchange.operator().acting_as("uid 1000");
    assert!(operator.change_online_user(manager, UserChange::Suspend).await.unwrap());
    assert_eq!(treasury.authorise(Role::Manager).await.unwrap_err().code, Code::OnlineUserSuspended);
    treasury.caller(Role::OtherManager).await;
    assert!(!operator.change_online_user(manager, UserChange::Suspend).await.unwrap());
    assert!(operator.change_online_user(manager, UserChange::Resume).await.unwrap());
    treasury.caller(Role::Manager).await;
    let lines = treasury.audit_lines().await;
    let line = lines.iter().find(|line| line.action == "online-user.suspended").unwrap();
    assert_eq!(line.actor, "operator uid 1000");
    assert!(
        line.detail.contains("was accounts=2 suspended=false signature-required=false row online user"),
        "{line:?}"
    );
    treasury.check_invariants().await;
}

/// Who pays on while an account is withdrawn: the trail shows no payment from it after the withdrawal, which is the order in
/// which the two were committed.
async fn nothing_is_accepted_after_a_withdrawal(treasury: TestExchange, payments: usize) {
    const MESSAGES_MIN: usize = 6;
    let (treasury, ends) = (Arc::new(treasury), Arc::new(AtomicBool::new(false)));
    let senders: Vec<_> = (0..4)
        .map(|sender| {
            let (treasury, ends) = (Arc::clone(&treasury), Arc::clone(&ends));
            tokio::spawn(async move {
                let mut answers = Vec::new();
                while !ends.load(Ordering::SeqCst) || answers.len() < MESSAGES_MIN {
                    let id = format!("MSG-{sender}-{}", answers.len());
                    let answer = treasury.answer(&File::of_many(&id, payments, ESTONIAN).xml()).await;
                    answers.push(group_status(&answer).to_owned());
                    if answers.last().is_some_and(|status| status == "RJCT") {
                        break;
                    }
                }
                answers
            })
        })
        .collect();
    let accepted = |lines: &[store::AuditLine]| lines.iter().filter(|line| line.action == "payments.accepted").count();
    while accepted(&treasury.audit_lines().await) < MESSAGES_MIN {
        tokio::time::sleep(crate::BETWEEN_LOOKS).await;
    }
    assert!(change(&treasury, Role::Manager, UserChange::Withdraw(these(ministry_account()))).await);
    let late = treasury.answer(&File::of_many("LATE", payments, ESTONIAN).xml()).await;
    assert_eq!(group_status(&late), "RJCT", "the withdrawal had returned");
    ends.store(true, Ordering::SeqCst);
    for sender in senders {
        assert_eq!(sender.await.unwrap().last().unwrap(), "RJCT");
    }
    let lines = treasury.audit_lines().await;
    let withdrawn = lines.iter().position(|line| line.action == "online-user.withdrawn").unwrap();
    assert!(accepted(&lines[..withdrawn]) >= MESSAGES_MIN);
    assert_eq!(accepted(&lines[withdrawn..]), 0);
    treasury.check_invariants().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_withdrawn_while_small_messages_are_decided_on() {
    nothing_is_accepted_after_a_withdrawal(TestExchange::new().await, 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_withdrawn_while_large_messages_are_decided_on() {
    nothing_is_accepted_after_a_withdrawal(TestExchange::with_small_chunks().await, 300).await;
}

#[tokio::test]
async fn a_report_ends_with_the_grant_of_its_account() {
    let treasury = TestExchange::new().await;
    treasury.answer(&File::new("MSG-1", vec![payment("A", 10_00, ESTONIAN)]).xml()).await;
    treasury.carry_out().await;
    let handle = order(&treasury, &ministry_account()).await.unwrap();
    let reads: Caller = treasury.caller(Role::Manager).await;
    assert!(!reads.shows_accounts());
    let page = treasury.exchange.report_page(&reads, handle.report, 1).await.unwrap();
    assert!(reads.shows_accounts());
    treasury.exchange.still_shows(&reads).await.unwrap();
    // Another account's grant is none of its business.
    assert!(change(&treasury, Role::Manager, UserChange::Withdraw(these(ministry_second_account()))).await);
    treasury.exchange.still_shows(&reads).await.unwrap();
    assert!(change(&treasury, Role::Manager, UserChange::Withdraw(these(ministry_account()))).await);
    assert_eq!(treasury.exchange.rights_ended(&reads).await.code, Code::ReportAccountNotGranted);
    assert_eq!(treasury.exchange.still_shows(&reads).await.unwrap_err().code, Code::ReportAccountNotGranted);
    let later = treasury.caller(Role::Manager).await;
    let refused = treasury.exchange.report_page(&later, handle.report, 1).await.unwrap_err();
    assert_eq!(refused.code, Code::ReportAccountNotGranted);
    assert_eq!(
        treasury.exchange.made_page(&later, page).unwrap_err().code,
        Code::ReportAccountNotGranted,
        "nor one that was made ahead"
    );
}

#[tokio::test]
async fn the_status_of_anothers_message_needs_the_accounts_that_it_debits() {
    let treasury = TestExchange::new().await;
    treasury.answer(&File::new("MSG-1", vec![payment("A", 10_00, ESTONIAN)]).xml()).await;
    let other = treasury.caller(Role::OtherManager).await;
    treasury.exchange.status(&other, "MSG-1").await.unwrap();
    for role in [Role::OtherManager, Role::Manager] {
        change(&treasury, role, UserChange::Withdraw(these(ministry_account()))).await;
    }
    let other = treasury.caller(Role::OtherManager).await;
    assert_eq!(treasury.exchange.status(&other, "MSG-1").await.unwrap_err().code, Code::NotFound);
    let own = treasury.caller(Role::Manager).await;
    treasury.exchange.status(&own, "MSG-1").await.expect("its own answer");
}

#[tokio::test]
async fn grants_that_nobody_noted_are_found() {
    let treasury = TestExchange::new().await;
    let manager = user(&treasury, Role::Manager).await;
    treasury
        .store
        .write(move |writing| {
            let mut user = writing.online_user(manager)?.unwrap();
            let foreign = writing.accounts_by_iban(&[&municipality_account()])?.remove(0);
            user.granted_accounts.push(foreign.ledger.id);
            Ok::<_, Failure>(writing.update_online_user(&user)?)
        })
        .await
        .unwrap();
    let problems = treasury.store.check().unwrap().problems;
    assert!(problems.iter().any(|problem| problem.contains("not what the audit says: online user 1")), "{problems:?}");
    assert!(problems.iter().any(|problem| problem.contains("not their client's: online user 1")), "{problems:?}");
    // Nor does it open the other client's account.
    let answer = File::new("MSG-1", vec![payment("A", 1_00, ESTONIAN)]).from(&municipality_account()).xml();
    assert_eq!(group_status(&treasury.answer(&answer).await), "RJCT");
}
