//! Entering an application, until it is complete.

use jiff::Span;

use crate::bounds::{ATTACHMENT_BYTES_MAX, ATTACHMENTS_MAX, NAME_CHARACTERS_MAX, RENEWAL_DAYS_AHEAD_MAX};
use crate::content::{ContentError, PersonChange, Registration, Renewal, is_unseen};
use crate::field::Field;
use crate::moment::Moment;
use crate::role::{Actor, Role};
use crate::state::{Act, State};
use crate::{
    Application, ApplicationDigest, ApplicationId, Attachment, Base, Content, FileKind, Parts, PersonId, Refusal,
};

impl Application {
    /// Enters an application: a clerk any, a client's administrator one of that client's.
    ///
    /// # Errors
    /// When the content breaks a rule, there is nothing that it could change, or the actor may not.
    pub fn enter(
        id: ApplicationId,
        content: Content,
        applicant: Option<PersonId>,
        actor: &Actor,
        moment: Moment,
        current: &Base,
    ) -> Result<Application, Refusal> {
        content.check(moment.today)?;
        fits(&content, current, moment)?;
        let client = content.client().or(current.client());
        may_enter(&content, client, actor)?;
        Ok(Application::from_parts(Parts {
            id,
            state: State::Draft,
            client,
            online_user: content.online_user(),
            content,
            attachments: Vec::new(),
            applicant,
            base: None,
            digest: None,
            entered: Act { by: actor.person, at: moment.at },
            submitted: None,
            checked: None,
            approved: None,
        }))
    }

    /// Changes the content of a draft.
    ///
    /// # Errors
    /// As [`Application::enter`]; when somebody else entered it, or it is no draft.
    pub fn rewrite(
        &self,
        content: Content,
        actor: &Actor,
        moment: Moment,
        current: &Base,
    ) -> Result<Application, Refusal> {
        self.drafted_by(actor)?;
        content.check(moment.today)?;
        fits(&content, current, moment)?;
        let client = content.client().or(current.client());
        may_enter(&content, client, actor)?;
        Ok(self.with(|parts| {
            parts.online_user = content.online_user();
            parts.content = content;
            parts.client = client;
        }))
    }

    /// Adds a file to a draft.
    ///
    /// # Errors
    /// When its name is missing, too long or taken, it is empty or too large, or there are too many.
    pub fn attach(&self, attachment: Attachment, actor: &Actor) -> Result<Application, Refusal> {
        self.drafted_by(actor)?;
        let Attachment { name, size, .. } = &attachment;
        let attachments = &self.parts().attachments;
        // A file of this name is written to no folder by accident, and a path of the interface leads nowhere else.
        let leads_elsewhere = matches!(name.as_str(), "." | "..");
        let wrong = leads_elsewhere || name.is_empty() || name.chars().any(|c| is_unseen(c) || c == '/' || c == '\\');
        if wrong || name.chars().count() > NAME_CHARACTERS_MAX {
            return Err(Refusal::FileName(name.clone()));
        }
        if attachments.iter().any(|other| other.name == *name) {
            return Err(Refusal::FileNameTaken(name.clone()));
        }
        match usize::try_from(*size) {
            Ok(1..=ATTACHMENT_BYTES_MAX) => {}
            Ok(0) => return Err(ContentError::Missing(Field::File).into()),
            _ => return Err(ContentError::TooLong(Field::File, ATTACHMENT_BYTES_MAX).into()),
        }
        if attachments.len() >= ATTACHMENTS_MAX {
            return Err(ContentError::TooLong(Field::File, ATTACHMENTS_MAX).into());
        }
        Ok(self.with(|parts| {
            parts.attachments.push(attachment);
            parts.attachments.sort_by(|one, other| one.name.cmp(&other.name));
        }))
    }

    /// Completes it: from here on content, files and base stand. `current` is what it changes, as it is now.
    ///
    /// # Errors
    /// When the content breaks a rule by now, the signed file is missing, or the actor did not enter it.
    pub fn submit(&self, actor: &Actor, moment: Moment, current: &Base) -> Result<Application, Refusal> {
        self.drafted_by(actor)?;
        self.content().check(moment.today)?;
        fits(self.content(), current, moment)?;
        let signed = self.parts().attachments.iter().any(|file| file.kind == FileKind::Signed);
        if self.content().needs_signed_file() && !signed {
            return Err(Refusal::SignedFileMissing);
        }
        let digest = ApplicationDigest::of(self.content(), &self.parts().attachments, current);
        Ok(self.with(|parts| {
            parts.state = State::Submitted;
            parts.base = Some(current.clone());
            parts.digest = Some(digest);
            parts.submitted = Some(Act { by: actor.person, at: moment.at });
        }))
    }

    fn drafted_by(&self, actor: &Actor) -> Result<(), Refusal> {
        self.in_state(&[State::Draft])?;
        if self.parts().entered.by == actor.person { Ok(()) } else { Err(Refusal::NotEnteredByActor) }
    }
}

fn may_enter(content: &Content, client: Option<crate::ClientId>, actor: &Actor) -> Result<(), Refusal> {
    let administrator = || {
        content.needs_signed_file()
            && client.is_some()
            && actor.client == client
            && actor.roles.has(Role::Administrator)
    };
    if !actor.is_operator(&[Role::Clerk]) && !administrator() {
        return Err(Refusal::Role(Role::Clerk));
    }
    if content.about().contains(&actor.person) { Err(Refusal::AboutActor) } else { Ok(()) }
}

/// Whether the content can change what is there.
fn fits(content: &Content, base: &Base, moment: Moment) -> Result<(), Refusal> {
    match (content, base) {
        (Content::NewClient(_) | Content::NewAccount(_) | Content::NewOnlineUser(_), Base::Nothing) => Ok(()),
        (Content::ChangeOnlineUser(change), Base::OnlineUser(now)) => {
            let Registration { client, valid_until, .. } = now.registration;
            if change.to.client != client || change.to.valid_until != valid_until {
                Err(Refusal::NothingToChange)
            } else if change.to == now.registration {
                Err(ContentError::NothingChanges.into())
            } else {
                not_over(&now.registration, moment)
            }
        }
        (Content::Renewal(renewal), Base::OnlineUser(now)) => renews(renewal, &now.registration, moment),
        (Content::NewCertificate(_), Base::OnlineUser(now)) => not_over(&now.registration, moment),
        (Content::OneDayLimits(_), Base::Account(_))
        | (Content::LiftSuspension(_), Base::SuspendedUser(_))
        | (Content::LiftBlock(_), Base::BlockedAccount(_)) => Ok(()),
        (Content::SignatureCard(_), Base::Nothing) => Ok(()),
        (Content::SignatureCard(card), Base::Card(now)) if card.client == now.card.client => Ok(()),
        (Content::Person(PersonChange { person: None, .. }), Base::Nothing) => Ok(()),
        (Content::Person(change @ PersonChange { person: Some(_), .. }), Base::Person(now))
            if change.client() == now.client =>
        {
            // One that stays as it is gets a further certificate.
            Ok(())
        }
        _ => Err(Refusal::NothingToChange),
    }
}

fn not_over(registration: &Registration, moment: Moment) -> Result<(), Refusal> {
    let last = registration.valid_until;
    if last < moment.today { Err(Refusal::Over(last)) } else { Ok(()) }
}

/// A renewal comes near the end of a registration or after it, and adds no more than the years of one.
fn renews(renewal: &Renewal, now: &Registration, moment: Moment) -> Result<(), Refusal> {
    let first = now.valid_until.saturating_sub(Span::new().days(RENEWAL_DAYS_AHEAD_MAX));
    if moment.today < first {
        return Err(Refusal::RenewalTooEarly(first));
    }
    if renewal.valid_until <= now.valid_until {
        return Err(ContentError::NothingChanges.into());
    }
    let last = Registration::last_day_from(now.valid_until.max(moment.today));
    if renewal.valid_until > last {
        return Err(ContentError::TooFarAhead(Field::ValidUntil, last).into());
    }
    Ok(())
}
