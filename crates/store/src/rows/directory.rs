//! Clients, their online users and certificates, and accounts.

use std::fmt;
use std::str::FromStr;

use ipnet::IpNet;
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{Account, AccountId};
pub use onboarding::{AcceptancePolicy, AccessMode, AccountKind, ClientId, OnlineUserId};

use crate::bounds::END_TO_END_ID_DAYS_MAX;

/// SHA-256 of a certificate's DER.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 32]);

/// An institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// Registration number.
    pub registration_number: String,
    /// What happens to a message with some bad payments.
    pub acceptance: AcceptancePolicy,
    /// What its accounting system needs otherwise than others.
    pub preferences: Preferences,
}

/// Settings of a client: what its accounting system needs otherwise than others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// A pain.002 lists each payment, accepted ones too.
    pub lists_every_payment: bool,
    /// A report of several days has balances of each day.
    pub daily_balances: bool,
    /// How long an `EndToEndId` stays the payment's own.
    pub end_to_end_ids: EndToEndIdUniqueness,
}

/// How long no other payment of the client may have the `EndToEndId` of a payment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EndToEndIdUniqueness {
    /// For ever.
    #[default]
    ForEver,
    /// For so many days, from 1 to [`END_TO_END_ID_DAYS_MAX`](crate::bounds::END_TO_END_ID_DAYS_MAX).
    Days(u32),
    /// Only within its message: some programs write the same one into every message.
    WithinMessage,
}

/// As operators and world files write it: `for-ever`, `within-message` or a number of days.
impl fmt::Display for EndToEndIdUniqueness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EndToEndIdUniqueness::ForEver => f.write_str("for-ever"),
            EndToEndIdUniqueness::Days(days) => write!(f, "{days}"),
            EndToEndIdUniqueness::WithinMessage => f.write_str("within-message"),
        }
    }
}

impl FromStr for EndToEndIdUniqueness {
    type Err = NoUniqueness;

    fn from_str(text: &str) -> Result<EndToEndIdUniqueness, NoUniqueness> {
        match text {
            "for-ever" => Ok(EndToEndIdUniqueness::ForEver),
            "within-message" => Ok(EndToEndIdUniqueness::WithinMessage),
            days => match days.parse() {
                Ok(days @ 1..=END_TO_END_ID_DAYS_MAX) => Ok(EndToEndIdUniqueness::Days(days)),
                _ => Err(NoUniqueness(())),
            },
        }
    }
}

/// A text says nothing that [`EndToEndIdUniqueness`] knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoUniqueness(());

impl fmt::Display for NoUniqueness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "say for-ever, within-message, or a number of days up to {END_TO_END_ID_DAYS_MAX}")
    }
}

impl std::error::Error for NoUniqueness {}

/// A client's information system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlineUser {
    /// Its id.
    pub id: OnlineUserId,
    /// Whose it is.
    pub client: ClientId,
    /// Its name.
    pub name: String,
    /// View or manage.
    pub mode: AccessMode,
    /// Last day on which the registration is valid (3 years from the application).
    pub registration_valid_until: Date,
    /// Where requests may come from; never empty.
    pub allowed_networks: Vec<IpNet>,
    /// The accounts of its client that it may see and, with [`AccessMode::Manage`], debit; ascending.
    pub granted_accounts: Vec<AccountId>,
    /// Since when all its requests are refused, if they are.
    pub suspended_at: Option<Timestamp>,
    /// Whether what it submits has to be signed.
    pub signature_required: bool,
}

impl OnlineUser {
    /// Whether an account is granted to it. Only accounts of its client are.
    #[must_use]
    pub fn grants(&self, account: &TreasuryAccount) -> bool {
        account.client == Some(self.client) && self.granted_accounts.binary_search(&account.ledger.id).is_ok()
    }
}

/// An X.509 certificate of an online user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
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
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// Who stands behind a certificate: all that authorisation asks on every request, in one look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The certificate.
    pub certificate: Certificate,
    /// The identifier of the key that signed it, when that is another house's authority; `None`: the house issued it.
    pub outside_authority: Option<Vec<u8>>,
    /// Its online user.
    pub user: OnlineUser,
    /// The client.
    pub client: Client,
}

/// An account of the Treasury: the ledger's account with its IBAN and owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreasuryAccount {
    /// The ledger's part.
    pub ledger: Account,
    /// IBAN; the house's own accounts have one too.
    pub iban: String,
    /// The owner; `None` for the house.
    pub client: Option<ClientId>,
    /// The owner's name as statements show it.
    pub owner_name: String,
    /// What it is for.
    pub kind: AccountKind,
}

/// What one of the house's accounts is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HousePurpose {
    /// The house's account at the settlement system: the other side of SEPA payments and incoming credits.
    Settlement,
    /// The other side of opening balances.
    Opening,
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// Lower-case hexadecimal.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
