//! Applications about operators must leave enough of them: one who enters and another one who approves. Otherwise nobody could
//! ever put an application in force again, not even one that adds an operator.
//!
//! Days that pass can still leave too few. What an operator decides about cannot.

use jiff::civil::Date;
use onboarding::{PersonChange, PersonRecord, Role, Roles};
use rulebook::catalogue::Code;
use store::{Person, Reading};

use crate::Failure;

/// Refuses a change of a person after which applications could no longer take effect.
pub(super) fn enough_operators_after(
    reading: &mut dyn Reading,
    change: &PersonChange,
    today: Date,
) -> Result<(), Failure> {
    let Some(changed) = change.person.filter(|_| change.of.is_none()) else { return Ok(()) };
    let persons = reading.persons()?;
    let before = roles_of(&persons, today);
    let after: Vec<Roles> = persons
        .iter()
        .filter_map(|person| match (&change.record, person.id == changed) {
            (_, false) => acts_on(&person.record, person, today),
            (Some(record), true) => acts_on(record, person, today),
            (None, true) => None,
        })
        .collect();
    // What could be done by too few before may be done by too few afterwards: a change that helps is none of the faults.
    if can_decide(&after) || !can_decide(&before) {
        return Ok(());
    }
    let count = |role| after.iter().filter(|roles| roles.has(role)).count();
    let left =
        format!("{} {}, {} {}", count(Role::Clerk), Role::Clerk.word(), count(Role::Approver), Role::Approver.word());
    Err(Failure::new(Code::OperatorsTooFew).with_detail(left))
}

fn roles_of(persons: &[Person], today: Date) -> Vec<Roles> {
    persons.iter().filter_map(|person| acts_on(&person.record, person, today)).collect()
}

/// The roles that an operator has on a day with a record; `None` when none hold.
fn acts_on(record: &PersonRecord, person: &Person, today: Date) -> Option<Roles> {
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
