//! Four eyes: who may do what, and who may not because of what he did before.

use onboarding::{
    Application, ApplicationId, Base, ClientId, Content, OnlineUserId, PersonChange, PersonId, PersonRecord, Refusal,
    Renewal, Role, Roles,
};

use crate::common::*;

fn approve(application: &Application, who: &onboarding::Actor, base: &Base) -> Result<Application, Refusal> {
    application.approve(application.parts().digest.unwrap(), who, day(0), base)
}

#[test]
fn nobody_approves_what_he_entered_applied_for_or_checked() {
    let all = operator(1, &[Role::Clerk, Role::Approver]);
    assert_eq!(approve(&checked(change(), &in_force()), &all, &in_force()), Err(Refusal::EnteredByActor));

    let applicant = operator(101, &[Role::Approver]);
    assert_eq!(approve(&checked(change(), &in_force()), &applicant, &in_force()), Err(Refusal::AppliedForByActor));

    let by_approver = submitted(change(), &in_force()).check(&approver(), day(0)).unwrap();
    assert_eq!(approve(&by_approver, &approver(), &in_force()), Err(Refusal::CheckedByActor));
    let third = operator(3, &[Role::Approver]);
    assert!(approve(&by_approver, &third, &in_force()).is_ok());
}

/// A renewal keeps what was approved before: who checked it may approve it, who entered it may not.
#[test]
fn a_renewal_needs_two_hands_and_not_three() {
    let Base::OnlineUser(mut now) = in_force() else { panic!() };
    now.registration.valid_until = day(30).today;
    let base = Base::OnlineUser(now);
    let renewal = Content::Renewal(Renewal { user: OnlineUserId(5), valid_until: day(300).today });
    let checked = submitted(renewal, &base).check(&approver(), day(0)).unwrap();
    assert!(approve(&checked, &approver(), &base).is_ok());
    assert_eq!(approve(&checked, &operator(1, &[Role::Approver]), &base), Err(Refusal::EnteredByActor));
}

#[test]
fn only_roles_of_operators_decide() {
    let application = checked(change(), &in_force());
    for roles in [&[Role::Clerk][..], &[Role::Auditor], &[]] {
        assert_eq!(approve(&application, &operator(2, roles), &in_force()), Err(Refusal::Role(Role::Approver)));
    }
    // Of a client, whatever its roles say.
    let of_client = onboarding::Actor { client: Some(ClientId(1)), ..approver() };
    assert_eq!(approve(&application, &of_client, &in_force()), Err(Refusal::Role(Role::Approver)));
    assert_eq!(submitted(change(), &in_force()).check(&of_client, day(0)), Err(Refusal::Role(Role::Clerk)));
}

#[test]
fn nobody_decides_about_his_own_role() {
    let record = PersonRecord {
        client: None,
        name: "Jānis Kalniņš".to_owned(),
        email: "janis@kase.example.lv".to_owned(),
        roles: Roles::of(&[Role::Clerk]),
        valid_from: TODAY,
        valid_until: day(300).today,
    };
    let base = Base::Person(record.clone());
    let more = PersonRecord { roles: Roles::of(&[Role::Clerk, Role::Approver]), ..record };
    let about =
        |person| Content::Person(PersonChange { person: Some(PersonId(person)), of: None, record: Some(more.clone()) });
    let enter =
        |about, actor: &onboarding::Actor| Application::enter(ApplicationId(8), about, None, actor, day(0), &base);

    assert_eq!(enter(about(1), &clerk()), Err(Refusal::AboutActor));

    let about_approver = enter(about(2), &clerk()).unwrap().submit(&clerk(), day(0), &base).unwrap();
    assert_eq!(about_approver.check(&approver(), day(0)), Err(Refusal::AboutActor));
    let checked = about_approver.check(&clerk(), day(0)).unwrap();
    assert_eq!(approve(&checked, &approver(), &base), Err(Refusal::AboutActor));
    assert!(approve(&checked, &operator(3, &[Role::Approver]), &base).is_ok());
}

#[test]
fn a_clients_administrator_enters_for_his_client_only() {
    let administrator = |client| onboarding::Actor {
        person: PersonId(101),
        client: Some(ClientId(client)),
        roles: Roles::of(&[Role::Administrator]),
    };
    let enter =
        |actor: &onboarding::Actor| Application::enter(ApplicationId(8), change(), None, actor, day(0), &in_force());
    assert!(enter(&administrator(1)).is_ok());
    assert_eq!(enter(&administrator(2)), Err(Refusal::Role(Role::Clerk)));
}

#[test]
fn drafts_belong_to_who_entered_them() {
    let draft = draft(change(), &in_force());
    let other = operator(3, &[Role::Clerk]);
    assert_eq!(draft.attach(signed_file(), &other), Err(Refusal::NotEnteredByActor));
    assert_eq!(draft.submit(&other, day(0), &in_force()), Err(Refusal::NotEnteredByActor));
    assert_eq!(draft.withdraw(&other), Err(Refusal::NotEnteredByActor));
    assert!(draft.withdraw(&clerk()).is_ok());
}
