//! Applications about operators must leave enough of them: one who enters and another one who approves. Otherwise nobody could
//! ever put an application in force again, not even one that adds an operator.
//!
//! Only operators count who can act: their registration holds, and so does a certificate of theirs. An operator who adds a
//! person, and ends another one before the first has a certificate, would otherwise leave one operator alone, who entered the application and may hand
//! in no request for it.
//!
//! Days that pass, and certificates that somebody revokes, can still leave too few. What an operator decides about cannot.

use jiff::Timestamp;
use onboarding::{Moment, PersonChange, PersonId, PersonRecord, Role, Roles};
use rulebook::catalogue::Code;
use store::{Person, Reading, StoreError};

use crate::Failure;

/// Refuses a change of a person after which applications could no longer take effect.
pub(super) fn enough_operators_after(
    reading: &mut dyn Reading,
    change: &PersonChange,
    moment: Moment,
) -> Result<(), Failure> {
    let Some(changed) = change.person.filter(|_| change.of.is_none()) else { return Ok(()) };
    let persons = with_certificates(reading, moment)?;
    let before = roles_of(&persons, moment);
    let after: Vec<Roles> = persons
        .iter()
        .filter_map(|person| match (&change.record, person.id == changed) {
            (_, false) => acts_on(&person.record, person, moment),
            (Some(record), true) => acts_on(record, person, moment),
            (None, true) => None,
        })
        .collect();
    // What could be done by too few before may be done by too few afterwards: a change that helps is none of the faults.
    if can_decide(&after) || !can_decide(&before) {
        return Ok(());
    }
    Err(left_are(&after))
}

fn left_are(operators: &[Roles]) -> Failure {
    let count = |role| operators.iter().filter(|roles| roles.has(role)).count();
    let left =
        format!("{} {}, {} {}", count(Role::Clerk), Role::Clerk.word(), count(Role::Approver), Role::Approver.word());
    Failure::new(Code::OperatorsTooFew).with_detail(left)
}

/// The operators who could act at any time from a moment until now, if among them one could enter and another one approve;
/// otherwise none.
pub(super) fn who_decides(reading: &mut dyn Reading, since: Moment, now: Moment) -> Result<Vec<PersonId>, StoreError> {
    let mut able = with_certificates(reading, since)?;
    able.retain(|person| {
        let holds = person.record.valid_from <= now.today && since.today <= person.record.valid_until;
        holds && person.ended_at.is_none_or(|at| since.at < at)
    });
    let roles: Vec<Roles> = able.iter().map(|person| person.record.roles).collect();
    Ok(if can_decide(&roles) { able.iter().map(|person| person.id).collect() } else { Vec::new() })
}

/// That too few are left, and who they are.
pub(super) fn too_few(reading: &mut dyn Reading, moment: Moment) -> Result<Failure, StoreError> {
    let persons = with_certificates(reading, moment)?;
    Ok(left_are(&roles_of(&persons, moment)))
}

/// The operators of whom a certificate holds at a moment, or later.
fn with_certificates(reading: &mut dyn Reading, moment: Moment) -> Result<Vec<Person>, StoreError> {
    let mut known = Vec::new();
    for person in reading.persons()?.into_iter().filter(|person| person.record.client.is_none()) {
        let certificates = reading.person_certificates(person.id)?;
        let is_revoked = |at: Option<Timestamp>| at.is_some_and(|at| at <= moment.at);
        if certificates.iter().any(|one| !is_revoked(one.revoked_at) && moment.at <= one.not_after) {
            known.push(person);
        }
    }
    Ok(known)
}

fn roles_of(persons: &[Person], moment: Moment) -> Vec<Roles> {
    persons.iter().filter_map(|person| acts_on(&person.record, person, moment)).collect()
}

/// The roles that an operator has on a day with a record; `None` when none hold.
fn acts_on(record: &PersonRecord, person: &Person, Moment { today, .. }: Moment) -> Option<Roles> {
    let holds = record.valid_from <= today && today <= record.valid_until;
    (record.client.is_none() && person.ended_at.is_none() && holds).then_some(record.roles)
}

/// Whether one of them can enter and another one approve.
fn can_decide(operators: &[Roles]) -> bool {
    let clerks = operators.iter().filter(|roles| roles.has(Role::Clerk)).count();
    let approvers = operators.iter().filter(|roles| roles.has(Role::Approver)).count();
    let both = operators.iter().filter(|roles| roles.has(Role::Clerk) && roles.has(Role::Approver)).count();
    clerks > 0 && approvers > 0 && clerks + approvers - both > 1
}
