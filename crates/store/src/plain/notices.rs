//! Notices that certificates and registrations end.

use jiff::Timestamp;
use jiff::civil::Date;
use onboarding::{Ending, PersonId};

use super::executor::{Executor, plain_statements, values};
use crate::codec::{Coded, Columns, date, day, micros, timestamp};
use crate::{Notice, NoticeId, NoticeKey, NoticeOf, NoticeState, OnlineUserId, ReadNotices, StoreError, WriteNotices};

/// A notice, as [`read_notice`] reads it.
macro_rules! notice_columns {
    () => {
        "id, what, online_user, ends, days, made_at, state, attempts, next_at, ended_at, receiver, why"
    };
}

plain_statements! {
    const CERTIFICATES = (r#"SELECT DISTINCT c."user", c.not_after FROM certificate c JOIN online_user u ON u.id = c."user"
        WHERE c.revoked_at IS NULL AND c.not_after BETWEEN $1 AND $2 AND u.registration_valid_until >= $3
            AND NOT EXISTS (SELECT 1 FROM certificate l
                WHERE l."user" = c."user" AND l.revoked_at IS NULL AND l.not_after > c.not_after)
            AND NOT EXISTS (SELECT 1 FROM notice n
                WHERE n.what = 0 AND n.online_user = c."user" AND n.ends = c.not_after AND n.days = $4)
        ORDER BY c.not_after, c."user" LIMIT $5"#);
    const REGISTRATIONS = ("SELECT u.id, u.registration_valid_until FROM online_user u
        WHERE u.registration_valid_until BETWEEN $1 AND $2
            AND NOT EXISTS (SELECT 1 FROM notice n
                WHERE n.what = 1 AND n.online_user = u.id AND n.ends = u.registration_valid_until AND n.days = $3)
        ORDER BY u.registration_valid_until, u.id LIMIT $4");
    const USERS_OF_AUTHORITY = ("SELECT u.id FROM online_user u
        WHERE u.registration_valid_until >= $1
            AND NOT EXISTS (SELECT 1 FROM notice n
                WHERE n.what = 2 AND n.online_user = u.id AND n.ends = $1 AND n.days = $2)
        ORDER BY u.id LIMIT $3");
    /// A notice has the person's number in the column of the online user's.
    const PERSON_CERTIFICATES = ("SELECT DISTINCT c.person, c.not_after FROM person_certificate c JOIN person p ON p.id = c.person
        WHERE c.revoked_at IS NULL AND c.not_after BETWEEN $1 AND $2 AND p.valid_until >= $3 AND p.ended_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM person_certificate l
                WHERE l.person = c.person AND l.revoked_at IS NULL AND l.not_after > c.not_after)
            AND NOT EXISTS (SELECT 1 FROM notice n
                WHERE n.what = 3 AND n.online_user = c.person AND n.ends = c.not_after AND n.days = $4)
        ORDER BY c.not_after, c.person LIMIT $5");
    const NOTICE = ("SELECT ", notice_columns!(), " FROM notice WHERE id = $1"; first " FOR UPDATE", again " FOR UPDATE");
    const NOTICES = ("SELECT ", notice_columns!(), " FROM notice WHERE state = $1 ORDER BY id DESC LIMIT $2");
    const INSERT = ("INSERT INTO notice (what, online_user, ends, days, made_at, next_at) VALUES ($1, $2, $3, $4, $5, $5)
        ON CONFLICT DO NOTHING");
    const TAKE = (
        sqlite: ["UPDATE notice SET attempts = attempts + 1, next_at = $2
            WHERE id = (SELECT id FROM notice WHERE state = 0 AND next_at <= $1 ORDER BY next_at, id LIMIT 1) RETURNING id"],
        postgres: ["UPDATE notice SET attempts = attempts + 1, next_at = $2
            WHERE id = (SELECT id FROM notice WHERE state = 0 AND next_at <= $1 ORDER BY next_at, id LIMIT 1
                FOR UPDATE SKIP LOCKED) RETURNING id"],
    );
    const POSTPONE = ("UPDATE notice SET next_at = $2, why = $3 WHERE id = $1 AND state = 0");
    const END = ("UPDATE notice SET state = $2, ended_at = $3, receiver = $4, why = $5 WHERE id = $1 AND state = 0");
    const RETRY = ("UPDATE notice SET state = 0, attempts = 0, next_at = $2, ended_at = NULL WHERE id = $1 AND state = 2");
}

fn read_notice(row: &mut Columns<'_>) -> Result<Notice, StoreError> {
    let (id, what, holder, ends) = (NoticeId(row.integer()?), row.code()?, row.integer()?, row.integer()?);
    let of = match what {
        Ending::Certificate => NoticeOf::Certificate(OnlineUserId(holder), timestamp(ends)?),
        Ending::Registration => NoticeOf::Registration(OnlineUserId(holder), date(ends)?),
        Ending::Authority => NoticeOf::Authority(OnlineUserId(holder), date(ends)?),
        Ending::PersonCertificate => NoticeOf::PersonCertificate(PersonId(holder), timestamp(ends)?),
    };
    let days = u16::try_from(row.integer()?).map_err(|_| StoreError::Corrupt("days of a notice".to_owned()))?;
    Ok(Notice {
        id,
        key: NoticeKey { of, days },
        made_at: row.timestamp()?,
        state: row.code()?,
        attempts: row.small()?,
        next_at: row.timestamp()?,
        ended_at: row.timestamp_if_any()?,
        receiver: row.text_if_any()?,
        why: row.text_if_any()?,
    })
}

impl<S: Executor> ReadNotices for S {
    fn certificates_to_tell(
        &mut self,
        (first, last): (Timestamp, Timestamp),
        today: Date,
        days: u16,
        limit: u32,
    ) -> Result<Vec<(OnlineUserId, Timestamp)>, StoreError> {
        let values = values![micros(first), micros(last), day(today), u32::from(days), limit];
        self.list(&CERTIFICATES, values, |row| Ok((OnlineUserId(row.integer()?), row.timestamp()?)))
    }

    fn registrations_to_tell(
        &mut self,
        (first, last): (Date, Date),
        days: u16,
        limit: u32,
    ) -> Result<Vec<(OnlineUserId, Date)>, StoreError> {
        let values = values![day(first), day(last), u32::from(days), limit];
        self.list(&REGISTRATIONS, values, |row| Ok((OnlineUserId(row.integer()?), row.date()?)))
    }

    fn users_to_tell_of_authority(
        &mut self,
        last_day: Date,
        days: u16,
        limit: u32,
    ) -> Result<Vec<OnlineUserId>, StoreError> {
        let values = values![day(last_day), u32::from(days), limit];
        self.list(&USERS_OF_AUTHORITY, values, |row| Ok(OnlineUserId(row.integer()?)))
    }

    fn person_certificates_to_tell(
        &mut self,
        (first, last): (Timestamp, Timestamp),
        today: Date,
        days: u16,
        limit: u32,
    ) -> Result<Vec<(PersonId, Timestamp)>, StoreError> {
        let values = values![micros(first), micros(last), day(today), u32::from(days), limit];
        self.list(&PERSON_CERTIFICATES, values, |row| Ok((PersonId(row.integer()?), row.timestamp()?)))
    }

    fn notice(&mut self, id: NoticeId) -> Result<Option<Notice>, StoreError> {
        self.optional(&NOTICE, values![id.0], read_notice)
    }

    fn notices(&mut self, state: NoticeState, limit: u32) -> Result<Vec<Notice>, StoreError> {
        self.list(&NOTICES, values![state.code(), limit], read_notice)
    }
}

impl<S: Executor> WriteNotices for S {
    fn insert_notice(&mut self, key: &NoticeKey, at: Timestamp) -> Result<bool, StoreError> {
        let (holder, ends) = match key.of {
            NoticeOf::Certificate(user, not_after) => (user.0, micros(not_after)),
            NoticeOf::Registration(user, last_day) | NoticeOf::Authority(user, last_day) => (user.0, day(last_day)),
            NoticeOf::PersonCertificate(person, not_after) => (person.0, micros(not_after)),
        };
        let values = values![key.of.what().code(), holder, ends, u32::from(key.days), micros(at)];
        Ok(self.change(&INSERT, values)? == 1)
    }

    fn take_notice(&mut self, now: Timestamp, until: Timestamp) -> Result<Option<NoticeId>, StoreError> {
        Ok(self.change_one(&TAKE, values![micros(now), micros(until)])?.map(NoticeId))
    }

    fn postpone_notice(&mut self, id: NoticeId, until: Timestamp, why: &str) -> Result<bool, StoreError> {
        Ok(self.change(&POSTPONE, values![id.0, micros(until), why])? == 1)
    }

    fn end_notice(
        &mut self,
        id: NoticeId,
        state: NoticeState,
        at: Timestamp,
        receiver: Option<&str>,
        why: Option<&str>,
    ) -> Result<bool, StoreError> {
        Ok(self.change(&END, values![id.0, state.code(), micros(at), receiver, why])? == 1)
    }

    fn retry_notice(&mut self, id: NoticeId, at: Timestamp) -> Result<bool, StoreError> {
        Ok(self.change(&RETRY, values![id.0, micros(at)])? == 1)
    }
}
