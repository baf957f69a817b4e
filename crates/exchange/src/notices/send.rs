//! Sends the letters of the outbox, one after another.
//!
//! A node takes a notice by a lease, hands the letter over, and writes the outcome. Between the mail server's yes and that
//! commit no other node takes it; if the node ends in between, the letter goes again when the lease is over, under the same
//! Message-ID. SMTP has no way to exclude that.

use std::time::Duration;

use jiff::Timestamp;
use mail::{Handover, Letter, Person};
use rulebook::Language;
use store::{NoticeId, NoticeKey, NoticeOf, NoticeState, Reading, StoreError, Writing};
use telemetry::metrics::notices::LETTERS;
use tokio::sync::watch;
use tokio::time::sleep;

use super::due::{Holder, still_due};
use super::end::End;
use crate::bounds::{
    LETTER_ATTEMPTS_MAX, LETTER_LEASE, LETTER_PAUSES, LETTERS_LOOKED_AT_EVERY, LETTERS_STOP_GRACE,
    NOTICES_LAPSED_AT_A_TIME,
};
use crate::settings::Mail;
use crate::{Alarm, Exchange, Failure};

/// A letter that a node has taken.
#[derive(Clone, Debug)]
struct Taken {
    id: NoticeId,
    attempts: u32,
    letter: Letter,
}

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Nothing waits.
    Idle,
    /// A letter went, or will not go.
    Done,
    /// The mail server does not take letters now.
    Stuck,
}

impl Exchange {
    /// Sends letters until `stop` becomes true. Without a mail server it returns at once.
    pub async fn send_letters(&self, mut stop: watch::Receiver<bool>) {
        let Some(mail) = self.inner.settings.mail.clone() else { return };
        let mut asked = stop.clone();
        let sending = async {
            while !*stop.borrow_and_update() {
                match self.send_a_letter(&mail).await {
                    Ok(Step::Done) => continue,
                    Ok(Step::Idle | Step::Stuck) => {}
                    Err(failure) => tracing::warn!(code = failure.code.id(), "letters wait for the store"),
                }
                tokio::select! {
                    () = self.inner.letters.notified() => {}
                    () = sleep(LETTERS_LOOKED_AT_EVERY) => {}
                    _ = stop.changed() => {}
                }
            }
        };
        // A letter on its way is worth waiting for, but not for long.
        let impatient = async {
            // A sender that is gone means the same.
            let _ = asked.wait_for(|stop| *stop).await;
            sleep(LETTERS_STOP_GRACE).await;
        };
        tokio::select! {
            () = sending => {}
            () = impatient => {}
        }
    }

    /// Sends all letters that may go now.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn send_letters_now(&self) -> Result<(), Failure> {
        let Some(mail) = self.inner.settings.mail.clone() else { return Ok(()) };
        while self.send_a_letter(&mail).await? == Step::Done {}
        Ok(())
    }

    async fn send_a_letter(&self, mail: &Mail) -> Result<Step, Failure> {
        // A look costs no transaction.
        let waits = self.inner.store.read(|reading| Ok::<_, Failure>(reading.notices(NoticeState::Waiting, 1)?));
        if waits.await?.is_empty() || self.inner.health.stands(Alarm::ClockWrong) {
            return Ok(Step::Idle);
        }
        let Some(Taken { id, attempts, letter }) = self.take_letter(mail).await? else { return Ok(Step::Idle) };
        let handover = match letter.write(mail.server.from()) {
            Ok(written) => mail.server.hand_over(&written).await,
            Err(error) => Handover::Refused(error.to_string()),
        };
        let outcome = match &handover {
            Handover::Taken => "sent",
            Handover::Refused(_) => "refused",
            Handover::Later(_) => "postponed",
            Handover::Unreachable(_) => "unreachable",
        };
        self.telemetry().counter(&LETTERS, [outcome]).inc();
        tracing::info!(notice = id.0, attempts, outcome, "a letter");
        let step = if matches!(handover, Handover::Unreachable(_)) { Step::Stuck } else { Step::Done };
        self.note_handover(id, attempts, letter.to.email, handover).await?;
        Ok(step)
    }

    /// Takes the next letter that still says something true; those that do not lapse.
    async fn take_letter(&self, mail: &Mail) -> Result<Option<Taken>, Failure> {
        let (now, house) = (self.now(), Language::ALL.map(|language| self.house_name(language).to_owned()));
        let (support, change) = (mail.support.clone(), self.authority_change());
        let job = move |writing: &mut dyn Writing| {
            let until = now.saturating_add(LETTER_LEASE).unwrap_or(Timestamp::MAX);
            for _ in 0..NOTICES_LAPSED_AT_A_TIME {
                let Some(id) = writing.take_notice(now, until)? else { return Ok(None) };
                match letter_of(writing, id, &house, change, now)? {
                    Ok((attempts, letter)) => {
                        let letter = Letter { house: house.clone(), support: support.clone(), ..letter };
                        return Ok(Some(Taken { id, attempts, letter }));
                    }
                    Err((state, why)) => drop(writing.end_notice(id, state, now, None, Some(why))?),
                }
            }
            Ok(None)
        };
        self.inner.store.write_behind::<_, Failure, _>(job).await
    }

    async fn note_handover(&self, id: NoticeId, attempts: u32, to: String, handover: Handover) -> Result<(), Failure> {
        let now = self.now();
        let job = move |writing: &mut dyn Writing| {
            let noted = match &handover {
                Handover::Taken => writing.end_notice(id, NoticeState::Sent, now, Some(&to), None)?,
                Handover::Refused(why) => writing.end_notice(id, NoticeState::Refused, now, Some(&to), Some(why))?,
                Handover::Later(why) | Handover::Unreachable(why) if attempts >= LETTER_ATTEMPTS_MAX => {
                    writing.end_notice(id, NoticeState::Refused, now, Some(&to), Some(why))?
                }
                Handover::Later(why) | Handover::Unreachable(why) => {
                    let next = now.saturating_add(pause_after(attempts)).unwrap_or(Timestamp::MAX);
                    writing.postpone_notice(id, next, why)?
                }
            };
            Ok(noted)
        };
        // It is small, and prevents a second letter: it may use the room that is held back.
        let noted = self.inner.store.write_with_reserve::<_, Failure, _>(job).await?;
        if !noted {
            tracing::warn!(notice = id.0, "another node has sent the letter too: the lease was over");
        }
        Ok(())
    }
}

fn pause_after(attempts: u32) -> Duration {
    let last = LETTER_PAUSES.len() - 1;
    LETTER_PAUSES[last.min(attempts.saturating_sub(1) as usize)]
}

type Ended = (NoticeState, &'static str);

/// The letter of a notice that was taken, without what the house says of itself.
fn letter_of(
    reading: &mut dyn Reading,
    id: NoticeId,
    house: &[String; 2],
    change: Option<End>,
    now: Timestamp,
) -> Result<Result<(u32, Letter), Ended>, StoreError> {
    let notice = reading.notice(id)?.ok_or(StoreError::Missing("notice"))?;
    let holder = holder_of(reading, notice.key.of)?;
    let end = match still_due(&notice, &holder, change, now) {
        Ok(end) => end,
        Err(why) => return Ok(Err((NoticeState::Lapsed, why))),
    };
    let (to, client, holder) = match holder {
        Holder::OnlineUser(registration) => {
            let Some(contact) = reading.contact(registration.user.id)? else {
                return Ok(Err((NoticeState::Refused, "no contact person of the online user is known")));
            };
            (Person { name: contact.name, email: contact.email }, registration.client.name, registration.user.name)
        }
        Holder::Person(person, _) => {
            let record = person.record;
            let client = match record.client {
                Some(id) => reading.clients()?.into_iter().find(|client| client.id == id).map(|client| client.name),
                None => Some(house[0].clone()),
            };
            (Person { name: record.name.clone(), email: record.email }, client.unwrap_or_default(), record.name)
        }
    };
    let letter = Letter {
        id: message_id(&notice.key, notice.made_at),
        to,
        what: end.what,
        client,
        holder,
        last_day: end.last_day,
        days_left: end.days_left,
        house: Default::default(),
        support: Default::default(),
        at: now,
    };
    Ok(Ok((notice.attempts, letter)))
}

fn holder_of(reading: &mut dyn Reading, of: NoticeOf) -> Result<Holder, StoreError> {
    match of {
        NoticeOf::Certificate(user, _) | NoticeOf::Registration(user, _) | NoticeOf::Authority(user, _) => {
            let registration = reading.registration(user)?.ok_or(StoreError::Missing("online user"))?;
            Ok(Holder::OnlineUser(Box::new(registration)))
        }
        NoticeOf::PersonCertificate(person, _) => {
            let found = reading.person(person)?.ok_or(StoreError::Missing("person"))?;
            Ok(Holder::Person(Box::new(found), reading.person_certificates(person)?))
        }
    }
}

/// The same for each attempt, and on each node.
fn message_id(key: &NoticeKey, made_at: Timestamp) -> String {
    let (holder, ends) = match key.of {
        NoticeOf::Certificate(user, not_after) => (user.0, not_after.as_second().to_string()),
        NoticeOf::Registration(user, last_day) | NoticeOf::Authority(user, last_day) => (user.0, last_day.to_string()),
        NoticeOf::PersonCertificate(person, not_after) => (person.0, not_after.as_second().to_string()),
    };
    format!("tdam-{}-{holder}-{ends}-{}-{}", key.of.what().word(), key.days, made_at.as_microsecond())
}
