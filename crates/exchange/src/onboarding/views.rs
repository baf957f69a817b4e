//! Applications and persons as operators see them. Reading a file of an application leaves an audit line: it may hold personal
//! data.

use std::collections::BTreeMap;

use ledger::AccountId;
use onboarding::{
    Application, ApplicationId, Base, Change, Content, Field, LiftBlock, OneDayLimits, PersonChange, PersonId,
};
use store::{ApplicationFilter, ApplicationStep, AuditLine, Person, Reading, Writing};

use super::base::current;
use super::reasons::{unknown_application, unknown_file};
use super::staff::Staff;
use crate::bounds::APPLICATIONS_SHOWN_MAX;
use crate::{Exchange, Failure};

/// An application with all that a decision about it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownApplication {
    /// The application.
    pub application: Application,
    /// What it changes, as it is before: of a draft what is there now.
    pub base: Base,
    /// What it changes, before and after: for a draft by what is there now, otherwise by its base.
    pub changes: Vec<Change>,
    /// Its steps, oldest first.
    pub steps: Vec<ApplicationStep>,
    /// The IBANs of the accounts that it names.
    pub ibans: BTreeMap<AccountId, String>,
}

impl Exchange {
    /// Applications, newest first, up to a bound.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn applications(&self, _: &Staff, filter: ApplicationFilter) -> Result<Vec<Application>, Failure> {
        let read = move |reading: &mut dyn Reading| {
            reading.applications(&filter, APPLICATIONS_SHOWN_MAX).map_err(Failure::from)
        };
        self.inner.store.read(read).await
    }

    /// An application with before and after.
    ///
    /// # Errors
    /// When there is no such application, or the store is away.
    pub async fn application(&self, _: &Staff, id: ApplicationId) -> Result<ShownApplication, Failure> {
        let read = move |reading: &mut dyn Reading| {
            let application = reading.application(id)?.ok_or_else(|| unknown_application(id))?;
            let base = match &application.parts().base {
                Some(base) => base.clone(),
                None => current(reading, application.content()).unwrap_or(Base::Nothing),
            };
            let accounts = reading.accounts(&accounts_in(application.content(), &base))?;
            let ibans = accounts.into_iter().map(|account| (account.ledger.id, account.iban)).collect();
            let mut changes: Vec<Change> = about(reading, application.content())?.into_iter().collect();
            for change in application.content().changes(&base) {
                changes.push(with_names(reading, change, &ibans)?);
            }
            let steps = reading.application_steps(id)?;
            Ok::<_, Failure>(ShownApplication { application, base, changes, steps, ibans })
        };
        self.inner.store.read(read).await
    }

    /// The bytes of a file of an application. That it was read is noted.
    ///
    /// # Errors
    /// When there is no such file, or the store is away.
    pub async fn application_file(&self, staff: &Staff, id: ApplicationId, name: String) -> Result<Vec<u8>, Failure> {
        let person = staff.person().id;
        let detail = format!("application {id} file {}", staff.trace());
        let line = self.audit_line(&format!("person {person}"), "application.file-read", detail);
        let job = move |writing: &mut dyn Writing| {
            let bytes = writing.attachment(id, &name)?.ok_or_else(|| unknown_file(&name))?;
            writing.append_audit(&AuditLine { ..line.clone() })?;
            Ok::<_, Failure>(bytes)
        };
        self.inner.store.write::<_, Failure, _>(job).await
    }

    /// All persons, by id.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn persons(&self, _: &Staff) -> Result<Vec<Person>, Failure> {
        self.inner.store.read(|reading| reading.persons().map_err(Failure::from)).await
    }
}

/// The accounts that an application or its base names.
fn accounts_in(content: &Content, base: &Base) -> Vec<AccountId> {
    let mut accounts = match content {
        Content::NewOnlineUser(registration) => registration.accounts.clone(),
        Content::ChangeOnlineUser(change) => change.to.accounts.clone(),
        Content::OneDayLimits(limits) => vec![limits.account],
        Content::LiftBlock(lifting) => vec![lifting.account],
        _ => Vec::new(),
    };
    if let Base::OnlineUser(now) = base {
        accounts.extend(&now.registration.accounts);
    }
    accounts.sort_unstable();
    accounts.dedup();
    accounts
}

/// Whom a change is about. What stays as it is stands in no other line, so an approver would see other roles and not whose.
fn about(reading: &mut dyn Reading, content: &Content) -> Result<Option<Change>, Failure> {
    let (field, named, ends) = match content {
        Content::Person(PersonChange { person: Some(id), record, .. }) => {
            let Some(person) = reading.person(*id)? else { return Ok(None) };
            (Field::Person, format!("{} ({id})", person.record.name), record.is_none())
        }
        Content::OneDayLimits(OneDayLimits { account, .. }) | Content::LiftBlock(LiftBlock { account }) => {
            let Some(account) = reading.accounts(&[*account])?.pop() else { return Ok(None) };
            (Field::Iban, account.iban, false)
        }
        content => {
            let Some(id) = content.online_user() else { return Ok(None) };
            let Some(user) = reading.online_user(id)? else { return Ok(None) };
            (Field::OnlineUser, format!("{} ({id})", user.name), false)
        }
    };
    Ok(Some(Change { field, before: Some(named.clone()), after: (!ends).then_some(named) }))
}

/// Accounts by their IBANs, clients and signatories with their names: people know these, and not the numbers.
fn with_names(
    reading: &mut dyn Reading,
    change: Change,
    ibans: &BTreeMap<AccountId, String>,
) -> Result<Change, Failure> {
    let account = |id: &str| -> String {
        let iban = id.parse().ok().and_then(|id| ibans.get(&AccountId(id)));
        iban.map_or(id, String::as_str).to_owned()
    };
    let each = |text: Option<String>,
                separator: &str,
                named: &mut dyn FnMut(&str) -> Result<String, Failure>|
     -> Result<Option<String>, Failure> {
        let Some(text) = text else { return Ok(None) };
        let all: Vec<String> = text.split(separator).map(named).collect::<Result<_, Failure>>()?;
        Ok(Some(all.join(separator)))
    };
    let Change { field, before, after } = change;
    let [before, after] = match field {
        Field::Accounts => {
            let mut named = |id: &str| -> Result<String, Failure> { Ok(account(id)) };
            [each(before, ", ", &mut named)?, each(after, ", ", &mut named)?]
        }
        Field::Client => {
            let clients = reading.clients()?;
            let mut named = |id: &str| -> Result<String, Failure> {
                let client = clients.iter().find(|client| client.id.to_string() == id);
                Ok(client.map_or_else(|| id.to_owned(), |client| format!("{} ({id})", client.name)))
            };
            [each(before, ", ", &mut named)?, each(after, ", ", &mut named)?]
        }
        Field::Signatories => {
            let mut named = |text: &str| -> Result<String, Failure> {
                let (id, rest) = text.split_once(' ').unwrap_or((text, ""));
                let person = id.parse().ok().map(|id| reading.person(PersonId(id))).transpose()?.flatten();
                Ok(person.map_or_else(|| text.to_owned(), |person| format!("{} ({id}) {rest}", person.record.name)))
            };
            [each(before, "; ", &mut named)?, each(after, "; ", &mut named)?]
        }
        _ => [before, after],
    };
    Ok(Change { field, before, after })
}
