//! Notices that certificates and registrations end: what is due, and letters on their way.

use jiff::Timestamp;
use jiff::civil::Date;
use onboarding::PersonId;

use crate::{Notice, NoticeId, NoticeKey, NoticeState, OnlineUserId, StoreError};

/// Reads notices.
pub trait ReadNotices {
    /// Online users, registered on `today`, whose last certificate that is not revoked ends in a span of time (both ends
    /// included), and for which there is no notice of so many days yet; at most `limit`. Locks nothing.
    fn certificates_to_tell(
        &mut self,
        span: (Timestamp, Timestamp),
        today: Date,
        days: u16,
        limit: u32,
    ) -> Result<Vec<(OnlineUserId, Timestamp)>, StoreError>;

    /// The same of registrations, by their last day.
    fn registrations_to_tell(
        &mut self,
        span: (Date, Date),
        days: u16,
        limit: u32,
    ) -> Result<Vec<(OnlineUserId, Date)>, StoreError>;

    /// Online users, registered on `last_day`, for whom there is no notice of so many days yet that the authority of the server's
    /// certificate may change after that day; at most `limit`. Locks nothing.
    fn users_to_tell_of_authority(
        &mut self,
        last_day: Date,
        days: u16,
        limit: u32,
    ) -> Result<Vec<OnlineUserId>, StoreError>;

    /// Persons, registered on `today` and not ended, whose last certificate that is not revoked ends in a span of time (both ends
    /// included), and for whom there is no notice of so many days yet; at most `limit`. Locks nothing.
    fn person_certificates_to_tell(
        &mut self,
        span: (Timestamp, Timestamp),
        today: Date,
        days: u16,
        limit: u32,
    ) -> Result<Vec<(PersonId, Timestamp)>, StoreError>;

    /// A notice. A transaction locks it.
    fn notice(&mut self, id: NoticeId) -> Result<Option<Notice>, StoreError>;

    /// Notices of a state, newest first, at most `limit`. Locks nothing.
    fn notices(&mut self, state: NoticeState, limit: u32) -> Result<Vec<Notice>, StoreError>;
}

/// Writes notices.
pub trait WriteNotices: ReadNotices {
    /// Adds a notice that waits. `false`: there is one.
    fn insert_notice(&mut self, key: &NoticeKey, at: Timestamp) -> Result<bool, StoreError>;

    /// Takes the notice that has waited longest of those that may be tried now, counts an attempt, and leaves it to the caller until
    /// `until`. No other transaction takes it meanwhile.
    fn take_notice(&mut self, now: Timestamp, until: Timestamp) -> Result<Option<NoticeId>, StoreError>;

    /// Nobody tries it before a moment, because of what the last attempt failed on. `false`: it does not wait.
    fn postpone_notice(&mut self, id: NoticeId, until: Timestamp, why: &str) -> Result<bool, StoreError>;

    /// It is sent, refused or lapsed. `false`: it does not wait.
    fn end_notice(
        &mut self,
        id: NoticeId,
        state: NoticeState,
        at: Timestamp,
        receiver: Option<&str>,
        why: Option<&str>,
    ) -> Result<bool, StoreError>;

    /// A refused notice waits again, with no attempt counted. `false`: it is not refused.
    fn retry_notice(&mut self, id: NoticeId, at: Timestamp) -> Result<bool, StoreError>;
}
