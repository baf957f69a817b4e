//! Where the parts of a pain.001 go while they are read.

use super::paths::{field, group};
use super::{CreditTransfer, GroupHeader, PaymentInformation, RequestedAmount};
use crate::bounds::REGULATORY_DETAILS_MAX;
use crate::common::{Amount, Position, RegulatoryDetail};
use crate::read::{Arena, Builder, Kept, Leaf, Part, SELF};

impl<'a> Builder<'a> for GroupHeader<'a> {
    fn part(&mut self, group: u8) -> Part<'_, 'a> {
        match group {
            group::INITIATING_PARTY => Part::Party(&mut self.initiating_party),
            _ => Part::Own,
        }
    }

    fn leaf(&mut self, _group: u8, field: u8, leaf: &Leaf<'_, 'a>) {
        match field {
            field::MESSAGE_ID => leaf.keep_mandatory(&mut self.message_id),
            field::CREATION_DATE_TIME => leaf.keep_mandatory(&mut self.creation_date_time),
            field::NUMBER_OF_TRANSACTIONS => self.number_of_transactions = leaf.number().unwrap_or_default(),
            field::CONTROL_SUM => self.control_sum = leaf.decimal(),
            _ => {}
        }
    }
}

impl<'a> Builder<'a> for PaymentInformation<'a> {
    fn part(&mut self, group: u8) -> Part<'_, 'a> {
        match group {
            group::PAYMENT_TYPE => Part::PaymentType(&mut self.payment_type),
            group::DEBTOR => Part::Party(&mut self.debtor),
            group::DEBTOR_ACCOUNT => Part::Account(&mut self.debtor_account),
            group::DEBTOR_AGENT => Part::Agent(&mut self.debtor_agent),
            group::ULTIMATE_DEBTOR => Part::OptionalParty(&mut self.ultimate_debtor),
            group::CHARGES_ACCOUNT => Part::Account(self.charges_account.get_or_insert_default()),
            _ => Part::Own,
        }
    }

    fn leaf(&mut self, _group: u8, field: u8, leaf: &Leaf<'_, 'a>) {
        match field {
            field::PAYMENT_INFORMATION_ID => leaf.keep_mandatory(&mut self.payment_information_id),
            field::PAYMENT_METHOD => leaf.keep_mandatory(&mut self.payment_method),
            field::BATCH_BOOKING => self.batch_booking = leaf.boolean(),
            field::NUMBER_OF_TRANSACTIONS => self.number_of_transactions = leaf.number(),
            field::CONTROL_SUM => self.control_sum = leaf.decimal(),
            field::REQUESTED_EXECUTION_DATE => {
                self.requested_execution_date = leaf.date();
                self.requested_execution_date_time = leaf.date_time();
                self.execution_date_beyond_years = leaf.is_beyond_years().then(|| leaf.kept());
            }
            field::CHARGE_BEARER => leaf.keep(&mut self.charge_bearer),
            _ => {}
        }
    }
}

/// `CdtTrfTxInf` while it is read.
pub(super) struct TransferBuilder<'a> {
    payment: CreditTransfer<'a>,
    equivalent_amount: Option<Amount>,
    currency_of_transfer: Option<&'a str>,
    /// `DbtCdtRptgInd` of the `RgltryRptg` being read.
    indicator: Option<&'a str>,
    detail: RegulatoryDetail<'a>,
    details: Kept<'a, RegulatoryDetail<'a>>,
}

impl<'a> TransferBuilder<'a> {
    #[inline]
    pub(super) fn new(arena: &'a Arena, position: Position, block: u32, ordinal: u32) -> TransferBuilder<'a> {
        TransferBuilder {
            payment: CreditTransfer { position, block, ordinal, ..CreditTransfer::default() },
            equivalent_amount: None,
            currency_of_transfer: None,
            indicator: None,
            detail: RegulatoryDetail::default(),
            details: Kept::new(arena, "RgltryRptg/Dtls", REGULATORY_DETAILS_MAX),
        }
    }

    #[inline]
    pub(super) fn finish(mut self) -> CreditTransfer<'a> {
        if let Some(amount) = self.equivalent_amount
            && self.payment.amount.is_none()
        {
            let currency_of_transfer = self.currency_of_transfer.unwrap_or_default();
            self.payment.amount = Some(RequestedAmount::Equivalent { amount, currency_of_transfer });
        }
        self.payment.regulatory_reporting = self.details.finish();
        self.payment
    }

    fn detail_leaf(&mut self, field: u8, leaf: &Leaf<'_, 'a>) {
        // Beyond the bound nothing is kept, so nothing need be copied.
        if self.details.is_full() {
            return;
        }
        match field {
            field::DETAIL_TYPE => leaf.keep(&mut self.detail.kind),
            field::DETAIL_COUNTRY => leaf.keep(&mut self.detail.country),
            field::DETAIL_CODE => leaf.keep(&mut self.detail.code),
            field::DETAIL_AMOUNT => self.detail.amount = leaf.amount(),
            _ => {}
        }
    }
}

impl<'a> Builder<'a> for TransferBuilder<'a> {
    #[inline]
    fn part(&mut self, group: u8) -> Part<'_, 'a> {
        let payment = &mut self.payment;
        match group {
            group::PAYMENT_TYPE => Part::PaymentType(&mut payment.payment_type),
            group::ULTIMATE_DEBTOR => Part::OptionalParty(&mut payment.ultimate_debtor),
            group::CREDITOR_AGENT => Part::Agent(payment.creditor_agent.get_or_insert_default()),
            group::CREDITOR => Part::Party(payment.creditor.get_or_insert_default()),
            group::CREDITOR_ACCOUNT => Part::Account(payment.creditor_account.get_or_insert_default()),
            group::ULTIMATE_CREDITOR => Part::OptionalParty(&mut payment.ultimate_creditor),
            group::REMITTANCE => Part::Remittance(&mut payment.remittance),
            _ => Part::Own,
        }
    }

    #[inline]
    fn open(&mut self, group: u8, _field: u8) {
        match group {
            group::REGULATORY => self.indicator = None,
            group::DETAIL => {
                self.detail = RegulatoryDetail { indicator: self.indicator, ..RegulatoryDetail::default() }
            }
            _ => {}
        }
    }

    #[inline]
    fn leaf(&mut self, group: u8, field: u8, leaf: &Leaf<'_, 'a>) {
        let payment = &mut self.payment;
        match field {
            _ if group == group::DETAIL => self.detail_leaf(field, leaf),
            field::INSTRUCTION_ID => leaf.keep(&mut payment.instruction_id),
            field::END_TO_END_ID => leaf.keep_mandatory(&mut payment.end_to_end_id),
            field::UETR => leaf.keep(&mut payment.uetr),
            field::INSTRUCTED_AMOUNT => payment.amount = leaf.amount().map(RequestedAmount::Instructed),
            field::EQUIVALENT_AMOUNT => self.equivalent_amount = leaf.amount(),
            field::CURRENCY_OF_TRANSFER => leaf.keep(&mut self.currency_of_transfer),
            field::CHARGE_BEARER => leaf.keep(&mut payment.charge_bearer),
            field::PURPOSE => leaf.keep(&mut payment.purpose),
            field::INDICATOR if !self.details.is_full() => leaf.keep(&mut self.indicator),
            _ => {}
        }
    }

    #[inline]
    fn close(&mut self, group: u8, field: u8) {
        if (group, field) == (group::DETAIL, SELF) {
            self.details.push(self.detail);
        }
    }
}
