//! Where the parts of an entry and of its transactions go while they are read.

use money::{Currency, Decimal};

use super::paths::{field, group};
use super::{BankTransactionCode, Batch, DomainCode, Entry, ProprietaryAmount, ReturnInformation, TransactionDetails};
use crate::bounds::PROPRIETARY_AMOUNTS_MAX;
use crate::common::{Amount, CreditDebit};
use crate::read::{Arena, Builder, Kept, Leaf, Part, ReasonPart, SELF, within_bounds};

/// `XXX`: the code of ISO 4217 for "no currency".
fn nothing_readable() -> Amount {
    Amount { value: Decimal::ZERO, currency: Currency::new("XXX").unwrap_or(Currency::EUR) }
}

/// Keeps `AddtlNtryInf`.
fn keep_information(kept: &mut String, text: &str) {
    if kept.is_empty() {
        kept.push_str(within_bounds(text));
    }
}

/// `Ntry` up to its transactions while it is read.
pub(super) struct EntryBuilder<'a, 'i> {
    pub(super) entry: Entry<'a>,
    /// Of several batches the first is kept.
    batch_is_complete: bool,
    information: &'i mut String,
}

impl<'a, 'i> EntryBuilder<'a, 'i> {
    pub(super) fn new(information: &'i mut String) -> EntryBuilder<'a, 'i> {
        information.clear();
        EntryBuilder {
            entry: Entry {
                reference: None,
                amount: nothing_readable(),
                credit_debit: CreditDebit::default(),
                reversal: false,
                status: "",
                booking_date: None,
                value_date: None,
                account_servicer_reference: None,
                transaction_code: BankTransactionCode::default(),
                batch: None,
            },
            batch_is_complete: false,
            information,
        }
    }

    fn batch(&mut self) -> &mut Batch<'a> {
        self.entry.batch.get_or_insert_default()
    }

    fn domain(&mut self) -> &mut DomainCode<'a> {
        self.entry.transaction_code.domain.get_or_insert_default()
    }

    fn batch_leaf(&mut self, field: u8, leaf: &Leaf<'_, 'a>) {
        let batch = self.batch();
        match field {
            field::MESSAGE_ID => leaf.keep(&mut batch.message_id),
            field::PAYMENT_INFORMATION_ID => leaf.keep(&mut batch.payment_information_id),
            field::NUMBER => batch.number_of_transactions = leaf.number(),
            field::AMOUNT => batch.total_amount = leaf.amount(),
            field::CREDIT_DEBIT => batch.credit_debit = leaf.credit_debit(),
            _ => {}
        }
    }
}

impl<'a> Builder<'a> for EntryBuilder<'a, '_> {
    fn open(&mut self, group: u8, _field: u8) {
        if group == group::BATCH {
            self.batch();
        }
    }

    fn leaf(&mut self, group: u8, field: u8, leaf: &Leaf<'_, 'a>) {
        let entry = &mut self.entry;
        match field {
            _ if group == group::BATCH && self.batch_is_complete => {}
            _ if group == group::BATCH => self.batch_leaf(field, leaf),
            field::REFERENCE => leaf.keep(&mut entry.reference),
            field::AMOUNT => entry.amount = leaf.amount().unwrap_or_else(nothing_readable),
            field::CREDIT_DEBIT => entry.credit_debit = leaf.credit_debit().unwrap_or_default(),
            field::REVERSAL => entry.reversal = leaf.boolean().unwrap_or_default(),
            field::STATUS => leaf.keep_mandatory(&mut entry.status),
            field::BOOKING_DATE => entry.booking_date = leaf.date(),
            field::VALUE_DATE => entry.value_date = leaf.date(),
            field::SERVICER_REFERENCE => leaf.keep(&mut entry.account_servicer_reference),
            field::DOMAIN => leaf.keep_mandatory(&mut self.domain().domain),
            field::FAMILY => leaf.keep_mandatory(&mut self.domain().family),
            field::SUB_FAMILY => leaf.keep_mandatory(&mut self.domain().sub_family),
            field::PROPRIETARY_CODE => leaf.keep(&mut entry.transaction_code.proprietary),
            field::PROPRIETARY_ISSUER => leaf.keep(&mut entry.transaction_code.proprietary_issuer),
            field::ADDITIONAL_INFORMATION => keep_information(self.information, leaf.text),
            _ => {}
        }
    }

    fn close(&mut self, group: u8, field: u8) {
        self.batch_is_complete |= (group, field) == (group::BATCH, SELF);
    }
}

/// What stands in `Ntry` behind a transaction.
pub(super) struct EndOfEntryBuilder<'i>(pub(super) &'i mut String);

impl<'a> Builder<'a> for EndOfEntryBuilder<'_> {
    fn leaf(&mut self, group: u8, field: u8, leaf: &Leaf<'_, 'a>) {
        if (group, field) == (group::ENTRY, field::ADDITIONAL_INFORMATION) {
            keep_information(self.0, leaf.text);
        }
    }
}

/// `TxDtls` while it is read.
pub(super) struct TransactionBuilder<'a> {
    transaction: TransactionDetails<'a>,
    /// `AmtDtls/TxAmt`, which stands for the amount in .02.
    amount_in_details: Option<Amount>,
    share: (Option<&'a str>, Option<Amount>),
    shares: Kept<'a, ProprietaryAmount<'a>>,
}

impl<'a> TransactionBuilder<'a> {
    #[inline]
    pub(super) fn new(arena: &'a Arena) -> TransactionBuilder<'a> {
        TransactionBuilder {
            transaction: TransactionDetails::default(),
            amount_in_details: None,
            share: (None, None),
            shares: Kept::new(arena, "PrtryAmt", PROPRIETARY_AMOUNTS_MAX),
        }
    }

    #[inline]
    pub(super) fn finish(mut self) -> TransactionDetails<'a> {
        self.transaction.amount = self.transaction.amount.or(self.amount_in_details);
        self.transaction.proprietary_amounts = self.shares.finish();
        self.transaction
    }
}

impl<'a> Builder<'a> for TransactionBuilder<'a> {
    #[inline]
    fn part(&mut self, group: u8) -> Part<'_, 'a> {
        let transaction = &mut self.transaction;
        match group {
            group::DEBTOR => Part::Party(transaction.debtor.get_or_insert_default()),
            group::DEBTOR_ACCOUNT => Part::Account(transaction.debtor_account.get_or_insert_default()),
            group::ULTIMATE_DEBTOR => Part::Party(transaction.ultimate_debtor.get_or_insert_default()),
            group::CREDITOR => Part::Party(transaction.creditor.get_or_insert_default()),
            group::CREDITOR_ACCOUNT => Part::Account(transaction.creditor_account.get_or_insert_default()),
            group::ULTIMATE_CREDITOR => Part::Party(transaction.ultimate_creditor.get_or_insert_default()),
            group::DEBTOR_AGENT => Part::Agent(transaction.debtor_agent.get_or_insert_default()),
            group::CREDITOR_AGENT => Part::Agent(transaction.creditor_agent.get_or_insert_default()),
            group::REMITTANCE => Part::Remittance(&mut transaction.remittance),
            group::RETURN => {
                let ReturnInformation { reason, additional_information } =
                    transaction.return_information.get_or_insert_default();
                Part::Reason(ReasonPart { originator: None, reason, lines: additional_information })
            }
            _ => Part::Own,
        }
    }

    #[inline]
    fn open(&mut self, group: u8, _field: u8) {
        if group == group::PROPRIETARY_AMOUNT {
            self.share = (None, None);
        }
    }

    #[inline]
    fn leaf(&mut self, group: u8, field: u8, leaf: &Leaf<'_, 'a>) {
        let transaction = &mut self.transaction;
        let references = &mut transaction.references;
        match (group, field) {
            // Beyond the bound nothing is kept, so nothing need be copied.
            (group::PROPRIETARY_AMOUNT, _) if self.shares.is_full() => {}
            (group::PROPRIETARY_AMOUNT, field::CODE) => leaf.keep(&mut self.share.0),
            (group::PROPRIETARY_AMOUNT, field::AMOUNT) => self.share.1 = leaf.amount(),
            (_, field::MESSAGE_ID) => leaf.keep(&mut references.message_id),
            (_, field::SERVICER_REFERENCE) => leaf.keep(&mut references.account_servicer_reference),
            (_, field::PAYMENT_INFORMATION_ID) => leaf.keep(&mut references.payment_information_id),
            (_, field::INSTRUCTION_ID) => leaf.keep(&mut references.instruction_id),
            (_, field::END_TO_END_ID) => leaf.keep(&mut references.end_to_end_id),
            (_, field::UETR) => leaf.keep(&mut references.uetr),
            (_, field::TRANSACTION_ID) => leaf.keep(&mut references.transaction_id),
            (_, field::AMOUNT) => transaction.amount = leaf.amount(),
            (_, field::TRANSACTION_AMOUNT) => self.amount_in_details = leaf.amount(),
            (_, field::INSTRUCTED_AMOUNT) => transaction.instructed_amount = leaf.amount(),
            (_, field::PURPOSE) => leaf.keep(&mut transaction.purpose),
            (_, field::ADDITIONAL_INFORMATION) => leaf.keep(&mut transaction.additional_information),
            _ => {}
        }
    }

    #[inline]
    fn close(&mut self, group: u8, field: u8) {
        if (group, field) == (group::PROPRIETARY_AMOUNT, SELF)
            && let (Some(kind), Some(amount)) = self.share
        {
            self.shares.push(ProprietaryAmount { kind, amount });
        }
    }
}
