//! Payments that are signed together, and how they stand.

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::AccountId;

use super::card::{Level, Levels, Signer};

/// A signature that was given. It stands, whatever becomes of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// By whom.
    pub signer: Signer,
    /// At which level, by the card in force then.
    pub level: Level,
    /// When.
    pub at: Timestamp,
}

/// How far signing has come. All but the first are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SigningState {
    /// Waits for signatures.
    Awaiting,
    /// Has those that it needs.
    Authorised,
    /// A signatory refused it.
    Refused,
    /// All of its payments were removed.
    Removed,
    /// Not all signed in time.
    Lapsed,
}

/// The status of a payment as a pain.002 states it, with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransactionStatus {
    /// `TxSts`.
    pub status: &'static str,
    /// `StsRsnInf/Rsn/Cd`.
    pub reason: Option<&'static str>,
}

/// Payments of one block, route and execution day with the same signatures. Amounts in minor units of the account's
/// currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portion {
    /// The block (`PmtInf`), from 0.
    pub block: u32,
    /// The account to be debited.
    pub account: AccountId,
    /// When it would be executed if it were authorised now: never before the requested day.
    pub day: Date,
    /// The last day on which it can be signed.
    pub signable_until: Date,
    /// Payments in it.
    pub count: u32,
    /// Their sum.
    pub total: i64,
    /// The levels that it was found to need, once for all: neither a removal nor another day makes a signature superfluous.
    pub needs: Levels,
    /// At most one of each level, each of another person.
    pub signatures: Vec<Given>,
    /// How it stands.
    pub state: SigningState,
}

impl Portion {
    /// The levels at which it is signed.
    #[must_use]
    pub fn signed_levels(&self) -> Levels {
        self.signatures.iter().fold(Levels::NONE, |levels, given| levels.with(given.level))
    }

    /// Whether the person has signed it, at any level.
    #[must_use]
    pub fn is_signed_by(&self, signer: Signer) -> bool {
        self.signatures.iter().any(|given| given.signer == signer)
    }

    /// Whether it can be signed or refused on the day.
    #[must_use]
    pub fn is_open_on(&self, today: Date) -> bool {
        self.state == SigningState::Awaiting && today <= self.signable_until
    }

    /// Takes these payments out into a portion of their own, with the same signatures, so that one of them can be signed
    /// alone. `None` when the rest would have no payment, or amounts do not fit.
    #[must_use]
    pub fn split(&mut self, count: u32, total: i64) -> Option<Portion> {
        let rest = self.count.checked_sub(count).filter(|rest| *rest > 0 && count > 0)?;
        let rest_total = self.total.checked_sub(total).filter(|rest| *rest > 0 && total > 0)?;
        self.count = rest;
        self.total = rest_total;
        Some(Portion { count, total, ..self.clone() })
    }

    /// The status of its payments while signing decides it; `None` when it is authorised: then its lot has one. The older
    /// generation has neither PATC nor CANC.
    #[must_use]
    pub fn status(&self, is_newer_generation: bool) -> Option<TransactionStatus> {
        let (status, reason) = match self.state {
            SigningState::Authorised => return None,
            SigningState::Awaiting if is_newer_generation && !self.signatures.is_empty() => ("PATC", None),
            SigningState::Awaiting => ("PDNG", None),
            SigningState::Refused | SigningState::Removed => {
                (if is_newer_generation { "CANC" } else { "RJCT" }, Some("DS02"))
            }
            SigningState::Lapsed => ("RJCT", Some("DS24")),
        };
        Some(TransactionStatus { status, reason })
    }
}
