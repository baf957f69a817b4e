//! What an application asks for: one variant a kind, with its form as bytes and its rules.

mod institution;
mod lifting;
mod network;
mod person;
mod registration;
mod rules;
mod signature_card;
mod user;

pub use institution::{Institution, OneDayLimits, TreasuryAccountPlan};
pub use lifting::{LiftBlock, LiftSuspension};
pub use network::{canonical_network, too_wide};
pub use person::{PersonChange, PersonRecord};
pub use registration::{Contact, Registration};
pub use rules::ContentError;
pub(crate) use rules::is_unseen;
pub use signature_card::{Signatory, SignatureCard};
pub use user::{Enrolment, NewCertificate, Renewal, UserChange};

use jiff::civil::Date;

use crate::canonical::{Canonical, Reader, Unreadable};
use crate::terms::words;
use crate::{ClientId, OnlineUserId, PersonId};

/// The kinds of applications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A new client, by the Treasury.
    NewClient,
    /// A new account of a client, by the Treasury.
    NewAccount,
    /// A new online user: one information system of a client.
    NewOnlineUser,
    /// A change of an online user: mode, contact, networks, granted accounts.
    ChangeOnlineUser,
    /// Renewal of an online user's registration.
    Renewal,
    /// A new certificate for an online user.
    NewCertificate,
    /// Other limits of an account, for the payments executed on one day.
    OneDayLimits,
    /// A client's specimen-signature card.
    SignatureCard,
    /// A person with roles: a new one, a change, or the end.
    Person,
    /// The end of an online user's suspension, by the Treasury.
    LiftSuspension,
    /// The end of an account's block, by the Treasury.
    LiftBlock,
}

words!(Kind {
    NewClient = "new-client",
    NewAccount = "new-account",
    NewOnlineUser = "new-online-user",
    ChangeOnlineUser = "change-of-online-user",
    Renewal = "renewal",
    NewCertificate = "new-certificate",
    OneDayLimits = "one-day-limits",
    SignatureCard = "signature-card",
    Person = "person",
    LiftSuspension = "lift-suspension",
    LiftBlock = "lift-block",
});

impl Kind {
    /// Whether two different operators check and approve. Of the other kinds the approver may have checked it.
    ///
    /// They are those that let somebody do more than before; a renewal and a certificate keep what was approved.
    #[must_use]
    pub const fn needs_two_operators(self) -> bool {
        !matches!(self, Kind::Renewal | Kind::NewCertificate)
    }
}

/// What an application asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A new client.
    NewClient(Institution),
    /// A new account.
    NewAccount(TreasuryAccountPlan),
    /// A new online user.
    NewOnlineUser(Registration),
    /// An online user as it shall be.
    ChangeOnlineUser(UserChange),
    /// A registration until a later day.
    Renewal(Renewal),
    /// A new certificate.
    NewCertificate(NewCertificate),
    /// Limits for one day.
    OneDayLimits(OneDayLimits),
    /// A card, in place of the client's former one.
    SignatureCard(SignatureCard),
    /// A person.
    Person(PersonChange),
    /// No suspension.
    LiftSuspension(LiftSuspension),
    /// No block.
    LiftBlock(LiftBlock),
}

/// The label of the bytes of contents; the next form gets another one.
const LABEL: &str = "tdam/application/1";

impl Content {
    /// Which kind it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Content::NewClient(_) => Kind::NewClient,
            Content::NewAccount(_) => Kind::NewAccount,
            Content::NewOnlineUser(_) => Kind::NewOnlineUser,
            Content::ChangeOnlineUser(_) => Kind::ChangeOnlineUser,
            Content::Renewal(_) => Kind::Renewal,
            Content::NewCertificate(_) => Kind::NewCertificate,
            Content::OneDayLimits(_) => Kind::OneDayLimits,
            Content::SignatureCard(_) => Kind::SignatureCard,
            Content::Person(_) => Kind::Person,
            Content::LiftSuspension(_) => Kind::LiftSuspension,
            Content::LiftBlock(_) => Kind::LiftBlock,
        }
    }

    /// Whether the institution applies for it, so that a file that it signed belongs to the application.
    #[must_use]
    pub fn needs_signed_file(&self) -> bool {
        match self {
            Content::NewClient(_) | Content::NewAccount(_) | Content::LiftSuspension(_) | Content::LiftBlock(_) => {
                false
            }
            Content::Person(change) => change.client().is_some(),
            _ => true,
        }
    }

    /// The client that it names; `None` where the change's base names it, or none does.
    #[must_use]
    pub fn client(&self) -> Option<ClientId> {
        match self {
            Content::NewAccount(plan) => Some(plan.client),
            Content::NewOnlineUser(registration) => Some(registration.client),
            Content::ChangeOnlineUser(change) => Some(change.to.client),
            Content::SignatureCard(card) => Some(card.client),
            Content::Person(change) => change.client(),
            _ => None,
        }
    }

    /// The online user that it changes.
    #[must_use]
    pub fn online_user(&self) -> Option<OnlineUserId> {
        match self {
            Content::ChangeOnlineUser(UserChange { user, .. })
            | Content::Renewal(Renewal { user, .. })
            | Content::NewCertificate(NewCertificate { user, .. })
            | Content::LiftSuspension(LiftSuspension { user }) => Some(*user),
            _ => None,
        }
    }

    /// Whether it puts a registration of an online user in force. At most one of a user's is.
    #[must_use]
    pub const fn registers(&self) -> bool {
        matches!(self.kind(), Kind::NewOnlineUser | Kind::ChangeOnlineUser | Kind::Renewal)
    }

    /// The persons whose rights it is about: they decide nothing about it.
    #[must_use]
    pub fn about(&self) -> Vec<PersonId> {
        match self {
            Content::Person(change) => change.person.into_iter().collect(),
            Content::SignatureCard(card) => card.signatories.iter().map(|signatory| signatory.person).collect(),
            _ => Vec::new(),
        }
    }

    /// The day from which it takes effect, when that is not the day of the approval. Limits for one day take effect at once: they
    /// decide about payments that are executed on that day, and those are sent days ahead.
    #[must_use]
    pub fn effective_from(&self) -> Option<Date> {
        match self {
            Content::SignatureCard(card) => Some(card.valid_from),
            Content::Person(PersonChange { record: Some(record), .. }) => Some(record.valid_from),
            _ => None,
        }
    }

    /// The last day on which it is in force, where it says one.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        match self {
            Content::NewOnlineUser(registration) => Some(registration.valid_until),
            Content::ChangeOnlineUser(change) => Some(change.to.valid_until),
            Content::Renewal(renewal) => Some(renewal.valid_until),
            Content::OneDayLimits(limits) => Some(limits.day),
            Content::SignatureCard(card) => Some(card.valid_until),
            Content::Person(PersonChange { record: Some(record), .. }) => Some(record.valid_until),
            _ => None,
        }
    }

    /// The content as canonical bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        LABEL.to_owned().put(&mut bytes);
        self.kind().word().to_owned().put(&mut bytes);
        match self {
            Content::NewClient(it) => it.put(&mut bytes),
            Content::NewAccount(it) => it.put(&mut bytes),
            Content::NewOnlineUser(it) => it.put(&mut bytes),
            Content::ChangeOnlineUser(it) => it.put(&mut bytes),
            Content::Renewal(it) => it.put(&mut bytes),
            Content::NewCertificate(it) => it.put(&mut bytes),
            Content::OneDayLimits(it) => it.put(&mut bytes),
            Content::SignatureCard(it) => it.put(&mut bytes),
            Content::Person(it) => it.put(&mut bytes),
            Content::LiftSuspension(it) => it.put(&mut bytes),
            Content::LiftBlock(it) => it.put(&mut bytes),
        }
        bytes
    }

    /// Reads what [`Content::encode`] wrote.
    ///
    /// # Errors
    /// When the bytes are anything else.
    pub fn decode(bytes: &[u8]) -> Result<Content, Unreadable> {
        let mut from = Reader::of(bytes);
        if String::take(&mut from)? != LABEL {
            return Err(from.no("content of this form"));
        }
        let kind = Kind::of_word(&String::take(&mut from)?).ok_or(from.no("kind"))?;
        let content = match kind {
            Kind::NewClient => Content::NewClient(Canonical::take(&mut from)?),
            Kind::NewAccount => Content::NewAccount(Canonical::take(&mut from)?),
            Kind::NewOnlineUser => Content::NewOnlineUser(Canonical::take(&mut from)?),
            Kind::ChangeOnlineUser => Content::ChangeOnlineUser(Canonical::take(&mut from)?),
            Kind::Renewal => Content::Renewal(Canonical::take(&mut from)?),
            Kind::NewCertificate => Content::NewCertificate(Canonical::take(&mut from)?),
            Kind::OneDayLimits => Content::OneDayLimits(Canonical::take(&mut from)?),
            Kind::SignatureCard => Content::SignatureCard(Canonical::take(&mut from)?),
            Kind::Person => Content::Person(Canonical::take(&mut from)?),
            Kind::LiftSuspension => Content::LiftSuspension(Canonical::take(&mut from)?),
            Kind::LiftBlock => Content::LiftBlock(Canonical::take(&mut from)?),
        };
        from.end(content)
    }

    /// What can be said against it without a look at anything else.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn check(&self, today: Date) -> Result<(), ContentError> {
        match self {
            Content::NewClient(it) => it.check(),
            Content::NewAccount(it) => it.check(),
            Content::NewOnlineUser(it) => it.check(today),
            Content::ChangeOnlineUser(it) => it.to.check_parts(),
            Content::Renewal(it) => it.check(today),
            Content::NewCertificate(_) | Content::LiftSuspension(_) | Content::LiftBlock(_) => Ok(()),
            Content::OneDayLimits(it) => it.check(today),
            Content::SignatureCard(it) => it.check(today),
            Content::Person(it) => it.check(today),
        }
    }
}
