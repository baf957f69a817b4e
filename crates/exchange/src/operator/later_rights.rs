//! What an export of the audit chain says of rights that the staff took away after a copy was made; and how a store that was restored
//! from the copy takes them away again.
//!
//! Lines are read in their order, so what somebody laid on and two lifted since does not come back. Nothing here gives a right: where the
//! copy allows less, the copy stays. The lines' writers stand in [`super::grants`], [`super::acts`] and `onboarding/effect.rs`; a test lets
//! each of them write what is read here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ledger::{AccountId, AccountState};
use onboarding::{Kind, PersonId, Roles};
use store::{AuditLine, ChainedAuditLine, DirectoryRow as _, OnlineUserId, Person, Writing};

use super::grants::change_online_user;
use super::user_change::UserChange;
use crate::Failure;

/// Rights as they were at the end of an export, as far as the lines after the copy mention them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaterRights {
    suspended: BTreeMap<OnlineUserId, bool>,
    signing: BTreeMap<OnlineUserId, bool>,
    accounts: BTreeMap<AccountId, AccountState>,
    persons: BTreeMap<PersonId, (Roles, bool)>,
    /// Lines that may have taken away what cannot be read from them.
    by_hand: BTreeSet<i64>,
}

/// What was taken away again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenAway {
    /// Online users that are suspended again.
    pub suspended: u64,
    /// Online users that have to sign again.
    pub signing: u64,
    /// Accounts that are blocked or closed again.
    pub accounts: u64,
    /// Persons who are ended again, or have fewer roles.
    pub persons: u64,
}

/// A line is not as this version writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownForm(pub i64);

impl fmt::Display for UnknownForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} is not as this version writes it", self.0)
    }
}

impl std::error::Error for UnknownForm {}

impl LaterRights {
    /// Reads the next line after the copy.
    ///
    /// # Errors
    /// When it is about rights, and not as this version writes it.
    pub fn read(&mut self, line: &ChainedAuditLine) -> Result<(), UnknownForm> {
        let (sequence, AuditLine { action, detail, .. }) = (line.sequence, &line.line);
        let is_read = match action.as_str() {
            "online-user.suspended" => self.suspend(detail, true),
            "online-user.resumed" => self.suspend(detail, false),
            "online-user.signature" => user(detail).map(|user| {
                self.signing.insert(user, detail.contains(" required=true "));
            }),
            "account.state" => self.account(detail),
            PERSON_RESTRICTED => self.person(detail),
            "application.in-force" => self.in_force(sequence, detail),
            "online-user.withdrawn" | "account.limits" => {
                self.by_hand.insert(sequence);
                Some(())
            }
            _ => Some(()),
        };
        is_read.ok_or(UnknownForm(sequence))
    }

    /// Lines that an operator has to look at: grants and limits that were narrowed, as far as they were.
    pub fn by_hand(&self) -> impl Iterator<Item = i64> + '_ {
        self.by_hand.iter().copied()
    }

    fn suspend(&mut self, detail: &str, is_suspended: bool) -> Option<()> {
        self.suspended.insert(user(detail)?, is_suspended);
        Some(())
    }

    fn account(&mut self, detail: &str) -> Option<()> {
        let (id, rest) = numbered("account ", detail)?;
        let states = [AccountState::Open, AccountState::Blocked, AccountState::Closed];
        let state = states.into_iter().find(|state| rest.split(' ').next() == Some(&format!("{state:?}")))?;
        self.accounts.insert(AccountId(id), state);
        Some(())
    }

    fn person(&mut self, detail: &str) -> Option<()> {
        let (id, rest) = numbered("person ", detail)?;
        let mut words = rest.split(' ');
        let bits = i64::from_str_radix(words.next()?.strip_prefix("roles=")?, 16).ok()?;
        let has_ended = words.next() == Some("ended=true");
        self.persons.insert(PersonId(id), (Roles::of_bits(bits)?, has_ended));
        Some(())
    }

    fn in_force(&mut self, sequence: i64, detail: &str) -> Option<()> {
        let (_, rest) = numbered("application ", detail)?;
        let (kind, made) = rest.split_once(' ')?;
        match Kind::of_word(kind)? {
            Kind::LiftSuspension => self.suspend(made, false),
            Kind::LiftBlock => self.account(made),
            Kind::Person => self.person(made),
            Kind::ChangeOnlineUser | Kind::OneDayLimits | Kind::SignatureCard => {
                self.by_hand.insert(sequence);
                Some(())
            }
            // They give rights, or what somebody new may do, whom the copy does not know.
            Kind::NewClient | Kind::NewAccount | Kind::NewOnlineUser | Kind::Renewal | Kind::NewCertificate => Some(()),
        }
    }

    /// Takes away again what the export says. What the copy does not know was made after it.
    pub(super) fn take_away(&self, writing: &mut dyn Writing, line: &AuditLine) -> Result<TakenAway, Failure> {
        let mut taken = TakenAway::default();
        for (users, change, count) in [
            (&self.suspended, UserChange::Suspend, &mut taken.suspended),
            (&self.signing, UserChange::RequireSignature(true), &mut taken.signing),
        ] {
            for (user, _) in users.iter().filter(|(_, is_so)| **is_so) {
                if writing.online_user(*user)?.is_some() && change_online_user(writing, line, *user, &change)? {
                    *count += 1;
                }
            }
        }
        for (account, state) in &self.accounts {
            taken.accounts += u64::from(restrict_account(writing, line, *account, *state)?);
        }
        if !self.persons.is_empty() {
            writing.lock_operators()?;
        }
        for (person, (roles, has_ended)) in &self.persons {
            taken.persons += u64::from(restrict_person(writing, line, *person, *roles, *has_ended)?);
        }
        Ok(taken)
    }
}

/// A number behind words, and what follows it.
fn numbered<'d>(words: &str, detail: &'d str) -> Option<(i64, &'d str)> {
    let (number, rest) = detail.strip_prefix(words)?.split_once(' ')?;
    Some((number.parse().ok()?, rest))
}

fn user(detail: &str) -> Option<OnlineUserId> {
    numbered("online user ", detail).map(|(user, _)| OnlineUserId(user))
}

/// Open is the weakest state, closed the strongest.
fn strength(state: AccountState) -> u8 {
    match state {
        AccountState::Open => 0,
        AccountState::Blocked => 1,
        AccountState::Closed => 2,
    }
}

fn restrict_account(
    writing: &mut dyn Writing,
    line: &AuditLine,
    account: AccountId,
    state: AccountState,
) -> Result<bool, Failure> {
    let Some(mut row) = writing.accounts(&[account])?.pop() else { return Ok(false) };
    let before = row.ledger.state;
    if strength(state) <= strength(before) {
        return Ok(false);
    }
    row.ledger.state = state;
    writing.update_account(&row.ledger)?;
    let detail = format!("account {} {state:?} was {before:?} {}", account.0, row.stated());
    writing.append_audit(&AuditLine { action: "account.state".to_owned(), detail, ..line.clone() })?;
    Ok(true)
}

/// The action of a line about a person who has fewer rights again.
const PERSON_RESTRICTED: &str = "person.restricted";

fn restrict_person(
    writing: &mut dyn Writing,
    line: &AuditLine,
    person: PersonId,
    roles: Roles,
    has_ended: bool,
) -> Result<bool, Failure> {
    let Some(before) = writing.person(person)? else { return Ok(false) };
    let was = before.record.roles;
    let left: Vec<_> = was.iter().filter(|role| roles.has(*role)).collect();
    // Nobody has no role: who would have none is ended, with the roles that were.
    let ends = has_ended || left.is_empty();
    let roles = if left.is_empty() { was } else { Roles::of(&left) };
    let ended_at = before.ended_at.or(ends.then_some(line.at));
    let mut row = Person { ended_at, ..before.clone() };
    row.record.roles = roles;
    if row == before {
        return Ok(false);
    }
    writing.update_person(&row)?;
    let (ended, bits, was) = (ended_at.is_some(), roles.bits(), was.bits());
    let detail = format!("person {person} roles={bits:x} ended={ended} was roles={was:x} {}", row.stated());
    writing.append_audit(&AuditLine { action: PERSON_RESTRICTED.to_owned(), detail, ..line.clone() })?;
    Ok(true)
}
