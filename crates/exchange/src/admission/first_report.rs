//! The first answer to a message after the decision: the refusals of the check and of admission.
//!
//! It names refused payments one by one up to a bound; beyond it their block has their number and the reasons.

use std::collections::BTreeMap;

use payments::status::{BlockTotals, summarise};
use payments::{Acceptance, Admission, Lot, Refusal, RefusalStage, Status};
use rulebook::catalogue::Code;
use store::Deciding;

use crate::Failure;
use crate::admission::assessment::Assessment;
use crate::admission::message_payments::Payments;
use crate::admission::payment_in_file::PaymentInFile;
use crate::check::pieces::MessageEnd;
use crate::status::every_payment::{self, RefusedRange};
use crate::status::now::other_days;
use crate::status::pain002::{AnswerContext, BlockReport, StatusReport};
use crate::status::reason::{self, RefusalReason};
use crate::status::reason_scope::ReasonScope;

/// The check's results at the decision.
pub(crate) struct DecisionReport<'a> {
    assessment: &'a Assessment,
    end: &'a MessageEnd,
}

impl<'a> DecisionReport<'a> {
    pub(crate) fn of(assessment: &'a Assessment, end: &'a MessageEnd) -> DecisionReport<'a> {
        DecisionReport { assessment, end }
    }

    /// The report on a message of which something was accepted.
    pub(crate) fn accepted(
        &self,
        writing: &mut dyn Deciding,
        context: &AnswerContext<'_>,
        payments: &dyn Payments,
        admission: &Admission,
    ) -> Result<StatusReport, Failure> {
        let mut report = self.report(&admission.lots, Vec::new())?;
        self.name_refused_by_check(&mut report);
        self.name_refused_by_admission(&mut report, writing, context, payments, admission.refusals.iter())?;
        Ok(report)
    }

    /// The report on a message that is refused as a whole.
    pub(crate) fn refused(
        &self,
        writing: &mut dyn Deciding,
        context: &AnswerContext<'_>,
        payments: &dyn Payments,
        acceptance: Acceptance,
        admission: Option<&Admission>,
    ) -> Result<StatusReport, Failure> {
        let mut reasons = self.end.reasons.clone();
        if reasons.is_empty() {
            // Where nothing of it was good there is nothing that only the policy refuses.
            let policy = acceptance == Acceptance::AllOrNothing && !self.assessment.candidates.is_empty();
            let code = if policy { Code::RefusedByPolicy } else { Code::RefusedWithMessage };
            reasons.push(RefusalReason::new(code, "", 0));
        }
        let mut report = self.report(&[], reasons)?;
        self.name_refused_by_check(&mut report);
        if let Some(admission) = admission {
            // A payment refused only with the message needs no line of its own.
            let own = admission.refusals.iter().filter(|refusal| refusal.code != Code::RefusedByPolicy.id());
            self.name_refused_by_admission(&mut report, writing, context, payments, own)?;
        }
        Ok(report)
    }

    /// Names the other payments too, as far as there is room, for a client that wants every payment named.
    pub(crate) fn name_the_others(
        &self,
        report: &mut StatusReport,
        writing: &mut dyn Deciding,
        context: &AnswerContext<'_>,
        payments: &dyn Payments,
        admission: Option<&Admission>,
    ) -> Result<(), Failure> {
        // Refused payments that are only counted have used up the room.
        if self.assessment.refused.iter().any(|item| item.named.is_none()) {
            return Ok(());
        }
        let all = payments.describe(writing, &all_of(context, self.end), context.settings.refusals_named_max)?;
        let blocks = self.assessment.blocks.iter().zip(&self.end.blocks);
        let refused_blocks = blocks
            .filter(|(block, _)| !block.reasons.is_empty())
            .map(|(block, totals)| RefusedRange::of_block(block.head.first, totals.count));
        let of_admission = admission.into_iter().flat_map(|admission| &admission.refusals).map(RefusedRange::of);
        let refused = refused_blocks.chain(of_admission).collect();
        let lots = admission.map(|admission| admission.lots.as_slice()).unwrap_or_default();
        every_payment::list(report, all, lots, refused, context.settings.refusals_named_max)?;
        Ok(())
    }

    fn report(&self, lots: &[Lot], reasons: Vec<RefusalReason>) -> Result<StatusReport, Failure> {
        let blocks = || self.assessment.blocks.iter().zip(&self.end.blocks);
        let totals: Vec<BlockTotals> = blocks()
            .map(|(block, totals)| BlockTotals {
                block: block.head.number,
                count: totals.count,
                sum: totals.sum,
                currency: block.currency,
            })
            .collect();
        let Some(summary) = summarise(&totals, lots) else {
            // A message without payments, which the schema does not allow.
            return Ok(StatusReport {
                status: Status::Rejected,
                reasons,
                per_status: BTreeMap::new(),
                blocks: Vec::new(),
            });
        };
        let blocks = blocks()
            .zip(summary.blocks)
            .map(|((block, _), (_, summary))| BlockReport {
                payment_information_id: block.head.payment_information_id.clone(),
                number_of_transactions: block.head.number_of_transactions,
                control_sum: block.head.control_sum,
                requested_execution_date: block.head.requested_execution_date,
                status: summary.status,
                reasons: block.reasons.clone(),
                notices: other_days(block.head.requested_execution_date, block.head.number, lots),
                per_status: summary.per_status,
                transactions: Vec::new(),
            })
            .collect();
        Ok(StatusReport { status: summary.group.status, reasons, per_status: summary.group.per_status, blocks })
    }

    fn name_refused_by_check(&self, report: &mut StatusReport) {
        let mut unnamed: BTreeMap<(u32, Code), u32> = BTreeMap::new();
        for item in &self.assessment.refused {
            let Some(block) = report.blocks.get_mut(item.block as usize) else { continue };
            match &item.named {
                Some(told) => block.name_refused(item.ordinal, told.named.clone(), told.reasons.clone()),
                None => *unnamed.entry((item.block, item.code)).or_default() += 1,
            }
        }
        for ((block, code), count) in unnamed {
            if let Some(block) = report.blocks.get_mut(block as usize) {
                block.reasons.push(RefusalReason::new(code, "", 0).about(ReasonScope::More(count)));
            }
        }
    }

    fn name_refused_by_admission<'r>(
        &self,
        report: &mut StatusReport,
        writing: &mut dyn Deciding,
        context: &AnswerContext<'_>,
        payments: &dyn Payments,
        refusals: impl Iterator<Item = &'r Refusal>,
    ) -> Result<(), Failure> {
        let mut room = context.settings.refusals_named_max.saturating_sub(self.assessment.refused.len());
        for refusal in refusals {
            let block_of =
                |lot: Option<u32>| lot.and_then(|lot| self.assessment.lots.get(lot as usize)).map(|lot| lot.block);
            let described = if refusal.count as usize > room {
                Vec::new()
            } else {
                payments.describe(writing, refusal, refusal.count as usize)?
            };
            if described.is_empty() {
                if let Some(block) = block_of(refusal.lot).and_then(|block| report.blocks.get_mut(block as usize)) {
                    block.reasons.push(reason::of_range(refusal)?);
                }
                continue;
            }
            room -= described.len().min(room);
            for PaymentInFile { ordinal, block, line, named, .. } in described {
                if let Some(block) = report.blocks.get_mut(block as usize) {
                    let reason = reason::of_payment(refusal, named.amount, line)?;
                    block.name_refused(ordinal, named, vec![reason]);
                }
            }
        }
        for block in &mut report.blocks {
            block.transactions.sort_by_key(|payment| payment.ordinal);
        }
        Ok(())
    }
}

/// All payments of a message, as a range that is described.
fn all_of(context: &AnswerContext<'_>, end: &MessageEnd) -> Refusal {
    Refusal {
        message: context.id,
        first: 0,
        last: end.payments.saturating_sub(1),
        lot: None,
        count: end.payments,
        code: Code::RefusedWithMessage.id().to_owned(),
        detail: String::new(),
        line: 0,
        stage: RefusalStage::Admission,
    }
}
