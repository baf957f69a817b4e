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
    /// `certificate` or `registration`.
    pub what: String,
    /// The client's name.
    pub client: String,
    /// The online user's number and name.
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
                    let of = reading.registration(notice.key.user)?;
                    let (client, name) = of.map(|of| (of.client.name, of.user.name)).unwrap_or_default();
                    shown.push(ShownNotice {
                        id: notice.id.0,
                        state: word.to_owned(),
                        what: notice.key.of.what().word().to_owned(),
                        client,
                        online_user: format!("{} {name}", notice.key.user.0),
                        ends: match notice.key.of {
                            NoticeOf::Certificate(not_after) => format!("{not_after:.0}"),
                            NoticeOf::Registration(last_day) | NoticeOf::Authority(last_day) => last_day.to_string(),
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
