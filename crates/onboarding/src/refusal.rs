//! Why a decision about an application is not possible.

use jiff::civil::Date;

use crate::content::ContentError;
use crate::field::Field;
use crate::role::Role;
use crate::state::State;

/// Why not. The application stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The content breaks a rule.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// Not in this state, only in these; an approval that was used is one of the reasons.
    #[error("the application is {}", .0.word())]
    State(State, &'static [State]),
    /// The actor has none of the roles that this needs.
    #[error("this needs the role {}", .0.word())]
    Role(Role),
    /// The actor entered it.
    #[error("who entered an application does not approve it")]
    EnteredByActor,
    /// The actor checked it, and two different operators are needed.
    #[error("two different operators check and approve it")]
    CheckedByActor,
    /// The actor applied for it.
    #[error("an applicant decides nothing about his own application")]
    AppliedForByActor,
    /// It is about the actor's own role.
    #[error("nobody decides about his own role")]
    AboutActor,
    /// Somebody else entered it, and only that person may do this.
    #[error("only who entered the application may do this")]
    NotEnteredByActor,
    /// It has no file that the institution signed.
    #[error("the file signed by the institution is missing")]
    SignedFileMissing,
    /// Nobody has said who verified the signature of a signed file, and how.
    #[error("the signature of {0} is not verified")]
    SignatureNotVerified(String),
    /// No file can have this name.
    #[error("no file can have the name {0}")]
    FileName(String),
    /// There is a file with this name already.
    #[error("there is a file {0} already")]
    FileNameTaken(String),
    /// There is no file with this name.
    #[error("there is no file {0}")]
    NoSuchFile(String),
    /// What is approved is not what was shown.
    #[error("the application is not the one that was shown")]
    DigestDiffers,
    /// What it changes has changed since it was submitted.
    #[error("what the application changes has changed since")]
    BaseMoved,
    /// What it changes is not there, or is of another client.
    #[error("there is nothing that it could change")]
    NothingToChange,
    /// The approval is too old; the last day on which it counted.
    #[error("the approval lapsed after {0}")]
    ApprovalLapsed(Date),
    /// The application is too old to be decided about.
    #[error("the application could be decided about until {0}")]
    Overdue(Date),
    /// It takes effect later.
    #[error("it takes effect on {0}")]
    NotBefore(Date),
    /// The last day on which it could be in force is over.
    #[error("its last day was {0}")]
    Over(Date),
    /// A renewal before the days in which one is possible.
    #[error("a renewal is possible from {0}")]
    RenewalTooEarly(Date),
    /// Nothing ends it today.
    #[error("it is not due to expire")]
    NotDue,
    /// A reason, or how a signature was verified, is missing or too long.
    #[error("{0} is missing or too long")]
    Text(Field),
}
