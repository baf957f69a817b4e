//! The parts of a pain.001 while they are read.

use money::Decimal;
use xsd::Attributes;

use super::reader::{field, group};
use super::{CreditTransfer, GroupHeader, PaymentInformation, RequestedAmount};
use crate::bounds::REGULATORY_DETAILS_MAX;
use crate::common::{Amount, Position, RegulatoryDetail};
use crate::read::{
    self, AccountDraft, AgentDraft, Arena, Kept, PartyDraft, PaymentTypeDraft, RemittanceDraft, SELF, keep,
};

/// `GrpHdr` while it is read.
pub(super) struct HeaderDraft<'a> {
    message_id: Option<&'a str>,
    creation_date_time: Option<&'a str>,
    number_of_transactions: Option<u64>,
    control_sum: Option<Decimal>,
    initiating_party: PartyDraft<'a>,
}

impl<'a> HeaderDraft<'a> {
    pub(super) fn new(arena: &'a Arena) -> HeaderDraft<'a> {
        HeaderDraft {
            message_id: None,
            creation_date_time: None,
            number_of_transactions: None,
            control_sum: None,
            initiating_party: PartyDraft::new(arena),
        }
    }

    pub(super) fn open(&mut self, tag: u16) {
        if read::group(tag) == group::INITIATING_PARTY {
            self.initiating_party.open(read::field(tag));
        }
    }

    pub(super) fn leaf(&mut self, tag: u16, arena: &'a Arena, text: &str) {
        match (read::group(tag), read::field(tag)) {
            (group::INITIATING_PARTY, part) => self.initiating_party.leaf(part, arena, text),
            (_, field::MESSAGE_ID) => keep(&mut self.message_id, arena, text),
            (_, field::CREATION_DATE_TIME) => keep(&mut self.creation_date_time, arena, text),
            (_, field::NUMBER_OF_TRANSACTIONS) => self.number_of_transactions = text.parse().ok(),
            (_, field::CONTROL_SUM) => self.control_sum = Decimal::parse(text).ok(),
            _ => {}
        }
    }

    pub(super) fn finish(self, position: Position) -> GroupHeader<'a> {
        GroupHeader {
            position,
            message_id: self.message_id.unwrap_or_default(),
            creation_date_time: self.creation_date_time.unwrap_or_default(),
            number_of_transactions: self.number_of_transactions.unwrap_or_default(),
            control_sum: self.control_sum,
            initiating_party: self.initiating_party.finish(),
        }
    }
}

/// The head of `PmtInf` while it is read.
pub(super) struct BlockDraft<'a> {
    payment_information_id: Option<&'a str>,
    payment_method: Option<&'a str>,
    charge_bearer: Option<&'a str>,
    /// What needs no arena stands in its place already.
    values: PaymentInformation<'a>,
    payment_type: PaymentTypeDraft<'a>,
    debtor: PartyDraft<'a>,
    debtor_account: AccountDraft<'a>,
    debtor_agent: AgentDraft<'a>,
    ultimate_debtor: PartyDraft<'a>,
}

impl<'a> BlockDraft<'a> {
    pub(super) fn new(arena: &'a Arena) -> BlockDraft<'a> {
        BlockDraft {
            payment_information_id: None,
            payment_method: None,
            charge_bearer: None,
            values: PaymentInformation::default(),
            payment_type: PaymentTypeDraft::default(),
            debtor: PartyDraft::new(arena),
            debtor_account: AccountDraft::default(),
            debtor_agent: AgentDraft::default(),
            ultimate_debtor: PartyDraft::new(arena),
        }
    }

    pub(super) fn open(&mut self, tag: u16) {
        let part = read::field(tag);
        match read::group(tag) {
            group::DEBTOR => self.debtor.open(part),
            group::DEBTOR_ACCOUNT => self.debtor_account.open(part),
            group::DEBTOR_AGENT => self.debtor_agent.open(part),
            group::BLOCK_ULTIMATE_DEBTOR => self.ultimate_debtor.open(part),
            _ => {}
        }
    }

    pub(super) fn leaf(&mut self, tag: u16, arena: &'a Arena, text: &str) {
        let part = read::field(tag);
        match read::group(tag) {
            group::BLOCK => match part {
                field::PAYMENT_INFORMATION_ID => keep(&mut self.payment_information_id, arena, text),
                field::PAYMENT_METHOD => keep(&mut self.payment_method, arena, text),
                field::CHARGE_BEARER => keep(&mut self.charge_bearer, arena, text),
                field::BATCH_BOOKING => self.values.batch_booking = read::boolean(text),
                field::NUMBER_OF_TRANSACTIONS => self.values.number_of_transactions = text.parse().ok(),
                field::CONTROL_SUM => self.values.control_sum = Decimal::parse(text).ok(),
                field::REQUESTED_EXECUTION_DATE => self.values.requested_execution_date = read::date(text),
                _ => {}
            },
            group::BLOCK_PAYMENT_TYPE => self.payment_type.leaf(part, arena, text),
            group::DEBTOR => self.debtor.leaf(part, arena, text),
            group::DEBTOR_ACCOUNT => self.debtor_account.leaf(part, arena, text),
            group::DEBTOR_AGENT => self.debtor_agent.leaf(part, arena, text),
            group::BLOCK_ULTIMATE_DEBTOR => self.ultimate_debtor.leaf(part, arena, text),
            _ => {}
        }
    }

    pub(super) fn finish(self, position: Position, block: u32) -> PaymentInformation<'a> {
        PaymentInformation {
            position,
            block,
            payment_information_id: self.payment_information_id.unwrap_or_default(),
            payment_method: self.payment_method.unwrap_or_default(),
            charge_bearer: self.charge_bearer,
            payment_type: self.payment_type.finish(),
            debtor: self.debtor.finish(),
            debtor_account: self.debtor_account.finish(),
            debtor_agent: self.debtor_agent.finish(),
            ultimate_debtor: self.ultimate_debtor.finish_if_seen(),
            ..self.values
        }
    }
}

/// `CdtTrfTxInf` while it is read.
pub(super) struct TransferDraft<'a> {
    instruction_id: Option<&'a str>,
    end_to_end_id: Option<&'a str>,
    uetr: Option<&'a str>,
    charge_bearer: Option<&'a str>,
    purpose: Option<&'a str>,
    instructed_amount: Option<Amount>,
    equivalent_amount: Option<Amount>,
    currency_of_transfer: Option<&'a str>,
    payment_type: PaymentTypeDraft<'a>,
    ultimate_debtor: PartyDraft<'a>,
    creditor_agent: AgentDraft<'a>,
    creditor: PartyDraft<'a>,
    creditor_account: AccountDraft<'a>,
    ultimate_creditor: PartyDraft<'a>,
    remittance: RemittanceDraft<'a>,
    regulatory: RegulatoryDraft<'a>,
}

impl<'a> TransferDraft<'a> {
    #[inline]
    pub(super) fn new(arena: &'a Arena) -> TransferDraft<'a> {
        TransferDraft {
            instruction_id: None,
            end_to_end_id: None,
            uetr: None,
            charge_bearer: None,
            purpose: None,
            instructed_amount: None,
            equivalent_amount: None,
            currency_of_transfer: None,
            payment_type: PaymentTypeDraft::default(),
            ultimate_debtor: PartyDraft::new(arena),
            creditor_agent: AgentDraft::default(),
            creditor: PartyDraft::new(arena),
            creditor_account: AccountDraft::default(),
            ultimate_creditor: PartyDraft::new(arena),
            remittance: RemittanceDraft::new(arena),
            regulatory: RegulatoryDraft::new(arena),
        }
    }

    #[inline]
    pub(super) fn open(&mut self, tag: u16) {
        let part = read::field(tag);
        match read::group(tag) {
            group::ULTIMATE_DEBTOR => self.ultimate_debtor.open(part),
            group::CREDITOR_AGENT => self.creditor_agent.open(part),
            group::CREDITOR => self.creditor.open(part),
            group::CREDITOR_ACCOUNT => self.creditor_account.open(part),
            group::ULTIMATE_CREDITOR => self.ultimate_creditor.open(part),
            group::REGULATORY => self.regulatory.open(part),
            _ => {}
        }
    }

    #[inline]
    pub(super) fn close(&mut self, tag: u16) {
        if read::group(tag) == group::REGULATORY {
            self.regulatory.close(read::field(tag));
        }
    }

    #[inline]
    pub(super) fn leaf(&mut self, tag: u16, arena: &'a Arena, text: &str, attributes: &Attributes<'_>) {
        let part = read::field(tag);
        match read::group(tag) {
            group::TRANSFER => match part {
                field::INSTRUCTION_ID => keep(&mut self.instruction_id, arena, text),
                field::END_TO_END_ID => keep(&mut self.end_to_end_id, arena, text),
                field::UETR => keep(&mut self.uetr, arena, text),
                field::INSTRUCTED_AMOUNT => self.instructed_amount = read::amount(text, attributes),
                field::EQUIVALENT_AMOUNT => self.equivalent_amount = read::amount(text, attributes),
                field::CURRENCY_OF_TRANSFER => keep(&mut self.currency_of_transfer, arena, text),
                field::CHARGE_BEARER => keep(&mut self.charge_bearer, arena, text),
                field::PURPOSE => keep(&mut self.purpose, arena, text),
                _ => {}
            },
            group::PAYMENT_TYPE => self.payment_type.leaf(part, arena, text),
            group::ULTIMATE_DEBTOR => self.ultimate_debtor.leaf(part, arena, text),
            group::CREDITOR_AGENT => self.creditor_agent.leaf(part, arena, text),
            group::CREDITOR => self.creditor.leaf(part, arena, text),
            group::CREDITOR_ACCOUNT => self.creditor_account.leaf(part, arena, text),
            group::ULTIMATE_CREDITOR => self.ultimate_creditor.leaf(part, arena, text),
            group::REMITTANCE => self.remittance.leaf(part, arena, text),
            group::REGULATORY => self.regulatory.leaf(part, arena, text, attributes),
            _ => {}
        }
    }

    #[inline]
    pub(super) fn finish(self, position: Position, block: u32, ordinal: u32) -> CreditTransfer<'a> {
        let equivalent = self.equivalent_amount.map(|amount| RequestedAmount::Equivalent {
            amount,
            currency_of_transfer: self.currency_of_transfer.unwrap_or_default(),
        });
        CreditTransfer {
            position,
            block,
            ordinal,
            instruction_id: self.instruction_id,
            end_to_end_id: self.end_to_end_id.unwrap_or_default(),
            uetr: self.uetr,
            payment_type: self.payment_type.finish(),
            amount: self.instructed_amount.map(RequestedAmount::Instructed).or(equivalent),
            charge_bearer: self.charge_bearer,
            ultimate_debtor: self.ultimate_debtor.finish_if_seen(),
            creditor_agent: self.creditor_agent.finish_if_seen(),
            creditor: self.creditor.finish_if_seen(),
            creditor_account: self.creditor_account.finish_if_seen(),
            ultimate_creditor: self.ultimate_creditor.finish_if_seen(),
            purpose: self.purpose,
            regulatory_reporting: self.regulatory.details.finish(),
            remittance: self.remittance.finish(),
        }
    }
}

/// `RgltryRptg` of one payment while it is read.
struct RegulatoryDraft<'a> {
    /// Of the block being read.
    indicator: Option<&'a str>,
    detail: RegulatoryDetail<'a>,
    details: Kept<'a, RegulatoryDetail<'a>>,
}

impl<'a> RegulatoryDraft<'a> {
    fn new(arena: &'a Arena) -> RegulatoryDraft<'a> {
        RegulatoryDraft {
            indicator: None,
            detail: RegulatoryDetail::default(),
            details: Kept::new(arena, REGULATORY_DETAILS_MAX),
        }
    }

    fn open(&mut self, part: u8) {
        match part {
            SELF => self.indicator = None,
            field::DETAIL => {
                self.detail = RegulatoryDetail { indicator: self.indicator, ..RegulatoryDetail::default() }
            }
            _ => {}
        }
    }

    fn close(&mut self, part: u8) {
        if part == field::DETAIL {
            self.details.push(self.detail);
        }
    }

    fn leaf(&mut self, part: u8, arena: &'a Arena, text: &str, attributes: &Attributes<'_>) {
        // Beyond the bound nothing is kept, so nothing need be copied.
        if self.details.is_full() {
            return;
        }
        match part {
            field::INDICATOR => keep(&mut self.indicator, arena, text),
            field::DETAIL_TYPE => keep(&mut self.detail.kind, arena, text),
            field::DETAIL_COUNTRY => keep(&mut self.detail.country, arena, text),
            field::DETAIL_CODE => keep(&mut self.detail.code, arena, text),
            field::DETAIL_AMOUNT => self.detail.amount = read::amount(text, attributes),
            _ => {}
        }
    }
}
