//! What an application changes, as it is now; and whether all that it names is there.

use jiff::civil::Date;
use ledger::{AccountId, AccountState};
use onboarding::{
    AccountBase, Base, BlockedAccount, CardInForce, ClientId, Content, Field, Institution, LiftBlock, LiftSuspension,
    Moment, OnlineUserId, PersonChange, PersonId, Registration, RegistrationInForce, SuspendedUser,
};
use rulebook::catalogue::Fault;
use store::{Client, OnlineUser, Reading, StoreError, TreasuryAccount};

use super::operators_left::enough_operators_after;
use super::reasons::content_fault;
use crate::Failure;

fn unknown_account(id: AccountId) -> Failure {
    content_fault(Fault::AccountUnknown, Field::Iban, id.0.to_string())
}

/// What a content changes. In a transaction its rows are locked.
pub(super) fn current(reading: &mut dyn Reading, content: &Content) -> Result<Base, Failure> {
    if let Content::LiftSuspension(LiftSuspension { user }) = content {
        return Ok(match reading.online_user(*user)? {
            Some(OnlineUser { client, name, suspended_at: Some(since), .. }) => {
                Base::SuspendedUser(SuspendedUser { client, name, since })
            }
            _ => Base::Nothing,
        });
    }
    if let Some(user) = content.online_user() {
        return Ok(registered(reading, user)?.map_or(Base::Nothing, Base::OnlineUser));
    }
    Ok(match content {
        Content::OneDayLimits(wanted) => {
            let account = account(reading, wanted.account)?;
            let by = reading.day_limits(wanted.account, wanted.day)?.map(|limits| limits.by);
            Base::Account(AccountBase {
                client: account.client.ok_or_else(|| unknown_account(wanted.account))?,
                iban: account.iban,
                currency: account.ledger.currency,
                limits: account.ledger.limits,
                by,
            })
        }
        Content::SignatureCard(card) => match reading.card_in_force(card.client)? {
            None => Base::Nothing,
            Some(by) => {
                let application = reading.application(by)?.ok_or(StoreError::Missing("application"))?;
                match application.content() {
                    Content::SignatureCard(card) => Base::Card(CardInForce { by, card: card.clone() }),
                    _ => return Err(Failure::unexpected(format_args!("application {by} has no card"))),
                }
            }
        },
        Content::LiftBlock(LiftBlock { account }) => {
            let found = reading.accounts(&[*account])?.pop();
            match found.filter(|account| account.ledger.state == AccountState::Blocked) {
                Some(TreasuryAccount { client: Some(client), iban, .. }) => {
                    let lifted_by = reading.last_in_force(client, content)?;
                    Base::BlockedAccount(BlockedAccount { client, iban, lifted_by })
                }
                _ => Base::Nothing,
            }
        }
        Content::Person(PersonChange { person: Some(person), .. }) => match reading.person(*person)? {
            Some(person) if person.ended_at.is_none() => Base::Person(person.record),
            _ => Base::Nothing,
        },
        _ => Base::Nothing,
    })
}

/// An online user as it is registered.
pub(super) fn registered(
    reading: &mut dyn Reading,
    user: OnlineUserId,
) -> Result<Option<RegistrationInForce>, Failure> {
    let Some(row) = reading.online_user(user)? else { return Ok(None) };
    let registration = Registration {
        client: row.client,
        name: row.name,
        mode: row.mode,
        contact: reading.contact(user)?.unwrap_or_default(),
        networks: row.allowed_networks,
        accounts: row.granted_accounts,
        valid_until: row.registration_valid_until,
    };
    Ok(Some(RegistrationInForce { by: reading.registration_in_force(user)?, registration }))
}

/// Refuses a content that names a client, an account or a person that is not there, or of another client.
pub(super) fn check_names(reading: &mut dyn Reading, content: &Content, moment: Moment) -> Result<(), Failure> {
    let client = content.client().map(|client| known_client(reading, client)).transpose()?;
    is_new(reading, content, moment.today)?;
    is_there(reading, content)?;
    match content {
        Content::NewOnlineUser(registration) => accounts_are_of(reading, registration),
        Content::ChangeOnlineUser(change) => accounts_are_of(reading, &change.to),
        Content::SignatureCard(card) => {
            for signatory in &card.signatories {
                let person = reading.person(signatory.person)?;
                let is_of =
                    person.is_some_and(|person| person.record.client == client.as_ref().map(|client| client.id));
                if !is_of {
                    let id = signatory.person.to_string();
                    return Err(content_fault(Fault::PersonUnknown, Field::Signatories, id));
                }
            }
            Ok(())
        }
        Content::Person(change) => enough_operators_after(reading, change, moment),
        _ => Ok(()),
    }
}

/// Refuses the end of what is not laid on, and what is about a person or an online user who is not there.
fn is_there(reading: &mut dyn Reading, content: &Content) -> Result<(), Failure> {
    match content {
        Content::LiftSuspension(LiftSuspension { user }) => match current(reading, content)? {
            Base::SuspendedUser(_) => Ok(()),
            _ => Err(content_fault(Fault::NotSuspended, Field::OnlineUser, user.to_string())),
        },
        Content::LiftBlock(_) => match current(reading, content)? {
            Base::BlockedAccount(_) => Ok(()),
            _ => Err(content_fault(Fault::NotBlocked, Field::Iban, "")),
        },
        Content::Renewal(_) | Content::NewCertificate(_) => match content.online_user() {
            Some(user) if reading.online_user(user)?.is_none() => {
                Err(content_fault(Fault::UserUnknown, Field::OnlineUser, user.to_string()))
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Refuses a person who is not there, or not of this client.
pub(super) fn is_of_client(
    reading: &mut dyn Reading,
    person: PersonId,
    client: Option<ClientId>,
) -> Result<(), Failure> {
    match reading.person(person)? {
        Some(person) if person.record.client == client => Ok(()),
        _ => Err(content_fault(Fault::ApplicantUnknown, Field::Person, person.to_string())),
    }
}

fn known_client(reading: &mut dyn Reading, id: ClientId) -> Result<Client, Failure> {
    let unknown = || content_fault(Fault::ClientUnknown, Field::Client, id.to_string());
    reading.clients()?.into_iter().find(|client| client.id == id).ok_or_else(unknown)
}

fn accounts_are_of(reading: &mut dyn Reading, registration: &Registration) -> Result<(), Failure> {
    let known = reading.accounts_of(registration.client)?;
    let is_known = |account: &AccountId| known.iter().any(|known| known.ledger.id == *account);
    let Some(other) = registration.accounts.iter().find(|account| !is_known(account)) else { return Ok(()) };
    let found = reading.accounts(&[*other])?.pop();
    let iban = found.map_or_else(|| other.0.to_string(), |account| account.iban);
    Err(content_fault(Fault::AccountOfAnother, Field::Accounts, iban))
}

/// Refuses what would be there twice: a client's registration number, an account, an online user's name at its client. Also where
/// the application takes effect: two of them can have been entered before.
pub(super) fn is_new(reading: &mut dyn Reading, content: &Content, today: Date) -> Result<(), Failure> {
    match content {
        Content::NewClient(Institution { registration_number, .. }) => {
            let is_taken = reading.clients()?.iter().any(|client| client.registration_number == *registration_number);
            let taken = || {
                content_fault(Fault::RegistrationNumberTaken, Field::RegistrationNumber, registration_number.clone())
            };
            if is_taken { Err(taken()) } else { Ok(()) }
        }
        Content::NewAccount(plan) => {
            let is_taken = !reading.accounts_by_iban(&[&plan.iban])?.is_empty();
            if is_taken { Err(account_taken(&plan.iban)) } else { Ok(()) }
        }
        Content::NewOnlineUser(registration) => name_is_free(reading, registration, None, today),
        Content::ChangeOnlineUser(change) => name_is_free(reading, &change.to, Some(change.user), today),
        _ => Ok(()),
    }
}

pub(super) fn account_taken(iban: &str) -> Failure {
    content_fault(Fault::AccountTaken, Field::Iban, iban)
}

/// A name is free again once the registration of who had it is over. Who has it already keeps it.
fn name_is_free(
    reading: &mut dyn Reading,
    registration: &Registration,
    of: Option<OnlineUserId>,
    today: Date,
) -> Result<(), Failure> {
    let users = reading.online_users(registration.client)?;
    if users.iter().any(|user| Some(user.id) == of && user.name == registration.name) {
        return Ok(());
    }
    let has_it = |user: &OnlineUser| {
        Some(user.id) != of && user.name == registration.name && user.registration_valid_until >= today
    };
    if users.iter().any(has_it) {
        return Err(content_fault(Fault::UserNameTaken, Field::Name, registration.name.clone()));
    }
    Ok(())
}

/// The account with this id; the house's own have no client.
pub(super) fn account(reading: &mut dyn Reading, id: AccountId) -> Result<TreasuryAccount, Failure> {
    for client in reading.clients()? {
        if let Some(account) = reading.accounts_of(client.id)?.into_iter().find(|account| account.ledger.id == id) {
            return Ok(account);
        }
    }
    Err(unknown_account(id))
}
