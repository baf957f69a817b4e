//! Makes the notices that are due: a row of the outbox for each, in a transaction of its own, which a unique key lets happen once.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use onboarding::{NoticeBand, notice_bands};
use rulebook::calendar::TREASURY_TIME_ZONE;
use store::{NoticeKey, NoticeOf, Reading, Writing};
use tokio::time::Instant;

use crate::background::chore::{Chore, Doing, Round};
use crate::bounds::{NOTICES_LOOKED_FOR_EVERY, NOTICES_MADE_AT_A_TIME};
use crate::clock::local::local_time;
use crate::{Alarm, Exchange, Failure};

#[derive(Default)]
pub(crate) struct MakeNotices {
    looked: Option<Instant>,
}

impl Chore for MakeNotices {
    fn name(&self) -> &'static str {
        "make notices"
    }

    fn is_wanted(&self, round: &Round) -> bool {
        round.looks_again(self.looked, NOTICES_LOOKED_FOR_EVERY)
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, _: &'a mut Round) -> Doing<'a> {
        Box::pin(async {
            let begun = Instant::now();
            // By a clock in doubt letters would go to everybody.
            if exchange.inner.settings.mail.is_some() && !exchange.inner.health.stands(Alarm::ClockWrong) {
                exchange.make_notices().await?;
            }
            self.looked = Some(begun);
            Ok(false)
        })
    }
}

impl Exchange {
    async fn make_notices(&self) -> Result<(), Failure> {
        let (now, change) = (self.now(), self.authority_change().map(|change| change.last_day));
        let tells_persons = self.may_tell_persons(now).await?;
        loop {
            let due = self.inner.store.read(move |reading| notices_due(reading, change, tells_persons, now)).await?;
            let is_full = due.len() >= NOTICES_MADE_AT_A_TIME as usize;
            for key in due {
                let job = move |writing: &mut dyn Writing| Ok(writing.insert_notice(&key, now)?);
                self.inner.store.write_behind::<_, Failure, _>(job).await?;
                self.inner.letters.notify_one();
            }
            if !is_full {
                return Ok(());
            }
        }
    }

    /// Whether notices to persons may be made. A node of an older version cannot read them, so before the first one they are kept out.
    async fn may_tell_persons(&self, now: Timestamp) -> Result<bool, Failure> {
        let any = self.inner.store.read(move |reading| Ok::<_, Failure>(!person_notices_due(reading, now)?.is_empty()));
        Ok(any.await?
            && self.inner.store.write_behind(|writing| Ok::<_, Failure>(writing.keep_out_older_nodes()?)).await?)
    }
}

fn person_notices_due(reading: &mut dyn Reading, now: Timestamp) -> Result<Vec<NoticeKey>, Failure> {
    let today = local_time(now).date();
    let mut due = Vec::new();
    for NoticeBand { days, first, last } in notice_bands(today) {
        let span = (begin_of(first)?.max(now), before_end_of(last)?);
        let persons = reading.person_certificates_to_tell(span, today, days, NOTICES_MADE_AT_A_TIME)?;
        due.extend(
            persons.into_iter().map(|(person, end)| NoticeKey { of: NoticeOf::PersonCertificate(person, end), days }),
        );
    }
    Ok(due)
}

/// Notices that are due now and not made yet.
fn notices_due(
    reading: &mut dyn Reading,
    change: Option<Date>,
    tells_persons: bool,
    now: Timestamp,
) -> Result<Vec<NoticeKey>, Failure> {
    let today = local_time(now).date();
    let mut due = if tells_persons { person_notices_due(reading, now)? } else { Vec::new() };
    for NoticeBand { days, first, last } in notice_bands(today) {
        let span = (begin_of(first)?.max(now), before_end_of(last)?);
        let certificates = reading.certificates_to_tell(span, today, days, NOTICES_MADE_AT_A_TIME)?;
        due.extend(
            certificates
                .into_iter()
                .map(|(user, not_after)| NoticeKey { of: NoticeOf::Certificate(user, not_after), days }),
        );
        let registrations = reading.registrations_to_tell((first, last), days, NOTICES_MADE_AT_A_TIME)?;
        due.extend(
            registrations
                .into_iter()
                .map(|(user, last_day)| NoticeKey { of: NoticeOf::Registration(user, last_day), days }),
        );
        if let Some(last_day) = change.filter(|day| (first..=last).contains(day)) {
            let users = reading.users_to_tell_of_authority(last_day, days, NOTICES_MADE_AT_A_TIME)?;
            due.extend(users.into_iter().map(|user| NoticeKey { of: NoticeOf::Authority(user, last_day), days }));
        }
    }
    Ok(due)
}

fn begin_of(day: Date) -> Result<Timestamp, Failure> {
    let begin = day.to_datetime(Time::midnight()).to_zoned_datetime(TREASURY_TIME_ZONE.clone());
    begin.map(|begin| begin.timestamp()).map_err(|error| Failure::unexpected(error))
}

/// The last microsecond of a day.
fn before_end_of(day: Date) -> Result<Timestamp, Failure> {
    let next = day.tomorrow().map_err(|error| Failure::unexpected(error))?;
    let last = begin_of(next)?.checked_sub(jiff::SignedDuration::from_micros(1));
    last.map_err(|error| Failure::unexpected(error))
}
