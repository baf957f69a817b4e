//! Notices that something of an online user or of a person ends: letters that wait to be sent, and those that are at their end.

use jiff::Timestamp;
use jiff::civil::Date;
use onboarding::{Ending, PersonId};

use super::directory::OnlineUserId;

/// Number of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NoticeId(pub i64);

/// What a notice is about: what ends, whose it is, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeOf {
    /// The last certificate of the online user that is not revoked, valid until this moment.
    Certificate(OnlineUserId, Timestamp),
    /// The registration, whose last day this is.
    Registration(OnlineUserId, Date),
    /// The authority of the server's certificate, which may be another one after this day.
    Authority(OnlineUserId, Date),
    /// The last certificate of the person that is not revoked, valid until this moment.
    PersonCertificate(PersonId, Timestamp),
}

impl NoticeOf {
    /// What ends.
    #[must_use]
    pub fn what(self) -> Ending {
        match self {
            NoticeOf::Certificate(..) => Ending::Certificate,
            NoticeOf::Registration(..) => Ending::Registration,
            NoticeOf::Authority(..) => Ending::Authority,
            NoticeOf::PersonCertificate(..) => Ending::PersonCertificate,
        }
    }

    /// The online user whose it is; `None`: it is a person's.
    #[must_use]
    pub fn user(self) -> Option<OnlineUserId> {
        match self {
            NoticeOf::Certificate(user, _) | NoticeOf::Registration(user, _) | NoticeOf::Authority(user, _) => {
                Some(user)
            }
            NoticeOf::PersonCertificate(..) => None,
        }
    }
}

/// A notice by what makes it the only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeKey {
    /// What ends, and whose it is.
    pub of: NoticeOf,
    /// So many days ahead.
    pub days: u16,
}

/// Where a notice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeState {
    /// It is to be sent.
    Waiting,
    /// A mail server took the letter.
    Sent,
    /// It could not be sent; an operator can have it tried again.
    Refused,
    /// It says nothing any more: something was renewed, revoked or over before the letter could go.
    Lapsed,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number.
    pub id: NoticeId,
    /// What it says, and to whom.
    pub key: NoticeKey,
    /// When it was made.
    pub made_at: Timestamp,
    /// Where it stands.
    pub state: NoticeState,
    /// Attempts to send it, one that goes on included.
    pub attempts: u32,
    /// Nobody tries before.
    pub next_at: Timestamp,
    /// When it was sent, refused or lapsed.
    pub ended_at: Option<Timestamp>,
    /// The address that it went to.
    pub receiver: Option<String>,
    /// What the last attempt failed on, or why it is not sent.
    pub why: Option<String>,
}
