//! What an export of the audit chain says of rights that the staff took away after a copy was made; and how a store that was restored
//! from the copy takes them away again.
//!
//! Lines are read in their order, so what somebody laid on and two lifted since does not come back. Nothing here gives a right: where the
//! copy allows less, the copy stays. The lines' writers stand in [`super::grants`], [`super::acts`] and `onboarding/effect.rs`; a test lets
//! each of them write what is read here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ledger::{AccountId, AccountState, Limits};
use onboarding::{Kind, PersonId, Roles};
use store::{AuditLine, ChainedAuditLine, DirectoryRow as _, OnlineUserId, Person, Writing};

use super::grants::{NAMED_MAX, change_online_user};
use super::user_change::{Grants, UserChange};
use crate::Failure;

/// Rights as they were at the end of an export, as far as the lines after the copy mention them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaterRights {
    suspended: BTreeMap<OnlineUserId, bool>,
    signing: BTreeMap<OnlineUserId, bool>,
    accounts: BTreeMap<AccountId, AccountState>,
    persons: BTreeMap<PersonId, (Roles, bool)>,
    granted: BTreeMap<OnlineUserId, LaterGrants>,
    limits: BTreeMap<AccountId, Limits>,
    /// Lines that may have taken away what cannot be read from them.
    by_hand: BTreeSet<i64>,
}

/// What became of the accounts granted to an online user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct LaterGrants {
    /// An application named all that are granted.
    at_most: Option<BTreeSet<AccountId>>,
    /// Withdrawn since then.
    withdrawn: BTreeSet<AccountId>,
}

impl LaterGrants {
    fn allows(&self, account: AccountId) -> bool {
        !self.withdrawn.contains(&account) && self.at_most.as_ref().is_none_or(|these| these.contains(&account))
    }
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
    /// Online users with fewer accounts granted.
    pub grants: u64,
    /// Accounts whose limits are lower again.
    pub limits: u64,
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
            "online-user.withdrawn" => self.withdraw(sequence, detail),
            "online-user.granted" => self.grant(detail),
            "account.limits" => self.limit(detail),
            _ => Some(()),
        };
        is_read.ok_or(UnknownForm(sequence))
    }

    /// Lines that an operator has to look at: modes, networks, limits of days and cards of signatures that may have been narrowed.
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
            Kind::ChangeOnlineUser => self.change(sequence, made),
            Kind::OneDayLimits | Kind::SignatureCard => {
                self.by_hand.insert(sequence);
                Some(())
            }
            // They give rights, or what somebody new may do, whom the copy does not know.
            Kind::NewClient | Kind::NewAccount | Kind::NewOnlineUser | Kind::Renewal | Kind::NewCertificate => Some(()),
        }
    }

    fn withdraw(&mut self, sequence: i64, detail: &str) -> Option<()> {
        let (user, accounts, are_all) = named_accounts(detail)?;
        if !are_all {
            self.by_hand.insert(sequence);
        }
        self.granted.entry(user).or_default().withdrawn.extend(accounts);
        Some(())
    }

    /// What was withdrawn before and is granted again is taken away no more.
    fn grant(&mut self, detail: &str) -> Option<()> {
        let (user, accounts, _) = named_accounts(detail)?;
        if let Some(known) = self.granted.get_mut(&user) {
            for account in accounts {
                known.withdrawn.remove(&account);
                if let Some(these) = &mut known.at_most {
                    these.insert(account);
                }
            }
        }
        Some(())
    }

    /// A registration as an application changed it: `online user 1 mode=… networks=… accounts=1,2 … was mode=…`.
    fn change(&mut self, sequence: i64, made: &str) -> Option<()> {
        let (user, rest) = numbered("online user ", made)?;
        let (now, was) = rest.split_once(" was ").unwrap_or((rest, ""));
        let value =
            |of: &'static str, state: &str| state.split(' ').find_map(|word| word.strip_prefix(of).map(str::to_owned));
        let ids = value("accounts=", now)?;
        let ids = ids.split(',').filter(|id| !id.is_empty()).map(|id| id.parse().ok().map(AccountId));
        let at_most = Some(ids.collect::<Option<BTreeSet<AccountId>>>()?);
        self.granted.insert(OnlineUserId(user), LaterGrants { at_most, withdrawn: BTreeSet::new() });
        if ["mode=", "networks="].into_iter().any(|of| value(of, now) != value(of, was)) {
            self.by_hand.insert(sequence);
        }
        Some(())
    }

    fn limit(&mut self, detail: &str) -> Option<()> {
        let (id, rest) = numbered("account ", detail)?;
        self.limits.insert(AccountId(id), stated_limits(rest.split(" was ").next()?)?);
        Some(())
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
        for (user, grants) in &self.granted {
            taken.grants += u64::from(restrict_grants(writing, line, *user, grants)?);
        }
        for (account, limits) in &self.limits {
            taken.limits += u64::from(restrict_limits(writing, line, *account, *limits)?);
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

/// The online user and the accounts of a line about grants, and whether it names all: `online user 1 account 2 account 3 and 4 more was …`.
fn named_accounts(detail: &str) -> Option<(OnlineUserId, Vec<AccountId>, bool)> {
    let (user, rest) = numbered("online user ", detail)?;
    let mut words = rest.split(' ');
    let mut accounts = Vec::new();
    loop {
        match words.next()? {
            "account" => accounts.push(AccountId(words.next()?.parse().ok()?)),
            "was" => return Some((OnlineUserId(user), accounts, true)),
            "and" => return Some((OnlineUserId(user), accounts, false)),
            _ => return None,
        }
    }
}

/// Limits as lines have them ([`Limits`] as `Debug` writes it).
fn stated_limits(text: &str) -> Option<Limits> {
    let amount = |text: &str| match text {
        "None" => Some(None),
        text => text.strip_prefix("Some(")?.strip_suffix(')')?.parse().ok().map(Some),
    };
    let fields = text.strip_prefix("Limits { per_payment: ")?.strip_suffix(" }")?;
    let (per_payment, per_day) = fields.split_once(", per_day: ")?;
    Some(Limits { per_payment: amount(per_payment)?, per_day: amount(per_day)? })
}

fn restrict_grants(
    writing: &mut dyn Writing,
    line: &AuditLine,
    user: OnlineUserId,
    grants: &LaterGrants,
) -> Result<bool, Failure> {
    let Some(row) = writing.online_user(user)? else { return Ok(false) };
    let over: Vec<AccountId> = row.granted_accounts.into_iter().filter(|account| !grants.allows(*account)).collect();
    let ibans: Vec<String> = writing.accounts(&over)?.into_iter().map(|account| account.iban).collect();
    let mut is_changed = false;
    // Each line names all that it is about, so that it can be read again.
    for some in ibans.chunks(NAMED_MAX) {
        is_changed |= change_online_user(writing, line, user, &UserChange::Withdraw(Grants::These(some.to_vec())))?;
    }
    Ok(is_changed)
}

fn restrict_limits(
    writing: &mut dyn Writing,
    line: &AuditLine,
    account: AccountId,
    limits: Limits,
) -> Result<bool, Failure> {
    let Some(mut row) = writing.accounts(&[account])?.pop() else { return Ok(false) };
    let lower = |one: Option<i64>, other: Option<i64>| one.into_iter().chain(other).min();
    let before = row.ledger.limits;
    row.ledger.limits = Limits {
        per_payment: lower(before.per_payment, limits.per_payment),
        per_day: lower(before.per_day, limits.per_day),
    };
    if row.ledger.limits == before {
        return Ok(false);
    }
    writing.update_account(&row.ledger)?;
    let detail = format!("account {} {:?} was {before:?} {}", account.0, row.ledger.limits, row.stated());
    writing.append_audit(&AuditLine { action: "account.limits".to_owned(), detail, ..line.clone() })?;
    Ok(true)
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
