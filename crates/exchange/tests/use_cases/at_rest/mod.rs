//! Data at rest: the check finds and names every fault. The test causes each checked fault on purpose, in a copy of a
//! database that has a bit of everything: one in SQLite, and one in PostgreSQL.

pub mod copies;
pub mod harms;
mod rights;

use std::collections::BTreeSet;
use std::future::Future;

use exchange::{AccountState, EnrolmentKind, Limits};
use jiff::civil::date;
use onboarding::{Content, OneDayLimits};

use self::copies::{InFolder, InServer};
use self::harms::{CASES, Harm};
use self::rights::{NOT_THE_SERVING_ROLES, PAST};
use super::applications::{Office, SECOND_OPERATOR};
use super::certificates;
use super::support::messages::{File, payment, report_request};
use super::support::*;

/// Internal and SEPA payments, small and large messages; refused ones, some and all of a message; a return, a credit,
/// reports of a closed and of an open day; payments that wait and a submission that was refused after a receipt.
pub async fn treasury_with_everything(place: Place) -> TestExchange {
    let treasury = TestExchange::with_small_chunks_and(place, certificates::issuing().1).await;
    let treasury = applications_and_certificates(treasury).await;
    let operator = treasury.exchange.operator();
    let limits = Limits { per_payment: Some(OPENING), per_day: Some(2 * OPENING) };
    operator.set_account_limits(&ministry_account(), limits).await.unwrap();
    let payments = vec![
        payment("A", 12_50, &municipality_account()),
        payment("B", 7_50, ESTONIAN),
        payment("C", 3_00, GERMAN).saying("SIMULATE RETURN"),
        payment("D", 4_00, GERMAN).saying("SIMULATE REJECT AC04"),
    ];
    treasury.answer(&File::new("MSG-1", payments).xml()).await;
    treasury.answer(&File::of_many("MSG-2", 600, &municipality_account()).xml()).await;
    let mut wrong = File::new("MSG-3", vec![payment("E", 1_00, ESTONIAN)]);
    wrong.stated_payments = Some(2);
    assert_eq!(group_status(&treasury.answer(&wrong.xml()).await), "RJCT");
    let too_much = vec![payment("F", 1_00, ESTONIAN), payment("G", 2 * OPENING, ESTONIAN)];
    assert_eq!(group_status(&treasury.answer(&File::new("MSG-4", too_much).xml()).await), "PART");
    treasury.credit(&ministry_account(), 5_00).await;
    treasury.carry_out().await;
    returns_wait(&treasury).await;
    operator.set_business_day(date(2026, 11, 24)).await.unwrap();
    treasury
        .answer(&File::new("MSG-5", vec![payment("H", 1_00, &municipality_account())]).on(date(2026, 11, 24)).xml())
        .await;
    treasury.carry_out().await;
    treasury.credit(&ministry_account(), 6_00).await;
    for day in [TODAY, date(2026, 11, 24)] {
        for name in ["camt.052.001.08", "camt.054.001.08"] {
            let (caller, received) = treasury
                .receive(Role::Viewer, report_request(name, &ministry_account(), day, day).as_bytes())
                .await
                .unwrap();
            treasury.exchange.order_reports(&caller, received).await.unwrap();
        }
    }
    treasury.answer(&File::new("MSG-6", vec![payment("I", 1_00, ESTONIAN)]).on(date(2026, 11, 25)).xml()).await;
    treasury.revoke(Role::OtherManager).await;
    // Allowed amounts stay allowed.
    let limits = Limits { per_payment: Some(1), per_day: Some(1) };
    operator.set_account_limits(&ministry_account(), limits).await.unwrap();
    treasury
}

/// Operators and applications in several states, one of them with a file; codes that are used, open and withdrawn; a certificate
/// that was issued, and one of a person that is revoked.
async fn applications_and_certificates(treasury: TestExchange) -> TestExchange {
    let office = Office::at(treasury).await;
    let exchange = office.treasury.exchange.clone();
    let operator = exchange.operator();
    let user = office.done(Content::NewOnlineUser(office.registration().await)).await.unwrap();
    let user = exchange.application(&office.anna, user).await.unwrap().application.parts().online_user.unwrap();
    let account = office.account(&ministry_second_account()).await;
    let limits = Limits { per_payment: None, per_day: Some(OPENING) };
    let wanted = OneDayLimits { account, day: TODAY, limits };
    office.done(Content::OneDayLimits(wanted)).await.unwrap();
    let later = OneDayLimits { day: date(2026, 11, 30), ..wanted };
    office.submitted(Content::OneDayLimits(later)).await.unwrap();
    let code = || operator.make_enrolment_code(user, EnrolmentKind::Request);
    code().await.unwrap();
    let used = code().await.unwrap().code.to_string();
    exchange.enrol(&used, &certificates::request(), &certificates::stranger()).await.unwrap();
    code().await.unwrap();
    assert!(operator.revoke_person_certificate(SECOND_OPERATOR).await.unwrap());
    office.treasury
}

/// Two payments come back while their account is blocked: the operator pays one by hand, and the other is booked when the
/// account opens.
async fn returns_wait(treasury: &TestExchange) {
    let operator = treasury.exchange.operator();
    let payments = ["J", "K"].map(|name| payment(name, 2_00, GERMAN).saying("SIMULATE RETURN"));
    treasury.answer(&File::new("MSG-RETURNS", payments.to_vec()).xml()).await;
    treasury.exchange.work_now().await.unwrap();
    operator.set_account_state(&ministry_account(), AccountState::Blocked).await.unwrap();
    treasury.carry_out().await;
    let waiting = operator.waiting_returns().await.unwrap();
    assert_eq!(waiting.len(), 2, "{waiting:?}");
    operator.note_return_paid_by_hand(&waiting[0].payment).await.unwrap();
    operator.set_account_state(&ministry_account(), AccountState::Open).await.unwrap();
    treasury.carry_out().await;
}

/// Causes all harms; `harmed` returns the findings, and nothing for a harm of another store. Returns the untried harms.
fn try_all(mut harmed: impl FnMut(&Harm) -> Option<Vec<String>>) -> Vec<&'static str> {
    let mut seen = BTreeSet::new();
    for (number, (check, harm, told)) in CASES.iter().enumerate() {
        let known = store::checks().find(|known| known.starts_with(check));
        let known = known.unwrap_or_else(|| panic!("case {number}: nothing is checked that begins with {check:?}"));
        let Some(found) = harmed(harm) else { continue };
        seen.insert(known);
        let told = told.unwrap_or(check);
        assert!(found.iter().any(|problem| problem.contains(told)), "case {number}, {check}: found {found:#?}");
    }
    store::checks().filter(|check| !seen.contains(check)).collect()
}

pub fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

#[test]
fn everything_that_is_checked_is_found_when_it_is_wrong() {
    let treasury = run(treasury_with_everything(Place::folder()));
    let source = InFolder::of(treasury.folder().unwrap());
    assert_eq!(source.problems(), Vec::<String>::new());
    let untried = try_all(|harm| source.harmed(harm));
    assert!(untried.is_empty(), "checked, and never seen to be found: {untried:#?}");
}

#[test]
fn the_same_on_postgresql() {
    let Some(place) = Place::database() else { return };
    let treasury = run(treasury_with_everything(place));
    let source = InServer::of(treasury.database().unwrap());
    assert_eq!(source.problems(), Vec::<String>::new());
    let untried = try_all(|harm| source.harmed(harm));
    // Of these PostgreSQL is said to have its own tools, and to let none come about.
    let own = ["the database's own structure", "rows that refer to rows that do not exist"];
    assert!(untried.iter().zip(own).all(|(check, own)| check.starts_with(own)), "{untried:#?}");
    assert_eq!(untried.len(), own.len(), "checked, and never seen to be found: {untried:#?}");
    let refused = source.refusal_of("DELETE FROM body");
    assert!(refused.contains("violates foreign key constraint"), "{refused}");
}

#[test]
fn whoever_has_the_serving_roles_password_cannot_change_the_past() {
    let Some(place) = Place::database() else { return };
    let treasury = run(treasury_with_everything(place));
    let (clerk, owner) = (InServer::serving(treasury.database().unwrap()), InServer::of(treasury.database().unwrap()));
    for sql in NOT_THE_SERVING_ROLES {
        let refused = clerk.refusal_of(sql);
        assert!(refused.contains("permission denied"), "{sql}: {refused}");
    }
    for sql in PAST {
        for role in [&clerk, &owner] {
            let refused = role.refusal_of(sql);
            assert!(refused.contains("what is past is not changed"), "{sql}: {refused}");
        }
    }
    assert_eq!(owner.problems(), Vec::<String>::new());
}
