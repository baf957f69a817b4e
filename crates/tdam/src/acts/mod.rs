//! Acts of the operator that change what a running service works on: what is set aside, certificates, accounts.
//!
//! A data folder has one writer. Where a service runs, the act goes through it ([`socket`]): it needs no lock that the
//! service holds under load, it may use the room on the disk that the service keeps, and the service goes on at once. Where
//! none runs, the command holds the folder's lock while it acts, so that none begins meanwhile.
//!
//! In PostgreSQL nothing goes through a node: an act is one transaction that locks the rows it changes, no node keeps what it
//! read of them beyond a request or a round of the background work, and the command may run on any machine. Which of several
//! nodes should be asked would be a question without an answer.

pub(crate) mod socket;

use std::fmt::Write as _;
use std::sync::Arc;

use exchange::{ClientId, EndToEndIdUniqueness, Exchange, MessageId, Operator, Preferences, SetAside, SystemClock};
use ledger::AccountState;
use rulebook::Code;
use serde::{Deserialize, Serialize};
use store::{Fingerprint, StoreError};

use crate::configuration::Configuration;
use crate::terminal::Failure;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Act {
    /// Tell what is set aside.
    ListSetAside,
    /// Try a submission again that is set aside.
    RetrySubmission(i64),
    /// Refuse it.
    RefuseSubmission(i64),
    /// Try a lot or a chore again that is set aside.
    RetryWork(String),
    /// Revoke the certificate with this fingerprint, in hexadecimal.
    Revoke(String),
    /// Open, block or close an account.
    SetAccountState {
        /// Its IBAN.
        iban: String,
        /// What it becomes.
        state: NewState,
    },
    /// Set the settings of a client.
    SetClient {
        /// Its number.
        client: i64,
        /// What they become.
        settings: ClientSettings,
    },
}

/// The settings of a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClientSettings {
    lists_every_payment: bool,
    daily_balances: bool,
    end_to_end_ids: String,
}

impl From<Preferences> for ClientSettings {
    fn from(preferences: Preferences) -> ClientSettings {
        let Preferences { lists_every_payment, daily_balances, end_to_end_ids } = preferences;
        ClientSettings { lists_every_payment, daily_balances, end_to_end_ids: end_to_end_ids.to_string() }
    }
}

impl ClientSettings {
    fn preferences(&self) -> Result<Preferences, Refused> {
        let ClientSettings { lists_every_payment, daily_balances, .. } = *self;
        let end_to_end_ids = self.end_to_end_ids.parse::<EndToEndIdUniqueness>();
        let end_to_end_ids = end_to_end_ids.map_err(|error| Refused::not_there(error.to_string()))?;
        Ok(Preferences { lists_every_payment, daily_balances, end_to_end_ids })
    }
}

/// What an account becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NewState {
    Open,
    Blocked,
    Closed,
}

impl From<NewState> for AccountState {
    fn from(state: NewState) -> AccountState {
        match state {
            NewState::Open => AccountState::Open,
            NewState::Blocked => AccountState::Blocked,
            NewState::Closed => AccountState::Closed,
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Done {
    /// It is so now.
    Changed,
    /// All that is set aside.
    SetAside(SetAside),
}

/// Why nothing came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refused {
    /// What the operator reads.
    text: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// There is nothing that the act could change.
    NotThere,
    /// The same command may succeed later.
    Temporary,
    Other,
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Failure {
        match refused.kind {
            Kind::NotThere => Failure::Usage(refused.text),
            Kind::Temporary => Failure::Unavailable(refused.text),
            Kind::Other => Failure::Other(refused.text),
        }
    }
}

impl Refused {
    fn not_there(text: String) -> Refused {
        Refused { text, kind: Kind::NotThere }
    }

    fn of(failure: &exchange::Failure) -> Refused {
        let kind = match failure.code {
            Code::NotFound | Code::DebtorAccountUnknown => Kind::NotThere,
            _ if failure.is_temporary() => Kind::Temporary,
            _ => Kind::Other,
        };
        Refused { text: failure.to_string(), kind }
    }
}

/// Does it in this process, in the name of a user of the operating system.
pub(crate) async fn perform(operator: &Operator, uid: u32, act: &Act) -> Result<Done, Refused> {
    let operator = operator.clone().acting_as(&format!("uid {uid}"));
    let done = match act {
        Act::ListSetAside => {
            return operator.set_aside().await.map(Done::SetAside).map_err(|failure| Refused::of(&failure));
        }
        Act::RetrySubmission(id) => operator.retry_submission(MessageId(*id)).await,
        Act::RefuseSubmission(id) => operator.refuse_submission(MessageId(*id)).await,
        Act::RetryWork(work) => operator.retry_work(work).await,
        Act::Revoke(digits) => {
            let Some(fingerprint) = fingerprint_of(digits) else {
                return Err(Refused::not_there(format!("{digits:?} is no fingerprint")));
            };
            let nothing = || Refused::not_there("no such certificate, or it was revoked before".to_owned());
            let revoked = operator.revoke_certificate(Fingerprint(fingerprint)).await;
            return revoked
                .map_err(|failure| Refused::of(&failure))
                .and_then(|is_new| if is_new { Ok(Done::Changed) } else { Err(nothing()) });
        }
        Act::SetClient { client, settings } => {
            operator.set_preferences(ClientId(*client), settings.preferences()?).await
        }
        Act::SetAccountState { iban, state } => operator.set_account_state(iban, (*state).into()).await,
    };
    let is_about_what_is_set_aside =
        matches!(act, Act::RetrySubmission(_) | Act::RefuseSubmission(_) | Act::RetryWork(_));
    match done {
        Ok(()) => Ok(Done::Changed),
        Err(failure) if failure.code == Code::NotFound && is_about_what_is_set_aside => {
            Err(Refused::not_there(format!("{} is not set aside", failure.detail)))
        }
        Err(failure) => Err(Refused::of(&failure)),
    }
}

/// A fingerprint of 64 hexadecimal digits, with colons or without.
pub(crate) fn fingerprint_of(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> =
        text.chars().filter(|c| *c != ':').map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.filter(|digits| digits.len() == 64)?;
    let mut fingerprint = [0; 32];
    for (byte, pair) in fingerprint.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair[0] * 16 + pair[1];
    }
    Some(fingerprint)
}

/// The digits of a fingerprint.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Does it where it has to be done: through the service that runs on the data folder; here when none runs, or when the data
/// are in PostgreSQL.
pub(crate) async fn act(configuration: &Configuration, act: &Act) -> Result<Done, Failure> {
    let data = &configuration.data;
    let in_folder = !configuration.store.is_a_server();
    if in_folder {
        if !data.is_dir() {
            let missing = "holds no exchange, and the configuration names it (`data`)";
            return Err(Failure::Usage(format!("{} {missing}", data.display())));
        }
        if let Some(answer) = socket::ask(data, act).await? {
            return answer.map_err(Failure::from);
        }
    }
    let store = configuration.open_store().await.map_err(Failure::service)?;
    let _lock = if in_folder {
        let locked = store.lock_for_serving();
        Some(locked.map_err(|error| match error {
            StoreError::Serving(_) => Failure::Unavailable(format!(
                "a service runs on {} and does not answer at {}: it starts, stops, or is of an older version. Try again, or \
                 stop it first",
                data.display(),
                socket::NAME
            )),
            error => Failure::service(error),
        })?)
    } else {
        None
    };
    let operator = Exchange::new(store, configuration.exchange_settings(), Arc::new(SystemClock)).operator();
    Ok(perform(&operator, rustix::process::getuid().as_raw(), act).await?)
}
