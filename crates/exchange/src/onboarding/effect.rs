//! What an application asks for, made in the transaction that puts it in force, with the audit lines of the rows.

use ledger::{Account, AccountId, AccountRole, AccountState, Limits};
use onboarding::{
    Application, ApplicationId, Base, Content, Institution, Moment, OnlineUserId, PersonChange, PersonId, Refusal,
    Registration,
};
use store::{
    ApplicationStep, AuditLine, Client, ClientId, DayLimits, DirectoryRow as _, OnlineUser, Person, Preferences,
    StoreError, TreasuryAccount, Writing,
};

use super::base::{account_taken, is_new, registered};
use super::operators_left::enough_operators_after;
use crate::Failure;
use crate::operator::acts::OPERATOR;
use crate::operator::grants::bring_grants_into_effect;
use rulebook::catalogue::Code;

/// The step of what took effect.
const IN_FORCE: &str = "in-force";

/// Makes it, and writes the application as it is afterwards. `line` has the time and who acts.
pub(super) fn make(
    writing: &mut dyn Writing,
    application: &Application,
    base: &Base,
    line: &AuditLine,
    moment: Moment,
) -> Result<Application, Failure> {
    let id = application.id();
    let mut application = application.clone();
    if matches!(application.content(), Content::NewClient(_) | Content::NewOnlineUser(_) | Content::ChangeOnlineUser(_))
    {
        // Two approvals at the same moment would both find the registration number or the name free.
        writing.lock_directory()?;
    }
    is_new(writing, application.content(), moment.today)?;
    let made = match application.content().clone() {
        Content::NewClient(institution) => new_client(writing, institution)?,
        Content::NewAccount(plan) => {
            let ledger = Account {
                id: AccountId(0),
                currency: plan.currency,
                role: AccountRole::Customer,
                state: AccountState::Open,
                balance: 0,
                held: 0,
                limits: plan.limits,
            };
            let (client, kind) = (Some(plan.client), plan.kind);
            let row = TreasuryAccount { ledger, iban: plan.iban, client, owner_name: plan.owner_name, kind };
            new_account(writing, row, line)?
        }
        Content::NewOnlineUser(_) | Content::ChangeOnlineUser(_) | Content::Renewal(_) => {
            let registration = application.registration_on(base).ok_or(Refusal::NothingToChange)?;
            let (user, stated) = register(writing, id, application.content().online_user(), registration, line)?;
            application = application.having_made(user);
            stated
        }
        // The enrolment that it allows begins with a code of its own.
        Content::NewCertificate(wanted) => format!("online user {} {}", wanted.user, wanted.enrolment.text()),
        Content::OneDayLimits(wanted) => {
            // A node of an older version would decide by the account's own limits.
            grants_are_in_effect(writing, line)?;
            // Locks the account: a decision about a payment comes before the new limits or goes by them.
            writing.book(&[wanted.account], &[wanted.day])?;
            if let Some(before) = writing.day_limits(wanted.account, wanted.day)? {
                replace(writing, before.by, id, line)?;
            }
            writing.set_day_limits(wanted.account, wanted.day, &DayLimits { by: id, limits: wanted.limits })?;
            let Limits { per_payment, per_day } = wanted.limits;
            let limit = |minor: Option<i64>| minor.map_or_else(|| "none".to_owned(), |minor| minor.to_string());
            let (payment, day) = (limit(per_payment), limit(per_day));
            format!("account {} day {} per-payment-minor={payment} per-day-minor={day}", wanted.account.0, wanted.day)
        }
        Content::SignatureCard(card) => {
            if let Some(before) = writing.card_in_force(card.client)? {
                replace(writing, before, id, line)?;
            }
            format!("client {} signatories {}", card.client, card.signatories.len())
        }
        Content::Person(change) => person(writing, change, line, moment)?,
        Content::LiftSuspension(wanted) => {
            let mut row = writing.online_user(wanted.user)?.ok_or(Refusal::NothingToChange)?;
            let since = row.suspended_at.take().ok_or(Refusal::NothingToChange)?;
            writing.update_online_user(&row)?;
            format!("online user {} suspended=false was since {since} {}", row.id, row.stated())
        }
        Content::LiftBlock(wanted) => {
            let mut row = writing.accounts(&[wanted.account])?.pop().ok_or(Refusal::NothingToChange)?;
            row.ledger.state = AccountState::Open;
            writing.update_account(&row.ledger)?;
            format!("account {} Open was Blocked {}", wanted.account.0, row.stated())
        }
    };
    writing.update_application(&application)?;
    let kind = application.content().kind().word();
    let detail = format!("application {id} {kind} {made}");
    writing.append_audit(&AuditLine { action: "application.in-force".to_owned(), detail, ..line.clone() })?;
    let step = ApplicationStep { at: line.at, person: None, step: IN_FORCE.to_owned(), detail: short(&made) };
    writing.add_application_step(id, &step)?;
    Ok(application)
}

/// What was made, without digests.
fn short(made: &str) -> String {
    made.split(" row ").next().unwrap_or_default().to_owned()
}

fn new_client(writing: &mut dyn Writing, institution: Institution) -> Result<String, Failure> {
    let Institution { name, registration_number, acceptance } = institution;
    let preferences = Preferences::default();
    let mut client = Client { id: ClientId(0), name, registration_number, acceptance, preferences };
    client.id = writing.insert_client(&client)?;
    Ok(format!("client {} {}", client.id, client.stated()))
}

fn new_account(writing: &mut dyn Writing, mut row: TreasuryAccount, line: &AuditLine) -> Result<String, Failure> {
    // A node of an older version would let all online users of the client use it.
    grants_are_in_effect(writing, line)?;
    row.ledger.id = writing.insert_account(&row).map_err(|error| match error {
        StoreError::Conflict(_) => account_taken(&row.iban),
        error => error.into(),
    })?;
    Ok(format!("account {} {}", row.ledger.id.0, row.stated()))
}

/// Puts a registration in force: that of a new online user, or in place of the one before.
fn register(
    writing: &mut dyn Writing,
    id: ApplicationId,
    user: Option<OnlineUserId>,
    registration: Registration,
    line: &AuditLine,
) -> Result<(OnlineUserId, String), Failure> {
    grants_are_in_effect(writing, line)?;
    let Registration { client, name, mode, contact, networks, mut accounts, valid_until } = registration;
    accounts.sort_unstable();
    let before = user.map(|user| writing.online_user(user)).transpose()?.flatten();
    let was = before.as_ref().map(described).unwrap_or_default();
    let mut row = OnlineUser {
        id: user.unwrap_or(OnlineUserId(0)),
        client,
        name,
        mode,
        registration_valid_until: valid_until,
        allowed_networks: networks,
        granted_accounts: accounts,
        suspended_at: before.as_ref().and_then(|before| before.suspended_at),
        signature_required: before.is_some_and(|before| before.signature_required),
    };
    match user {
        None => row.id = writing.insert_online_user(&row)?,
        Some(user) => {
            if let Some(by) = registered(writing, user)?.and_then(|now| now.by) {
                replace(writing, by, id, line)?;
            }
            writing.update_online_user(&row)?;
        }
    }
    writing.set_contact(row.id, &contact)?;
    let now = described(&row);
    let was = if was.is_empty() { was } else { format!(" was {was}") };
    Ok((row.id, format!("online user {} {now}{was} {}", row.id, row.stated())))
}

/// Rights as an audit line states them, in brief: the digest after it covers all.
fn described(user: &OnlineUser) -> String {
    let networks: Vec<String> = user.allowed_networks.iter().map(ToString::to_string).collect();
    let accounts: Vec<String> = user.granted_accounts.iter().map(|account| account.0.to_string()).collect();
    format!(
        "mode={} networks={} accounts={} valid-until={}",
        user.mode.word(),
        networks.join(","),
        accounts.join(","),
        user.registration_valid_until
    )
}

fn grants_are_in_effect(writing: &mut dyn Writing, line: &AuditLine) -> Result<(), Failure> {
    let line = AuditLine { actor: OPERATOR.to_owned(), ..line.clone() };
    if bring_grants_into_effect(writing, &line)? { Ok(()) } else { Err(Failure::new(Code::OlderNodesServe)) }
}

/// Another application takes the place of this one.
fn replace(
    writing: &mut dyn Writing,
    before: ApplicationId,
    by: ApplicationId,
    line: &AuditLine,
) -> Result<(), Failure> {
    let application = writing.application(before)?.ok_or(StoreError::Missing("application"))?;
    // What is over already has ended by itself.
    let Ok(replaced) = application.replace() else { return Ok(()) };
    writing.update_application(&replaced)?;
    let detail = format!("application {by}");
    let step = ApplicationStep { at: line.at, person: None, step: "replaced".to_owned(), detail };
    Ok(writing.add_application_step(before, &step)?)
}

/// How the step of an application about a person begins that took effect.
const PERSON: &str = "person ";

/// The person that an application made or changed, as its step says.
pub(super) fn person_of(steps: &[ApplicationStep]) -> Option<PersonId> {
    let in_force = steps.iter().find(|step| step.step == IN_FORCE)?;
    let id = in_force.detail.strip_prefix(PERSON)?.split(' ').next()?;
    id.parse().ok().map(PersonId)
}

fn person(
    writing: &mut dyn Writing,
    change: PersonChange,
    line: &AuditLine,
    moment: Moment,
) -> Result<String, Failure> {
    if change.of.is_none() {
        writing.lock_operators()?;
        enough_operators_after(writing, &change, moment)?;
    }
    match (change.person, change.record) {
        (None, Some(record)) => {
            let (id, roles) = (writing.insert_person(&record)?, record.roles.bits());
            Ok(format!("{PERSON}{id} roles={roles:x} {}", Person { id, record, ended_at: None }.stated()))
        }
        (Some(id), record) => {
            let before = writing.person(id)?.ok_or(Refusal::NothingToChange)?;
            let was = before.record.roles.bits();
            let ended_at = record.is_none().then_some(line.at);
            let record = record.unwrap_or(before.record);
            let roles = record.roles.bits();
            let row = Person { id, record, ended_at };
            writing.update_person(&row)?;
            let ended = ended_at.is_some();
            Ok(format!("{PERSON}{id} roles={roles:x} ended={ended} was roles={was:x} {}", row.stated()))
        }
        (None, None) => Err(Refusal::NothingToChange.into()),
    }
}
