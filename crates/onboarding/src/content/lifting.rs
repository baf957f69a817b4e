//! Lifting what one operator laid on: a suspension of an online user, a block of an account. Laying it on needs one person, since
//! it must be quick and takes rights only; lifting it gives rights, so two operators decide.

use ledger::AccountId;

use crate::OnlineUserId;
use crate::canonical::canonical_fields;

/// The end of an online user's suspension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiftSuspension {
    /// Whose.
    pub user: OnlineUserId,
}

/// The end of an account's block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiftBlock {
    /// Which account.
    pub account: AccountId,
}

canonical_fields!(LiftSuspension { user });
canonical_fields!(LiftBlock { account });
