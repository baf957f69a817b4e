//! What the Treasury's staff may do. Each act leaves an audit line.

use ipnet::IpNet;
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{AccountId, AccountState, Limits};
use money::Currency;
use rulebook::catalogue::Code;
use store::{
    AcceptancePolicy, AccessMode, AccountKind, Certificate, Client, ClientId, Fingerprint, OnlineUser, OnlineUserId,
    TreasuryAccount,
};

use crate::{Exchange, Failure};

/// The operator's side of the exchange.
#[derive(Clone)]
pub struct Operator {
    pub(crate) exchange: Exchange,
}

/// A client to be added.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// Its name.
    pub name: String,
    /// Registration number.
    pub registration_number: String,
    /// What happens to a message with some bad payments.
    pub acceptance: AcceptancePolicy,
}

/// An account to be added.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Whose it is.
    pub client: ClientId,
    /// IBAN, compact.
    pub iban: String,
    /// The owner's name as statements show it.
    pub owner_name: String,
    /// What it is for.
    pub kind: AccountKind,
    /// Its currency.
    pub currency: Currency,
    /// Opening balance in minor units, booked against the house.
    pub opening: i64,
    /// Limits.
    pub limits: Limits,
}

/// An online user to be added.
#[derive(Clone, Debug)]
pub struct NewOnlineUser {
    /// Whose it is.
    pub client: ClientId,
    /// Its name.
    pub name: String,
    /// View or manage.
    pub mode: AccessMode,
    /// Last day of the registration.
    pub registration_valid_until: Date,
    /// Where requests may come from; never empty.
    pub allowed_networks: Vec<IpNet>,
}

/// A certificate to be added.
#[derive(Clone, Debug)]
pub struct NewCertificate {
    /// SHA-256 of its DER.
    pub fingerprint: Fingerprint,
    /// Whose it is.
    pub user: OnlineUserId,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Valid from.
    pub not_before: Timestamp,
    /// Valid until.
    pub not_after: Timestamp,
}

/// A credit from outside the Treasury.
#[derive(Clone, Debug)]
pub struct IncomingPayment {
    /// Account credited.
    pub iban: String,
    /// Minor units, more than 0.
    pub minor: i64,
    /// Payer's name.
    pub debtor_name: String,
    /// Payer's IBAN.
    pub debtor_iban: String,
    /// `EndToEndId`.
    pub end_to_end_id: String,
    /// Remittance text.
    pub remittance: String,
}

fn not_available<T>() -> Result<T, Failure> {
    Err(Failure::new(Code::Unavailable))
}

impl Operator {
    /// Makes what an exchange needs before anything else: the house's own accounts and a first business day. Does
    /// nothing when they are there.
    pub async fn prepare(&self, business_day: Date) -> Result<(), Failure> {
        let _ = (&self.exchange, business_day);
        not_available()
    }

    /// The business day.
    pub async fn business_day(&self) -> Result<Date, Failure> {
        not_available()
    }

    /// Moves the business day. It never goes back.
    pub async fn set_business_day(&self, day: Date) -> Result<(), Failure> {
        let _ = day;
        not_available()
    }

    /// Moves the business day to the next one of the calendar.
    pub async fn advance_business_day(&self) -> Result<Date, Failure> {
        not_available()
    }

    /// Adds a client.
    pub async fn insert_client(&self, client: NewClient) -> Result<ClientId, Failure> {
        let _ = client;
        not_available()
    }

    /// Adds an account, with its opening balance booked against the house.
    pub async fn insert_account(&self, account: NewAccount) -> Result<AccountId, Failure> {
        let _ = account;
        not_available()
    }

    /// Adds an online user.
    pub async fn insert_online_user(&self, user: NewOnlineUser) -> Result<OnlineUserId, Failure> {
        let _ = user;
        not_available()
    }

    /// Adds a certificate of an online user.
    pub async fn insert_certificate(&self, certificate: NewCertificate) -> Result<(), Failure> {
        let _ = certificate;
        not_available()
    }

    /// Revokes a certificate: its next request is refused. `false` when it was revoked before or does not exist.
    pub async fn revoke_certificate(&self, fingerprint: Fingerprint) -> Result<bool, Failure> {
        let _ = fingerprint;
        not_available()
    }

    /// Books a credit from outside the Treasury; returns its id.
    pub async fn credit(&self, payment: IncomingPayment) -> Result<i64, Failure> {
        let _ = payment;
        not_available()
    }

    /// Opens, blocks or closes an account.
    pub async fn set_account_state(&self, iban: &str, state: AccountState) -> Result<(), Failure> {
        let _ = (iban, state);
        not_available()
    }

    /// Sets what one payment and one day may take from an account.
    pub async fn set_account_limits(&self, iban: &str, limits: Limits) -> Result<(), Failure> {
        let _ = (iban, limits);
        not_available()
    }

    /// All clients.
    pub async fn clients(&self) -> Result<Vec<Client>, Failure> {
        not_available()
    }

    /// A client's online users.
    pub async fn online_users(&self, client: ClientId) -> Result<Vec<OnlineUser>, Failure> {
        let _ = client;
        not_available()
    }

    /// An online user's certificates, newest first.
    pub async fn certificates(&self, user: OnlineUserId) -> Result<Vec<Certificate>, Failure> {
        let _ = user;
        not_available()
    }

    /// A client's accounts.
    pub async fn accounts(&self, client: ClientId) -> Result<Vec<TreasuryAccount>, Failure> {
        let _ = client;
        not_available()
    }
}
