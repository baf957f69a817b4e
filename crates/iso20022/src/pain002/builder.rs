//! Where the parts of a pain.002 go while they are read.

use money::Decimal;

use super::paths::{field, group};
use super::{
    GroupHeader, OriginalGroup, OriginalPaymentInformation, OriginalTransaction, Status, StatusReason,
    TransactionStatus, TransactionsPerStatus,
};
use crate::bounds::{STATUS_REASONS_MAX, STATUS_TOTALS_MAX};
use crate::read::{Arena, Builder, Kept, Leaf, Part, ReasonPart, SELF};

impl<'a> Builder<'a> for GroupHeader<'a> {
    fn part(&mut self, group: u8) -> Part<'_, 'a> {
        match group {
            group::INITIATING_PARTY => Part::Party(self.initiating_party.get_or_insert_default()),
            group::FORWARDING_AGENT => Part::Agent(self.forwarding_agent.get_or_insert_default()),
            group::DEBTOR_AGENT => Part::Agent(self.debtor_agent.get_or_insert_default()),
            _ => Part::Own,
        }
    }

    fn leaf(&mut self, _group: u8, field: u8, leaf: &Leaf<'_, 'a>) {
        match field {
            field::MESSAGE_ID => leaf.keep_mandatory(&mut self.message_id),
            field::CREATION_DATE_TIME => self.creation_date_time = leaf.date_time(),
            _ => {}
        }
    }
}

/// Reasons and totals, which all three levels have (a payment without totals).
struct Reasons<'a> {
    reason: StatusReason<'a>,
    reasons: Kept<'a, StatusReason<'a>>,
    total: (Option<u64>, Option<Status>, Option<Decimal>),
    totals: Kept<'a, TransactionsPerStatus>,
}

impl<'a> Reasons<'a> {
    fn new(arena: &'a Arena) -> Reasons<'a> {
        Reasons {
            reason: StatusReason::default(),
            reasons: Kept::new(arena, "StsRsnInf", STATUS_REASONS_MAX),
            total: (None, None, None),
            totals: Kept::new(arena, "NbOfTxsPerSts", STATUS_TOTALS_MAX),
        }
    }

    fn part(&mut self, group: u8) -> Part<'_, 'a> {
        // Beyond the bound nothing is kept, so nothing need be copied.
        if group != group::REASON || self.reasons.is_full() {
            return Part::Own;
        }
        Part::Reason(ReasonPart {
            originator: Some(&mut self.reason.originator_name),
            reason: &mut self.reason.reason,
            lines: &mut self.reason.additional_information,
        })
    }

    fn total_leaf(&mut self, field: u8, leaf: &Leaf<'_, 'a>) {
        match field {
            field::NUMBER_OF_TRANSACTIONS => self.total.0 = leaf.number(),
            field::STATUS => self.total.1 = Status::new(leaf.text),
            field::CONTROL_SUM => self.total.2 = leaf.decimal(),
            _ => {}
        }
    }

    fn close(&mut self, group: u8, field: u8) {
        match (group, field) {
            (group::REASON, SELF) => self.reasons.push(std::mem::take(&mut self.reason)),
            (group::TOTAL, SELF) => {
                if let (Some(number_of_transactions), Some(status), control_sum) = self.total {
                    self.totals.push(TransactionsPerStatus { number_of_transactions, status, control_sum });
                }
                self.total = (None, None, None);
            }
            _ => {}
        }
    }
}

/// `OrgnlGrpInfAndSts` while it is read.
pub(super) struct GroupBuilder<'a> {
    group: OriginalGroup<'a>,
    reasons: Reasons<'a>,
}

impl<'a> GroupBuilder<'a> {
    pub(super) fn new(arena: &'a Arena) -> GroupBuilder<'a> {
        GroupBuilder { group: OriginalGroup::default(), reasons: Reasons::new(arena) }
    }

    pub(super) fn finish(self) -> OriginalGroup<'a> {
        let Reasons { reasons, totals, .. } = self.reasons;
        OriginalGroup { reasons: reasons.finish(), transactions_per_status: totals.finish(), ..self.group }
    }
}

impl<'a> Builder<'a> for GroupBuilder<'a> {
    fn part(&mut self, group: u8) -> Part<'_, 'a> {
        self.reasons.part(group)
    }

    fn leaf(&mut self, group: u8, field: u8, leaf: &Leaf<'_, 'a>) {
        match (group, field) {
            (group::TOTAL, _) => self.reasons.total_leaf(field, leaf),
            (_, field::MESSAGE_ID) => leaf.keep_mandatory(&mut self.group.message_id),
            (_, field::MESSAGE_NAME) => leaf.keep_mandatory(&mut self.group.message_name),
            (_, field::CREATION_DATE_TIME) => leaf.keep(&mut self.group.creation_date_time),
            (_, field::NUMBER_OF_TRANSACTIONS) => self.group.number_of_transactions = leaf.number(),
            (_, field::CONTROL_SUM) => self.group.control_sum = leaf.decimal(),
            (_, field::STATUS) => self.group.status = Status::new(leaf.text),
            _ => {}
        }
    }

    fn close(&mut self, group: u8, field: u8) {
        self.reasons.close(group, field);
    }
}

/// `OrgnlPmtInfAndSts` up to its payments while it is read.
pub(super) struct BlockBuilder<'a> {
    block: OriginalPaymentInformation<'a>,
    reasons: Reasons<'a>,
}

impl<'a> BlockBuilder<'a> {
    pub(super) fn new(arena: &'a Arena) -> BlockBuilder<'a> {
        BlockBuilder { block: OriginalPaymentInformation::default(), reasons: Reasons::new(arena) }
    }

    pub(super) fn finish(self) -> OriginalPaymentInformation<'a> {
        let Reasons { reasons, totals, .. } = self.reasons;
        OriginalPaymentInformation { reasons: reasons.finish(), transactions_per_status: totals.finish(), ..self.block }
    }
}

impl<'a> Builder<'a> for BlockBuilder<'a> {
    fn part(&mut self, group: u8) -> Part<'_, 'a> {
        self.reasons.part(group)
    }

    fn leaf(&mut self, group: u8, field: u8, leaf: &Leaf<'_, 'a>) {
        match (group, field) {
            (group::TOTAL, _) => self.reasons.total_leaf(field, leaf),
            (_, field::PAYMENT_INFORMATION_ID) => leaf.keep_mandatory(&mut self.block.payment_information_id),
            (_, field::NUMBER_OF_TRANSACTIONS) => self.block.number_of_transactions = leaf.number(),
            (_, field::CONTROL_SUM) => self.block.control_sum = leaf.decimal(),
            (_, field::STATUS) => self.block.status = Status::new(leaf.text),
            _ => {}
        }
    }

    fn close(&mut self, group: u8, field: u8) {
        self.reasons.close(group, field);
    }
}

/// `TxInfAndSts` while it is read.
pub(super) struct TransactionBuilder<'a> {
    transaction: TransactionStatus<'a>,
    reasons: Reasons<'a>,
}

impl<'a> TransactionBuilder<'a> {
    pub(super) fn new(arena: &'a Arena) -> TransactionBuilder<'a> {
        TransactionBuilder { transaction: TransactionStatus::default(), reasons: Reasons::new(arena) }
    }

    pub(super) fn finish(self) -> TransactionStatus<'a> {
        TransactionStatus { reasons: self.reasons.reasons.finish(), ..self.transaction }
    }

    fn original(&mut self) -> &mut OriginalTransaction<'a> {
        self.transaction.original.get_or_insert_default()
    }
}

impl<'a> Builder<'a> for TransactionBuilder<'a> {
    fn part(&mut self, group: u8) -> Part<'_, 'a> {
        match group {
            group::REMITTANCE => Part::Remittance(&mut self.original().remittance),
            group::DEBTOR_ACCOUNT => Part::Account(self.original().debtor_account.get_or_insert_default()),
            group::CREDITOR_AGENT => Part::Agent(self.original().creditor_agent.get_or_insert_default()),
            group::CREDITOR_ACCOUNT => Part::Account(self.original().creditor_account.get_or_insert_default()),
            _ => self.reasons.part(group),
        }
    }

    fn open(&mut self, group: u8, _field: u8) {
        if group == group::ORIGINAL {
            self.original();
        }
    }

    fn leaf(&mut self, _group: u8, field: u8, leaf: &Leaf<'_, 'a>) {
        let transaction = &mut self.transaction;
        match field {
            field::STATUS_ID => leaf.keep(&mut transaction.status_id),
            field::INSTRUCTION_ID => leaf.keep(&mut transaction.instruction_id),
            field::END_TO_END_ID => leaf.keep(&mut transaction.end_to_end_id),
            field::UETR => leaf.keep(&mut transaction.uetr),
            field::STATUS => transaction.status = Status::new(leaf.text),
            field::ACCEPTANCE_DATE_TIME => transaction.acceptance_date_time = leaf.date_time(),
            field::SERVICER_REFERENCE => leaf.keep(&mut transaction.account_servicer_reference),
            field::INSTRUCTED_AMOUNT => self.original().instructed_amount = leaf.amount(),
            field::REQUESTED_EXECUTION_DATE => self.original().requested_execution_date = leaf.date(),
            field::DEBTOR_NAME => leaf.keep(&mut self.original().debtor_name),
            field::CREDITOR_NAME => leaf.keep(&mut self.original().creditor_name),
            _ => {}
        }
    }

    fn close(&mut self, group: u8, field: u8) {
        self.reasons.close(group, field);
    }
}
