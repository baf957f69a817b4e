//! What operators decide about a complete application.

use jiff::Span;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::bounds::{REASON_CHARACTERS_MAX, SUBMITTED_DAYS_MAX};
use crate::content::is_unseen;
use crate::field::Field;
use crate::moment::Moment;
use crate::role::{Actor, Role};
use crate::state::{Act, State};
use crate::{Application, ApplicationDigest, Base, FileKind, Refusal, Verification};

impl Application {
    /// Notes who verified the signature of a file, and how. The last note counts.
    ///
    /// # Errors
    /// When there is no such file, it says too little or too much, or the actor may not.
    pub fn verify_signature(
        &self,
        name: &str,
        how: &str,
        actor: &Actor,
        moment: Moment,
    ) -> Result<Application, Refusal> {
        self.in_state(&[State::Draft, State::Submitted])?;
        self.decided_by(actor, &[Role::Clerk, Role::Approver])?;
        let how = said(Field::How, how)?;
        if !self.parts().attachments.iter().any(|file| file.name == name) {
            return Err(Refusal::NoSuchFile(name.to_owned()));
        }
        let verification = Verification { by: actor.person, at: moment.at, how: how.to_owned() };
        Ok(self.with(|parts| {
            for file in parts.attachments.iter_mut().filter(|file| file.name == name) {
                file.verification = Some(verification.clone());
            }
        }))
    }

    /// Checks it.
    ///
    /// # Errors
    /// When it is not submitted, the signature of a signed file is not verified, it is over, or the actor may not.
    pub fn check(&self, actor: &Actor, moment: Moment) -> Result<Application, Refusal> {
        self.in_state(&[State::Submitted])?;
        self.decided_by(actor, &[Role::Clerk, Role::Approver])?;
        self.signatures_are_verified()?;
        self.can_still_be_decided(moment.today)?;
        Ok(self.with(|parts| {
            parts.state = State::Checked;
            parts.checked = Some(Act { by: actor.person, at: moment.at });
        }))
    }

    /// Approves what was `seen`, if that is the application, and `current` is still what it changes.
    ///
    /// # Errors
    /// When the actor entered it, applied for it, is the one it is about, or checked it where two operators are needed;
    /// when anything has changed; when it is not checked, or was approved before; when it is over.
    pub fn approve(
        &self,
        seen: ApplicationDigest,
        actor: &Actor,
        moment: Moment,
        current: &Base,
    ) -> Result<Application, Refusal> {
        self.in_state(&[State::Checked])?;
        self.decided_by(actor, &[Role::Approver])?;
        if self.parts().entered.by == actor.person {
            return Err(Refusal::EnteredByActor);
        }
        let checked_by_actor = self.parts().checked.is_some_and(|check| check.by == actor.person);
        if self.content().kind().needs_two_operators() && checked_by_actor {
            return Err(Refusal::CheckedByActor);
        }
        self.signatures_are_verified()?;
        self.can_still_be_decided(moment.today)?;
        self.is_unchanged(current)?;
        if self.parts().digest != Some(seen) {
            return Err(Refusal::DigestDiffers);
        }
        Ok(self.with(|parts| {
            parts.state = State::Approved;
            parts.approved = Some(Act { by: actor.person, at: moment.at });
        }))
    }

    /// Refuses it, with a reason. What is approved can be refused until it takes effect.
    ///
    /// # Errors
    /// When it is a draft or has ended, no reason is given, or the actor may not.
    pub fn reject(&self, why: &str, actor: &Actor) -> Result<Application, Refusal> {
        self.in_state(&[State::Submitted, State::Checked, State::Approved])?;
        self.decided_by(actor, &[Role::Clerk, Role::Approver])?;
        said(Field::Reason, why)?;
        Ok(self.with(|parts| parts.state = State::Rejected))
    }

    /// Takes it back: who entered it or applied for it, until it takes effect.
    ///
    /// # Errors
    /// When it is in force or has ended, or somebody else entered it.
    pub fn withdraw(&self, actor: &Actor) -> Result<Application, Refusal> {
        self.in_state(&[State::Draft, State::Submitted, State::Checked, State::Approved])?;
        let own = [Some(self.parts().entered.by), self.parts().applicant];
        if !own.contains(&Some(actor.person)) {
            return Err(Refusal::NotEnteredByActor);
        }
        Ok(self.with(|parts| parts.state = State::Withdrawn))
    }

    /// Whether content, files and base are those of the digest, and the base is still what is there.
    pub(crate) fn is_unchanged(&self, current: &Base) -> Result<(), Refusal> {
        let parts = self.parts();
        let (Some(base), Some(digest)) = (&parts.base, parts.digest) else {
            return Err(Refusal::DigestDiffers);
        };
        if ApplicationDigest::of(&parts.content, &parts.attachments, base) != digest {
            return Err(Refusal::DigestDiffers);
        }
        if base == current { Ok(()) } else { Err(Refusal::BaseMoved) }
    }

    fn signatures_are_verified(&self) -> Result<(), Refusal> {
        let mut signed = self.parts().attachments.iter().filter(|file| file.kind == FileKind::Signed).peekable();
        if self.content().needs_signed_file() && signed.peek().is_none() {
            return Err(Refusal::SignedFileMissing);
        }
        match signed.find(|file| file.verification.is_none()) {
            Some(file) => Err(Refusal::SignatureNotVerified(file.name.clone())),
            None => Ok(()),
        }
    }

    fn can_still_be_decided(&self, today: Date) -> Result<(), Refusal> {
        if let Some(last) = self.content().last_day().filter(|last| *last < today) {
            return Err(Refusal::Over(last));
        }
        match self.last_day_of_decision() {
            Some(last) if last < today => Err(Refusal::Overdue(last)),
            _ => Ok(()),
        }
    }

    /// The last day on which it can be decided about.
    pub(crate) fn last_day_of_decision(&self) -> Option<Date> {
        let submitted = self.parts().submitted?;
        Some(day_of(submitted).saturating_add(Span::new().days(SUBMITTED_DAYS_MAX)))
    }
}

/// The day of an act in UTC: close enough for bounds of many days, and the same wherever it is computed.
pub(crate) fn day_of(act: Act) -> Date {
    Offset::UTC.to_datetime(act.at).date()
}

/// A text that says why or how.
fn said(field: Field, text: &str) -> Result<&str, Refusal> {
    let wrong = text.trim().is_empty() || text.chars().count() > REASON_CHARACTERS_MAX;
    // Texts that are copied from elsewhere have spaces that do not break.
    if wrong || text.chars().any(|c| is_unseen(c) && !matches!(c, '\n' | '\u{A0}')) {
        return Err(Refusal::Text(field));
    }
    Ok(text)
}
