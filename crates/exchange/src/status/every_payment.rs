//! A pain.002 that names every payment, accepted ones too: some accounting systems settle their books by it.
//!
//! A setting of the client. The bound of named payments is that of refused ones; beyond the bound the counts of the
//! blocks say the rest.

use std::collections::HashSet;

use payments::status::payment_status;
use payments::{Lot, Refusal, Status};

use super::reason::{self, RefusalReason};
use crate::Failure;
use crate::admission::payment_in_file::PaymentInFile;
use crate::check::pieces::PaymentLabel;
use crate::status::pain002::{PaymentReport, StatusReport};

/// Payments that are refused together, from the first to the last; only those of the lot, if there is one.
#[derive(Clone, Debug)]
pub(crate) struct RefusedRange {
    first: u32,
    last: u32,
    lot: Option<u32>,
    /// The decision that refused them; `None` where their block is refused, and they with it.
    refusal: Option<Refusal>,
    /// The account that is debited, where it is known.
    debtor_iban: String,
}

impl RefusedRange {
    pub(crate) fn of(refusal: &Refusal) -> RefusedRange {
        let Refusal { first, last, lot, .. } = *refusal;
        RefusedRange { first, last, lot, refusal: Some(refusal.clone()), debtor_iban: String::new() }
    }

    pub(crate) fn debited(self, debtor_iban: &str) -> RefusedRange {
        RefusedRange { debtor_iban: debtor_iban.to_owned(), ..self }
    }

    /// The `count` payments of a refused block.
    pub(crate) fn of_block(first: u32, count: u32) -> RefusedRange {
        let last = first.saturating_add(count).saturating_sub(1);
        RefusedRange { first, last, lot: None, refusal: None, debtor_iban: String::new() }
    }

    /// Why one of its payments is refused that has no fault of its own.
    fn reason(&self, named: &PaymentLabel, line: u32) -> Result<RefusalReason, Failure> {
        match &self.refusal {
            Some(refusal) => {
                reason::of_payment(refusal, named.amount, line).map(|reason| reason.naming_account(&self.debtor_iban))
            }
            None => Ok(reason::with_block(line)),
        }
    }
}

/// Names those of `payments` (in file order) that the report does not name yet, until it names `named_max`. `lots` are in the
/// order of their numbers, and empty where the message is refused as a whole.
pub(crate) fn list(
    report: &mut StatusReport,
    payments: Vec<PaymentInFile>,
    lots: &[Lot],
    mut refused: Vec<RefusedRange>,
    named_max: usize,
) -> Result<(), Failure> {
    let named: HashSet<u32> =
        report.blocks.iter().flat_map(|block| &block.transactions).map(|payment| payment.ordinal).collect();
    let room = named_max.saturating_sub(named.len());
    let of_message = report.reasons.first().cloned();
    refused.sort_by_key(|range| range.first);
    let mut to_come = refused.into_iter().peekable();
    let mut begun: Vec<RefusedRange> = Vec::new();
    let others = payments.into_iter().filter(|payment| !named.contains(&payment.ordinal));
    for PaymentInFile { ordinal, block, lot, line, named } in others.take(room) {
        while let Some(range) = to_come.next_if(|range| range.first <= ordinal) {
            begun.push(range);
        }
        begun.retain(|range| ordinal <= range.last);
        let covering = begun.iter().filter(|range| range.lot.is_none() || range.lot == lot);
        let narrowest = covering.min_by_key(|range| (range.last - range.first, range.lot.is_none()));
        let open = if narrowest.is_none() { payment_status(ordinal, lot, lots, &[]) } else { None };
        let status = open.unwrap_or(Status::Rejected);
        let of_range = narrowest.map(|range| range.reason(&named, line)).transpose()?;
        // A payment without a fault of its own has the message's reason.
        let reason = of_range.or_else(|| of_message.clone()).filter(|_| status == Status::Rejected);
        let reasons = reason.into_iter().collect();
        if let Some(block) = report.blocks.get_mut(block as usize) {
            block.transactions.push(PaymentReport { ordinal, named, status, reasons });
        }
    }
    for block in &mut report.blocks {
        block.transactions.sort_by_key(|payment| payment.ordinal);
    }
    Ok(())
}
