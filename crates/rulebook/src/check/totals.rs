//! Counts and control sums at both levels (required in Latvia since 19.11.2017).
//!
//! A control sum adds amounts of any currency, so it is an exact decimal without one.

use iso20022::common::Position;
use money::Decimal;

use super::report::Report;
use crate::rules::element::{BLOCK_NUMBER, BLOCK_SUM, GROUP_NUMBER, GROUP_SUM};
use crate::{Code, Guideline};

/// The real totals of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockTotals {
    /// How many payments, refused ones included.
    pub payments: u64,
    /// The sum of their amounts, whatever the currency; `None` when it does not fit 37 digits.
    pub control_sum: Option<Decimal>,
}

/// The real totals of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageTotals {
    /// How many blocks.
    pub blocks: u32,
    /// How many payments, refused ones included.
    pub payments: u64,
    /// The sum of their amounts, whatever the currency; `None` when it does not fit 37 digits.
    pub control_sum: Option<Decimal>,
}

/// The totals that a header states, and those counted since.
#[derive(Clone, Copy, Debug)]
pub(super) struct Totals {
    pub(super) position: Position,
    stated_payments: Option<u64>,
    stated_sum: Option<Decimal>,
    pub(super) payments: u64,
    pub(super) sum: Option<Decimal>,
}

/// The codes and elements of a level.
struct Level {
    number_missing: Code,
    number_wrong: Code,
    sum_missing: Code,
    sum_wrong: Code,
    number: &'static str,
    sum: &'static str,
}

const GROUP: Level = Level {
    // The schema does not let the group's number be missing.
    number_missing: Code::GroupNumberOfTransactionsWrong,
    number_wrong: Code::GroupNumberOfTransactionsWrong,
    sum_missing: Code::GroupControlSumMissing,
    sum_wrong: Code::GroupControlSumWrong,
    number: GROUP_NUMBER,
    sum: GROUP_SUM,
};

const BLOCK: Level = Level {
    number_missing: Code::BlockNumberOfTransactionsMissing,
    number_wrong: Code::BlockNumberOfTransactionsWrong,
    sum_missing: Code::BlockControlSumMissing,
    sum_wrong: Code::BlockControlSumWrong,
    number: BLOCK_NUMBER,
    sum: BLOCK_SUM,
};

impl Totals {
    pub(super) fn stated(position: Position, payments: Option<u64>, sum: Option<Decimal>) -> Totals {
        Totals { position, stated_payments: payments, stated_sum: sum, payments: 0, sum: Some(Decimal::ZERO) }
    }

    /// Counts a payment. Its amount is unknown only when the schema refused it.
    pub(super) fn add(&mut self, amount: Option<Decimal>) {
        self.payments += 1;
        if let (Some(sum), Some(amount)) = (self.sum, amount) {
            self.sum = sum.checked_add(amount);
        }
    }

    /// Adds the totals of a block of the message.
    pub(super) fn add_block(&mut self, block: &Totals) {
        self.payments += block.payments;
        self.sum = self.sum.zip(block.sum).and_then(|(sum, of_block)| sum.checked_add(of_block));
    }

    pub(super) fn check_group(&self, guideline: &Guideline, report: &mut Report<'_>) {
        self.check(&GROUP, guideline.control_totals_required, report);
    }

    pub(super) fn check_block(&self, guideline: &Guideline, report: &mut Report<'_>) {
        self.check(&BLOCK, guideline.control_totals_required, report);
    }

    fn check(&self, level: &Level, required: bool, report: &mut Report<'_>) {
        match self.stated_payments {
            None if required => report.missing(level.number_missing, level.number),
            Some(stated) if stated != self.payments => {
                report.found(level.number_wrong, level.number, stated, self.payments);
            }
            _ => {}
        }
        match self.stated_sum {
            None if required => report.missing(level.sum_missing, level.sum),
            Some(stated) if self.sum != Some(stated) => {
                let counted = self.sum.map(|sum| sum.to_string()).unwrap_or_default();
                report.found(level.sum_wrong, level.sum, stated, counted);
            }
            _ => {}
        }
    }
}
