//! Letters about what ends, for operators: those that wait, those that could not be sent, and another try.

use rulebook::catalogue::Code;
use serde::{Deserialize, Serialize};
use store::{AuditLine, NoticeId, NoticeOf, NoticeState, Reading};

use crate::bounds::NOTICES_SHOWN_MAX;
use crate::{Failure, Operator};

/// A notice that waits or could not be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownNotice {
    /// Its number.
    pub id: i64,
    /// `waiting` or `refused`.
    pub state: String,
    /// `certificate`, `registration`, `authority` or `person-certificate`.
    pub what: String,
    /// The client's name; empty for an operator.
    pub client: String,
    /// The number and name of the online user, or of the person.
    pub online_user: String,
    /// When it ends (RFC 3339, or the last day).
    pub ends: String,
    /// So many days ahead the notice is.
    pub days: u16,
    /// Attempts to send it.
    pub attempts: u32,
    /// When it is tried next, or was given up (RFC 3339).
    pub at: String,
    /// What the last attempt failed on.
    pub why: String,
}

impl Operator {
    /// Notices that could not be sent, and those that wait, up to a bound of each.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn open_notices(&self) -> Result<Vec<ShownNotice>, Failure> {
        let read = |reading: &mut dyn Reading| {
            let mut shown = Vec::new();
            for (state, word) in [(NoticeState::Refused, "refused"), (NoticeState::Waiting, "waiting")] {
                for notice in reading.notices(state, NOTICES_SHOWN_MAX)? {
                    let (client, holder) = names(reading, notice.key.of)?;
                    shown.push(ShownNotice {
                        id: notice.id.0,
                        state: word.to_owned(),
                        what: notice.key.of.what().word().to_owned(),
                        client,
                        online_user: holder,
                        ends: match notice.key.of {
                            NoticeOf::Certificate(_, not_after) | NoticeOf::PersonCertificate(_, not_after) => {
                                format!("{not_after:.0}")
                            }
                            NoticeOf::Registration(_, last_day) | NoticeOf::Authority(_, last_day) => {
                                last_day.to_string()
                            }
                        },
                        days: notice.key.days,
                        attempts: notice.attempts,
                        at: format!("{:.0}", notice.ended_at.unwrap_or(notice.next_at)),
                        why: notice.why.unwrap_or_default(),
                    });
                }
            }
            Ok::<_, Failure>(shown)
        };
        self.exchange().inner.store.read(read).await
    }

    /// Has a notice tried again that could not be sent.
    ///
    /// # Errors
    /// When there is none that was refused by this number, or the store is away.
    pub async fn retry_notice(&self, id: i64) -> Result<(), Failure> {
        let line = self.line("notice.retried", format!("notice {id}"));
        self.write(move |writing| {
            if !writing.retry_notice(NoticeId(id), line.at)? {
                return Err(Failure::new(Code::NotFound).with_detail(format!("notice {id}")));
            }
            Ok(writing.append_audit(&AuditLine { ..line.clone() })?)
        })
        .await?;
        self.exchange().inner.letters.notify_one();
        Ok(())
    }
}

/// The client's name, and the number and name of whose notice it is.
fn names(reading: &mut dyn Reading, of: NoticeOf) -> Result<(String, String), Failure> {
    let (client, number, name) = match of {
        NoticeOf::Certificate(user, _) | NoticeOf::Registration(user, _) | NoticeOf::Authority(user, _) => {
            let found = reading.registration(user)?.map(|of| (of.client.name, of.user.name));
            let (client, name) = found.unwrap_or_default();
            (client, user.0, name)
        }
        NoticeOf::PersonCertificate(person, _) => {
            let record = reading.person(person)?.map(|person| person.record);
            let client = record.as_ref().and_then(|record| record.client);
            let client = reading.clients()?.into_iter().find(|known| Some(known.id) == client);
            (
                client.map(|client| client.name).unwrap_or_default(),
                person.0,
                record.map(|of| of.name).unwrap_or_default(),
            )
        }
    };
    Ok((client, format!("{number} {name}")))
}
