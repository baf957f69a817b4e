//! Decides which refused payments a status names one by one, and which their block counts. XML and JSON use the same
//! list, so they agree.

use std::collections::BTreeMap;

use iso20022::common::Amount;
use payments::{Lot, MessageId, PaymentId, Refusal};
use rulebook::catalogue::Code;
use store::{Block, Reading};

use super::reason::{self, Level, RefusalReason};
use super::reason_scope::ReasonScope;
use crate::admission::payment_in_file::PaymentInFile;
use crate::admission::staged::read_staged;
use crate::status::pain002::StatusReport;
use crate::{Failure, Settings, stored};

/// A payment that is named with its reasons, or payments that are refused together and not named.
pub(super) struct Refused {
    /// Of a payment that is named, that payment's part of it.
    pub(super) refusal: Refusal,
    pub(super) what: What,
    pub(super) reasons: Vec<RefusalReason>,
    pub(super) block: Option<u32>,
    pub(super) payment: Option<PaymentInFile>,
}

/// The object of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A block, and with it those of its payments that are in order.
    Block,
    /// A payment with faults of its own.
    Payment,
    /// A payment that the first answer only counted.
    Counted,
    /// Payments that a decision refused, one or many.
    Decided,
}

impl What {
    fn of(refusal: &Refusal, level: Option<Level>) -> What {
        match level {
            Some(Level::Payment) => What::Payment,
            Some(Level::Counted) => What::Counted,
            Some(Level::Block | Level::Message) => What::Block,
            // So earlier versions stored a block.
            None if refusal.lot.is_none() && refusal.first < refusal.last => What::Block,
            None => What::Decided,
        }
    }
}

/// Why a payment is refused that this refusal covers, the narrowest that does. `amount` is the payment's own, where it could be
/// booked.
pub(crate) fn reasons_of(
    refusal: &Refusal,
    amount: Option<Amount>,
    line: u32,
    debtor_iban: &str,
) -> Result<Vec<RefusalReason>, Failure> {
    let (level, reasons) = reason::read(refusal)?;
    Ok(match What::of(refusal, level) {
        What::Block => vec![reason::with_block(line)],
        What::Decided => vec![reason::of_payment(refusal, amount, line)?.naming_account(debtor_iban)],
        What::Payment | What::Counted => reasons,
    })
}

/// A payment that is stored without its block: damage.
pub(crate) fn without_block(message: MessageId, ordinal: u32) -> Failure {
    Failure::unexpected(format_args!("{} has no block", PaymentId { message, ordinal }))
}

/// The block with this number, of blocks in the order of their numbers.
pub(super) fn block_of(blocks: &[Block], number: u32) -> Option<&Block> {
    blocks.binary_search_by_key(&number, |block| block.number).ok().and_then(|at| blocks.get(at))
}

/// Decides which refused payments a status names one by one; of the others the block speaks.
pub(super) struct NamedRefusals<'a> {
    settings: &'a Settings,
    blocks: &'a [Block],
    lots: &'a [Lot],
    counted: BTreeMap<(u32, Code), u32>,
    /// Payments, each with the number of payments of the refusal that names it.
    named: Vec<(u32, Refused)>,
    others: Vec<Refused>,
}

impl<'a> NamedRefusals<'a> {
    pub(super) fn new(settings: &'a Settings, blocks: &'a [Block], lots: &'a [Lot]) -> NamedRefusals<'a> {
        NamedRefusals { settings, blocks, lots, counted: BTreeMap::new(), named: Vec::new(), others: Vec::new() }
    }

    /// Takes the refusals of a message, as they are stored.
    pub(super) fn take(&mut self, reading: &mut dyn Reading, refusals: Vec<Refusal>) -> Result<(), Failure> {
        let read: Vec<(Refusal, What, Vec<RefusalReason>)> = refusals
            .into_iter()
            .map(|refusal| {
                let (level, reasons) = reason::read(&refusal)?;
                let what = What::of(&refusal, level);
                Ok((refusal, what, reasons))
            })
            .collect::<Result<_, Failure>>()?;
        // The first answer named the check's refusals first, and used the remaining room for those of admission.
        let by_check = read.iter().filter(|(_, what, _)| matches!(what, What::Payment | What::Counted)).count();
        let mut room = self.settings.refusals_named_max.saturating_sub(by_check);
        for (refusal, what, reasons) in read {
            let limit = match what {
                What::Payment => 1,
                What::Decided if refusal.count as usize <= room => room,
                What::Decided | What::Block | What::Counted => 0,
            };
            let Refusal { message, lot, first, last, line, stage, .. } = refusal;
            let currency = self.settings.guideline.currency;
            let described =
                if limit == 0 { Vec::new() } else { read_staged(reading, message, lot, first, last, limit, currency)? };
            if described.is_empty() {
                self.not_named(refusal, what, reasons)?;
                continue;
            }
            if what == What::Decided {
                room -= described.len().min(room);
            }
            for payment in described {
                let reasons = match what {
                    What::Decided => {
                        let block = block_of(self.blocks, payment.block);
                        let block = block.ok_or_else(|| without_block(message, payment.ordinal))?;
                        let reason = reason::of_payment(&refusal, payment.named.amount, payment.line)?;
                        vec![reason.naming_account(&block.debtor_iban)]
                    }
                    _ => reasons.clone(),
                };
                // The reasons already have the content of the detail.
                let (code, detail) = (refusal.code.clone(), String::new());
                let at = payment.ordinal;
                let own = Refusal { message, first: at, last: at, lot, count: 1, code, detail, line, stage };
                let block = Some(payment.block);
                self.named.push((last - first, Refused { refusal: own, what, reasons, block, payment: Some(payment) }));
            }
        }
        Ok(())
    }

    fn not_named(&mut self, refusal: Refusal, what: What, reasons: Vec<RefusalReason>) -> Result<(), Failure> {
        let in_lot = refusal.lot.and_then(|lot| self.lots.iter().find(|known| known.id.number == lot));
        let by_place = || self.blocks.iter().rev().find(|block| block.first <= refusal.first);
        let block = in_lot.map(|lot| lot.block).or_else(|| by_place().map(|block| block.number));
        let reasons = if what == What::Decided { vec![reason::of_range(&refusal)?] } else { reasons };
        if let (What::Counted, Some(number)) = (what, block) {
            let code = stored::code(&refusal.code, reason::row(&refusal))?;
            *self.counted.entry((number, code)).or_default() += 1;
        }
        self.others.push(Refused { refusal, what, reasons, block, payment: None });
        Ok(())
    }

    /// Writes the refusals into the report; returns all of them in file order.
    pub(super) fn write_into(mut self, report: &mut StatusReport) -> Vec<Refused> {
        // A block's reasons are in the order of the first answer: its own, counted payments, refusals by a decision.
        let mut add = |number: Option<u32>, reasons: &[RefusalReason]| {
            if let Some(block) = number.and_then(|number| report.blocks.get_mut(number as usize)) {
                block.reasons.extend_from_slice(reasons);
            }
        };
        for refused in self.others.iter().filter(|refused| refused.what == What::Block) {
            add(refused.block, &refused.reasons);
        }
        for ((number, code), count) in self.counted {
            add(Some(number), &[RefusalReason::new(code, "", 0).about(ReasonScope::More(count))]);
        }
        for refused in self.others.iter().filter(|refused| !matches!(refused.what, What::Block | What::Counted)) {
            add(refused.block, &refused.reasons);
        }
        // Where refusals overlap, the narrowest gives the payment its reason.
        self.named.sort_by_key(|(width, refused)| (refused.refusal.first, *width));
        self.named.dedup_by_key(|(_, refused)| refused.refusal.first);
        let mut all = self.others;
        for (_, refused) in self.named {
            if let Some(PaymentInFile { ordinal, block, named, .. }) = &refused.payment
                && let Some(block) = report.blocks.get_mut(*block as usize)
            {
                block.name_refused(*ordinal, named.clone(), refused.reasons.clone());
            }
            all.push(refused);
        }
        all.sort_by_key(|refused| (refused.refusal.first, refused.refusal.last));
        all
    }
}
