//! Applications and persons as operators see them. Reading a file of an application leaves an audit line: it may hold personal
//! data.

use std::collections::BTreeMap;

use ledger::AccountId;
use onboarding::{Application, ApplicationId, Base, Change, Content, Field};
use rulebook::catalogue::Code;
use store::{ApplicationFilter, ApplicationStep, AuditLine, Person, Reading, Writing};

use super::base::current;
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
            let application = reading.application(id)?.ok_or_else(|| unknown(id))?;
            let base = match &application.parts().base {
                Some(base) => base.clone(),
                None => current(reading, application.content()).unwrap_or(Base::Nothing),
            };
            let accounts = reading.accounts(&accounts_in(application.content(), &base))?;
            let ibans = accounts.into_iter().map(|account| (account.ledger.id, account.iban)).collect();
            let changes = application.content().changes(&base);
            let changes = changes.into_iter().map(|change| with_ibans(change, &ibans)).collect();
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
            let bytes = writing.attachment(id, &name)?.ok_or_else(|| unknown(id))?;
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

/// Accounts by their IBANs, which people know.
fn with_ibans(change: Change, ibans: &BTreeMap<AccountId, String>) -> Change {
    if change.field != Field::Accounts {
        return change;
    }
    let named = |id: &str| -> String {
        let iban = id.parse().ok().and_then(|id| ibans.get(&AccountId(id)));
        iban.map_or(id, String::as_str).to_owned()
    };
    let all = |ids: Option<String>| ids.map(|ids| ids.split(", ").map(named).collect::<Vec<_>>().join(", "));
    Change { before: all(change.before), after: all(change.after), ..change }
}

fn unknown(id: ApplicationId) -> Failure {
    Failure::new(Code::NotFound).with_detail(format!("application {id}"))
}
