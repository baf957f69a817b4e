//! A pain.002 that names every payment, accepted ones too: some accounting systems settle their books by it.
//!
//! A setting of the client. As many payments are named as of refused ones; beyond the bound the counts of the blocks say the rest.

use std::collections::HashSet;

use payments::status::payment_status;
use payments::{Lot, Refusal, Status};
use rulebook::catalogue::Code;

use super::reason::RefusalReason;
use crate::admit::Described;
use crate::answer::{PaymentReport, StatusReport};

/// Payments that are refused for one reason, from the first to the last; only those of the lot, if there is one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RefusedRange {
    pub(crate) first: u32,
    pub(crate) last: u32,
    pub(crate) lot: Option<u32>,
    pub(crate) code: Code,
}

impl RefusedRange {
    pub(crate) fn of(refusal: &Refusal) -> RefusedRange {
        let Refusal { first, last, lot, .. } = *refusal;
        RefusedRange { first, last, lot, code: refusal.code.parse().unwrap_or(Code::InternalError) }
    }
}

/// Names those of `payments` (in file order) that the report does not name yet, until it names `named_max`. `lots` are in the
/// order of their numbers, and empty where the message is refused as a whole.
pub(crate) fn list(
    report: &mut StatusReport,
    payments: Vec<Described>,
    lots: &[Lot],
    mut refused: Vec<RefusedRange>,
    named_max: usize,
) {
    let named: HashSet<u32> =
        report.blocks.iter().flat_map(|block| &block.transactions).map(|payment| payment.ordinal).collect();
    let room = named_max.saturating_sub(named.len());
    let of_message = report.reasons.first().cloned();
    refused.sort_by_key(|range| range.first);
    let mut to_come = refused.into_iter().peekable();
    let mut begun: Vec<RefusedRange> = Vec::new();
    let others = payments.into_iter().filter(|payment| !named.contains(&payment.ordinal));
    for Described { ordinal, block, lot, line, named } in others.take(room) {
        while let Some(range) = to_come.next_if(|range| range.first <= ordinal) {
            begun.push(range);
        }
        begun.retain(|range| ordinal <= range.last);
        let covering = begun.iter().filter(|range| range.lot.is_none() || range.lot == lot);
        let narrowest = covering.min_by_key(|range| (range.last - range.first, range.lot.is_none()));
        let open = if narrowest.is_none() { payment_status(ordinal, lot, lots, &[]) } else { None };
        let status = open.unwrap_or(Status::Rejected);
        let of_range = narrowest.map(|range| RefusalReason::new(range.code, "", line));
        // A payment that is in order itself is refused for what the message is refused for.
        let reason = of_range.or_else(|| of_message.clone()).filter(|_| status == Status::Rejected);
        let reasons = reason.into_iter().collect();
        if let Some(block) = report.blocks.get_mut(block as usize) {
            block.transactions.push(PaymentReport { ordinal, named, status, reasons });
        }
    }
    for block in &mut report.blocks {
        block.transactions.sort_by_key(|payment| payment.ordinal);
    }
}
