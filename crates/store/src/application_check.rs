//! Checks applications, persons and what certificates were issued for: rows against each other, and against the rules that
//! [`onboarding::invariants`] has once for all.
//!
//! An application comes with its files, so the digest that its approver saw is computed anew from what is stored now. Memory grows
//! with the applications and online users, which are few, and not with the bytes of files.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ledger::{AccountId, Limits};
use onboarding::invariants::{approved_by_another, digest_is_of_content, one_registration_in_force, state_is_legal};
use onboarding::{
    Application, ApplicationId, Attachment, Contact, Content, Kind, OnlineUserId, Parts, Registration,
    RegistrationInForce, State,
};
use sha2::{Digest, Sha256};

use crate::codec::Columns;
use crate::plain::applications::{application_columns, read_application, read_file};
use crate::plain::persons::{person_columns, read_person};
use crate::reconciliation::{Everything, readable_rows};
use crate::row_mapping::*;
use crate::statement::statements;
use crate::{CheckReport, Person, StoreError};

statements! {
    const APPLICATIONS: Statement = ("SELECT ", application_columns!(), ", kind, due_on FROM application ORDER BY id");
    const FILES: Statement = ("SELECT name, kind, sha256, size, verified_by, verified_at, how, application, bytes
        FROM application_attachment ORDER BY application, name");
    const USERS: Statement = ("SELECT ", online_user_columns!(), " FROM online_user");
    const CONTACTS: Statement = ("SELECT online_user, name, email, telephone FROM contact");
    const DAY_LIMITS: Statement = ("SELECT account, day, application, per_payment, per_day FROM one_day_limit");
    const PERSONS: Statement = ("SELECT ", person_columns!(), " FROM person");
    const ISSUED: Statement = ("SELECT fingerprint, der FROM issued_certificate
        UNION ALL SELECT fingerprint, der FROM issued_to_person");
}

/// The rules of this check, in plain words; each finding begins with them.
pub(crate) const CHECKED: [&str; 8] =
    [HANDS, REGISTRATION, OTHER_CONTENT, STATES, OTHER_FILES, OTHER_LIMITS, ROLES, OTHER_CERTIFICATES];
const HANDS: &str = "m: applications that were approved by who must not";
const REGISTRATION: &str = "n: online users whose rights are not those of the registration in force";
const OTHER_CONTENT: &str = "m: applications that are not what was submitted";
const STATES: &str = "m: applications in a state, or due on a day, that does not go with what was done";
const OTHER_FILES: &str = "m: files of applications that are not what was attached";
const OTHER_LIMITS: &str = "n: limits of a day that are not those of an application in force";
const ROLES: &str = "m: persons who are of a client and operators, or have no roles or days";
const OTHER_CERTIFICATES: &str = "o: issued certificates that are not what their fingerprint says";

struct Read {
    parts: Parts,
    kind: Kind,
    due_on: Option<Date>,
}

pub(crate) fn check_applications(report: &mut CheckReport, everything: &dyn Everything) -> Result<(), StoreError> {
    let applications = applications(report, everything)?;
    for (application, due_on) in &applications {
        let found = [
            (HANDS, approved_by_another(application)),
            (OTHER_CONTENT, digest_is_of_content(application)),
            (STATES, state_is_legal(application)),
        ];
        for (rule, problems) in found {
            problems.into_iter().for_each(|problem| report.add(format!("{rule}: {problem}")));
        }
        if application.due_on() != *due_on {
            report.add(format!("{STATES}: application {} is noted for {due_on:?}", application.id()));
        }
    }
    let applications: Vec<Application> = applications.into_iter().map(|(application, _)| application).collect();
    let rights = rights(report, everything, &applications)?;
    for problem in one_registration_in_force(applications.iter(), &rights) {
        report.add(format!("{REGISTRATION}: {problem}"));
    }
    day_limits(report, everything, &applications)?;
    let mut wrong = Vec::new();
    readable_rows(report, everything, ("a person", PERSONS), read_person, |person| {
        wrong.extend(has_wrong_roles(&person).then(|| format!("{ROLES}: person {}", person.id)));
    })?;
    let read = |row: &mut Columns<'_>| Ok((row.digest()?, Sha256::digest(row.bytes_ref()?)));
    readable_rows(report, everything, ("an issued certificate", ISSUED), read, |(fingerprint, digest)| {
        let is_another = fingerprint[..] != digest[..];
        wrong.extend(is_another.then(|| format!("{OTHER_CERTIFICATES}: {}", crate::Fingerprint(fingerprint))));
    })?;
    wrong.into_iter().for_each(|problem| report.add(problem));
    Ok(())
}

fn has_wrong_roles(person: &Person) -> bool {
    let record = &person.record;
    record.roles.is_empty()
        || record.valid_until < record.valid_from
        || record.roles.iter().any(|role| role.is_operators() == record.client.is_some())
}

/// All applications with their files, and the day on which each is noted to be due.
fn applications(
    report: &mut CheckReport,
    everything: &dyn Everything,
) -> Result<Vec<(Application, Option<Date>)>, StoreError> {
    let mut files: BTreeMap<ApplicationId, Vec<Attachment>> = BTreeMap::new();
    let mut wrong = Vec::new();
    let read = |row: &mut Columns<'_>| {
        let (file, of) = (read_file(row)?, ApplicationId(row.integer()?));
        let bytes = row.bytes_ref()?;
        let is_same = Sha256::digest(bytes)[..] == file.sha256[..] && bytes.len() as u64 == file.size;
        Ok((of, file, is_same))
    };
    readable_rows(report, everything, ("a file of an application", FILES), read, |(of, file, is_same)| {
        if !is_same {
            wrong.push(format!("{OTHER_FILES}: application {of}, file {}", file.name));
        }
        files.entry(of).or_default().push(file);
    })?;
    let mut all = Vec::new();
    let read = |row: &mut Columns<'_>| {
        Ok(Read { parts: read_application(row)?, kind: row.code()?, due_on: row.date_if_any()? })
    };
    readable_rows(report, everything, ("an application", APPLICATIONS), read, |Read { mut parts, kind, due_on }| {
        if parts.content.kind() != kind {
            wrong.push(format!("{OTHER_CONTENT}: application {} is noted as {}", parts.id, kind.word()));
        }
        parts.attachments = files.remove(&parts.id).unwrap_or_default();
        all.push((Application::from_parts(parts), due_on));
    })?;
    wrong.into_iter().for_each(|problem| report.add(problem));
    Ok(all)
}

/// What callers' rights are computed from, with the application that made each.
fn rights(
    report: &mut CheckReport,
    everything: &dyn Everything,
    applications: &[Application],
) -> Result<BTreeMap<OnlineUserId, RegistrationInForce>, StoreError> {
    let mut contacts: BTreeMap<OnlineUserId, Contact> = BTreeMap::new();
    let read = |row: &mut Columns<'_>| {
        let user = OnlineUserId(row.integer()?);
        Ok((user, Contact { name: row.text()?, email: row.text()?, telephone: row.text_if_any()? }))
    };
    readable_rows(report, everything, ("a contact", CONTACTS), read, |(user, contact)| {
        drop(contacts.insert(user, contact))
    })?;
    let in_force = applications.iter().filter(|one| one.state() == State::InForce && one.content().registers());
    let by: BTreeMap<OnlineUserId, &Application> =
        in_force.filter_map(|application| Some((application.parts().online_user?, application))).collect();
    let mut rights = BTreeMap::new();
    readable_rows(report, everything, ("an online user", USERS), read_user, |row| {
        // An operator grants and withdraws accounts beside applications: the audit line about the row states them.
        let by = by.get(&row.id);
        let given = by.and_then(|by| by.registration_on(by.parts().base.as_ref()?)).map(|given| given.accounts);
        let registration = Registration {
            client: row.client,
            name: row.name,
            mode: row.mode,
            contact: contacts.remove(&row.id).unwrap_or_default(),
            networks: row.allowed_networks,
            accounts: given.unwrap_or(row.granted_accounts),
            valid_until: row.registration_valid_until,
        };
        rights.insert(row.id, RegistrationInForce { by: by.map(|by| by.id()), registration });
    })?;
    Ok(rights)
}

/// Limits of days, and the applications that put them in force.
fn day_limits(
    report: &mut CheckReport,
    everything: &dyn Everything,
    applications: &[Application],
) -> Result<(), StoreError> {
    let mut stored: BTreeMap<(AccountId, Date), (ApplicationId, Limits)> = BTreeMap::new();
    let read = |row: &mut Columns<'_>| {
        let key = (AccountId(row.integer()?), row.date()?);
        let by = ApplicationId(row.integer()?);
        Ok((key, (by, Limits { per_payment: row.integer_if_any()?, per_day: row.integer_if_any()? })))
    };
    readable_rows(report, everything, ("limits of a day", DAY_LIMITS), read, |(key, of)| {
        stored.insert(key, of);
    })?;
    for application in applications {
        // One that is over was in force unless nobody decided about it in time.
        let Content::OneDayLimits(wanted) = application.content() else { continue };
        let key = (wanted.account, wanted.day);
        let found = stored.get(&key).copied();
        let is_its = found == Some((application.id(), wanted.limits));
        if is_its {
            stored.remove(&key);
        }
        if (application.state() == State::InForce) && !is_its {
            report.add(format!("{OTHER_LIMITS}: application {}", application.id()));
        }
    }
    for ((account, day), (by, _)) in stored {
        report.add(format!("{OTHER_LIMITS}: account {}, {day}, application {by}", account.0));
    }
    Ok(())
}
