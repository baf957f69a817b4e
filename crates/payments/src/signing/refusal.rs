//! Why somebody cannot sign, and why a decision is impossible.

use std::fmt;

use jiff::civil::Date;
use ledger::AccountId;

/// Why the person cannot sign or refuse. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningRefusal {
    /// No card of the client is valid today.
    NoCard,
    /// The person is not on the card.
    NotOnCard,
    /// Nothing of it waits for signatures any more: it is signed, refused or lapsed.
    NothingWaits,
    /// The person has signed all of it before: nobody signs a payment twice, at whatever levels.
    SignedBefore,
    /// All of it has a signature of the person's level.
    LevelIsSigned,
    /// The sum of the day lies outside the person's band.
    OutsideBand {
        /// The account.
        account: AccountId,
        /// The day.
        day: Date,
        /// What is authorised and signed for it at the person's level, with this, in minor units.
        sum_minor: i64,
    },
    /// The card's bands are in another currency than the account.
    OtherCurrency {
        /// The account.
        account: AccountId,
    },
}

impl SigningRefusal {
    /// The reason's code in ISO 20022's external list; `None` where it has no word for it.
    #[must_use]
    pub const fn iso_code(self) -> Option<&'static str> {
        match self {
            // Electronic signature rights insufficient.
            SigningRefusal::NoCard | SigningRefusal::NotOnCard | SigningRefusal::OutsideBand { .. } => Some("DS19"),
            // The user signed more than once.
            SigningRefusal::SignedBefore => Some("DS26"),
            // Not allowed for this account.
            SigningRefusal::OtherCurrency { .. } => Some("DS0H"),
            SigningRefusal::NothingWaits | SigningRefusal::LevelIsSigned => None,
        }
    }
}

/// Why a decision could not be taken: a person's right, or a fault of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningError {
    /// The person cannot do it.
    Refused(SigningRefusal),
    /// The caller did not load the account, or the sums of the day.
    UnknownAccount(AccountId),
    /// The sums that the caller loaded are not those of the portions.
    SumsDiffer(AccountId),
    /// More is removed than there is, or from a portion that does not wait.
    NotInPortion,
    /// A sum is too large.
    Overflow,
}

impl From<SigningRefusal> for SigningError {
    fn from(refusal: SigningRefusal) -> SigningError {
        SigningError::Refused(refusal)
    }
}

impl fmt::Display for SigningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SigningError::Refused(refusal) => write!(f, "{refusal:?}"),
            SigningError::UnknownAccount(AccountId(id)) => write!(f, "account {id} was not loaded"),
            SigningError::SumsDiffer(AccountId(id)) => write!(f, "the sums of account {id} are not its portions'"),
            SigningError::NotInPortion => f.write_str("more is removed than waits"),
            SigningError::Overflow => f.write_str("a sum is too large"),
        }
    }
}

impl std::error::Error for SigningError {}
