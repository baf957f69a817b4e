//! An entry and a transaction while they are read.

use jiff::civil;
use money::{Currency, Decimal};
use xsd::Attributes;

use super::paths::{field, group};
use super::{
    BankTransactionCode, Batch, DomainCode, Entry, ProprietaryAmount, References, ReturnInformation, TransactionDetails,
};
use crate::bounds::PROPRIETARY_AMOUNTS_MAX;
use crate::common::{Amount, CreditDebit};
use crate::read::{self, AccountDraft, AgentDraft, Arena, Kept, PartyDraft, ReasonDraft, RemittanceDraft, SELF, keep};

/// `XXX`: the code of ISO 4217 for "no currency".
fn nothing_readable() -> Amount {
    Amount { value: Decimal::ZERO, currency: Currency::new("XXX").unwrap_or(Currency::EUR) }
}

/// `Ntry` while it is read.
#[derive(Default)]
pub(super) struct EntryDraft<'a> {
    reference: Option<&'a str>,
    amount: Option<Amount>,
    credit_debit: CreditDebit,
    reversal: bool,
    status: Option<&'a str>,
    booking_date: Option<civil::Date>,
    value_date: Option<civil::Date>,
    account_servicer_reference: Option<&'a str>,
    domain: Option<&'a str>,
    family: Option<&'a str>,
    sub_family: Option<&'a str>,
    proprietary: Option<&'a str>,
    proprietary_issuer: Option<&'a str>,
    batch: Option<Batch<'a>>,
}

impl<'a> EntryDraft<'a> {
    pub(super) fn open(&mut self, tag: u16) {
        if read::group(tag) == group::BATCH {
            self.batch.get_or_insert_default();
        }
    }

    pub(super) fn leaf(&mut self, tag: u16, arena: &'a Arena, text: &str, attributes: &Attributes<'_>) {
        let part = read::field(tag);
        match read::group(tag) {
            group::ENTRY => self.entry_leaf(part, arena, text, attributes),
            group::BATCH => self.batch_leaf(part, arena, text, attributes),
            _ => {}
        }
    }

    fn entry_leaf(&mut self, part: u8, arena: &'a Arena, text: &str, attributes: &Attributes<'_>) {
        let slot = match part {
            field::REFERENCE => &mut self.reference,
            field::STATUS => &mut self.status,
            field::SERVICER_REFERENCE => &mut self.account_servicer_reference,
            field::DOMAIN => &mut self.domain,
            field::FAMILY => &mut self.family,
            field::SUB_FAMILY => &mut self.sub_family,
            field::PROPRIETARY_CODE => &mut self.proprietary,
            field::PROPRIETARY_ISSUER => &mut self.proprietary_issuer,
            field::AMOUNT => return self.amount = read::amount(text, attributes),
            field::CREDIT_DEBIT => return self.credit_debit = CreditDebit::from_code(text).unwrap_or_default(),
            field::REVERSAL => return self.reversal = read::boolean(text).unwrap_or_default(),
            field::BOOKING_DATE => return self.booking_date = read::date(text),
            field::VALUE_DATE => return self.value_date = read::date(text),
            _ => return,
        };
        keep(slot, arena, text);
    }

    fn batch_leaf(&mut self, part: u8, arena: &'a Arena, text: &str, attributes: &Attributes<'_>) {
        let batch = self.batch.get_or_insert_default();
        match part {
            field::MESSAGE_ID => keep(&mut batch.message_id, arena, text),
            field::PAYMENT_INFORMATION_ID => keep(&mut batch.payment_information_id, arena, text),
            field::NUMBER => batch.number_of_transactions = text.parse().ok(),
            field::AMOUNT => batch.total_amount = read::amount(text, attributes),
            field::CREDIT_DEBIT => batch.credit_debit = CreditDebit::from_code(text),
            _ => {}
        }
    }

    pub(super) fn finish(self) -> Entry<'a> {
        let domain = self.domain.map(|domain| DomainCode {
            domain,
            family: self.family.unwrap_or_default(),
            sub_family: self.sub_family.unwrap_or_default(),
        });
        Entry {
            reference: self.reference,
            amount: self.amount.unwrap_or_else(nothing_readable),
            credit_debit: self.credit_debit,
            reversal: self.reversal,
            status: self.status.unwrap_or_default(),
            booking_date: self.booking_date,
            value_date: self.value_date,
            account_servicer_reference: self.account_servicer_reference,
            transaction_code: BankTransactionCode {
                domain,
                proprietary: self.proprietary,
                proprietary_issuer: self.proprietary_issuer,
            },
            batch: self.batch,
        }
    }
}

/// `TxDtls` while it is read.
pub(super) struct TransactionDraft<'a> {
    references: References<'a>,
    amount: Option<Amount>,
    amount_in_details: Option<Amount>,
    instructed_amount: Option<Amount>,
    share: (Option<&'a str>, Option<Amount>),
    shares: Kept<'a, ProprietaryAmount<'a>>,
    debtor: PartyDraft<'a>,
    debtor_account: AccountDraft<'a>,
    ultimate_debtor: PartyDraft<'a>,
    creditor: PartyDraft<'a>,
    creditor_account: AccountDraft<'a>,
    ultimate_creditor: PartyDraft<'a>,
    debtor_agent: AgentDraft<'a>,
    creditor_agent: AgentDraft<'a>,
    purpose: Option<&'a str>,
    remittance: RemittanceDraft<'a>,
    return_information: Option<ReasonDraft<'a>>,
    additional_information: Option<&'a str>,
}

impl<'a> TransactionDraft<'a> {
    pub(super) fn new(arena: &'a Arena) -> TransactionDraft<'a> {
        TransactionDraft {
            references: References::default(),
            amount: None,
            amount_in_details: None,
            instructed_amount: None,
            share: (None, None),
            shares: Kept::new(arena, PROPRIETARY_AMOUNTS_MAX),
            debtor: PartyDraft::new(arena),
            debtor_account: AccountDraft::default(),
            ultimate_debtor: PartyDraft::new(arena),
            creditor: PartyDraft::new(arena),
            creditor_account: AccountDraft::default(),
            ultimate_creditor: PartyDraft::new(arena),
            debtor_agent: AgentDraft::default(),
            creditor_agent: AgentDraft::default(),
            purpose: None,
            remittance: RemittanceDraft::new(arena),
            return_information: None,
            additional_information: None,
        }
    }

    pub(super) fn open(&mut self, tag: u16, arena: &'a Arena) {
        let part = read::field(tag);
        match read::group(tag) {
            group::DEBTOR => self.debtor.open(part),
            group::DEBTOR_ACCOUNT => self.debtor_account.open(part),
            group::ULTIMATE_DEBTOR => self.ultimate_debtor.open(part),
            group::CREDITOR => self.creditor.open(part),
            group::CREDITOR_ACCOUNT => self.creditor_account.open(part),
            group::ULTIMATE_CREDITOR => self.ultimate_creditor.open(part),
            group::DEBTOR_AGENT => self.debtor_agent.open(part),
            group::CREDITOR_AGENT => self.creditor_agent.open(part),
            group::PROPRIETARY_AMOUNT if part == SELF => self.share = (None, None),
            group::RETURN if part == SELF && self.return_information.is_none() => {
                self.return_information = Some(ReasonDraft::new(arena));
            }
            _ => {}
        }
    }

    pub(super) fn close(&mut self, tag: u16) {
        if (read::group(tag), read::field(tag)) == (group::PROPRIETARY_AMOUNT, SELF)
            && let (Some(kind), Some(amount)) = self.share
        {
            self.shares.push(ProprietaryAmount { kind, amount });
        }
    }

    pub(super) fn leaf(&mut self, tag: u16, arena: &'a Arena, text: &str, attributes: &Attributes<'_>) {
        let part = read::field(tag);
        match read::group(tag) {
            group::TRANSACTION => self.transaction_leaf(part, arena, text, attributes),
            group::PROPRIETARY_AMOUNT if !self.shares.is_full() => match part {
                field::CODE => keep(&mut self.share.0, arena, text),
                field::AMOUNT => self.share.1 = read::amount(text, attributes),
                _ => {}
            },
            group::DEBTOR => self.debtor.leaf(part, arena, text),
            group::DEBTOR_ACCOUNT => self.debtor_account.leaf(part, arena, text),
            group::ULTIMATE_DEBTOR => self.ultimate_debtor.leaf(part, arena, text),
            group::CREDITOR => self.creditor.leaf(part, arena, text),
            group::CREDITOR_ACCOUNT => self.creditor_account.leaf(part, arena, text),
            group::ULTIMATE_CREDITOR => self.ultimate_creditor.leaf(part, arena, text),
            group::DEBTOR_AGENT => self.debtor_agent.leaf(part, arena, text),
            group::CREDITOR_AGENT => self.creditor_agent.leaf(part, arena, text),
            group::REMITTANCE => self.remittance.leaf(part, arena, text),
            group::RETURN => {
                if let Some(draft) = &mut self.return_information {
                    draft.leaf(part, arena, text);
                }
            }
            _ => {}
        }
    }

    fn transaction_leaf(&mut self, part: u8, arena: &'a Arena, text: &str, attributes: &Attributes<'_>) {
        let references = &mut self.references;
        let slot = match part {
            field::MESSAGE_ID => &mut references.message_id,
            field::SERVICER_REFERENCE => &mut references.account_servicer_reference,
            field::PAYMENT_INFORMATION_ID => &mut references.payment_information_id,
            field::INSTRUCTION_ID => &mut references.instruction_id,
            field::END_TO_END_ID => &mut references.end_to_end_id,
            field::UETR => &mut references.uetr,
            field::TRANSACTION_ID => &mut references.transaction_id,
            field::PURPOSE => &mut self.purpose,
            field::ADDITIONAL_INFORMATION => &mut self.additional_information,
            field::AMOUNT => return self.amount = read::amount(text, attributes),
            field::TRANSACTION_AMOUNT => return self.amount_in_details = read::amount(text, attributes),
            field::INSTRUCTED_AMOUNT => return self.instructed_amount = read::amount(text, attributes),
            _ => return,
        };
        keep(slot, arena, text);
    }

    pub(super) fn finish(self) -> TransactionDetails<'a> {
        TransactionDetails {
            references: self.references,
            amount: self.amount.or(self.amount_in_details),
            instructed_amount: self.instructed_amount,
            proprietary_amounts: self.shares.finish(),
            debtor: self.debtor.finish_if_seen(),
            debtor_account: self.debtor_account.finish_if_seen(),
            ultimate_debtor: self.ultimate_debtor.finish_if_seen(),
            creditor: self.creditor.finish_if_seen(),
            creditor_account: self.creditor_account.finish_if_seen(),
            ultimate_creditor: self.ultimate_creditor.finish_if_seen(),
            debtor_agent: self.debtor_agent.finish_if_seen(),
            creditor_agent: self.creditor_agent.finish_if_seen(),
            purpose: self.purpose,
            remittance: self.remittance.finish(),
            return_information: self.return_information.map(|draft| {
                let (reason, additional_information) = draft.finish();
                ReturnInformation { reason, additional_information }
            }),
            additional_information: self.additional_information,
        }
    }
}
