//! An application: what it asks for, how far it has come, and who did what.
//!
//! Its parts are private, so only the decisions of this crate change them; the store reads and writes all of them at once.

use crate::role::{Actor, Role};
use crate::state::{Act, State};
use crate::{
    ApplicationDigest, ApplicationId, Attachment, Base, ClientId, Content, OnlineUserId, PersonId, Refusal,
    Registration,
};

/// All that is stored of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Its id.
    pub id: ApplicationId,
    /// How far it has come.
    pub state: State,
    /// The client that it belongs to; `None`: the Treasury's own.
    pub client: Option<ClientId>,
    /// The online user that it changes, or that it made when it took effect.
    pub online_user: Option<OnlineUserId>,
    /// What it asks for.
    pub content: Content,
    /// Its files, by name.
    pub attachments: Vec<Attachment>,
    /// The person of the client who applied for it, where the exchange knows that person.
    pub applicant: Option<PersonId>,
    /// What it changes, since it was submitted.
    pub base: Option<Base>,
    /// The digest of content, files and base, since it was submitted.
    pub digest: Option<ApplicationDigest>,
    /// Who entered it.
    pub entered: Act,
    /// Who submitted it.
    pub submitted: Option<Act>,
    /// Who checked it.
    pub checked: Option<Act>,
    /// Who approved it.
    pub approved: Option<Act>,
}

/// An application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application(Parts);

impl Application {
    /// From what is stored.
    #[must_use]
    pub fn from_parts(parts: Parts) -> Application {
        Application(parts)
    }

    /// All of it.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.0
    }

    /// The same with other parts.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Parts)) -> Application {
        let mut next = self.clone();
        change(&mut next.0);
        next
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> ApplicationId {
        self.0.id
    }

    /// How far it has come.
    #[must_use]
    pub fn state(&self) -> State {
        self.0.state
    }

    /// What it asks for.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.0.content
    }

    /// The registration that the online user has once this takes effect on that base; `None`: it registers nothing.
    #[must_use]
    pub fn registration_on(&self, base: &Base) -> Option<Registration> {
        match (&self.0.content, base) {
            (Content::NewOnlineUser(registration), _) => Some(registration.clone()),
            (Content::ChangeOnlineUser(change), _) => Some(change.to.clone()),
            (Content::Renewal(renewal), Base::OnlineUser(now)) => {
                Some(Registration { valid_until: renewal.valid_until, ..now.registration.clone() })
            }
            _ => None,
        }
    }

    /// Refuses when it is in none of the states.
    pub(crate) fn in_state(&self, states: &'static [State]) -> Result<(), Refusal> {
        if states.contains(&self.0.state) { Ok(()) } else { Err(Refusal::State(self.0.state, states)) }
    }

    /// What every decision of an operator asks: a role, and nothing of his own in it.
    pub(crate) fn decided_by(&self, actor: &Actor, roles: &[Role]) -> Result<(), Refusal> {
        if !actor.is_operator(roles) {
            return Err(Refusal::Role(roles.first().copied().unwrap_or(Role::Approver)));
        }
        if self.0.applicant == Some(actor.person) {
            return Err(Refusal::AppliedForByActor);
        }
        if self.0.content.about().contains(&actor.person) { Err(Refusal::AboutActor) } else { Ok(()) }
    }
}
