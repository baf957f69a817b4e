//! What holds of all applications at every moment. The simulation checks it after every step, the store's check on stored
//! rows.

use std::collections::BTreeMap;

use crate::state::State;
use crate::{
    Application, ApplicationDigest, ApplicationId, Base, OnlineUserId, PersonId, Registration, RegistrationInForce,
};

/// m. Nobody approves what he entered, applied for or checked where two are needed, or what is about himself.
#[must_use]
pub fn approved_by_another(application: &Application) -> Vec<String> {
    let parts = application.parts();
    let Some(approval) = parts.approved else {
        let unapproved = matches!(application.state(), State::Approved | State::InForce | State::Replaced);
        return if unapproved { vec![format!("application {}: approved by nobody", parts.id)] } else { Vec::new() };
    };
    let checked_by = parts.checked.map(|check| check.by);
    let hands =
        Hands { entered_by: parts.entered.by, applicant: parts.applicant, checked_by, approved_by: approval.by };
    hands.problems(application)
}

/// The state goes with who acted, and what was submitted is still what it was.
#[must_use]
pub fn state_is_legal(application: &Application) -> Vec<String> {
    let parts = application.parts();
    let (id, state) = (parts.id, parts.state);
    let submitted = parts.submitted.is_some() && parts.base.is_some() && parts.digest.is_some();
    let untouched = parts.submitted.is_none() && parts.base.is_none() && parts.digest.is_none();
    let has = [
        (submitted || untouched, "has half of a submission"),
        (parts.checked.is_none() || submitted, "was checked and never submitted"),
        (parts.approved.is_none() || parts.checked.is_some(), "was approved and never checked"),
        (state != State::Draft || untouched, "is a draft and was submitted"),
        (!matches!(state, State::Submitted) || parts.checked.is_none(), "was checked and is not"),
        (!matches!(state, State::Checked) || parts.approved.is_none(), "was approved and is not"),
    ];
    let needs = match state {
        State::Draft | State::Withdrawn => true,
        State::Submitted | State::Rejected | State::Expired => submitted,
        State::Checked => parts.checked.is_some(),
        State::Approved | State::InForce | State::Replaced | State::Overtaken => parts.approved.is_some(),
    };
    let wrong = has.into_iter().filter(|(holds, _)| !holds).map(|(_, what)| format!("application {id} {what}"));
    let mut problems: Vec<String> = wrong.collect();
    if !needs {
        problems.push(format!("application {id} is {} without the acts that lead there", state.word()));
    }
    problems
}

/// What was submitted is what the digest was taken of.
#[must_use]
pub fn digest_is_of_content(application: &Application) -> Vec<String> {
    let parts = application.parts();
    let (Some(digest), Some(base)) = (parts.digest, &parts.base) else { return Vec::new() };
    if ApplicationDigest::of(&parts.content, &parts.attachments, base) == digest {
        return Vec::new();
    }
    vec![format!("application {}: content, files and base are not those of its digest", parts.id)]
}

/// Whose hands an application went through.
#[derive(Clone, Copy, Debug)]
pub struct Hands {
    /// Who entered it.
    pub entered_by: PersonId,
    /// Who applied for it.
    pub applicant: Option<PersonId>,
    /// Who checked it.
    pub checked_by: Option<PersonId>,
    /// Who approved it.
    pub approved_by: PersonId,
}

impl Hands {
    /// Where one pair of hands did what two have to.
    #[must_use]
    pub fn problems(&self, application: &Application) -> Vec<String> {
        let approver = self.approved_by;
        let content = application.content();
        let two = content.kind().needs_two_operators();
        let wrong = [
            (self.entered_by == approver, "entered it"),
            (self.applicant == Some(approver), "applied for it"),
            (self.checked_by.is_none(), "approved it unchecked"),
            (two && self.checked_by == Some(approver), "checked it"),
            (content.about().contains(&approver), "is the person it is about"),
        ];
        let told = wrong.into_iter().filter(|(wrong, _)| *wrong);
        told.map(|(_, what)| format!("m: application {}: person {approver} approved it and {what}", application.id()))
            .collect()
    }
}

/// n. At every moment at most one registration of an online user is in force, and its rights are those of it.
///
/// `rights` is what callers' rights are computed from. An online user that is older than applications has rights without one.
#[must_use]
pub fn one_registration_in_force<'a>(
    applications: impl Iterator<Item = &'a Application>,
    rights: &BTreeMap<OnlineUserId, RegistrationInForce>,
) -> Vec<String> {
    let mut problems = Vec::new();
    let mut in_force: BTreeMap<OnlineUserId, (ApplicationId, Option<Registration>)> = BTreeMap::new();
    for application in applications {
        if application.state() != State::InForce || !application.content().registers() {
            continue;
        }
        let id = application.id();
        let Some(user) = application.parts().online_user else {
            problems.push(format!("n: application {id} is in force for no online user"));
            continue;
        };
        let registration = application.registration_on(application.parts().base.as_ref().unwrap_or(&Base::Nothing));
        if let Some((other, _)) = in_force.insert(user, (id, registration)) {
            problems.push(format!("n: applications {other} and {id} are in force for online user {user}"));
        }
    }
    for (user, (id, registration)) in &in_force {
        match rights.get(user) {
            None => problems.push(format!("n: online user {user} of application {id} has no rights")),
            Some(now) if now.by != Some(*id) => {
                problems.push(format!("n: online user {user} has the rights of {:?}, in force is {id}", now.by));
            }
            Some(now) if Some(&now.registration) != registration.as_ref() => {
                problems.push(format!("n: online user {user} has other rights than application {id} gives"));
            }
            Some(_) => {}
        }
    }
    for (user, now) in rights.iter().filter(|(user, _)| !in_force.contains_key(user)) {
        if let Some(by) = now.by {
            problems.push(format!("n: online user {user} has rights of application {by}, which is not in force"));
        }
    }
    problems
}
