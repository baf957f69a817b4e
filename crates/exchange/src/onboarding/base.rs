//! What an application changes, as it is now; and whether all that it names is there.

use jiff::civil::Date;
use ledger::{AccountId, AccountState};
use onboarding::{
    AccountBase, Base, BlockedAccount, CardInForce, ClientId, Content, ContentError, Field, Kind, LiftBlock,
    LiftSuspension, OnlineUserId, PersonChange, PersonId, Refusal, Registration, RegistrationInForce, SuspendedUser,
};
use store::{Client, OnlineUser, Reading, StoreError, TreasuryAccount};

use super::operators_left::enough_operators_after;
use crate::Failure;

fn none(field: Field) -> Failure {
    Refusal::Content(ContentError::Missing(field)).into()
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
                client: account.client.ok_or_else(|| none(Field::Iban))?,
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
                    let lifted_by = reading.last_in_force(client, Kind::LiftBlock)?;
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
pub(super) fn check_names(reading: &mut dyn Reading, content: &Content, today: Date) -> Result<(), Failure> {
    let client = content.client().map(|client| known_client(reading, client)).transpose()?;
    match content {
        Content::NewOnlineUser(registration) => accounts_are_of(reading, registration),
        Content::ChangeOnlineUser(change) => accounts_are_of(reading, &change.to),
        Content::SignatureCard(card) => {
            for signatory in &card.signatories {
                let person = reading.person(signatory.person)?;
                let is_of =
                    person.is_some_and(|person| person.record.client == client.as_ref().map(|client| client.id));
                if !is_of {
                    return Err(none(Field::Signatories));
                }
            }
            Ok(())
        }
        Content::Person(change) => enough_operators_after(reading, change, today),
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
        _ => Err(none(Field::Person)),
    }
}

fn known_client(reading: &mut dyn Reading, id: ClientId) -> Result<Client, Failure> {
    reading.clients()?.into_iter().find(|client| client.id == id).ok_or_else(|| none(Field::Client))
}

fn accounts_are_of(reading: &mut dyn Reading, registration: &Registration) -> Result<(), Failure> {
    let known = reading.accounts_of(registration.client)?;
    let is_known = |account: &AccountId| known.iter().any(|known| known.ledger.id == *account);
    if registration.accounts.iter().all(is_known) { Ok(()) } else { Err(none(Field::Accounts)) }
}

/// The account with this id; the house's own have no client.
pub(super) fn account(reading: &mut dyn Reading, id: AccountId) -> Result<TreasuryAccount, Failure> {
    for client in reading.clients()? {
        if let Some(account) = reading.accounts_of(client.id)?.into_iter().find(|account| account.ledger.id == id) {
            return Ok(account);
        }
    }
    Err(none(Field::Iban))
}
