//! Whether a notice still says something true when its letter is about to go.

use jiff::Timestamp;
use onboarding::{Ending, notice_due};
use store::{Notice, NoticeOf, Person, PersonCertificate, Registration};

use super::end::End;
use crate::clock::local::local_time;

const RENEWED: &str = "renewed or revoked meanwhile";
const OVER: &str = "over";

/// Whose a notice is, as the store has it now.
pub(super) enum Holder {
    OnlineUser(Box<Registration>),
    Person(Box<Person>, Vec<PersonCertificate>),
}

/// What a notice says now; or why it says nothing any more.
pub(super) fn still_due(
    notice: &Notice,
    holder: &Holder,
    change: Option<End>,
    now: Timestamp,
) -> Result<End, &'static str> {
    let end = match holder {
        Holder::OnlineUser(registration) => of_online_user(notice.key.of, registration, change, now)?,
        Holder::Person(person, certificates) => of_person(notice.key.of, person, certificates, now)?,
    };
    match notice_due(end.days_left) {
        Some(days) if days == notice.key.days => Ok(end),
        Some(_) => Err("a nearer notice is due"),
        None => Err(OVER),
    }
}

fn of_online_user(
    of: NoticeOf,
    registration: &Registration,
    change: Option<End>,
    now: Timestamp,
) -> Result<End, &'static str> {
    let registered_until = registration.user.registration_valid_until;
    Ok(match of {
        NoticeOf::Certificate(_, not_after) => {
            let in_force = registration.certificates.iter().filter(|one| one.revoked_at.is_none());
            if in_force.map(|one| one.not_after).max() != Some(not_after) {
                return Err(RENEWED);
            }
            if not_after < now || registered_until < local_time(now).date() {
                return Err(OVER);
            }
            End::of(Ending::Certificate, local_time(not_after).date(), now)
        }
        NoticeOf::Registration(_, last_day) if registered_until != last_day => return Err(RENEWED),
        NoticeOf::Registration(_, last_day) => End::of(Ending::Registration, last_day, now),
        NoticeOf::Authority(_, last_day) => {
            // Put off, called off, or made already.
            change.filter(|change| change.last_day == last_day).ok_or("the authority does not change then")?;
            End::of(Ending::Authority, last_day, now)
        }
        NoticeOf::PersonCertificate(..) => return Err("it is a person's"),
    })
}

fn of_person(
    of: NoticeOf,
    person: &Person,
    certificates: &[PersonCertificate],
    now: Timestamp,
) -> Result<End, &'static str> {
    let NoticeOf::PersonCertificate(_, not_after) = of else { return Err("it is an online user's") };
    let in_force = certificates.iter().filter(|one| one.revoked_at.is_none());
    if in_force.map(|one| one.not_after).max() != Some(not_after) {
        return Err(RENEWED);
    }
    if not_after < now || person.ended_at.is_some() || person.record.valid_until < local_time(now).date() {
        return Err(OVER);
    }
    Ok(End::of(Ending::PersonCertificate, local_time(not_after).date(), now))
}
