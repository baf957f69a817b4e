//! The statuses of a batch's payments: most are settled, some are on their way, wait, or are refused.
//!
//! The status report and the account reports both use this module, so that they agree: a payment that is settled in the
//! one is a debit in the other.

use rulebook::{Code, Route};

use super::flaw::Flaw;
use super::plan::{Block, PaymentBatch};
use super::random::Random;

/// Sets these draws apart from those that make the payment.
const STREAM: u64 = 0x5374_6174_7573_4573;
/// Of a hundred payments without a flaw; the rest is settled.
const REFUSED_PERCENT: u64 = 8;
const WAITING_PERCENT: u64 = 8;
const IN_PROCESS_PERCENT: u64 = 14;
/// Why a payment to a bank fails, and why one inside the Treasury.
const AT_THE_BANK: [Code; 5] = [
    Code::PayeeAccountClosed,
    Code::PayeeAccountInvalid,
    Code::PayeeBankGaveNoReason,
    Code::PayeeRefused,
    Code::PayeeNameDiffers,
];
const AT_THE_TREASURY: [Code; 3] =
    [Code::CreditorAccountNotReachable, Code::PaymentLimitExceeded, Code::PaymentNotAllowedOnAccount];

/// The result of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PaymentOutcome {
    /// Accepted, and its money is not there yet.
    Waiting,
    InProcess,
    Settled,
    Refused(Code),
}

/// The result of a payment; the exchange refuses one with a flaw.
pub(super) fn of(batch: &PaymentBatch, block: &Block, ordinal: u32, flaw: Option<Flaw>) -> PaymentOutcome {
    if let Some(flaw) = flaw {
        return PaymentOutcome::Refused(flaw.code());
    }
    let mut random = Random::of(batch.seed ^ STREAM, u64::from(ordinal));
    let drawn = random.below(100);
    if drawn < REFUSED_PERCENT {
        return PaymentOutcome::Refused(match block.route {
            Route::Sepa => random.one_of(&AT_THE_BANK),
            Route::Internal => random.one_of(&AT_THE_TREASURY),
        });
    }
    match drawn - REFUSED_PERCENT {
        drawn if drawn < WAITING_PERCENT => PaymentOutcome::Waiting,
        drawn if drawn < WAITING_PERCENT + IN_PROCESS_PERCENT => PaymentOutcome::InProcess,
        _ => PaymentOutcome::Settled,
    }
}
