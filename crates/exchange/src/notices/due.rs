//! Whether a notice still says something true when its letter is about to go.

use jiff::Timestamp;
use onboarding::{Ending, notice_due};
use store::{Notice, NoticeOf, Registration};

use super::end::End;
use crate::clock::local::local_time;

/// What a notice says now; or why it says nothing any more.
pub(super) fn still_due(
    notice: &Notice,
    registration: &Registration,
    change: Option<End>,
    now: Timestamp,
) -> Result<End, &'static str> {
    const RENEWED: &str = "renewed or revoked meanwhile";
    let registered_until = registration.user.registration_valid_until;
    let end = match notice.key.of {
        NoticeOf::Certificate(not_after) => {
            let in_force = registration.certificates.iter().filter(|one| one.revoked_at.is_none());
            if in_force.map(|one| one.not_after).max() != Some(not_after) {
                return Err(RENEWED);
            }
            if not_after < now || registered_until < local_time(now).date() {
                return Err("over");
            }
            End::of(Ending::Certificate, local_time(not_after).date(), now)
        }
        NoticeOf::Registration(last_day) if registered_until != last_day => return Err(RENEWED),
        NoticeOf::Registration(last_day) => End::of(Ending::Registration, last_day, now),
        NoticeOf::Authority(last_day) => {
            // Put off, called off, or made already.
            change.filter(|change| change.last_day == last_day).ok_or("the authority does not change then")?;
            End::of(Ending::Authority, last_day, now)
        }
    };
    match notice_due(end.days_left) {
        Some(days) if days == notice.key.days => Ok(end),
        Some(_) => Err("a nearer notice is due"),
        None => Err("over"),
    }
}
