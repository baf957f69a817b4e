//! From draft to the end: order, digest, base, lapse.

use onboarding::bounds::{APPROVAL_DAYS_MAX, SUBMITTED_DAYS_MAX};
use onboarding::{
    AccountBase, ApplicationDigest, Attachment, Base, CardInForce, ClientId, Content, Field, FileKind, OneDayLimits,
    Refusal, Signatory, SignatureCard, State,
};

use crate::common::*;

#[test]
fn an_application_goes_step_by_step_into_force_and_is_replaced() {
    let approved = approved(change(), &in_force());
    assert_eq!(approved.state(), State::Approved);
    let in_effect = approved.put_in_force(day(0), &in_force()).unwrap();
    assert_eq!(in_effect.state(), State::InForce);
    assert_eq!(in_effect.put_in_force(day(0), &in_force()), Err(Refusal::State(State::InForce, &[State::Approved])));
    assert_eq!(in_effect.replace().unwrap().state(), State::Replaced);
    assert_eq!(in_effect.expire(day(0).today), Err(Refusal::NotDue));
    // The day after its last one.
    assert_eq!(in_effect.expire(day(1_097).today).unwrap().state(), State::Expired);
}

#[test]
fn an_approval_is_of_what_was_seen_and_counts_once() {
    let checked = checked(change(), &in_force());
    let seen = checked.parts().digest.unwrap();
    let other = ApplicationDigest([0; 32]);
    assert_eq!(checked.approve(other, &approver(), day(0), &in_force()), Err(Refusal::DigestDiffers));
    let approved = checked.approve(seen, &approver(), day(0), &in_force()).unwrap();
    let again = approved.approve(seen, &operator(3, &[onboarding::Role::Approver]), day(0), &in_force());
    assert_eq!(again, Err(Refusal::State(State::Approved, &[State::Checked])));
}

#[test]
fn an_approval_fails_when_the_base_has_moved() {
    let Base::OnlineUser(mut now) = in_force() else { panic!() };
    now.registration.accounts.pop();
    let moved = Base::OnlineUser(now);
    let checked = checked(change(), &in_force());
    let seen = checked.parts().digest.unwrap();
    assert_eq!(checked.approve(seen, &approver(), day(0), &moved), Err(Refusal::BaseMoved));
    let approved = approved(change(), &in_force());
    assert_eq!(approved.put_in_force(day(0), &moved), Err(Refusal::BaseMoved));
}

/// The same registration by another application: what came back is not what was there.
#[test]
fn a_base_that_left_and_came_back_has_moved() {
    let Base::OnlineUser(mut now) = in_force() else { panic!() };
    now.by = Some(onboarding::ApplicationId(9));
    let checked = checked(change(), &in_force());
    let seen = checked.parts().digest.unwrap();
    assert_eq!(checked.approve(seen, &approver(), day(0), &Base::OnlineUser(now)), Err(Refusal::BaseMoved));
}

#[test]
fn an_approval_lapses() {
    let days = i64::from(APPROVAL_DAYS_MAX);
    let approved = approved(change(), &in_force());
    assert!(approved.put_in_force(day(days), &in_force()).is_ok());
    let lapsed = Err(Refusal::ApprovalLapsed(day(days).today));
    assert_eq!(approved.put_in_force(day(days + 1), &in_force()), lapsed);
    assert_eq!(approved.expire(day(days).today), Err(Refusal::NotDue));
    assert_eq!(approved.expire(day(days + 1).today).unwrap().state(), State::Expired);
}

/// An approval for a later day, under which the ground has moved, ends by itself; what can still take effect stays.
#[test]
fn an_approval_is_overtaken_when_what_it_changes_has_changed() {
    let signatories = vec![Signatory { person: onboarding::PersonId(77), level: 1, from_minor: 0, to_minor: None }];
    let card = SignatureCard {
        client: ClientId(1),
        currency: money::Currency::EUR,
        signatories,
        valid_from: day(3).today,
        valid_until: day(4).today,
    };
    let in_force = |by| Base::Card(CardInForce { by: onboarding::ApplicationId(by), card: card.clone() });
    let content = Content::SignatureCard(card.clone());
    let approved = approved(content.clone(), &in_force(8));
    assert_eq!(approved.due_on(), Some(day(3).today));
    assert_eq!(approved.overtake(&in_force(8)), Err(Refusal::NotDue));
    assert_eq!(approved.put_in_force(day(2), &in_force(8)), Err(Refusal::NotBefore(day(3).today)));
    assert_eq!(approved.put_in_force(day(3), &in_force(9)), Err(Refusal::BaseMoved));
    let overtaken = approved.overtake(&in_force(9)).unwrap();
    assert_eq!((overtaken.state(), overtaken.due_on()), (State::Overtaken, None));
    assert!(overtaken.state().is_final());
    assert_eq!(overtaken.put_in_force(day(3), &in_force(8)), Err(Refusal::State(State::Overtaken, &[State::Approved])));
    assert_eq!(
        checked(content, &in_force(8)).overtake(&in_force(9)),
        Err(Refusal::State(State::Checked, &[State::Approved]))
    );
    // Nobody looked on its days: it is over, long before its approval lapses.
    assert_eq!(approved.expire(day(4).today), Err(Refusal::NotDue));
    assert_eq!(approved.expire(day(5).today).unwrap().state(), State::Expired);
}

#[test]
fn what_nobody_decides_in_time_expires() {
    let days = i64::from(SUBMITTED_DAYS_MAX);
    let submitted = submitted(change(), &in_force());
    assert_eq!(submitted.check(&clerk(), day(days + 1)), Err(Refusal::Overdue(day(days).today)));
    assert_eq!(submitted.expire(day(days + 1).today).unwrap().state(), State::Expired);
}

#[test]
fn limits_for_a_day_take_effect_at_once_and_end_with_the_day() {
    let base = Base::Account(AccountBase {
        client: ClientId(1),
        iban: "LV07TREL5180453053000".to_owned(),
        currency: money::Currency::EUR,
        limits: ledger::Limits { per_payment: Some(100), per_day: None },
        by: None,
    });
    let limits = ledger::Limits { per_payment: Some(5_000), per_day: Some(9_000) };
    let content = Content::OneDayLimits(OneDayLimits { account: ledger::AccountId(1), day: day(3).today, limits });
    let approved = approved(content, &base);
    assert_eq!(approved.put_in_force(day(4), &base), Err(Refusal::Over(day(3).today)));
    let in_effect = approved.put_in_force(day(0), &base).unwrap();
    assert_eq!(in_effect.due_on(), Some(day(4).today));
    assert_eq!(in_effect.expire(day(3).today), Err(Refusal::NotDue));
    assert_eq!(in_effect.expire(day(4).today).unwrap().state(), State::Expired);
}

#[test]
fn without_a_verified_signature_nothing_is_approved() {
    assert_eq!(draft(change(), &in_force()).submit(&clerk(), day(0), &in_force()), Err(Refusal::SignedFileMissing));
    let supporting = Attachment { kind: FileKind::Supporting, ..signed_file() };
    let with_other = draft(change(), &in_force()).attach(supporting, &clerk()).unwrap();
    assert_eq!(with_other.submit(&clerk(), day(0), &in_force()), Err(Refusal::SignedFileMissing));

    let signed = draft(change(), &in_force()).attach(signed_file(), &clerk()).unwrap();
    let unverified = signed.submit(&clerk(), day(0), &in_force()).unwrap();
    let refusal = Refusal::SignatureNotVerified("pieteikums.edoc".to_owned());
    assert_eq!(unverified.check(&clerk(), day(0)), Err(refusal));
    assert!(matches!(
        unverified.verify_signature("pieteikums.edoc", " ", &clerk(), day(0)),
        Err(Refusal::Text(Field::How))
    ));
    let verified = unverified.verify_signature("pieteikums.edoc", "Derīgs", &clerk(), day(0)).unwrap();
    assert!(verified.check(&clerk(), day(0)).is_ok());
}

#[test]
fn what_is_submitted_does_not_change() {
    let submitted = submitted(change(), &in_force());
    let state = Refusal::State(State::Submitted, &[State::Draft]);
    let second = Attachment { name: "cits.pdf".to_owned(), ..signed_file() };
    assert_eq!(submitted.attach(second, &clerk()), Err(state.clone()));
    assert_eq!(submitted.rewrite(change(), &clerk(), day(0), &in_force()), Err(state));
}

#[test]
fn a_reason_ends_an_application_before_it_takes_effect() {
    let approved = approved(change(), &in_force());
    assert!(matches!(approved.reject("", &approver()), Err(Refusal::Text(_))));
    let rejected = approved.reject("Iestāde lūdza apturēt", &approver()).unwrap();
    assert_eq!(rejected.state(), State::Rejected);
    assert_eq!(rejected.put_in_force(day(0), &in_force()), Err(Refusal::State(State::Rejected, &[State::Approved])));
    assert!(matches!(rejected.withdraw(&clerk()), Err(Refusal::State(State::Rejected, _))));
}

#[test]
fn before_and_after_show_what_changes_and_nothing_else() {
    let changes = change().changes(&in_force());
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(changes[0].field.word(), "mode");
    assert_eq!((changes[0].before.as_deref(), changes[0].after.as_deref()), (Some("view"), Some("manage")));
}

#[test]
fn a_files_name_leads_to_no_other_place() {
    for name in ["", ".", "..", "a/b", "a\\b", "a\nb"] {
        let file = Attachment { name: name.to_owned(), ..signed_file() };
        assert_eq!(draft(change(), &in_force()).attach(file, &clerk()), Err(Refusal::FileName(name.to_owned())));
    }
    let signed = draft(change(), &in_force()).attach(signed_file(), &clerk()).unwrap();
    let taken = Refusal::FileNameTaken(signed_file().name);
    assert_eq!(signed.attach(signed_file(), &clerk()), Err(taken));
    let unknown = signed.verify_signature("cits.edoc", "Derīgs", &clerk(), day(0));
    assert_eq!(unknown, Err(Refusal::NoSuchFile("cits.edoc".to_owned())));
}
