//! Taking effect, and being over.

use jiff::Span;
use jiff::civil::Date;

use crate::bounds::APPROVAL_DAYS_MAX;
use crate::decision::day_of;
use crate::moment::Moment;
use crate::state::State;
use crate::{Application, Base, OnlineUserId, Refusal};

impl Application {
    /// Lets an approved application take effect: once, while the approval counts, on what it was approved for. The caller
    /// makes what it asks for in the same transaction.
    ///
    /// # Errors
    /// When it is not approved, or in force already; when the approval has lapsed; when anything has changed since; before
    /// its first day and after its last one.
    pub fn put_in_force(&self, moment: Moment, current: &Base) -> Result<Application, Refusal> {
        self.in_state(&[State::Approved])?;
        if let Some(last) = self.last_day_of_approval().filter(|last| *last < moment.today) {
            return Err(Refusal::ApprovalLapsed(last));
        }
        if let Some(first) = self.content().effective_from().filter(|first| *first > moment.today) {
            return Err(Refusal::NotBefore(first));
        }
        if let Some(last) = self.content().last_day().filter(|last| *last < moment.today) {
            return Err(Refusal::Over(last));
        }
        self.is_unchanged(current)?;
        Ok(self.with(|parts| parts.state = State::InForce))
    }

    /// The same with the online user that it made.
    #[must_use]
    pub fn having_made(&self, user: OnlineUserId) -> Application {
        self.with(|parts| parts.online_user = Some(user))
    }

    /// Ends an application in force, because another one took its place.
    ///
    /// # Errors
    /// When it is not in force.
    pub fn replace(&self) -> Result<Application, Refusal> {
        self.in_state(&[State::InForce])?;
        Ok(self.with(|parts| parts.state = State::Replaced))
    }

    /// Ends an approved application that can never take effect, because what it changes is not what was approved any more.
    ///
    /// # Errors
    /// [`Refusal::NotDue`] when it still can; when it is not approved.
    pub fn overtake(&self, current: &Base) -> Result<Application, Refusal> {
        self.in_state(&[State::Approved])?;
        match self.is_unchanged(current) {
            Err(Refusal::BaseMoved) => Ok(self.with(|parts| parts.state = State::Overtaken)),
            _ => Err(Refusal::NotDue),
        }
    }

    /// Ends what is due: what was in force until its last day; an approval that has lapsed; what nobody decided in time, or
    /// before the last day that it asks for.
    ///
    /// # Errors
    /// [`Refusal::NotDue`] otherwise.
    pub fn expire(&self, today: Date) -> Result<Application, Refusal> {
        match self.last_day() {
            Some(last) if last < today => Ok(self.with(|parts| parts.state = State::Expired)),
            _ => Err(Refusal::NotDue),
        }
    }

    /// The first day on which something is to be looked at again: it takes effect, lapses or ends.
    #[must_use]
    pub fn due_on(&self) -> Option<Date> {
        let ends = self.last_day().map(|last| last.saturating_add(Span::new().days(1)));
        let begins = self.content().effective_from().filter(|_| self.state() == State::Approved);
        ends.into_iter().chain(begins).min()
    }

    /// The last day in its present state.
    fn last_day(&self) -> Option<Date> {
        let decided_by = match self.state() {
            State::InForce => None,
            State::Approved => self.last_day_of_approval(),
            State::Submitted | State::Checked => self.last_day_of_decision(),
            _ => return None,
        };
        decided_by.into_iter().chain(self.content().last_day()).min()
    }

    /// The last day on which its approval counts.
    #[must_use]
    pub fn last_day_of_approval(&self) -> Option<Date> {
        let approved = day_of(self.parts().approved?);
        Some(approved.saturating_add(Span::new().days(APPROVAL_DAYS_MAX)))
    }
}
