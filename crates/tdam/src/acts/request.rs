//! What an operator asks for, and what comes of it: the two lines that go over the socket.

use client::CancellationAnswer;
use exchange::{Cancellation, EndToEndIdUniqueness, EnrolmentKind, Grants, Preferences, SetAside, UserChange};
use ledger::AccountState;
use rulebook::Code;
use serde::{Deserialize, Serialize};

use crate::evidence::EvidenceFile;
use crate::refusal::refuses;

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
    /// Note that the operator has paid the return of a payment by hand.
    ReturnPaidByHand(String),
    /// Try a letter again that could not be sent.
    RetryNotice(i64),
    /// Revoke the certificate with this fingerprint, in hexadecimal.
    Revoke(String),
    /// The same, for a reason by its number (RFC 5280, 5.3.1).
    RevokeFor {
        /// The fingerprint, in hexadecimal.
        fingerprint: String,
        /// The number of the reason.
        reason: u8,
    },
    /// Make a code with which an online user gets a certificate.
    Enroll {
        /// Its number.
        user: i64,
        /// What the code is good for.
        kind: NewCodeKind,
    },
    /// Tell the evidence of a submission.
    EvidenceOfSubmission(i64),
    /// Tell that of the message with this `MsgId`.
    EvidenceOfMessage(String),
    /// Open, block or close an account.
    SetAccountState {
        /// Its IBAN.
        iban: String,
        /// What it becomes.
        state: NewState,
    },
    /// Change the rights of an online user.
    ChangeUser {
        /// Its number.
        user: i64,
        /// What becomes otherwise.
        change: UserAct,
    },
    /// Give operators certificates again who cannot decide any more.
    Recover {
        /// Who, with which requests.
        operators: Vec<Returning>,
    },
    /// Cancel payments of a client that asked for it.
    Cancel {
        /// The number of the client.
        client: i64,
        /// Which payments.
        payments: NamedPayments,
    },
    /// Set the settings of a client.
    SetClient {
        /// Its number.
        client: i64,
        /// What they become.
        settings: ClientSettings,
    },
}

/// A change of an online user's rights. No accounts: all that its client has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UserAct {
    Grant(Vec<String>),
    Withdraw(Vec<String>),
    Suspend,
    Resume,
    RequireSignature(bool),
}

impl From<&UserAct> for UserChange {
    fn from(act: &UserAct) -> UserChange {
        let grants = |ibans: &[String]| if ibans.is_empty() { Grants::All } else { Grants::These(ibans.to_vec()) };
        match act {
            UserAct::Grant(ibans) => UserChange::Grant(grants(ibans)),
            UserAct::Withdraw(ibans) => UserChange::Withdraw(grants(ibans)),
            UserAct::Suspend => UserChange::Suspend,
            UserAct::Resume => UserChange::Resume,
            UserAct::RequireSignature(required) => UserChange::RequireSignature(*required),
        }
    }
}

/// An operator who comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Returning {
    /// The number of the person.
    pub(crate) person: i64,
    /// The certificate request (PEM).
    pub(crate) request: String,
}

/// The certificate of an operator who came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GivenCertificate {
    /// The number of the person.
    pub(crate) person: i64,
    /// The certificate, with its chain.
    pub(crate) pem: String,
    /// When it ends (RFC 3339).
    pub(crate) not_after: String,
}

/// Payments of a message: all, those of a block, or one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NamedPayments {
    pub(crate) message_id: String,
    pub(crate) block: Option<String>,
    pub(crate) end_to_end_id: Option<String>,
    pub(crate) instruction_id: Option<String>,
    pub(crate) number: Option<u32>,
}

impl From<NamedPayments> for Cancellation {
    fn from(named: NamedPayments) -> Cancellation {
        let NamedPayments { message_id, block, end_to_end_id, instruction_id, number } = named;
        Cancellation { message_id, payment_information_id: block, end_to_end_id, instruction_id, number }
    }
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
    pub(super) fn preferences(&self) -> Result<Preferences, ActRefusal> {
        let ClientSettings { lists_every_payment, daily_balances, .. } = *self;
        let end_to_end_ids = self.end_to_end_ids.parse::<EndToEndIdUniqueness>();
        let end_to_end_ids = end_to_end_ids.map_err(|error| ActRefusal::not_there(error.to_string()))?;
        Ok(Preferences { lists_every_payment, daily_balances, end_to_end_ids })
    }
}

/// What an enrolment code is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NewCodeKind {
    Request,
    KeyStore,
    KeyStoreTripleDes,
}

impl From<NewCodeKind> for EnrolmentKind {
    fn from(kind: NewCodeKind) -> EnrolmentKind {
        match kind {
            NewCodeKind::Request => EnrolmentKind::Request,
            NewCodeKind::KeyStore => EnrolmentKind::KeyStore,
            NewCodeKind::KeyStoreTripleDes => EnrolmentKind::KeyStoreTripleDes,
        }
    }
}

/// A code that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MadeCode {
    pub(crate) code: String,
    pub(crate) valid_until: String,
    pub(crate) client: String,
    pub(crate) online_user: String,
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
pub(crate) enum ActOutcome {
    /// It is so now.
    Changed,
    /// All that is set aside.
    SetAside(SetAside),
    /// The code.
    EnrolmentCode(MadeCode),
    /// The certificates, in the order of the requests.
    Certificates(Vec<GivenCertificate>),
    /// The evidence.
    Evidence(Box<EvidenceFile>),
    /// How the payments stand that were to be cancelled.
    Cancelled(CancellationAnswer),
}

/// Why nothing came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ActRefusal {
    /// What the operator reads.
    pub(super) text: String,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// There is nothing that the act could change.
    NotThere,
    /// The same command may succeed later.
    Temporary,
    /// A rule of the exchange refuses the act.
    Refused,
    Other,
}

impl ActRefusal {
    pub(super) fn not_there(text: String) -> ActRefusal {
        ActRefusal { text, kind: Kind::NotThere }
    }

    pub(super) fn of(failure: &exchange::Failure) -> ActRefusal {
        let kind = match failure.code {
            Code::NotFound | Code::DebtorAccountUnknown => Kind::NotThere,
            _ if failure.is_temporary() => Kind::Temporary,
            _ if refuses(failure) => Kind::Refused,
            _ => Kind::Other,
        };
        ActRefusal { text: failure.to_string(), kind }
    }
}
