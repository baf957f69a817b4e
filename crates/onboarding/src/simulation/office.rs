//! What the simulated Treasury holds: applications, registrations and persons, and a log of who really did what.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::Date;
use ledger::{AccountId, Limits};
use money::Currency;

use super::fault::Fault;
use crate::bounds::APPROVAL_DAYS_MAX;
use crate::invariants::{Hands, digest_is_of_content, one_registration_in_force, state_is_legal};
use crate::{
    AccountBase, Actor, Application, ApplicationDigest, ApplicationId, Base, CardInForce, ClientId, Content, FileKind,
    OnlineUserId, PersonChange, PersonId, PersonRecord, Refusal, RegistrationInForce, Role, Roles, State,
};

/// The real hands of an application, whatever its row says.
#[derive(Clone, Debug)]
pub(super) struct Log {
    pub(super) entered_by: PersonId,
    pub(super) applicant: Option<PersonId>,
    pub(super) checked_by: Option<PersonId>,
    /// Who, the digest on the screen, the base at that moment, and the day.
    pub(super) approved: Option<(PersonId, ApplicationDigest, Base, Date)>,
    /// The days on which it took effect.
    pub(super) effects: Vec<Date>,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Office {
    pub(super) applications: BTreeMap<ApplicationId, Application>,
    pub(super) rights: BTreeMap<OnlineUserId, RegistrationInForce>,
    pub(super) persons: BTreeMap<PersonId, PersonRecord>,
    pub(super) cards: BTreeMap<ClientId, CardInForce>,
    pub(super) limits: BTreeMap<(AccountId, Date), ApplicationId>,
    pub(super) log: BTreeMap<ApplicationId, Log>,
}

/// Clients of the simulated Treasury.
pub(super) const CLIENTS: i64 = 3;
/// How many of the newest applications are compared after each step.
const LOOKED_AT_AGAIN: usize = 60;
/// Accounts of each.
pub(super) const ACCOUNTS: i64 = 2;

impl Office {
    /// Six of the staff, and an administrator of each client.
    pub(super) fn new(today: Date) -> Office {
        let staff: [&[Role]; 6] = [
            &[Role::Clerk],
            &[Role::Clerk, Role::Approver],
            &[Role::Clerk, Role::Approver],
            &[Role::Approver],
            &[Role::Auditor],
            &[Role::Clerk],
        ];
        let of = |client, roles: &[Role], number: i64| PersonRecord {
            client,
            name: format!("Person {number}"),
            email: format!("person{number}@example.lv"),
            roles: Roles::of(roles),
            valid_from: today,
            valid_until: today.saturating_add(Span::new().years(9)),
        };
        let operators = (1..).zip(staff).map(|(number, roles)| (PersonId(number), of(None, roles, number)));
        let administrators = (1..=CLIENTS).map(|client| {
            let number = 100 + client;
            (PersonId(number), of(Some(ClientId(client)), &[Role::Administrator, Role::Signatory], number))
        });
        Office { persons: operators.chain(administrators).collect(), ..Office::default() }
    }

    /// The person with the roles that hold today.
    pub(super) fn actor(&self, person: PersonId, today: Date) -> Option<Actor> {
        let record = self.persons.get(&person)?;
        let holds = record.valid_from <= today && today <= record.valid_until;
        Some(Actor { person, client: record.client, roles: if holds { record.roles } else { Roles::default() } })
    }

    /// What a content changes, as it is now.
    pub(super) fn base(&self, content: &Content) -> Base {
        let user = content.online_user().and_then(|user| self.rights.get(&user)).cloned().map(Base::OnlineUser);
        let found = match content {
            Content::OneDayLimits(limits) => Some(Base::Account(AccountBase {
                client: ClientId((limits.account.0 - 1) / ACCOUNTS + 1),
                iban: format!("LV{:02}TREL{:013}", 10, limits.account.0),
                currency: Currency::EUR,
                limits: Limits::default(),
                by: self.limits.get(&(limits.account, limits.day)).copied(),
            })),
            Content::SignatureCard(card) => self.cards.get(&card.client).cloned().map(Base::Card),
            Content::Person(change) => {
                change.person.and_then(|person| self.persons.get(&person)).cloned().map(Base::Person)
            }
            _ => user,
        };
        found.unwrap_or(Base::Nothing)
    }

    /// Makes what an application asks for, as the exchange does in the transaction that puts it in force.
    pub(super) fn take_effect(&mut self, application: &Application, today: Date, fault: Option<Fault>) {
        let (id, content) = (application.id(), application.content());
        let base = self.base(content);
        let mut application = application.clone();
        if let Some(log) = self.log.get_mut(&id) {
            log.effects.push(today);
        }
        if let Some(registration) = application.registration_on(&base) {
            let new = OnlineUserId(self.rights.len() as i64 + 1);
            let user = content.online_user().unwrap_or(new);
            application = application.having_made(user);
            let registered = RegistrationInForce { by: Some(id), registration };
            if let Some(before) = self.rights.insert(user, registered).and_then(|before| before.by) {
                self.replace(before, fault);
            }
        }
        let before = match content {
            Content::SignatureCard(card) => {
                self.cards.insert(card.client, CardInForce { by: id, card: card.clone() }).map(|before| before.by)
            }
            Content::OneDayLimits(limits) => self.limits.insert((limits.account, limits.day), id),
            Content::Person(PersonChange { person, record, .. }) => {
                let new = PersonId(self.persons.keys().last().map_or(1, |last| last.0 + 1));
                let person = person.unwrap_or(new);
                match record {
                    Some(record) => self.persons.insert(person, record.clone()),
                    None => self.persons.remove(&person),
                };
                None
            }
            _ => None,
        };
        before.into_iter().for_each(|before| self.replace(before, None));
        self.applications.insert(id, application);
    }

    fn replace(&mut self, before: ApplicationId, fault: Option<Fault>) {
        if fault == Some(Fault::StaysInForce) {
            return;
        }
        let replaced = self.applications.get(&before).map(Application::replace);
        if let Some(Ok(replaced)) = replaced {
            self.applications.insert(before, replaced);
        }
    }

    /// Ends what is due today.
    pub(super) fn expire(&mut self, today: Date) -> usize {
        let due = self.applications.values().map(|application| application.expire(today));
        let due: Vec<Application> = due.filter_map(Result::ok).collect();
        for application in &due {
            self.applications.insert(application.id(), application.clone());
            // A registration that is over opens nothing; the online user keeps what it was.
            let ended = self.rights.values_mut().filter(|now| now.by == Some(application.id()));
            ended.for_each(|now| now.by = None);
        }
        due.len()
    }

    /// Everything that does not hold: of each application when `thorough`, otherwise of those that can still change.
    pub(super) fn problems(&self, thorough: bool) -> Vec<String> {
        let mut problems = one_registration_in_force(self.applications.values(), &self.rights);
        let (all, newest) = (self.applications.values(), if thorough { usize::MAX } else { LOOKED_AT_AGAIN });
        for application in all.rev().take(newest) {
            problems.extend(state_is_legal(application));
            problems.extend(digest_is_of_content(application));
            match self.log.get(&application.id()) {
                Some(log) => problems.extend(log.problems(application)),
                None => problems.push(format!("application {} came from nowhere", application.id())),
            }
        }
        problems
    }
}

impl Log {
    fn problems(&self, application: &Application) -> Vec<String> {
        let (id, state) = (application.id(), application.state());
        let mut problems = Vec::new();
        let mut wrong = |what: String| problems.push(format!("application {id}: {what}"));
        if self.effects.len() > 1 {
            wrong(format!("took effect {} times", self.effects.len()));
        }
        if matches!(state, State::InForce | State::Replaced) != !self.effects.is_empty() && state != State::Expired {
            wrong(format!("is {} and took effect {} times", state.word(), self.effects.len()));
        }
        let Some((approver, seen, base, day)) = &self.approved else {
            if !self.effects.is_empty() {
                wrong("took effect unapproved".to_owned());
            }
            return problems;
        };
        if !self.effects.is_empty() {
            let parts = application.parts();
            if ApplicationDigest::of(&parts.content, &parts.attachments, base) != *seen {
                wrong("what took effect is not what the approver saw".to_owned());
            }
            let last = day.saturating_add(Span::new().days(APPROVAL_DAYS_MAX + 1));
            if self.effects.iter().any(|effect| *effect > last) {
                wrong(format!("took effect after its approval of {day} had lapsed"));
            }
            let signed = parts.attachments.iter().filter(|file| file.kind == FileKind::Signed);
            let unverified = signed.filter(|file| file.verification.is_none()).count();
            let none = !parts.attachments.iter().any(|file| file.kind == FileKind::Signed);
            if unverified > 0 || (none && parts.content.needs_signed_file()) {
                wrong("took effect without a verified signature".to_owned());
            }
        }
        let hands = Hands {
            entered_by: self.entered_by,
            applicant: self.applicant,
            checked_by: self.checked_by,
            approved_by: *approver,
        };
        problems.extend(hands.problems(application));
        problems
    }
}

/// The name of a refusal, for the census.
pub(super) fn named(refusal: &Refusal) -> String {
    let text = format!("{refusal:?}");
    text.split(['(', ' ', '{']).next().unwrap_or_default().to_owned()
}
